"""The worked tables of plain words, tests/search/sets/words*.json: how often search is right.

words.json was written from the facts before the topics, and the topics were then tuned to it.
words-held-out.json was written from the facts alone, before its writer had read a topic, a line of
search or more of words.json than its first 29 rows, to see how search does on words nobody tuned
for. Before any tuning, of its 240 rows 89.6% were right in first place and 97.9% in the first
three, 13 of 110 emergencies had no panel, and 9 of 130 ordinary rows (6.9%) had one. Its misses
have been looked at since, so what is printed now is no longer a measure of the unseen: that
measure is the one in this docstring.

words-second.json is a later reading of the facts, in six parts. Each was written before it was
tried, and after the causes of the misses of the part before had been mended. Untuned they gave: in
first place 74%, 82%, 91%, then 80% of 44 emergencies alone, 77% of 35 ordinary rows alone and 83%
of 30 emergencies alone; in the first three 89%, 96%, 98%, 98%, 89%, 97%; emergencies without a
panel 9 of 20, 5 of 43, 2 of 29, 10 of 44 and 5 of 30; ordinary rows with one 6 of 35, 6 of 31, 4
of 28 and 6 of 40, many of them words chosen to mislead ("stroke my cat"). Rows that may have a
panel or not, or lead nowhere, are left out.

That was the search before this one, whose weights were tuned by hand to these tables. The present
one learns from seeds/says and was never tuned to them; it may miss what it was first measured at.

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
from tests.conftest import Say
from triage import rules
from triage.engine.catalogue import Lang, Nation
from triage.web.context.search_query import Results, search

CASES = Path(__file__).parent / "sets"
TABLES = {
    "worked": "words.json",
    "held out": "words-held-out.json",
    "second": "words-second.json",
}
# The table was written when "wait" stood for whatever needs no call. Since then two of those have
# a line of their own, saying what to do: stay on and say it was a mistake, or ask one's garage.
WAIT = frozenset({"wait", "say-mistake", "breakdown-company"})
FIRST, FIRST_THREE, FALSE_PANELS = 0.92, 0.98, 0.10
# Tables that are short of a bound (docs/search.md). Strict: what comes right must leave the list.
SHORT = {"in three": ("held out",), "panels": ("held out",)}


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


def rows(table: str) -> list[Row]:
    return [
        Row(r["q"], Nation(r["nation"]), Lang(r["lang"]), _wanted(r["first"]), r["panel"])
        for r in json.loads((CASES / TABLES[table]).read_text(encoding="utf-8"))
    ]


def _wanted(first: Sequence[str]) -> frozenset[str]:
    return frozenset(first) | (WAIT if "wait" in first else frozenset())


@lru_cache(maxsize=len(TABLES))
def answers(table: str) -> tuple[Answer, ...]:
    with bulletin.showing(Bulletin()):
        return tuple(Answer(row, search(row.q, row.nation, row.lang, NOON)) for row in rows(table))


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def short(request: pytest.FixtureRequest, bound: str, table: str) -> None:
    """Marks a table that is known to be short of a bound, which stays what it is."""
    if table in SHORT[bound]:
        request.applymarker(pytest.mark.xfail(reason=f"{table} is short of it", strict=True))


def told(title: str, share: float, misses: Sequence[Answer]) -> str:
    lines = [f"{title}: {share:.1%}; not so: {len(misses)}"]
    return "\n  ".join([*lines, *map(str, misses)])


def test_the_first_result_is_right_for_at_least_92_in_100(table: str, say: Say) -> None:
    misses = [a for a in answers(table) if not a.right_first]
    share = 1 - len(misses) / len(answers(table))
    say(told(f"{table}: right in first place", share, misses).splitlines()[0])
    assert share >= FIRST, told(f"{table}: right in first place", share, misses)


def test_one_of_the_first_three_is_right_for_at_least_98_in_100(
    table: str, say: Say, request: pytest.FixtureRequest
) -> None:
    short(request, "in three", table)
    misses = [a for a in answers(table) if not a.right_in_three]
    share = 1 - len(misses) / len(answers(table))
    say(told(f"{table}: right in the first three", share, misses))
    assert share >= FIRST_THREE, told(f"{table}: right in the first three", share, misses)


def test_no_emergency_is_without_the_panel(
    table: str, say: Say, request: pytest.FixtureRequest
) -> None:
    short(request, "panels", table)
    misses = [a for a in answers(table) if a.row.panel and not a.results.emergency_panel]
    say(f"{table}: emergencies without a panel: {len(misses)}")
    assert not misses, told(f"{table}: emergencies with a panel", 0, misses)


def test_ordinary_words_cry_wolf_in_at_most_10_in_100(table: str, say: Say) -> None:
    ordinary = [a for a in answers(table) if not a.row.panel]
    wrong = [a for a in ordinary if a.results.emergency_panel]
    share = len(wrong) / len(ordinary)
    say(told(f"{table}: ordinary words without a panel", 1 - share, wrong))
    assert share <= FALSE_PANELS, told(f"{table}: ordinary words without a panel", 1 - share, wrong)


def test_words_written_by_a_hand_that_saw_no_other_find_the_panel(say: Say) -> None:
    found = json.loads((CASES / "words-unseen.json").read_text(encoding="utf-8"))
    with bulletin.showing(Bulletin()):
        panel = {
            r["q"]: search(r["q"], Nation.ENGLAND, Lang.EN, NOON).emergency_panel for r in found
        }
    missed = [r["q"] for r in found if r["panel"] and not panel[r["q"]]]
    wolf = [r["q"] for r in found if not r["panel"] and panel[r["q"]]]
    say(f"unseen: {len(missed)} of {sum(r['panel'] for r in found)} emergencies without a panel")
    say(f"unseen: {len(wolf)} of {sum(not r['panel'] for r in found)} ordinary rows with one")
    assert len(missed) <= 0.05 * sum(r["panel"] for r in found)
    assert len(wolf) <= 0.25 * sum(not r["panel"] for r in found)


@pytest.mark.parametrize(
    "words",
    [
        "my mate has been stabbed",
        "mum has been hit by a car",
        "he has gone unconscious",
        "this morning he collapsed and wont wake",
        "mae fy ffrind wedi cael ei saethu",
    ],
)
def test_what_has_just_come_to_pass_is_no_matter_of_the_past(words: str) -> None:
    with bulletin.showing(Bulletin()):
        assert search(words, Nation.WALES, Lang.EN, NOON).emergency_panel
