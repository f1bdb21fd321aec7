"""What is asked and what follows: questions, outcomes, needs, routes, presets.

Values only, read from seeds/ by triage/seeds.py. How they turn into advice is advise.py; that
they are safe is proof.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from triage.engine.catalogue import Catalogue, ChannelKind, ChannelRole, Fact, Nation, Service, Text
from triage.engine.lazy import lazy
from triage.engine.local_service import LocalKind, LocalUse
from triage.engine.situation import Code, Mode, State, Uses


class Urgency(StrEnum):
    """How fast help is needed. The order matters: earlier is more urgent."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"
    NOT_POLICE = "not-police"

    @property
    def rank(self) -> int:
        return list(Urgency).index(self)


# Kinds of channel that somebody can use alone who types or must stay silent; who signs sees too.
_WRITTEN = frozenset(
    {ChannelKind.SMS, ChannelKind.RELAY, ChannelKind.WEB, ChannelKind.CHAT, ChannelKind.EMAIL}
)
_ALWAYS = frozenset({ChannelKind.PLACE, ChannelKind.ACTION})
_USABLE: Mapping[Uses, frozenset[ChannelKind]] = {
    Uses.VOICE: frozenset(ChannelKind) - {ChannelKind.INFRASTRUCTURE},
    Uses.TEXT: _WRITTEN | _ALWAYS,
    Uses.SIGN: _WRITTEN | _ALWAYS | {ChannelKind.VIDEO},
    Uses.SILENT: _WRITTEN | _ALWAYS,
}


@dataclass(frozen=True)
class Need:
    """What sort of help: it picks the route, and owns its urgency.

    A need with `uses` is another name for those it `stands_for`, asked by somebody who types,
    signs or must be silent; its route is the route of all such people with those needs.
    """

    id: str
    name: Text
    urgency: Urgency
    services: frozenset[Service]
    routes: Mapping[Nation, tuple[str, ...]]
    in_person: Text
    may_wait: bool = False
    uses: Uses | None = None
    stands_for: tuple[str, ...] = ()
    # Services that may speak of it beside those that answer it ("111 online for the rest").
    spoken_of_by: frozenset[Service] = frozenset()
    source: str = ""
    checked: date | None = None

    @lazy
    def is_emergency(self) -> bool:
        return self.urgency is Urgency.EMERGENCY

    @property
    def without_voice(self) -> bool:
        """Whether the person cannot hear, or cannot or must not speak."""
        return self.uses is not None

    @property
    def hearing(self) -> tuple[str, ...]:
        """The needs of hearing people whose notices hold for this one too."""
        return self.stands_for


@dataclass(frozen=True)
class AskedNeed:
    """A need as one person asks it: by voice, typing, signing or in silence (rule 6).

    `need` brings the words and the urgency, `hearing` are the needs whose notices decide: more
    than one only where the person has not said which service.
    """

    need: Need
    uses: Uses
    hearing: tuple[Need, ...]
    routes: Mapping[Nation, tuple[str, ...]]

    @lazy
    def by_voice(self) -> bool:
        return self.uses is Uses.VOICE

    @lazy
    def services(self) -> frozenset[Service]:
        return self.need.services

    def can_use(self, kind: ChannelKind) -> bool:
        """Whether this person can use a channel of this kind alone."""
        return kind in _USABLE[self.uses]


@dataclass(frozen=True, slots=True)
class Preset:
    """The default notice for a channel, state, need and nation."""

    channel: str
    state: State
    need: str
    mode: Mode
    to: tuple[str, ...]
    nations: frozenset[Nation]
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    label: Text
    to: str
    not_sure: bool = False


@dataclass(frozen=True)
class Question:
    id: str
    title: Text
    options: tuple[Option, ...]
    hint: Text | None = None
    address: str = ""
    sensitive: bool = False


@dataclass(frozen=True)
class OutcomeWords:
    lead: Text | None = None
    do: tuple[Text, ...] | None = None
    ready: tuple[Text, ...] | None = None
    also: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Outcome:
    """What the visitor turns out to have: words, and a need that brings urgency and route."""

    id: str
    title: Text
    needs: Mapping[Nation, str]
    lead: Text
    do: tuple[Text, ...] = ()
    ready: tuple[Text, ...] = ()
    signs: tuple[Text, ...] = ()
    also: tuple[str, ...] = ()
    # What to say beside the button, where one service's name would be too little.
    ask: Text | None = None
    # Channels whose own steps are told here, while the advice shows them.
    steps: tuple[str, ...] = ()
    # A way of the place's own service that stands beside the route, where it is known.
    beside: tuple[LocalKind, LocalUse] | None = None
    address: str = ""
    sensitive: bool = False
    sources: tuple[str, ...] = ()
    checked: date | None = None
    owner: str = ""
    review_by: date | None = None
    local: Mapping[Nation, OutcomeWords] = field(default_factory=dict)

    def words(self, nation: Nation | None) -> OutcomeWords:
        """The words for a nation; the UK's where it says nothing of its own."""
        own = (self.local.get(nation) if nation else None) or OutcomeWords()
        return OutcomeWords(
            lead=own.lead or self.lead,
            do=self.do if own.do is None else own.do,
            ready=self.ready if own.ready is None else own.ready,
            also=self.also if own.also is None else own.also,
        )


@dataclass(frozen=True)
class Rulebook:
    """Everything that is decided beforehand. `digest` is the hash of the data behind it."""

    catalogue: Catalogue
    needs: Mapping[str, Need]
    presets: tuple[Preset, ...]
    questions: Mapping[str, Question]
    outcomes: Mapping[str, Outcome]
    codes: Mapping[Code, Text]
    digest: str
    start: str = "start"
    # An emergency's list after its usual channel, on the calmest day (rule 11).
    second_ways: Mapping[tuple[str, Nation], tuple[str, ...]] = field(default_factory=dict)

    @lazy
    def emergencies(self) -> tuple[str, ...]:
        """The ids of the needs that are emergencies."""
        return tuple(need.id for need in self.needs.values() if need.is_emergency)

    def touched_by(self, need: str, nation: Nation) -> frozenset[str]:
        """The channels a statement must be about to change where this need is sent: the route,
        the calls it makes, and all that it hangs on."""
        return self._touched_by[(need, nation)]

    @lazy
    def _touched_by(self) -> Mapping[tuple[str, Nation], frozenset[str]]:
        known = self.catalogue.channels
        lines = {c.id for c in known.values() if c.kind is ChannelKind.INFRASTRUCTURE}
        return {
            (need.id, nation): frozenset(
                {*route, *lines, *(known[c].call for c in route)}.union(
                    *(self.catalogue.ancestors[c] for c in route)
                )
            )
            for need in self.needs.values()
            for nation, route in need.routes.items()
        }

    @lazy
    def _presets(self) -> Mapping[tuple[str, State, str, Nation], Preset]:
        return {(p.channel, p.state, p.need, n): p for p in self.presets for n in p.nations}

    def asked(self, need: str, uses: Uses | None = None) -> AskedNeed:
        """A need as somebody asks it who communicates so. Raises KeyError for an unknown need."""
        key = need, uses
        if key not in self._asked:
            self._asked[key] = self._as_asked(self.needs[need], uses)
        return self._asked[key]

    @lazy
    def _asked(self) -> dict[tuple[str, Uses | None], AskedNeed]:
        return {}

    def _as_asked(self, need: Need, uses: Uses | None) -> AskedNeed:
        uses = uses or need.uses or Uses.VOICE
        hearing = tuple(self.needs[n] for n in need.stands_for) or (need,)
        if uses is Uses.VOICE:
            return AskedNeed(need, uses, hearing, hearing[0].routes)
        asked = {h.id for h in hearing}
        others = [n for n in self.needs.values() if n.uses is uses and asked <= set(n.stands_for)]
        if need.uses is uses:
            routes = need.routes
        elif others:
            routes = min(others, key=lambda n: len(n.stands_for)).routes
        else:
            routes = {nation: self._without_voice(need, nation, uses) for nation in Nation}
        return AskedNeed(need, uses, hearing, routes)

    def _without_voice(self, need: Need, nation: Nation, uses: Uses) -> tuple[str, ...]:
        """A route of voice calls for somebody who types or signs: each by its own form."""
        route = need.routes[nation]
        return tuple(self.catalogue.form_for(c, nation, uses is Uses.SIGN) for c in route)

    @lazy
    def _typed_door(self) -> Mapping[Nation, str | None]:
        """How somebody who types rings an emergency: the first of the route of all such."""
        typed = [n for n in self.needs.values() if n.uses is Uses.TEXT and n.is_emergency]
        every = max(typed, key=lambda n: len(n.stands_for), default=None)
        return {n: every.routes[n][0] if every else None for n in Nation}

    def forms_of(self, channel: str, nation: Nation) -> tuple[str, ...]:
        """The channels by which somebody who types or signs makes a voice call, in a nation: the
        typed way to emergencies, and its sign form."""
        return self._forms_of[(channel, nation)]

    @lazy
    def _forms_of(self) -> Mapping[tuple[str, Nation], tuple[str, ...]]:
        catalogue, door = self.catalogue, self.catalogue.playing(ChannelRole.FRONT_DOOR)
        voice = [c for c in catalogue.channels.values() if c.kind is ChannelKind.VOICE]
        found: dict[tuple[str, Nation], tuple[str, ...]] = {
            (c, n): () for c in catalogue.channels for n in Nation
        }
        for c in voice:
            for nation in Nation:
                typed = self._typed_door[nation] if c.call == door else None
                forms = (typed, catalogue.sign(c.id, nation))
                found[(c.id, nation)] = tuple(f for f in forms if f)
        return found

    def preset(self, channel: str, state: State, need: Need, nation: Nation) -> Preset | None:
        """The preset for a need, or for the hearing need it stands beside."""
        for name in (need.id, *need.hearing):
            if found := self._presets.get((channel, state, name, nation)):
                return found
        return None

    @lazy
    def parent(self) -> Mapping[str, tuple[str, Option]]:
        """The question and option that lead to each question. A tree: there is just one."""
        return {
            option.to: (question.id, option)
            for question in self.questions.values()
            for option in question.options
            if option.to in self.questions
        }

    def trail(self, question: str) -> tuple[tuple[Question, Option], ...]:
        """The answers that lead to a question, from the start."""
        steps: list[tuple[Question, Option]] = []
        while question in self.parent:
            question, option = self.parent[question]
            steps.insert(0, (self.questions[question], option))
        return tuple(steps)

    def leads_to(self, outcome: str) -> Iterator[tuple[Question, Option]]:
        for question in self.questions.values():
            for option in question.options:
                if option.to == outcome:
                    yield question, option
