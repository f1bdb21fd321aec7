"""A scenario in JSON -> a Situation, or every problem with its path (advice.md, "Scenario files").

Used by `manage.py advise`, the API and the tests. It knows the rulebook's ids and nothing of
requests or the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
)

from triage.engine import situation as s
from triage.engine.catalogue import Footprint, FootprintKind, Nation, Place, Service
from triage.engine.rulebook import Rulebook
from triage.incident_checks import impossible
from triage.places.finder import Finder
from triage.seeds.build_catalogue import slugify
from triage.seeds.problems import did_you_mean, explain, unknown

_Text = Annotated[str, Field(min_length=1, max_length=500)]
A_MOMENT = "a moment has a date, a time and its zone, such as 2026-11-24T12:00:00+00:00"
# What the reader of the types says of itself, in words that say what to do.
_SAID = {
    "model_type": "stands for an object: write it in braces",
    "list_type": "stands for a list: write it in brackets",
    "string_type": "stands for words: write them in quotes",
    "string_pattern_mismatch": "is no telephone number: digits and spaces, such as 01632 960001",
    "timezone_aware": A_MOMENT,
    "value_error": A_MOMENT,
    "too_short": "is empty: name at least one",
    "string_too_short": "is empty: write something",
    "string_too_long": "is too long: write less",
    "greater_than_equal": "is less than nothing: write a number of seconds from 0",
    "int_parsing": "is no whole number",
    "int_type": "is no whole number",
    "bool_type": "is yes or no: write true or false, without quotes",
}


def _not_counted(value: object) -> object:
    """A moment is written out. A count of seconds would be read as one, and be a slip."""
    if isinstance(value, datetime) or (isinstance(value, str) and ":" in value):
        return value
    raise ValueError(A_MOMENT)


Moment = Annotated[AwareDatetime, BeforeValidator(_not_counted)]


class ScenarioError(Exception):
    """The scenario has problems; `problems` holds each as "path: what is wrong"."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ScopeIn(_Part):
    footprints: list[str] = Field(min_length=1)
    services: list[Service] = []
    networks: list[str] = []
    lines: list[s.PhoneLine] = []


class IssuerIn(_Part):
    name: _Text
    kind: s.IssuerKind
    footprint: str
    services: list[Service] = []
    entitled: StrictBool


class NoticeIn(_Part):
    need: str
    mode: s.Mode
    to: list[str] = []


class NumberIn(_Part):
    number: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ]{2,19}$")]
    footprint: str
    needs: list[str] = []
    verified_at: Moment
    valid_until: Moment | None = None


class IncidentIn(_Part):
    id: _Text
    channel: str
    state: s.State
    status: s.Status
    scope: ScopeIn
    issuer: IssuerIn
    published_at: Moment
    notices: list[NoticeIn] = []
    keep_free: list[str] = []
    degraded_features: list[s.Feature] = []
    typical_delay_seconds: Annotated[int, Field(ge=0)] | None = None
    numbers: list[NumberIn] = []
    starts_at: Moment | None = None
    review_at: Moment | None = None
    ends_at: Moment | None = None
    planned: StrictBool = False
    supersedes: str | None = None
    confirmed_at: Moment | None = None
    callbacks_until: Moment | None = None
    demand_note: str | None = None
    confirm_by: Moment | None = None


class VisitorIn(_Part):
    uses: s.Uses | None = None
    network: str | None = None
    line: s.PhoneLine | None = None
    has_mobile: StrictBool | None = None
    registered_for_sms: StrictBool | None = None
    afloat: StrictBool | None = None
    has_radio: StrictBool | None = None


class PlaceIn(_Part):
    area: str | None = None
    police: str | None = None
    fire: str | None = None
    ambulance: str | None = None
    nation: Nation | None = None
    council: str | None = None
    find: Annotated[str, Field(max_length=200)] | None = None


class ScenarioIn(_Part):
    now: Moment
    need: str
    place: PlaceIn | None = None
    visitor: VisitorIn | None = None
    incidents: list[IncidentIn] = []


def situation_from(data: object, rulebook: Rulebook, finder: Finder) -> s.Situation:
    """The situation a scenario describes. Raises ScenarioError with every problem at once."""
    try:
        scenario = ScenarioIn.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(_explain(e) for e in error.errors()) from error
    problems = [*_check(scenario, rulebook), *_as_published(scenario)]
    if problems := [*problems, *_place_problems(scenario.place, finder)]:
        raise ScenarioError(problems)
    return s.Situation(
        at=scenario.now,
        need=scenario.need,
        place=_place(scenario.place, finder),
        visitor=_visitor(scenario.visitor),
        incidents=tuple(incident(i) for i in scenario.incidents),
    )


def _explain(error: Any) -> str:
    path = ".".join(str(part) for part in error["loc"]) or "scenario"
    if error["type"] in _SAID or error["type"].startswith("datetime"):
        return f"{path}: {_SAID.get(error['type'], A_MOMENT)}"
    known = [k for model in (ScenarioIn, IncidentIn, ScopeIn) for k in model.model_fields]
    sentence = explain(error, known)
    return sentence if sentence.startswith(("key", path)) else f"{path}{sentence}"


def problems_of(scenario: ScenarioIn, rulebook: Rulebook) -> Iterator[str]:
    """Every id, footprint and time that is wrong, as "path: what". The staff form asks too."""
    return _check(scenario, rulebook)


def _check(scenario: ScenarioIn, rulebook: Rulebook) -> Iterator[str]:
    if scenario.need not in rulebook.needs:
        yield f"need: {unknown('need', scenario.need, rulebook.needs)}"
    if scenario.visitor and scenario.visitor.network is not None:
        yield from _network("visitor.network", scenario.visitor.network, rulebook)
    seen: dict[str, IncidentIn] = {}
    for n, i in enumerate(scenario.incidents):
        path = f"incidents.{n}"
        if i.id in seen and seen[i.id] != i:
            yield f'{path}.id: "{i.id}" stands twice, with different contents'
        seen[i.id] = i
        found = list(_incident(path, i, rulebook))
        yield from found
        if not found:
            yield from (f"{path}.{what}" for what in impossible(incident(i), rulebook))
    yield from _circles(scenario.incidents)


def _as_published(scenario: ScenarioIn) -> Iterator[str]:
    """What was superseded is one of the incidents, and nothing was published overdue."""
    known = {i.id for i in scenario.incidents}
    for n, i in enumerate(scenario.incidents):
        if i.review_at and i.review_at <= i.published_at:
            yield f"incidents.{n}.review_at: is not after published_at: say the next look"
        if i.supersedes and i.supersedes not in known:
            path = f"incidents.{n}.supersedes"
            yield f"{path}: {unknown('incident', i.supersedes, known - {i.id})}"


def _circles(incidents: list[IncidentIn]) -> Iterator[str]:
    after = {i.id: i.supersedes for i in incidents}
    for n, i in enumerate(incidents):
        step, seen = i.supersedes, {i.id}
        while step and step not in seen:
            seen.add(step)
            step = after.get(step)
        if step == i.id:
            yield f'incidents.{n}.supersedes: "{i.id}" would supersede itself'


def _incident(path: str, i: IncidentIn, rulebook: Rulebook) -> Iterator[str]:
    channels = rulebook.catalogue.channels
    named = [("channel", i.channel), *((f"keep_free.{k}", c) for k, c in enumerate(i.keep_free))]
    needs = [(f"notices.{k}.need", notice.need) for k, notice in enumerate(i.notices)]
    needs += [(f"numbers.{k}.needs.{m}", need) for k, number in enumerate(i.numbers)
              for m, need in enumerate(number.needs)]  # fmt: skip
    for k, notice in enumerate(i.notices):
        named += [(f"notices.{k}.to.{m}", c) for m, c in enumerate(notice.to)]
    for where, need in needs:
        if need not in rulebook.needs:
            yield f"{path}.{where}: {unknown('need', need, rulebook.needs)}"
    for where, channel in named:
        if channel not in channels:
            yield f"{path}.{where}: {unknown('channel', channel, channels)}"
    footprints = [(f"scope.footprints.{k}", f) for k, f in enumerate(i.scope.footprints)]
    footprints += [("issuer.footprint", i.issuer.footprint)]
    footprints += [(f"numbers.{k}.footprint", n.footprint) for k, n in enumerate(i.numbers)]
    for where, text in footprints:
        yield from _footprint(f"{path}.{where}", text, rulebook)
    for k, network in enumerate(i.scope.networks):
        yield from _network(f"{path}.scope.networks.{k}", network, rulebook)
    yield from _times(path, i)


def _times(path: str, i: IncidentIn) -> Iterator[str]:
    if i.review_at is None and not i.planned and i.state is not s.State.RESOLVED:
        yield f"{path}.review_at: is required unless planned or resolved: say the next look"
    if i.planned and i.ends_at is None:
        yield f"{path}.ends_at: planned work has an end: say when"
    if i.ends_at and i.ends_at <= (i.starts_at or i.published_at):
        yield f"{path}.ends_at: is not after the start"


def _network(path: str, name: str, rulebook: Rulebook) -> Iterator[str]:
    brands = rulebook.catalogue.brands
    if slugify(name) not in brands:
        yield f"{path}: {unknown('network', name, (b.name for b in brands.values()))}"


def _footprint(path: str, text: str, rulebook: Rulebook) -> Iterator[str]:
    try:
        footprint = Footprint.parse(text)
    except ValueError as error:
        yield f"{path}: {error}"
        return
    known = known_values(footprint.kind, rulebook)
    if known is not None and footprint.value not in known:
        hint = did_you_mean(footprint.value, known)
        yield f'{path}: {footprint.kind} "{footprint.value}" is unknown.{hint}'


def known_values(kind: FootprintKind, rulebook: Rulebook) -> set[str] | None:
    """The values a kind of footprint may have; None where it has none (the UK)."""
    if kind is FootprintKind.UK:
        return None
    if kind is FootprintKind.NATION:
        return {str(n) for n in Nation}
    if kind is FootprintKind.COUNCIL:
        return set(rulebook.catalogue.place_of_council)
    return {slug for service, slug in rulebook.catalogue.bodies if service == str(kind)}


def incident(i: IncidentIn) -> s.Incident:
    """The engine's value of an incident whose ids have been checked."""
    same = ("id", "channel", "state", "status", "typical_delay_seconds", "planned", "supersedes")
    times = ("published_at", "confirmed_at", "starts_at", "review_at", "ends_at")
    more = ("callbacks_until", "confirm_by")
    return s.Incident(
        **{name: getattr(i, name) for name in (*same, *times, *more)},
        demand_note=i.demand_note or None,
        scope=s.Scope(
            tuple(Footprint.parse(f) for f in i.scope.footprints),
            tuple(i.scope.services),
            tuple(slugify(n) for n in i.scope.networks),
            tuple(i.scope.lines),
        ),
        issuer=s.Issuer(
            name=i.issuer.name,
            kind=i.issuer.kind,
            footprint=Footprint.parse(i.issuer.footprint),
            entitled=i.issuer.entitled,
            services=tuple(i.issuer.services),
        ),
        notices=tuple(s.Notice(n.need, n.mode, tuple(n.to)) for n in i.notices),
        keep_free=tuple(i.keep_free),
        degraded_features=tuple(i.degraded_features),
        numbers=tuple(_number(n) for n in i.numbers),
    )


def _number(n: NumberIn) -> s.PublishedNumber:
    footprint, needs = Footprint.parse(n.footprint), tuple(n.needs)
    return s.PublishedNumber(n.number, footprint, n.verified_at, n.valid_until, needs)


def _visitor(v: VisitorIn | None) -> s.Visitor:
    if v is None:
        return s.Visitor()
    network = slugify(v.network) if v.network else None
    same = ("uses", "line", "has_mobile", "registered_for_sms", "afloat", "has_radio")
    return s.Visitor(network=network, **{name: getattr(v, name) for name in same})


def _place_problems(place: PlaceIn | None, finder: Finder) -> Iterator[str]:
    try:
        _place(place, finder)
    except ValueError as error:
        yield f"place: {error}"


def _place(place: PlaceIn | None, finder: Finder) -> Place | None:
    """Exactly one place, or none at all. Raises ValueError where several fit, naming them."""
    given = {} if place is None else place.model_dump(exclude_none=True)
    if not given:
        return None
    if "find" in given and len(given) > 1:
        others = ", ".join(key for key in given if key != "find")
        raise ValueError(f"find stands alone: leave out {others}, or leave out find")
    if "find" in given:
        return finder.only(given["find"])
    return finder.by_services(**given)
