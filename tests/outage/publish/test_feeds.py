"""What feeds tell of an incident that operators really declare, amend and stand down."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import feedparser
import pytest
from django.test import Client

from outage import bulletin as door
from outage.models import Incident
from outage.statements.actor import Actor
from outage.workflow import endings, incidents
from tests.cast import NOON, later
from tests.outage.said import at, bulletin, content, published

pytestmark = pytest.mark.django_db
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.clock.now", lambda: later(minutes=25))


def amended(by: Actor, slug: str) -> Incident:
    change = incidents.amend(by, slug, Incident.objects.get(slug=slug).version)
    edited = incidents.edit(by, change.pk, change.version, content(state="on-backup"))
    return incidents.publish(by, edited.pk, edited.version)


def message(slug: str) -> dict[str, str]:
    """The top elements of its CAP message, as the store has it now."""
    with door.showing(bulletin(minutes=25)):
        root = ET.fromstring(Client().get(f"/feeds/cap/{slug}.xml").content)
    return {child.tag.removeprefix(CAP): child.text or "" for child in root}


def entry(slug: str, feed: str = "leicestershire") -> feedparser.FeedParserDict:
    with door.showing(bulletin(minutes=25)):
        parsed = feedparser.parse(Client().get(f"/feeds/{feed}.atom").content)
    return next(e for e in parsed.entries if slug in e.id)


def test_a_message_is_an_alert_then_an_update_then_a_cancel_that_refers_to_both(ann: Actor) -> None:
    slug = published(ann).slug
    alert = message(slug)
    changed = amended(at(ann, minutes=5), slug)
    update = message(slug)
    endings.stand_down(at(ann, minutes=20), slug, changed.version)
    cancel = message(slug)
    assert [m["msgType"] for m in (alert, update, cancel)] == ["Alert", "Update", "Cancel"]
    names = [f"{m['sender']},{m['identifier']},{m['sent']}" for m in (alert, update)]
    assert update["references"].split() == names[:1]
    assert cancel["references"].split() == names


def test_a_watched_incident_is_an_update_and_not_a_new_alert(ann: Actor) -> None:
    told = published(ann)
    endings.stand_down(at(ann, minutes=9), told.slug, told.version, watch=later(hours=1) - NOON)
    assert message(told.slug)["msgType"] == "Update"


def test_an_entry_keeps_when_it_was_first_published(ann: Actor) -> None:
    slug = published(ann).slug
    before = entry(slug)
    amended(at(ann, minutes=5), slug)
    after = entry(slug)
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated == "2026-11-24T12:05:00+00:00"


def test_a_nation_that_a_narrowing_leaves_is_told_so_in_its_own_feed(nat: Actor) -> None:
    told = published(nat, content(footprints=["uk"]))
    endings.stand_down(at(nat, minutes=9), told.slug, told.version, ("nation:wales",))
    gone = entry(told.slug, "wales")
    cap = next(x.href for x in gone.links if x.rel == "related")
    with door.showing(bulletin(minutes=25)):
        root = ET.fromstring(Client().get(cap).content)
    assert gone.title == "Over: the fault of 999 is over (Wales)"
    assert root.findtext(f"{CAP}msgType") == "Cancel"
