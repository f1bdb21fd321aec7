"""Practising: a newcomer walks through the real forms, and nothing of it is ever real."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from outage.models import Event, Incident
from outage.statements import operator_text
from outage.statements.actor import Actor
from outage.workflow import endings, incidents
from tests.outage.panel.test_editing import form_of
from tests.outage.panel.test_panel import now, signed_in, soon
from tests.outage.said import bulletin

pytestmark = pytest.mark.django_db
PRACTICE = "/staff/declare/?training=1"


def left(by: Actor) -> int:
    return int(signed_in(by).get("/staff/practise/").context["left"])


def test_the_form_of_practice_makes_nothing_but_exercises(ann: Actor) -> None:
    body = signed_in(ann).get(PRACTICE).content.decode()
    assert "Start the exercise" in body
    signed_in(ann).post(
        "/staff/declare/", {**form_of(body), "broken": "front-door", "do": "publish"}
    )
    assert Incident.objects.get().exercise
    assert bulletin().incidents == ()


def test_each_step_counts_once_it_is_done_in_an_exercise(ann: Actor) -> None:
    whole = left(ann)
    proposal = incidents.draft(now(ann), soon(), exercise=True)
    row = incidents.publish(now(ann), proposal.pk, proposal.version)
    assert left(ann) == whole - 1
    row = endings.stand_down(now(ann), row.slug, row.version)
    endings.take_back(now(ann), row.slug)
    assert left(ann) == whole - 3


def test_what_was_done_for_real_or_by_others_does_not_count(ann: Actor, bob: Actor) -> None:
    whole = left(ann)
    proposal = incidents.draft(now(ann), soon())
    incidents.publish(now(ann), proposal.pk, proposal.version)
    other = incidents.draft(now(bob), soon(), exercise=True)
    incidents.publish(now(bob), other.pk, other.version)
    assert Event.objects.exists()
    assert left(ann) == whole


def test_a_time_of_another_year_says_so() -> None:
    eve = datetime(2026, 12, 31, 12, tzinfo=UTC)
    new_year = datetime(2027, 1, 1, 12, tzinfo=UTC)
    assert operator_text.when(new_year, eve) == "Fri 1 Jan 2027 12:00"
    assert operator_text.when(eve, eve) == "Thu 31 Dec 12:00"
