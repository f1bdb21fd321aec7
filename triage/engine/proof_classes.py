"""What has to be looked at to prove a law: classes of need and place, and what may be stated.

Places of one nation differ only in name, and so do needs whose routes have the same shape: one
of each class stands for all. Which laws must hold for them is advice_laws.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from triage.engine.catalogue import (
    ChannelKind,
    ChannelRole,
    Footprint,
    FootprintKind,
    Nation,
    Place,
)
from triage.engine.entitlement import may_state
from triage.engine.lazy import lazy
from triage.engine.rulebook import Need, Rulebook
from triage.engine.situation import (
    FAILING,
    Incident,
    Issuer,
    IssuerKind,
    Mode,
    Notice,
    PublishedNumber,
    Scope,
    State,
    Status,
)

# The moment at which everything is proved. Nothing depends on which one it is.
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
UK = Footprint(FootprintKind.UK)
SERVICE = Issuer("The services that answer", IssuerKind.ANSWERING_SERVICE, UK, entitled=True)
OWNER = Issuer("The owner of the channel", IssuerKind.OTHER, UK, entitled=True)
CARRIER = Issuer("A telephone company", IssuerKind.CARRIER, UK, entitled=True)
GOVERNMENT = Issuer("The government", IssuerKind.GOVERNMENT, UK, entitled=True)
_EARLIER, _LATER = AT - timedelta(minutes=20), AT - timedelta(minutes=10)
_DUE, _OVERDUE = AT + timedelta(hours=1), AT - timedelta(minutes=1)
# Each statement of a pair publishes a number of its own, from Ofcom's for drama.
_NUMBERS = {False: "01632 960001", True: "01632 960002"}


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
                key = made.shape, nation if need.is_emergency else ""
                if first := found.get(key):
                    found[key] = replace(first, others=(*first.others, (need.id, nation)))
                else:
                    found[key] = made
        return tuple(found.values())

    def place(self, nation: Nation) -> Place:
        areas = self.rulebook.catalogue.areas.values()
        return self.rulebook.catalogue.place(next(a.slug for a in areas if a.nation is nation))

    def _stake(self, need: Need, nation: Nation) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The channels whose faults may change this advice: the route and what it hangs on,
        then the alternatives, the forms and the lines that carry them."""
        catalogue = self.rulebook.catalogue
        known = catalogue.channels
        route = [c for c in need.routes[nation] if nation in known[c].nations]
        core = dict.fromkeys(route)
        for channel in route:
            core |= dict.fromkeys([known[channel].call, *sorted(catalogue.ancestors[channel])])
        rest = dict.fromkeys([*self._alternatives(need, nation), *self._forms(route, nation)])
        if not need.is_emergency:
            rest[catalogue.playing(ChannelRole.FRONT_DOOR)] = None
        accesses = {known[c].access for c in core}
        rest |= dict.fromkeys(c.id for c in known.values() if c.takes & accesses)
        can_fail = tuple(c for c in core if can_be_stated(self.rulebook, c))
        return can_fail, tuple(c for c in rest if c not in core and can_be_stated(self.rulebook, c))

    def _alternatives(self, need: Need, nation: Nation) -> Iterator[str]:
        own = {need.id, *need.hearing}
        for preset in self.rulebook.presets:
            if preset.need in own and nation in preset.nations:
                yield from preset.to

    def _forms(self, route: Iterable[str], nation: Nation) -> Iterator[str]:
        catalogue = self.rulebook.catalogue
        for channel in route:
            if sign := catalogue.sign(channel, nation):
                yield sign
            if catalogue.channels[channel].kind is ChannelKind.VOICE:
                yield from sorted(catalogue.travelled(catalogue.playing(ChannelRole.RELAY_PREFIX)))

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
        """What is special about a channel: its id where the data names it, else its kind."""
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

    @lazy
    def _named(self) -> frozenset[str]:
        """Channels that presets, emergencies or other channels refer to by their id."""
        known = self.rulebook.catalogue.channels.values()
        named = {c for p in self.rulebook.presets for c in (p.channel, *p.to)}
        for need in map(self.rulebook.needs.__getitem__, self.rulebook.emergencies):
            named |= {c for route in need.routes.values() for c in route}
        for c in known:
            linked = {*c.parents, *c.travels_over, c.same_call, c.relay_of, c.sign} - {None}
            named |= {str(x) for x in linked} | ({c.id} if linked or c.takes or c.role else set())
        return frozenset(named)


def can_be_stated(rulebook: Rulebook, channel: str) -> bool:
    """Whether a fault of it can be stated: not of waiting, of a place to go to, of another phone,
    of a number published with a notice, nor of the same call under another name."""
    known = rulebook.catalogue.channels[channel]
    if known.role is not None:
        return known.role is ChannelRole.FRONT_DOOR
    same = known.same_call == rulebook.catalogue.playing(ChannelRole.FRONT_DOOR)
    return not same or known.only_line is not None or known.feature is not None


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
            if need.stands_for:
                continue
            for channel in self.rulebook.touched_by(need.id, self.place.nation):
                to = self._instead(need, channel)
                told.setdefault(channel, []).append(Notice(need.id, Mode.REPLACE, to))
        return {channel: tuple(notices) for channel, notices in told.items()}

    def _instead(self, need: Need, channel: str) -> tuple[str, ...]:
        """Where people are sent: as the presets say, or as somebody might; and a number."""
        for state in State:
            preset = self.rulebook.preset(channel, state, need, self.place.nation)
            if preset and preset.to:
                return (self._published, *preset.to)
        return (self._published,)

    @property
    def _published(self) -> str:
        return self.rulebook.catalogue.playing(ChannelRole.PUBLISHED_NUMBER)

    def by_service(self, channel: str, *, later: bool) -> Iterator[Incident]:
        """Every state in every mode, and as one who only flips the switch states it."""
        for state in State:
            for mode in (None, *Mode) if state is not State.RESOLVED else (None,):
                yield self._incident(channel, state, mode, SERVICE, later)

    def by_others(self, channel: str, *, later: bool) -> Iterator[Incident]:
        """A carrier's states, a government's modes, and those that nobody has reviewed."""
        for mode in Mode:
            yield self._incident(channel, State.MANY_FAILING, mode, GOVERNMENT, later)
        for state in State:
            yield self._incident(channel, state, None, CARRIER, later)
            for late in (None, Mode.REPLACE) if state is not State.RESOLVED else ():
                made = self._incident(channel, state, late, SERVICE, later)
                yield replace(made, id=f"{made.id} overdue", review_at=_OVERDUE)

    def in_brief(self, channel: str, *, later: bool) -> Iterator[Incident]:
        """Every state, as one who only flips the switch states it."""
        for state in State:
            yield self._incident(channel, state, None, SERVICE, later)

    def plainly(self, channel: str, *, later: bool) -> Iterator[Incident]:
        """Every state, as one who only flips the switch states it; and diverted, where it fails."""
        yield from self.in_brief(channel, later=later)
        for state in sorted(FAILING, key=lambda s: s.rank):
            yield self._incident(channel, state, Mode.REPLACE, SERVICE, later)

    def down(self, channel: str, *, later: bool) -> Iterator[Incident]:
        """Nothing connects: as the presets have it, and diverted."""
        for mode in (None, Mode.REPLACE):
            yield self._incident(channel, State.DOWN, mode, SERVICE, later)

    def at_worst(self, channel: str, *, later: bool) -> Iterator[Incident]:
        """What takes something away: as the presets have it, diverted, and persevered with."""
        yield self._incident(channel, State.DOWN, None, SERVICE, later)
        yield self._incident(channel, State.DOWN, Mode.REPLACE, SERVICE, later)
        yield self._incident(channel, State.MANY_FAILING, None, SERVICE, later)
        yield self._incident(channel, State.MANY_FAILING, Mode.REPLACE, SERVICE, later)
        yield self._incident(channel, State.MANY_FAILING, Mode.HOLD, SERVICE, later)
        yield self._incident(channel, State.ON_BACKUP, None, SERVICE, later)

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
        made = Incident(
            id=f"{channel} {state} {mode or 'preset'} by {issuer.kind} {when}",
            channel=channel,
            state=state,
            status=Status.LIVE,
            scope=Scope((UK,)),
            issuer=issuer,
            published_at=_LATER if later else _EARLIER,
            notices=notices,
            numbers=(PublishedNumber(_NUMBERS[later], UK, _EARLIER),) if notices else (),
            review_at=_DUE,
        )
        if issuer is SERVICE and not may_state(made, self.rulebook.catalogue):
            return replace(made, issuer=OWNER)
        return made
