"""The only door outwards: what is live, as engine values, kept in memory.

Public pages read `reading()` and nothing else of this package. No query is run here on the
request path: a watcher thread asks the store and swaps the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from triage import clock
from triage.engine.catalogue import Text
from triage.engine.situation import Incident


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One line of an incident's public timeline."""

    at: datetime
    kind: str  # declared, amended, adopted, stood-down, claim, assurance, regulator, comment
    words: Text
    issuer: str
    source: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class Story:
    """What the public may read of one incident, live or over. Newest entry first."""

    id: str
    title: Text
    incident: Incident
    entries: tuple[StoryEntry, ...]
    ended_at: datetime | None = None
    pretend: bool = False


@dataclass(frozen=True)
class Bulletin:
    """The published set, immutable. `version` grows with every publication."""

    version: int = 0
    incidents: tuple[Incident, ...] = ()
    changed_at: datetime | None = None
    stories: Mapping[str, Story] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reading:
    """What this process knows: the bulletin, and when it last managed to check."""

    bulletin: Bulletin
    checked_at: datetime
    checked_steady: float

    @property
    def age(self) -> float:
        """Seconds since the last successful check, by a clock that never steps."""
        return clock.steady() - self.checked_steady


_reading: list[Reading] = [Reading(Bulletin(), clock.now(), clock.steady())]


def reading() -> Reading:
    """What is live, from memory."""
    return _reading[0]


@contextmanager
def showing(bulletin: Bulletin) -> Iterator[None]:
    """For tests and previews of a whole process: shows this bulletin while the block runs."""
    before = _reading[0]
    _reading[0] = Reading(bulletin, clock.now(), clock.steady())
    try:
        yield
    finally:
        _reading[0] = before
