"""Pages for web editors: the snippet builder, a demonstration, what changed in the widget.

They speak of the widget; the widget itself is loader.py and frame.py. The page for programmers is
reference.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from triage.engine.catalogue import Lang
from triage.rules import rulebook
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.pages.decorators import View, read_only
from triage.web.pages.errors import problem
from triage.web.pages.response import show
from triage.web.presenters.sentences import plain
from triage.web.widget import loader
from triage.web.widget.loader import UK, VIEWS, Tag
from triage.web.widget.theme import TOKENS, ThemeProblem, theme, whole

KEYS = frozenset({"area", "say", "view", "version", "pretend", *TOKENS})
CLOSED: Mapping[str, tuple[str, ...]] = {
    "say": tuple(Lang),
    "view": VIEWS,
    "version": ("exact", "newest"),
    "pretend": ("yes",),
}


@dataclass(frozen=True)
class Wanted:
    """What a web editor has chosen. Colours that cannot be read are told, and left out."""

    area: str = UK
    say: Lang = Lang.EN
    view: str = "banner"
    pinned: bool = True
    pretend: bool = False
    typed: tuple[tuple[str, str], ...] = ()
    faults: tuple[ThemeProblem, ...] = ()

    @property
    def colours(self) -> dict[str, str]:
        return {} if self.faults else {k: whole(v) for k, v in self.typed if v}

    def tag(self, request: HttpRequest) -> Tag:
        host = f"{request.scheme}://{request.get_host()}"
        there = page_context.bare(self.say, "")
        slug = None if self.area == UK else self.area
        words = conditional_escape(plain(there, "embed-link"))
        page = f"{host}{page_context.prefix(self.say, slug)}"
        return Tag(
            host=host,
            area=self.area,
            lang=str(self.say),
            view=self.view,
            link=format_html('<a href="{}">{}</a>', page, words),
            page=page,
            title=conditional_escape(plain(there, "embed-title")),
            colours=self.colours,
            pinned=self.pinned,
            pretend=self.pretend,
        )

    @property
    def frame(self) -> str:
        """The address of the page that its frame begins with."""
        start = ("/cy" if self.say is Lang.CY else "") + ("/sandbox" if self.pretend else "")
        query = "&".join(f"{k}={v[1:]}" for k, v in self.colours.items())
        return f"{start}/embed/{self.view}/{self.area}/" + (f"?{query}" if query else "")


def _wanted(request: HttpRequest, lang: Lang, view: str) -> Wanted | None:
    """What the address asks for; None where it has a key or a value that there is not."""
    given = {key: str(value) for key, value in request.GET.items() if value}
    if not set(request.GET) <= KEYS or any(given.get(k, v[0]) not in v for k, v in CLOSED.items()):
        return None
    area = given.get("area", UK)
    today = UK if area == UK else rulebook().catalogue.area_now(area)
    if today is None:
        return None
    return Wanted(
        area=today,
        say=Lang(given.get("say", lang)),
        view=given.get("view", view),
        pinned=given.get("version", "exact") == "exact",
        pretend="pretend" in given,
        typed=tuple((token, given.get(token, "")[:20]) for token in TOKENS),
        faults=theme(given)[1],
    )


def page(view: View) -> View:
    """A page of this module in the language of its address, for reading only."""

    @read_only
    @wraps(view)
    def answer(request: HttpRequest, lang: str, **given: Any) -> HttpResponse:
        return view(request, Lang(lang), **given)

    return answer


# These pages frame our own.
_FRAMING = {"frame-src": [SELF]}


@page
def builder(request: HttpRequest, lang: Lang) -> HttpResponse:
    """Choices on one side; the tag, the policy, the paragraph and the look on the other."""
    wanted = _wanted(request, lang, "banner")
    if wanted is None:
        return problem(lang, 400, "error-query")
    here = page_context.bare(lang, "embed/")
    tag = wanted.tag(request)
    context = {
        "wanted": wanted,
        "tag": tag,
        "areas": areas(lang),
        "views": [(view, _VIEW_NAMES[view]) for view in VIEWS],
        "langs": [(str(one), _LANG_NAMES[one]) for one in Lang],
        "colours": [(name, value, _TOKENS[name]) for name, value in wanted.typed],
        "wrong": [_said(here, fault) for fault in wanted.faults],
        "policy": f"script-src {tag.host};\nframe-src {tag.host};",
        "newest": loader.NEWEST,
        "paper": _paper(wanted),
    }
    return show(here, "embed/builder.html", context, sources=_FRAMING)


def _paper(wanted: Wanted) -> list[tuple[WordKey, str]]:
    """What an area has for walls and windows; nothing for the whole UK."""
    if wanted.area == UK:
        return []
    start = page_context.prefix(wanted.say, None)
    return [
        ("embed-paper-poster", f"{start}poster/{wanted.area}/"),
        ("embed-paper-sheet", f"{start}print/{wanted.area}/"),
        ("embed-paper-qr", f"{start}embed/qr/{wanted.area}.svg"),
        ("embed-paper-badge", f"{start}embed/badge/{wanted.area}.svg"),
    ]


@lru_cache(maxsize=2)
def areas(lang: Lang) -> list[tuple[str, str]]:
    named = [(a.slug, a.name.lang(lang)) for a in rulebook().catalogue.areas.values()]
    return sorted(named, key=lambda area: area[1])


_VIEW_NAMES: Mapping[str, WordKey] = {
    "line": "embed-view-line",
    "banner": "embed-view-banner",
    "ask": "embed-view-ask",
    "full": "embed-view-full",
}
_LANG_NAMES: Mapping[Lang, WordKey] = {Lang.EN: "embed-lang-en", Lang.CY: "embed-lang-cy"}
_TOKENS: Mapping[str, WordKey] = {
    "accent": "embed-accent",
    "ground": "embed-ground",
    "ink": "embed-ink",
}


def _said(here: PageContext, fault: ThemeProblem) -> str:
    token = plain(here, _TOKENS[fault.token])
    return plain(here, fault.words, token=token, ratio=fault.ratio)


@page
def demo(request: HttpRequest, lang: Lang) -> HttpResponse:
    """The tag at work, on a page that looks like a force's site."""
    wanted = _wanted(request, lang, "full")
    if wanted is None:
        return problem(lang, 400, "error-query")
    here = page_context.bare(lang, "embed/demo/")
    tag = wanted.tag(request)
    context = {"wanted": wanted, "tag": tag, "live": _live(tag)}
    return show(here, "embed/demo.html", context, sources=_FRAMING)


def _live(tag: Tag) -> SafeString:
    # Every value in a tag is an id, a closed value, a colour or words of ours, escaped above.
    return mark_safe(tag.whole)  # noqa: S308


@page
def changes(request: HttpRequest, lang: Lang) -> HttpResponse:
    """Every release of the script, with its hash."""
    here = page_context.bare(lang, "embed/changes/")
    released = [(r, loader.integrity(r.name), plain(here, r.words)) for r in loader.RELEASES]
    return show(here, "embed/changes.html", {"releases": released})
