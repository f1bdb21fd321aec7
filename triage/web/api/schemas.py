"""What the API gives, as schemas, for OpenAPI and its tests.

Answers are built as plain values in serializers.py and only described here; tests/api holds the
two together. What it takes is request_schemas.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from triage.engine.catalogue import ChannelKind, Nation, Service
from triage.engine.rulebook import Urgency
from triage.engine.situation import Code, Feature, IssuerKind, Mode, PhoneLine, State


class TextOut(BaseModel):
    en: str
    cy: str


class ProblemOut(BaseModel):
    """One thing that is wrong with a request."""

    what: str
    where: str
    what_to_do: str


class Error(ProblemOut):
    """What is wrong, where, and what to do. `more` lists what else is wrong."""

    more: list[ProblemOut]


class FormOut(BaseModel):
    channel: str
    number: str | None
    href: str | None
    at_risk: bool


class EntryOut(BaseModel):
    """One thing to do: a channel as it stands for this caller."""

    channel: str
    label: TextOut
    number: str | None
    href: str | None
    mode: Mode
    at_risk: bool
    state: State | None
    ask_for: str | None
    forms: list[FormOut]


class AvoidedOut(BaseModel):
    channel: str
    state: State
    since: datetime


class SayOut(BaseModel):
    code: Code
    channel: str | None
    words: TextOut


class ToldOut(BaseModel):
    incident: str
    channel: str
    state: State
    issuer: str
    published_at: datetime
    review_at: datetime | None
    overdue: bool
    networks: list[str]


class BecauseOut(BaseModel):
    rule: str
    detail: str
    incident: str | None


class ShortAdviceOut(BaseModel):
    first: EntryOut
    then: list[EntryOut]
    avoid: list[AvoidedOut]
    say: list[SayOut]
    notices: list[ToldOut]


class ElsewhereOut(ShortAdviceOut):
    areas: list[str]
    councils: list[str]


class FreshnessOut(BaseModel):
    """`unchecked_since` is a time while the server cannot check what is in force, else null."""

    pretend: bool
    unchecked_since: datetime | None


class AdviceOut(ShortAdviceOut, FreshnessOut):
    """What a caller is told. Without a place, `nations` and `elsewhere` say what differs."""

    need: str
    urgency: Urgency
    area: str | None
    council: str | None
    nation: str | None
    as_of: datetime
    edition: str
    because: list[BecauseOut]
    nations: dict[Nation, ShortAdviceOut] = {}
    elsewhere: list[ElsewhereOut] = []


class AreaStatus(BaseModel):
    area: str
    edition: str
    channels: dict[str, State]
    incidents: list[str]


class StatusOut(FreshnessOut):
    """What is in force, area by area. An area that lists no channel has nothing known wrong.

    What is overdue was due to be looked at again and was not: its advice is both ways.
    """

    as_of: datetime
    edition: str
    changed_at: datetime | None
    in_force: list[str]
    overdue: list[str]
    areas: list[AreaStatus]


class ScopeOut(BaseModel):
    footprints: list[str]
    services: list[Service]
    networks: list[str]
    lines: list[PhoneLine]
    areas: list[str]


class IssuerOut(BaseModel):
    name: str
    kind: IssuerKind


class NoticeOut(BaseModel):
    need: str
    mode: Mode
    to: list[str]
    words: TextOut


class NumberOut(BaseModel):
    number: str
    footprint: str
    verified_at: datetime
    valid_until: datetime | None


class TimelineOut(BaseModel):
    at: datetime
    kind: str
    words: TextOut
    issuer: str
    source: str
    source_url: str


class IncidentOut(BaseModel):
    """A fault in a channel, as one issuer states it, with its public timeline, newest first."""

    id: str
    phase: Annotated[str, Field(json_schema_extra={"enum": ["planned", "live", "ended"]})]
    title: TextOut
    channel: str
    state: State
    scope: ScopeOut
    issuer: IssuerOut
    published_at: datetime
    starts_at: datetime | None
    review_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    overdue: bool
    planned: bool
    pretend: bool
    supersedes: str | None
    callbacks_until: datetime | None
    demand_note: str | None
    typical_delay_seconds: int | None
    degraded_features: list[Feature]
    keep_free: list[str]
    notices: list[NoticeOut]
    numbers: list[NumberOut]
    timeline: list[TimelineOut]
    cap: str


class IncidentsOut(FreshnessOut):
    incidents: list[IncidentOut]


class ServiceOut(BaseModel):
    slug: str
    name: TextOut
    site: str | None


class CouncilOut(BaseModel):
    code: str
    name: TextOut


class AreaOut(BaseModel):
    slug: str
    name: TextOut
    nation: Nation
    region: str
    police: ServiceOut
    fire: ServiceOut
    ambulance: ServiceOut
    councils: list[CouncilOut]
    postcode_letters: list[str]


class AreasOut(BaseModel):
    areas: list[AreaOut]


class CandidateOut(BaseModel):
    area: str
    police: str
    fire: str
    ambulance: str
    nation: Nation


class FoundOut(BaseModel):
    """Every area the words may mean, likeliest first; or the name of a place outside them all."""

    candidates: list[CandidateOut]
    outside: str | None


class FactOut(BaseModel):
    source: str
    url: str | None
    checked: str
    certainty: str


class ChannelOut(BaseModel):
    """One way to get help, or (kind `infrastructure`) one thing that can only fail."""

    id: str
    kind: ChannelKind
    label: TextOut
    what: TextOut
    how: list[TextOut]
    number: str | None
    href: str | None
    url: str | None
    nations: list[Nation]
    emergency: bool
    parents: list[str]
    hours: TextOut | None
    cost: TextOut | None
    facts: dict[str, FactOut]


class ChannelsOut(BaseModel):
    channels: list[ChannelOut]


class OptionOut(BaseModel):
    id: str
    label: TextOut
    to: str
    not_sure: bool


class QuestionOut(BaseModel):
    id: str
    title: TextOut
    hint: TextOut | None
    options: list[OptionOut]


class OutcomeOut(BaseModel):
    id: str
    title: TextOut
    lead: TextOut
    needs: dict[Nation, str]
    urgency: Urgency


class QuestionsOut(BaseModel):
    """The whole tree: options lead to a question or to an outcome, by id."""

    start: str
    questions: list[QuestionOut]
    outcomes: list[OutcomeOut]


class SearchFirst(BaseModel):
    channel: str
    number: str | None
    ask_for: str | None


class SearchResult(BaseModel):
    kind: Annotated[str, Field(json_schema_extra={"enum": ["outcome", "question"]})]
    id: str
    title: str
    urgency: Urgency | None
    first: SearchFirst | None
    then: list[str]


class SearchOut(BaseModel):
    emergency_panel: bool
    results: list[SearchResult]
