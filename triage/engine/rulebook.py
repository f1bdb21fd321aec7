"""What is asked and what follows: questions, outcomes, needs, routes, presets.

Values only, read from seeds/ by triage/seeds.py. How they turn into advice is advise.py; that
they are safe is proof.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from triage.engine.catalogue import Catalogue, ChannelKind, Fact, Nation, Service, Text
from triage.engine.lazy import lazy
from triage.engine.situation import Code, Mode, State


class Urgency(StrEnum):
    """How fast help is needed. The order matters: earlier is more urgent."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"
    NOT_POLICE = "not-police"

    @property
    def rank(self) -> int:
        return list(Urgency).index(self)


# Needs of people who cannot hear or speak, and the hearing needs whose notices hold for them too
# (advice.md, fine print "After the first").
HEARING_NEEDS: Mapping[str, tuple[str, ...]] = {
    "cannot-speak": ("police-emergency",),
    "deaf-bsl": ("police-emergency", "fire-emergency", "medical-emergency", "coastguard"),
    "deaf-text": ("police-emergency", "fire-emergency", "medical-emergency", "coastguard"),
    "deaf-bsl-police-nonemergency": ("police-nonemergency",),
    "deaf-text-police-nonemergency": ("police-nonemergency",),
    "deaf-bsl-medical-nonemergency": ("medical-nonemergency",),
    "deaf-text-medical-nonemergency": ("medical-nonemergency",),
}
# Kinds of channel somebody who signs, or who types, or who must stay silent can use alone.
_SILENT = frozenset(
    {
        ChannelKind.SMS,
        ChannelKind.RELAY,
        ChannelKind.WEB,
        ChannelKind.CHAT,
        ChannelKind.EMAIL,
        ChannelKind.VIDEO,
    }
)
_ALWAYS = frozenset({ChannelKind.PLACE, ChannelKind.ACTION})


@dataclass(frozen=True)
class Need:
    """What sort of help: it picks the route, and owns its urgency."""

    id: str
    name: Text
    urgency: Urgency
    services: frozenset[Service]
    routes: Mapping[Nation, tuple[str, ...]]
    in_person: Text
    may_wait: bool = False
    source: str = ""
    checked: date | None = None

    @property
    def is_emergency(self) -> bool:
        return self.urgency is Urgency.EMERGENCY

    @property
    def without_voice(self) -> bool:
        """Whether the person cannot hear, or cannot or must not speak."""
        return self.id in HEARING_NEEDS

    @property
    def hearing(self) -> tuple[str, ...]:
        return HEARING_NEEDS.get(self.id, ())

    def can_use(self, kind: ChannelKind) -> bool:
        """Whether this person can use a channel of this kind alone."""
        if not self.without_voice:
            return kind is not ChannelKind.INFRASTRUCTURE
        return kind in _SILENT | _ALWAYS


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
    # Channels whose own steps are told here, while the advice shows them.
    steps: tuple[str, ...] = ()
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
