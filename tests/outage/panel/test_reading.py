"""What an operator reads: names and UK time, never ids, and everything that will be signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from outage.statements import operator_text, timeline_text
from outage.statements.actor import Actor
from outage.statements.statement import Statement
from outage.workflow import incidents
from tests.outage.panel.test_editing import full
from tests.outage.panel.test_panel import now, posted, signed_in, soon
from tests.outage.said import content, replacing
from triage.rules import rulebook

SUMMER = datetime.fromisoformat("2026-06-25T02:30:00+00:00")


def said(**more: Any) -> dict[str, tuple[str, ...]]:
    found = operator_text.lines(Statement.model_validate(content(**more)), rulebook())
    return {line.label: line.values for line in found}


def test_times_are_said_in_uk_time() -> None:
    assert said(review_at=SUMMER.isoformat())["Next check"] == ("Thu 25 Jun 03:30",)


def test_places_and_channels_are_said_by_name() -> None:
    lines = said(footprints=["council:E06000016"], services=["police"])
    assert lines["Where"] == ("Leicester",)
    assert lines["Only for calls to"] == ("police",)


def test_a_notice_says_where_people_are_sent() -> None:
    (advice,) = said(notices=replacing()["notices"])["Advice"]
    assert advice.startswith("Police emergency: Go straight to the alternative: 101")


def test_everything_a_content_can_say_is_read_out() -> None:
    shown = Statement.model_validate(full(networks=["ee"], lines=["mobile"], keep_free=["101"],
        degraded_features=["relay"], planned=True, starts_at=SUMMER, starts_source="desk",
        ends_at=SUMMER, callbacks_until=SUMMER, demand_note="busy", demand_until=SUMMER,
        watch_until=SUMMER, words_cy="cy", cause_en="cable", cause_cy="cebl", cause_by="us",
        supersedes="x", adopted_from="y", adopted_version=3,
        adopted_sense="z"))  # fmt: skip
    unset = {name for name in Statement.model_fields if not getattr(shown, name)}
    assert unset == {"cause_confirmed"}
    text = str(operator_text.lines(shown, rulebook()))
    for word in ("EE", "mobiles", "Text relay", "desk", "busy", "cable", "cebl", "01632 960002"):
        assert word in text


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_public_is_told_that_nobody_knows_which_areas(lang: str) -> None:
    unknown = Statement.model_validate(content(areas_unknown=True))
    known = Statement.model_validate(content())
    told = {"en": "It is not known which areas.", "cy": "Nid yw'n hysbys pa ardaloedd."}[lang]
    catalogue = rulebook().catalogue
    assert told in getattr(timeline_text.sentence("declared", unknown, catalogue), lang)
    assert told not in getattr(timeline_text.sentence("declared", known, catalogue), lang)


@pytest.mark.django_db
def test_the_preview_names_every_place_and_answer(ann: Actor, nat: Actor) -> None:
    post = posted(footprints=["nation:wales"])
    body = signed_in(nat).post("/staff/declare/changes/", post).content.decode()
    assert "5 areas" in body
    assert "North Wales" in body
    assert "try it first, then the next" in body
    assert "Do not ring just to test it" in body


@pytest.mark.django_db
def test_who_approves_reads_everything_above_the_button(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(now(ann), soon(notices=replacing()["notices"], cause_en="A cable",
                                              cause_cy="Cebl"))  # fmt: skip
    incidents.submit(now(ann), proposal.pk, proposal.version)
    body = signed_in(bob).get(reverse("staff:draft", args=[proposal.pk])).content.decode()
    above = body[: body.index('value="approve"')]
    assert "A cable, not confirmed" in above
    assert "Go straight to the alternative: 101" in above


@pytest.mark.django_db
def test_an_exercise_has_no_public_page_to_lead_to(ann: Actor) -> None:
    proposal = incidents.draft(now(ann), soon(), exercise=True)
    row = incidents.publish(now(ann), proposal.pk, proposal.version)
    assert "public page" not in signed_in(ann).get(f"/staff/incidents/{row.slug}/").content.decode()
