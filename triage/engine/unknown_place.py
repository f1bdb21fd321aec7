"""Advice where the place is not known, or only in part (advice.md, "No place").

Where every area is told the same, that is the advice. Otherwise each nation's, side by side where
nations differ, with the places that are told something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from triage.engine.advice import Advice, Elsewhere, Entry
from triage.engine.advise import advise_here
from triage.engine.catalogue import Area, FootprintKind, Nation, Place
from triage.engine.edition import edition
from triage.engine.lazy import lazy
from triage.engine.need_context import VisitorContext
from triage.engine.rulebook import Rulebook
from triage.engine.scope import in_force
from triage.engine.situation import Incident, Situation

Own = tuple[Incident, ...]
# A footprint as a key: its kind and its value.
Land = tuple[FootprintKind, str]


def advise(rulebook: Rulebook, situation: Situation) -> Advice:
    """What this visitor is told. Raises KeyError for a need the rulebook does not have."""
    country = _Country.of(rulebook, situation)
    if situation.place is None:
        return country.nowhere()
    advice = country.at(situation.place, country.live)
    if situation.place.council is not None:
        return advice
    others = country.councils(advice, situation.place.area)
    return replace(advice, elsewhere=_merge(others)) if others else advice


def advise_nation(rulebook: Rulebook, situation: Situation, nation: Nation) -> Advice:
    """What is told in a nation to somebody of whom no more is known: `elsewhere` names the areas
    that are told something else. Raises KeyError for a need the rulebook does not have."""
    country = _Country.of(rulebook, situation)
    areas = country.areas[nation]
    return country.nation(nation, 2 * country.differing(areas) > len(areas))


@dataclass(frozen=True)
class _Country:
    """One situation, asked of every area. Areas that the same statements reach share an advice."""

    rulebook: Rulebook
    situation: Situation
    live: Own

    @classmethod
    def of(cls, rulebook: Rulebook, situation: Situation) -> _Country:
        return cls(rulebook, situation, in_force(situation.incidents, situation.at))

    def at(self, place: Place, live: Own) -> Advice:
        """The advice for a place; `live` may leave out what does not reach it."""
        s = self.situation
        here = VisitorContext(self.rulebook, place, s.visitor, s.at, live, s.incidents)
        if s.place is None:
            # Whoever names no place is answered under the edition of no place.
            vars(here)["edition"] = self.edition
        return advise_here(here, s.need)

    @lazy
    def edition(self) -> str:
        return edition(self.rulebook, self.situation.incidents, self.situation.at, None)

    @lazy
    def areas(self) -> Mapping[Nation, tuple[Area, ...]]:
        every = self.rulebook.catalogue.areas.values()
        return {n: tuple(a for a in every if a.nation is n) for n in Nation}

    @lazy
    def by_footprint(self) -> Mapping[Land, Own]:
        """What speaks of each footprint, or publishes a number for it."""
        found: dict[Land, dict[str, Incident]] = {}
        for i in self.live:
            for footprint in (*i.scope.footprints, *(n.footprint for n in i.numbers)):
                found.setdefault((footprint.kind, footprint.value), {})[i.id] = i
        return {footprint: tuple(own.values()) for footprint, own in found.items()}

    def reaching(self, area: Area) -> Own:
        """The statements whose footprints cover all of an area."""
        kinds: tuple[Land, ...] = (
            (FootprintKind.UK, ""),
            (FootprintKind.NATION, str(area.nation)),
            (FootprintKind.POLICE, area.police),
            (FootprintKind.FIRE, area.fire),
            (FootprintKind.AMBULANCE, area.ambulance),
        )
        known = self.by_footprint
        found = {i.id for land in kinds if land in known for i in known[land]}
        return tuple([i for i in self.live if i.id in found]) if found else ()

    @lazy
    def ordinary(self) -> Mapping[Nation, Advice]:
        """What each nation is told when nothing is stated."""
        calm = replace(self.situation, incidents=())
        country = _Country(self.rulebook, calm, ())
        places = {n: country.rulebook.catalogue.place(a[0].slug) for n, a in self.areas.items()}
        return {n: country.at(place, ()) for n, place in places.items()}

    @lazy
    def given(self) -> Mapping[str, Advice]:
        """The advice of each area."""
        shared: dict[object, Advice] = {}
        found: dict[str, Advice] = {}
        for area in self.rulebook.catalogue.areas.values():
            own = self.reaching(area)
            place = self.rulebook.catalogue.place(area.slug)
            if not own:
                found[area.slug] = self.ordinary[area.nation]
                continue
            key = area.nation, tuple(i.id for i in own), self._covers(own, place)
            if key not in shared:
                shared[key] = self.at(place, own)
            found[area.slug] = shared[key]
        return found

    def _covers(self, own: Own, place: Place) -> tuple[bool, ...]:
        """What tells places apart that the same statements reach: numbers, and issuers' land."""
        land = (f for i in own for f in (i.issuer.footprint, *i.issuer.territory))
        numbers = (n.footprint for i in own for n in i.numbers)
        return tuple(f.covers(place) for f in (*land, *numbers))

    def differing(self, areas: Iterable[Area]) -> int:
        """How many areas are told something else than their nation's ordinary advice."""
        given, usual = self.given, self.ordinary
        return sum(given[a.slug].sense != usual[a.nation].sense for a in areas)

    def nowhere(self) -> Advice:
        every = self.rulebook.catalogue.areas.values()
        most = 2 * self.differing(every) > len(every)
        nations = [self.nation(nation, most) for nation in Nation]
        same = len({a.sense for a in nations}) == 1
        main = _in_common(nations) if same else nations[0]
        return replace(
            main,
            area=None,
            council=None,
            nation=None,
            nations=() if same else tuple(nations),
            elsewhere=_merge(e for a in nations for e in a.elsewhere),
            edition=self.edition,
        )

    def nation(self, nation: Nation, most: bool) -> Advice:
        """A nation's advice: the ordinary and what differs; where most are told something else,
        what most of its areas are told, and the others."""
        areas, base = self.areas[nation], self.ordinary[nation]
        if most:
            senses = [self.given[a.slug].sense for a in areas]
            base = max((self.given[a.slug] for a in areas), key=lambda a: senses.count(a.sense))
        own = [Elsewhere((a.slug,), (), self.given[a.slug]) for a in areas]
        own = [
            replace(e, advice=_in_any_area(self.rulebook, e.advice))
            for e in own
            if e.advice.sense != base.sense
        ]
        councils = self.councils(base, *(a.slug for a in areas))
        return replace(_without_area(self.rulebook, base), elsewhere=_merge([*own, *councils]))

    def councils(self, base: Advice, *areas: str) -> list[Elsewhere]:
        """The councils that something in force names, within these areas, if told otherwise."""
        found = []
        for place in self._named(areas):
            advice = self.at(place, self.live)
            if advice.sense != base.sense:
                found.append(Elsewhere((), (place.council or "",), advice))
        return found

    def _named(self, areas: Iterable[str]) -> list[Place]:
        kind = FootprintKind.COUNCIL
        named = sorted(value for of, value in self.by_footprint if of is kind)
        known = self.rulebook.catalogue.place_of_council
        return [known[code] for code in named if code in known and known[code].area in areas]


def _in_common(nations: Iterable[Advice]) -> Advice:
    """One advice for all nations: of what stands there for when nothing connects at all, the ways
    that every nation has."""
    first, *others = nations
    shared = set.intersection(*({e.channel for e in a.then if e.beyond} for a in (first, *others)))
    gone = {e.channel for e in first.then if e.beyond} - shared
    then = tuple(e for e in first.then if e.channel not in gone)
    return replace(first, then=then, say=tuple(s for s in first.say if s.channel not in gone))


def _without_area(rulebook: Rulebook, advice: Advice) -> Advice:
    """The advice for somebody whose area is unknown: no local service's own address or name."""
    return replace(_in_any_area(rulebook, advice), area=None, council=None)


def _in_any_area(rulebook: Rulebook, advice: Advice) -> Advice:
    """The same advice for every area that is told it, whichever it was worked out for."""
    catalogue = rulebook.catalogue
    nation = Nation(advice.nation) if advice.nation else Nation.ENGLAND

    def placeless(e: Entry) -> Entry:
        channel = catalogue.channels[e.channel]
        if channel.url_from is None or e.number:
            return e
        href = None if channel.needs_place else channel.words(nation).url
        return replace(e, href=href, label=catalogue.label(e.channel, nation))

    entries = [placeless(e) for e in advice.entries]
    return replace(advice, first=entries[0], then=tuple(entries[1:]))


def _merge(found: Iterable[Elsewhere]) -> tuple[Elsewhere, ...]:
    """Places told the same, together."""
    groups: dict[tuple[object, ...], list[Elsewhere]] = {}
    for e in found:
        groups.setdefault(e.advice.sense, []).append(e)
    return tuple(
        Elsewhere(
            tuple(a for e in group for a in e.areas),
            tuple(c for e in group for c in e.councils),
            group[0].advice,
        )
        for group in groups.values()
    )
