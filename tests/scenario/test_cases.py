"""The worked scenarios of seeds/cases, one test each, named by its title.

What a case expects is told in seeds/cases/README.md; the rules they are examples of are
tests/engine.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from triage.cases import Case, failures, read_cases, texts
from triage.engine.rulebook import Rulebook
from triage.places.finder import Finder

CASES = [case for _, case in read_cases(Path(settings.SEEDS_DIR) / "cases")]


def _title(case: Case) -> str:
    return str(case["title"])


@pytest.mark.parametrize("case", CASES, ids=_title)
def test_case(case: Case, rulebook: Rulebook, finder: Finder) -> None:
    assert list(failures(case, rulebook, finder)) == []


def test_a_case_that_expects_something_else_fails(rulebook: Rulebook, finder: Finder) -> None:
    known = next(c for c in CASES if "101" in c["expect"].get("first", ()))
    wrong = {**known, "expect": {"first": ["gas-gb"], "numbers_hidden": ["101"]}}
    assert {"begins with 101", "shows 101"} <= set(failures(wrong, rulebook, finder))


def test_a_hidden_number_is_looked_for_in_every_text() -> None:
    whole = {"first": {"forms": [{"href": "tel:1"}]}, "because": [{"detail": "2"}], "area": None}
    assert list(texts(whole)) == ["tel:1", "2"]


def test_there_are_cases_of_every_theme() -> None:
    assert len(CASES) >= 30


def test_no_two_cases_share_a_title() -> None:
    titles = [_title(case) for case in CASES]
    assert len(titles) == len(set(titles))
