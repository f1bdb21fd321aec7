"""Hours as seeds write them -> the engine's week: "mon-fri 09:00-17:00", "sun 10:00-12:00"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triage.engine.opening_hours import DAY, OpeningHours, Span

SHUT_ON_HOLIDAYS = "holiday shut"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")


def opening_hours(given: str | Sequence[str] | None) -> OpeningHours | None:
    """A week from its lines. None where nobody has read when the line is answered."""
    if given is None or given == "unknown":
        return None
    if isinstance(given, str):
        return OpeningHours()
    spans = tuple(_span(line) for line in given if line != SHUT_ON_HOLIDAYS)
    return OpeningHours(spans, SHUT_ON_HOLIDAYS in given)


def hours_problems(given: str | Sequence[str] | None) -> Iterator[str]:
    """What is wrong with hours that have the right shape."""
    for line in given if isinstance(given, list) else ():
        if line == SHUT_ON_HOLIDAYS:
            continue
        span = _span(line)
        if not span.days:
            yield f'hours "{line}" name days backwards'
        if not 0 <= span.start < span.end <= DAY:
            yield f'hours "{line}" do not end after they begin: write a night as two lines'


def _span(line: str) -> Span:
    days, _, times = line.partition(" ")
    start, _, end = times.partition("-")
    return Span(frozenset(_days(days)), _minutes(start), _minutes(end))


def _days(given: str) -> Iterator[int]:
    for part in given.split(","):
        first, _, last = part.partition("-")
        yield from range(_DAYS.index(first), _DAYS.index(last or first) + 1)


def _minutes(time: str) -> int:
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)
