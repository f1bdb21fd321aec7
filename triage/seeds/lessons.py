"""What seeds/says teaches: sentences with the ids they allow, and what is put around them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from triage.engine.rulebook import Rulebook
from triage.search.finding import dangers
from triage.search.lesson import Lesson
from triage.seeds.says import CALM, DANGER, FLAG, OTHERS, Said

_COPIES = 4  # of the few sentences in other languages, so that their words are kept at all


@dataclass(frozen=True)
class Lessons:
    """The sentences, every id there is in their order, and those of danger now and of calm."""

    sentences: tuple[Lesson, ...]
    ids: tuple[str, ...]
    dangers: frozenset[str]
    calm: frozenset[str]


def lessons_of(said: Iterable[Said], rulebook: Rulebook, ids: Iterable[str]) -> Lessons:
    """What to learn. A sentence that teaches danger alone allows every id of danger, one that
    teaches calm every outcome and page without; a question that may lead to both is of neither."""
    alarming = dangers(rulebook)
    ordered = tuple(sorted(ids))
    calm = frozenset(i for i in ordered if i not in alarming and i not in rulebook.questions)
    allowed = {DANGER: alarming, FLAG: alarming, CALM: calm}
    sentences = tuple(
        Lesson(one.words, allowed.get(one.right, frozenset({one.right})), one.lang)
        for one in said
        for _ in range(_COPIES if one.lang in OTHERS else 1)
    )
    return Lessons(sentences, ordered, alarming, calm)


def wrapper_parts(folder: Path) -> Mapping[str, Sequence[str]]:
    """What people put before and after what matters, both languages together; and under the code of
    a language what they tell besides."""
    parts = tomllib.loads((folder / "wrappers.toml").read_text(encoding="utf-8"))
    around = {place: [*parts[place]["en"], *parts[place]["cy"]] for place in ("before", "after")}
    return {**around, **parts["between"]}
