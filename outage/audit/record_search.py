"""Finding events: by words, channel, organisation, person and day ("last Tuesday").

What somebody may see is rights.py's; this only narrows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from outage.models import Event

UK = ZoneInfo("Europe/London")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_WRITTEN = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,})\.?(?:\s+(\d{4}))?")
FIELDS = ("words", "channel", "organisation", "person", "since", "until")


class UnknownDayWordError(ValueError):
    """It is no day; the message says what may be written."""


@dataclass(frozen=True)
class RecordQuery:
    """What is looked for; empty where anything will do. Days are of the UK, both included."""

    words: str = ""
    channel: str = ""
    organisation: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None


def asked(given: Mapping[str, str], now: datetime) -> RecordQuery:
    """The query of a form. Raises UnknownDayWordError for a day that is none. One day alone, "last
    Tuesday", is that day."""
    said = {name: given.get(name, "").strip()[:100] for name in FIELDS}
    today = now.astimezone(UK).date()
    since, until = (day(said[name], today) if said[name] else None for name in ("since", "until"))
    if since and not said["until"] and not re.fullmatch(r"\d{4}-\d\d-\d\d", said["since"]):
        until = since
    return RecordQuery(said["words"], said["channel"], said["organisation"], said["person"],
                       since, until)  # fmt: skip


def day(text: str, today: date) -> date:
    """A day as people write it: 2026-11-24, 24 November, yesterday, Tuesday, last Tuesday."""
    text = " ".join(text.lower().split())
    if text in ("today", "yesterday"):
        return today - timedelta(days=text == "yesterday")
    name = text.removeprefix("last ")
    if name in _DAYS:
        back = (today.weekday() - _DAYS.index(name)) % 7
        return today - timedelta(days=back or 7)
    try:
        return _written(text, today) or date.fromisoformat(text)
    except ValueError as error:
        raise UnknownDayWordError(
            f'"{text[:40]}" is no day. Write 2026-11-24, 24 November, yesterday or last Tuesday.'
        ) from error


def _written(text: str, today: date) -> date | None:
    """24 November, of this year or else of the last."""
    if (found := _WRITTEN.fullmatch(text)) is None:
        return None
    month = next((n for n, m in enumerate(_MONTHS, 1) if m.startswith(found[2])), 0)
    if found[3]:
        return date(int(found[3]), month, int(found[1]))
    this_year = date(today.year, month, int(found[1]))
    return this_year if this_year <= today else this_year.replace(year=today.year - 1)


def narrowed(events: QuerySet[Event], query: RecordQuery) -> QuerySet[Event]:
    """The events that fit."""
    if query.words:
        for word in query.words.split():
            events = events.filter(Q(body__icontains=word) | Q(kind__icontains=word))
    if query.channel:
        events = events.filter(body__contains=f'"channel":"{query.channel}"')
    if query.organisation:
        events = events.filter(organisation=query.organisation)
    if query.person:
        events = events.filter(actor__icontains=query.person)
    if query.since:
        events = events.filter(at__gte=datetime.combine(query.since, time.min, UK))
    if query.until:
        events = events.filter(at__lt=datetime.combine(query.until, time.min, UK) + _DAY)
    return events


_DAY = timedelta(days=1)
