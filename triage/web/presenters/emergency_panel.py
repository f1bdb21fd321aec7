"""The four emergencies side by side: the right number for each service right now.

Stands on the start page, on "I need 999 now", on errors that can reach it, and behind the words
of the banner, so that all of them say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from triage.engine.advice import Advice, Entry
from triage.engine.catalogue import ChannelKind, Nation
from triage.engine.situation import Mode
from triage.rules import rulebook
from triage.seeds.enum_words import of_nation
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.presenters.contact import Contact, way
from triage.web.presenters.sentences import EMERGENCIES, plain

Told = Mapping[str, Advice]


@dataclass(frozen=True)
class Group:
    """Services that are told the same: what first, and what if that does not connect."""

    services: tuple[str, ...]
    first: Contact
    then: tuple[Contact, ...]
    mode: str

    @property
    def whom(self) -> str:
        return ", ".join(self.services)

    @property
    def changed(self) -> bool:
        return self.mode != Mode.AS_USUAL or bool(self.then)

    @property
    def sense(self) -> tuple[object, ...]:
        """What it says, without the names that nations give a channel."""
        ways = (self.first, *self.then)
        return self.services, self.mode, tuple((w.channel, w.number) for w in ways)


@dataclass(frozen=True)
class PanelVariant:
    """The groups of one place: a nation, or areas told something else."""

    where: str
    groups: tuple[Group, ...]
    area: str | None = None
    nations: tuple[str, ...] = ()

    @property
    def sense(self) -> tuple[object, ...]:
        return tuple(group.sense for group in self.groups)

    @property
    def changed(self) -> bool:
        return any(group.changed for group in self.groups)


def panel(here: PageContext) -> tuple[PanelVariant, ...]:
    """What each emergency is told here. Several variants where the place is not known."""
    return here.once("_panel", lambda: _panel(here))


def _panel(here: PageContext) -> tuple[PanelVariant, ...]:
    told = {need: page_context.advice(here, need) for need in EMERGENCIES}
    main = _nations(here, told) or [PanelVariant("", groups(here, told))]
    return (*main, *(v for v in _differing(here, told) if not _same(v, main)))


def _same(variant: PanelVariant, main: list[PanelVariant]) -> bool:
    """Whether a place is told what its own nation is told: it differs in small print only."""
    if variant.area is None or not main[0].where:
        return variant.sense == main[0].sense
    nation = str(rulebook().catalogue.areas[variant.area].nation)
    return any(variant.sense == m.sense and nation in m.nations for m in main)


# The services as the panel names them, by the need of each.
_SERVICES: Mapping[str, WordKey] = {
    "police-emergency": "service-police-emergency",
    "medical-emergency": "service-medical-emergency",
    "fire-emergency": "service-fire-emergency",
    "coastguard": "service-coastguard",
}


def groups(here: PageContext, told: Told) -> tuple[Group, ...]:
    """The services of a place, those that are told the same together, what has changed first."""
    found: dict[tuple[object, ...], Group] = {}
    for need, advice in told.items():
        service = plain(here, _SERVICES[need])
        first, then = advice.first, _alternatives(advice)
        key = (_told_as(first), first.mode, tuple(_told_as(e) for e in then))
        if key in found:
            found[key] = replace(found[key], services=(*found[key].services, service))
        else:
            shown = tuple(replace(way(here, e), ask="") for e in then)
            start = replace(way(here, first), ask="")
            found[key] = Group((service,), start, shown, str(first.mode))
    return tuple(sorted(found.values(), key=lambda group: not group.changed))


def _told_as(entry: Entry) -> tuple[object, ...]:
    """What makes two ways the same to a reader: the number, or the words where there is none.

    Going to people who can help is one channel; for a fire it is never the police station.
    """
    return entry.channel, entry.number, None if entry.number else entry.label


def _alternatives(advice: Advice) -> list[Entry]:
    """The numbers that stand behind the first because something is wrong."""
    need = rulebook().needs[advice.need]
    usual = {channel for route in need.routes.values() for channel in route}
    channels = rulebook().catalogue.channels
    shown = [e for e in advice.then if e.number and not e.beyond]
    shown = [e for e in shown if channels[e.channel].kind is ChannelKind.VOICE]
    if advice.first.channel not in usual:
        return shown
    return [e for e in shown if e.channel not in usual]


def _nations(here: PageContext, told: Told) -> list[PanelVariant]:
    """Each nation's groups where nations differ; those told the same together."""
    if not any(advice.nations for advice in told.values()):
        return []
    found: dict[tuple[object, ...], tuple[tuple[Group, ...], list[Nation]]] = {}
    for number, nation in enumerate(Nation):
        own = {need: (a.nations[number] if a.nations else a) for need, a in told.items()}
        told_here = groups(here, own)
        sense = tuple(group.sense for group in told_here)
        found.setdefault(sense, (told_here, []))[1].append(nation)
    if len(found) == 1:
        return []
    return [_variant(here, told_here, nations) for told_here, nations in found.values()]


def _variant(here: PageContext, told: tuple[Group, ...], nations: list[Nation]) -> PanelVariant:
    names = ", ".join(plain(here, of_nation(nation)) for nation in nations)
    return PanelVariant(names, told, nations=tuple(nations))


def _differing(here: PageContext, told: Told) -> list[PanelVariant]:
    """Places where some emergency is told something else than the rest."""
    named = dict.fromkeys(_areas(told.values()))
    councils = dict.fromkeys(c for a in told.values() for e in a.elsewhere for c in e.councils)
    return [_area(here, a) for a in named] + [_council(here, c) for c in councils]


def _areas(told: Iterable[Advice]) -> Iterable[str]:
    return (area for a in told for e in a.elsewhere for area in e.areas)


def _area(here: PageContext, slug: str) -> PanelVariant:
    there = here.elsewhere(slug)
    told = {need: page_context.advice(there, need) for need in EMERGENCIES}
    area = rulebook().catalogue.areas[slug]
    return PanelVariant(area.name.lang(here.lang), groups(there, told), slug)


def _council(here: PageContext, code: str) -> PanelVariant:
    place = rulebook().catalogue.place_of_council[code]
    there = replace(here.elsewhere(place.area), place=place)
    told = {need: page_context.advice(there, need) for need in EMERGENCIES}
    council = rulebook().catalogue.council_names[code]
    return PanelVariant(council.lang(here.lang), groups(there, told), place.area)
