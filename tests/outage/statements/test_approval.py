"""How many people a publication needs: the cases that carry safety, by their values."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from outage.statements.actor import Actor
from outage.statements.approval import CONFIRM_WITHIN, review_after, why_two
from outage.statements.validation import read
from tests.cast import NOON
from tests.outage.said import content, replacing
from triage.engine.proof_classes import can_be_stated
from triage.engine.situation import State
from triage.rules import rulebook

pytestmark = pytest.mark.django_db
AWAY = "it tells people not to use a channel"


def reasons(by: Actor, **more: Any) -> tuple[str, ...]:
    return why_two(read(content(**more), rulebook(), NOON), by.rights, rulebook())


FAILING = sorted(c for c in rulebook().catalogue.channels if can_be_stated(rulebook(), c))


@pytest.mark.parametrize("channel", FAILING)
def test_down_sends_away_whether_or_not_a_preset_says_so(nat: Actor, channel: str) -> None:
    assert AWAY in reasons(nat, channel=channel, state="down", footprints=["uk"])


@pytest.mark.parametrize("state", ["many-failing", "delayed", "degraded", "on-backup"])
def test_a_preset_of_a_lesser_state_takes_one_person(ann: Actor, state: str) -> None:
    assert reasons(ann, state=state) == ()


def test_replace_takes_two(ann: Actor) -> None:
    found = why_two(read(replacing(), rulebook(), NOON), ann.rights, rulebook())
    assert AWAY in found


def test_one_person_who_published_alone_has_half_an_hour() -> None:
    assert timedelta(minutes=30) == CONFIRM_WITHIN


@pytest.mark.parametrize(
    ("channel", "state", "minutes"),
    [
        ("999", State.DOWN, 30),
        ("999", State.MANY_FAILING, 30),
        ("999", State.ON_BACKUP, 60),
        ("101", State.DOWN, 120),
        ("111", State.DELAYED, 120),
        ("police-online", State.DOWN, 240),
    ],
)
def test_the_next_look_that_goes_without_saying(channel: str, state: State, minutes: int) -> None:
    assert review_after(channel, state) == timedelta(minutes=minutes)
