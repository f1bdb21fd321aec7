"""The database as a bulletin: what is read, what is held, and the story of an incident."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outage.publish import loader
from outage.statements.actor import Actor
from outage.workflow import endings
from tests.cast import NOON
from tests.outage.said import at, published

pytestmark = pytest.mark.django_db


def test_a_story_is_read_once_until_more_is_told(
    ann: Actor, django_assert_num_queries: object
) -> None:
    row = published(ann)
    shelf = loader.BulletinLoader()
    first = shelf.bulletin(NOON)
    with django_assert_num_queries(5):  # type: ignore[operator]
        again = shelf.bulletin(NOON)
    assert again.stories[row.slug] is first.stories[row.slug]


def test_a_publication_in_the_midst_of_a_reading_is_told_by_the_next(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row is read before it, and its events after it."""
    row, shelf, events = published(ann), loader.BulletinLoader(), loader._last_events

    def meanwhile() -> dict[str, int]:
        endings.stand_down(ann, row.slug, row.version)
        return events()

    monkeypatch.setattr(loader, "_last_events", meanwhile)
    assert shelf.bulletin(NOON).stories[row.slug].ended_at is None
    monkeypatch.undo()
    assert shelf.bulletin(NOON).stories[row.slug].ended_at == NOON


def test_what_ended_lately_is_still_known_for_corrections(ann: Actor) -> None:
    row = published(ann)
    endings.stand_down(ann, row.slug, row.version)
    soon = loader.BulletinLoader().bulletin(NOON + timedelta(hours=23))
    later = loader.BulletinLoader().bulletin(NOON + timedelta(hours=25))
    assert [i.id for i in soon.incidents] == [row.slug]
    assert later.incidents == ()


def test_hosts_travel_in_the_bulletin(ann: Actor) -> None:
    ann.operator.organisation.widget_hosts = ["https://www.example.police.uk"]
    ann.operator.organisation.save()
    assert loader.BulletinLoader().bulletin(NOON).hosts == {
        "leicestershire": {"https://www.example.police.uk"}
    }


def test_the_story_tells_every_step_newest_first(ann: Actor) -> None:
    row = published(ann)
    endings.stand_down(at(ann, minutes=9), row.slug, row.version)
    story = loader.BulletinLoader().bulletin(NOON).stories[row.slug]
    assert [e.kind for e in story.entries] == ["stood-down", "declared"]
    assert "many attempts are failing" in story.title.en
    assert story.ended_at == NOON + timedelta(minutes=9)
