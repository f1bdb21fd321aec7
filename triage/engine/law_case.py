"""One advice beside what was stated when it was given: what the laws look at.

The questions a law asks of the statements are answered here from the statements themselves, not
from what the engine made of them. The laws are advice_laws.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from triage.engine.advice import Advice
from triage.engine.advise import advise_here
from triage.engine.catalogue import Access, Channel, ChannelKind
from triage.engine.lazy import lazy
from triage.engine.need_context import VisitorContext
from triage.engine.rulebook import Need
from triage.engine.scope import INFRASTRUCTURE, ReachingIncident, is_carrier
from triage.engine.situation import OVER, State

ANSWERED = frozenset({ChannelKind.VOICE, ChannelKind.RELAY, ChannelKind.VIDEO, ChannelKind.SMS})
EVERY_PHONE = frozenset({"all-telecoms", "voice-calls"})


@dataclass(frozen=True)
class LawMoment:
    """What is told for each need in one place at one moment, each worked out once."""

    here: VisitorContext

    @lazy
    def _told(self) -> dict[str, LawCase]:
        return {}

    def told(self, need: str) -> LawCase:
        if need not in self._told:
            known = self.here.rulebook.needs[need]
            self._told[need] = LawCase(self, self.here, known, advise_here(self.here, need))
        return self._told[need]

    @lazy
    def sent(self) -> dict[str, frozenset[str]]:
        """Where the emergencies of each need are sent instead, while nothing is restored."""
        rulebook, nation = self.here.rulebook, self.here.place.nation
        about = {i.channel for i in self.here.incidents}
        touched = [n for n in rulebook.emergencies if about & rulebook.touched_by(n, nation)]
        return {need: _sent_to(self.told(need)) for need in touched}


@dataclass(frozen=True)
class LawCase:
    """One advice, and what was stated when it was given."""

    moment: LawMoment
    here: VisitorContext
    need: Need
    advice: Advice

    def channel(self, channel: str) -> Channel:
        return self.here.rulebook.catalogue.channels[channel]

    @lazy
    def stated(self) -> tuple[ReachingIncident, ...]:
        """What is stated to this visitor for certain, and is not over."""
        sure = self.here.local(self.need.id).field.sure
        return tuple(s for s in sure if s.state is not State.RESOLVED)

    def about(self, channel: str) -> list[ReachingIncident]:
        """What is certain of a channel, the kind of phone it is a call from among it, and is not
        over: where every mobile is dead, so is a call from one, whatever the visitor's own."""
        field = self.here.local(self.need.id).field
        certain = field.about(self.channel(channel).access)
        return [s for s in certain if s.state is not State.RESOLVED]

    @lazy
    def doubtful(self) -> tuple[ReachingIncident, ...]:
        """What may be about this visitor, or not: no channel of the route is a call from just the
        kind of phone it is about."""
        field = self.here.local(self.need.id).field
        certain = {s for c in self.route for s in field.about(self.channel(c).access)}
        return tuple(s for s in field.maybe if s not in certain)

    @lazy
    def shown(self) -> tuple[str, ...]:
        return tuple(e.channel for e in self.advice.entries)

    @lazy
    def route(self) -> tuple[str, ...]:
        return self.here.local(self.need.id).route

    def of_channel(self, channel: str) -> list[ReachingIncident]:
        """What is stated of a channel itself, or of the very call it makes."""
        if not self.stated:
            return []
        same = {channel, self.channel(channel).call}
        return [s for s in self.stated if s.incident.channel in same and not s.is_access]

    def is_marked_down(self, channel: str) -> bool:
        """Whether somebody whose word has not lapsed says that nothing connects."""
        if any(s.is_down for s in self.of_channel(channel)):
            return True
        access = self.channel(channel).access
        return any(
            s.is_down and s.incident.channel in EVERY_PHONE and self._takes(s, access)
            for s in self.stated
        )

    def _takes(self, s: ReachingIncident, access: Access) -> bool:
        wide = not (s.incident.scope.networks or s.incident.scope.lines)
        return wide and access in INFRASTRUCTURE[s.incident.channel]

    def is_disputed(self, channel: str) -> bool:
        """Whether a supplier says, later, better things than the service still does."""
        about = self._said_of(channel)
        suppliers = [s for s in about if is_carrier(s.incident)]
        services = [s for s in about if not is_carrier(s.incident) and s.state not in OVER]
        return any(
            k.state.rank > s.state.rank and k.incident.published_at > s.incident.published_at
            for k in suppliers
            for s in services
        )

    def _said_of(self, channel: str) -> list[ReachingIncident]:
        same = {channel, self.channel(channel).call}
        sure = self.here.local(self.need.id).field.sure
        return [s for s in sure if s.incident.channel in same]


def _sent_to(told: LawCase) -> frozenset[str]:
    if any(s.state is State.RESTORED for s in told.stated):
        return frozenset()
    sent = [e for e in told.advice.entries if e.channel not in told.route]
    return frozenset(
        f"local-number {e.number}" if e.channel == "local-number" else e.channel
        for e in sent
        if told.channel(e.channel).kind in ANSWERED
    )
