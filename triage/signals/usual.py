"""What is usual: blocks a minute for a channel and place at an hour of the week.

The same hours of the weeks before, leaning on the place's own average and on the shape of the whole
UK's week where there is little of its own. Hours in which it rang are left out by whoever gives the
counts, so that one bad night does not become the usual.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

HOURS = 168
_UK_TIME = ZoneInfo("Europe/London")
Series = tuple[str, str]  # channel, place
# Hour of the week -> blocks counted in all of those hours, and how many such hours there were.
Hours = Mapping[int, tuple[float, float]]


def hour_of_week(at: datetime) -> int:
    """0 for Monday's first hour by the clock of the UK, 167 for Sunday's last."""
    local = at.astimezone(_UK_TIME)
    return local.weekday() * 24 + local.hour


@dataclass(frozen=True)
class Baseline:
    """The usual of every series that was ever counted. `lean` is how many hours the average
    weighs; `least` is taken where it is lower or nothing is known: blocks an hour."""

    of: Mapping[Series, Hours]
    weeks: float
    shape: tuple[float, ...]
    lean: float
    least: float

    def a_minute(self, series: Series, hour: int) -> float:
        """The expected number of blocks in one minute of this hour of the week."""
        own = self.of.get(series)
        if own is None or self.weeks <= 0:
            return self.least / 60
        total = sum(blocks for blocks, _ in own.values())
        watched = max(self.weeks * HOURS, 1.0)
        average = total / watched * self.shape[hour]
        blocks, hours = own.get(hour, (0.0, self.weeks))
        expected = (blocks + self.lean * average) / (hours + self.lean)
        return max(expected, self.least) / 60


NOTHING_KNOWN = (1.0,) * HOURS


def baseline(of: Mapping[Series, Hours], weeks: float, lean: float, least: float) -> Baseline:
    """The usual, from the counts of so many weeks. The shape is that of all series together,
    evened out by one average hour for each."""
    sums = [0.0] * HOURS
    for hours in of.values():
        for hour, (blocks, _) in hours.items():
            sums[hour] += blocks
    mean = sum(sums) / HOURS
    shape = tuple((s + mean) / (2 * mean) for s in sums) if mean > 0 else NOTHING_KNOWN
    return Baseline(of, weeks, shape, lean, least)
