"""Counts taps in the memory of one process, by minute, channel and place, until they are taken.

A place is `area:SLUG`, `nation:SLUG`, `uk` or `network:ID`. A tap counts in halves: words that were
searched for are half a tap. Who takes the counts is outage/signals/handing_over.py.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from triage.signals.blocks import BlockMemory, block_of

WHOLE, HALF = 2, 1
UK = "uk"
# Rows that wait to be taken: a flood over every channel and place ends here, with 2 MB.
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Tap:
    """One press. `network` and `line` where the visitor told them; `from_page` where it came as a
    browser sends a form. `adds` is what it counts: nothing where only the phone is told."""

    channel: str
    area: str = ""
    nation: str = ""
    network: str = ""
    line: str = ""
    adds: int = WHOLE
    from_page: bool = True

    @property
    def places(self) -> Iterator[str]:
        if self.area:
            yield f"area:{self.area}"
        if self.nation:
            yield f"nation:{self.nation}"
        yield UK


@dataclass(slots=True)
class Count:
    """What came of one channel at one place in one minute; the first two in halves of a tap.

    `marks` has a bit for each block that was new (blocks.py), `bare` came from no page, `rush` is
    the most within one second, `told` says how often a network or line was named.
    """

    taps: int = 0
    blocks: int = 0
    marks: int = 0
    bare: int = 0
    rush: int = 0
    told: dict[str, int] = field(default_factory=dict)
    _second: int = 0
    _in_second: int = 0

    def add(self, tap: Tap, second: int) -> None:
        self.taps += tap.adds
        self.bare += not tap.from_page
        self._in_second = self._in_second + 1 if second == self._second else 1
        self._second = second
        self.rush = max(self.rush, self._in_second)

    def add_count(self, other: Count) -> None:
        self.taps += other.taps
        self.blocks += other.blocks
        self.marks |= other.marks
        self.bare += other.bare
        self.rush = max(self.rush, other.rush)
        for name, times in other.told.items():
            self.told[name] = self.told.get(name, 0) + times


@dataclass(frozen=True, slots=True)
class Seen:
    """What an address block is called at a moment: in this process, and in all of them."""

    hashes: tuple[int, ...]
    mark: int
    now: float


Row = tuple[int, str, str]  # minute since 1970, channel, place
Counts = dict[Row, Count]


class Tally:
    """The counts of this process. Safe between threads."""

    def __init__(self, memory: BlockMemory | None = None) -> None:
        self._memory = memory or BlockMemory()
        self._lock = threading.Lock()
        self._counts: Counts = {}

    def add(self, tap: Tap, address: str, now: float) -> None:
        """Count one tap at a moment (seconds since 1970). The address is forgotten at once."""
        block = block_of(address)
        with self._lock:
            mark = self._memory.mark(block, tap.channel, now)
            seen = Seen(self._memory.hashes(block, now), mark, now)
            if tap.adds:
                for place in tap.places:
                    self._add(tap, place, seen)
            if tap.network or tap.line:
                self._tell(tap, seen)

    def share(self, secret: bytes) -> None:
        """What all processes of a site know (at most 64 bytes), for marks that they share."""
        with self._lock:
            self._memory.shared = secret

    def _add(self, tap: Tap, place: str, seen: Seen) -> None:
        count = self._row(tap.channel, place, seen.now)
        if count is None:
            return
        count.add(tap, int(seen.now))
        if self._memory.is_new(seen.hashes, f"{tap.channel} {place}", seen.now):
            count.blocks += tap.adds
            count.marks |= seen.mark

    def _tell(self, tap: Tap, seen: Seen) -> None:
        """What the visitor said of the phone: with each place, and for the network by itself."""
        if not self._memory.is_new(seen.hashes, f"{tap.channel} told {tap.area}", seen.now):
            return
        for place in tap.places:
            if (count := self._row(tap.channel, place, seen.now)) is not None:
                for name in filter(None, (tap.network, tap.line)):
                    count.told[name] = count.told.get(name, 0) + 1
        if tap.network:
            counted = Tap(tap.channel, adds=tap.adds or WHOLE, from_page=tap.from_page)
            self._add(counted, f"network:{tap.network}", seen)

    def _row(self, channel: str, place: str, now: float) -> Count | None:
        key = (int(now // 60), channel, place)
        count = self._counts.get(key)
        if count is None:
            if len(self._counts) >= MOST_ROWS:
                return None
            count = self._counts[key] = Count()
        return count

    def take(self, now: float) -> Counts:
        """What was counted since this was last asked. What is old is forgotten meanwhile."""
        with self._lock:
            taken, self._counts = self._counts, {}
            self._memory.forget(now)
        return taken

    def put_back(self, counts: Iterable[tuple[Row, Count]]) -> None:
        """What could not be stored, for the next time. Beyond the limit it is lost."""
        with self._lock:
            for key, count in counts:
                if key in self._counts:
                    self._counts[key].add_count(count)
                elif len(self._counts) < MOST_ROWS:
                    self._counts[key] = count


# That of the process that serves.
PROCESS = Tally()
