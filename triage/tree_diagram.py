"""The tree of questions as a drawing: Mermaid for a document, SVG for the eye.

`manage.py draw_tree` writes it and the staff panel shows it. Every option is an edge; an outcome
that several options share is drawn at each of them, so no line crosses another. All its words are
the rulebook's own. An emergency is drawn with a thick line and its need's name, never by colour
alone.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from triage.engine.catalogue import Lang, Nation, Text
from triage.engine.rulebook import Option, Outcome, Rulebook, Urgency

_BRACE = re.compile(r"\{([^{}]*)\}")
# The measures of the drawing, in SVG user units (one is about a CSS pixel).
LETTERS, BOLD_LETTERS, SMALL_LETTERS = 33, 29, 40
LINE, SMALL_LINE = 17, 15
PAD, GAP = 8, 14
BOX, COLUMN = 280, 350
MARGIN = 24


@dataclass
class Node:
    """A question or an outcome at one place of the drawing."""

    id: str
    title: list[str]
    answer: list[str] = field(default_factory=list)
    need: list[str] = field(default_factory=list)
    urgency: Urgency | None = None
    children: list[Node] = field(default_factory=list)
    depth: int = 0
    top: float = 0

    @property
    def box(self) -> int:
        """The height of its box."""
        return 2 * PAD + LINE * len(self.title) + SMALL_LINE * len(self.need)

    @property
    def height(self) -> int:
        """Its box with the answer that leads to it above."""
        return self.box + SMALL_LINE * len(self.answer) + GAP

    @property
    def middle(self) -> float:
        """Where lines meet its box."""
        return self.top + SMALL_LINE * len(self.answer) + self.box / 2


def svg(rulebook: Rulebook, lang: Lang = Lang.EN, start: str | None = None) -> str:
    """The tree from a question on (None: the first) as one SVG. Raises KeyError if unknown."""
    root = _node(rulebook, lang, start or rulebook.start, None, 0)
    bottom = _place(root, MARGIN)
    width = 2 * MARGIN + COLUMN * _depth(root) + BOX
    title = escape(_say(rulebook, rulebook.questions[root.id].title, lang))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{lang}" '
        f'viewBox="0 0 {width} {bottom + MARGIN:.0f}" width="{width}" '
        f'height="{bottom + MARGIN:.0f}" font-family="system-ui, sans-serif" font-size="14">',
        f"<title>{title}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *_lines(root),
        *_boxes(root),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def mermaid(rulebook: Rulebook, lang: Lang = Lang.EN, start: str | None = None) -> str:
    """The same tree as a Mermaid flowchart; here a shared outcome stands once."""
    lines = ["flowchart LR", "  classDef emergency stroke-width:4px"]
    first = start or rulebook.start
    seen: set[str] = set()
    queue = [first]
    while queue:
        ident = queue.pop(0)
        if ident in seen:
            continue
        seen.add(ident)
        lines.append(f"  {_box_of(rulebook, lang, ident)}")
        for option in rulebook.questions[ident].options if ident in rulebook.questions else ():
            answer = _quoted(_say(rulebook, option.label, lang))
            lines.append(f"  {_name(ident)} -->|{answer}| {_name(option.to)}")
            queue.append(option.to)
    return "\n".join(lines) + "\n"


def _box_of(rulebook: Rulebook, lang: Lang, ident: str) -> str:
    if ident in rulebook.questions:
        return f"{_name(ident)}[{_quoted(_say(rulebook, rulebook.questions[ident].title, lang))}]"
    outcome = rulebook.outcomes[ident]
    kind = ":::emergency" if _urgency(rulebook, outcome) is Urgency.EMERGENCY else ""
    return f"{_name(ident)}([{_quoted(_say(rulebook, outcome.title, lang))}]){kind}"


def _name(ident: str) -> str:
    """A name that Mermaid does not take for a word of its own."""
    return "n_" + ident.replace("-", "_")


def _quoted(words: str) -> str:
    return '"' + words.replace("&", "#amp;").replace('"', "#quot;") + '"'


def _say(rulebook: Rulebook, text: Text, lang: Lang) -> str:
    """Words with the numbers that their braces name."""
    number = rulebook.catalogue.number
    return _BRACE.sub(lambda m: number(m[1]) or m[1], text.lang(lang))


def _wrapped(rulebook: Rulebook, text: Text, lang: Lang, letters: int) -> list[str]:
    return textwrap.wrap(_say(rulebook, text, lang), letters)


def _urgency(rulebook: Rulebook, outcome: Outcome) -> Urgency:
    needs = (rulebook.needs[need] for need in outcome.needs.values())
    return min((need.urgency for need in needs), key=lambda u: u.rank)


def _node(rulebook: Rulebook, lang: Lang, ident: str, by: Option | None, depth: int) -> Node:
    answer = _wrapped(rulebook, by.label, lang, SMALL_LETTERS) if by else []
    if ident in rulebook.outcomes:
        return _leaf(rulebook, lang, rulebook.outcomes[ident], answer, depth)
    question = rulebook.questions[ident]
    return Node(
        id=ident,
        title=_wrapped(rulebook, question.title, lang, BOLD_LETTERS),
        answer=answer,
        children=[_node(rulebook, lang, o.to, o, depth + 1) for o in question.options],
        depth=depth,
    )


def _leaf(rulebook: Rulebook, lang: Lang, outcome: Outcome, answer: list[str], depth: int) -> Node:
    need = rulebook.needs[outcome.needs[Nation.ENGLAND]]
    return Node(
        id=outcome.id,
        title=_wrapped(rulebook, outcome.title, lang, LETTERS),
        answer=answer,
        need=_wrapped(rulebook, need.name, lang, SMALL_LETTERS),
        urgency=_urgency(rulebook, outcome),
        depth=depth,
    )


def _place(node: Node, top: float) -> float:
    """Give a node and all below it their places. Returns where the next one may stand."""
    if not node.children:
        node.top = top
        return top + node.height
    bottom = top
    for child in node.children:
        bottom = _place(child, bottom)
    first, last = node.children[0], node.children[-1]
    above = node.middle - node.top
    node.top = max(top, (first.middle + last.middle) / 2 - above)
    return max(bottom, node.top + node.height)


def _depth(node: Node) -> int:
    return max([node.depth, *(_depth(child) for child in node.children)])


def _left(node: Node) -> int:
    return MARGIN + COLUMN * node.depth


def _lines(node: Node) -> Iterator[str]:
    """From each question to each of its answers, in three straight strokes."""
    for child in node.children:
        start, bend, end = _left(node) + BOX, _left(child) - 30, _left(child)
        yield (
            f'<path d="M{start} {node.middle:.0f}H{bend}V{child.middle:.0f}H{end}" '
            'fill="none" stroke="#5b6470"/>'
        )
        yield from _lines(child)


def _boxes(node: Node) -> Iterator[str]:
    left, top = _left(node), node.top + SMALL_LINE * len(node.answer)
    for n, line in enumerate(node.answer):
        yield _text(left, node.top + SMALL_LINE * (n + 0.7), line, size=12, colour="#3b4450")
    heavy = node.urgency is Urgency.EMERGENCY
    yield (
        f'<rect x="{left}" y="{top:.0f}" width="{BOX}" height="{node.box}" '
        f'rx="{0 if node.children else 10}" fill="{"#fdecea" if heavy else "#f4f6f8"}" '
        f'stroke="{"#a3161a" if heavy else "#5b6470"}" stroke-width="{4 if heavy else 1}"/>'
    )
    for n, line in enumerate(node.title):
        yield _text(left + 10, top + PAD + LINE * (n + 0.75), line, bold=bool(node.children))
    below = top + PAD + LINE * len(node.title)
    for n, line in enumerate(node.need):
        yield _text(left + 10, below + SMALL_LINE * (n + 0.75), line, size=12, colour="#3b4450")
    for child in node.children:
        yield from _boxes(child)


def _text(
    x: float, y: float, words: str, *, size: int = 14, colour: str = "#14181d", bold: bool = False
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}"{weight}>'
        f"{escape(words)}</text>"
    )
