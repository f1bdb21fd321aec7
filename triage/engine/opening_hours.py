"""When a channel is answered: its week as data, and whether it is open at a moment.

A week is spans of minutes on days, in the UK's own time. A bank holiday is a day of its own: where
the hours do not say what holds then, it is not known whether anybody answers. Pure: the moment and
the holidays are given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

# Days as they are counted here: Monday is 0, and a bank holiday comes after Sunday.
HOLIDAY = 7
DAY = 24 * 60
# Nothing stays as it is for longer than this: a week with a holiday at either end.
_LOOK_AHEAD = 10


class Answered(StrEnum):
    """Whether somebody answers at a moment."""

    ALWAYS = "always"
    OPEN = "open"
    SHUT = "shut"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """From and until when on some days, in minutes from midnight: 540 to 1020 is 9 am to 5 pm."""

    days: frozenset[int]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A week. Without spans it is answered day and night, every day of the year."""

    spans: tuple[Span, ...] = ()
    shut_on_holidays: bool = False

    @property
    def always(self) -> bool:
        return not self.spans

    @property
    def knows_holidays(self) -> bool:
        named = any(HOLIDAY in span.days for span in self.spans)
        return self.always or self.shut_on_holidays or named

    def state(self, at: datetime, holidays: frozenset[date]) -> Answered:
        """Whether it is answered at a moment, where these days are bank holidays."""
        if self.always:
            return Answered.ALWAYS
        local = uk_time(at)
        minute = local.hour * 60 + local.minute
        if local.date() in holidays and not self.knows_holidays:
            return Answered.UNKNOWN
        day = _day(local.date(), holidays)
        found = any(day in s.days and s.start <= minute < s.end for s in self.spans)
        return Answered.OPEN if found else Answered.SHUT

    def changes_after(self, at: datetime, holidays: frozenset[date]) -> datetime | None:
        """The first moment after `at` at which the state is another one. None where it never is."""
        if self.always:
            return None
        now = self.state(at, holidays)
        later = (m for m in self._edges(at, holidays) if m > at)
        return next((m for m in later if self.state(m, holidays) is not now), None)

    def _edges(self, at: datetime, holidays: frozenset[date]) -> Iterator[datetime]:
        """Every midnight, opening and closing of the days to come, in their order."""
        first = uk_time(at).date()
        for ahead in range(_LOOK_AHEAD):
            day = first + timedelta(days=ahead)
            kind = _day(day, holidays)
            own = [s for s in self.spans if kind in s.days]
            minutes = {0, *(s.start for s in own), *(s.end for s in own)}
            yield from (_moment(day, minute) for minute in sorted(minutes))


def uk_time(at: datetime) -> datetime:
    """A moment as the UK's clocks show it, without a zone: an hour later in summer time, which
    runs from the last Sunday of March to the last of October, at 01:00 UTC (Summer Time Act)."""
    moment = at.astimezone(UTC).replace(tzinfo=None)
    start, end = (_last_sunday(moment.year, month) for month in (3, 10))
    return moment + timedelta(hours=1) if start <= moment < end else moment


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC).replace(tzinfo=None)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _day(day: date, holidays: frozenset[date]) -> int:
    return HOLIDAY if day in holidays else day.weekday()


def _moment(day: date, minute: int) -> datetime:
    """A time of the UK's clocks as a moment; the later one where the clocks show it twice."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    winter = midnight + timedelta(minutes=minute)
    summer = winter - timedelta(hours=1)
    return winter if uk_time(winter) == winter.replace(tzinfo=None) else summer
