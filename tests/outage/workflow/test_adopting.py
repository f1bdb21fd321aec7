"""Adopting what another organisation says: for one's own ground, and again when it changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outage.models import Incident
from outage.statements import stored
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import endings, incidents
from tests.outage.conftest import operator, organisation
from tests.outage.panel.test_panel import now, signed_in, soon
from tests.outage.said import added, approved, content, published

pytestmark = pytest.mark.django_db

AGAIN = "Adopt what it says now"


def amended(by: Actor, row: Incident, **more: object) -> Incident:
    proposal = incidents.amend(by, row.slug, row.version)
    proposal = incidents.edit(by, proposal.pk, proposal.version, proposal.content | more)
    return incidents.publish(by, proposal.pk, proposal.version)


def test_what_was_adopted_is_adopted_again_in_one_action(ann: Actor, nat: Actor) -> None:
    parent = published(now(nat), soon(footprints=["uk"]))
    own = incidents.adopt(now(ann), parent.slug, parent.version)
    parent = amended(now(nat), Incident.objects.get(pk=parent.pk), state="on-backup")
    assert AGAIN in signed_in(ann).get("/staff/").content.decode()
    again = incidents.adopt(now(ann), parent.slug, parent.version)
    assert (again.pk, stored.published(again).content.state) == (own.pk, "on-backup")
    assert AGAIN not in signed_in(ann).get("/staff/").content.decode()


def test_a_local_line_outlives_adopting_again(ann: Actor, bob: Actor, nat: Actor) -> None:
    parent = published(nat, content(footprints=["uk"]))
    own = incidents.adopt(ann, parent.slug, parent.version)
    proposal = incidents.amend(ann, own.slug, own.version)
    words = {"words_en": "Our desk is open", "words_cy": "Mae ein desg ar agor"}
    proposal = incidents.edit(ann, proposal.pk, proposal.version, proposal.content | words)
    proposal = incidents.submit(ann, proposal.pk, proposal.version)
    incidents.approve(bob, proposal.pk, proposal.version, proposal.seal)
    again = incidents.adopt(ann, parent.slug, Incident.objects.get(pk=parent.pk).version)
    assert stored.published(again).content.words_en == "Our desk is open"


def test_a_change_in_hand_is_not_swept_away_by_adopting_again(ann: Actor, nat: Actor) -> None:
    parent = published(nat, content(footprints=["uk"]))
    own = incidents.adopt(ann, parent.slug, parent.version)
    incidents.amend(ann, own.slug, own.version)
    with pytest.raises(RefusedError, match="already being written"):
        incidents.adopt(ann, parent.slug, parent.version)


def test_the_board_says_that_what_was_adopted_is_over(ann: Actor, nat: Actor) -> None:
    parent = published(now(nat), soon(footprints=["uk"]))
    incidents.adopt(now(ann), parent.slug, parent.version)
    endings.stand_down(now(nat), parent.slug, parent.version)
    assert "The statement you adopted is over" in signed_in(ann).get("/staff/").content.decode()


def test_what_speaks_of_one_council_is_adopted_for_that_council(ann: Actor, bob: Actor) -> None:
    fire = organisation(
        "leicestershire-fire", "answering-service", ["fire"], ["fire:leicestershire"]
    )
    fay, flo = (Actor(operator(name, fire), ann.at) for name in ("fay", "flo"))
    parent = approved(fay, flo, content(footprints=["council:E06000016"], services=["fire"],
        demand_note="busy", demand_until=(ann.at + timedelta(hours=1)).isoformat()))  # fmt: skip
    row = incidents.adopt(ann, parent.slug, parent.version)
    adopted = row.proposals.get().content
    assert (adopted["footprints"], adopted["services"]) == (["council:E06000016"], ["police"])


def test_neither_a_claim_nor_a_renewal_of_the_parent_asks_to_adopt_again(
    ann: Actor, nat: Actor
) -> None:
    parent = published(now(nat), soon(footprints=["uk"]))
    incidents.adopt(now(ann), parent.slug, parent.version)
    claim = {"en": "Figure", "cy": "Ffigur", "source": "Report"}
    added(now(nat), parent.slug, parent.version, "claim", claim)
    renewed = incidents.renew(now(nat), parent.slug, parent.version)
    incidents.publish(now(nat), renewed.pk, renewed.version)
    assert "The statement you adopted" not in signed_in(ann).get("/staff/").content.decode()
