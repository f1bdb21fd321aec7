"""One advice beside what was stated when it was given: what the laws look at.

The laws have their own eyes: every question is answered here from the raw incidents (channel,
footprints, services, networks, lines, times), the data and the finished advice, never from a
value that the engine worked out on the way. The laws are advice_laws.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from triage.engine.advice import Advice
from triage.engine.catalogue import Access, Channel, ChannelKind, ChannelRole, Place, Service
from triage.engine.lazy import lazy
from triage.engine.rulebook import Need, Rulebook
from triage.engine.situation import (
    FAILING,
    OVER,
    Incident,
    IssuerKind,
    Mode,
    Notice,
    PhoneLine,
    PublishedNumber,
    State,
    Status,
    Uses,
    Visitor,
)

ANSWERED = frozenset({ChannelKind.VOICE, ChannelKind.RELAY, ChannelKind.VIDEO, ChannelKind.SMS})
CALLS = frozenset({Access.VOICE, Access.MOBILE, Access.LANDLINE, Access.OTHER_PHONE})


@dataclass(frozen=True)
class LawMoment:
    """What was stated in one place at one moment, as one visitor reads it."""

    rulebook: Rulebook
    place: Place
    at: datetime
    stated: tuple[Incident, ...]
    visitor: Visitor

    @lazy
    def live(self) -> tuple[Incident, ...]:
        """What counts here and is about everybody, whatever their phone."""
        found = (i for i in self.reaching if not (i.scope.networks or self.lines_of(i)))
        return tuple(i for i in found if not (self._is_wired and self._is_of_data(i)))

    @lazy
    def _is_wired(self) -> bool:
        """Whether the reader said that they are on a landline of any kind."""
        visitor, brands = self.visitor, self.rulebook.catalogue.brands
        line = brands[visitor.network].line if visitor.network else PhoneLine.MOBILE
        return (visitor.line or PhoneLine(line)) is not PhoneLine.MOBILE

    def _is_of_data(self, i: Incident) -> bool:
        return self.channel(i.channel).takes == {Access.DATA}

    @lazy
    def reaching(self) -> tuple[Incident, ...]:
        """What is live, has begun, speaks of this place by who may speak of it, and is not of what
        a telephone company does not carry."""
        return tuple(
            i
            for i in self.stated
            if i.status is Status.LIVE and i.issuer.entitled and i.published_at <= self.at
            if any(f.covers(self.place) for f in i.scope.footprints)
            if any(f.covers(self.place) for f in (i.issuer.footprint, *i.issuer.territory))
            if i.issuer.kind is not IssuerKind.CARRIER or self.channel(i.channel).carried
            if self._is_of_its_leg(i)
            if not any(o.supersedes == i.id and o.issuer == i.issuer for o in self.stated)
        )

    def _is_of_its_leg(self, i: Incident) -> bool:
        """Whether a service speaks of its own: its leg of 999, its numbers, or what all share."""
        known, leg = self.channel(i.channel), set(i.scope.services)
        own = self._own_services(i) or leg
        if i.issuer.kind is not IssuerKind.ANSWERING_SERVICE or not own:
            return True
        if leg and self.channel(known.call).role is ChannelRole.FRONT_DOOR:
            return bool(own & leg)
        whole = known.kind is ChannelKind.INFRASTRUCTURE or known.emergency
        return whole or bool(own & known.stated_by)

    @staticmethod
    def _own_services(i: Incident) -> set[Service]:
        """Whose needs an issuer answers, as stated or by its land; empty where neither says."""
        land = i.issuer.footprint.service
        return set(i.issuer.services) or ({land} if land else set())

    def lines_of(self, i: Incident) -> tuple[PhoneLine, ...]:
        only = self.channel(i.channel).only_line
        return i.scope.lines or ((only,) if only else ())

    def channel(self, channel: str) -> Channel:
        return self.rulebook.catalogue.channels[channel]

    def is_late(self, i: Incident) -> bool:
        return not i.planned and i.review_at is not None and self.at >= i.review_at

    def is_disputed(self, i: Incident) -> bool:
        """Whether a supplier says, later, better things than a service still does."""
        return i.issuer.kind is not IssuerKind.CARRIER and any(
            k.issuer.kind is IssuerKind.CARRIER
            and k.channel == i.channel
            and k.published_at > i.published_at
            and k.state.rank > i.state.rank
            for k in self.live
        )

    @lazy
    def kept_free(self) -> frozenset[str]:
        """The channels that somebody sends emergencies to, or asks all to keep free (rule 7): by
        all of the place, also where only some phones are sent there."""
        kept: set[str] = set()
        for i in self.reaching:
            if i.state in OVER:
                continue
            kept |= set(i.keep_free) if i.issuer.kind is not IssuerKind.CARRIER else set()
            for need in self._hearing_emergencies:
                kept |= {c for c in self._sent(i, need) if self._can_carry(c, need, i)}
        return frozenset(kept)

    @lazy
    def _hearing_emergencies(self) -> tuple[Need, ...]:
        needs = self.rulebook.needs.values()
        return tuple(n for n in needs if n.is_emergency and not n.stands_for)

    def _sent(self, i: Incident, need: Need) -> Iterable[str]:
        """Where one statement sends the people of a need: its notice, else the preset."""
        leg = self.channel(i.channel).role is ChannelRole.FRONT_DOOR and i.scope.services
        if leg and not need.services & set(i.scope.services):
            return ()
        if not self._speaks_for(i, need):
            return ()
        told = [n for n in i.notices if n.need == need.id]
        if told and i.issuer.kind is not IssuerKind.CARRIER:
            return [c for n in told if n.mode in (Mode.REPLACE, Mode.TRY_FIRST) for c in n.to]
        if i.scope.networks or self.lines_of(i):
            # Another phone is the cure, and no preset stands in for it (rule 2).
            return ()
        preset = self.rulebook.preset(i.channel, i.state, need, self.place.nation)
        sends = preset is not None and preset.mode in (Mode.REPLACE, Mode.TRY_FIRST)
        return preset.to if preset and sends else ()

    def _speaks_for(self, i: Incident, need: Need) -> bool:
        """Whether its issuer may send this emergency anywhere: what another service's word of the
        front door only leads to keeps nothing free (rule 7)."""
        own = self._own_services(i)
        service = i.issuer.kind is IssuerKind.ANSWERING_SERVICE
        return not service or not own or bool(need.services & own)

    def _can_carry(self, channel: str, need: Need, i: Incident) -> bool:
        known = self.channel(channel)
        here = self.place.nation in known.nations and need.services <= known.answers
        call = known.kind in ANSWERED and known.role is None and not known.emergency
        about = i.channel in self.rulebook.touched_by(need.id, self.place.nation)
        return here and call and about and not self.is_down(channel)

    def is_down(self, channel: str) -> bool:
        """Whether somebody whose word has not lapsed says that nothing connects there."""
        return any(self._puts_down(i, channel) for i in self.live)

    def _puts_down(self, i: Incident, channel: str) -> bool:
        if i.state is not State.DOWN or self.is_late(i) or self.is_disputed(i):
            return False
        known, stated = self.channel(channel), self.channel(i.channel)
        same = i.channel in {channel, known.call} | self._over(channel)
        takes = known.access in stated.takes and len(stated.takes) > 1
        return same or takes

    def _over(self, channel: str) -> set[str]:
        over: set[str] = set()
        for c in self.channel(channel).travels_over:
            over |= {c} | self._over(c)
        return over


@dataclass(frozen=True)
class LawCase:
    """One advice, and what was stated when it was given."""

    moment: LawMoment
    need: Need
    uses: Uses
    advice: Advice

    def channel(self, channel: str) -> Channel:
        return self.moment.channel(channel)

    @property
    def rulebook(self) -> Rulebook:
        return self.moment.rulebook

    @lazy
    def route(self) -> tuple[str, ...]:
        asked = self.rulebook.asked(self.need.id, self.uses)
        nation = self.moment.place.nation
        return tuple(c for c in asked.routes[nation] if nation in self.channel(c).nations)

    @lazy
    def open_to_them(self) -> tuple[str, ...]:
        """The route without what this person said they have not: a mobile, a registered phone, a
        boat. Of that, nothing need be said."""
        visitor = self.moment.visitor
        without = False in (visitor.has_mobile, visitor.registered_for_sms, visitor.afloat)
        some = {Access.MOBILE, Access.LANDLINE}
        return tuple(
            c
            for c in self.route
            if not (without and self.channel(c).requires)
            and not (visitor.has_mobile is False and self.channel(c).access in some)
        )

    @lazy
    def shown(self) -> tuple[str, ...]:
        return tuple(e.channel for e in self.advice.entries)

    @lazy
    def hearing(self) -> tuple[Need, ...]:
        return tuple(self.rulebook.needs[n] for n in self.need.stands_for) or (self.need,)

    @lazy
    def services(self) -> frozenset[Service]:
        return self.need.services

    def touches(self, i: Incident) -> bool:
        """Whether a statement is about this need: one leg of 999 is nobody else's."""
        leg = self.channel(i.channel).call == self.door and i.scope.services
        return not leg or bool(self.services & set(i.scope.services))

    @lazy
    def door(self) -> str:
        return self.rulebook.catalogue.playing(ChannelRole.FRONT_DOOR)

    def about(self, channel: str) -> list[Incident]:
        """What is stated to everybody of a channel itself, or of the very call it makes."""
        same = {channel, self.channel(channel).call}
        return [i for i in self.moment.live if i.channel in same and self.touches(i)
                if i.state is not State.RESOLVED]  # fmt: skip

    def is_down(self, channel: str) -> bool:
        return any(self.touches(i) and self.moment._puts_down(i, channel) for i in self.moment.live)

    def own_line_is_dead(self, channel: str) -> bool:
        """Whether the visitor's own line, as far as they told it, cannot make this call."""
        known, visitor = self.channel(channel), self.moment.visitor
        if known.access is not Access.VOICE:
            return False
        return any(self._kills(i, known, visitor) for i in self.moment.reaching)

    def _kills(self, i: Incident, known: Channel, visitor: Visitor) -> bool:
        if i.state is not State.DOWN or self.moment.is_late(i) or i in self.moment.live:
            return False
        stated = self.channel(i.channel)
        if known.access not in stated.takes and i.channel not in (known.id, known.call):
            return False
        lines = self.moment.lines_of(i)
        on_line = not lines or visitor.line in lines
        brands = self.rulebook.catalogue
        network = not i.scope.networks or (
            visitor.network is not None and brands.covers_brand(i.scope.networks, visitor.network)
        )
        return bool(on_line and network)

    def deaths_of_a_kind(self, channel: str) -> list[Incident]:
        """What says that all phones of the one kind that makes this call are dead here."""
        kinds = {Access.MOBILE: PhoneLine.MOBILE, Access.LANDLINE: PhoneLine.LANDLINE}
        known = self.channel(channel)
        return [
            i
            for i in self.moment.reaching
            if i.state is State.DOWN and not self.moment.is_late(i) and not i.scope.networks
            if known.access in self.channel(i.channel).takes
            if kinds.get(known.access) in self.moment.lines_of(i)
        ]

    @lazy
    def door_fails(self) -> bool:
        """Whether the front door itself is said to fail, and that was reviewed."""
        about = [i for i in self.moment.live if i.channel == self.door and self.touches(i)]
        return any(i.state in FAILING and not self.moment.is_late(i) for i in about)

    def numbers(self) -> set[str]:
        """The numbers that were published for this very need, here, and are good."""
        names = {self.need.id, *self.need.stands_for}
        return {
            n.number
            for i in self.moment.reaching
            for n in i.numbers
            if names & set(n.needs or _needs_of(i, self.moment)) and self._is_good(n)
        }

    def _is_good(self, n: PublishedNumber) -> bool:
        at = self.moment.at
        fresh = n.verified_at <= at and (at - n.verified_at).days < 91
        return (
            fresh
            and (n.valid_until is None or at < n.valid_until)
            and n.footprint.covers(self.moment.place)
        )

    def only_word(self) -> tuple[Mode, Incident] | None:
        """The mode of the one statement there is about the first channel of the route, where it
        has a fresh notice for this need."""
        about = [i for i in self.moment.reaching if i.state is not State.RESOLVED]
        if len(about) != 1 or len(self.moment.stated) != 1:
            return None
        i = about[0]
        notices: list[Notice] = [n for n in i.notices if n.need == self.need.id]
        lately = self.moment.is_late(i) or i.issuer.kind is IssuerKind.CARRIER
        if not notices or lately or i not in self.about(self.route[0]):
            return None
        return notices[0].mode, i


def _needs_of(i: Incident, moment: LawMoment) -> list[str]:
    published = moment.rulebook.catalogue.playing(ChannelRole.PUBLISHED_NUMBER)
    return [n.need for n in i.notices if published in n.to]
