"""Which incidents count (rule 1), and whether they reach a visitor.

Pure sifting: what an incident that counts does to a channel is impact.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from triage.engine.catalogue import Access, Catalogue, Place, Service
from triage.engine.rulebook import Need
from triage.engine.situation import (
    Incident,
    IssuerKind,
    LocalNumber,
    PhoneLine,
    State,
    Status,
    Visitor,
)

CORRECTION_WINDOW = timedelta(hours=24)
NUMBER_GOOD_FOR = timedelta(days=90)

# Faults of what carries calls and data, not of a service: what each takes with it.
INFRASTRUCTURE: dict[str, frozenset[Access]] = {
    "all-telecoms": frozenset(Access) - {Access.NONE, Access.RADIO},
    "voice-calls": frozenset({Access.VOICE, Access.MOBILE, Access.LANDLINE, Access.OTHER_PHONE}),
    "mobile-voice": frozenset({Access.VOICE, Access.MOBILE}),
    "landline": frozenset({Access.VOICE, Access.LANDLINE}),
    "mobile-data": frozenset({Access.DATA}),
}
_IMPLIED_LINES: dict[str, tuple[PhoneLine, ...]] = {
    "mobile-voice": (PhoneLine.MOBILE,),
    "landline": (PhoneLine.LANDLINE,),
}
# 999 from one kind of phone: a fault of it is a fault of 999 on that kind of line.
_999_FROM: dict[str, tuple[PhoneLine, ...]] = {
    "999-from-mobile": (PhoneLine.MOBILE,),
    "999-landline": (PhoneLine.LANDLINE,),
}


class Reach(StrEnum):
    """Whether an incident is about this visitor. MAYBE: their network or line is not known.

    ELSEWHERE: it is about another kind of line than theirs. It changes nothing on their own, but
    they must not be sent to a phone of that kind.
    """

    YES = "yes"
    MAYBE = "maybe"
    ELSEWHERE = "elsewhere"
    NO = "no"


@dataclass(frozen=True, eq=False)
class ReachingIncident:
    """An incident that counts and reaches the visitor. Each need makes its own of an incident."""

    incident: Incident
    reach: Reach
    narrowness: int
    overdue: bool

    @property
    def state(self) -> State:
        return self.incident.state

    @property
    def is_down(self) -> bool:
        """Whether it still marks its channel down: an overdue mark has lapsed (rule 9)."""
        return self.state is State.DOWN and not self.overdue

    @property
    def is_access(self) -> bool:
        """Whether it is a fault of somebody's network or line, not of the service (rule 2)."""
        scope = self.incident.scope
        return bool(scope.networks or scope.lines) or self.incident.channel in INFRASTRUCTURE

    @property
    def on_own_phone(self) -> bool:
        scope = self.incident.scope
        return bool(scope.networks or scope.lines) or self.incident.channel in _IMPLIED_LINES

    def is_of_every(self, line: PhoneLine) -> bool:
        """Whether it is about all lines of a kind, on every network."""
        return line in lines_of(self.incident) and not self.incident.scope.networks


def lines_of(incident: Incident) -> tuple[PhoneLine, ...]:
    """The kinds of line it is about: as stated, or as its channel is one. Empty means all."""
    return incident.scope.lines or _IMPLIED_LINES.get(incident.channel, ())


def _as_fault_of_999(incident: Incident) -> Incident:
    """What is stated of 999 from a mobile, or from a landline, as a fault of 999 on that line."""
    lines = _999_FROM.get(incident.channel)
    if lines is None:
        return incident
    scope = replace(incident.scope, lines=incident.scope.lines or lines)
    return replace(incident, channel="999", scope=scope)


def in_force(incidents: Iterable[Incident], at: datetime) -> tuple[Incident, ...]:
    """The incidents that count at a moment, oldest first, in an order that is always the same.

    An incident whose state is `resolved` stays: its call-back line, demand note and a carrier's
    all-clear outlive the fault (advice.md, "Keep free").
    """
    by_id = {i.id: i for i in incidents if _counts(i, at)}
    superseded = {i.supersedes for i in incidents if _has_replaced(i, at)}
    live = [_as_fault_of_999(i) for i in by_id.values() if i.id not in superseded]
    return tuple(sorted(live, key=lambda i: (i.published_at, i.id)))


def _counts(incident: Incident, at: datetime) -> bool:
    return incident.status is Status.LIVE and _started(incident, at) and not _ended(incident, at)


def _started(incident: Incident, at: datetime) -> bool:
    return incident.issuer.entitled and incident.published_at <= at and incident.since <= at


def _ended(incident: Incident, at: datetime) -> bool:
    return incident.ends_at is not None and at >= incident.ends_at


def _has_replaced(incident: Incident, at: datetime) -> bool:
    """A correction stays one even after it was itself stood down."""
    return incident.status in (Status.LIVE, Status.ENDED) and _started(incident, at)


def corrects(incident: Incident, incidents: Iterable[Incident], at: datetime) -> bool:
    """Whether it supersedes a statement of the last 24 hours."""
    if incident.supersedes is None:
        return False
    old = [i.published_at for i in incidents if i.id == incident.supersedes]
    return at - (old[0] if old else incident.published_at) <= CORRECTION_WINDOW


def is_overdue(incident: Incident, at: datetime) -> bool:
    """Whether its review time has passed, or a break-glass publication was not confirmed."""
    if incident.state is State.RESOLVED or incident.planned:
        return False
    due = [moment for moment in (incident.review_at, incident.confirm_by) if moment]
    return any(at >= moment for moment in due)


def number_is_good(number: LocalNumber, at: datetime) -> bool:
    """Test-dialled within the last 90 days and not past its end (rule 7)."""
    fresh = number.verified_at <= at and at - number.verified_at <= NUMBER_GOOD_FOR
    return fresh and (number.valid_until is None or at < number.valid_until)


def statements(
    incidents: Iterable[Incident],
    at: datetime,
    need: Need,
    place: Place,
    visitor: Visitor,
    catalogue: Catalogue,
) -> tuple[ReachingIncident, ...]:
    """What is stated to this visitor: the incidents (already in force) that reach them."""
    found = []
    for incident in incidents:
        narrowness = _narrowest(incident, need, place, catalogue)
        if narrowness is None:
            continue
        reach = _reach(incident, visitor, catalogue)
        if reach is not Reach.NO:
            found.append(ReachingIncident(incident, reach, narrowness, is_overdue(incident, at)))
    return tuple(found)


def _narrowest(incident: Incident, need: Need, place: Place, catalogue: Catalogue) -> int | None:
    """How narrow the footprint is that covers this need in this place; None if none does.

    A service's territory matters to that service's needs (advice.md, "Footprints") and to
    everybody who is sent to a channel which that service runs: a fire caller who is sent to
    101 must not be sent to a 101 that the force has said is down.
    """
    owner = catalogue.channels[incident.channel].owner
    legs = need.services | ({owner} if owner else frozenset())
    if incident.scope.services and not legs & set(incident.scope.services):
        return None
    allowed: frozenset[Service] = legs
    if incident.scope.services:
        allowed = legs & set(incident.scope.services)
    hits = [
        f.narrowness
        for f in incident.scope.footprints
        if f.covers(place) and (f.service is None or f.service in allowed)
    ]
    return min(hits, default=None)


def _reach(incident: Incident, visitor: Visitor, catalogue: Catalogue) -> Reach:
    network = _on_network(incident, visitor, catalogue)
    line = _on_line(incident, visitor, catalogue)
    return network if network is line else min(network, line, key=_LEAST.index)


# The nearer to nothing, the more it counts, where a network and a line give two answers.
_LEAST = (Reach.NO, Reach.ELSEWHERE, Reach.MAYBE, Reach.YES)


def _on_network(incident: Incident, visitor: Visitor, catalogue: Catalogue) -> Reach:
    if not incident.scope.networks:
        return Reach.YES
    if visitor.network is None:
        return Reach.MAYBE
    covered = catalogue.covers_brand(incident.scope.networks, visitor.network)
    return Reach.YES if covered else Reach.NO


def _on_line(incident: Incident, visitor: Visitor, catalogue: Catalogue) -> Reach:
    lines = lines_of(incident)
    if incident.channel == "mobile-data" and line_of(visitor, catalogue) in _FIXED:
        return Reach.NO
    if not lines:
        return Reach.YES
    own = line_of(visitor, catalogue)
    if own is None:
        return Reach.MAYBE
    both = (*lines, PhoneLine.DIGITAL_LANDLINE) if PhoneLine.LANDLINE in lines else lines
    return Reach.YES if own in both else Reach.ELSEWHERE


_FIXED = frozenset({PhoneLine.LANDLINE, PhoneLine.DIGITAL_LANDLINE})


def line_of(visitor: Visitor, catalogue: Catalogue) -> PhoneLine | None:
    """The visitor's line: as told, or as the brand they named sells it."""
    if visitor.line or visitor.network is None:
        return visitor.line
    return PhoneLine(catalogue.brands[visitor.network].line)


def is_carrier(incident: Incident) -> bool:
    return incident.issuer.kind is IssuerKind.CARRIER
