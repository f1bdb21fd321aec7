"""The ways back: what was stopped is taken back, reported again, begun anew; and who was left is
told so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from outage import bulletin as door
from outage.models import Event, Incident, StatementTemplate
from outage.statements import stored
from outage.statements.actor import Actor
from outage.statements.errors import AlreadyLiveError, RefusedError
from outage.workflow import endings, incidents
from tests.cast import channels
from tests.outage.panel.test_panel import now, posted, signed_in, soon
from tests.outage.said import (
    approved,
    at,
    bulletin,
    content,
    leicester,
    published,
    replacing,
    told,
)

pytestmark = pytest.mark.django_db

ENDS: dict[str, dict[str, Any]] = {
    "over": {},
    "watched": {"watch": timedelta(hours=1)},
    "narrowed": {"footprints": ("police:leicestershire",)},
}


@pytest.mark.parametrize("how", ENDS)
def test_what_was_stopped_goes_on_with_the_approvals_it_had(
    ann: Actor, bob: Actor, how: str
) -> None:
    row = approved(ann, bob, replacing())
    endings.stand_down(at(ann, minutes=5), row.slug, row.version, **ENDS[how])
    endings.take_back(at(ann, minutes=14), row.slug)
    assert told("police-emergency", leicester(), minutes=15).first.channel == "101"


def test_narrowing_is_taken_back_by_the_one_who_did_it(nat: Actor) -> None:
    row = published(nat, content(footprints=["uk"]))
    endings.stand_down(at(nat, minutes=5), row.slug, row.version, ("nation:england",))
    assert channels(told("police-emergency", leicester(), minutes=6))[0] == "999"
    endings.take_back(at(nat, minutes=9), row.slug)
    assert stored.published(Incident.objects.get()).content.footprints == ("uk",)
    assert not bulletin(minutes=10).stories[row.slug].left


def test_nobody_else_takes_it_back_and_nobody_after_ten_minutes(ann: Actor, bob: Actor) -> None:
    row = published(ann)
    endings.stand_down(at(ann, minutes=5), row.slug, row.version)
    for by in (at(bob, minutes=6), at(ann, minutes=16)):
        with pytest.raises(RefusedError, match="within ten minutes"):
            endings.take_back(by, row.slug)


def test_what_was_never_stopped_is_not_taken_back(ann: Actor) -> None:
    row = published(ann)
    with pytest.raises(RefusedError, match="within ten minutes"):
        endings.take_back(at(ann, minutes=1), row.slug)


def test_it_is_not_taken_back_over_what_was_said_meanwhile(ann: Actor, bob: Actor) -> None:
    row = published(ann)
    endings.stand_down(ann, row.slug, row.version)
    published(at(bob, minutes=1))
    with pytest.raises(AlreadyLiveError):
        endings.take_back(at(ann, minutes=2), row.slug)


def test_the_timeline_says_that_the_end_was_a_mistake(ann: Actor) -> None:
    row = published(ann)
    endings.stand_down(ann, row.slug, row.version)
    endings.take_back(at(ann, minutes=2), row.slug)
    newest = bulletin(minutes=3).stories[row.slug].entries[0]
    assert newest.words.en.startswith("It goes on. The end was said by mistake")


def test_the_page_offers_it_to_the_one_who_stopped_it(ann: Actor, bob: Actor) -> None:
    row = published(now(ann), soon())
    address = reverse("staff:incident", args=[row.slug])
    assert "Yes, it is over" in signed_in(ann).get(address).content.decode()
    signed_in(ann).post(f"{address}stand-down/", {"version": row.version, "do": "end"})
    assert "Take it back" in signed_in(ann).get(address).content.decode()
    assert "Take it back" not in signed_in(bob).get(address).content.decode()
    signed_in(ann).post(f"{address}take-back/")
    assert Incident.objects.get().stage == "live"


def test_what_is_over_is_reported_again_in_its_own_story(ann: Actor) -> None:
    row = published(ann)
    row = endings.stand_down(at(ann, minutes=20), row.slug, row.version)
    again = endings.reopen(at(ann, minutes=40), row.slug, row.version)
    incidents.publish(at(ann, minutes=41), again.pk, again.version)
    assert channels(told("police-emergency", leicester(), minutes=42))[:2] == ["999", "101"]
    kinds = [e.kind for e in bulletin(minutes=42).stories[row.slug].entries]
    assert kinds == ["reopened", "stood-down", "declared"]


def test_reporting_a_replace_again_takes_two(ann: Actor, bob: Actor) -> None:
    row = approved(ann, bob)
    row = endings.stand_down(at(ann, minutes=20), row.slug, row.version)
    again = endings.reopen(at(ann, minutes=40), row.slug, row.version)
    with pytest.raises(RefusedError, match="second person"):
        incidents.publish(at(ann, minutes=41), again.pk, again.version)


def test_a_new_form_begins_like_an_old_statement(ann: Actor) -> None:
    row = published(now(ann), soon(channel="101", state="delayed"))
    body = signed_in(ann).get(f"/staff/declare/?like={row.slug}").content.decode()
    assert '<option value="101" selected>' in body
    assert 'value="delayed" checked' in body


def test_a_template_has_a_name_and_no_times(ann: Actor, kim: Actor) -> None:
    row = published(now(ann), soon(channel="101", state="delayed", typical_delay_seconds=1200))
    address = reverse("staff:template", args=[row.slug])
    signed_in(ann).post(address, {"name": "Storm: 101 busy"})
    kept = StatementTemplate.objects.get()
    form = f"/staff/declare/?template={kept.pk}"
    assert "Storm: 101 busy" in signed_in(ann).get("/staff/declare/").content.decode()
    assert (
        'name="delay_minutes" min="0" max="1440" inputmode="numeric" value="20"'
        in signed_in(ann).get(form).content.decode()
    )
    assert signed_in(kim).get(form).status_code == 403


def test_a_correction_is_chosen_from_ones_own_live_statements(ann: Actor, nat: Actor) -> None:
    mine, theirs = published(now(ann), soon()), published(now(nat), soon(footprints=["uk"]))
    body = signed_in(ann).get("/staff/declare/").content.decode()
    assert f'<option value="{mine.slug}">' in body
    assert f'<option value="{theirs.slug}">' not in body


# ---- who was left


def narrowed(by: Actor) -> Incident:
    row = published(by, content(footprints=["uk"]))
    return endings.stand_down(at(by, minutes=5), row.slug, row.version, ("nation:wales",))


def test_a_narrowing_names_where_it_is_over_and_where_it_goes_on(nat: Actor) -> None:
    row = narrowed(nat)
    words = bulletin(minutes=6).stories[row.slug].entries[0].words
    assert words.en == (
        "Over in Wales. It goes on elsewhere: 999, the emergency number: many attempts are "
        "failing (England, Scotland, Northern Ireland)."
    )
    assert words.cy.startswith("Drosodd yn y lleoedd hyn Cymru.")


@pytest.mark.parametrize("feed", ["wales", "gwent"])
def test_who_was_left_keeps_the_entry_and_reads_that_it_is_over(nat: Actor, feed: str) -> None:
    narrowed(nat)
    with door.showing(bulletin(minutes=6)):
        body = Client().get(f"/feeds/{feed}.atom").content.decode()
    assert "Over here since 12:05 GMT" in body
    assert "goes on in other places" in body


def test_who_is_still_in_it_is_told_that_it_goes_on(nat: Actor) -> None:
    narrowed(nat)
    with door.showing(bulletin(minutes=6)):
        body = Client().get("/feeds/kent.atom").content.decode()
    assert "Over here" not in body


def test_the_status_page_of_who_was_left_shows_it_over(nat: Actor) -> None:
    row = narrowed(nat)
    with door.showing(bulletin(minutes=6)):
        body = Client().get("/in/gwent/status/").content.decode()
    assert f"/incident/{row.slug}/" in body


def test_no_words_of_a_fault_are_repeated_at_its_end(ann: Actor, bob: Actor) -> None:
    words = {"words_en": "Do not call 101.", "words_cy": "Peidiwch â ffonio 101."}
    row = approved(ann, bob, replacing(**words))
    row = endings.stand_down(at(ann, minutes=5), row.slug, row.version, watch=timedelta(hours=1))
    endings.stand_down(at(ann, minutes=9), row.slug, row.version)
    told_since = [e["words"] for e in entries(row)]
    assert not [w for w in told_since if "Do not call" in w]


def entries(row: Incident) -> list[dict[str, str]]:
    story = bulletin(minutes=10).stories[row.slug]
    return [{"words": e.words.en} for e in story.entries if e.kind != "declared"]


def test_every_way_back_is_on_the_record(ann: Actor) -> None:
    row = published(ann)
    row = endings.stand_down(at(ann, minutes=1), row.slug, row.version)
    row = endings.take_back(at(ann, minutes=2), row.slug)
    row = endings.stand_down(at(ann, minutes=3), row.slug, row.version)
    again = endings.reopen(at(ann, minutes=20), row.slug, row.version)
    incidents.publish(at(ann, minutes=21), again.pk, again.version)
    kinds = [e.kind for e in Event.objects.filter(incident=row.slug)]
    assert kinds[-5:] == ["stood-down", "taken-back", "stood-down", "amendment-started", "reopened"]


def test_a_fault_pressed_again_while_it_is_watched_is_led_to_it(ann: Actor) -> None:
    row = published(now(ann), soon())
    endings.stand_down(now(ann), row.slug, row.version, watch=timedelta(hours=1))
    page = signed_in(ann).post("/staff/declare/", posted(), follow=True).content.decode()
    assert "says this already" in page
