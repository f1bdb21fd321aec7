"""Incidents -> what is the matter with each channel, for one need in one place.

Merging does not depend on order (rule 10): every answer here is a worst, a union or a sort over
all statements. What people are then told to do about it is treatment.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from triage.engine.catalogue import Access, Catalogue, Channel, ChannelKind, Place
from triage.engine.lazy import lazy
from triage.engine.rulebook import Need
from triage.engine.scope import INFRASTRUCTURE, Reach, ReachingIncident, is_carrier, line_of
from triage.engine.situation import FAILING, OVER, Feature, PhoneLine, State, Visitor

# The platform that every generated 18001 call hangs on, and the desk that shares its staff.
RELAY_PLATFORMS = frozenset({"relay-platform", "text-relay-999"})
PHONES = frozenset({Access.VOICE, Access.MOBILE, Access.LANDLINE, Access.OTHER_PHONE})
# Channels that are a call from one kind of phone, whichever phone the visitor reads this on.
_CALLED_FROM = {Access.MOBILE: PhoneLine.MOBILE, Access.LANDLINE: PhoneLine.LANDLINE}
# To wait, to go somewhere, to ask somebody: always there, whatever is stated (rule 8).
_ALWAYS_THERE = frozenset({"in-person", "wait", "helper-call"})
# Another phone for the same call: the cure of a fault of the caller's own line (rule 2).
CURES = ("999-from-mobile", "999-other-phone")


@dataclass(frozen=True)
class Impact:
    """What all statements together do to one channel. Each tuple is oldest first."""

    direct: tuple[ReachingIncident, ...] = ()
    carried: tuple[ReachingIncident, ...] = ()
    above: tuple[ReachingIncident, ...] = ()
    dead_line: bool = False
    feature_missing: bool = False

    @lazy
    def touching(self) -> tuple[ReachingIncident, ...]:
        return tuple(dict.fromkeys((*self.direct, *self.carried, *self.above)))

    @lazy
    def worst(self) -> State | None:
        """The worst state stated of the channel itself, in force or restored."""
        states = [s.state for s in (*self.direct, *self.carried) if s.state is not State.RESOLVED]
        return min(states, key=lambda state: state.rank, default=None)

    @lazy
    def down(self) -> bool:
        """Nothing connects: said so by somebody whose word has not lapsed (rule 4)."""
        return self.dead_line or any(s.is_down for s in self.direct)

    @lazy
    def at_risk(self) -> bool:
        """Not stated of the channel itself, but of something it hangs on (rule 3)."""
        failing = any(s.state in FAILING for s in (*self.above, *self.carried))
        return not self.down and (failing or self.feature_missing)

    @lazy
    def disputed(self) -> bool:
        """A carrier's newer word is better than the service's (rule 5)."""
        return bool(self._disputes)

    @lazy
    def _disputes(self) -> tuple[ReachingIncident, ...]:
        suppliers = [s for s in self.direct if is_carrier(s.incident)]
        services = [s for s in self.direct if not is_carrier(s.incident)]
        return tuple(
            k
            for k in suppliers
            for s in services
            if k.incident.published_at > s.incident.published_at and k.state.rank > s.state.rank
            if s.state not in OVER
        )


UNTOUCHED = Impact()


@dataclass(frozen=True)
class Field:
    """All statements that reach one visitor with one need, and the channels they touch."""

    catalogue: Catalogue
    place: Place
    visitor: Visitor
    need: Need
    statements: tuple[ReachingIncident, ...]

    @lazy
    def sure(self) -> tuple[ReachingIncident, ...]:
        """What is about this visitor. Where every kind of phone is dead, theirs is too."""
        dead = self._dead_phones if self._every_phone_is_dead else ()
        return tuple(s for s in self.statements if s.reach is Reach.YES or s in dead)

    @lazy
    def maybe(self) -> tuple[ReachingIncident, ...]:
        found = (s for s in self.statements if s.reach is Reach.MAYBE)
        return tuple(s for s in found if s not in self.sure)

    def about(self, access: Access) -> tuple[ReachingIncident, ...]:
        """What is certain of a channel that is reached so. A call from a mobile hangs on the
        mobiles of the place, even where the visitor's own line is not known or is another."""
        line = _CALLED_FROM.get(access)
        if line is None or len(self.sure) == len(self.statements):
            return self.sure
        return tuple(s for s in self.statements if s in self.sure or s.is_of_every(line))

    def impact(self, channel_id: str) -> Impact:
        if not self.statements or channel_id in _ALWAYS_THERE:
            return UNTOUCHED
        channel = self.catalogue.channels[channel_id]
        ancestors = self.catalogue.ancestors[channel_id]
        if channel.relay_of:
            ancestors |= RELAY_PLATFORMS
        if self._is_untouched(channel, ancestors):
            return UNTOUCHED
        about = self.about(channel.access)
        direct = tuple([s for s in about if self._is_direct(s, channel)])
        carried = tuple([s for s in about if self._is_carried(s, channel)])
        above = tuple([s for s in self.sure if s.incident.channel in ancestors and not s.is_access])
        return Impact(
            direct=direct,
            carried=carried,
            above=above,
            dead_line=self._dead_line(channel, carried),
            feature_missing=any(_lacks(s, channel) for s in (*direct, *above)),
        )

    def _is_untouched(self, channel: Channel, ancestors: frozenset[str]) -> bool:
        """Whether nothing is stated of a channel, of the call it makes, of what it hangs on, or
        of a line that it may go out over: so it is with most channels, and this is soon told."""
        return not (
            channel.id in self._stated
            or channel.call in self._stated
            or channel.access in self._lines_stated
            or ancestors & self._stated
        )

    @lazy
    def _stated(self) -> frozenset[str]:
        return frozenset(s.incident.channel for s in self.statements)

    @lazy
    def _lines_stated(self) -> frozenset[Access]:
        lines = [INFRASTRUCTURE.get(channel, frozenset()) for channel in self._stated]
        return frozenset().union(*lines, PHONES if self._every_phone_is_dead else ())

    def _is_direct(self, s: ReachingIncident, channel: Channel) -> bool:
        if s.incident.channel not in {channel.id, channel.call}:
            return False
        if s.incident.channel == channel.id or not s.is_access:
            return True
        return self._is_call_over(s, channel)

    def _is_carried(self, s: ReachingIncident, channel: Channel) -> bool:
        kinds = INFRASTRUCTURE.get(s.incident.channel, frozenset())
        if channel.access not in kinds:
            return False
        return not s.on_own_phone or self._is_call_over(s, channel)

    def _is_call_over(self, s: ReachingIncident, channel: Channel) -> bool:
        """Whether this channel goes out over the line that a statement is about."""
        line = _CALLED_FROM.get(channel.access)
        return self._own_line_makes(channel) or (line is not None and s.is_of_every(line))

    def _own_line_makes(self, channel: Channel) -> bool:
        """Whether this channel goes out over the visitor's own, troubled line."""
        own = line_of(self.visitor, self.catalogue)
        if channel.access is Access.MOBILE:
            return own is not PhoneLine.LANDLINE and own is not PhoneLine.DIGITAL_LANDLINE
        if channel.access is Access.LANDLINE:
            return own in (PhoneLine.LANDLINE, PhoneLine.DIGITAL_LANDLINE)
        return channel.access is not Access.OTHER_PHONE

    def _dead_line(self, channel: Channel, carried: Iterable[ReachingIncident]) -> bool:
        """A dead line is down for the visitor, not merely at risk (advice.md, "At risk")."""
        dead = {s.incident.channel for s in carried if s.is_down}
        if "mobile-data" in dead and channel.access is Access.DATA:
            own = line_of(self.visitor, self.catalogue)
            return self.visitor.network is not None or own is PhoneLine.MOBILE or len(dead) > 1
        return bool(dead) or (channel.access in PHONES and self._every_phone_is_dead)

    @lazy
    def _every_phone_is_dead(self) -> bool:
        """Mobiles and landlines both, whichever the visitor has: every number is dead then."""
        return {"mobile-voice", "landline"} <= {s.incident.channel for s in self._dead_phones}

    @lazy
    def _dead_phones(self) -> tuple[ReachingIncident, ...]:
        """What says that one whole kind of phone is dead, whether or not it is the visitor's."""
        kinds = {"mobile-voice": PhoneLine.MOBILE, "landline": PhoneLine.LANDLINE}
        return tuple(
            s
            for s in self.statements
            if s.is_down and (line := kinds.get(s.incident.channel)) and s.is_of_every(line)
        )

    @lazy
    def relay_form(self) -> Impact:
        """What is the matter with 18001 calls in general: the relay, and the data they need."""
        if not self.sure:
            return UNTOUCHED
        by_data = replace(self.catalogue.channels["relay-prefix"], access=Access.DATA)
        carried = tuple(s for s in self.sure if self._is_carried(s, by_data))
        above = tuple(s for s in self.sure if s.incident.channel in RELAY_PLATFORMS)
        dead = any(s.is_down and s.incident.channel == "relay-platform" for s in above)
        dead = dead or self._dead_line(by_data, carried)
        return Impact(carried=carried, above=above, dead_line=dead)

    @lazy
    def platform_fault(self) -> bool:
        """999 itself fails: another phone and 112 are useless (rule 2)."""
        return any(
            s.incident.channel == "999" and s.state in FAILING and not s.is_access
            for s in self.sure
        )

    @lazy
    def access_fault(self) -> bool:
        """The visitor's own line fails: another number from the same phone is useless."""
        states = FAILING | {State.DEGRADED}
        return any(s.is_access and s.state in states and self._takes_voice(s) for s in self.sure)

    def _takes_voice(self, s: ReachingIncident) -> bool:
        kinds = INFRASTRUCTURE.get(s.incident.channel)
        if kinds is not None:
            return Access.VOICE in kinds
        return self.catalogue.channels[s.incident.channel].access is Access.VOICE


def _lacks(s: ReachingIncident, channel: Channel) -> bool:
    """Whether a degraded service lacks the very feature this channel is made of."""
    if s.state is not State.DEGRADED:
        return False
    features = s.incident.degraded_features
    if channel.id == "silent-solution":
        return Feature.SILENT_55 in features
    return channel.kind is ChannelKind.RELAY and Feature.RELAY in features
