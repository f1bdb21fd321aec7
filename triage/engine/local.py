"""One need in one place for one visitor: everything the later steps look up, worked out once.

Here stand the filters: which channels exist, fit the visitor, are kept free, or may never be
advised. The order of the list is arrange.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from triage.engine.catalogue import Access, Channel, Kind, Place
from triage.engine.impact import CURES, Field, Impact
from triage.engine.rulebook import Need, Rulebook
from triage.engine.scope import Statement, in_force, number_is_good, statements
from triage.engine.situation import OVER, Incident, LocalNumber, Situation, Visitor
from triage.engine.treatment import Treatment, treatment

_WRITTEN = frozenset({Kind.WEB, Kind.CHAT, Kind.EMAIL})


@dataclass(frozen=True)
class Local:
    """One need in one place: everything the later steps look up, worked out once."""

    rulebook: Rulebook
    need: Need
    place: Place
    visitor: Visitor
    at: datetime
    incidents: tuple[Incident, ...]
    all_incidents: tuple[Incident, ...]

    @classmethod
    def of(cls, rulebook: Rulebook, situation: Situation, place: Place) -> Local:
        known = situation.incidents
        live = in_force(known, situation.at)
        need = rulebook.needs[situation.need]
        return cls(rulebook, need, place, situation.visitor, situation.at, live, known)

    def for_need(self, need: str) -> Local:
        return replace(self, need=self.rulebook.needs[need])

    @cached_property
    def field(self) -> Field:
        catalogue = self.rulebook.catalogue
        found = statements(self.incidents, self.at, self.need, self.place, self.visitor, catalogue)
        return Field(catalogue, self.place, self.visitor, self.need, found)

    def channel(self, channel: str) -> Channel:
        return self.rulebook.catalogue.channels[channel]

    @cached_property
    def _impacts(self) -> dict[str, Impact]:
        return {}

    def impact(self, channel: str) -> Impact:
        if channel not in self._impacts:
            self._impacts[channel] = self.field.impact(channel)
        return self._impacts[channel]

    @cached_property
    def route(self) -> tuple[str, ...]:
        """The need's route here, as far as this visitor can use it (rule 4, first half)."""
        route = list(self.need.routes[self.place.nation])
        if self.visitor.afloat and self.visitor.has_radio and "vhf-dsc" in route:
            route.insert(0, route.pop(route.index("vhf-dsc")))
        return tuple(c for c in route if self.exists(c) and fits(c, self.visitor))

    def lines_of(self, channel_id: str) -> set[str | None]:
        """A channel, the call it makes, and the voice line it is a form of."""
        channel = self.channel(channel_id)
        return {channel_id, channel.call, channel.relay_of, *channel.parents} - {"999"}

    def exists(self, channel: str) -> bool:
        return self.place.nation in self.channel(channel).nations

    @cached_property
    def treatments(self) -> dict[str, Treatment]:
        nation = self.place.nation
        pairs = (
            (c, treatment(self.rulebook, self.need, nation, self.impact(c), c)) for c in self.route
        )
        return {channel: t for channel, t in pairs if t is not None}

    @cached_property
    def number(self) -> LocalNumber | None:
        """The published number that is good here and now: narrowest, then newest."""
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

    @cached_property
    def kept_free(self) -> dict[str, tuple[Statement, ...]]:
        """Channels that carry emergencies of any service here, for a need that is none."""
        return {} if self.need.is_emergency else kept_free(self)


def fits(channel: str, visitor: Visitor) -> bool:
    """Whether what the visitor has told us rules a channel out. Unknown rules nothing out."""
    line = visitor.line
    fixed = line is not None and line != "mobile"
    return {
        "emergency-sms": visitor.registered_for_sms is not False,
        "vhf-dsc": visitor.afloat is not False and visitor.has_radio is not False,
        "999-from-mobile": visitor.has_mobile is not False,
        "silent-solution": not fixed or bool(visitor.has_mobile),
        "999-landline": fixed,
    }.get(channel, True)


def kept_free(local: Local) -> dict[str, tuple[Statement, ...]]:
    """Which channels the emergencies of this place are sent to, and by whom (rule 6)."""
    kept: dict[str, list[Statement]] = {}
    for need in local.rulebook.needs.values():
        if not need.is_emergency:
            continue
        other = local.for_need(need.id)
        for channel, s in _carried(other):
            kept.setdefault(channel, []).append(s)
    return {c: tuple(dict.fromkeys(found)) for c, found in kept.items()}


def _carried(local: Local) -> Iterator[tuple[str, Statement]]:
    for s in local.field.sure:
        if s.state not in OVER:
            yield from ((channel, s) for channel in s.incident.keep_free)
    for t in local.treatments.values():
        if t.keeps_free and t.by:
            usable = (c for c in t.to if is_allowed(local, c, t))
            yield from ((c, t.by) for c in usable if local.channel(c).kind is Kind.VOICE)


def is_allowed(local: Local, channel_id: str, t: Treatment | None = None) -> bool:
    """Whether a channel may be advised at all for this need, here and now (rules 4 and 7)."""
    channel = local.channel(channel_id)
    usable = channel_id in local.route or local.need.can_use(channel.kind)
    if not (local.exists(channel_id) and usable):
        return False
    if not fits(channel_id, local.visitor) or local.impact(channel_id).down:
        return False
    if channel_id == "local-number" and local.number is None:
        return False
    if channel_id == "wait" and not local.need.may_wait:
        return False
    return _is_fitting(local, channel) and (t is None or _helps(local, channel, t))


def _is_fitting(local: Local, channel: Channel) -> bool:
    """Never a form for an emergency, 999 for the rest, or a police desk for a fire (rule 7)."""
    if local.need.is_emergency:
        desk = channel.id == "police-counter" and local.need.id != "police-emergency"
        return channel.kind not in _WRITTEN and not desk
    return not channel.emergency


def _helps(local: Local, channel: Channel, t: Treatment) -> bool:
    """Whether an alternative is one, for the kind of fault there is (rule 2)."""
    if channel.id in local.route:
        return True
    if channel.id in CURES:
        clean = not (local.impact(channel.id).direct or local.impact(channel.id).carried)
        return clean and not local.field.platform_fault
    own_phone = channel.access in (Access.VOICE, Access.SMS)
    return channel.call != "999" and not (local.field.access_fault and own_phone)


def is_kept(local: Local, channel_id: str) -> bool:
    """Whether a channel, or the line it is a form of, is kept free here (rule 6)."""
    return bool(local.lines_of(channel_id) & set(local.kept_free))
