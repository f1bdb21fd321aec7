"""When a line is answered, in words: its week, and how it stands now. Both languages. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from triage.engine.catalogue import Lang, Text
from triage.engine.opening_hours import DAY, HOLIDAY, OpeningHours, uk_time

_DAYS: Mapping[Lang, tuple[str, ...]] = {
    Lang.EN: (
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
        "bank holidays",
    ),
    Lang.CY: (
        "dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau", "dydd Gwener", "dydd Sadwrn",
        "dydd Sul", "gwyliau banc",
    ),
}  # fmt: skip
_ALWAYS = Text("Day and night, every day", "Ddydd a nos, bob dydd", review=True)
_Minutes = tuple[tuple[int, int], ...]


def week(hours: OpeningHours) -> Text:
    """The week of a line: "Monday to Friday, 9 am to 5 pm"."""
    if hours.always:
        return _ALWAYS
    en, cy = ("; ".join(_lines(hours, lang)) for lang in Lang)
    return Text(_capital(en), _capital(cy), review=True)


def _lines(hours: OpeningHours, lang: Lang) -> Iterator[str]:
    for days, minutes in _runs(hours):
        names = _DAYS[lang]
        first, last = names[days[0]], names[days[-1]]
        to = " to " if lang is Lang.EN else " tan "
        both = " and " if lang is Lang.EN else " a "
        join = both if len(days) == 2 else to
        told = first if len(days) == 1 else f"{first}{join}{last}"
        yield f"{told}, {_span(minutes, lang)}"
    if hours.shut_on_holidays:
        yield "shut on bank holidays" if lang is Lang.EN else "ar gau ar wyliau banc"


def _runs(hours: OpeningHours) -> Iterator[tuple[list[int], _Minutes]]:
    """Days one after another that have the same hours. A bank holiday stands alone."""
    run: list[int] = []
    kept: _Minutes = ()
    for day in range(HOLIDAY + 1):
        own = tuple(sorted((s.start, s.end) for s in hours.spans if day in s.days))
        if run and (own != kept or day == HOLIDAY):
            yield run, kept
            run = []
        if own:
            run, kept = [*run, day], own
    if run:
        yield run, kept


def _span(minutes: _Minutes, lang: Lang) -> str:
    """The hours of one day. A night that runs on into the next day is before and after."""
    english = lang is Lang.EN
    if minutes == ((0, DAY),):
        return "all day and night" if english else "drwy'r dydd a'r nos"
    if len(minutes) == 2 and minutes[0][0] == 0 and minutes[1][1] == DAY:
        before, after = (time_of_day(m, lang) for m in (minutes[0][1], minutes[1][0]))
        return f"before {before} and after {after}" if english else f"cyn {before} ac ar ôl {after}"
    to = " to " if english else " i "
    return ", ".join(f"{time_of_day(a, lang)}{to}{time_of_day(b, lang)}" for a, b in minutes)


def time_of_day(minute: int, lang: Lang) -> str:
    """A time of the UK's clocks as people say it: 9 am, 8:30 pm, midnight; 9am in Welsh."""
    if minute in (0, DAY):
        return "midnight" if lang is Lang.EN else "hanner nos"
    hour, rest = divmod(minute, 60)
    half = "am" if hour < 12 else "pm"
    clock = f"{(hour - 1) % 12 + 1}" + (f":{rest:02}" if rest else "")
    return f"{clock}\N{NO-BREAK SPACE}{half}" if lang is Lang.EN else f"{clock}{half}"


def until(moment: datetime, at: datetime, lang: Lang) -> str:
    """A moment to come, with its day where that is not the day of `at`: 5 pm, Monday at 9 am."""
    then = uk_time(moment)
    if then.date() == uk_time(at).date():
        return time_of_day(then.hour * 60 + then.minute, lang)
    return f"{_DAYS[lang][then.weekday()]} {opening(moment, moment, lang)}"


def opening(moment: datetime, at: datetime, lang: Lang) -> str:
    """When something opens: at 5 pm, Monday at 9 am."""
    then = uk_time(moment)
    if then.date() != uk_time(at).date():
        return until(moment, at, lang)
    word = "at" if lang is Lang.EN else "am"
    return f"{word} {time_of_day(then.hour * 60 + then.minute, lang)}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
