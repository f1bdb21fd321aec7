"""The probe: a site that shows what is in force agrees; one that lags or errs is named.

Against a site that runs, and that is then broken: tests/survival/test_probing.py."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from io import StringIO

import pytest

from outage import bulletin
from outage.bulletin import Bulletin, Reading
from outage.publish import memory
from tests.cast import NOON, incident, later, notice, scope
from tests.outside import Outside
from triage import clock
from triage.management.commands import probe
from triage.web.ops.probe import GIVE_UP, NEEDS, Difference, NoAnswerError, compare, paths

IN_KENT = incident(
    "999",
    scope=scope("police:kent"),
    review_at=later(days=3_650),
    notices=(notice("police-emergency", "replace", "101"),),
)
ADDRESSES = tuple(paths(["kent", "gwent"]))


def showing(outside: Outside, known: Bulletin) -> Callable[[str], tuple[int, bytes]]:
    def ask(path: str) -> tuple[int, bytes]:
        with bulletin.showing(known):
            got = outside.ask(path)
            return got.status, got.body

    return ask


@pytest.fixture(scope="module")
def outside() -> Outside:
    return Outside()


def differing(outside: Outside, shown: Bulletin, right: Bulletin) -> list[Difference]:
    return list(compare(ADDRESSES, showing(outside, shown), showing(outside, right)))


def test_every_address_it_asks_is_there(outside: Outside) -> None:
    with bulletin.showing(Bulletin()):
        answers = {path: outside.ask(path).status for path in ADDRESSES}
    assert set(answers.values()) == {200}, answers


def test_a_site_that_shows_what_is_in_force_agrees(outside: Outside) -> None:
    for known in (Bulletin(), Bulletin(1, (IN_KENT,))):
        assert differing(outside, known, known) == []


def test_a_site_that_missed_a_publication_is_named_address_by_address(outside: Outside) -> None:
    found = differing(outside, Bulletin(), Bulletin(1, (IN_KENT,)))
    named = {difference.path for difference in found}
    assert {"/in/kent/", "/cy/in/kent/", "/embed/banner/kent/"} <= named
    assert f"/api/v1/advice?need={NEEDS[0]}&area=kent" in named
    assert not [path for path in named if "gwent" in path]


def test_a_difference_says_what_is_shown_and_what_is_right(outside: Outside) -> None:
    found = differing(outside, Bulletin(), Bulletin(1, (IN_KENT,)))
    api = next(d for d in found if d.path == f"/api/v1/advice?need={NEEDS[0]}&area=kent")
    assert "shows 999 as-usual" in str(api)
    assert "the record says 101 replace" in str(api)


def test_a_site_that_does_not_answer_is_a_difference_and_says_why(outside: Outside) -> None:
    silent = itertools.cycle([(0, b"timed out"), (503, b"")])
    asked = ADDRESSES[:8]
    found = list(compare(asked, lambda path: next(silent), showing(outside, Bulletin())))
    assert "shows no answer (timed out)" in str(found[0])
    assert [d.path for d in found] == list(asked)


def test_a_site_that_leaves_everything_unanswered_is_asked_no_further(outside: Outside) -> None:
    asked: list[str] = []

    def silent(path: str) -> tuple[int, bytes]:
        asked.append(path)
        return 0, b"timed out"

    with pytest.raises(NoAnswerError):
        list(compare(ADDRESSES, silent, showing(outside, Bulletin())))
    assert len(asked) == GIVE_UP


def test_a_site_that_was_silent_for_a_moment_is_asked_everything_again(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "_PROMISED", 0.0)
    monkeypatch.setattr(probe, "_refresh", lambda: None)
    asked: list[str] = []
    right = showing(outside, Bulletin())

    def site(path: str) -> tuple[int, bytes]:
        asked.append(path)
        return right(path) if len(asked) > GIVE_UP else (0, b"refused")

    probe.Command(stdout=StringIO())._tell([*ADDRESSES[:6]], site, right)
    assert asked[GIVE_UP:] == [*ADDRESSES[:6]]


def test_a_site_that_cannot_check_is_a_difference(outside: Outside) -> None:
    def stuck(path: str) -> tuple[int, bytes]:
        late = Reading(Bulletin(), NOON, clock.steady() - 130)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(memory, "_reading", [late])
            got = outside.ask(path)
            return got.status, got.body

    path = f"/api/v1/advice?need={NEEDS[0]}&area=kent"
    found = list(compare([path], stuck, showing(outside, Bulletin())))
    assert "not checked since" in str(found[0])


def test_words_that_are_no_advice_are_a_difference(outside: Outside) -> None:
    path = f"/api/v1/advice?need={NEEDS[0]}"
    found = list(compare([path], lambda path: (200, b"<html>"), showing(outside, Bulletin())))
    assert "no advice that can be read" in str(found[0])
