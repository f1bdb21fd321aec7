"""Contents that the tests state, and the shortest ways to publish them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from outage.bulletin import Bulletin
from outage.models import Incident, Operator, Proposal, Role
from outage.publish import loader
from outage.statements.actor import Actor
from outage.workflow import accounts, additions, incidents
from tests.cast import NOON
from tests.outage.conftest import operator
from triage.engine.advice import Advice
from triage.engine.catalogue import Place
from triage.engine.situation import Situation
from triage.engine.unknown_place import advise
from triage.rules import rulebook

HERE = "police:leicestershire"


def content(channel: str = "999", state: str = "many-failing", **more: Any) -> dict[str, Any]:
    """Many 999 calls fail in Leicestershire, to be looked at in half an hour."""
    given: dict[str, Any] = {
        "channel": channel,
        "state": state,
        "footprints": [HERE],
        "review_at": (NOON + timedelta(minutes=30)).isoformat(),
    }
    return given | more


def replacing(**more: Any) -> dict[str, Any]:
    """The same, and the force says: go straight to 101."""
    notices = [{"need": "police-emergency", "mode": "replace", "to": ["101"]}]
    return content(notices=notices, **more)


def on_record(by: Actor) -> Actor:
    """Their organisation and their rights, as the record tells of them."""
    user, owner = by.operator.user, by.operator.organisation
    accounts.save_organisation(owner, "root", by.at)
    accounts.set_operator(user, owner, Role(by.operator.role), "root", by.at)
    return by


def published(by: Actor, data: Mapping[str, Any] | None = None) -> Incident:
    proposal = incidents.draft(by, data or content())
    return incidents.publish(by, proposal.pk, proposal.version)


def submitted(by: Actor, data: Mapping[str, Any] | None = None) -> Proposal:
    proposal = incidents.draft(by, data or replacing())
    return incidents.submit(by, proposal.pk, proposal.version)


def approved(author: Actor, second: Actor, data: Mapping[str, Any] | None = None) -> Incident:
    proposal = submitted(author, data)
    return incidents.approve(second, proposal.pk, proposal.version, proposal.seal)


def colleague(by: Actor) -> Actor:
    """A second person of the same organisation."""
    name = f"second-{by.name}"
    owner = by.operator.organisation
    found = Operator.objects.filter(user__username=name).first()
    return replace(by, operator=found or operator(name, owner))


def added(by: Actor, slug: str, version: int, kind: str, entry: Mapping[str, str]) -> Incident:
    """An entry of the public timeline, asked for by one and approved by another."""
    asked = additions.ask(by, slug, version, kind, entry)
    return additions.approve(colleague(by), asked.pk, additions.seal(asked))


def at(by: Actor, **later: float) -> Actor:
    """The same person, later: at(ann, minutes=31)."""
    return replace(by, at=by.at + timedelta(**later))


def bulletin(**later: float) -> Bulletin:
    return loader.BulletinLoader().bulletin(NOON + timedelta(**later))


def told(need: str, place: Place, **later: float) -> Advice:
    """What the public is told from the store."""
    now = NOON + timedelta(**later)
    live = bulletin(**later).incidents
    return advise(rulebook(), Situation(now, need, place, incidents=live))


def leicester() -> Place:
    return rulebook().catalogue.place("leicestershire", "E06000016")


def nottingham() -> Place:
    return rulebook().catalogue.place("nottinghamshire", "E06000018")
