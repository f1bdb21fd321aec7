"""What one advice costs, with 1, 100 and 1,000 incidents, where the place is known and not."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from itertools import cycle, islice

from tests.bench.within import row
from tests.cast import NOON, incident, scope
from triage import rules
from triage.engine.catalogue import Place
from triage.engine.situation import Incident, Situation
from triage.engine.unknown_place import advise

# Incidents: milliseconds with a place and without one.
BOUNDS = {1: (0.15, 2), 100: (1.5, 20), 1_000: (20, 50)}
TIMES = {1: 200, 100: 40, 1_000: 8}
NEED = "police-emergency"


def spread(many: int) -> tuple[Incident, ...]:
    """Faults of 999 and 101, force after force, as on a day on which everything fails."""
    areas = cycle(rules.rulebook().catalogue.areas.values())
    found = enumerate(islice(areas, many))
    return tuple(
        replace(
            incident("999" if n % 2 else "101", scope=scope(f"police:{area.police}")), id=f"i-{n}"
        )
        for n, area in found
    )


def milliseconds(place: Place | None, incidents: tuple[Incident, ...]) -> float:
    """The median of several, none of them helped by the one before it."""
    times = []
    for _ in range(TIMES[len(incidents)]):
        asked = Situation(NOON, NEED, place, incidents=incidents)
        begun = time.thread_time()
        advise(rules.rulebook(), asked)
        times.append(time.thread_time() - begun)
    return statistics.median(times) * 1e3


def run() -> None:
    print("\nAdvice, one thread, median" + " " * 63 + "goal")
    kent = rules.rulebook().catalogue.place("kent")
    for many, (placed, unplaced) in BOUNDS.items():
        known = spread(many)
        here, anywhere = milliseconds(kent, known), milliseconds(None, known)
        row(f"{many:,} incidents: place known; not known",
            f"{here:.2f}; {anywhere:.1f} ms", f"≤ {placed}; {unplaced} ms")  # fmt: skip
