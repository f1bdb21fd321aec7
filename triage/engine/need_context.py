"""One need in one place for one visitor: everything the later steps look up, worked out once.

Here stand the filters: which channels exist, fit the visitor, are kept free, or may never be
advised. The order of the list is ordering.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from triage.engine.advice import Form
from triage.engine.catalogue import (
    Access,
    Catalogue,
    Channel,
    ChannelKind,
    ChannelRole,
    Place,
    Service,
)
from triage.engine.channel import Requirement
from triage.engine.edition import edition
from triage.engine.entitlement import is_carrier
from triage.engine.impact import Field, Impact, Impacts
from triage.engine.lazy import lazy
from triage.engine.rulebook import AskedNeed, Need, Rulebook, Urgency
from triage.engine.scope import FIXED_LINES, ReachingIncident, in_force, line_of, reaching
from triage.engine.situation import OVER, Incident, PublishedNumber, Situation, Uses, Visitor
from triage.engine.treatment import Judge, Treatment, gentlest

_WRITTEN = frozenset({ChannelKind.WEB, ChannelKind.CHAT, ChannelKind.EMAIL})
# What somebody answers: emergencies that are sent there must not meet other callers.
ANSWERED = frozenset({ChannelKind.VOICE, ChannelKind.RELAY, ChannelKind.VIDEO, ChannelKind.SMS})


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
    def catalogue(self) -> Catalogue:
        return self.rulebook.catalogue

    @lazy
    def statements(self) -> tuple[ReachingIncident, ...]:
        return reaching(self.incidents, self.at, self.place, self.visitor, self.catalogue)

    @lazy
    def _locals(self) -> dict[str, NeedContext]:
        return {}

    def local(self, need: str) -> NeedContext:
        """The view of one need, worked out once. Raises KeyError for an unknown need."""
        if need not in self._locals:
            self._locals[need] = NeedContext(self, self.rulebook.asked(need, self.visitor.uses))
        return self._locals[need]

    @lazy
    def edition(self) -> str:
        known = self.all_incidents
        return edition(self.rulebook, known, self.at, self.place.area, self.incidents)

    def judge(self, need: Need, *names: str) -> Judge:
        """Who decides for a need. `names` are other ids whose notices speak to the person."""
        published = self.catalogue.playing(ChannelRole.PUBLISHED_NUMBER)
        known = (*(n for n in names if n != need.id), need.id)
        return Judge(self.rulebook, self.place, self.at, published, known, need)

    @lazy
    def kept_free(self) -> Mapping[str, tuple[ReachingIncident, ...]]:
        """Which lines the emergencies of this place are sent to, and by whom (rule 7). A line that
        somebody asks to keep free, or sends some people to, is kept by all of the place, whatever
        their phone and whether they speak, type or sign."""
        if not self.incidents:
            return {}
        if self.visitor != Visitor():
            return replace(self, visitor=Visitor()).kept_free
        kept: dict[str, dict[str, ReachingIncident]] = {}
        of_phones = [s for s in self.statements if s.state not in OVER and s.on_own_phone]
        for s in self.statements:
            asks = s.state not in OVER and not is_carrier(s.incident)
            for line in s.incident.keep_free if asks else ():
                kept.setdefault(line, {}).setdefault(s.incident.id, s)
        for need in self._hearing_emergencies if self.statements else ():
            local = self.local(need)
            own = (s for s in local.field.sure if s.state not in OVER and not s.on_own_phone)
            for s in (*own, *of_phones):
                for line in _sent_to(local, s):
                    kept.setdefault(line, {}).setdefault(s.incident.id, s)
        return {line: tuple(found.values()) for line, found in kept.items()}

    @property
    def _hearing_emergencies(self) -> Iterator[str]:
        needs = self.rulebook.needs
        return (n for n in self.rulebook.emergencies if not needs[n].stands_for)


@dataclass(frozen=True, eq=False)
class NeedContext:
    """One need in one place: everything the later steps look up, worked out once."""

    here: VisitorContext
    asked: AskedNeed
    need: Need = field(init=False)
    rulebook: Rulebook = field(init=False)
    catalogue: Catalogue = field(init=False)
    channels: Mapping[str, Channel] = field(init=False)
    place: Place = field(init=False)
    visitor: Visitor = field(init=False)
    at: datetime = field(init=False)
    # What is the matter with each channel, worked out when it is first asked for.
    impacts: Impacts = field(init=False)
    # How who types or signs uses a call, by the channel and the number published for it.
    known_forms: dict[tuple[str, PublishedNumber | None], tuple[Form, ...]] = field(init=False)

    def __post_init__(self) -> None:
        here, catalogue = self.here, self.here.rulebook.catalogue
        vars(self).update(
            need=self.asked.need,
            rulebook=here.rulebook,
            catalogue=catalogue,
            channels=catalogue.channels,
            place=here.place,
            visitor=here.visitor,
            at=here.at,
            impacts=Impacts(lambda channel: self.field.impact(channel)),
            known_forms={},
        )

    @lazy
    def field(self) -> Field:
        services = self.asked.services
        found = tuple([s for s in self.here.statements if s.touches(services)])
        return Field(self.catalogue, self.visitor, services, found)

    @lazy
    def door(self) -> str:
        return self.catalogue.playing(ChannelRole.FRONT_DOOR)

    @lazy
    def route(self) -> tuple[str, ...]:
        """The need's route here, as far as this visitor can use it (rule 4, first half)."""
        route = [c for c in self.asked.routes[self.place.nation] if self.exists(c)]
        if self.visitor.afloat and self.visitor.has_radio:
            route.sort(key=lambda c: Requirement.BOAT_WITH_RADIO not in self.channels[c].requires)
        route = [c for c in route if self.fits(c) and self._is_in_reach(c)]
        once = tuple(dict.fromkeys(route))
        return once if self.need.is_emergency else self._answered_first(once)

    def _is_in_reach(self, channel: str) -> bool:
        """A voice call is one for who types or signs only where the relay takes it."""
        usable = self.asked.can_use(self.channels[channel].kind)
        return usable or self.channels[channel].emergency or self.by_relay(channel)

    def by_relay(self, channel: str) -> bool:
        """Whether somebody without voice makes this call through 18001 (rule 6)."""
        known = self.channels[channel]
        voice = known.kind is ChannelKind.VOICE and not known.emergency
        return voice and not self.asked.by_voice and not self.field.relay_form.unusable

    def _answered_first(self, route: tuple[str, ...]) -> tuple[str, ...]:
        """A route with what nobody answers at this moment behind what can be used."""
        if not self.catalogue.timetable.timed.intersection(route):
            return route
        shut = self.catalogue.timetable.shut(self.place.nation, self.at)
        return tuple(sorted(route, key=lambda channel: channel in shut))

    @lazy
    def urgency(self) -> Urgency:
        """The need's own. What is no business of the police is theirs all the same in a place
        where its route begins with them, as fraud in Scotland does."""
        first = self.channels[self.need.routes[self.place.nation][0]]
        if self.need.urgency is Urgency.NOT_POLICE and first.owner is Service.POLICE:
            return Urgency.ROUTINE
        return self.need.urgency

    def fits(self, channel: str) -> bool:
        """Whether what the visitor has told us rules a channel out. Unknown rules nothing out."""
        return fits(self.channels[channel], self.visitor, self.catalogue)

    def lines_of(self, channel_id: str, number: PublishedNumber | None = None) -> set[str]:
        """A channel, the call it makes, and the voice line it is a form of.

        A published number is a line of its own: the fire service's is not the force's.
        """
        channel = self.channels[channel_id]
        if channel.role is ChannelRole.PUBLISHED_NUMBER:
            return {line(channel, number)}
        forms = {channel_id, channel.call, channel.relay_of or channel_id, *channel.parents}
        return forms - {self.door}

    def exists(self, channel: str) -> bool:
        return self.channels[channel].exists_in(self.place)

    @lazy
    def treatments(self) -> dict[str, Treatment]:
        if not self.field.statements:
            return {}
        pairs = ((c, self._treatment(c)) for c in self.route)
        return {channel: t for channel, t in pairs if t is not None}

    def _treatment(self, channel: str) -> Treatment | None:
        """What is said of a channel itself; else, of the door whose call it is or hangs on."""
        impact = self.impacts[channel]
        own = [self.here.judge(n, self.need.id).treatment(impact) for n in self.asked.hearing]
        is_door = channel == self.door or not self._hangs_on_door(channel)
        if is_door or impact.direct or impact.dead:
            return gentlest(own)
        return self.at_the_door or gentlest(own)

    def _hangs_on_door(self, channel: str) -> bool:
        known = self.channels[channel]
        return known.call == self.door or self.door in self.catalogue.ancestors[channel]

    @lazy
    def at_the_door(self) -> Treatment | None:
        """What people with this emergency are told about 999, however they communicate."""
        impact = self.impacts[self.door]
        judges = (self.here.judge(n, self.need.id) for n in self.asked.hearing)
        return gentlest(j.treatment(self._for(j.need, impact)) for j in judges)

    def _for(self, need: Need, impact: Impact) -> Impact:
        """An impact as one of several services' needs has it."""
        if need.services == self.asked.services:
            return impact
        found = tuple(s for s in self.here.statements if s.touches(need.services))
        field = Field(self.catalogue, self.visitor, need.services, found)
        return field.impact(self.door)

    @lazy
    def asides(self) -> tuple[Treatment, ...]:
        """What a service tells this need though the fault is of a channel it has no use for, as
        when 999 fails and routine reports are to go to the counter. Emergencies keep to theirs."""
        if self.need.is_emergency:
            return ()
        touched = {s for c in self.route for s in self.impacts[c].touching}
        rest = [s for s in self.here.statements if s not in touched and s.incident.notices]
        judges = [self.here.judge(n, self.need.id) for n in self.asked.hearing]
        found = (j.aside(rest) for j in judges) if rest else ()
        return tuple(t for t in found if t)

    @lazy
    def kept_free(self) -> Mapping[str, tuple[ReachingIncident, ...]]:
        """Lines that carry emergencies of any service here, for a need that is none."""
        return {} if self.need.is_emergency else self.here.kept_free

    def is_kept(self, channel_id: str, number: PublishedNumber | None = None) -> bool:
        """Whether a channel, or the line it is a form of, is kept free here (rule 7)."""
        return bool(self.kept_free) and bool(
            self.lines_of(channel_id, number) & self.kept_free.keys()
        )

    def form(self, channel: str) -> str:
        """An alternative as this person can use it: the text or sign form of a voice line."""
        if self.asked.by_voice or self.asked.uses is Uses.SILENT:
            return channel
        return self.catalogue.form_for(channel, self.place.nation, self.asked.uses is Uses.SIGN)

    def answers_all(self, channel: str) -> bool:
        """Whether an alternative takes the emergencies of every service that may be meant."""
        return self.asked.services <= self.channels[channel].answers

    def is_allowed(self, channel_id: str, number: PublishedNumber | None = None) -> bool:
        """Whether a channel may be advised at all for this need, here and now (rules 4 and 9)."""
        channel = self.channels[channel_id]
        usable = channel_id in self.route or self.asked.can_use(channel.kind)
        if not (usable or (self.by_relay(channel_id) and self.asked.uses is not Uses.SILENT)):
            return False
        other = self.exists(channel_id) and self.fits(channel_id) and channel.call == channel_id
        if not other and channel_id not in self.route:
            return False
        if self.impacts[channel_id].down:
            return False
        if channel.role is ChannelRole.PUBLISHED_NUMBER and number is None:
            return False
        if channel.role is ChannelRole.WAIT and not self.need.may_wait:
            return False
        return self._is_fitting(channel)

    def _is_fitting(self, channel: Channel) -> bool:
        """Never a form for an emergency, a channel of an owner who does not answer it, or 999 for
        the rest (rule 9)."""
        if self.need.is_emergency:
            answers = bool(self.asked.services & channel.answers)
            return answers and channel.kind not in _WRITTEN
        return not channel.emergency


def line(channel: Channel, number: PublishedNumber | None) -> str:
    """The name of the line a channel is, among the lines that may be kept free."""
    if channel.role is ChannelRole.PUBLISHED_NUMBER and number:
        return f"{channel.id} {number.number}"
    return channel.id


def fits(channel: Channel, visitor: Visitor, catalogue: Catalogue) -> bool:
    """Whether what the visitor has told us rules a channel out, on the line they are on."""
    own = line_of(visitor, catalogue)
    fixed, mobile = own in FIXED_LINES, visitor.has_mobile is not False
    for requirement in channel.requires:
        match requirement:
            case Requirement.REGISTERED_FOR_SMS:
                if not mobile or visitor.registered_for_sms is False:
                    return False
            case Requirement.BOAT_WITH_RADIO:
                if visitor.afloat is False or visitor.has_radio is False:
                    return False
    if channel.access is Access.MOBILE:
        return mobile and (not fixed or bool(visitor.has_mobile))
    return channel.access is not Access.LANDLINE or fixed or not mobile


def is_conditional(channel: Channel, visitor: Visitor) -> bool:
    """What works only for some leads only where it is known that this visitor is one of them."""
    for requirement in channel.requires:
        match requirement:
            case Requirement.REGISTERED_FOR_SMS:
                if not visitor.registered_for_sms:
                    return True
            case Requirement.BOAT_WITH_RADIO:
                if not (visitor.afloat and visitor.has_radio):
                    return True
    return False


def _sent_to(local: NeedContext, s: ReachingIncident) -> Iterator[str]:
    """The lines to which one statement sends the people of an emergency."""
    touched = local.rulebook.touched_by(local.need.id, local.place.nation)
    if not (s.touches(local.asked.services) and s.incident.channel in touched):
        return
    to, number = local.here.judge(local.need).sends(s)
    for channel in to:
        known = local.channels[channel]
        # Another phone makes the very call to 999: no line that other callers could be on.
        if (
            known.kind in ANSWERED
            and known.call != local.door
            and local.is_allowed(channel, number)
        ):
            yield line(known, number)
