"""What a statement says, as one immutable value, and how it reads as JSON.

The form fills a Content, approval signs its digest, the record keeps it, and `to_incidents()` turns
what was published into the engine's values. Who may say it is rights.py; nothing here touches
the database.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from triage import scenario
from triage.engine import situation as s
from triage.engine.catalogue import Footprint, Service
from triage.engine.rulebook import Rulebook

_Line = Annotated[str, Field(max_length=300)]
_Slug = Annotated[str, Field(max_length=120)]
# A carrier's all-clear is weighed against the services' notices for this long.
ALL_CLEAR_HEARD = timedelta(hours=24)


# A telephone number of the UK as people write it: 0116 496 0000, (0116) 4960000, +44 116 …
_NUMBER_IN_WORDS = re.compile(r"(?<![0-9])\(?(?:\+44|0)[0-9 ()-]{7,}[0-9]")


class InvalidStatementError(Exception):
    """The content has problems; `problems` holds each as a sentence that says where and what."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class StatementPart(BaseModel):
    """Immutable, and unknown keys are refused: a record must not hold what nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StatementNotice(StatementPart):
    """For one need: the mode, where to go, and the service's own short words."""

    need: _Slug
    mode: s.Mode
    to: tuple[_Slug, ...] = ()
    words_en: _Line = ""
    words_cy: _Line = ""


class StatementNumber(StatementPart):
    """A local number: who test-dialled it and when, and when it stops being shown."""

    number: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ]{2,19}$")]
    footprint: _Slug
    verified_at: AwareDatetime
    verified_by: _Line
    valid_until: AwareDatetime


class Statement(StatementPart):
    """Everything an operator states. Times carry their zone."""

    channel: _Slug
    state: s.State
    footprints: Annotated[tuple[_Slug, ...], Field(min_length=1, max_length=400)]
    # Nobody knows yet which parts of the footprints are touched.
    areas_unknown: bool = False
    services: tuple[Service, ...] = ()
    networks: tuple[_Slug, ...] = ()
    lines: tuple[s.PhoneLine, ...] = ()
    notices: tuple[StatementNotice, ...] = ()
    keep_free: tuple[_Slug, ...] = ()
    degraded_features: tuple[s.Feature, ...] = ()
    typical_delay_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    numbers: tuple[StatementNumber, ...] = ()
    starts_at: AwareDatetime | None = None
    starts_source: _Line = ""
    review_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    planned: bool = False
    supersedes: _Slug | None = None
    callbacks_until: AwareDatetime | None = None
    demand_note: _Line = ""
    demand_until: AwareDatetime | None = None
    watch_until: AwareDatetime | None = None
    words_en: _Line = ""
    words_cy: _Line = ""
    welsh_due: AwareDatetime | None = None
    cause_en: _Line = ""
    cause_cy: _Line = ""
    cause_by: _Line = ""
    cause_confirmed: bool = False
    deaf: Annotated[str, Field(pattern="^(working|not-working|not-known)$")] = "not-known"
    adopted_from: _Slug | None = None
    adopted_version: int | None = None
    # What it said when it was adopted, by its sense().
    adopted_sense: Annotated[str, Field(max_length=64)] | None = None


class IssuedBy(StatementPart):
    """The organisation as it was when it spoke."""

    slug: _Slug
    name: _Line
    name_cy: _Line = ""
    kind: s.IssuerKind
    footprint: _Slug
    entitled: bool = True
    # Whose needs it answers; what was written before this was kept is read by its land and name.
    services: tuple[Service, ...] = ()


class PublishedStatement(StatementPart):
    """One incident as it stands after an event: all that is needed to say what was in force."""

    id: _Slug
    status: s.Status
    issuer: IssuedBy
    content: Statement
    first_published_at: AwareDatetime
    published_at: AwareDatetime
    confirm_by: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    pretend: bool = False


def plain(part: BaseModel) -> dict[str, Any]:
    """As values for JSON, times in UTC, always the same for the same content."""
    return _utc(part).model_dump(mode="json")


def _utc(part: BaseModel) -> BaseModel:
    moments = {
        name: value.astimezone(UTC)
        for name in type(part).model_fields
        if isinstance(value := getattr(part, name), datetime)
    }
    nested = {
        name: _utc(value) if isinstance(value, BaseModel) else tuple(_utc(v) for v in value)
        for name in type(part).model_fields
        if isinstance(value := getattr(part, name), BaseModel)
        or (isinstance(value, tuple) and value and isinstance(value[0], BaseModel))
    }
    return part.model_copy(update=moments | nested)


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the exact bytes that are hashed and kept."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def sense(content: Statement) -> str:
    """A hash of what a statement says, whenever it is to be looked at again: renewing it, or adding
    to its timeline, gives nobody who adopted it something new."""
    aside = {"review_at", "welsh_due", "adopted_from", "adopted_version", "adopted_sense"}
    return digest({k: v for k, v in plain(content).items() if k not in aside})


def read(data: object, rulebook: Rulebook, at: datetime) -> Statement:
    """Content from JSON or a form. Raises InvalidStatementError with every problem at once."""
    try:
        content = Statement.model_validate(data)
    except ValidationError as error:
        raise InvalidStatementError(tuple(_sentence(e) for e in error.errors())) from error
    if problems := tuple(_problems(content, rulebook, at)):
        raise InvalidStatementError(problems)
    return content


def _sentence(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "content"
    return f"{where}: {error['msg']}"


def _problems(content: Statement, rulebook: Rulebook, at: datetime) -> Iterator[str]:
    yield from _unknown_ids(content, rulebook, at)
    if content.planned and content.starts_at is None:
        yield "starts_at: planned work has a start: say when"
    if missing_welsh(content) and content.welsh_due is None:
        yield "words_cy: the Welsh is missing: write it, or mark it urgent, to follow by a time"
    for where in _with_a_number(content):
        yield f"{where}: no telephone number in words: give it as a local number, with its test"
    if content.demand_note and content.demand_until is None:
        yield "demand_until: a note about demand has an end: say when"
    for n, number in enumerate(content.numbers):
        if number.verified_at > at:
            yield f"numbers.{n}.verified_at: a test call cannot lie in the future"
        if number.valid_until <= at:
            yield f"numbers.{n}.valid_until: has already passed"


def _with_a_number(content: Statement) -> Iterator[str]:
    """Words that carry a telephone number: nobody would see whether it was tested, or its end."""
    names = ("words_en", "words_cy", "cause_en", "cause_cy", "demand_note")
    said = [(name, getattr(content, name)) for name in names]
    for n, notice in enumerate(content.notices):
        said += [(f"notices.{n}.words_en", notice.words_en)]
        said += [(f"notices.{n}.words_cy", notice.words_cy)]
    yield from (name for name, words in said if _NUMBER_IN_WORDS.search(words))


def missing_welsh(content: Statement) -> bool:
    """Whether something was written in English only."""
    pairs = [(content.words_en, content.words_cy), (content.cause_en, content.cause_cy)]
    pairs += [(n.words_en, n.words_cy) for n in content.notices]
    return any(en and not cy for en, cy in pairs)


def _unknown_ids(content: Statement, rulebook: Rulebook, at: datetime) -> Iterator[str]:
    """Ids, footprints and times are checked where scenarios are: one rule, one place."""
    try:
        read_in = scenario.IncidentIn.model_validate(_as_scenario(content, at))
    except ValidationError as error:
        yield from (_sentence(e) for e in error.errors())
        return
    whole = scenario.ScenarioIn(now=at, need=next(iter(rulebook.needs)), incidents=[read_in])
    for problem in scenario.problems_of(whole, rulebook):
        yield problem.removeprefix("incidents.0.").removeprefix("scope.")


def _as_scenario(content: Statement, at: datetime) -> dict[str, Any]:
    data = plain(content)
    kept = set(scenario.IncidentIn.model_fields) & set(data)
    scope = {k: data[k] for k in ("footprints", "services", "networks", "lines")}
    return {k: data[k] for k in kept - {"notices", "numbers"}} | {
        "id": "this",
        "status": "draft",
        "scope": scope,
        "issuer": {"name": "-", "kind": "other", "footprint": "uk", "entitled": True},
        "published_at": at.isoformat(),
        "notices": [{k: n[k] for k in ("need", "mode", "to")} for n in data["notices"]],
        "numbers": [{k: v for k, v in n.items() if k != "verified_by"} for n in data["numbers"]],
    }


def to_incidents(published: PublishedStatement) -> tuple[s.Incident, ...]:
    """The engine's values. A watch period that leaves a call-back line gives two, one after
    the other: the clock alone moves from the first to the second."""
    main = _incident(published)
    content = published.content
    after = _acting_until(content)
    if content.watch_until is None or published.status is not s.Status.LIVE:
        return (main,)
    watch = replace(main, ends_at=content.watch_until)
    if after is None or after <= content.watch_until:
        return (watch,)
    rest = replace(main, state=s.State.RESOLVED, starts_at=content.watch_until, ends_at=after)
    return (watch, rest)


def _acting_until(content: Statement) -> datetime | None:
    """Until when the call-back line or the demand note outlives the fault."""
    moments = [m for m in (content.callbacks_until, content.demand_until) if m]
    return max(moments, default=None)


def _incident(p: PublishedStatement) -> s.Incident:
    c = p.content
    return s.Incident(
        id=p.id,
        channel=c.channel,
        state=c.state,
        status=p.status,
        scope=s.Scope(tuple(map(Footprint.parse, c.footprints)), c.services, c.networks, c.lines),
        issuer=_issuer(p.issuer, c.footprints),
        published_at=p.published_at,
        notices=tuple(s.Notice(n.need, n.mode, n.to, n.words_en, n.words_cy) for n in c.notices),
        keep_free=c.keep_free,
        degraded_features=c.degraded_features,
        typical_delay_seconds=c.typical_delay_seconds,
        numbers=tuple(_number(n) for n in c.numbers),
        starts_at=_start(p),
        review_at=c.review_at,
        ends_at=c.ends_at,
        planned=c.planned,
        supersedes=c.supersedes,
        callbacks_until=c.callbacks_until,
        demand_note=c.demand_note or None,
        confirm_by=p.confirm_by,
    )


def _start(p: PublishedStatement) -> datetime | None:
    """An amendment is newer, but the fault is as old as it was when first stated."""
    if p.content.starts_at or p.published_at == p.first_published_at:
        return p.content.starts_at
    return p.first_published_at


def _issuer(i: IssuedBy, footprints: tuple[str, ...]) -> s.Issuer:
    """The issuer of what was published: how far it may speak was decided when it was approved."""
    return s.Issuer(
        name=i.name,
        kind=i.kind,
        footprint=Footprint.parse(i.footprint),
        entitled=i.entitled,
        name_cy=i.name_cy,
        services=i.services,
        territory=tuple(map(Footprint.parse, footprints)),
    )


def _number(n: StatementNumber) -> s.LocalNumber:
    return s.LocalNumber(n.number, Footprint.parse(n.footprint), n.verified_at, n.valid_until)
