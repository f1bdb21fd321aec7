"""An incident's timeline as a picture: where each moment stands on a line. Pure geometry.

A few moments are numbered circles; many are dots. A pause longer than an hour is drawn as one hour
with a break in the line: what is said of an incident years later must not squeeze its day to a
point. The same moments stand beside it as text; the picture is never the only place of a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from outage.bulletin import Story
from triage.engine.catalogue import Lang

WIDTH = 360
MARGIN = 24
LONGEST = 3600.0  # seconds: a longer pause is drawn as long as this


@dataclass(frozen=True)
class Mark:
    """How a moment is drawn, in units of the picture: its radius, and how far marks keep apart."""

    radius: int
    near: int
    step: int


NUMBERED = Mark(11, 26, 28)
DOT = Mark(4, 10, 10)
# So many moments still have room for their numbers.
FEW = 12
# So many marks may stand above each other; those of the same moment go on beside them.
HIGHEST = 12


@dataclass(frozen=True)
class Point:
    """A moment on the line: x in units of the picture, y lifted where points would touch."""

    x: int
    y: int
    at: datetime
    kind: str
    number: int


def timeline(story: Story) -> tuple[Point, ...]:
    """The moments of a story, oldest first, spread over the width."""
    told = sorted(story.entries, key=lambda e: e.at)
    mark = mark_of(len(told))
    points: list[Point] = []
    for number, (entry, x) in enumerate(zip(told, _places([e.at for e in told]), strict=True), 1):
        x, y = _room(points, x, mark)
        points.append(Point(x, y, entry.at, entry.kind, number))
    return tuple(points)


def mark_of(moments: int) -> Mark:
    return NUMBERED if moments <= FEW else DOT


def _places(times: Sequence[datetime]) -> list[int]:
    """Where moments stand from left to right, with long pauses cut."""
    passed = [0.0]
    for before, after in pairwise(times):
        passed.append(passed[-1] + min((after - before).total_seconds(), LONGEST))
    whole = max(passed[-1], 1.0)
    return [round(MARGIN + p / whole * (WIDTH - 2 * MARGIN)) for p in passed[: len(times)]]


def picture(story: Story) -> dict[str, object]:
    """The picture's measures: a row for each step up, where the line lies and where it breaks."""
    points = timeline(story)
    mark = mark_of(len(points))
    base = max((p.y for p in points), default=0) * mark.step + mark.radius * 4 + 8
    placed = [
        {"x": p.x, "top": base - 2 * mark.radius - p.y * mark.step,
         "text": base - 2 * mark.radius + 4 - p.y * mark.step, "kind": p.kind, "number": p.number}
        for p in points
    ]  # fmt: skip
    breaks = [
        (a.x + b.x) // 2 for a, b in pairwise(points) if (b.at - a.at).total_seconds() > LONGEST
    ]
    return {"points": placed, "base": base, "height": base + 10, "breaks": breaks,
            "radius": mark.radius, "numbered": mark is NUMBERED}  # fmt: skip


def entries(story: Story, lang: Lang) -> list[dict[str, object]]:
    """The moments as text, newest first, under the numbers of the picture."""
    oldest_first = sorted(story.entries, key=lambda e: e.at)
    return [
        {"number": number, "at": e.at, "iso": e.at.isoformat(), "kind": e.kind,
         "kind_key": f"entry-{e.kind}", "words": e.words, "issuer": e.said_by(lang),
         "source": e.source, "source_url": e.source_url}
        for number, e in reversed(list(enumerate(oldest_first, 1)))
    ]  # fmt: skip


def _room(points: Sequence[Point], x: int, mark: Mark) -> tuple[int, int]:
    """Where a mark stands: above its neighbours, or beside them where they stand high already."""
    y = _lift(points, x, mark)
    while y >= HIGHEST and x + mark.near <= WIDTH - MARGIN:
        x += mark.near
        y = _lift(points, x, mark)
    return x, y


def _lift(points: Sequence[Point], x: int, mark: Mark) -> int:
    """The lowest step on which no neighbour stands."""
    taken = {p.y for p in points if abs(p.x - x) < mark.near}
    return next(y for y in range(len(taken) + 1) if y not in taken)
