"""Which advice an edit would change, before it is published. Pure, over the engine.

For every need and every area the incidents reach: what people are told now, and what they would
be told. Places told the same stand together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from outage.statements.statement import digest
from triage.engine.advice import Advice, Entry
from triage.engine.advise import advise_here
from triage.engine.catalogue import Footprint, FootprintKind, Place
from triage.engine.edition import touching
from triage.engine.need_context import VisitorContext
from triage.engine.rulebook import Need, Outcome, Rulebook
from triage.engine.scope import in_force
from triage.engine.situation import Incident, Situation, Status


@dataclass(frozen=True)
class Change:
    """One need, told something else in some places."""

    need: Need
    outcomes: tuple[Outcome, ...]
    areas: tuple[str, ...]
    councils: tuple[str, ...]
    old: Advice
    new: Advice


def changes(
    rulebook: Rulebook, before: Sequence[Incident], after: Sequence[Incident], at: datetime
) -> tuple[Change, ...]:
    """Every change of advice between two sets of incidents at one moment, by need."""
    contexts = [
        (
            places,
            _context(rulebook, places[0], before, at),
            _context(rulebook, places[0], after, at),
        )
        for places in _classes(rulebook, before, after, at)
    ]
    found: list[Change] = []
    for need in rulebook.needs.values():
        found += _of_need(rulebook, need, contexts)
    return tuple(found)


def _context(
    rulebook: Rulebook, place: Place, incidents: Sequence[Incident], at: datetime
) -> VisitorContext:
    """A place under some incidents. One for all needs: most of the work is the same for each."""
    here = Situation(at, next(iter(rulebook.needs)), place, incidents=tuple(incidents))
    return VisitorContext.of(rulebook, here, place)


def _classes(
    rulebook: Rulebook, before: Sequence[Incident], after: Sequence[Incident], at: datetime
) -> tuple[tuple[Place, ...], ...]:
    """The places reached, those together that differ only in name: the same nation, and every
    footprint that is named covers both or neither. One is asked for all of its class."""
    live = (*in_force(before, at), *in_force(after, at))
    named = {f for i in live for f in (*i.scope.footprints, *(n.footprint for n in i.numbers))}
    ordered = sorted(named, key=str)
    groups: dict[tuple[object, ...], list[Place]] = {}
    for place in _places(rulebook, before, after, at):
        key = (place.nation, place.council is None, *(f.covers(place) for f in ordered))
        groups.setdefault(key, []).append(place)
    return tuple(tuple(group) for group in groups.values())


def _places(
    rulebook: Rulebook, before: Sequence[Incident], after: Sequence[Incident], at: datetime
) -> Iterator[Place]:
    """The areas that what differs reaches, and the councils it names."""
    differing = set(in_force(before, at)) ^ set(in_force(after, at))
    catalogue = rulebook.catalogue
    named = {f.value for i in differing for f in i.scope.footprints if _is_council(f)}
    for slug in catalogue.areas:
        meets = touching(rulebook, differing, slug)
        if any(not all(map(_is_council, i.scope.footprints)) for i in meets):
            yield catalogue.place(slug)
    yield from (catalogue.place_of_council[code] for code in sorted(named))


def _is_council(footprint: Footprint) -> bool:
    return footprint.kind is FootprintKind.COUNCIL


def _of_need(
    rulebook: Rulebook,
    need: Need,
    contexts: Iterable[tuple[tuple[Place, ...], VisitorContext, VisitorContext]],
) -> Iterator[Change]:
    groups: dict[tuple[object, ...], tuple[list[Place], Advice, Advice]] = {}
    for places, before, after in contexts:
        old, new = advise_here(before, need.id), advise_here(after, need.id)
        if old.sense != new.sense:
            held, _, _ = groups.setdefault((old.sense, new.sense), ([], old, new))
            held += places
    for held, old, new in groups.values():
        areas = tuple(p.area for p in held if p.council is None)
        councils = tuple(p.council for p in held if p.council)
        outcomes = tuple(o for o in rulebook.outcomes.values() if need.id in o.needs.values())
        yield Change(need, outcomes, areas, councils, old, new)


def fingerprint(found: Iterable[Change]) -> str:
    """A hash of everything a preview shows, for an approval to sign."""
    return digest([_plain(change) for change in found])


def _plain(change: Change) -> list[object]:
    sides = [[_line(e) for e in side.entries] for side in (change.old, change.new)]
    said = [[(str(s.code), s.channel) for s in side.say] for side in (change.old, change.new)]
    return [change.need.id, list(change.areas), list(change.councils), sides, said]


def _line(entry: Entry) -> list[object]:
    return [entry.channel, entry.number, str(entry.mode), entry.at_risk]


def with_this(incidents: Sequence[Incident], this: Sequence[Incident]) -> tuple[Incident, ...]:
    """The incidents as they would be: this one in place of what it was, or beside the others."""
    ids = {i.id for i in this}
    gone = {i.supersedes for i in this if i.supersedes}
    kept = [
        replace(i, status=Status.ENDED) if i.id in gone else i for i in incidents if i.id not in ids
    ]
    return (*kept, *this)
