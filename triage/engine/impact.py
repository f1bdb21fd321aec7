"""Incidents -> what is the matter with each channel, for one need in one place.

Merging does not depend on order (rule 13): every answer here is a worst, a union or a sort over
all statements. What people are then told to do about it is treatment.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from triage.engine.catalogue import Access, Catalogue, Channel, ChannelRole, Service
from triage.engine.entitlement import is_carrier
from triage.engine.lazy import lazy
from triage.engine.scope import FIXED_LINES, Reach, ReachingIncident, line_of
from triage.engine.situation import FAILING, OVER, PhoneLine, State, Visitor

PHONES = frozenset({Access.VOICE, Access.MOBILE, Access.LANDLINE, Access.OTHER_PHONE})
# Channels that are a call from one kind of phone, whichever phone the visitor reads this on.
_CALLED_FROM = {Access.MOBILE: PhoneLine.MOBILE, Access.LANDLINE: PhoneLine.LANDLINE}
# To wait, to go somewhere, to ask somebody: always there, whatever is stated (rule 11).
ALWAYS_THERE = frozenset({ChannelRole.IN_PERSON, ChannelRole.WAIT, ChannelRole.HELPER})


@dataclass(frozen=True)
class Impact:
    """What all statements together do to one channel. Each tuple is oldest first.

    `direct` is said of the channel itself, `carried` of the lines of everybody, `above` of what
    it hangs on, `own` of the visitor's own network or line. A `dead` channel has lost what it
    goes out over; one that is `own_dead` works, from another phone.
    """

    services: frozenset[Service] = frozenset()
    direct: tuple[ReachingIncident, ...] = ()
    carried: tuple[ReachingIncident, ...] = ()
    above: tuple[ReachingIncident, ...] = ()
    own: tuple[ReachingIncident, ...] = ()
    dead: bool = False
    own_dead: bool = False
    feature_missing: bool = False

    @lazy
    def touching(self) -> tuple[ReachingIncident, ...]:
        return tuple(dict.fromkeys((*self.direct, *self.carried, *self.above, *self.own)))

    @lazy
    def worst(self) -> State | None:
        """The worst state stated of the channel itself, in force or restored."""
        states = [s.state_for(self.services) for s in self.direct]
        states = [state for state in states if state is not State.RESOLVED]
        return min(states, key=lambda state: state.rank, default=None)

    @lazy
    def down(self) -> bool:
        """Nothing connects, for anybody: said so by one who has the right, and whose word has not
        lapsed and is not disputed (rule 4)."""
        return self.dead or any(self.is_marked_down_by(s) for s in self.direct)

    def is_marked_down_by(self, s: ReachingIncident) -> bool:
        return s.is_down and s.state_for(self.services) is State.DOWN and s not in self._disputed

    @lazy
    def unusable(self) -> bool:
        return self.down or self.own_dead

    @lazy
    def at_risk(self) -> bool:
        """Not stated of the channel itself, but of something it hangs on (rule 3)."""
        lines = (s for s in self.own if s.takes)
        failing = any(s.state in FAILING for s in (*self.above, *self.carried, *lines))
        return not self.down and (failing or self.feature_missing)

    @lazy
    def disputed(self) -> bool:
        """A carrier's newer word is better than the service's (rule 5)."""
        return bool(self._disputed)

    def is_disputed(self, s: ReachingIncident) -> bool:
        """Whether it is this very statement that the carrier's word contradicts: what a service
        says after the carrier, or in other words than another service's, stands."""
        return s in self._disputed

    @lazy
    def _disputed(self) -> frozenset[ReachingIncident]:
        return disputed_among(self.direct)


class Impacts(dict[str, Impact]):
    """The impact on each channel, for one need in one place: worked out when first asked for."""

    def __init__(self, work: Callable[[str], Impact]) -> None:
        self._work = work
        super().__init__()

    def __missing__(self, channel: str) -> Impact:
        found = self[channel] = self._work(channel)
        return found


UNTOUCHED = Impact()


@dataclass(frozen=True)
class Field:
    """All statements that reach one visitor and touch one need, and what they do to a channel."""

    catalogue: Catalogue
    visitor: Visitor
    services: frozenset[Service]
    statements: tuple[ReachingIncident, ...]

    @lazy
    def sure(self) -> tuple[ReachingIncident, ...]:
        """What is about this visitor. Where every kind of phone is dead, theirs is too."""
        dead = self._dead_phones if self.every_phone_is_dead else ()
        return tuple(s for s in self.statements if s.reach is Reach.YES or s in dead)

    @lazy
    def maybe(self) -> tuple[ReachingIncident, ...]:
        found = (s for s in self.statements if s.reach is Reach.MAYBE)
        return tuple(s for s in found if s not in self.sure)

    def _about(self, access: Access) -> tuple[ReachingIncident, ...]:
        """What is certain of a channel that is reached so. A call from a mobile hangs on the
        mobiles of the place, even where the visitor's own line is not known or is another."""
        line = _CALLED_FROM.get(access)
        if line is None or len(self.sure) == len(self.statements):
            return self.sure
        return tuple(s for s in self.statements if s in self.sure or s.is_of_every(line))

    def impact(self, channel_id: str) -> Impact:
        channel = self.catalogue.channels[channel_id]
        ancestors = self.catalogue.ancestors[channel_id]
        if self._is_untouched(channel, ancestors):
            return UNTOUCHED
        about = self._about(channel.access)
        own = tuple([s for s in about if s.on_own_phone and self._is_own(s, channel)])
        direct = tuple([s for s in about if not s.on_own_phone and _is_of(s, channel)])
        carried = [s for s in about if not s.on_own_phone and channel.access in s.takes]
        above = tuple([s for s in about if not s.on_own_phone and s.channel in ancestors])
        return Impact(
            services=self.services,
            direct=direct,
            carried=tuple(carried),
            above=above,
            own=own,
            dead=self._is_dead(channel, carried, above),
            own_dead=any(s.is_down for s in own if self._loses(s, channel)),
            feature_missing=any(_lacks(s, channel) for s in (*direct, *above)),
        )

    def _is_untouched(self, channel: Channel, ancestors: frozenset[str]) -> bool:
        """Whether nothing is stated of a channel, of the call it makes, of what it hangs on, or
        of a line that it may go out over: so it is with most channels, and this is soon told."""
        if channel.role in ALWAYS_THERE or not self.statements:
            return True
        return not (
            channel.id in self._stated
            or channel.call in self._stated
            or channel.access in self._lines_stated
            or ancestors & self._stated
        )

    @lazy
    def _stated(self) -> frozenset[str]:
        return frozenset(s.channel for s in self.statements)

    @lazy
    def _lines_stated(self) -> frozenset[Access]:
        phones = PHONES if self.every_phone_is_dead else frozenset()
        return frozenset(phones.union(*(s.takes for s in self.statements)))

    def _is_own(self, s: ReachingIncident, channel: Channel) -> bool:
        """Whether a fault of somebody's own phone takes a channel: a line takes what goes out over
        it, a fault of one number on it that number's calls."""
        if s.takes:
            return channel.access in s.takes and self._is_call_over(s, channel)
        if s.channel != channel.id and s.channel != channel.call:
            return False
        return s.channel == channel.id != channel.call or self._is_call_over(s, channel)

    def _is_call_over(self, s: ReachingIncident, channel: Channel) -> bool:
        """Whether this channel goes out over the line that a statement is about."""
        line = _CALLED_FROM.get(channel.access)
        return self._own_line_makes(channel) or (line is not None and s.is_of_every(line))

    def _own_line_makes(self, channel: Channel) -> bool:
        """Whether this channel goes out over the visitor's own, troubled line."""
        own = line_of(self.visitor, self.catalogue)
        if channel.access is Access.MOBILE:
            return own not in FIXED_LINES
        if channel.access is Access.LANDLINE:
            return own in FIXED_LINES
        return channel.access is not Access.OTHER_PHONE

    def _loses(self, s: ReachingIncident, channel: Channel) -> bool:
        """Whether a dead line of the visitor's takes a channel for certain: who reads this without
        mobile data may be on another connection."""
        if channel.access is not Access.DATA:
            return True
        return self.visitor.network is not None or self.visitor.line is PhoneLine.MOBILE

    def _is_dead(
        self,
        channel: Channel,
        carried: Iterable[ReachingIncident],
        above: Iterable[ReachingIncident],
    ) -> bool:
        """Whether what it can only travel over is down (rule 3)."""
        over = self.catalogue.travelled(channel.id)
        on = tuple(s for s in above if s.channel in over)
        disputed = disputed_among(on)
        if any(s.is_down and s not in disputed for s in on):
            return True
        if any(s.is_down and self._is_surely_dead(s, channel) for s in carried):
            return True
        return channel.access in PHONES and self.every_phone_is_dead

    def _is_surely_dead(self, s: ReachingIncident, channel: Channel) -> bool:
        """Mobile data alone is at risk where nobody knows the reader's line (rule 2)."""
        return len(s.takes) > 1 or self._loses(s, channel)

    @lazy
    def every_phone_is_dead(self) -> bool:
        """Mobiles and landlines both, whichever the visitor has: every number is dead then."""
        kinds = {line for s in self._dead_phones for line in _CALLED_FROM.values()
                 if s.is_of_every(line)}  # fmt: skip
        return len(kinds) == len(_CALLED_FROM)

    @lazy
    def _dead_phones(self) -> tuple[ReachingIncident, ...]:
        """What says that one whole kind of phone is dead, whether or not it is the visitor's."""
        return tuple(
            s
            for s in self.statements
            if s.is_down
            and Access.VOICE in s.takes
            and any(s.is_of_every(line) for line in _CALLED_FROM.values())
        )

    @lazy
    def relay_form(self) -> Impact:
        """What is the matter with 18001 calls in general: the relay, and the data they need."""
        prefix = self.catalogue.playing(ChannelRole.RELAY_PREFIX)
        if not self.sure:
            return UNTOUCHED
        channel = self.catalogue.channels[prefix]
        ancestors = self.catalogue.ancestors[prefix]
        above = tuple(s for s in self.sure if s.channel in ancestors and not s.on_own_phone)
        carried = tuple(s for s in self.sure if Access.DATA in s.takes)
        own = tuple(s for s in carried if s.on_own_phone)
        return Impact(
            services=self.services,
            carried=tuple(s for s in carried if not s.on_own_phone),
            above=above,
            own=own,
            dead=self._is_dead(channel, carried, above),
            own_dead=any(s.is_down for s in own if self._loses(s, channel)),
        )

    @lazy
    def front_door_fails(self) -> bool:
        """999 itself fails or is slow: another phone for it alone and 112 are useless (rule 2)."""
        return any(
            s.front_door
            and s.state in {*FAILING, State.DELAYED}
            and not s.on_own_phone
            and not s.overdue
            for s in self.sure
            if self.catalogue.channels[s.channel].role is ChannelRole.FRONT_DOOR
        )


def disputed_among(stated: Iterable[ReachingIncident]) -> frozenset[ReachingIncident]:
    """The services' statements that a supplier has since said better things than (rule 5)."""
    known = tuple(stated)
    suppliers = [s for s in known if is_carrier(s.incident)]
    return frozenset(
        s
        for s in known
        if not is_carrier(s.incident) and s.state not in OVER
        for k in suppliers
        if k.incident.published_at > s.incident.published_at and k.state.rank > s.state.rank
    )


def _is_of(s: ReachingIncident, channel: Channel) -> bool:
    return s.channel == channel.id or s.channel == channel.call


def _lacks(s: ReachingIncident, channel: Channel) -> bool:
    """Whether a degraded service lacks the very feature this channel is made of."""
    missing = channel.feature is not None and channel.feature in s.incident.degraded_features
    return s.state is State.DEGRADED and missing
