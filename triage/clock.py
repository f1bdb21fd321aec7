"""The one place that reads the clock. Everything else is given a moment."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC, with its time zone."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds on a clock that never steps: for measuring how long ago, not what time it is."""
    return time.monotonic()
