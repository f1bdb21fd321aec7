"""What no incident may say: refused in a scenario with its path (advice.md, rule 10)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenario.test_scenario import INCIDENT, SCENARIO, number, refused, wrong
from triage.engine.rulebook import Rulebook
from triage.engine.telephone import is_ringable
from triage.places.finder import Finder
from triage.scenario import situation_from

EMERGENCY = "police-emergency"


@pytest.fixture
def read(rulebook: Rulebook, finder: Finder) -> Any:
    return lambda data: situation_from(data, rulebook, finder)


def sent(*to: str, need: str = EMERGENCY, mode: str = "replace") -> dict[str, Any]:
    return {"notices": [{"need": need, "mode": mode, "to": list(to)}]}


@pytest.mark.parametrize(
    ("channel", "need"),
    [
        ("police-online", EMERGENCY),
        ("police-chat", EMERGENCY),
        ("wait", EMERGENCY),
        ("999", EMERGENCY),
        ("112", EMERGENCY),
        ("samaritans", EMERGENCY),
        ("111", "fire-emergency"),
        ("police-counter", "fire-emergency"),
        ("gas-gb", "medical-emergency"),
        ("voice-calls", EMERGENCY),
        ("999-bsl", "police-nonemergency"),
    ],
)
def test_nobody_is_sent_where_no_help_is(read: Any, channel: str, need: str) -> None:
    [problem] = wrong(read, **sent(channel, need=need))
    assert problem.startswith("incidents.0.notices.0.to.0: ")


def test_an_emergency_is_sent_somewhere(read: Any) -> None:
    assert wrong(read, **sent()) == ["incidents.0.notices.0.to: is empty: say where to go instead"]


def test_a_published_number_is_given_with_its_notice(read: Any) -> None:
    [problem] = wrong(read, **sent("local-number"))
    assert "is named without a number" in problem
    other = {**number("01632 960001"), "needs": ["fire-emergency"]}
    assert wrong(read, **sent("local-number"), numbers=[other])
    own = {**number("01632 960001"), "needs": [EMERGENCY]}
    read({**SCENARIO, "incidents": [{**INCIDENT, **sent("local-number"), "numbers": [own]}]})


@pytest.mark.parametrize("channel", ["112", "local-number", "wait", "in-person", "other-phone"])
def test_what_cannot_fail_is_not_stated(read: Any, channel: str) -> None:
    [problem] = wrong(read, channel=channel)
    assert problem.startswith("incidents.0.channel: ")


def test_only_what_is_there_is_superseded(read: Any) -> None:
    [problem] = wrong(read, supersedes="bt-99")
    assert problem == 'incidents.0.supersedes: incident "bt-99" is unknown.'


def test_the_next_look_lies_ahead(read: Any) -> None:
    [problem] = wrong(read, review_at="2026-11-24T10:00:00+00:00")
    assert problem.startswith("incidents.0.review_at: is not after published_at")


def test_yes_is_not_true(read: Any) -> None:
    [problem] = refused(read, visitor={"has_mobile": "yes"})
    assert problem == "visitor.has_mobile: is yes or no: write true or false, without quotes"


@pytest.mark.parametrize(
    ("changed", "hint"),
    [
        ({"need": "police"}, 'Did you mean "police-emergency"?'),
        ({"need": "medical"}, 'Did you mean "medical-emergency"?'),
    ],
)
def test_a_hint_names_what_was_meant(read: Any, changed: dict[str, Any], hint: str) -> None:
    assert hint in refused(read, **changed)[0]


def test_a_number_that_is_off_by_a_digit_is_another_number(read: Any) -> None:
    assert "Did you mean" not in wrong(read, keep_free=["102"])[0]
    scope = {"footprints": ["uk"], "networks": ["Lycamobile"]}
    assert "Did you mean" not in wrong(read, scope=scope)[0]


@pytest.mark.parametrize(
    "digits",
    [
        "0909 879 0000",
        "0870 123 4567",
        "07700 900123",
        "070 1234 5678",
        "118 118",
        "+1 809 555 0100",
        "+1 911",
        "0116 222 22",
        "0116 222 22222",
        "0300 123 456",
        "0808 808 800",
    ],
)
def test_a_number_that_not_everybody_can_ring_is_none(read: Any, digits: str) -> None:
    assert not is_ringable(digits)
    assert "01, 02, 03, 0800 or 0808" in wrong(read, numbers=[number(digits)])[0]


@pytest.mark.parametrize(
    "digits",
    ["01632 960001", "+44 1632 960001", "020 7946 0001", "0300 123 1234", "0800 1111",
     "0800 83 85 87", "0800 111 999", "0808 157 0000"],
)  # fmt: skip
def test_a_number_that_everybody_can_ring(digits: str) -> None:
    assert is_ringable(digits)
