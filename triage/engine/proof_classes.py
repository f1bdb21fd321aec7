"""What has to be looked at to prove a law: classes of need and place, and what may be stated.

Places of one nation differ only in name, and so do needs whose routes have the same shape: one
of each class stands for all. Which laws must hold for them is advice_laws.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from triage.engine.catalogue import ChannelKind, Footprint, FootprintKind, Nation, Place
from triage.engine.impact import RELAY_PLATFORMS
from triage.engine.lazy import lazy
from triage.engine.rulebook import Need, Rulebook
from triage.engine.scope import INFRASTRUCTURE
from triage.engine.situation import Incident, Issuer, IssuerKind, Mode, Notice, Scope, State, Status

# The moment at which everything is proved. Nothing depends on which one it is.
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
UK = Footprint(FootprintKind.UK)
SERVICE = Issuer("The services that answer", IssuerKind.ANSWERING_SERVICE, UK, entitled=True)
CARRIER = Issuer("A telephone company", IssuerKind.CARRIER, UK, entitled=True)
GOVERNMENT = Issuer("The government", IssuerKind.GOVERNMENT, UK, entitled=True)
_EARLIER, _LATER = AT - timedelta(minutes=20), AT - timedelta(minutes=10)
_DUE, _OVERDUE = AT + timedelta(hours=1), AT - timedelta(minutes=1)


@dataclass(frozen=True)
class NeedClass:
    """Needs that are advised alike in a nation: the first stands for the rest."""

    need: Need
    place: Place
    core: tuple[str, ...]
    rest: tuple[str, ...]
    shape: object
    others: tuple[tuple[str, Nation], ...] = ()

    @property
    def stake(self) -> tuple[str, ...]:
        return self.core + self.rest


@dataclass(frozen=True)
class Classes:
    """Every class of need and nation in a rulebook."""

    rulebook: Rulebook

    @lazy
    def all(self) -> tuple[NeedClass, ...]:
        found: dict[object, NeedClass] = {}
        for nation in Nation:
            place = self.place(nation)
            for need in self.rulebook.needs.values():
                core, rest = self._stake(need, nation)
                made = NeedClass(need, place, core, rest, self._shape_of(need, nation, core + rest))
                key = made.shape, self._emergencies(nation) if "999" in made.stake else ""
                if key in found:
                    first = found[key]
                    others = (*first.others, (need.id, nation))
                    found[key] = replace(first, others=others)
                else:
                    found[key] = made
        return tuple(found.values())

    def place(self, nation: Nation) -> Place:
        areas = self.rulebook.catalogue.areas.values()
        return self.rulebook.catalogue.place(next(a.slug for a in areas if a.nation is nation))

    def _stake(self, need: Need, nation: Nation) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The channels whose faults may change this advice: the route and what it hangs on,
        then the alternatives, the forms and the lines that carry them."""
        known = self.rulebook.catalogue.channels
        route = [c for c in need.routes[nation] if nation in known[c].nations]
        core = dict.fromkeys(route)
        for channel in route:
            core |= dict.fromkeys([known[channel].call])
            core |= dict.fromkeys(sorted(self.rulebook.catalogue.ancestors[channel]))
        rest = dict.fromkeys([*self._alternatives(need, nation), *self._forms(route, nation)])
        if not need.is_emergency and {"101", "111"} & set(core):
            rest["999"] = None
        rest |= dict.fromkeys(c for c in INFRASTRUCTURE if self._carries(c, core))
        can_fail = [c for c in core if not _is_always_there(known[c].kind)]
        return tuple(can_fail), tuple(c for c in rest if c not in core)

    def _alternatives(self, need: Need, nation: Nation) -> Iterator[str]:
        own = {need.id, *need.hearing}
        for preset in self.rulebook.presets:
            if preset.need in own and nation in preset.nations:
                yield from (c for c in preset.to if c != "in-person")

    def _forms(self, route: Iterable[str], nation: Nation) -> Iterator[str]:
        known = self.rulebook.catalogue.channels
        for channel in route:
            if sign := self.rulebook.catalogue.sign(channel, nation):
                yield sign
            if known[channel].kind is ChannelKind.VOICE:
                yield from sorted(RELAY_PLATFORMS)

    def _carries(self, line: str, core: Iterable[str]) -> bool:
        accesses = {self.rulebook.catalogue.channels[c].access for c in core}
        return bool(INFRASTRUCTURE[line] & accesses)

    def _shape_of(self, need: Need, nation: Nation, stake: tuple[str, ...]) -> object:
        """Everything the engine looks at, with the ids it does not know left out."""
        special = need.is_emergency or need.without_voice
        return (
            need.id if special else "",
            need.urgency,
            need.services,
            need.may_wait,
            self._presets(need, nation),
            tuple(self._shape(c, nation, n) for n, c in enumerate(need.routes[nation])),
            tuple(self._shape(c, nation, n) for n, c in enumerate(stake)),
        )

    def _shape(self, channel: str, nation: Nation, position: int) -> object:
        """What is special about a channel: its id where the engine knows it, else its kind."""
        c = self.rulebook.catalogue.channels[channel]
        here = nation in c.nations
        if channel in self._named:
            return channel, here
        number = self.rulebook.catalogue.number(channel) is not None
        return position, here, c.kind, c.access, c.owner, c.emergency, number

    def _presets(self, need: Need, nation: Nation) -> frozenset[object]:
        own = {need.id, *need.hearing}
        return frozenset(
            (p.channel, p.state, p.need, p.mode, p.to)
            for p in self.rulebook.presets
            if p.need in own and nation in p.nations
        )

    def _emergencies(self, nation: Nation) -> object:
        needs = [self.rulebook.needs[n] for n in self.rulebook.emergencies]
        return tuple((n.id, n.routes[nation], self._presets(n, nation)) for n in needs)

    @lazy
    def _named(self) -> frozenset[str]:
        """Channels that presets, emergencies or other channels refer to by their id."""
        known = self.rulebook.catalogue.channels.values()
        named = {c for p in self.rulebook.presets for c in (p.channel, *p.to)}
        for need in map(self.rulebook.needs.__getitem__, self.rulebook.emergencies):
            named |= {c for route in need.routes.values() for c in route}
        for c in known:
            linked = {*c.parents, c.same_call, c.relay_of, c.sign} - {None}
            named |= {str(x) for x in linked} | ({c.id} if linked else set())
        return frozenset(named | set(INFRASTRUCTURE) | RELAY_PLATFORMS)


def is_plain(incident: Incident) -> bool:
    """Whether it speaks as its presets do, or diverts."""
    return all(notice.mode is Mode.REPLACE for notice in incident.notices)


def _is_always_there(kind: ChannelKind) -> bool:
    """Whether no incident can be about it: somebody to ask, or to wait."""
    return kind is ChannelKind.ACTION


@dataclass(frozen=True)
class Statements:
    """What may be stated of each channel in one place: the same for every need."""

    rulebook: Rulebook
    place: Place
    classes: tuple[NeedClass, ...]

    @lazy
    def _told(self) -> Mapping[str, tuple[Notice, ...]]:
        """For each channel, where each need that hangs on it is sent instead (mode left open)."""
        told: dict[str, list[Notice]] = {}
        emergencies = [self.rulebook.needs[n] for n in self.rulebook.emergencies]
        needs = {n.id: n for n in (*emergencies, *(c.need for c in self.classes))}
        for need in needs.values():
            for channel in self.rulebook.touched_by(need.id, self.place.nation):
                to = self._instead(need, channel)
                told.setdefault(channel, []).append(Notice(need.id, Mode.REPLACE, to))
        return {channel: tuple(notices) for channel, notices in told.items()}

    def _instead(self, need: Need, channel: str) -> tuple[str, ...]:
        """Where people are sent: as the presets say, or as somebody might."""
        for state in State:
            preset = self.rulebook.preset(channel, state, need, self.place.nation)
            if preset and preset.to:
                return preset.to
        if need.is_emergency:
            return ("101", "in-person")
        return ("police-online", "wait") if need.services else ("gp-pharmacy", "local-number")

    def by_service(self, channel: str, *, later: bool) -> Iterator[Incident]:
        """Every state in every mode, and as one who only flips the switch states it."""
        for state in State:
            modes = (None, *Mode) if state is not State.RESOLVED else (None,)
            for mode in modes:
                yield self._incident(channel, state, mode, SERVICE, later)

    def by_others(self, channel: str, *, later: bool) -> Iterator[Incident]:
        """A carrier's states, and those that nobody has reviewed."""
        for state in State:
            yield self._incident(channel, state, None, CARRIER, later)
            if state is not State.RESOLVED:
                for mode in (None, Mode.REPLACE):
                    made = self._incident(channel, state, mode, SERVICE, later)
                    yield replace(made, id=f"{made.id} overdue", review_at=_OVERDUE)

    def by_government(self, channel: str, *, later: bool) -> Iterator[Incident]:
        for mode in Mode:
            yield self._incident(channel, State.MANY_FAILING, mode, GOVERNMENT, later)

    def by_anybody(self, channel: str, *, later: bool) -> Iterator[Incident]:
        yield from self.by_service(channel, later=later)
        yield from self.by_others(channel, later=later)
        yield from self.by_government(channel, later=later)

    def in_brief(self, channel: str, *, later: bool) -> Iterator[Incident]:
        """Every state, as one who only flips the switch states it."""
        for state in State:
            yield self._incident(channel, state, None, SERVICE, later)

    def at_worst(self, channel: str, *, later: bool) -> Iterator[Incident]:
        """The states that take something away, and the one that keeps it taken."""
        for state in (State.DOWN, State.MANY_FAILING, State.ON_BACKUP):
            yield self._incident(channel, state, None, SERVICE, later)

    def _incident(
        self, channel: str, state: State, mode: Mode | None, issuer: Issuer, later: bool
    ) -> Incident:
        key = channel, state, mode, issuer.kind, later
        if key not in self._made:
            self._made[key] = self._make(channel, state, mode, issuer, later)
        return self._made[key]

    @lazy
    def _made(self) -> dict[object, Incident]:
        return {}

    def _make(
        self, channel: str, state: State, mode: Mode | None, issuer: Issuer, later: bool
    ) -> Incident:
        notices = tuple(replace(n, mode=mode) for n in self._told.get(channel, ()) if mode)
        when = "later" if later else "earlier"
        return Incident(
            id=f"{channel} {state} {mode or 'preset'} by {issuer.kind} {when}",
            channel=channel,
            state=state,
            status=Status.LIVE,
            scope=Scope((UK,)),
            issuer=issuer,
            published_at=_LATER if later else _EARLIER,
            notices=notices,
            review_at=_DUE,
        )
