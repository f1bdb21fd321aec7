"""Which channels somebody answers at a moment, in which nation, and when that next changes.

One week of one channel is opening_hours.py. Nothing changes within a minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from triage.engine.area import Nation
from triage.engine.channel import Channel
from triage.engine.lazy import lazy
from triage.engine.opening_hours import Answered

_MOST = 512


@dataclass(frozen=True, eq=False)
class Timetable:
    """The weeks of all channels, and the bank holidays of each nation."""

    channels: Mapping[str, Channel]
    holidays: Mapping[Nation, frozenset[date]]

    def state(self, channel: str, nation: Nation, at: datetime) -> Answered:
        """Whether somebody answers a channel in a nation at a moment."""
        hours = self.channels[channel].hours
        return hours.state(at, self._holidays(nation)) if hours else Answered.UNKNOWN

    def open_now(self, channel: str, nations: Iterable[Nation], at: datetime) -> bool | None:
        """Whether somebody answers a channel at a moment in all of these nations. None where that
        is not known, or where they differ."""
        states = {self.state(channel, nation, at) for nation in nations}
        if states <= {Answered.ALWAYS, Answered.OPEN}:
            return True if states else None
        return False if states == {Answered.SHUT} else None

    def changes_after(self, channel: str, nation: Nation, at: datetime) -> datetime | None:
        """When that next changes; None where it is not known, or never does."""
        hours = self.channels[channel].hours
        return hours.changes_after(at, self._holidays(nation)) if hours else None

    def shut(self, nation: Nation, at: datetime) -> frozenset[str]:
        """The channels that exist in a nation and that nobody answers at a moment."""
        key = nation, at.replace(second=0, microsecond=0)
        found = self._shut.get(key)
        if found is None:
            if len(self._shut) >= _MOST:
                self._shut.clear()
            own = (c for c in self.timed if nation in self.channels[c].nations)
            found = frozenset(c for c in own if self.state(c, nation, at) is Answered.SHUT)
            self._shut[key] = found
        return found

    @lazy
    def _shut(self) -> dict[tuple[Nation, datetime], frozenset[str]]:
        return {}

    @lazy
    def timed(self) -> frozenset[str]:
        """The channels that are answered at some times and not at others."""
        return frozenset(c.id for c in self.channels.values() if c.hours and not c.hours.always)

    def next_change(self, at: datetime) -> datetime | None:
        """When a channel next opens or shuts, in any nation."""
        pairs = ((c, nation) for c in self.timed for nation in self.channels[c].nations)
        moments = (self.changes_after(c, nation, at) for c, nation in pairs)
        return min((m for m in moments if m), default=None)

    def _holidays(self, nation: Nation) -> frozenset[date]:
        return self.holidays.get(nation, frozenset())
