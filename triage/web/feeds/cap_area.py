"""Where a CAP message holds, for machines: names, GSS codes of councils, outlines of forces.

The codes are the Office for National Statistics'; the outlines (seeds/outlines.toml) are a guide
and stand only where they cover the whole of what is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from triage.engine.catalogue import Footprint, FootprintKind, Nation
from triage.rules import outlines, rulebook
from triage.web.context.page_context import PageContext
from triage.web.presenters.incident_life import LifeStep, covered
from triage.web.presenters.scope_text import by_name, place

# What the codes of councils and nations are called in a message.
GSS = "GSS"
_NATIONS = {
    Nation.ENGLAND: "E92000001",
    Nation.WALES: "W92000004",
    Nation.SCOTLAND: "S92000003",
    Nation.NORTHERN_IRELAND: "N92000002",
}


@dataclass(frozen=True)
class AlertArea:
    """One place: its name, rings of latitude,longitude pairs, and pairs of a code's kind and it."""

    name: str
    polygons: tuple[str, ...]
    geocodes: tuple[tuple[str, str], ...]


def areas_of(here: PageContext, step: LifeStep) -> Iterator[AlertArea]:
    """The places a message holds in: its footprints, or those that are out of it."""
    if step.gone:
        for name, codes in by_name(here, step.gone):
            yield AlertArea(name, _polygons(codes), tuple((GSS, c) for c in sorted(codes)))
        return
    for footprint in step.incident.scope.footprints:
        codes = covered((footprint,))
        own = (("footprint", str(footprint)), *((GSS, c) for c in _codes(footprint, codes)))
        yield AlertArea(place(here, footprint), _polygons(codes), own)


def _codes(footprint: Footprint, councils: frozenset[str]) -> Iterator[str]:
    """The code of a nation, where it is one, and of every council."""
    if footprint.kind is FootprintKind.NATION:
        yield _NATIONS[Nation(footprint.value)]
    yield from sorted(councils)


def _polygons(codes: frozenset[str]) -> tuple[str, ...]:
    """The outlines of the forces that make up these councils; none where some would be left out."""
    held: dict[str, set[str]] = {}
    for area in rulebook().catalogue.areas.values():
        held.setdefault(area.police, set()).update(c.code for c in area.councils)
    whole = {force: own for force, own in held.items() if own <= codes}
    if set().union(*whole.values()) != codes:
        return ()
    return tuple(ring for force in whole for ring in outlines()[force])
