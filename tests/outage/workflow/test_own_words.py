"""A force's own words stand where people look, as the force's, once two people have read them."""

from __future__ import annotations

import pytest
from django.test import Client

from outage import bulletin as door
from outage.statements.actor import Actor
from outage.workflow import endings
from tests.outage.said import approved, at, bulletin, replacing

pytestmark = pytest.mark.django_db
WORDS = {"words_en": "Go to Mansfield House.", "words_cy": "Ewch i Mansfield House."}
PAGES = ["/in/leicestershire/", "/in/leicestershire/now/"]


@pytest.mark.parametrize("path", PAGES)
def test_they_stand_on_the_pages_of_the_area(ann: Actor, bob: Actor, path: str) -> None:
    approved(ann, bob, replacing(**WORDS))
    with door.showing(bulletin(minutes=1)):
        english, welsh = (Client().get(p).content.decode() for p in (path, f"/cy{path}"))
    assert "Leicestershire Police: “Go to Mansfield House.”" in english
    assert "“Ewch i Mansfield House.”" in welsh


def test_and_nowhere_else(ann: Actor, bob: Actor) -> None:
    approved(ann, bob, replacing(**WORDS))
    with door.showing(bulletin(minutes=1)):
        assert "Mansfield" not in Client().get("/in/kent/").content.decode()


def test_and_no_longer_once_it_is_over(ann: Actor, bob: Actor) -> None:
    row = approved(ann, bob, replacing(**WORDS))
    endings.stand_down(at(ann, minutes=5), row.slug, row.version)
    with door.showing(bulletin(minutes=6)):
        assert "Mansfield" not in Client().get(PAGES[0]).content.decode()


def test_a_note_about_demand_stands_there_too(ann: Actor, bob: Actor) -> None:
    note = {"demand_note": "Very busy: please wait.", "demand_until": "2026-11-24T15:00:00+00:00"}
    approved(ann, bob, replacing(**note))
    with door.showing(bulletin(minutes=1)):
        assert "“Very busy: please wait.”" in Client().get(PAGES[0]).content.decode()


def test_words_are_shown_as_words(ann: Actor, bob: Actor) -> None:
    approved(ann, bob, replacing(words_en="<b>x</b> & y", words_cy="z"))
    with door.showing(bulletin(minutes=1)):
        body = Client().get(PAGES[0]).content.decode()
    assert "&lt;b&gt;x&lt;/b&gt; &amp; y" in body
