"""Past days from before this site: what was stated then, and what this site would have said.

Read from seeds/history/, one file a day. Replayed with today's rulebook, since there was none
then; days of our own are replayed from the record (replay.py).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import AwareDatetime, BaseModel, ConfigDict

from outage.statements import timeline_text
from outage.statements.public_values import Story, StoryEntry
from outage.statements.statement import (
    IssuedBy,
    PublishedStatement,
    Statement,
    StatementNotice,
    channels_named,
    to_incidents,
)
from triage.engine.advice import Advice
from triage.engine.catalogue import Catalogue, Footprint, Place, Service, Text
from triage.engine.situation import Feature, Incident, IssuerKind, Situation, State, Status
from triage.engine.unknown_place import advise
from triage.rules import rulebook


class UnknownDayError(Exception):
    """There is no such day in seeds/history; the message lists those there are."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PastWords(_Part):
    en: str
    cy: str
    review: bool = False


class PastSource(_Part):
    url: str = ""
    name: str = ""


class PastStatement(_Part):
    """What one issuer told its public. `assumed` says how a minute was placed."""

    issuer: str = ""
    name: PastWords | None = None
    kind: IssuerKind
    footprint: str
    at: AwareDatetime
    assumed: str = ""
    state: State
    services: tuple[Service, ...] = ()
    keep_free: tuple[str, ...] = ()
    degraded_features: tuple[Feature, ...] = ()
    typical_delay_seconds: int | None = None
    notices: tuple[StatementNotice, ...] = ()
    source: str


class PastEntry(_Part):
    """A line of the timeline that no advice hangs on: a claim, a question, a regulator's step."""

    at: AwareDatetime
    kind: str
    issuer: str
    words: PastWords
    source: str
    issuer_cy: str = ""
    assumed: str = ""


class PastDay(_Part):
    """A past outage."""

    id: str
    starts_at: AwareDatetime
    ended_at: AwareDatetime
    all_clear: AwareDatetime
    channel: str
    title: PastWords
    sources: Mapping[str, PastSource]
    statement: tuple[PastStatement, ...]
    entry: tuple[PastEntry, ...]


@dataclass(frozen=True)
class _Said:
    statement: PastStatement
    published: PublishedStatement


@lru_cache(maxsize=1)
def days() -> tuple[PastDay, ...]:
    """Every past day, oldest first. Raises ValueError with the place of what is wrong."""
    folder = Path(settings.SEEDS_DIR) / "history"
    return tuple(_read(path) for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> PastDay:
    return PastDay.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def day(ident: str) -> PastDay:
    """A past day by its id. Raises UnknownDayError."""
    for found in days():
        if found.id == ident:
            return found
    known = ", ".join(d.id for d in days())
    raise UnknownDayError(f'There is no past day "{ident}". There is: {known}.')


def known(past: PastDay, at: datetime) -> tuple[Incident, ...]:
    """What was in public at a moment: the last statement of each issuer by then."""
    last = {said.published.id: said for said in _said(past) if said.statement.at <= at}
    return tuple(i for said in last.values() for i in to_incidents(said.published))


def replay(past: PastDay, at: datetime, place: Place | None, need: str) -> Advice:
    """What this site would have said, with today's rules and what had been stated by then."""
    return advise(rulebook(), Situation(at, need, place, incidents=known(past, at)))


def _said(past: PastDay) -> tuple[_Said, ...]:
    ordered = sorted(past.statement, key=lambda s: s.at)
    return tuple(_Said(s, _published(past, s)) for s in ordered)


def _published(past: PastDay, s: PastStatement) -> PublishedStatement:
    ident = f"{past.id}.{(s.issuer or s.footprint).replace(':', '-')}"
    name = _name(s)
    issuer = IssuedBy(slug=ident, name=name.en, name_cy=name.cy, kind=s.kind, footprint=s.footprint)
    return PublishedStatement(
        id=ident,
        status=Status.LIVE,
        issuer=issuer,
        content=_content(past, s),
        first_published_at=s.at,
        published_at=s.at,
    )


def _name(s: PastStatement) -> Text:
    if s.name is not None:
        return Text(s.name.en, s.name.cy, s.name.review)
    footprint = Footprint.parse(s.footprint)
    service = footprint.service
    assert service is not None
    return rulebook().catalogue.bodies[(service, footprint.value)].name


def _content(past: PastDay, s: PastStatement) -> Statement:
    resolved = s.state is State.RESOLVED
    return Statement(
        channel=past.channel,
        state=s.state,
        footprints=(s.footprint,),
        services=s.services,
        notices=s.notices,
        keep_free=s.keep_free,
        degraded_features=s.degraded_features,
        typical_delay_seconds=s.typical_delay_seconds,
        starts_at=s.at,
        review_at=None if resolved else past.all_clear,
        ends_at=None if resolved else past.all_clear,
    )


def all_stories() -> tuple[Story, ...]:
    """The past days as public stories for the archive."""
    return tuple(map(story, days()))


def story(past: PastDay) -> Story:
    """One past day as a story, newest entry first."""
    catalogue = rulebook().catalogue
    entries = [_statement_entry(past, said, catalogue) for said in _said(past)]
    entries += [_entry(past, e) for e in past.entry]
    title = Text(past.title.en, past.title.cy, past.title.review)
    return Story(
        id=past.id,
        title=timeline_text.numbered(title, catalogue),
        incident=_whole(past),
        entries=tuple(sorted(entries, key=lambda e: e.at, reverse=True)),
        ended_at=past.ended_at,
    )


def _whole(past: PastDay) -> Incident:
    """The day as one incident that is over, for lists."""
    issuer = IssuedBy(slug=past.id, name="", kind=IssuerKind.OTHER, footprint="uk")
    content = Statement(
        channel=past.channel,
        state=State.RESOLVED,
        footprints=("uk",),
        starts_at=past.starts_at,
        ends_at=past.ended_at,
    )
    published = PublishedStatement(
        id=past.id,
        status=Status.ENDED,
        issuer=issuer,
        content=content,
        first_published_at=past.starts_at,
        published_at=past.starts_at,
        ended_at=past.ended_at,
    )
    return to_incidents(published)[0]


def _statement_entry(past: PastDay, said: _Said, catalogue: Catalogue) -> StoryEntry:
    s = said.statement
    words = timeline_text.told(said.published.content, catalogue)
    return StoryEntry(
        at=s.at,
        kind="stood-down" if s.state is State.RESOLVED else "declared",
        words=_with_doubt(words, s.assumed),
        issuer=said.published.issuer.name,
        issuer_cy=said.published.issuer.name_cy,
        footprints=(Footprint.parse(s.footprint),),
        channels=channels_named(said.published.content),
        **_source(past, s.source),
    )


def _entry(past: PastDay, e: PastEntry) -> StoryEntry:
    words = Text(e.words.en, e.words.cy, e.words.review)
    words = _with_doubt(words, e.assumed)
    return StoryEntry(
        e.at, e.kind, words, e.issuer, issuer_cy=e.issuer_cy, **_source(past, e.source)
    )


def _with_doubt(words: Text, assumed: str) -> Text:
    return (
        timeline_text.join([words, timeline_text.word("staff-time-assumed")], " ")
        if assumed
        else words
    )


def _source(past: PastDay, key: str) -> Mapping[str, Any]:
    source = past.sources[key]
    host = source.url.split("/")[2].removeprefix("www.") if source.url else ""
    return {"source": source.name or host, "source_url": source.url}
