"""The emergency block: what to do now, for each service that is told something else.

The one loud thing of a page: on an ordinary day one button and the ways that stand behind it;
while something in force touches emergencies here, also what is wrong, who says so, and when they
look again. All of it is read off the engine's advice for the four emergencies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from triage.engine.advice import Advice, Entry, Say
from triage.engine.catalogue import Access, ChannelKind, ChannelRole, Nation
from triage.engine.scope import is_overdue
from triage.engine.situation import Code, Incident, Mode
from triage.rules import rulebook
from triage.seeds.enum_words import of_nation
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.presenters.contact import Contact, sentence, way
from triage.web.presenters.faults import (
    FaultKind,
    capital,
    fault,
    fault_lines,
    is_limited,
    kind,
    own_words,
    review,
    said_by,
    told,
)
from triage.web.presenters.sentences import EMERGENCIES, channel_name, name, plain
from triage.web.presenters.taps import TapButton, tap_buttons

Told = Mapping[str, Advice]
# What to do besides calling, for whoever calls any service.
_BESIDES = (Code.LOCATION_READY, Code.ONLY_IF_LIFE_THREATENING, Code.ANSWER_CALLBACKS)
_ASKING = frozenset({Code.ASK_FOR_FIRE, Code.ASK_FOR_COASTGUARD})
# The services as the block names them, by the need of each.
SERVICES: Mapping[str, WordKey] = {
    "police-emergency": "service-police-emergency",
    "medical-emergency": "service-medical-emergency",
    "fire-emergency": "service-fire-emergency",
    "coastguard": "service-coastguard",
}


@dataclass(frozen=True)
class Group:
    """Services that are told the same: what first, and what if that does not connect."""

    services: tuple[str, ...]
    first: Contact
    then: tuple[Contact, ...]
    mode: str
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def whom(self) -> str:
        return ", ".join(self.services)

    @property
    def changed(self) -> bool:
        """Whether it is told something else than on the calmest day, which begins with 999: where
        all phones are dead the only way left stands there as usual, and nothing after it."""
        usual = self.first.channel == rulebook().catalogue.playing(ChannelRole.FRONT_DOOR)
        return self.mode != Mode.AS_USUAL or bool(self.then) or not usual

    @property
    def sense(self) -> tuple[object, ...]:
        """What it says, without the names that nations give a channel."""
        ways = (self.first, *self.then)
        return self.services, self.mode, tuple((w.channel, w.number) for w in ways)


@dataclass(frozen=True)
class PlaceGroups:
    """The groups of one place: of the visitor's, or of the nations of that name."""

    where: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Beyond:
    """A number for when nothing connects at all, and the services that answer there: in words,
    and as their needs, each with the names of the nations it is meant for (empty: in all)."""

    number: str
    href: str
    whom: str
    services: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BlockStatement:
    """The gravest fault that changed what a block says."""

    kind: FaultKind
    heading: str
    who: str
    review: str
    overdue: bool
    incident: str
    words: str


@dataclass(frozen=True)
class EmergencyBlock:
    """What a template shows. `said` are the incidents that it tells of."""

    variants: tuple[PlaceGroups, ...]
    statement: BlockStatement | None = None
    notes: tuple[str, ...] = ()
    beyond: tuple[Beyond, ...] = ()
    borrow: bool = False
    more: int = 0
    said: frozenset[str] = field(default=frozenset())

    @property
    def kind(self) -> str:
        return str(self.statement.kind) if self.statement else "calm"

    @property
    def asks(self) -> tuple[str, ...]:
        """Whom to ask for on a line of another service, once."""
        said = (ask for v in self.variants for g in v.groups for ask in g.asks)
        return tuple(dict.fromkeys(said))

    @property
    def ways(self) -> tuple[Contact, ...]:
        groups = (g for v in self.variants for g in v.groups)
        return tuple(w for g in groups for w in (g.first, *g.then))

    @property
    def taps(self) -> tuple[TapButton, ...]:
        """What may be said not to connect: the lines that stand first."""
        return tap_buttons(group.first for v in self.variants for group in v.groups)


def emergency_block(here: PageContext) -> EmergencyBlock:
    """What each emergency is told here; the nations side by side where they differ."""
    return here.once("block", _block)


def _block(here: PageContext) -> EmergencyBlock:
    advised = {need: page_context.advice(here, need) for need in EMERGENCIES}
    variants = _nations(here, advised) or [PlaceGroups("", groups(here, advised))]
    if not any(g.changed for v in variants for g in v.groups):
        beyond = tuple(_beyond(here, advised))
        borrow = any(_is_borrowed(e) for a in advised.values() for e in a.then if e.beyond)
        return EmergencyBlock(tuple(variants), beyond=beyond, borrow=borrow)
    shaped = _shaping(here, advised)
    return EmergencyBlock(
        variants=tuple(variants),
        statement=_statement(here, shaped[0]) if shaped else None,
        notes=tuple(_notes(here, advised)),
        more=max(0, len(shaped) - 1),
        said=frozenset(i.id for i in shaped),
    )


def _shaping(here: PageContext, advised: Told) -> list[Incident]:
    """The statements behind what is said, the gravest first."""
    every = [a for advice in advised.values() for a in (advice, *advice.nations)]
    behind = {n.incident for a in every for n in a.notices}
    # Where every kind of phone is dead it is about everybody: nothing is left to ask.
    asks = any(a.says(Code.WHICH_NETWORK) for a in every)
    return [i for i in told(here) if i.id in behind and not (asks and is_limited(here, i))]


def _statement(here: PageContext, incident: Incident) -> BlockStatement:
    return BlockStatement(
        kind=kind(incident),
        heading=capital(fault(here, incident)),
        who=said_by(here, incident),
        review=review(here, incident),
        overdue=is_overdue(incident, here.at),
        incident=incident.id,
        words=own_words(here, incident),
    )


def _notes(here: PageContext, advised: Told) -> Iterator[str]:
    for code in _BESIDES:
        if any(advice.says(code) for advice in advised.values()):
            yield name(here, rulebook().codes[code])


def groups(here: PageContext, advised: Told) -> tuple[Group, ...]:
    """The services of a place, those that are told the same together, what has changed first."""
    found: dict[tuple[object, ...], Group] = {}
    said: dict[tuple[object, ...], list[Say]] = {}
    for need, advice in advised.items():
        service = plain(here, SERVICES[need])
        first, then = advice.first, _alternatives(advice)
        key = (_told_as(first), first.mode, tuple(_told_as(e) for e in then))
        if own := found.get(key):
            found[key] = replace(
                own,
                services=(*own.services, service),
                needs=(*own.needs, need),
            )
        else:
            shown = tuple(replace(way(here, e), ask="") for e in then)
            start = replace(way(here, first), ask="")
            found[key] = Group((service,), start, shown, str(first.mode), needs=(need,))
        said.setdefault(key, []).extend(_asks(advice, (first, *then)))
    told_of = (replace(group, asks=_asked(here, said[key])) for key, group in found.items())
    return tuple(sorted(told_of, key=lambda group: not group.changed))


def _asked(here: PageContext, said: Iterable[Say]) -> tuple[str, ...]:
    """Whom to ask for, in one sentence a line: nobody reads the same one twice."""
    lines: dict[str | None, list[Say]] = {}
    for one in said:
        lines.setdefault(one.channel, []).append(one)
    return tuple(_sentence(here, channel, same) for channel, same in lines.items())


def _sentence(here: PageContext, channel: str | None, same: list[Say]) -> str:
    if channel is None or len({one.code for one in same}) == 1:
        return sentence(here, same[0])
    return plain(here, "panel-ask-either", number=channel_name(here, channel))


def _asks(advice: Advice, shown: Iterable[Entry]) -> Iterator[Say]:
    """Whom to ask for on a line of another service: 101 for a fire always says so."""
    lines = {c for e in shown for c in (e.channel, e.dials)}
    for said in advice.say:
        if said.code in _ASKING and said.channel in lines:
            yield said


def _told_as(entry: Entry) -> tuple[object, ...]:
    """What makes two ways the same to a reader: the number, or the words where there is none.

    Going to people who can help is one channel; for a fire it is never the police station.
    """
    return entry.channel, entry.number, None if entry.number else entry.label


def _alternatives(advice: Advice) -> list[Entry]:
    """The numbers that stand behind the first because something is wrong."""
    need = rulebook().needs[advice.need]
    usual = {channel for route in need.routes.values() for channel in route}
    shown = [e for e in advice.then if e.number and not e.beyond and _is_voice(e)]
    if advice.first.channel not in usual:
        return shown
    return [e for e in shown if e.channel not in usual]


def _is_voice(entry: Entry) -> bool:
    return rulebook().catalogue.channels[entry.channel].kind is ChannelKind.VOICE


def _nations(here: PageContext, advised: Told) -> list[PlaceGroups]:
    """Each nation's groups where nations differ; those told the same together."""
    if not any(advice.nations for advice in advised.values()):
        return []
    found: dict[tuple[object, ...], tuple[tuple[Group, ...], list[str]]] = {}
    for number, nation in enumerate(Nation):
        own = {need: (a.nations[number] if a.nations else a) for need, a in advised.items()}
        shown = groups(here, own)
        sense = tuple(group.sense for group in shown)
        found.setdefault(sense, (shown, []))[1].append(plain(here, of_nation(nation)))
    if len(found) == 1:
        return []
    return [PlaceGroups(", ".join(names), shown) for shown, names in found.values()]


def _beyond(here: PageContext, advised: Told) -> Iterator[Beyond]:
    """The numbers for when nothing connects at all, each with its services."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for need, advice in advised.items():
        for entry, nations in _numbers(here, need, advice):
            shown = way(here, entry)
            names = ", ".join(plain(here, of_nation(n)) for n in nations)
            found.setdefault((shown.number, shown.href), []).append((need, names))
    for (number, href), services in found.items():
        whom = ", ".join(_service_in(here, need, names) for need, names in services)
        yield Beyond(number, href, whom, tuple(services))


def _service_in(here: PageContext, need: str, nations: str) -> str:
    service = plain(here, SERVICES[need])
    return plain(here, "beyond-in", service=service, nations=nations) if nations else service


def _numbers(
    here: PageContext, need: str, advice: Advice
) -> Iterator[tuple[Entry, tuple[Nation, ...]]]:
    """The numbers of one service; with the nations of each where it is not the same in all."""
    own = _dialled(advice)
    if own or here.place is not None:
        yield from ((e, ()) for e in own)
        return
    found: dict[str, tuple[Entry, list[Nation]]] = {}
    for nation in Nation:
        for e in _dialled(page_context.advice_in(here, need, nation)):
            found.setdefault(e.channel, (e, []))[1].append(nation)
    yield from ((e, tuple(nations)) for e, nations in found.values())


def _dialled(advice: Advice) -> list[Entry]:
    return [e for e in advice.then if e.beyond and e.number and not _is_borrowed(e)]


def _is_borrowed(entry: Entry) -> bool:
    return rulebook().catalogue.channels[entry.channel].access is Access.OTHER_PHONE


@dataclass(frozen=True)
class Gist:
    """What is wrong and what to do instead, in one line: for the widget's, and for an image."""

    kind: FaultKind
    fault: str
    groups: tuple[Group, ...]
    # The page that says what to do, where the tap stands that a line has no room for.
    link: str

    @property
    def words(self) -> str:
        told = (f"{g.whom}: {g.first.number or g.first.label.rstrip('.')}." for g in self.groups)
        return " ".join([self.fault, *told])


def gist(here: PageContext) -> Gist | None:
    """The gravest of what touches this page's area; None on a calm day."""
    block = emergency_block(here)
    if block.statement:
        alone = block.variants[0].groups if len(block.variants) == 1 else ()
        changed = tuple(g for g in alone if g.changed)
        return Gist(block.statement.kind, f"{block.statement.heading}.", changed, here.to(""))
    lines = fault_lines(here).lines
    return Gist(lines[0].kind, lines[0].text, (), lines[0].link) if lines else None
