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

from outage import stories
from outage.content import Content, IssuedBy, Notice, Published, incidents
from outage.values import Story, StoryEntry
from triage.engine.advice import Advice
from triage.engine.catalogue import Catalogue, Footprint, Place, Service, Text
from triage.engine.everywhere import advise
from triage.engine.situation import Feature, Incident, IssuerKind, Situation, State, Status
from triage.rules import rulebook


class NoSuchDay(Exception):
    """There is no such day in seeds/history; the message lists those there are."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    en: str
    cy: str
    review: bool = False


class Source(_Part):
    url: str = ""
    name: str = ""


class Statement(_Part):
    """What one issuer told its public. `assumed` says how a minute was placed."""

    issuer: str = ""
    name: Words | None = None
    kind: IssuerKind
    footprint: str
    at: AwareDatetime
    assumed: str = ""
    state: State
    services: tuple[Service, ...] = ()
    keep_free: tuple[str, ...] = ()
    degraded_features: tuple[Feature, ...] = ()
    typical_delay_seconds: int | None = None
    notices: tuple[Notice, ...] = ()
    source: str


class Entry(_Part):
    """A line of the timeline that no advice hangs on: a claim, a question, a regulator's step."""

    at: AwareDatetime
    kind: str
    issuer: str
    words: Words
    source: str
    issuer_cy: str = ""
    assumed: str = ""


class Day(_Part):
    """A past outage."""

    id: str
    starts_at: AwareDatetime
    ended_at: AwareDatetime
    all_clear: AwareDatetime
    channel: str
    title: Words
    sources: Mapping[str, Source]
    statement: tuple[Statement, ...]
    entry: tuple[Entry, ...]


@dataclass(frozen=True)
class _Said:
    statement: Statement
    published: Published


@lru_cache(maxsize=1)
def days() -> tuple[Day, ...]:
    """Every past day, oldest first. Raises ValueError with the place of what is wrong."""
    folder = Path(settings.SEEDS_DIR) / "history"
    return tuple(_read(path) for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> Day:
    return Day.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def day(ident: str) -> Day:
    """A past day by its id. Raises NoSuchDay."""
    for found in days():
        if found.id == ident:
            return found
    known = ", ".join(d.id for d in days())
    raise NoSuchDay(f'There is no past day "{ident}". There is: {known}.')


def known(past: Day, at: datetime) -> tuple[Incident, ...]:
    """What was in public at a moment: the last statement of each issuer by then."""
    last = {said.published.id: said for said in _said(past) if said.statement.at <= at}
    return tuple(i for said in last.values() for i in incidents(said.published))


def replay(past: Day, at: datetime, place: Place | None, need: str) -> Advice:
    """What this site would have said, with today's rules and what had been stated by then."""
    return advise(rulebook(), Situation(at, need, place, incidents=known(past, at)))


def _said(past: Day) -> tuple[_Said, ...]:
    ordered = sorted(past.statement, key=lambda s: s.at)
    return tuple(_Said(s, _published(past, s)) for s in ordered)


def _published(past: Day, s: Statement) -> Published:
    ident = f"{past.id}.{(s.issuer or s.footprint).replace(':', '-')}"
    name = _name(s)
    issuer = IssuedBy(slug=ident, name=name.en, name_cy=name.cy, kind=s.kind, footprint=s.footprint)
    return Published(
        id=ident,
        status=Status.LIVE,
        issuer=issuer,
        content=_content(past, s),
        first_published_at=s.at,
        published_at=s.at,
    )


def _name(s: Statement) -> Text:
    if s.name is not None:
        return Text(s.name.en, s.name.cy, s.name.review)
    footprint = Footprint.parse(s.footprint)
    service = footprint.service
    assert service is not None
    return rulebook().catalogue.bodies[(service, footprint.value)].name


def _content(past: Day, s: Statement) -> Content:
    resolved = s.state is State.RESOLVED
    return Content(
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


def story(past: Day) -> Story:
    """One past day as a story, newest entry first."""
    catalogue = rulebook().catalogue
    entries = [_statement_entry(past, said, catalogue) for said in _said(past)]
    entries += [_entry(past, e) for e in past.entry]
    title = Text(past.title.en, past.title.cy, past.title.review)
    return Story(
        id=past.id,
        title=stories.numbered(title, catalogue),
        incident=_whole(past),
        entries=tuple(sorted(entries, key=lambda e: e.at, reverse=True)),
        ended_at=past.ended_at,
    )


def _whole(past: Day) -> Incident:
    """The day as one incident that is over, for lists."""
    issuer = IssuedBy(slug=past.id, name="", kind=IssuerKind.OTHER, footprint="uk")
    content = Content(
        channel=past.channel,
        state=State.RESOLVED,
        footprints=("uk",),
        starts_at=past.starts_at,
        ends_at=past.ended_at,
    )
    published = Published(
        id=past.id,
        status=Status.ENDED,
        issuer=issuer,
        content=content,
        first_published_at=past.starts_at,
        published_at=past.starts_at,
        ended_at=past.ended_at,
    )
    return incidents(published)[0]


def _statement_entry(past: Day, said: _Said, catalogue: Catalogue) -> StoryEntry:
    s = said.statement
    words = stories.told(said.published.content, catalogue)
    return StoryEntry(
        at=s.at,
        kind="stood-down" if s.state is State.RESOLVED else "declared",
        words=_with_doubt(words, s.assumed),
        issuer=said.published.issuer.name,
        issuer_cy=said.published.issuer.name_cy,
        **_source(past, s.source),
    )


def _entry(past: Day, e: Entry) -> StoryEntry:
    words = Text(e.words.en, e.words.cy, e.words.review)
    words = _with_doubt(words, e.assumed)
    return StoryEntry(
        e.at, e.kind, words, e.issuer, issuer_cy=e.issuer_cy, **_source(past, e.source)
    )


def _with_doubt(words: Text, assumed: str) -> Text:
    return stories.join([words, stories.word("staff-time-assumed")], " ") if assumed else words


def _source(past: Day, key: str) -> Mapping[str, Any]:
    source = past.sources[key]
    host = source.url.split("/")[2].removeprefix("www.") if source.url else ""
    return {"source": source.name or host, "source_url": source.url}
