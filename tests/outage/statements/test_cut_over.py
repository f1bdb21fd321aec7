"""From one edition of the rules to the next: what is live stays, what was told is kept."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from outage.audit import record, replay
from outage.models import Event, Incident
from outage.statements.actor import Actor
from outage.statements.contract import outdated
from outage.statements.stored import published as stored
from tests.cast import NOON, channels
from tests.outage.said import approved, bulletin, leicester, published, told
from triage.engine.edition import CONTRACT
from triage.engine.situation import Mode
from triage.rules import rulebook

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


def _as_of_old(row: Incident, to: list[str]) -> None:
    """A row as it was published before editions were counted: a key less, and what was allowed."""
    data = {k: v for k, v in row.published.items() if k != "contract"} if row.published else {}
    for notice in data["content"]["notices"]:
        notice["to"] = to
    Incident.objects.filter(pk=row.pk).update(published=data)


def test_what_todays_rules_refuse_loads_as_overdue(ann: Actor, bob: Actor) -> None:
    row = approved(ann, bob)
    assert channels(told("police-emergency", leicester()))[0] == "101"
    _as_of_old(row, ["police-online"])
    assert outdated(stored(Incident.objects.get(pk=row.pk)), rulebook())
    advice = told("police-emergency", leicester())
    assert (advice.first.channel, advice.first.mode) == ("999", Mode.TRY_FIRST)
    assert advice.notices[0].overdue


def test_what_todays_rules_follow_stays_as_it_was(ann: Actor, bob: Actor) -> None:
    row = approved(ann, bob)
    _as_of_old(row, ["101"])
    assert not outdated(stored(Incident.objects.get(pk=row.pk)), rulebook())
    assert not told("police-emergency", leicester()).notices[0].overdue
    assert bulletin().incidents[0].confirm_by is None


def test_every_event_says_which_edition_decided(ann: Actor) -> None:
    published(ann)
    assert {json.loads(event.body)["contract"] for event in Event.objects.all()} == {CONTRACT}


def test_what_other_rules_decided_is_not_worked_out_again(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(record, "CONTRACT", 1)
        published(ann)
    with pytest.raises(replay.ReplayError, match=f"Edition 1 .* this is edition {CONTRACT}"):
        replay.replay(LATER, leicester(), "police-emergency")
