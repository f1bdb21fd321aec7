"""When a count is above its usual: over 5, 10 and 30 minutes, by distinct address blocks.

A count rings where so many blocks, or more, would come by chance less often than a threshold, in a
negative-binomial distribution around the usual (it allows for busy days as Poisson does not), and
never below a floor. The thresholds are data (seeds/signals.toml), with their false alarms beside
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, lgamma, log, log10
from typing import NamedTuple

from triage.signals.blocks import distinct
from triage.signals.usual import Baseline, Series


class Minute(NamedTuple):
    """Blocks and taps of one minute, in halves; the marks of the blocks, and of those that were
    taken out of the counts (blocks.py). No marks: nothing is known of which blocks they were."""

    blocks: int = 0
    taps: int = 0
    marks: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """So many minutes; the fewest blocks that may ring; the chance below which they do."""

    minutes: int
    floor: int
    chance: float


@dataclass(frozen=True, slots=True)
class SignalRules:
    """What may be tuned, as seeds/signals.toml has it."""

    windows: tuple[Window, ...]
    dispersion: float
    lean_hours: float
    least_an_hour: float
    weeks: int
    quiet_minutes: int
    national_areas: int
    mute_minutes: int
    keep_days: int
    counted_as: Mapping[str, str]
    failing: tuple[str, ...]

    @property
    def longest(self) -> int:
        return max(w.minutes for w in self.windows)


@dataclass(frozen=True, slots=True)
class Look:
    """One window of one series: what came, what is usual, and from how many blocks it rings."""

    minutes: int
    blocks: float
    taps: float
    usual: float
    rings_from: int

    @property
    def rings(self) -> bool:
        return self.blocks >= self.rings_from


@dataclass(frozen=True, slots=True)
class Verdict:
    """One series as it stands: every window looked at, shortest first."""

    series: Series
    looks: tuple[Look, ...]

    @property
    def rings(self) -> bool:
        return any(look.rings for look in self.looks)

    @property
    def told(self) -> Look:
        """The window that operators are told of: the shortest that rings; else the longest."""
        return next((look for look in self.looks if look.rings), self.looks[-1])


def judge(
    series: Series,
    minutes: Mapping[int, Minute],
    now: int,
    hour: int,
    base: Baseline,
    rules: SignalRules,
) -> Verdict:
    """A series at a minute (since 1970)."""
    a_minute = base.a_minute(series, hour)
    looks = []
    for window in rules.windows:
        found = [
            m for n in range(now - window.minutes + 1, now + 1) if (m := minutes.get(n)) is not None
        ]
        usual = a_minute * window.minutes
        needed = least_ringing(usual, window, rules.dispersion)
        taps = sum(m.taps for m in found) / 2
        looks.append(Look(window.minutes, _blocks(found), taps, usual, needed))
    return Verdict(series, tuple(looks))


def _blocks(found: Sequence[Minute]) -> float:
    """Each process counts a block by itself, and again after ten minutes: by their marks blocks are
    counted once, however many processes and nodes counted them."""
    marks = gone = 0
    for minute in found:
        marks |= minute.marks
        gone |= minute.gone
    counted = sum(m.blocks for m in found) / 2
    every = distinct(marks | gone) if marks else inf
    return counted if every == inf else min(counted, round(every - distinct(gone)))


def least_ringing(usual: float, window: Window, dispersion: float) -> int:
    """The fewest blocks that ring around a usual."""
    return _least_ringing(_rounded_up(usual), window.floor, window.chance, dispersion)


def _rounded_up(mean: float) -> float:
    """To three figures: thresholds are worked out once for many counts."""
    digits = 2 - int(log10(mean)) if mean >= 1 else 3 - int(log10(mean))
    scale = 10.0**digits
    return (int(mean * scale) + 1) / scale


@lru_cache(maxsize=65_536)
def _least_ringing(mean: float, floor: int, chance: float, dispersion: float) -> int:
    low, high = floor, floor
    while tail(high, mean, dispersion) >= chance:
        low, high = high + 1, high * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if tail(middle, mean, dispersion) < chance else (middle + 1, high)
    return low


def tail(count: int, mean: float, dispersion: float) -> float:
    """The chance of so many or more, where `mean` are expected: negative binomial with variance
    mean + mean²/dispersion (NIST Handbook; Poisson as the dispersion grows)."""
    if count <= 0:
        return 1.0
    p = mean / (dispersion + mean)
    first = (
        lgamma(count + dispersion) - lgamma(dispersion) - lgamma(count + 1)
        + count * log(p) + dispersion * log(1 - p)
    )  # fmt: skip
    if count < mean:
        return 1.0 - _below(count, p, dispersion)
    term = total = exp(first)
    n = count
    while term > total * 1e-9:
        term *= (n + dispersion) / (n + 1) * p
        total += term
        n += 1
    return min(total, 1.0)


def _below(count: int, p: float, dispersion: float) -> float:
    term = total = exp(dispersion * log(1 - p))
    for n in range(count - 1):
        term *= (n + dispersion) / (n + 1) * p
        total += term
    return total
