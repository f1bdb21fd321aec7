"""The fixed cast of the tests: where callers stand, and how an incident is stated in one line.

A caller in Cardiff, one in Leeds, one in Belfast, one in Glasgow. Nothing here asserts anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from triage.engine.advice import Advice
from triage.engine.catalogue import Footprint, Place
from triage.engine.rulebook import Rulebook
from triage.engine.situation import (
    Incident,
    Issuer,
    IssuerKind,
    Mode,
    Notice,
    PhoneLine,
    PublishedNumber,
    Scope,
    Situation,
    State,
    Status,
    Visitor,
)
from triage.engine.unknown_place import advise

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANSWERS = IssuerKind.ANSWERING_SERVICE


def ago(**span: float) -> datetime:
    """A moment before noon: ago(minutes=10)."""
    return NOON - timedelta(**span)


def later(**span: float) -> datetime:
    return NOON + timedelta(**span)


def issuer(name: str, kind: IssuerKind = ANSWERS, of: str = "uk", entitled: bool = True) -> Issuer:
    return Issuer(name, kind, Footprint.parse(of), entitled)


def scope(*where: str, **more: Any) -> Scope:
    return Scope(tuple(Footprint.parse(f) for f in where or ("uk",)), **more)


NATIONAL = issuer("UK emergency services")
CARRIER = issuer("The telephone company", IssuerKind.CARRIER)
# Whoever answers a channel that is no emergency service's: gas, power, a helpline.
OWNER = issuer("The owner of the channel", IssuerKind.OTHER)
# What a hearing caller in England with an emergency for the police is told on the calmest day.
CALM = ["999", "999-other-phone", "101", "in-person"]


def incident(channel: str, state: State | str = State.DOWN, **more: Any) -> Incident:
    """A live incident over the whole UK, said ten minutes ago, unless told otherwise."""
    given: dict[str, Any] = {
        "id": f"{channel}-{state}",
        "status": Status.LIVE,
        "scope": scope(),
        "issuer": NATIONAL,
        "published_at": ago(minutes=10),
        "review_at": later(minutes=30),
    }
    return Incident(channel=channel, state=State(state), **{**given, **more})


def notice(need: str, mode: Mode | str, *to: str) -> Notice:
    return Notice(need, Mode(mode), to)


def number(digits: str, of: str, days_old: float = 1, **more: Any) -> PublishedNumber:
    return PublishedNumber(digits, Footprint.parse(of), ago(days=days_old), **more)


def on(network: str | None = None, line: PhoneLine | str | None = None, **more: Any) -> Visitor:
    return Visitor(network=network, line=PhoneLine(line) if line else None, **more)


@dataclass(frozen=True)
class Cast:
    """Callers in their places, with the rulebook they are advised by."""

    rulebook: Rulebook

    def place(self, area: str, council: str | None = None) -> Place:
        return self.rulebook.catalogue.place(area, council)

    @property
    def cardiff(self) -> Place:
        return self.rulebook.catalogue.place_of_council["W06000015"]

    @property
    def leeds(self) -> Place:
        return self.rulebook.catalogue.place_of_council["E08000035"]

    @property
    def glasgow(self) -> Place:
        return self.rulebook.catalogue.place_of_council["S12000049"]

    @property
    def belfast(self) -> Place:
        return self.rulebook.catalogue.place_of_council["N09000003"]

    def ask(
        self,
        need: str,
        place: Place | None,
        *incidents: Incident,
        visitor: Visitor | None = None,
        at: datetime = NOON,
    ) -> Advice:
        return advise(self.rulebook, Situation(at, need, place, visitor or Visitor(), incidents))


def channels(advice: Advice) -> list[str]:
    return [entry.channel for entry in advice.entries]


def codes(advice: Advice) -> set[str]:
    return {str(said.code) for said in advice.say}


def renamed(incidents: Iterable[Incident], prefix: str) -> list[Incident]:
    """The same incidents under other ids."""
    return [replace(i, id=f"{prefix}{i.id}") for i in incidents]
