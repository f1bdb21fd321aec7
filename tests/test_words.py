"""The worked table of plain words, tests/cases/words.json: how often search is right.

The table was written from the facts before the topics, so it is no list of what search can do.
Shares and misses are printed (`pytest -s`); below the marks the test fails with the misses.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

from outage import bulletin
from outage.bulletin import Bulletin
from tests.cast import NOON
from triage import rules
from triage.engine.catalogue import Lang, Nation
from triage.web.search import Results, search

TABLE = Path(__file__).parent / "cases" / "words.json"
# The table was written when "wait" stood for whatever needs no call. Since then two of those have
# a line of their own, saying what to do: stay on and say it was a mistake, or ask one's garage.
WAIT = frozenset({"wait", "say-mistake", "breakdown-company"})
FIRST, FIRST_THREE, FALSE_PANELS = 0.92, 0.98, 0.10


@dataclass(frozen=True)
class Row:
    q: str
    nation: Nation
    lang: Lang
    first: frozenset[str]
    panel: bool


@dataclass(frozen=True)
class Answer:
    row: Row
    results: Results

    @property
    def channels(self) -> list[str | None]:
        return [r.first.channel if r.first else None for r in self.results.results]

    @property
    def right_first(self) -> bool:
        """Whether the first result puts a fitting channel first. A question in first place puts
        none, and counts as a miss."""
        return self._fits(0)

    @property
    def right_in_three(self) -> bool:
        """A question counts here if an outcome one tap behind it fits."""
        return any(self._fits(n) or self._leads(n) for n in range(min(3, len(self.channels))))

    def _fits(self, n: int) -> bool:
        return len(self.channels) > n and self.channels[n] in self.row.first

    def _leads(self, n: int) -> bool:
        result = self.results.results[n]
        book = rules.rulebook()
        options = book.questions[result.id].options if result.kind == "question" else ()
        needs = [
            book.needs[book.outcomes[o.to].needs[self.row.nation]]
            for o in options
            if o.to in book.outcomes
        ]
        return any(need.routes[self.row.nation][0] in self.row.first for need in needs)

    def __str__(self) -> str:
        got = [f"{r.id}:{c}" for r, c in zip(self.results.results[:3], self.channels, strict=False)]
        return f"{self.row.nation} {self.row.q!r} wants {sorted(self.row.first)}, got {got}"


def rows() -> list[Row]:
    return [
        Row(r["q"], Nation(r["nation"]), Lang(r["lang"]), _wanted(r["first"]), r["panel"])
        for r in json.loads(TABLE.read_text(encoding="utf-8"))
    ]


def _wanted(first: Sequence[str]) -> frozenset[str]:
    return frozenset(first) | (WAIT if "wait" in first else frozenset())


@lru_cache(maxsize=1)
def answers() -> tuple[Answer, ...]:
    with bulletin.showing(Bulletin()):
        return tuple(Answer(row, search(row.q, row.nation, row.lang, NOON)) for row in rows())


def told(title: str, share: float, misses: Sequence[Answer]) -> str:
    lines = [f"{title}: {share:.1%}; not so: {len(misses)}"]
    return "\n  ".join([*lines, *map(str, misses)])


def test_the_first_result_is_right_for_at_least_92_in_100(
    capsys: pytest.CaptureFixture[str],
) -> None:
    misses = [a for a in answers() if not a.right_first]
    share = 1 - len(misses) / len(answers())
    with capsys.disabled():
        print("\n" + told("right in first place", share, misses).splitlines()[0])
    assert share >= FIRST, told("right in first place", share, misses)


def test_one_of_the_first_three_is_right_for_at_least_98_in_100(
    capsys: pytest.CaptureFixture[str],
) -> None:
    misses = [a for a in answers() if not a.right_in_three]
    share = 1 - len(misses) / len(answers())
    with capsys.disabled():
        print("\n" + told("right in the first three", share, misses))
    assert share >= FIRST_THREE, told("right in the first three", share, misses)


def test_no_emergency_is_without_the_panel(capsys: pytest.CaptureFixture[str]) -> None:
    misses = [a for a in answers() if a.row.panel and not a.results.emergency_panel]
    with capsys.disabled():
        print(f"\nemergencies without a panel: {len(misses)}")
    assert not misses, told("emergencies with a panel", 0, misses)


def test_ordinary_words_cry_wolf_in_at_most_10_in_100(capsys: pytest.CaptureFixture[str]) -> None:
    ordinary = [a for a in answers() if not a.row.panel]
    wrong = [a for a in ordinary if a.results.emergency_panel]
    share = len(wrong) / len(ordinary)
    with capsys.disabled():
        print("\n" + told("ordinary words without a panel", 1 - share, wrong))
    assert share <= FALSE_PANELS, told("ordinary words without a panel", 1 - share, wrong)
