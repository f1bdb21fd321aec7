"""Adopting what another organisation says: for one's own ground, and again when it changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outage import lifecycle
from outage.models import Incident
from outage.writing import By, Refused
from tests.outage.conftest import operator, organisation
from tests.outage.said import approved, content, published
from tests.outage.test_panel import now, signed_in, soon

pytestmark = pytest.mark.django_db

AGAIN = "Adopt what it says now"


def amended(by: By, row: Incident, **more: object) -> Incident:
    proposal = lifecycle.amend(by, row.slug, row.version)
    proposal = lifecycle.edit(by, proposal.pk, proposal.version, proposal.content | more)
    return lifecycle.publish(by, proposal.pk, proposal.version)


def test_what_was_adopted_is_adopted_again_in_one_action(ann: By, nat: By) -> None:
    parent = published(now(nat), soon(footprints=["uk"]))
    own = lifecycle.adopt(now(ann), parent.slug, parent.version)
    parent = amended(now(nat), Incident.objects.get(pk=parent.pk), state="on-backup")
    assert AGAIN in signed_in(ann).get("/staff/").content.decode()
    again = lifecycle.adopt(now(ann), parent.slug, parent.version)
    assert (again.pk, lifecycle.published(again).content.state) == (own.pk, "on-backup")
    assert AGAIN not in signed_in(ann).get("/staff/").content.decode()


def test_a_local_line_outlives_adopting_again(ann: By, bob: By, nat: By) -> None:
    parent = published(nat, content(footprints=["uk"]))
    own = lifecycle.adopt(ann, parent.slug, parent.version)
    proposal = lifecycle.amend(ann, own.slug, own.version)
    words = {"words_en": "Our desk is open", "words_cy": "Mae ein desg ar agor"}
    proposal = lifecycle.edit(ann, proposal.pk, proposal.version, proposal.content | words)
    proposal = lifecycle.submit(ann, proposal.pk, proposal.version)
    lifecycle.approve(bob, proposal.pk, proposal.version, proposal.seal)
    again = lifecycle.adopt(ann, parent.slug, Incident.objects.get(pk=parent.pk).version)
    assert lifecycle.published(again).content.words_en == "Our desk is open"


def test_a_change_in_hand_is_not_swept_away_by_adopting_again(ann: By, nat: By) -> None:
    parent = published(nat, content(footprints=["uk"]))
    own = lifecycle.adopt(ann, parent.slug, parent.version)
    lifecycle.amend(ann, own.slug, own.version)
    with pytest.raises(Refused, match="already being written"):
        lifecycle.adopt(ann, parent.slug, parent.version)


def test_the_board_says_that_what_was_adopted_is_over(ann: By, nat: By) -> None:
    parent = published(now(nat), soon(footprints=["uk"]))
    lifecycle.adopt(now(ann), parent.slug, parent.version)
    lifecycle.stand_down(now(nat), parent.slug, parent.version)
    assert "The statement you adopted is over" in signed_in(ann).get("/staff/").content.decode()


def test_what_speaks_of_one_council_is_adopted_for_that_council(ann: By, bob: By) -> None:
    fire = organisation(
        "leicestershire-fire", "answering-service", ["fire"], ["fire:leicestershire"]
    )
    fay, flo = (By(operator(name, fire), ann.at) for name in ("fay", "flo"))
    parent = approved(fay, flo, content(footprints=["council:E06000016"], services=["fire"],
        demand_note="busy", demand_until=(ann.at + timedelta(hours=1)).isoformat()))  # fmt: skip
    row = lifecycle.adopt(ann, parent.slug, parent.version)
    adopted = lifecycle.published(row).content
    assert (adopted.footprints, adopted.services) == (("council:E06000016",), ("police",))


def test_neither_a_claim_nor_a_renewal_of_the_parent_asks_to_adopt_again(ann: By, nat: By) -> None:
    parent = published(now(nat), soon(footprints=["uk"]))
    lifecycle.adopt(now(ann), parent.slug, parent.version)
    claim = {"en": "Figure", "cy": "Ffigur", "source": "Report"}
    lifecycle.add(now(nat), parent.slug, parent.version, "claim", claim)
    renewed = lifecycle.renew(now(nat), parent.slug, parent.version)
    lifecycle.publish(now(nat), renewed.pk, renewed.version)
    assert "The statement you adopted" not in signed_in(ann).get("/staff/").content.decode()
