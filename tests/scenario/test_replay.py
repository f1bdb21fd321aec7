"""25 June 2023 after every change of the day, against a table that was written before the run."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from outage.audit import past_days
from tests.cast import channels, incident, issuer
from triage.engine.advice import Advice
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Incident, IssuerKind, Situation
from triage.engine.unknown_place import advise
from triage.places.finder import Finder

TABLE = tomllib.loads(Path(__file__).with_name("replay_2023_06_25.toml").read_text("utf-8"))
PAIRS: list[dict[str, Any]] = TABLE["pair"]
DAY = past_days.day("2023-06-25")
RELAY = TABLE["relay"]


def _at(minute: str) -> datetime:
    return datetime.fromisoformat(f"2023-06-25T{minute}:00+01:00")


def _changes() -> list[datetime]:
    stated = {statement.at for statement in DAY.statement}
    return sorted({DAY.starts_at, *stated, *map(_at, RELAY.values())})


CHANGES = _changes()


def _title(pair: Mapping[str, Any]) -> str:
    return f"{pair['place']} {pair['need']}"


@pytest.fixture(params=PAIRS, ids=_title)
def pair(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(request.param)


def _relay() -> Incident:
    return incident(
        "relay-platform",
        issuer=issuer("BT", IssuerKind.CARRIER),
        published_at=_at(RELAY["from"]),
        review_at=_at(RELAY["until"]) + timedelta(hours=1),
        ends_at=_at(RELAY["until"]),
    )


@pytest.fixture
def replayed(
    pair: dict[str, Any], rulebook: Rulebook, finder: Finder
) -> list[tuple[datetime, Advice]]:
    place = finder.find(pair["place"]).places[0]
    return [
        (at, advise(rulebook, Situation(at, pair["need"], place, incidents=_known(at))))
        for at in CHANGES
    ]


def _known(at: datetime) -> tuple[Incident, ...]:
    return (*past_days.known(DAY, at), _relay())


def _expected(pair: Mapping[str, Any], at: datetime) -> str:
    """The row in force: minutes of one day in one form stand in order as texts do."""
    return str(pair["says"][max(m for m in pair["says"] if _at(m) <= at)])


def _differences(expected: str, advice: Advice) -> Iterator[str]:
    mode, _, rest = expected.partition(": ")
    ways, shown = rest.split(), channels(advice)
    lead = [way for way in ways if way[0] not in "+!"]
    if mode not in ("-", advice.first.mode):
        yield f"mode {advice.first.mode}"
    if shown[: len(lead)] != lead:
        yield f"leads {shown}"
    yield from (f"lacks {w}" for w in ways if w[0] == "+" and w[1:] not in shown)
    yield from (f"shows {w}" for w in ways if w[0] == "!" and w[1:] in shown)


def test_every_change_is_answered_as_the_table_says(
    pair: dict[str, Any], replayed: list[tuple[datetime, Advice]]
) -> None:
    wrong = [
        f"{at:%H:%M} {difference} (expected {expected})"
        for at, advice in replayed
        for expected in [_expected(pair, at)]
        for difference in _differences(expected, advice)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_minute_of_the_day_sends_anybody_round_999_by_112(
    replayed: list[tuple[datetime, Advice]],
) -> None:
    assert not [at for at, advice in replayed if "112" in channels(advice)]


def test_every_emergency_ends_at_a_place(
    pair: dict[str, Any], replayed: list[tuple[datetime, Advice]]
) -> None:
    ends = {channels(advice)[-1] for _, advice in replayed if advice.urgency == "emergency"}
    assert ends <= {"in-person"}


def test_the_table_holds_24_pairs_and_changes_at_changes_alone() -> None:
    assert len({_title(pair) for pair in PAIRS}) == 24
    assert {_at(minute) for pair in PAIRS for minute in pair["says"]} <= set(CHANGES)
    assert len(CHANGES) >= 20
