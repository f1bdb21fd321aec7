"""One need in one place for one visitor: everything the later steps look up, worked out once.

Here stand the filters: which channels exist, fit the visitor, are kept free, or may never be
advised. The order of the list is ordering.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from triage.engine.catalogue import Access, Channel, ChannelKind, Place, Service
from triage.engine.edition import edition
from triage.engine.impact import CURES, Field, Impact
from triage.engine.lazy import lazy
from triage.engine.rulebook import Need, Rulebook, Urgency
from triage.engine.scope import (
    ReachingIncident,
    in_force,
    is_carrier,
    line_of,
    number_is_good,
    statements,
)
from triage.engine.situation import OVER, Incident, LocalNumber, PhoneLine, Situation, Visitor
from triage.engine.treatment import Treatment, aside, treatment

_WRITTEN = frozenset({ChannelKind.WEB, ChannelKind.CHAT, ChannelKind.EMAIL})
# What somebody answers: emergencies that are sent there must not meet other callers.
ANSWERED = frozenset({ChannelKind.VOICE, ChannelKind.RELAY, ChannelKind.VIDEO, ChannelKind.SMS})
LOCAL_NUMBER = "local-number"
# What not every phone, line or vessel can use.
_FOR_SOME = frozenset(
    {"emergency-sms", "vhf-dsc", "999-from-mobile", "silent-solution", "999-landline"}
)


@dataclass(frozen=True)
class VisitorContext:
    """One visitor in one place at one moment: what is the same whatever they need."""

    rulebook: Rulebook
    place: Place
    visitor: Visitor
    at: datetime
    incidents: tuple[Incident, ...]
    all_incidents: tuple[Incident, ...]

    @classmethod
    def of(cls, rulebook: Rulebook, situation: Situation, place: Place) -> VisitorContext:
        known = situation.incidents
        live = in_force(known, situation.at)
        return cls(rulebook, place, situation.visitor, situation.at, live, known)

    @lazy
    def _locals(self) -> dict[str, NeedContext]:
        return {}

    def local(self, need: str) -> NeedContext:
        """The view of one need, worked out once. Raises KeyError for an unknown need."""
        if need not in self._locals:
            known = self.rulebook.needs[need]
            self._locals[need] = NeedContext(
                self,
                self.rulebook,
                known,
                self.place,
                self.visitor,
                self.at,
                self.incidents,
                self.all_incidents,
            )
        return self._locals[need]

    @lazy
    def edition(self) -> str:
        return edition(self.rulebook, self.all_incidents, self.at, self.place.area)

    @lazy
    def kept_free(self) -> Mapping[str, tuple[ReachingIncident, ...]]:
        """Which lines the emergencies of this place are sent to, and by whom (rule 6)."""
        kept: dict[str, dict[str, ReachingIncident]] = {}
        for need in self.rulebook.emergencies:
            if self._may_divert(need):
                for line, s in _carried(self.local(need)):
                    kept.setdefault(line, {}).setdefault(s.incident.id, s)
        return {line: tuple(found.values()) for line, found in kept.items()}

    def _may_divert(self, need: str) -> bool:
        """Whether anything in force may send the emergencies of a need somewhere else."""
        touched = self.rulebook.touched_by(need, self.place.nation)
        return any(i.channel in touched or i.keep_free for i in self.incidents)


@dataclass(frozen=True)
class NeedContext:
    """One need in one place: everything the later steps look up, worked out once."""

    here: VisitorContext
    rulebook: Rulebook
    need: Need
    place: Place
    visitor: Visitor
    at: datetime
    incidents: tuple[Incident, ...]
    all_incidents: tuple[Incident, ...]

    @lazy
    def field(self) -> Field:
        catalogue = self.rulebook.catalogue
        found = statements(self.incidents, self.at, self.need, self.place, self.visitor, catalogue)
        return Field(catalogue, self.place, self.visitor, self.need, found)

    def channel(self, channel: str) -> Channel:
        return self.rulebook.catalogue.channels[channel]

    @lazy
    def _impacts(self) -> dict[str, Impact]:
        return {}

    def impact(self, channel: str) -> Impact:
        if channel not in self._impacts:
            self._impacts[channel] = self.field.impact(channel)
        return self._impacts[channel]

    @lazy
    def route(self) -> tuple[str, ...]:
        """The need's route here, as far as this visitor can use it (rule 4, first half)."""
        route = list(self.need.routes[self.place.nation])
        if self.visitor.afloat and self.visitor.has_radio and "vhf-dsc" in route:
            route.insert(0, route.pop(route.index("vhf-dsc")))
        return tuple(c for c in route if self.exists(c) and self.fits(c))

    @lazy
    def urgency(self) -> Urgency:
        """The need's own. What is no business of the police is theirs all the same in a place
        where its route begins with them, as fraud in Scotland does."""
        first = self.channel(self.need.routes[self.place.nation][0])
        if self.need.urgency is Urgency.NOT_POLICE and first.owner is Service.POLICE:
            return Urgency.ROUTINE
        return self.need.urgency

    def fits(self, channel: str) -> bool:
        """Whether what the visitor has told us rules a channel out. Unknown rules nothing out."""
        return fits(channel, self.visitor, line_of(self.visitor, self.rulebook.catalogue))

    def lines_of(self, channel_id: str) -> set[str | None]:
        """A channel, the call it makes, and the voice line it is a form of.

        A published number is a line of its own: the fire service's is not the force's.
        """
        if channel_id == LOCAL_NUMBER:
            return {self.line(channel_id)}
        channel = self.channel(channel_id)
        return {channel_id, channel.call, channel.relay_of, *channel.parents} - {"999"}

    def line(self, channel_id: str) -> str:
        """The name of the line a channel is, among the lines that may be kept free."""
        if channel_id == LOCAL_NUMBER and self.number:
            return f"{LOCAL_NUMBER} {self.number.number}"
        return channel_id

    def exists(self, channel: str) -> bool:
        return self.place.nation in self.channel(channel).nations

    @lazy
    def treatments(self) -> dict[str, Treatment]:
        nation = self.place.nation
        pairs = (
            (c, treatment(self.rulebook, self.need, nation, self.impact(c), c)) for c in self.route
        )
        return {channel: t for channel, t in pairs if t is not None}

    @lazy
    def asides(self) -> tuple[Treatment, ...]:
        """What a service tells this need though the fault is of a channel it has no use for, as
        when 999 fails and routine reports are to go to the counter. Emergencies keep to theirs."""
        if self.need.is_emergency:
            return ()
        touched = {s for c in self.route for s in self.impact(c).touching}
        found = aside(self.need, [s for s in self.field.sure if s not in touched])
        return (found,) if found else ()

    @lazy
    def number(self) -> LocalNumber | None:
        """The published number that is good here and now: narrowest, then newest."""
        if not any(s.incident.numbers for s in self.field.sure):
            return None
        found = [
            (n.footprint.narrowness, -n.verified_at.timestamp(), n.number, n)
            for s in self.field.sure
            for n in s.incident.numbers
            if number_is_good(n, self.at) and self._is_for_me(n)
        ]
        return min(found, default=(0, 0, "", None))[3]

    def _is_for_me(self, number: LocalNumber) -> bool:
        service = number.footprint.service
        return number.footprint.covers(self.place) and (
            service is None or service in self.need.services
        )

    @lazy
    def kept_free(self) -> Mapping[str, tuple[ReachingIncident, ...]]:
        """Lines that carry emergencies of any service here, for a need that is none."""
        return {} if self.need.is_emergency else self.here.kept_free


def fits(channel: str, visitor: Visitor, line: PhoneLine | None) -> bool:
    """Whether what the visitor has told us rules a channel out, on the line they are on."""
    if channel not in _FOR_SOME:
        return True
    fixed = line is not None and line is not PhoneLine.MOBILE
    mobile = visitor.has_mobile is not False
    rules = {
        "emergency-sms": mobile and visitor.registered_for_sms is not False,
        "vhf-dsc": visitor.afloat is not False and visitor.has_radio is not False,
        "999-from-mobile": mobile,
        "silent-solution": mobile and (not fixed or bool(visitor.has_mobile)),
        "999-landline": fixed or not mobile,
    }
    return rules[channel]


def _carried(local: NeedContext) -> Iterator[tuple[str, ReachingIncident]]:
    """Each line this emergency is sent to, with the statement that sends it there.

    A carrier owns only the technical state: it keeps nothing free (rule 5).
    """
    for s in local.field.sure:
        if s.state not in OVER and not is_carrier(s.incident):
            yield from ((channel, s) for channel in s.incident.keep_free)
    for t in local.treatments.values():
        if t.keeps_free and t.by:
            usable = (c for c in alternatives(local, t) if is_allowed(local, c, t))
            lines = (c for c in usable if local.channel(c).kind in ANSWERED)
            # Another phone makes the very call to 999: no line that other callers could be on.
            yield from ((local.line(c), t.by) for c in lines if local.channel(c).call != "999")


def alternatives(local: NeedContext, t: Treatment) -> tuple[str, ...]:
    """Where a treatment sends people. Somebody who types gets the text form of a voice line."""
    if not local.need.id.startswith("deaf-text"):
        return t.to
    known = local.rulebook.catalogue.channels
    typed = [f"{c}-text-relay" if f"{c}-text-relay" in known else c for c in t.to]
    return tuple(dict.fromkeys(typed))


def is_allowed(local: NeedContext, channel_id: str, t: Treatment | None = None) -> bool:
    """Whether a channel may be advised at all for this need, here and now (rules 4 and 7)."""
    channel = local.channel(channel_id)
    usable = channel_id in local.route or local.need.can_use(channel.kind)
    if not (local.exists(channel_id) and usable):
        return False
    if not local.fits(channel_id) or local.impact(channel_id).down:
        return False
    if channel_id == "local-number" and local.number is None:
        return False
    if channel_id == "wait" and not local.need.may_wait:
        return False
    return _is_fitting(local, channel) and (t is None or _helps(local, channel, t))


def _is_fitting(local: NeedContext, channel: Channel) -> bool:
    """Never a form for an emergency, 999 for the rest, or a police desk for a fire (rule 7)."""
    if local.need.is_emergency:
        desk = channel.id == "police-counter" and local.need.id != "police-emergency"
        return channel.kind not in _WRITTEN and not desk
    return not channel.emergency


def _helps(local: NeedContext, channel: Channel, t: Treatment) -> bool:
    """Whether an alternative is one, for the kind of fault there is (rule 2)."""
    if channel.id in local.route:
        return True
    if channel.id in CURES:
        clean = not (local.impact(channel.id).direct or local.impact(channel.id).carried)
        cures = t.by is not None and t.by.is_access
        return clean and cures and not local.field.platform_fault
    own_phone = channel.access in (Access.VOICE, Access.SMS)
    return channel.call != "999" and not (local.field.access_fault and own_phone)


def is_kept(local: NeedContext, channel_id: str) -> bool:
    """Whether a channel, or the line it is a form of, is kept free here (rule 6)."""
    return bool(local.lines_of(channel_id) & set(local.kept_free))
