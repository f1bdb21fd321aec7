"""Problems in a scenario: each is named with its path, all of them at once."""

from __future__ import annotations

from typing import Any

import pytest

from triage.engine.rulebook import Rulebook
from triage.engine.situation import PhoneLine, State
from triage.engine.unknown_place import advise
from triage.places.finder import Finder
from triage.scenario import A_MOMENT, ScenarioError, situation_from

INCIDENT: dict[str, Any] = {
    "id": "bt-999",
    "channel": "999",
    "state": "many-failing",
    "status": "live",
    "scope": {"footprints": ["uk"]},
    "issuer": {"name": "A force", "kind": "carrier", "footprint": "uk", "entitled": True},
    "published_at": "2026-11-24T11:00:00+00:00",
    "review_at": "2026-11-24T13:00:00+00:00",
}
SCENARIO: dict[str, Any] = {
    "now": "2026-11-24T12:00:00+00:00",
    "place": {"area": "leicestershire"},
    "need": "police-emergency",
}


def number(digits: str, verified_at: str = "2026-11-24T10:00:00+00:00") -> dict[str, str]:
    return {"number": digits, "footprint": "uk", "verified_at": verified_at}


@pytest.fixture
def read(rulebook: Rulebook, finder: Finder) -> Any:
    return lambda data: situation_from(data, rulebook, finder)


def refused(read: Any, **changed: Any) -> list[str]:
    with pytest.raises(ScenarioError) as problem:
        read({**SCENARIO, **changed})
    return list(problem.value.problems)


def wrong(read: Any, **changed: Any) -> list[str]:
    """The problems of a scenario with one incident that is changed."""
    return refused(read, incidents=[{**INCIDENT, **changed}])


def test_a_whole_scenario_is_read(read: Any) -> None:
    situation = read({**SCENARIO, "incidents": [INCIDENT], "visitor": {"line": "landline"}})
    assert situation.place.area == "leicestershire"
    assert situation.visitor.line is PhoneLine.LANDLINE
    assert situation.incidents[0].state is State.MANY_FAILING


def test_without_a_place_the_place_is_unknown(read: Any) -> None:
    assert read({**SCENARIO, "place": None}).place is None
    assert read({k: v for k, v in SCENARIO.items() if k != "place"}).place is None


def test_missing_keys_are_unknown_not_false(read: Any) -> None:
    assert read({**SCENARIO, "visitor": {}}).visitor.has_mobile is None


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"channel": "9999"}, "incidents.0.channel"),
        ({"state": "broken"}, "incidents.0.state"),
        ({"status": "on"}, "incidents.0.status"),
        ({"scope": {"footprints": []}}, "incidents.0.scope.footprints"),
        ({"scope": {"footprints": ["police:kentt"]}}, "incidents.0.scope.footprints.0"),
        ({"scope": {"footprints": ["county:kent"]}}, "incidents.0.scope.footprints.0"),
        ({"scope": {"footprints": ["uk"], "networks": ["E"]}}, "incidents.0.scope.networks.0"),
        ({"review_at": None}, "incidents.0.review_at"),
        ({"planned": True}, "incidents.0.ends_at"),
        ({"ends_at": "2026-11-24T10:00:00+00:00"}, "incidents.0.ends_at"),
        ({"published_at": "2026-11-24T11:00:00"}, "incidents.0.published_at"),
        ({"keep_free": ["1o1"]}, "incidents.0.keep_free.0"),
        ({"supersedes": "bt-999"}, "incidents.0.supersedes"),
        ({"degraded_features": ["55"]}, "incidents.0.degraded_features.0"),
        ({"typical_delay_seconds": -1}, "incidents.0.typical_delay_seconds"),
        ({"notices": [{"need": "polise", "mode": "hold"}]}, "incidents.0.notices.0.need"),
        ({"notices": [{"need": "gas", "mode": "shout"}]}, "incidents.0.notices.0.mode"),
        (
            {"notices": [{"need": "gas", "mode": "hold", "to": ["nowhere"]}]},
            "incidents.0.notices.0.to.0",
        ),
        (
            {"numbers": [{"number": "ring me", "footprint": "uk", "verified_at": "x"}]},
            "incidents.0.numbers.0.number",
        ),
        (
            {"notices": [{"need": "gas", "mode": "hold"}, {"need": "gas", "mode": "replace"}]},
            "incidents.0.notices.1.need",
        ),
        ({"numbers": [number("112")]}, "incidents.0.numbers.0.number"),
        ({"numbers": [number("18 000")]}, "incidents.0.numbers.0.number"),
        ({"published_at": 1_700_000_000}, "incidents.0.published_at"),
        ({"published_at": "1700000000"}, "incidents.0.published_at"),
    ],
)
def test_what_is_wrong_in_an_incident_is_named(
    read: Any, changed: dict[str, Any], path: str
) -> None:
    assert any(problem.startswith(f"{path}:") for problem in wrong(read, **changed))


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"place": "leeds"}, "place: stands for an object: write it in braces"),
        ({"incidents": None}, "incidents: stands for a list: write it in brackets"),
        ({"need": ["gas"]}, "need: stands for words: write them in quotes"),
        ({"now": 0}, f"now: {A_MOMENT}"),
        ({"now": "2026-11-24T12:00:00"}, f"now: {A_MOMENT}"),
        ({"now": "2026-11-24T25:00:00Z"}, f"now: {A_MOMENT}"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(
    read: Any, changed: dict[str, Any], problem: str
) -> None:
    assert refused(read, **changed) == [problem]


def test_no_scenario_at_all_is_named_so(read: Any) -> None:
    with pytest.raises(ScenarioError) as told:
        read(5)
    assert told.value.problems == ("scenario: stands for an object: write it in braces",)


def test_the_last_moments_of_the_calendar_are_moments(read: Any, rulebook: Rulebook) -> None:
    last = "9999-12-31T23:59:59+00:00"
    late = number("01632 960001", "9999-12-31T00:00:00+00:00")
    situation = read({**SCENARIO, "now": last, "incidents": [{**INCIDENT, "numbers": [late]}]})
    assert advise(rulebook, situation).entries


def test_an_unknown_key_of_an_incident_is_named_with_its_path(read: Any) -> None:
    (problem,) = wrong(read, chanel="999")
    assert problem == 'key "incidents.0.chanel" is unknown. Did you mean "channel"?'


def test_two_different_incidents_of_one_id_are_refused(read: Any) -> None:
    other = {**INCIDENT, "state": "down"}
    assert any("stands twice" in p for p in refused(read, incidents=[INCIDENT, other]))


def test_the_same_incident_twice_is_one(read: Any) -> None:
    assert read({**SCENARIO, "incidents": [INCIDENT, INCIDENT]})


def test_incidents_that_supersede_each_other_are_refused(read: Any) -> None:
    a = {**INCIDENT, "id": "a", "supersedes": "b"}
    b = {**INCIDENT, "id": "b", "supersedes": "a"}
    assert len([p for p in refused(read, incidents=[a, b]) if "supersede itself" in p]) == 2


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"area": "leicester"}, "is unknown"),
        ({"police": "avon-and-somerset"}, "leaves several areas"),
        ({"council": "E99999999"}, "is unknown"),
        ({"find": "Atlantis"}, "nothing is known"),
        ({"find": "Leeds", "area": "kent"}, "find stands alone: leave out area"),
    ],
)
def test_a_place_that_is_none_or_several_is_refused(
    read: Any, place: dict[str, str], said: str
) -> None:
    (problem,) = refused(read, place=place)
    assert problem.startswith("place: ")
    assert said in problem


def test_services_that_together_leave_one_area_are_a_place(read: Any) -> None:
    both = {"police": "avon-and-somerset", "fire": "devon-and-somerset"}
    assert read({**SCENARIO, "place": both}).place.police == "avon-and-somerset"


def test_a_network_may_be_named_as_people_do(read: Any) -> None:
    assert read({**SCENARIO, "visitor": {"network": "BT Mobile"}}).visitor.network == "bt-mobile"


def test_an_unknown_network_is_named(read: Any) -> None:
    (problem,) = refused(read, visitor={"network": "Telepathy"})
    assert problem.startswith('visitor.network: network "Telepathy" is unknown')
