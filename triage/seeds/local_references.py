"""Local services: every body and council has one with its website, and nothing names what is not.

What the other entries refer to is references.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.engine.local_service import LocalKind, LocalUse
from triage.seeds import schema
from triage.seeds.entries import Entries
from triage.seeds.problems import SeedProblem, unknown

_BODIES = (LocalKind.POLICE, LocalKind.FIRE, LocalKind.AMBULANCE)


def check_local(entries: Entries) -> Iterator[SeedProblem]:
    """Every fault of the local layer."""
    areas = {slug for e in entries.of("area") for slug in (e.slug, *e.was)}
    councils = {k.code for e in entries.of("area") for k in e.councils}
    known = {
        **{k: {b.slug for b in entries.of("body") if b.kind == k} for k in _BODIES},
        LocalKind.COUNCIL: councils,
    }
    seen: dict[LocalKind, set[str]] = {kind: set() for kind in LocalKind}
    for file, place, e in entries.where("local"):
        yield from (SeedProblem(file, place, what) for what in _wrong(e, known, areas))
        if e.slug in seen[e.kind]:
            yield SeedProblem(file, place, f"stands twice as {e.kind}")
        seen[e.kind].add(e.slug)
    for kind, slugs in known.items():
        for slug in sorted(slugs - seen[kind]):
            yield SeedProblem("seeds/local/", f'{kind} "{slug}"', "has no entry")
    yield from _labels(entries)
    yield from _forces(entries, known[LocalKind.POLICE])


def _wrong(
    e: schema.LocalEntry, known: dict[LocalKind, set[str]], areas: set[str]
) -> Iterator[str]:
    if e.kind in known:
        if e.slug not in known[e.kind]:
            yield unknown(e.kind, e.slug, known[e.kind])
        if e.name or e.areas:
            yield "has its name and areas already: leave them out"
        if not any(w.use is LocalUse.SITE and w.url for w in e.way):
            yield "has no website: give a way with use site"
    elif e.name is None or not e.areas:
        yield "needs a name and its areas"
    yield from (unknown("area", slug, areas) for slug in e.areas if slug not in areas)
    yield from _wrong_ways(e.way)


def _wrong_ways(ways: Iterable[schema.LocalWayEntry]) -> Iterator[str]:
    for w in ways:
        if not (w.url or w.number or w.hours or w.note):
            yield f"way {w.use} says nothing: give a url, a number, hours or a note"
        if w.harmless and w.certainty == "K" and w.number:
            yield f"way {w.use}: a number that nobody read is not shown, harmless or not"


def _labels(entries: Entries) -> Iterator[SeedProblem]:
    found = {e.use for e in entries.of("local-label") if e.kind is None}
    for use in LocalUse:
        if use not in found:
            yield SeedProblem("seeds/local/labels.toml", f'use "{use}"', "has no label")


def _forces(entries: Entries, forces: set[str]) -> Iterator[SeedProblem]:
    for file, place, e in entries.where("channel"):
        if e.force and e.force not in forces:
            yield SeedProblem(file, place, unknown("force", e.force, forces))
