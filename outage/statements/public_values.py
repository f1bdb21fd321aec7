"""The values that leave this package: the bulletin, its stories, and what a process knows.

bulletin.py is the door they leave by; loader.py makes them from the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from triage import clock
from triage.engine.catalogue import Footprint, Lang, Text
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
    issuer_cy: str = ""  # where it has a Welsh name
    # Where it is about, and the channels that it names; empty for what is about all of it.
    footprints: tuple[Footprint, ...] = ()
    channels: tuple[str, ...] = ()

    def said_by(self, lang: Lang) -> str:
        """Who said it, by the name they go by in a language."""
        return self.issuer_cy if lang is Lang.CY and self.issuer_cy else self.issuer


@dataclass(frozen=True)
class Departure:
    """Where a statement was narrowed away from: over there, and going on elsewhere. `incident` is
    what it was in those places, ended."""

    at: datetime
    incident: Incident
    words: Text


@dataclass(frozen=True, slots=True)
class Stated:
    """What an incident stated from one moment until the next: feeds tell what changed, and those
    who are out of it now are told that they are. `left` is where it went away from with this and
    never came back to."""

    at: datetime
    kind: str  # declared, planned, amended, adopted, narrowed, watched, confirmed, stood-down, …
    incident: Incident
    left: Departure | None = None


_NOTHING = Text("", "")


@dataclass(frozen=True)
class Story:
    """What the public may read of one incident, live or over. Newest entry first."""

    id: str
    title: Text
    incident: Incident
    entries: tuple[StoryEntry, ...]
    ended_at: datetime | None = None
    pretend: bool = False
    # The issuer's own words as they stand now, read by two people; empty once it is over.
    said: Text = _NOTHING
    # Oldest first; empty where only its last state is on record.
    stated: tuple[Stated, ...] = ()

    @property
    def left(self) -> tuple[Departure, ...]:
        """Where it was narrowed away from, oldest first."""
        return tuple(s.left for s in self.stated if s.left)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of an organisation's own details: a line of the public log."""

    at: datetime
    issuer: Text
    words: Text


@dataclass(frozen=True)
class Bulletin:
    """The published set, immutable. `version` grows with every publication."""

    version: int = 0
    incidents: tuple[Incident, ...] = ()
    changed_at: datetime | None = None
    stories: Mapping[str, Story] = field(default_factory=dict)
    # The sites that may frame the widget of an area; under "" those of who speaks for the UK or
    # for a nation, which may frame every one.
    hosts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # The newest event of the record when this was published, and its hash: whoever keeps it sees
    # later whether any row was cut off since.
    head: tuple[int, str] = (0, "")
    # By area, newest first; under "" those of who speaks for the UK or for a nation.
    edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)

    def hosts_of(self, area: str | None) -> frozenset[str]:
        """The sites that may frame the widget of an area, or of none. No header grows with the
        number of organisations elsewhere."""
        return self.hosts.get("", frozenset()) | self.hosts.get(area or "", frozenset())


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

    @property
    def moment(self) -> datetime:
        """This moment, but never before what was last published.

        A clock that stepped back, or that lags behind another node's, must not unsay what is known
        to have been said.
        """
        now, changed = clock.now(), self.bulletin.changed_at
        return now if changed is None or now > changed else changed
