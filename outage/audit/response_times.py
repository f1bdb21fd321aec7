"""How fast an incident was told: start to publication, time overdue, delay of the Welsh. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from outage.audit.record import read
from outage.models import Event
from outage.statements.statement import PublishedStatement
from outage.statements.validation import missing_welsh
from triage.engine.situation import Status


@dataclass(frozen=True)
class ResponseTime:
    """One incident's times. None where it does not apply."""

    incident: str
    to_publication: timedelta
    overdue: timedelta
    welsh_after: timedelta | None


def measures(events: Iterable[Event], at: datetime) -> Iterator[ResponseTime]:
    """The measures of every published incident, exercises left out. `events` oldest first."""
    stages: dict[str, list[tuple[datetime, PublishedStatement]]] = {}
    for event in events:
        data = read(event)["data"]
        if "published" in data:
            published = PublishedStatement.model_validate(data["published"])
            if published.status is not Status.EXERCISE:
                stages.setdefault(event.incident, []).append((event.at, published))
    for incident, steps in stages.items():
        yield ResponseTime(incident, _to_publication(steps), _overdue(steps, at), _welsh(steps))


Steps = list[tuple[datetime, PublishedStatement]]


def _to_publication(steps: Steps) -> timedelta:
    """From the start, as last revised, to the first publication."""
    first = steps[0][0]
    started = [p.content.starts_at for _, p in steps if p.content.starts_at]
    return max(first - started[-1], timedelta(0)) if started else timedelta(0)


def _overdue(steps: Steps, at: datetime) -> timedelta:
    """How long in all the public read something whose review had passed."""
    ends = [when for when, _ in steps[1:]] + [at]
    total = timedelta(0)
    for (_, published), end in zip(steps, ends, strict=True):
        due = published.content.review_at
        if due is not None and published.status is Status.LIVE:
            total += max(end - due, timedelta(0))
    return total


def _welsh(steps: Steps) -> timedelta | None:
    """From the first words in English alone to the first in both; None where Welsh never lacked."""
    lacked = [when for when, p in steps if missing_welsh(p.content)]
    if not lacked:
        return None
    whole = [when for when, p in steps if when > lacked[0] and not missing_welsh(p.content)]
    return whole[0] - lacked[0] if whole else steps[-1][0] - lacked[0]
