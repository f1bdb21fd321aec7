"""What is due, who owns it and where it stands: every fact of a rulebook, and its words.

A fact is one field with a source and a date: the number of a channel, the address of a force, the
route of a need, the words of an outcome. Nothing here changes anything; `manage.py facts` and
`manage.py words`, the staff panel and "about the data" show it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from triage.engine.catalogue import Fact, Nation, Service, Text
from triage.engine.local_service import LocalKind
from triage.engine.rulebook import Need, Outcome, Rulebook, Urgency
from triage.seeds.reading_age import ReadingMeasure, measure

# Months until a fact is looked at again, by how sure it is: read at its source, or known.
MONTHS = {"V": 6, "O": 6, "S": 3, "K": 3}
# Postcodes move little: one in ten thousand changed its area in eleven years.
POSTCODE_MONTHS = 12
# The school year in which children are nine: no outcome is harder to read.
HARD = 4.0
# The source of what is known and was not read anywhere.
GENERAL = "general"
OWNER_OF_SERVICE: Mapping[Service, str] = {
    Service.POLICE: "police content lead",
    Service.FIRE: "fire content lead",
    Service.AMBULANCE: "health content lead",
    Service.COASTGUARD: "coast content lead",
}
OWNER_OF_LOCAL: Mapping[LocalKind, str] = {
    LocalKind.POLICE: "police content lead",
    LocalKind.FIRE: "fire content lead",
    LocalKind.AMBULANCE: "health content lead",
    LocalKind.COUNCIL: "council content lead",
    LocalKind.HEALTH: "health content lead",
    LocalKind.SOCIAL_WORK: "safeguarding content lead",
    LocalKind.WATER: "utilities content lead",
    LocalKind.ELECTRICITY: "utilities content lead",
    LocalKind.TIDAL: "coast content lead",
}
PLACES_OWNER = "police content lead"
NETWORKS_OWNER = "utilities content lead"
_BRACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Held:
    """One fact that somebody has to keep true."""

    kind: str
    id: str
    field: str
    owner: str
    sources: tuple[str, ...]
    checked: date
    review_by: date
    certainty: str = "V"

    @property
    def name(self) -> str:
        return f"{self.kind} {self.id}: {self.field}"


def held(rulebook: Rulebook) -> tuple[Held, ...]:
    """Every fact of a rulebook, in the order of its kinds."""
    parts = (_channels, _local, _areas, _outside, _networks, _needs, _presets, _outcomes)
    return tuple(fact for part in parts for fact in part(rulebook))


def postcodes_held(imported: str) -> Held:
    """The store of postcodes as a fact. `imported` is a date, YYYY-MM-DD."""
    checked = date.fromisoformat(imported)
    due_on = months_after(checked, POSTCODE_MONTHS)
    return Held("postcodes", "store", "areas", PLACES_OWNER, ("codepoint",), checked, due_on)


def due(facts: Iterable[Held], on: date) -> tuple[Held, ...]:
    """The facts whose review date has come, the longest overdue first."""
    waiting = [fact for fact in facts if fact.review_by <= on]
    return tuple(sorted(waiting, key=lambda f: (f.review_by, f.owner, f.kind, f.id, f.field)))


def schedule(facts: Iterable[Held]) -> Mapping[date, Mapping[str, int]]:
    """How many facts of each owner are looked at again by each day, the next day first."""
    days: dict[date, Counter[str]] = {}
    for fact in facts:
        days.setdefault(fact.review_by, Counter())[fact.owner] += 1
    return {day: dict(sorted(days[day].items())) for day in sorted(days)}


def counts(facts: Iterable[Held]) -> Mapping[str, Mapping[str, int]]:
    """How many facts there are by kind, owner and certainty."""
    facts = tuple(facts)
    return {
        "kind": Counter(fact.kind for fact in facts),
        "owner": Counter(fact.owner for fact in facts),
        "certainty": Counter(fact.certainty for fact in facts),
    }


def months_after(day: date, months: int) -> date:
    """The same day of a later month; the last day where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _of(kind: str, ident: str, owner: str, field: str, fact: Fact, by: date | None = None) -> Held:
    by = by or months_after(fact.checked, MONTHS[fact.certainty])
    return Held(kind, ident, field, owner, (fact.source,), fact.checked, by, fact.certainty)


def _channels(rulebook: Rulebook) -> Iterator[Held]:
    for c in rulebook.catalogue.channels.values():
        for field, fact in c.facts.items():
            yield _of("channel", c.id, c.responsible, field, fact, c.review_by)


def _local(rulebook: Rulebook) -> Iterator[Held]:
    for (kind, slug), service in rulebook.catalogue.local.items():
        for way in service.ways:
            owner = OWNER_OF_LOCAL[kind]
            yield _of(kind, slug, owner, f"{way.use}", way.fact)


def _areas(rulebook: Rulebook) -> Iterator[Held]:
    for a in rulebook.catalogue.areas.values():
        if a.fact:
            yield _of("area", a.slug, PLACES_OWNER, "services and councils", a.fact)


def _outside(rulebook: Rulebook) -> Iterator[Held]:
    for o in rulebook.catalogue.outside:
        for field, fact in o.facts.items():
            yield _of("outside", o.prefix, PLACES_OWNER, field, fact)


def _networks(rulebook: Rulebook) -> Iterator[Held]:
    networks = {b.network: b.fact for b in rulebook.catalogue.brands.values()}
    for network, fact in networks.items():
        if fact:
            yield _of("network", network, NETWORKS_OWNER, "brands", fact)


def _needs(rulebook: Rulebook) -> Iterator[Held]:
    for n in rulebook.needs.values():
        if n.checked:
            fact = Fact(n.source, n.checked, _certainty(n.source))
            yield _of("need", n.id, _owner(rulebook, n), "routes", fact)


def _owner(rulebook: Rulebook, need: Need) -> str:
    """The role that owns a need: of its service, or of the channel that its route begins with."""
    for service in Service:
        if need.services == {service}:
            return OWNER_OF_SERVICE[service]
    return rulebook.catalogue.channels[need.routes[Nation.ENGLAND][0]].responsible


def _presets(rulebook: Rulebook) -> Iterator[Held]:
    seen = {(p.channel, str(p.state), p.need): p for p in rulebook.presets}
    for (channel, state, need), preset in seen.items():
        if preset.fact:
            owner = rulebook.catalogue.channels[channel].responsible
            yield _of("preset", f"{channel} {state} {need}", owner, "mode and route", preset.fact)


def _outcomes(rulebook: Rulebook) -> Iterator[Held]:
    for o in rulebook.outcomes.values():
        if o.checked and o.review_by:
            yield Held(
                kind="outcome",
                id=o.id,
                field="words",
                owner=o.owner,
                sources=o.sources,
                checked=o.checked,
                review_by=o.review_by,
                certainty=_certainty(*o.sources),
            )


def _certainty(*sources: str) -> str:
    """What rests on general knowledge, wholly or in part, is not sure."""
    return "K" if GENERAL in sources else "V"


class Weight(IntEnum):
    """What hangs on a sentence; a Welsh speaker reads the heaviest first."""

    SAFETY = 0
    URGENT = 1
    OTHER = 2


@dataclass(frozen=True, slots=True)
class ToRead:
    """A Welsh sentence that nobody who speaks Welsh has checked yet."""

    weight: Weight
    where: str
    text: Text


def welsh_to_read(rulebook: Rulebook, pages: Mapping[str, Text]) -> tuple[ToRead, ...]:
    """Welsh marked for review, safety first. `pages` are the sentences of the pages, by key."""
    found = [
        ToRead(weight, where, text)
        for weight, name, value in _worded(rulebook, pages)
        for where, text in texts(value, name)
        if text.review
    ]
    return tuple(sorted(found, key=lambda item: item.weight))


def _worded(rulebook: Rulebook, pages: Mapping[str, Text]) -> Iterator[tuple[Weight, str, object]]:
    yield from _worded_lines(rulebook)
    for o in rulebook.outcomes.values():
        yield weight_of(rulebook, o), f"outcome {o.id}", o
    for n in rulebook.needs.values():
        yield _weight(n.urgency), f"need {n.id}", n
    for q in rulebook.questions.values():
        outcomes = [rulebook.outcomes[o.to] for o in q.options if o.to in rulebook.outcomes]
        weight = min((weight_of(rulebook, o) for o in outcomes), default=Weight.OTHER)
        yield weight, f"question {q.id}", q
    for area in rulebook.catalogue.areas.values():
        yield Weight.OTHER, f"area {area.slug}", area.name
    for body in rulebook.catalogue.bodies.values():
        yield Weight.OTHER, f"{body.service} {body.slug}", body.name
    for key, text in pages.items():
        yield Weight.OTHER, f"words {key}", text


def _worded_lines(rulebook: Rulebook) -> Iterator[tuple[Weight, str, object]]:
    """Channels, the codes said with them, and what is told to people outside."""
    emergencies = [n for n in rulebook.needs.values() if n.is_emergency]
    lines = {c for n in emergencies for route in n.routes.values() for c in route}
    for c in rulebook.catalogue.channels.values():
        safety = c.emergency or c.id in lines
        yield Weight.SAFETY if safety else Weight.OTHER, f"channel {c.id}", c
    for code, text in rulebook.codes.items():
        yield Weight.SAFETY, f"code {code}", text
    for outside in rulebook.catalogue.outside:
        yield Weight.URGENT, f"outside {outside.prefix}", outside


def weight_of(rulebook: Rulebook, outcome: Outcome) -> Weight:
    """What hangs on an outcome: the most urgent of its needs."""
    return min(_weight(rulebook.needs[need].urgency) for need in outcome.needs.values())


def _weight(urgency: Urgency) -> Weight:
    match urgency:
        case Urgency.EMERGENCY:
            return Weight.SAFETY
        case Urgency.URGENT:
            return Weight.URGENT
        case Urgency.ROUTINE | Urgency.NOT_POLICE:
            return Weight.OTHER


def texts(value: Any, where: str = "") -> Iterator[tuple[str, Text]]:
    """Every text in a value, however deep, with where it stands."""
    if isinstance(value, Text):
        yield where, value
    elif is_dataclass(value):
        for f in fields(value):
            yield from texts(getattr(value, f.name), f"{where}.{f.name}")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts(inner, f"{where}.{key}")
    elif isinstance(value, tuple):
        for n, inner in enumerate(value, 1):
            yield from texts(inner, f"{where} {n}")


@dataclass(frozen=True, slots=True)
class Hard:
    """How hard the English of an outcome is to read, and its hardest sentence."""

    outcome: str
    measure: ReadingMeasure
    hardest: str


def reading_ages(rulebook: Rulebook) -> tuple[Hard, ...]:
    """Every outcome's English, the hardest to read first."""
    ages = [_age(rulebook, outcome) for outcome in rulebook.outcomes.values()]
    return tuple(sorted(ages, key=lambda age: (-age.measure.grade, age.outcome)))


def _age(rulebook: Rulebook, outcome: Outcome) -> Hard:
    lines = [_BRACE.sub(lambda m: _said(rulebook, m[1]), t.en) for _, t in texts(outcome)]
    hardest = max(lines, key=lambda line: measure([line]).grade)
    return Hard(outcome.id, measure(lines), hardest)


def _said(rulebook: Rulebook, channel: str) -> str:
    """What stands on the page for a brace: a number, read at a glance."""
    return (rulebook.catalogue.number(channel) or channel).replace(" ", "")
