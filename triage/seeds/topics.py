"""seeds/topics/*.toml -> what people say, or every fault at once.

What the words then lead to is triage/search; the rest of seeds/ is build.py.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from triage.engine.catalogue import Lang
from triage.engine.rulebook import Rulebook
from triage.search.tokens import tokens
from triage.search.topics import Defused, Flag, Says, Topic, Topics
from triage.seeds.problems import SeedProblem, SeedsError, explain, unknown
from triage.seeds.schema import SeedEntry, Slug, Words

M = TypeVar("M", bound=BaseModel)


class SaysEntry(SeedEntry):
    en: list[Words] = Field(default_factory=list)
    cy: list[Words] = Field(default_factory=list)

    def says(self) -> Says:
        return {Lang.EN: tuple(self.en), Lang.CY: tuple(self.cy)}


class TopicEntry(SeedEntry):
    id: Slug
    to: Slug
    now: Slug | None = None
    past: Slug | None = None
    leads: list[Words] = Field(default_factory=list)
    where: list[Words] = Field(default_factory=list)
    takes: list[Slug] = Field(default_factory=list)
    says: SaysEntry


class FlagEntry(SeedEntry):
    id: Slug
    says: SaysEntry
    defused: Defused = Defused.PAST
    unless: list[Words] = Field(default_factory=list)
    alone: bool = False
    of_people: bool = False
    far: bool = False


class CueEntry(SeedEntry):
    id: Literal["now", "past", "harmless"]
    says: SaysEntry


class ExampleEntry(SeedEntry):
    id: Literal["danger", "calm"]
    says: SaysEntry


class SameEntry(SeedEntry):
    words: list[Words] = Field(min_length=2)


class WeakEntry(SeedEntry):
    words: list[Words]


class ThingEntry(SeedEntry):
    words: list[Words]


class PersonEntry(SeedEntry):
    words: list[Words]


class SpellEntry(SeedEntry):
    means: Words
    typed: list[Words] = Field(min_length=1)


KINDS: Mapping[str, type[SeedEntry]] = {
    "topic": TopicEntry,
    "flag": FlagEntry,
    "cue": CueEntry,
    "example": ExampleEntry,
    "same": SameEntry,
    "weak": WeakEntry,
    "thing": ThingEntry,
    "person": PersonEntry,
    "spell": SpellEntry,
}


@dataclass
class _Rows:
    """Every entry with its file and place, while they are read."""

    found: list[tuple[str, str, SeedEntry]] = field(default_factory=list)
    faults: list[SeedProblem] = field(default_factory=list)

    def of(self, kind: type[M]) -> list[M]:
        return [entry for _, _, entry in self.found if isinstance(entry, kind)]


def read_topics(folder: Path, rulebook: Rulebook) -> Topics:
    """What people say, from a folder. Raises SeedsError with every fault that is found."""
    rows = _Rows()
    for path in sorted(folder.glob("*.toml")):
        name = f"{folder.parent.name}/{folder.name}/{path.name}"
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            rows.faults.append(SeedProblem(name, "", f"is not TOML: {error}"))
            continue
        _read_file(rows, name, data)
    rows.faults += [*_check(rows, rulebook), *_both(rows)]
    if not rows.found and not rows.faults:
        rows.faults.append(SeedProblem(str(folder), "", "there are no topics here"))
    if rows.faults:
        raise SeedsError(rows.faults)
    return _topics(rows)


def _read_file(rows: _Rows, name: str, data: Mapping[str, Any]) -> None:
    for kind, found in data.items():
        if kind not in KINDS:
            rows.faults.append(SeedProblem(name, "", unknown("entry", kind, KINDS)))
        elif not isinstance(found, list):
            rows.faults.append(SeedProblem(name, kind, f"is a list: write [[{kind}]]"))
        else:
            for number, row in enumerate(found, 1):
                _read_row(rows, name, kind, number, row)


def _read_row(rows: _Rows, name: str, kind: str, number: int, row: Any) -> None:
    ident = row.get("id") if isinstance(row, dict) else None
    place = f'{kind} "{ident}"' if ident else f"{kind} {number}"
    try:
        rows.found.append((name, place, KINDS[kind].model_validate(row)))
    except ValidationError as error:
        keys = KINDS[kind].model_fields
        rows.faults += [SeedProblem(name, place, explain(e, keys)) for e in error.errors()]


def _check(rows: _Rows, rulebook: Rulebook) -> Iterator[SeedProblem]:
    seen: set[str] = set()
    for name, place, entry in rows.found:
        if isinstance(entry, TopicEntry | FlagEntry | ExampleEntry):
            if place in seen:
                yield SeedProblem(name, place, "stands twice")
            seen.add(place)
            yield from (SeedProblem(name, place, what) for what in _empty(entry.says))
        if isinstance(entry, TopicEntry):
            yield from (SeedProblem(name, place, what) for what in _nowhere(entry, rulebook))
        if isinstance(entry, SameEntry):
            yield from (SeedProblem(name, place, what) for what in _several(entry.words))


def _both(rows: _Rows) -> Iterator[SeedProblem]:
    """No sentence teaches both that somebody is in danger and that nobody is."""
    heard: dict[tuple[str, ...], str] = {}
    for name, place, entry in rows.found:
        if isinstance(entry, ExampleEntry):
            for words in (*entry.says.en, *entry.says.cy):
                if heard.setdefault(tokens(words), entry.id) != entry.id:
                    yield SeedProblem(name, place, f'"{words}" stands under danger and under calm')


def _empty(says: SaysEntry) -> Iterator[str]:
    for lang, phrases in says.says().items():
        if not phrases:
            yield f"says.{lang} is empty: say how people put it in both languages"
        for words in phrases:
            if not tokens(words):
                yield f'says.{lang}: "{words}" holds no word'


def _nowhere(entry: TopicEntry, rulebook: Rulebook) -> Iterator[str]:
    """Where a topic leads must be there; at another time it leads to an outcome."""
    outcomes, questions = rulebook.outcomes, rulebook.questions
    if entry.to not in outcomes and entry.to not in questions:
        yield f"to: {unknown('outcome or question', entry.to, [*outcomes, *questions])}"
    taken = [("takes", to) for to in entry.takes]
    for key, to in (("now", entry.now), ("past", entry.past), *taken):
        if to is not None and to not in outcomes:
            yield f"{key}: {unknown('outcome', to, outcomes)}"


def _several(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if len(tokens(word)) != 1:
            yield f'"{word}" is not one word: a synonym stands for one word'


def _topics(rows: _Rows) -> Topics:
    cues = {kind: _joined(c for c in rows.of(CueEntry) if c.id == kind) for kind in _CUES}
    heard = {kind: _joined(e for e in rows.of(ExampleEntry) if e.id == kind) for kind in _HEARD}
    return Topics(
        topics=tuple(
            Topic(
                id=t.id,
                to=t.to,
                says=t.says.says(),
                now=t.now,
                past=t.past,
                leads=tuple(t.leads),
                where=tuple(t.where),
                takes=frozenset(t.takes),
            )
            for t in rows.of(TopicEntry)
        ),
        flags=tuple(
            Flag(f.id, f.says.says(), f.defused, tuple(f.unless), f.alone, f.of_people, f.far)
            for f in rows.of(FlagEntry)
        ),
        spell={typed: s.means for s in rows.of(SpellEntry) for typed in s.typed},
        same=tuple(frozenset(_token(w) for w in s.words) for s in rows.of(SameEntry)),
        weak=_words(rows.of(WeakEntry)),
        things=_words(rows.of(ThingEntry)),
        people=_words(rows.of(PersonEntry)),
        **cues,
        **heard,
    )


_CUES = ("now", "past", "harmless")
_HEARD = ("danger", "calm")


def _words(entries: Iterable[WeakEntry | ThingEntry | PersonEntry]) -> frozenset[str]:
    return frozenset(t for entry in entries for word in entry.words for t in tokens(word))


def _joined(entries: Iterable[CueEntry | ExampleEntry]) -> Says:
    kept = list(entries)
    return {lang: tuple(w for c in kept for w in c.says.says()[lang]) for lang in Lang}


def _token(word: str) -> str:
    return tokens(word)[0]
