"""Finding what was done: by words, person and day; whose record one may take along; its head; and
what one shift leaves to the next."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client

from outage import bulletin as door
from outage.audit.record_search import UnknownDayWordError, day
from outage.models import Addition, Event, HandOver, OutboxMessage
from outage.notify.occasions import Occasion
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import endings, shifts
from tests.outage.panel.test_panel import signed_in
from tests.outage.said import at, bulletin, content, published

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [("today", (2026, 12, 1)), ("yesterday", (2026, 11, 30)), ("last Tuesday", (2026, 11, 24)),
     ("Tuesday", (2026, 11, 24)), ("monday", (2026, 11, 30)), ("2023-06-25", (2023, 6, 25)),
     ("25 June 2023", (2023, 6, 25)), ("24th november", (2026, 11, 24)),
     ("3 Dec", (2025, 12, 3)), ("1 December", (2026, 12, 1))],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(text: str, found: tuple[int, int, int]) -> None:
    assert day(text, TUESDAY) == date(*found)


@pytest.mark.parametrize("text", ["someday", "31 February", "2026-13-01", "99 June", "5 x"])
def test_what_is_no_day_is_said(text: str) -> None:
    with pytest.raises(UnknownDayWordError, match="is no day"):
        day(text, TUESDAY)


def rows(by: Actor, query: str) -> list[str]:
    page = signed_in(by).get(f"/staff/record/?{query}")
    return [event.kind for event, _ in page.context["rows"]]


def test_events_are_found_by_words_person_channel_and_day(ann: Actor, bob: Actor) -> None:
    row = published(ann)
    published(bob, content("101"))
    endings.stand_down(at(bob, hours=30), row.slug, row.version)
    assert rows(ann, "words=stood") == ["stood-down"]
    assert rows(ann, "person=bob") == ["stood-down", "declared", "draft"]
    assert rows(ann, "channel=101") == ["declared", "draft"]
    assert rows(ann, "since=24+November+2026") == ["declared", "draft"] * 2
    assert rows(ann, "since=2026-11-25") == ["stood-down"]
    assert rows(ann, "until=2026-11-24&channel=999") == ["declared", "draft"]


def test_nobody_finds_anothers(ann: Actor, kim: Actor) -> None:
    published(ann)
    assert rows(kim, "words=declared&organisation=leicestershire-police") == []


def test_a_wrong_day_is_told_and_finds_all(ann: Actor) -> None:
    published(ann)
    page = signed_in(ann).get("/staff/record/?since=someday").content.decode()
    assert "is no day" in page


def test_every_organisation_takes_its_own_record_along(ann: Actor, kim: Actor, viv: Actor) -> None:
    published(ann)
    own = json.loads(signed_in(ann).get("/staff/record.json").content)
    assert {e["organisation"] for e in own["events"]} == {"leicestershire-police"}
    assert json.loads(signed_in(kim).get("/staff/record.json").content)["events"] == []
    assert signed_in(viv).get("/staff/record.csv").status_code == 403


def test_the_head_of_the_record_is_public(ann: Actor) -> None:
    published(ann)
    with door.showing(bulletin(minutes=1)):
        said = json.loads(Client().get("/feeds/record.json").content)
    newest = Event.objects.order_by("-number")[0]
    assert (said["events"], said["head"]) == (newest.number, newest.hash)


# ---- from shift to shift


def test_a_hand_over_is_read_first_by_who_signs_in_next(ann: Actor, bob: Actor, kim: Actor) -> None:
    signed_in(ann).post("/staff/hand-over/", {"words": "101 was slow since six"})
    for by, reads in ((ann, False), (bob, True), (kim, False)):
        body = signed_in(by).get("/staff/").content.decode()
        assert ("101 was slow since six" in body) is reads
    note = HandOver.objects.get()
    signed_in(bob).post(f"/staff/hand-over/{note.pk}/read/")
    assert "101 was slow" not in signed_in(bob).get("/staff/").content.decode()
    assert OutboxMessage.objects.get(occasion=Occasion.HAND_OVER).receiver == "bob@example.org"


def test_nobody_reads_the_note_of_another_organisation(ann: Actor, kim: Actor) -> None:
    note = shifts.hand_over(ann, "x")
    shifts.read(kim, note.pk)
    assert HandOver.objects.get().read_by == ["ann"]
    assert "No note" not in signed_in(kim).get("/staff/hand-over/").content.decode()


@pytest.mark.parametrize("words", ["", "  ", "x" * 1001])
def test_an_empty_note_is_none(ann: Actor, words: str) -> None:
    with pytest.raises(RefusedError, match="next shift"):
        shifts.hand_over(ann, words)


def test_after_the_end_lessons_are_kept_and_published_by_two(ann: Actor) -> None:
    row = published(ann)
    address = f"/staff/incidents/{row.slug}/review/"
    post = {"lessons_en": "Test earlier", "lessons_cy": "Profwch yn gynt", "version": 3}
    assert signed_in(ann).post(address, post).status_code == 403
    row = endings.stand_down(at(ann, minutes=9), row.slug, row.version)
    signed_in(ann).post(address, post)
    assert "Test earlier" in signed_in(ann).get(address).content.decode()
    signed_in(ann).post(address, {**post, "version": row.version, "do": "publish"})
    assert Addition.objects.get().entry["en"] == "Test earlier"
