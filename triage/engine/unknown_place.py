"""Advice where the place is not known, or only in part (advice.md, "No place").

Where every area is told the same, that is the advice. Otherwise each nation's, side by side where
nations differ, with the places that are told something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from triage.engine.advice import Advice, Elsewhere
from triage.engine.advise import advise_at
from triage.engine.catalogue import FootprintKind, Nation, Place
from triage.engine.edition import edition, touching
from triage.engine.rulebook import Rulebook
from triage.engine.scope import in_force
from triage.engine.situation import Incident, Situation


def advise(rulebook: Rulebook, situation: Situation) -> Advice:
    """What this visitor is told. Raises KeyError for a need the rulebook does not have."""
    live = in_force(situation.incidents, situation.at)
    if situation.place is None:
        return _nowhere(rulebook, situation, live)
    advice = advise_at(rulebook, situation, situation.place)
    if situation.place.council is not None:
        return advice
    councils = _places_of_councils(rulebook, live, situation.place.area)
    return replace(advice, elsewhere=_differing(rulebook, situation, advice, councils))


def advise_nation(rulebook: Rulebook, situation: Situation, nation: Nation) -> Advice:
    """What is told in a nation to somebody of whom no more is known: `elsewhere` names the areas
    that are told something else. Raises KeyError for a need the rulebook does not have."""
    return _nation(rulebook, situation, nation, in_force(situation.incidents, situation.at))


def _nowhere(rulebook: Rulebook, situation: Situation, live: tuple[Incident, ...]) -> Advice:
    nations = [_nation(rulebook, situation, nation, live) for nation in Nation]
    main = replace(nations[0], area=None, council=None, nation=None)
    same = len({a.sense for a in nations}) == 1
    # The addresses of a force belong to its area: with none, people are asked where they are.
    return replace(
        main,
        nations=() if same else tuple(nations),
        elsewhere=_merge(e for a in nations for e in a.elsewhere),
        edition=edition(rulebook, situation.incidents, situation.at, None),
    )


def _nation(
    rulebook: Rulebook, situation: Situation, nation: Nation, live: tuple[Incident, ...]
) -> Advice:
    """A nation's advice: what all its areas are told, or the ordinary and what differs.

    Where no area is told the ordinary, what most are told stands in for it: the ordinary would be
    wrong for everybody, and a second incident would put first what the first marks down.
    """
    places = [rulebook.catalogue.place(a.slug) for a in rulebook.catalogue.areas.values()]
    places = [place for place in places if place.nation is nation]
    touched = [p for p in places if touching(rulebook, live, p.area)]
    given = _given(rulebook, situation, touched, live)
    base = advise_at(rulebook, replace(situation, incidents=()), places[0])
    senses = [a.sense for a in given.values()]
    if len(touched) == len(places) and base.sense not in senses:
        base = max(given.values(), key=lambda a: senses.count(a.sense))
    own = [Elsewhere((p.area,), (), given[p.area]) for p in touched]
    councils = _places_of_councils(rulebook, live, *(p.area for p in places))
    others = _differing(rulebook, situation, base, councils)
    own = [e for e in own if e.advice.sense != base.sense]
    return replace(_without_area(rulebook, base), elsewhere=_merge([*own, *others]))


def _given(
    rulebook: Rulebook, situation: Situation, places: Iterable[Place], live: tuple[Incident, ...]
) -> dict[str, Advice]:
    """The advice of each area of one nation. Areas that the same footprints cover share one."""
    advices: dict[tuple[bool, ...], Advice] = {}
    given: dict[str, Advice] = {}
    for place in places:
        covered = _covered(place, live)
        if covered not in advices:
            advices[covered] = advise_at(rulebook, situation, place)
        given[place.area] = advices[covered]
    return given


def _covered(place: Place, live: Iterable[Incident]) -> tuple[bool, ...]:
    """Which of the footprints in force cover a place: all that tells areas of a nation apart."""
    return tuple(
        footprint.covers(place)
        for i in live
        for footprint in (*i.scope.footprints, *(n.footprint for n in i.numbers))
    )


def _without_area(rulebook: Rulebook, advice: Advice) -> Advice:
    """The advice for somebody whose area is unknown: no force's own address."""
    channels = rulebook.catalogue.channels
    entries = [
        replace(e, href=None) if channels[e.channel].url_from and not e.number else e
        for e in advice.entries
    ]
    return replace(advice, area=None, council=None, first=entries[0], then=tuple(entries[1:]))


def _places_of_councils(rulebook: Rulebook, live: Iterable[Incident], *areas: str) -> list[Place]:
    """The councils that something in force names, within these areas."""
    named = {f.value for i in live for f in i.scope.footprints if f.kind is FootprintKind.COUNCIL}
    known = rulebook.catalogue.place_of_council
    return [known[code] for code in sorted(named) if code in known and known[code].area in areas]


def _differing(
    rulebook: Rulebook, situation: Situation, base: Advice, places: Iterable[Place]
) -> tuple[Elsewhere, ...]:
    found = []
    for place in places:
        advice = advise_at(rulebook, situation, place)
        if advice.sense != base.sense:
            areas = () if place.council else (place.area,)
            councils = (place.council,) if place.council else ()
            found.append(Elsewhere(areas, councils, advice))
    return _merge(found)


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
