"""What is in force at this moment, as editions: the value every cached page hangs on.

A snapshot is one bulletin at one moment, with the time until which nothing changes by the clock
alone. It is worked out once a bulletin and only compared on a request. Keeping pages is
wsgi.py; what an edition is made of stands in triage/engine/edition.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from outage import bulletin
from outage.bulletin import Bulletin, Reading, Story
from triage import clock
from triage.engine.edition import edition, touching
from triage.engine.rulebook import Rulebook
from triage.engine.scope import CORRECTION_WINDOW, NUMBER_GOOD_FOR, in_force
from triage.engine.situation import Incident
from triage.web.context.staleness import CAUTIOUS_AFTER, LATE_AFTER, Staleness, staleness

_NEVER = datetime.max.replace(tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)
_serials = count(1)


# For each freshness, the ages of the last check (seconds) between which it holds.
_AGES = {
    Staleness.FRESH: (float("-inf"), LATE_AFTER),
    Staleness.LATE: (LATE_AFTER, CAUTIOUS_AFTER),
    Staleness.CAUTIOUS: (CAUTIOUS_AFTER, float("inf")),
}


def next_boundary(incidents: Iterable[Incident], at: datetime) -> datetime:
    """When the clock alone will next change what is in force, after `at`.

    Far in the future where nothing is due. A moment that is still within a period (a number's
    ninetieth day, the correction window) counts an instant later.
    """
    known = tuple(incidents)
    return min((m for i in known for m in _moments(i, known) if m > at), default=_NEVER)


def _moments(incident: Incident, known: tuple[Incident, ...]) -> Iterator[datetime]:
    times = (
        incident.published_at,
        incident.starts_at,
        incident.review_at,
        incident.confirm_by,
        incident.ends_at,
        incident.callbacks_until,
    )
    yield from (moment for moment in times if moment is not None)
    if incident.supersedes is not None:
        old = [i.published_at for i in known if i.id == incident.supersedes]
        yield (old[0] if old else incident.published_at) + CORRECTION_WINDOW + _INSTANT
    for number in incident.numbers:
        yield number.verified_at
        yield number.verified_at + NUMBER_GOOD_FOR + _INSTANT
        if number.valid_until is not None:
            yield number.valid_until


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One bulletin, from one moment until its next boundary, at one freshness."""

    rulebook: Rulebook
    bulletin: Bulletin
    at: datetime
    until: datetime
    state: Staleness
    unchecked_since: datetime | None
    serial: int = field(default_factory=lambda: next(_serials))
    _editions: dict[str | None, str] = field(default_factory=dict)
    _stories: dict[str, str] = field(default_factory=dict)
    _in_force: dict[str | None, tuple[str, bool]] = field(default_factory=dict)

    def holds(self, reading: Reading) -> bool:
        """Whether it is still what pages hang on. Comparisons only: it is asked all the time."""
        low, high = _AGES[self.state]
        return (
            reading.bulletin is self.bulletin
            and self.at <= reading.moment < self.until
            and low < clock.steady() - reading.checked_steady <= high
            and (self.unchecked_since is None or reading.checked_at == self.unchecked_since)
        )

    def edition(self, area: str | None) -> str:
        """The edition of an area's pages, or of the pages without an area."""
        found = self._editions.get(area)
        if found is None:
            found = self._editions[area] = self._work_out(area)
        return found

    def in_force(self, area: str | None) -> str:
        """A hash of the rulebook and of what is in force in an area, and of nothing else."""
        return self.in_force_and_diverts(area)[0]

    def in_force_and_diverts(self, area: str | None) -> tuple[str, bool]:
        """That hash, and whether anything is in force there that a page may have told. Worked out
        once for all the pages of an area."""
        found = self._in_force.get(area)
        if found is None:
            known = self.bulletin.incidents
            told = touching(self.rulebook, in_force(known, self.at), area)
            found = (edition(self.rulebook, known, self.at, area), bool(told))
            self._in_force[area] = found
        return found

    def _work_out(self, area: str | None) -> str:
        facts = [
            self.in_force(area),
            f"{self.state} {self.unchecked_since}",
            " ".join(sorted(self.bulletin.hosts_of(area))),
            *(self._story(s) for s in self._stories_of(area)),
            *([] if area else [repr(self.bulletin.head)]),
            *map(repr, self.bulletin.edits.get(area or "", ())),
        ]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]

    def _stories_of(self, area: str | None) -> Iterator[Story]:
        """The stories that an area's pages tell: those whose incident meets it, or did."""
        for key in sorted(self.bulletin.stories):
            story = self.bulletin.stories[key]
            own = (story.incident, *(left.incident for left in story.left))
            if touching(self.rulebook, own, area):
                yield story

    def _story(self, story: Story) -> str:
        """A story's hash, worked out once for all the areas that it touches."""
        found = self._stories.get(story.id)
        if found is None:
            found = hashlib.sha256(repr(story).encode()).hexdigest()
            self._stories[story.id] = found
        return found


def take(rulebook: Rulebook, reading: Reading) -> Snapshot:
    """What is in force now, by what this process knows."""
    at = reading.moment
    state = staleness(reading)
    return Snapshot(
        rulebook,
        reading.bulletin,
        at,
        min(
            next_boundary(reading.bulletin.incidents, at),
            rulebook.catalogue.next_opening(at) or _NEVER,
        ),
        state,
        None if state is Staleness.FRESH else reading.checked_at,
    )


# How long (seconds) a snapshot is taken for good before the clock is looked at again. A new
# bulletin is seen at once; this bounds how late a start, a review or an end is.
GLANCE = 0.01


class Watch:
    """The snapshot of this process, replaced when it no longer holds."""

    def __init__(self, rulebook: Callable[[], Rulebook], glance: float = GLANCE) -> None:
        self._rulebook = rulebook
        self._glance = glance
        self._held: Snapshot | None = None
        self._reading: Reading | None = None
        self._good_until = 0.0

    def now(self) -> Snapshot:
        reading = bulletin.reading()
        if reading is self._reading and clock.steady() < self._good_until and self._held:
            return self._held
        return self._look(reading)

    def _look(self, reading: Reading) -> Snapshot:
        held = self._held
        if held is None or not held.holds(reading):
            held = self._held = take(self._rulebook(), reading)
        self._reading, self._good_until = reading, clock.steady() + self._glance
        return held
