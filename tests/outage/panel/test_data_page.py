"""The data as staff pages: what is due, and the tree drawn."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from outage.statements.actor import Actor
from tests.outage.statements.test_rights import signed_in

pytestmark = pytest.mark.django_db


def test_a_stranger_does_not_see_the_data() -> None:
    for name in ("data", "tree"):
        assert Client().get(reverse(f"staff:{name}")).status_code == 302


def test_nothing_is_due_at_first_and_much_in_a_year(ann: Actor) -> None:
    client, url = signed_in(ann), reverse("staff:data")
    assert "Nothing is due" in client.get(url, {"at": "2026-11-22"}).content.decode()
    told = client.get(url, {"at": "2027-03-01"}).content.decode()
    assert "channel network-rail: number" in told
    assert "roads content lead" in told


def test_a_day_that_is_no_date_is_refused_in_words(ann: Actor) -> None:
    answer = signed_in(ann).get(reverse("staff:data"), {"at": "soon"})
    assert answer.status_code == 403
    assert "is not a date" in answer.content.decode()


def test_the_tree_is_a_drawing_in_either_language(ann: Actor) -> None:
    client, url = signed_in(ann), reverse("staff:tree")
    answer = client.get(url, {"from": "danger", "lang": "cy"})
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert "Argyfwng heddlu" in answer.content.decode()


def test_an_unknown_branch_is_refused_in_words(ann: Actor) -> None:
    answer = signed_in(ann).get(reverse("staff:tree"), {"from": "nowhere"})
    assert answer.status_code == 403
    assert "no such branch" in answer.content.decode()
