"""A visitor's request -> a Situation: the bulletin in memory, the place, the moment.

No query, no clock but clock.now(), no answer kept.
"""

from __future__ import annotations

from datetime import datetime

from outage import bulletin
from triage import clock
from triage.engine.catalogue import Place
from triage.engine.situation import Situation, Visitor


def situation(
    need: str,
    place: Place | None,
    visitor: Visitor | None = None,
    at: datetime | None = None,
) -> Situation:
    """All that is known for a visitor now, or at a moment given."""
    live = bulletin.reading().bulletin.incidents
    return Situation(at or clock.now(), need, place, visitor or Visitor(), live)
