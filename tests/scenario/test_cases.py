"""The worked scenarios of seeds/cases, one test each, named by its title.

What a case expects is told in seeds/cases/README.md; the rules they are examples of are
tests/engine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from triage.engine.advice import Advice, to_json
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Code, Situation
from triage.engine.unknown_place import advise
from triage.places.finder import Finder
from triage.scenario import situation_from

FOLDER = Path(settings.SEEDS_DIR) / "cases"
EXPECTATIONS = {
    "first",
    "shows",
    "not_first",
    "not_shown",
    "numbers_shown",
    "numbers_hidden",
    "say",
    "not_say",
    "no_notice",
    "unchanged",
}
Case = dict[str, Any]


def _cases() -> list[Case]:
    """Every case of every file that is a list of cases."""
    found: list[Case] = []
    for path in sorted(FOLDER.glob("*.json")):
        found += json.loads(path.read_text(encoding="utf-8"))
    return found


CASES = _cases()


def _title(case: Case) -> str:
    return str(case["title"])


@pytest.fixture(params=CASES, ids=_title)
def case(request: pytest.FixtureRequest) -> Case:
    return dict(request.param)


@pytest.fixture
def situation(case: Case, rulebook: Rulebook, finder: Finder) -> Situation:
    return situation_from(case["scenario"], rulebook, finder)


@pytest.fixture
def advice(rulebook: Rulebook, situation: Situation) -> Advice:
    return advise(rulebook, situation)


def test_case(case: Case, advice: Advice, situation: Situation, rulebook: Rulebook) -> None:
    expect = case["expect"]
    assert set(expect) <= EXPECTATIONS
    ids = [e.channel for e in advice.entries]
    _expect_channels(expect, ids)
    _expect_numbers(expect, advice)
    for said in expect.get("say", []):
        heard = advice.says(Code(said["code"]))
        assert heard, said
        assert said["channel"] in (None, *heard), said
    for code in expect.get("not_say", []):
        assert not advice.says(Code(code)), code
    if expect.get("no_notice"):
        assert not advice.notices
    if expect.get("unchanged"):
        ordinary = advise(rulebook, replace(situation, incidents=()))
        assert ids == [e.channel for e in ordinary.entries]


def _expect_channels(expect: Case, ids: list[str]) -> None:
    assert ids[0] in expect.get("first", ids)
    assert ids[0] not in expect.get("not_first", [])
    assert not set(ids) & set(expect.get("not_shown", []))
    for wanted in expect.get("shows", []):
        assert set([wanted] if isinstance(wanted, str) else wanted) & set(ids), wanted


def _expect_numbers(expect: Case, advice: Advice) -> None:
    local = advice.first.channel == "local-number"
    entries = (advice.first,) if local else advice.entries
    shown = {_digits(e.number or "") for e in entries}
    assert {_digits(n) for n in expect.get("numbers_shown", [])} <= shown
    everything = [_digits(text) for text in _texts(to_json(advice))]
    for hidden in expect.get("numbers_hidden", []):
        assert not [text for text in everything if _digits(hidden) in text], hidden


def _texts(value: object) -> Iterator[str]:
    """Every text within an advice, each by itself: a number must stand in none of them."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)


def test_a_hidden_number_is_looked_for_in_every_text() -> None:
    whole = {"first": {"forms": [{"href": "tel:1"}]}, "because": [{"detail": "2"}], "area": None}
    assert list(_texts(whole)) == ["tel:1", "2"]


def _digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isdigit())


def test_there_are_cases_of_every_theme() -> None:
    assert len(CASES) >= 30


def test_no_two_cases_share_a_title() -> None:
    titles = [_title(case) for case in CASES]
    assert len(titles) == len(set(titles))
