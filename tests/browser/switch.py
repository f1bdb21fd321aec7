"""An incident that is in force now, by the clock of the machine. Asserts nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from outage.bulletin import Story, StoryEntry
from tests.web.kinds import LEICESTER
from triage.engine.catalogue import Text
from triage.engine.situation import Incident


def fault() -> Incident:
    """The many-failing fault of Leicestershire, said ten minutes ago."""
    now = datetime.now(UTC)
    said = now - timedelta(minutes=10)
    return replace(LEICESTER, published_at=said, review_at=now + timedelta(minutes=30))


def story() -> Story:
    one = fault()
    words = Text("Many calls to {999} are failing", "Mae llawer o alwadau {999} yn methu")
    entries = tuple(
        StoryEntry(one.published_at + timedelta(minutes=m), kind, words, "Leicestershire Police")
        for m, kind in ((6, "amended"), (3, "claim"), (0, "declared"))
    )
    return Story(one.id, words, one, entries)
