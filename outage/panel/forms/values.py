"""Single values as a browser posts them: whole numbers and moments of UK time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from outage.panel import clock_change
from outage.statements.errors import RefusedError

UK = ZoneInfo("Europe/London")
# No version, number of a draft or of minutes is as long as this.
_LONGEST = 12
_LOCAL = "%Y-%m-%dT%H:%M"
# A slip of the finger in a year. At its own ends the calendar breaks whatever counts with it.
YEARS = range(2000, 2100)


def whole(text: str) -> int | None:
    """A whole number as a form posts it; None for whatever else is posted."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST else None


def moment(text: str, name: str, *, second: bool = False) -> str | None:
    """A time as a browser writes it, taken as UK time. Raises RefusedError for anything else."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        if found.year not in YEARS:
            raise RefusedError(f'{name}: "{text[:40]}" is far from now. Look at the year.')
        return clock_change.in_uk_time(found, second=second).isoformat()
    except clock_change.ClockChangeError as error:
        raise RefusedError(f"{name}: {error}") from error
    except (ValueError, OverflowError) as error:
        raise RefusedError(
            f'{name}: "{text[:40]}" is not a date and time. Write 2026-06-25T08:30.'
        ) from error


def is_moment(text: str) -> bool:
    try:
        return bool(moment(text, ""))
    except RefusedError:
        return False


def local(moment: str) -> str:
    """A moment as a browser's field for date and time wants it, in UK time."""
    return datetime.fromisoformat(moment).astimezone(UK).strftime(_LOCAL)
