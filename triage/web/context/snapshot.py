"""What is in force at this moment, as editions: the value every cached page hangs on.

A period is one bulletin as long as nothing changes by the clock alone, a snapshot is a period at
one freshness. They are worked out once a bulletin and only compared on a request. Keeping pages is
wsgi.py; what an edition is made of stands in triage/engine/edition.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from outage import bulletin
from outage.bulletin import Bulletin, Reading, Story
from triage import clock
from triage.engine.edition import edition, touching
from triage.engine.lazy import lazy
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
class Period:
    """One bulletin between two boundaries of the clock: in all of it the same is in force.

    It holds what all its pages share, worked out when the first of them asks, and goes with it.
    """

    rulebook: Rulebook
    bulletin: Bulletin
    at: datetime
    until: datetime
    _areas: dict[str | None, AreaPeriod] = field(default_factory=dict)
    _stories: dict[str, str] = field(default_factory=dict)
    _shared: dict[object, dict[Any, Any]] = field(default_factory=dict)

    @lazy
    def in_force(self) -> tuple[Incident, ...]:
        return in_force(self.bulletin.incidents, self.at)

    def area(self, slug: str | None) -> AreaPeriod:
        """What is in force in an area, or anywhere for none."""
        found = self._areas.get(slug)
        if found is None:
            own = edition(self.rulebook, self.bulletin.incidents, self.at, slug)
            touched = touching(self.rulebook, self.in_force, slug)
            found = self._areas[slug] = AreaPeriod(own, touched)
        return found

    def shared(self, key: object) -> dict[Any, Any]:
        """What the pages of one language, place and visitor have worked out, for the next."""
        found = self._shared.get(key)
        if found is None:
            found = self._shared[key] = {}
            for old in list(self._shared)[:-_MOST_SHARED]:
                self._shared.pop(old, None)
        return found

    def story(self, story: Story) -> str:
        """A story's hash, worked out once for all the areas that it touches."""
        found = self._stories.get(story.id)
        if found is None:
            found = hashlib.sha256(repr(story).encode()).hexdigest()
            self._stories[story.id] = found
        return found


@dataclass(frozen=True, slots=True)
class AreaPeriod:
    """What is in force in one area: a hash of it and of the rulebook, and the incidents."""

    edition: str
    touching: tuple[Incident, ...]


# How many kinds of page (language, area, visitor) share what they worked out; and how many
# bulletins: a preview has its own.
_MOST_SHARED = 48
_MOST_PERIODS = 8
_recent: list[tuple[Period, ...]] = [()]


def period(rulebook: Rulebook, bulletin: Bulletin, at: datetime) -> Period:
    """The period of a moment: that of an earlier page, where one holds."""
    for known in _recent[0]:
        own = known.bulletin is bulletin and known.rulebook is rulebook
        if own and known.at <= at < known.until:
            return known
    until = min(
        next_boundary(bulletin.incidents, at),
        rulebook.catalogue.timetable.next_change(at) or _NEVER,
    )
    made = Period(rulebook, bulletin, at, until)
    _recent[0] = (made, *_recent[0][: _MOST_PERIODS - 1])
    return made


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One period at one freshness: what every kept page hangs on."""

    period: Period
    state: Staleness
    unchecked_since: datetime | None
    serial: int = field(default_factory=lambda: next(_serials))
    _editions: dict[str | None, str] = field(default_factory=dict)

    def holds(self, reading: Reading) -> bool:
        """Whether it is still what pages hang on. Comparisons only: it is asked all the time."""
        low, high = _AGES[self.state]
        return (
            reading.bulletin is self.period.bulletin
            and self.period.at <= reading.moment < self.period.until
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
        return self.period.area(area).edition

    def diverts(self, area: str | None) -> bool:
        """Whether anything is in force there that a page may have told."""
        return bool(self.period.area(area).touching)

    def _work_out(self, area: str | None) -> str:
        bulletin = self.period.bulletin
        facts = [
            self.in_force(area),
            f"{self.state} {self.unchecked_since}",
            " ".join(sorted(bulletin.hosts_of(area))),
            *(self.period.story(s) for s in self._stories_of(area)),
            *([] if area else [repr(bulletin.head)]),
            *map(repr, bulletin.edits.get(area or "", ())),
        ]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]

    def _stories_of(self, area: str | None) -> Iterator[Story]:
        """The stories that an area's pages tell: those whose incident meets it, or did."""
        stories = self.period.bulletin.stories
        for key in sorted(stories):
            story = stories[key]
            own = (story.incident, *(left.incident for left in story.left))
            if touching(self.period.rulebook, own, area):
                yield story


def take(rulebook: Rulebook, reading: Reading) -> Snapshot:
    """What is in force now, by what this process knows."""
    state = staleness(reading)
    return Snapshot(
        period(rulebook, reading.bulletin, reading.moment),
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
