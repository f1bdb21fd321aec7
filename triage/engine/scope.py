"""Which incidents count (rule 1), and whether they reach a visitor.

Pure sifting: what an incident that counts does to a channel is impact.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from triage.engine.catalogue import Access, Catalogue, ChannelKind, Place, Service
from triage.engine.entitlement import (
    is_government,
    makes_front_door_call,
    may_state,
    services_of,
)
from triage.engine.situation import (
    Incident,
    IssuerKind,
    PhoneLine,
    PublishedNumber,
    State,
    Status,
    Visitor,
)
from triage.engine.telephone import is_ringable

CORRECTION_WINDOW = timedelta(hours=24)
NUMBER_GOOD_FOR = timedelta(days=90)
FIXED_LINES = frozenset({PhoneLine.LANDLINE, PhoneLine.DIGITAL_LANDLINE})


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
    """An incident that counts and reaches the visitor.

    `channel` and `lines` are what it is of: 999 from landlines is 999, on that line. `takes` is
    what goes out over a line that is at fault.
    """

    incident: Incident
    channel: str
    lines: tuple[PhoneLine, ...]
    takes: frozenset[Access]
    front_door: bool
    services: frozenset[Service]
    reach: Reach
    narrowness: int
    overdue: bool

    @property
    def state(self) -> State:
        return self.incident.state

    @property
    def is_down(self) -> bool:
        """Whether it still marks its channel down: an overdue mark has lapsed (rule 12)."""
        return self.state is State.DOWN and not self.overdue

    @property
    def on_own_phone(self) -> bool:
        """Whether it is a fault of somebody's network or line, not of a service (rule 2)."""
        return bool(self.incident.scope.networks or self.lines)

    def is_of_every(self, line: PhoneLine) -> bool:
        """Whether it is about all lines of a kind, on every network."""
        return line in self.lines and not self.incident.scope.networks

    def touches(self, services: frozenset[Service]) -> bool:
        """Whether it matters to a need that these services answer: one leg is nobody else's."""
        legs = self.incident.scope.services
        return not (legs and self.front_door) or bool(services & set(legs))

    def is_another_service(self, services: frozenset[Service]) -> bool:
        """Whether it is the word of a service about the door that all of them share (rule 5)."""
        shared = self.front_door and not self.on_own_phone
        theirs = self.incident.issuer.kind is IssuerKind.ANSWERING_SERVICE
        return shared and theirs and not self.services & services

    def state_for(self, services: frozenset[Service]) -> State:
        """The state as it counts for a need: nobody else's word puts the front door down."""
        if self.state is State.DOWN and self.is_another_service(services):
            return State.MANY_FAILING
        return self.state


def lines_of(incident: Incident, catalogue: Catalogue) -> tuple[PhoneLine, ...]:
    """The kinds of line it is about: as stated, or as its channel is one. Empty means all."""
    only = catalogue.channels[incident.channel].only_line
    return incident.scope.lines or ((only,) if only else ())


def in_force(incidents: Iterable[Incident], at: datetime) -> tuple[Incident, ...]:
    """The incidents that count at a moment, oldest first, in an order that is always the same.

    An incident whose state is `resolved` stays: its call-back line, demand note and a carrier's
    all-clear outlive the fault (advice.md, "Keep free").
    """
    known = {i.id: i for i in incidents}
    gone = {
        old.id
        for i in known.values()
        if i.supersedes and (old := known.get(i.supersedes)) and supersedes(i, old, at)
    }
    live = [i for i in known.values() if i.id not in gone and _counts(i, at)]
    return tuple(sorted(live, key=lambda i: (i.published_at, i.id)))


def supersedes(new: Incident, old: Incident, at: datetime) -> bool:
    """Whether a statement takes another's place: its own organisation's, or a government's over
    the same land (rule 1). A correction stays one even after it was itself stood down."""
    own = (new.issuer.name, new.issuer.kind) == (old.issuer.name, old.issuer.kind)
    if not (own or (is_government(new) and _is_over(new, old))):
        return False
    return new.status in (Status.LIVE, Status.ENDED) and _started(new, at)


def _is_over(new: Incident, old: Incident) -> bool:
    land = {new.issuer.footprint, *new.issuer.territory}
    everywhere = any(f.value == "" for f in land)
    return everywhere or set(old.scope.footprints) <= land or old.issuer.footprint in land


def _counts(incident: Incident, at: datetime) -> bool:
    return incident.status is Status.LIVE and _started(incident, at) and not _ended(incident, at)


def _started(incident: Incident, at: datetime) -> bool:
    return incident.issuer.entitled and incident.published_at <= at and incident.since <= at


def _ended(incident: Incident, at: datetime) -> bool:
    return incident.ends_at is not None and at >= incident.ends_at


def corrects(incident: Incident, incidents: Iterable[Incident], at: datetime) -> bool:
    """Whether it supersedes a statement of the last 24 hours."""
    if incident.supersedes is None:
        return False
    old = [i for i in incidents if i.id == incident.supersedes]
    if old and not supersedes(incident, old[0], at):
        return False
    since = old[0].published_at if old else incident.published_at
    return at - since <= CORRECTION_WINDOW


def is_overdue(incident: Incident, at: datetime) -> bool:
    """Whether its review time has passed, or a break-glass publication was not confirmed."""
    if incident.state is State.RESOLVED or incident.planned:
        return False
    due = [moment for moment in (incident.review_at, incident.confirm_by) if moment]
    return any(at >= moment for moment in due)


def number_is_good(number: PublishedNumber, at: datetime) -> bool:
    """A UK number that anybody can ring, test-dialled within the last 90 days and not past its
    end (rule 8)."""
    fresh = number.verified_at <= at and at - number.verified_at <= NUMBER_GOOD_FOR
    return (
        is_ringable(number.number)
        and fresh
        and (number.valid_until is None or at < number.valid_until)
    )


def reaching(
    incidents: Iterable[Incident],
    at: datetime,
    place: Place,
    visitor: Visitor,
    catalogue: Catalogue,
) -> tuple[ReachingIncident, ...]:
    """What is stated to this visitor, whatever they need: the incidents (already in force) whose
    land this is, as stated and as their issuers' own, and who had a right to state them."""
    found = []
    for incident in incidents:
        hits = [f.narrowness for f in incident.scope.footprints if f.covers(place)]
        if not hits or not incident.issuer.covers(place):
            continue
        own = services_of(incident, catalogue)
        if not may_state(incident, catalogue, own):
            continue
        reach = _reach(incident, visitor, catalogue)
        if reach is not Reach.NO:
            found.append(
                _reaching(incident, own, reach, min(hits), is_overdue(incident, at), catalogue)
            )
    return tuple(found)


def without_right(
    incidents: Iterable[Incident], place: Place, catalogue: Catalogue
) -> tuple[Incident, ...]:
    """What is stated of this place by somebody who has no right to: it is only traced."""
    return tuple(
        i
        for i in incidents
        if any(f.covers(place) for f in i.scope.footprints)
        and not (i.issuer.covers(place) and may_state(i, catalogue))
    )


def _reaching(
    incident: Incident,
    own: frozenset[Service],
    reach: Reach,
    narrowness: int,
    overdue: bool,
    catalogue: Catalogue,
) -> ReachingIncident:
    channel = catalogue.channels[incident.channel]
    return ReachingIncident(
        incident=incident,
        channel=channel.call if channel.only_line else channel.id,
        lines=lines_of(incident, catalogue),
        takes=channel.takes,
        front_door=makes_front_door_call(channel, catalogue),
        services=own,
        reach=reach,
        narrowness=narrowness,
        overdue=overdue,
    )


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
    lines = lines_of(incident, catalogue)
    own = line_of(visitor, catalogue)
    if own in FIXED_LINES and is_data_alone(catalogue, incident.channel):
        return Reach.NO
    if not lines:
        return Reach.YES
    if own is None:
        return Reach.MAYBE
    both = (*lines, PhoneLine.DIGITAL_LANDLINE) if PhoneLine.LANDLINE in lines else lines
    return Reach.YES if own in both else Reach.ELSEWHERE


def is_data_alone(catalogue: Catalogue, channel: str) -> bool:
    """Whether a fault of it takes what needs mobile data, and no call."""
    return catalogue.channels[channel].takes == {Access.DATA}


def line_of(visitor: Visitor, catalogue: Catalogue) -> PhoneLine | None:
    """The visitor's line: as told, or as the brand they named sells it."""
    if visitor.line or visitor.network is None:
        return visitor.line
    return PhoneLine(catalogue.brands[visitor.network].line)


def is_line(incident: Incident, catalogue: Catalogue) -> bool:
    """Whether its fault is of what carries calls and data, or of somebody's own network or line:
    it is told as a fault of phones, never of the numbers (rule 2)."""
    scope, channel = incident.scope, catalogue.channels[incident.channel]
    return bool(scope.networks or scope.lines) or channel.kind is ChannelKind.INFRASTRUCTURE
