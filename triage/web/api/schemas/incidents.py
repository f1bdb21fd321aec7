"""What is in force and what is told of it: areas at a glance, incidents with their timelines."""

from __future__ import annotations

from datetime import datetime

from outage.bulletin import Story, StoryEntry
from triage.engine.catalogue import Service, Text
from triage.engine.edition import edition, touching
from triage.engine.rulebook import Rulebook
from triage.engine.scope import in_force, is_overdue, number_is_good
from triage.engine.situation import (
    Feature,
    Incident,
    IssuerKind,
    Mode,
    Notice,
    PhoneLine,
    PublishedNumber,
    State,
)
from triage.web.api.schemas.shared import FreshnessOut, Moment, Out, TextOut
from triage.web.presenters.incident_life import LifeStage
from triage.web.presenters.incident_phase import Phase, is_pretend, phase, touched


class AreaStatus(Out):
    area: str
    edition: str
    channels: dict[str, State]
    incidents: list[str]

    @classmethod
    def of(
        cls, rulebook: Rulebook, incidents: tuple[Incident, ...], at: datetime, slug: str
    ) -> AreaStatus:
        """What is in force in an area, with the worst state of each channel."""
        here = [
            i
            for i in touching(rulebook, in_force(incidents, at), slug)
            if i.state is not State.RESOLVED
        ]
        worst: dict[str, State] = {}
        for incident in here:
            held = worst.get(incident.channel, incident.state)
            worst[incident.channel] = min(held, incident.state, key=lambda state: state.rank)
        return cls(
            area=slug,
            edition=edition(rulebook, incidents, at, slug),
            channels=dict(sorted(worst.items())),
            incidents=[i.id for i in here],
        )


class StatusOut(FreshnessOut):
    """What is in force, area by area. An area that lists no channel has nothing known wrong.

    What is overdue was due to be looked at again and was not: its advice is both ways.
    """

    as_of: Moment
    edition: str
    changed_at: Moment | None
    in_force: list[str]
    overdue: list[str]
    areas: list[AreaStatus]


class AreaChange(Out):
    area: str
    edition: str


class ChangesOut(FreshnessOut):
    """The areas whose answers are no longer what they were at an edition.

    Where `known` is false, that edition is not remembered here: every area is listed.
    """

    since: str | None
    known: bool
    edition: str
    changed_at: Moment | None
    areas: list[AreaChange]


class ScopeOut(Out):
    footprints: list[str]
    services: list[Service]
    networks: list[str]
    lines: list[PhoneLine]
    areas: list[str]

    @classmethod
    def of(cls, rulebook: Rulebook, told: Incident) -> ScopeOut:
        scope = told.scope
        return cls(
            footprints=[str(f) for f in scope.footprints],
            services=list(scope.services),
            networks=list(scope.networks),
            lines=list(scope.lines),
            areas=list(touched(rulebook, told)),
        )


class IssuerOut(Out):
    name: str
    kind: IssuerKind


class NoticeOut(Out):
    need: str
    mode: Mode
    to: list[str]
    words: TextOut

    @classmethod
    def of(cls, notice: Notice) -> NoticeOut:
        words = TextOut.of(Text(notice.words_en, notice.words_cy))
        return cls(need=notice.need, mode=notice.mode, to=list(notice.to), words=words)


class NumberOut(Out):
    number: str
    footprint: str
    verified_at: Moment
    valid_until: Moment | None

    @classmethod
    def of(cls, number: PublishedNumber) -> NumberOut:
        return cls(
            number=number.number,
            footprint=str(number.footprint),
            verified_at=number.verified_at,
            valid_until=number.valid_until,
        )


class TimelineOut(Out):
    at: Moment
    kind: str
    words: TextOut
    issuer: str
    source: str
    source_url: str

    @classmethod
    def of(cls, entry: StoryEntry) -> TimelineOut:
        return cls(
            at=entry.at,
            kind=entry.kind,
            words=TextOut.of(entry.words),
            issuer=entry.issuer,
            source=entry.source,
            source_url=entry.source_url,
        )


class IncidentOut(Out):
    """A fault in a channel, as one issuer states it, with its public timeline, newest first.

    `stage` is what it is for the readers of the area asked for, or for everybody: over, too, where
    it was narrowed away from them, and corrected where another statement took its place.
    """

    id: str
    phase: Phase
    stage: LifeStage
    title: TextOut
    channel: str
    state: State
    scope: ScopeOut
    issuer: IssuerOut
    published_at: Moment
    starts_at: Moment | None
    review_at: Moment | None
    ends_at: Moment | None
    ended_at: Moment | None
    overdue: bool
    planned: bool
    pretend: bool
    supersedes: str | None
    callbacks_until: Moment | None
    demand_note: str | None
    typical_delay_seconds: int | None
    degraded_features: list[Feature]
    keep_free: list[str]
    notices: list[NoticeOut]
    numbers: list[NumberOut]
    timeline: list[TimelineOut]
    cap: str

    @classmethod
    def of(
        cls, rulebook: Rulebook, story: Story, stage: LifeStage, at: datetime, cap: str
    ) -> IncidentOut:
        """An incident with its public timeline. `cap` is the address of its CAP message."""
        told, now = story.incident, phase(story, at)
        return cls(
            id=story.id,
            phase=now,
            stage=stage,
            title=TextOut.of(story.title),
            channel=told.channel,
            state=told.state,
            scope=ScopeOut.of(rulebook, told),
            issuer=IssuerOut(name=told.issuer.name, kind=told.issuer.kind),
            published_at=told.published_at,
            starts_at=told.starts_at,
            review_at=told.review_at,
            ends_at=told.ends_at,
            callbacks_until=told.callbacks_until,
            ended_at=story.ended_at,
            overdue=now is Phase.LIVE and is_overdue(told, at),
            planned=told.planned,
            pretend=is_pretend(story, at),
            supersedes=told.supersedes,
            demand_note=told.demand_note,
            typical_delay_seconds=told.typical_delay_seconds,
            degraded_features=list(told.degraded_features),
            keep_free=list(told.keep_free),
            notices=[NoticeOut.of(n) for n in told.notices],
            numbers=[NumberOut.of(n) for n in told.numbers if _may_show(n, now, at)],
            timeline=[TimelineOut.of(e) for e in story.entries],
            cap=cap,
        )


class IncidentsOut(FreshnessOut):
    incidents: list[IncidentOut]


def _may_show(number: PublishedNumber, now: Phase, at: datetime) -> bool:
    """A local number exists only while its incident is in force and its check is good."""
    return now is Phase.LIVE and number_is_good(number, at)
