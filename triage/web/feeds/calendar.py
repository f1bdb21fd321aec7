"""A feed as a calendar (iCalendar, RFC 5545): planned work, and when a fault is next looked at.

Work that is called off, and the next look of a fault that is over, are cancelled under the id they
had, so that they leave the calendars that took them. What is told of each is entries.py's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from triage.engine.scope import is_overdue
from triage.web.context import page_context
from triage.web.feeds.entries import Feed, FeedEntry, feed_view
from triage.web.presenters.sentences import plain

CALENDAR = "text/calendar; charset=utf-8"
# A line is at most 75 octets; what is longer goes on in the next, after a space (3.1).
_LINE = 74
# Work that has no end in the record is shown as an hour, and a look as a quarter of one.
_WORK = timedelta(hours=1)
_LOOK = timedelta(minutes=15)


@feed_view(CALENDAR)
def calendar(feed: Feed) -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Which Number//Feeds 1//EN",
        "METHOD:PUBLISH",
        f"NAME:{_text(feed.title)}",
        f"X-WR-CALNAME:{_text(feed.title)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT5M",
    ]
    for entry in feed.entries:
        lines += _event(feed, entry)
    return "".join(_folded(line) for line in (*lines, "END:VCALENDAR")).encode()


def _event(feed: Feed, entry: FeedEntry) -> Iterator[str]:
    """Its event; nothing for a fault that names no next look."""
    span = _span(entry)
    if span is None:
        return
    yield from ("BEGIN:VEVENT", f"UID:{entry.id}", f"SEQUENCE:{entry.changes}")
    yield f"DTSTAMP:{_moment(entry.updated)}"
    yield f"CREATED:{_moment(entry.published)}"
    yield f"LAST-MODIFIED:{_moment(entry.updated)}"
    yield from (f"DTSTART:{_moment(span[0])}", f"DTEND:{_moment(span[1])}")
    yield f"SUMMARY:{_text(_summary(feed, entry))}"
    yield f"DESCRIPTION:{_text(chr(10).join(entry.text.lines))}"
    yield f"STATUS:{'CANCELLED' if _is_off(entry) else 'CONFIRMED'}"
    # A fault is nobody's appointment.
    yield from ("TRANSP:TRANSPARENT", f"URL:{entry.page}", "END:VEVENT")


def _summary(feed: Feed, entry: FeedEntry) -> str:
    """Its title; of a fault that lasts, that this is when it is looked at again."""
    if entry.incident.planned or entry.stage.is_end:
        return entry.text.title
    here = page_context.bare(feed.lang, "")
    return plain(here, "calendar-look", title=entry.text.title)


def _span(entry: FeedEntry) -> tuple[datetime, datetime] | None:
    told = entry.incident
    if told.planned:
        return told.since, told.ends_at or told.since + _WORK
    if told.review_at is None:
        return None
    return told.review_at, told.review_at + _LOOK


def _is_off(entry: FeedEntry) -> bool:
    """Whether it does not take place (any more). Work that is done took place."""
    told = entry.incident
    if told.planned:
        return entry.stage.is_end and entry.step.at < (told.ends_at or entry.step.at)
    return entry.stage.is_end or is_overdue(told, entry.step.at)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(said: str) -> str:
    """Words as a value (3.3.11)."""
    for plain_, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        said = said.replace(plain_, escaped)
    return "".join(c for c in said if c >= " ")


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, never through a character."""
    pieces, held = [], ""
    for character in line:
        if len((held + character).encode()) > _LINE:
            pieces.append(held)
            held = ""
        held += character
    return "\r\n ".join([*pieces, held]) + "\r\n"
