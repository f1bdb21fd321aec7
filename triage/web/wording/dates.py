"""Moments as people read them: in the UK's time with its zone, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from triage.engine.catalogue import Lang

UK = ZoneInfo("Europe/London")
_DAYS = {
    Lang.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    Lang.CY: (
        "dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau", "dydd Gwener", "dydd Sadwrn",
        "dydd Sul",
    ),
}  # fmt: skip
_MONTHS = {
    Lang.EN: (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    Lang.CY: (
        "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi",
        "Hydref", "Tachwedd", "Rhagfyr",
    ),
}  # fmt: skip


def clock_time(moment: datetime) -> str:
    """The time of day with its zone: 08:45 BST."""
    local = moment.astimezone(UK)
    return f"{local:%H:%M} {local.tzname()}"


def day(moment: date, lang: Lang) -> str:
    """25 June 2023, or 25 Mehefin 2023."""
    return f"{moment.day} {_MONTHS[lang][moment.month - 1]} {moment.year}"


def month(moment: datetime, lang: Lang) -> str:
    """June 2023, or Mehefin 2023."""
    local = moment.astimezone(UK)
    return f"{_MONTHS[lang][local.month - 1]} {local.year}"


def full(moment: datetime, lang: Lang) -> str:
    """08:45 BST, Sunday 25 June 2023. Never "today": a page is kept and read later."""
    local = moment.astimezone(UK)
    return f"{clock_time(moment)}, {_DAYS[lang][local.weekday()]} {day(local.date(), lang)}"


def short(moment: datetime, lang: Lang, now: datetime | None = None) -> str:
    """08:45 BST, 25 June: for a line that has little room. With the year where it is not now's."""
    local = moment.astimezone(UK)
    year = f" {local.year}" if now and now.astimezone(UK).year != local.year else ""
    return f"{clock_time(moment)}, {local.day} {_MONTHS[lang][local.month - 1]}{year}"


def beside(others: Iterable[datetime], moment: datetime, lang: Lang) -> str:
    """A moment that stands beside others: 08:45 BST where they are all of its day."""
    same = all(is_same_day(other, moment) for other in others)
    return clock_time(moment) if same else short(moment, lang)


def is_same_day(one: datetime, other: datetime) -> bool:
    return one.astimezone(UK).date() == other.astimezone(UK).date()
