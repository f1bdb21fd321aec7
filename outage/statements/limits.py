"""How far ahead the times of a statement may lie. Pure.

A mistyped year must not leave a diversion standing that nobody looks at again (advice.md, rule 12).
The review is counted from the moment it is published or confirmed. The other limits are ours: an
end, a call-back line or a note about demand that somebody forgot must not outlive a shift or two.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from outage.statements import phone_numbers
from outage.statements.statement import Statement
from triage.engine.catalogue import Catalogue

_HOUR = timedelta(hours=1)
_REVIEW_OTHERWISE = 24 * _HOUR
LONGEST_FAULT = timedelta(days=7)
LONGEST_WORK = timedelta(days=7)
EARLIEST_START = timedelta(days=31)
PLANNED_AHEAD = timedelta(days=183)
AFTERWARDS = timedelta(hours=24)
WELSH_WITHIN = timedelta(hours=2)


def review_limit(channel: str, catalogue: Catalogue) -> timedelta:
    """The longest a statement may stand before somebody looks at it again: seeds/channels.toml."""
    known = catalogue.channels.get(channel)
    return known.review_hours * _HOUR if known else _REVIEW_OTHERWISE


def problems(content: Statement, at: datetime, catalogue: Catalogue) -> Iterator[str]:
    """Every time that lies too far away, as a sentence with its field."""
    yield from _too_far(
        "review_at", content.review_at, at, review_limit(content.channel, catalogue)
    )
    start = content.starts_at if content.planned and content.starts_at else at
    longest = LONGEST_WORK if content.planned else LONGEST_FAULT
    yield from _too_far("ends_at", content.ends_at, max(at, start), longest)
    yield from _too_far("callbacks_until", content.callbacks_until, at, AFTERWARDS)
    yield from _too_far("demand_until", content.demand_until, at, AFTERWARDS)
    yield from _too_far("welsh_due", content.welsh_due, at, WELSH_WITHIN)
    ahead = PLANNED_AHEAD if content.planned else AFTERWARDS
    yield from _too_far("starts_at", content.starts_at, at, ahead)
    if content.starts_at and content.starts_at < at - EARLIEST_START:
        yield f"starts_at: is more than {EARLIEST_START.days} days ago: look at the year"
    yield from _numbers(content)


def _numbers(content: Statement) -> Iterator[str]:
    for n, number in enumerate(content.numbers):
        holds = phone_numbers.TEST_HOLDS
        if why := phone_numbers.why_not(number.number):
            yield f"numbers.{n}.number: {number.number} {why}"
        yield from _too_far(
            f"numbers.{n}.valid_until", number.valid_until, number.verified_at, holds
        )


def _too_far(
    name: str, moment: datetime | None, since: datetime, longest: timedelta
) -> Iterator[str]:
    if moment is not None and moment - since > longest + timedelta(minutes=1):
        said = f"{moment:%H:%M on %-d %B %Y}"
        yield f"{name}: {said} is too far away: at most {_span(longest)}. Look at the year too"


def _span(longest: timedelta) -> str:
    hours = int(longest / _HOUR)
    return f"{hours} hours" if hours <= 24 else f"{longest.days} days"
