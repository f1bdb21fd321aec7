"""Early warning, simulated with the thresholds of seeds/signals.toml: false alarms in an ordinary
year, and how soon real faults ring. `python -m tests.bench.signals [DAYS [RATE ...]]` prints the
tables of docs/signals.md; a year takes a few minutes.

What is assumed stands below, and nothing of it was measured on a real site. Everything is drawn
from one seed, so that a run can be repeated.
"""

from __future__ import annotations

import math
import os
import random
import statistics
import sys
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.config.settings")
os.environ.setdefault("WHICH_NUMBER_DEMO", "1")
django.setup()

from outage.signals.summing import judged  # noqa: E402
from triage.rules import rulebook, signal_rules  # noqa: E402
from triage.signals.detection import Minute, least_ringing  # noqa: E402
from triage.signals.usual import Baseline, Series, baseline, hour_of_week  # noqa: E402

RATES = (1, 10, 100, 1_000)  # visitors a minute in the UK, on average
ORDINARY = 0.002  # of visitors who tap on an ordinary day: a slip, one bad line, a dead phone
SPLIT = {"999": 0.40, "101": 0.35, "111": 0.20, "power-105": 0.05}
KNOWN_AREA = 0.7  # of visitors whose page knows their area
SHARED = 0.4  # of taps that come from one of the blocks that mobile networks share
SHARED_BLOCKS = 200
STORMS, STORM_HOURS, STORM_TIMES, STORM_AREAS = 12, 12, 4.0, 8  # a year
BURSTS, BURST_HOURS, BURST_TIMES = 24, 1, 6.0  # a year: the news names the site
FAULT = 0.05  # of visitors who tap while some 999 calls fail
OUTAGE = 0.20  # of visitors who tap where a line is dead
NETWORK_SHARE, NAMES_IT = 0.25, 0.3  # of visitors on one network; of taps that name it
RUNS = 15
MONTH_DAYS = 365 / 12
BEGIN = int(datetime(2023, 1, 2, tzinfo=UTC).timestamp() // 60)  # a Monday, in minutes
MORNING = int(datetime(2023, 6, 25, 5, 24, tzinfo=UTC).timestamp() // 60)  # 06:24 by the clock
AREAS = tuple(rulebook().catalogue.areas.values())
# By its number of councils: an area's share of visitors is assumed to go with it.
WEIGHTS = tuple(accumulate(len(a.councils) for a in AREAS))
RURAL = min(AREAS, key=lambda a: (len(a.councils), a.slug))
RULES = signal_rules()
UNKNOWN = baseline({}, 0, RULES.lean_hours, RULES.least_an_hour)


def shape(minute: int) -> float:
    """How busy an hour of the week is: quiet at four in the morning, busy in the afternoon."""
    hour, day = (minute - BEGIN) // 60 % 24, (minute - BEGIN) // 1440 % 7
    return (1 - 0.8 * math.cos((hour - 4) / 24 * 2 * math.pi)) * (1.15 if day > 4 else 1)


@dataclass
class Site:
    """What the counting processes and the staff's side know, minute by minute."""

    chance: random.Random
    recent: dict[Series, dict[int, Minute]] = field(default_factory=lambda: defaultdict(dict))
    hours: dict[Series, deque[tuple[int, float]]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    seen: dict[tuple[int, str, str], int] = field(default_factory=dict)
    base: Baseline = UNKNOWN
    open: dict[Series, int] = field(default_factory=dict)
    alarms: list[tuple[int, Series]] = field(default_factory=list)
    touched: set[Series] = field(default_factory=set)
    # From how many blocks any window of a series could ring, at an hour of the week.
    limits: dict[tuple[Series, int], int] = field(default_factory=dict)

    def tap(self, minute: int, channel: str, places: tuple[str, ...], block: int = -1) -> None:
        if block < 0:
            shared = self.chance.random() < SHARED
            block = self.chance.randrange(SHARED_BLOCKS if shared else 10_000_000)
        for place in places:
            new = minute - self.seen.get((block, channel, place), -99) >= 10
            if new:
                self.seen[block, channel, place] = minute
            held = self.recent[channel, place]
            known = held.get(minute, Minute())
            held[minute] = Minute(known.blocks + 2 * new, known.taps + 2)
            self.touched.add((channel, place))
            self._note(channel, place, minute // 60, float(new))

    def _note(self, channel: str, place: str, hour: int, blocks: float) -> None:
        slots = self.hours[channel, place]
        if slots and slots[-1][0] == hour:
            slots[-1] = (hour, slots[-1][1] + blocks)
        else:
            slots.append((hour, blocks))

    def look(self, minute: int) -> None:
        """Once a minute; only what was tapped and could ring is judged."""
        could, hour = [], hour_of_week(at(minute)) if self.touched else 0
        for series in self.touched:
            held = self.recent[series]
            for old in [m for m in held if m <= minute - RULES.longest]:
                del held[old]
            if sum(m.blocks for m in held.values()) >= 2 * self._limit(series, hour):
                could.append(series)
        if could and any(self._may_ring(s, minute) for s in could):
            self._judge(minute)
        self.touched = set()
        for series in [s for s, last in self.open.items() if minute - last >= RULES.quiet_minutes]:
            del self.open[series]

    def _limit(self, series: Series, hour: int) -> int:
        known = self.limits.get((series, hour))
        if known is None:
            usual = self.base.a_minute(series, hour)
            needs = (least_ringing(usual * w.minutes, w, RULES.dispersion) for w in RULES.windows)
            known = self.limits[series, hour] = min(needs)
        return known

    def _may_ring(self, series: Series, minute: int) -> bool:
        one = {series: self.recent[series]}
        return any(v.rings for v in judged(one, at(minute), self.base, RULES))

    def _judge(self, minute: int) -> None:
        for series in list(self.recent):
            held = self.recent[series]
            for old in [m for m in held if m <= minute - RULES.longest]:
                del held[old]
        for verdict in judged(self.recent, at(minute), self.base, RULES):
            if verdict.rings:
                if verdict.series not in self.open:
                    self.alarms.append((minute, verdict.series))
                self.open[verdict.series] = minute

    def learn(self, minute: int, since: int) -> None:
        """The usual of the last weeks, and forgetting what is older. Hours that rang are left
        out."""
        rang: dict[Series, set[int]] = defaultdict(set)
        for when, series in self.alarms:
            rang[series] |= {when // 60 + n for n in range(-1, 3)}
        first = max(since, minute - RULES.weeks * 7 * 1440)
        weeks = (minute - first) / (7 * 1440)
        of: dict[Series, dict[int, tuple[float, float]]] = {}
        for series, slots in self.hours.items():
            while slots and slots[0][0] < first // 60:
                slots.popleft()
            found: dict[int, tuple[float, float]] = {}
            for hour, blocks in slots:
                if hour not in rang[series]:
                    slot = hour_of_week(at(hour * 60))
                    found[slot] = (found.get(slot, (0.0, 0.0))[0] + blocks, weeks)
            of[series] = found
        self.limits = {}
        self.base = baseline(of, weeks, RULES.lean_hours, RULES.least_an_hour)
        self.seen = {key: m for key, m in self.seen.items() if minute - m < 10}


def at(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def ordinary(chance: random.Random, rate: float, days: int) -> Iterator[tuple[int, str, int]]:
    """Minute, channel and area of each tap of ordinary days, with storms and news."""
    minutes = range(BEGIN, BEGIN + days * 1440)
    bursts = _times(chance, BURSTS * days / 365, minutes, BURST_HOURS)
    storms = _times(chance, STORMS * days / 365, minutes, STORM_HOURS)
    struck = [chance.randrange(len(AREAS)) for _ in range(days + 1)]
    channels, weights = list(SPLIT), list(SPLIT.values())
    for minute in minutes:
        mean = rate * ORDINARY * shape(minute) * (BURST_TIMES if minute in bursts else 1)
        stormy = minute in storms
        for _ in range(_poisson(chance, mean)):
            yield minute, chance.choices(channels, weights)[0], pick_area(chance)
        if stormy:
            # The same people, more often, in areas that lie beside each other.
            begin = struck[(minute - BEGIN) // 1440]
            for _ in range(_poisson(chance, mean * (STORM_TIMES - 1))):
                area = pick_area(chance)
                if (area - begin) % len(AREAS) < STORM_AREAS:
                    yield minute, chance.choices(channels, weights)[0], area


def _times(chance: random.Random, many: float, minutes: range, hours: int) -> set[int]:
    found: set[int] = set()
    for _ in range(round(many)):
        begin = chance.choice(minutes)
        found |= set(range(begin, begin + hours * 60))
    return found


def _poisson(chance: random.Random, mean: float) -> int:
    limit, product, n = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        n += 1
    return n


def pick_area(chance: random.Random) -> int:
    return chance.choices(range(len(AREAS)), cum_weights=WEIGHTS)[0]


def places_of(chance: random.Random, area: int) -> tuple[str, ...]:
    if chance.random() >= KNOWN_AREA:
        return ("uk",)
    found = AREAS[area]
    return (f"area:{found.slug}", f"nation:{found.nation}", "uk")


def year(rate: float, days: int, seed: int = 2023) -> tuple[Site, int]:
    """Four weeks to learn, then so many days; the site, and its false alarms."""
    chance = random.Random(seed)
    site = Site(chance)
    learnt, now = BEGIN + 28 * 1440, BEGIN
    for minute, channel, area in ordinary(chance, rate, 28 + days):
        while now < minute:
            site.look(now)
            now += 1
            if (now - BEGIN) % 1440 == 0:
                site.learn(now, BEGIN)
        site.tap(minute, channel, places_of(chance, area))
    return site, sum(m >= learnt for m, _ in site.alarms)


@dataclass(frozen=True)
class Trouble:
    """A fault: which lines, in which areas (none: everywhere), and the share of visitors who tap.
    `network` where only its customers are cut off."""

    name: str
    share: float
    areas: tuple[str, ...] = ()
    network: str = ""


def first_alarm(site: Site, trouble: Trouble, rate: float, seed: int) -> int | None:
    """Minutes from the beginning to the first alarm for 999; None within four hours."""
    chance = site.chance = random.Random(seed)
    site.recent.clear()
    site.seen, site.open, site.alarms = {}, {}, []
    for minute in range(MORNING, MORNING + 240):
        for _ in range(_poisson(chance, rate * trouble.share)):
            area = pick_area(chance)
            if trouble.areas and AREAS[area].slug not in trouble.areas:
                continue
            places = places_of(chance, area)
            if trouble.network and chance.random() < NAMES_IT:
                places = (*places, f"network:{trouble.network}")
            site.tap(minute, "999", places)
        site.look(minute)
        if site.alarms:
            return minute - MORNING + 1
    return None


TROUBLES = (
    Trouble("25 June 2023: some 999 calls fail everywhere", FAULT),
    Trouble("one force's own fault, Leicestershire", OUTAGE, ("leicestershire",)),
    Trouble("one network's, everywhere", OUTAGE * NETWORK_SHARE, network="o2"),
    Trouble(f"a small rural area, {RURAL.name.en}", OUTAGE, (RURAL.slug,)),
)


def soon(site: Site, trouble: Trouble, rate: float) -> str:
    found = [first_alarm(site, trouble, rate, seed) for seed in range(RUNS)]
    known = sorted(m if m is not None else 10_000 for m in found)
    return f"{_minutes(statistics.median(known))} ({_minutes(known[-1])})"


def _minutes(value: float) -> str:
    return f"{value:.0f}" if value < 10_000 else "not in 240"


def botnet(site: Site, blocks: int) -> Mapping[Series, tuple[float, float]]:
    """So many blocks tap ten times each for Kent within a minute: what rings, with its blocks."""
    site.chance = random.Random(blocks)
    site.recent.clear()
    site.seen, site.open, site.alarms = {}, {}, []
    minute = MORNING
    for n in range(blocks * 10):
        site.tap(minute, "999", ("area:kent", "nation:england", "uk"), n % blocks)
    site.look(minute)
    held = site.recent
    return {s: (held[s][minute][0] / 2, held[s][minute][1] / 2) for _, s in site.alarms}


def main() -> None:
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 365
    print(f"Ordinary days: {days}, with storms and news. False alarms a month in the whole UK:\n")
    print("| visitors a minute | taps | false alarms | a month |\n|---|---|---|---|")
    sites = {}
    rates = tuple(map(int, sys.argv[2:])) or RATES
    for rate in rates:
        site, wrong = year(rate, days)
        sites[rate] = site
        taps = sum(t for slots in site.hours.values() for _, t in slots)
        print(f"| {rate:,} | {taps:.0f} in the last weeks | {wrong} | "
              f"{wrong / (days / MONTH_DAYS):.2f} |", flush=True)  # fmt: skip
    print(f"\nMinutes to the first alarm: median of {RUNS} runs (the slowest):\n")
    print(f"| visitors a minute | {' | '.join(map(str, rates))} |")
    print("|---" * (len(rates) + 1) + "|")
    for trouble in TROUBLES:
        told = " | ".join(soon(sites[rate], trouble, rate) for rate in rates)
        print(f"| {trouble.name} | {told} |", flush=True)
    print("\nA botnet taps ten times from each block within a minute, for Kent:\n")
    print("| blocks | what rings, with blocks and taps |\n|---|---|")
    for blocks in (1, 50, 5_000):
        found = botnet(sites[rates[-1]], blocks)
        told = ", ".join(f"{p}: {b:.0f}, {t:.0f}" for (_, p), (b, t) in found.items())
        print(f"| {blocks:,} | {told or 'nothing'} |")


if __name__ == "__main__":
    main()
