"""The board: what it tells of each statement, and that an open one learns of what is new."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from outage.statements.actor import Actor
from tests.outage.panel.test_panel import now, signed_in, soon
from tests.outage.said import published
from triage import clock

pytestmark = pytest.mark.django_db


def test_a_live_card_says_what_people_are_told_to_do(ann: Actor) -> None:
    published(now(ann), soon())
    assert "Advice: the usual" in signed_in(ann).get("/staff/").content.decode()


def test_an_open_board_learns_that_it_has_changed(ann: Actor, bob: Actor) -> None:
    client = signed_in(ann)
    board, ask = client.get("/staff/").content.decode(), reverse("staff:mark")
    before = client.get(ask).content.decode()
    assert f'data-mark="{before}"' in board
    published(now(bob), soon())
    assert client.get(ask).content.decode() != before


def test_it_learns_too_that_something_is_overdue(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(now(ann), soon())
    client, real = signed_in(ann), clock.now
    before = client.get(reverse("staff:mark")).content
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=31))
    assert client.get(reverse("staff:mark")).content != before


def test_a_board_that_asks_by_itself_keeps_nobody_signed_in(ann: Actor) -> None:
    client = signed_in(ann)
    assert "sessionid" in client.get("/staff/").cookies
    assert "sessionid" not in client.get(reverse("staff:mark")).cookies
