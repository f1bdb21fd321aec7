"""Interrupted, pressed twice, sent again: what was typed comes back, one fault is stated once."""

from __future__ import annotations

import re
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from outage.models import Incident, Proposal, Stage, TypedForm
from outage.statements.actor import Actor
from outage.statements.errors import AlreadyLiveError
from outage.workflow import endings, incidents
from tests.outage.panel.test_panel import now, posted, signed_in, soon
from tests.outage.said import at, content, published, submitted

pytestmark = pytest.mark.django_db
DECLARE = "/staff/declare/"


def key_of(client: Client) -> str:
    body = client.get(DECLARE).content.decode()
    found = re.search(r'name="key" value="([^"]+)"', body)
    assert found
    return found[1]


def test_pressing_twice_publishes_once(ann: Actor) -> None:
    client = signed_in(ann)
    key = key_of(client)
    first, second = (client.post(DECLARE, posted(key=key)) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == 1


def test_a_form_sent_again_with_other_words_becomes_a_change_of_what_is_live(ann: Actor) -> None:
    """Publish, Back, another state, Publish."""
    client = signed_in(ann)
    key = key_of(client)
    client.post(DECLARE, posted(key=key))
    client.post(DECLARE, posted(key=key, state="on-backup"))
    assert Incident.objects.count() == 1
    assert Proposal.objects.latest("pk").content["state"] == "on-backup"


def test_a_key_of_somebody_else_is_no_key(ann: Actor, bob: Actor) -> None:
    key = key_of(signed_in(bob))
    signed_in(ann).post(DECLARE, posted(key=key))
    assert Proposal.objects.get().key == ""


def test_the_second_statement_of_one_fault_is_led_to_the_first(ann: Actor, bob: Actor) -> None:
    row = published(now(ann), soon())
    page = signed_in(bob).post(DECLARE, posted(), follow=True).content.decode()
    assert "says this already" in page
    assert "by ann, 0 minutes ago" in page
    assert reverse("staff:incident", args=[row.slug]) in page
    assert Incident.objects.filter(stage=Stage.LIVE).count() == 1


def test_and_what_was_written_becomes_a_change_of_it(ann: Actor, bob: Actor) -> None:
    row = published(now(ann), soon())
    more = {"do": "again", "onto": row.slug, "state": "on-backup"}
    signed_in(bob).post(DECLARE, posted(**more))
    draft = Proposal.objects.get(stage=Stage.DRAFT)
    assert (draft.incident, draft.content["state"]) == (row, "on-backup")


@pytest.mark.parametrize(
    "other",
    [
        {"channel": "101"},
        {"networks": ["ee"]},
        {"planned": True, "starts_at": "2026-11-25T02:00:00+00:00",
         "ends_at": "2026-11-25T04:00:00+00:00", "review_at": None},
    ],
)  # fmt: skip
def test_another_fault_of_the_same_place_stands_beside_it(
    nat: Actor, other: dict[str, Any]
) -> None:
    published(nat)
    assert published(nat, content(**other)).stage == Stage.LIVE


@pytest.mark.parametrize("place", ["uk", "nation:england", "ambulance:east-midlands"])
def test_places_that_overlap_are_one_fault(nat: Actor, place: str) -> None:
    published(nat)
    with pytest.raises(AlreadyLiveError):
        published(nat, content(footprints=[place]))


def test_a_change_that_would_run_into_another_is_refused_too(nat: Actor) -> None:
    published(nat, content(footprints=["police:kent"]))
    row = published(nat)
    change = incidents.amend(nat, row.slug, row.version)
    wider = incidents.edit(nat, change.pk, change.version, content(footprints=["uk"]))
    with pytest.raises(AlreadyLiveError):
        incidents.publish(nat, wider.pk, wider.version)


def test_nobody_is_asked_to_approve_what_is_live_already(ann: Actor) -> None:
    published(ann)
    with pytest.raises(AlreadyLiveError):
        submitted(ann)


def test_stopping_wins_over_a_page_that_is_out_of_date(ann: Actor, bob: Actor) -> None:
    row = published(ann)
    renewed = incidents.renew(at(bob, minutes=5), row.slug, row.version)
    incidents.publish(at(bob, minutes=5), renewed.pk, renewed.version)
    assert endings.stand_down(at(ann, minutes=6), row.slug, row.version).stage == Stage.ENDED


# ---- what was typed


def typed(client: Client, key: str, **more: Any) -> int:
    post = posted(key=key, typed_on=DECLARE, words_en="Half a sen", **more)
    return client.post("/staff/typed/", post).status_code


def test_what_is_typed_is_there_again_after_a_restart(ann: Actor) -> None:
    client = signed_in(ann)
    key = key_of(client)
    assert typed(client, key, state="delayed", channel="101") == 204
    body = signed_in(ann).get(f"{DECLARE}?typed={key}").content.decode()
    assert "Half a sen</textarea>" in body
    assert '<option value="101" selected>' in body
    assert "Go on with what you typed" in signed_in(ann).get("/staff/").content.decode()


def test_nobody_else_is_shown_it(ann: Actor, bob: Actor) -> None:
    key = key_of(signed_in(ann))
    typed(signed_in(ann), key)
    assert "Half a sen" not in signed_in(bob).get(f"{DECLARE}?typed={key}").content.decode()
    typed(signed_in(bob), key)
    assert TypedForm.objects.get().user == ann.operator.user


def test_what_was_kept_is_no_longer_unfinished(ann: Actor) -> None:
    client = signed_in(ann)
    key = key_of(client)
    typed(client, key)
    client.post(DECLARE, posted(key=key, do="keep"))
    assert not TypedForm.objects.exists()


def test_a_form_sent_after_the_session_ended_comes_back_after_the_sign_in(ann: Actor) -> None:
    key = key_of(signed_in(ann))
    stranger = Client()
    away = stranger.post(DECLARE, posted(key=key, words_en="Typed at three"))
    assert f"typed%3D{key}" in away["Location"]
    stranger.force_login(ann.operator.user)
    assert "Typed at three" in stranger.get(f"{DECLARE}?typed={key}").content.decode()


def test_and_not_for_whoever_else_signs_in_there(ann: Actor, bob: Actor) -> None:
    key = key_of(signed_in(ann))
    stranger = Client()
    stranger.post(DECLARE, posted(key=key, words_en="Typed at three"))
    stranger.force_login(bob.operator.user)
    assert "Typed at three" not in stranger.get(f"{DECLARE}?typed={key}").content.decode()
    assert not TypedForm.objects.exists()


def test_a_time_that_is_none_loses_nothing_else(ann: Actor) -> None:
    post = posted(ends_at="later", words_en="Kept words", delay_minutes="many")
    body = signed_in(ann).post(DECLARE, post).content.decode()
    assert "Kept words</textarea>" in body
    assert "is not a" in body


def test_a_draft_gives_back_what_was_typed_in_it(ann: Actor) -> None:
    proposal = incidents.draft(now(ann), soon())
    address = reverse("staff:draft", args=[proposal.pk])
    key = f"{ann.operator.user.pk}-draft-{proposal.pk}-{proposal.version}"
    post = posted(key=key, typed_on=address, draft=proposal.pk, words_en="Not saved")
    signed_in(ann).post("/staff/typed/", post)
    body = signed_in(ann).get(address).content.decode()
    assert "Not saved</textarea>" in body
    assert "did not save" in body


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="a database in memory has one writer")
def test_three_presses_at_once_publish_once(ann: Actor) -> None:
    client = signed_in(ann)
    key = key_of(client)

    def press() -> None:
        signed_in(ann).post(DECLARE, posted(key=key))
        connection.close()

    presses = [Thread(target=press) for _ in range(3)]
    for press_ in presses:
        press_.start()
    for press_ in presses:
        press_.join()
    assert Incident.objects.filter(stage=Stage.LIVE).count() == 1
