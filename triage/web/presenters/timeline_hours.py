"""A long timeline, read by the hour: what was said in each, and what was about one area or channel.

A day on which much was said goes by its hours; what was said on other days by their month. A short
timeline is one list (timeline_chart.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from outage.bulletin import Story, StoryEntry
from triage.engine.catalogue import ChannelKind, FootprintKind
from triage.rules import rulebook
from triage.web.context.page_context import PageContext
from triage.web.presenters import timeline_chart
from triage.web.presenters.incident_phase import touched_by
from triage.web.presenters.sentences import channel_name
from triage.web.wording import dates

_WIDE = (FootprintKind.UK, FootprintKind.NATION)
# What somebody is told to do is no channel to look for.
_NO_LINE = (ChannelKind.ACTION, ChannelKind.PLACE, ChannelKind.INFRASTRUCTURE)
# A voice line without a number of its own stands for whichever number a notice gave.
_VOICE = ChannelKind.VOICE
# A day on which more was said than this goes by its hours.
BUSY = 6
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class TimelineGroup:
    """An hour, or a month: what was said in it, newest first, and how often of each kind."""

    title: str
    kinds: tuple[tuple[str, int], ...]
    entries: tuple[dict[str, object], ...]
    open: bool


@dataclass(frozen=True)
class TimelineLink:
    """Something the timeline can be narrowed to."""

    words: str
    link: str
    chosen: bool = False


def is_long(story: Story) -> bool:
    return len(story.entries) > timeline_chart.FEW


def narrowed(story: Story, area: str | None, channel: str | None) -> Story:
    """The story with what was said of an area and a channel; what is about all of it stays."""
    kept = tuple(e for e in story.entries if _is_of(e, area) and _names(e, channel))
    return story if kept == story.entries else replace(story, entries=kept)


def _is_of(entry: StoryEntry, area: str | None) -> bool:
    if area is None or not entry.footprints:
        return True
    return area in touched_by(rulebook(), entry.footprints)


def _names(entry: StoryEntry, channel: str | None) -> bool:
    return channel is None or channel in entry.channels


def areas_of(here: PageContext, story: Story) -> list[TimelineLink]:
    """The areas that it speaks of by themselves, by name: each to this page of that area."""
    own = {f for e in story.entries for f in e.footprints if f.kind not in _WIDE}
    areas = [rulebook().catalogue.areas[slug] for slug in touched_by(rulebook(), own)]
    named = sorted((area.name.lang(here.lang), area.slug) for area in areas)
    return [TimelineLink(name, here.beyond(slug, here.path)) for name, slug in named]


def channels_of(here: PageContext, story: Story, chosen: str | None) -> list[TimelineLink]:
    """The channels that it names, in the order of the directory."""
    named = {channel for entry in story.entries for channel in entry.channels}
    return [
        TimelineLink(
            channel_name(here, c.id), here.to(f"incident/{story.id}/{c.id}/"), c.id == chosen
        )
        for c in rulebook().catalogue.channels.values()
        if c.id in named and c.kind not in _NO_LINE and (c.number or c.kind is not _VOICE)
    ]


def groups(here: PageContext, story: Story, *, newest_open: bool) -> list[TimelineGroup]:
    """A story by the hour, newest first; only the newest hour may stand open."""
    told = timeline_chart.entries(story, here.lang)
    days = Counter(_day(entry) for entry in told)
    busy = {day for day, n in days.items() if n > BUSY}
    found = _grouped(here, told, busy, story.incident.since)
    return [
        TimelineGroup(title, kinds, entries, newest_open and n == 0)
        for n, (title, kinds, entries) in enumerate(found)
    ]


_Group = tuple[str, tuple[tuple[str, int], ...], tuple[dict[str, object], ...]]


def _grouped(
    here: PageContext, told: list[dict[str, object]], busy: set[datetime], began: datetime
) -> Iterator[_Group]:
    for title, entries in groupby(told, lambda e: _title(here, e, busy, began)):
        own = tuple(entries)
        kinds = Counter(str(entry["kind_key"]) for entry in own)
        yield title, tuple(kinds.most_common()), own


def _day(entry: dict[str, object]) -> datetime:
    return _hour(entry).replace(hour=0)


def _hour(entry: dict[str, object]) -> datetime:
    at = entry["at"]
    assert isinstance(at, datetime)
    return at.astimezone(dates.UK).replace(minute=0, second=0, microsecond=0)


def _title(
    here: PageContext, entry: dict[str, object], busy: set[datetime], began: datetime
) -> str:
    """An hour of the day it began on, which the page names; with its date on another day."""
    hour = _hour(entry)
    if _day(entry) not in busy:
        return dates.month(hour, here.lang)
    ends = (hour + _HOUR).strftime("%H:%M")
    day = "" if dates.is_same_day(hour, began) else f", {dates.day(hour.date(), here.lang)}"
    return f"{hour:%H:%M}–{ends} {hour.tzname()}{day}"
