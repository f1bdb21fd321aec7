"""What a preview costs, and how many may be worked out at once."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from outage.panel import preview_slots
from outage.statements import impact
from outage.statements.actor import Actor
from tests.cast import NOON, channels, incident
from tests.outage.panel.test_panel import posted, signed_in
from triage.rules import rulebook


def test_a_uk_wide_preview_works_out_each_kind_of_place_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not once for each need: 159 times the same lines to keep free took four fifths of it."""
    asked = Mock(wraps=impact._context)
    monkeypatch.setattr(impact, "_context", asked)
    found = impact.changes(rulebook(), (), (incident("999"),), NOON)
    assert len(found) > 50
    assert asked.call_count <= 2 * 10
    emergency = next(c for c in found if c.need.id == "police-emergency")
    assert channels(emergency.old)[0] == "999" != channels(emergency.new)[0]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Both slots are taken, and nobody waits."""
    monkeypatch.setattr(preview_slots, "PATIENCE", 0.0)
    with preview_slots.slot(), preview_slots.slot():
        yield


def test_a_third_preview_at_once_is_refused_kindly(ann: Actor, taken: None) -> None:
    body = signed_in(ann).post("/staff/declare/changes/", posted()).content.decode()
    assert preview_slots.BUSY in body


def test_a_third_page_at_once_is_no_page(ann: Actor, taken: None) -> None:
    answer = signed_in(ann).post("/staff/preview/new/in/kent/", posted())
    assert (answer.status_code, answer["Content-Type"][:10]) == (503, "text/plain")


def test_publishing_waits_for_no_preview(ann: Actor, taken: None) -> None:
    answer = signed_in(ann).post("/staff/declare/", posted(do="publish"), follow=True)
    assert "It is live." in answer.content.decode()


def test_a_viewer_previews_nothing(viv: Actor) -> None:
    body = signed_in(viv).post("/staff/declare/changes/", posted()).content.decode()
    assert "Your role reads only" in body
    assert "One person may publish" not in body
