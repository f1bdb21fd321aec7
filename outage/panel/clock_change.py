"""Times as people in the UK write them, on the two nights when the clocks change. Pure.

In spring an hour does not exist, in autumn one comes twice: neither is guessed at.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
_SOON = timedelta(days=7)


class ClockChangeError(ValueError):
    """The time does not exist, or comes twice; the message says which, and what to do."""


def in_uk_time(moment: datetime, *, second: bool) -> datetime:
    """A time without zone as UK time. `second`: the second of two, where it comes twice.

    Raises ClockChangeError for a time that does not exist, and for one that comes twice where
    nobody said which.
    """
    if moment.tzinfo:
        return moment
    first, later = (moment.replace(tzinfo=UK, fold=fold) for fold in (0, 1))
    if first.utcoffset() == later.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(UK).replace(tzinfo=None) != moment:
        raise ClockChangeError(
            f"{moment:%H:%M} does not exist on {moment:%-d %B}: the clocks go forward. "
            "Choose an hour later."
        )
    if second:
        return later
    raise ClockChangeError(
        f"{moment:%H:%M} comes twice on {moment:%-d %B}: the clocks go back. Tick “the second "
        "time”, or choose a time before one o’clock or from two."
    )


def hour_that_comes_twice(at: datetime) -> str:
    """The day of the coming week whose hour from one to two comes twice; empty for most of the
    year: the form asks only then."""
    for days in range(_SOON.days):
        day = (at.astimezone(UK) + timedelta(days=days)).replace(hour=1, minute=30, fold=0)
        if day.utcoffset() != day.replace(fold=1).utcoffset() and day.month > 6:
            return f"{day:%-d %B}"
    return ""
