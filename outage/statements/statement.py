"""What a statement says, as one immutable value, and how it reads as JSON.

The form fills a Content, approval signs its digest, the record keeps it, and `to_incidents()` turns
what was published into the engine's values. Who may say it is rights.py; nothing here touches
the database.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from outage.statements import free_words
from triage.engine import situation as s
from triage.engine.catalogue import Footprint, Service

# Words for people to read, without characters that nobody sees.
_Line = Annotated[str, AfterValidator(free_words.clean), Field(max_length=300)]
_Slug = Annotated[str, Field(max_length=120)]
# A carrier's all-clear is weighed against the services' notices for this long.
ALL_CLEAR_HEARD = timedelta(hours=24)


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
    # The edition of the rules it was approved under; the first was not counted yet.
    contract: int = 1


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


def own_words(content: Statement) -> list[tuple[str, str]]:
    """Every field that the public may read as words of the issuer's own, by its name."""
    names = ("words_en", "words_cy", "cause_en", "cause_cy", "cause_by", "starts_source",
             "demand_note")  # fmt: skip
    said = [(name, getattr(content, name)) for name in names]
    for n, notice in enumerate(content.notices):
        said += [(f"notices.{n}.words_en", notice.words_en)]
        said += [(f"notices.{n}.words_cy", notice.words_cy)]
    return [(name, words) for name, words in said if words]


def channels_named(content: Statement) -> tuple[str, ...]:
    """The channel that is stated, and those that its notices send people to."""
    named = [channel for notice in content.notices for channel in notice.to]
    return tuple(dict.fromkeys([content.channel, *named]))


def sense(content: Statement) -> str:
    """A hash of what a statement says, whenever it is to be looked at again: renewing it, or adding
    to its timeline, gives nobody who adopted it something new."""
    aside = {"review_at", "welsh_due", "adopted_from", "adopted_version", "adopted_sense"}
    return digest({k: v for k, v in plain(content).items() if k not in aside})


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


def _number(n: StatementNumber) -> s.PublishedNumber:
    return s.PublishedNumber(n.number, Footprint.parse(n.footprint), n.verified_at, n.valid_until)
