"""An incident's timeline as a picture: where each moment stands on a line. Pure geometry.

The same moments stand beside it as text; the picture is never the only place of a fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outage.bulletin import Story

WIDTH = 360
MARGIN = 24
NEAR = 26
STEP = 28


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
    entries = sorted(story.entries, key=lambda e: e.at)
    if not entries:
        return ()
    first, last = entries[0].at, max(entries[-1].at, story.ended_at or entries[-1].at)
    span = max((last - first).total_seconds(), 1.0)
    points: list[Point] = []
    for number, entry in enumerate(entries, 1):
        share = (entry.at - first).total_seconds() / span
        x = round(MARGIN + share * (WIDTH - 2 * MARGIN))
        points.append(Point(x, _lift(points, x), entry.at, entry.kind, number))
    return tuple(points)


def picture(story: Story) -> dict[str, object]:
    """The picture's measures: a row for each step up, and where the line lies."""
    points = timeline(story)
    rows = max((p.y for p in points), default=0) + 1
    base = rows * STEP + 24
    placed = [
        {"x": p.x, "top": base - 22 - p.y * STEP, "text": base - 18 - p.y * STEP, "kind": p.kind,
         "number": p.number}
        for p in points
    ]  # fmt: skip
    return {"points": placed, "base": base, "height": base + 8}


def entries(story: Story) -> list[dict[str, object]]:
    """The moments as text, newest first, under the numbers of the picture."""
    oldest_first = sorted(story.entries, key=lambda e: e.at)
    return [
        {"number": number, "at": e.at, "iso": e.at.isoformat(), "kind": e.kind,
         "kind_key": f"entry-{e.kind}", "words": e.words, "issuer": e.issuer,
         "source": e.source, "source_url": e.source_url}
        for number, e in reversed(list(enumerate(oldest_first, 1)))
    ]  # fmt: skip


def _lift(points: list[Point], x: int) -> int:
    """0, or one step up for each neighbour that stands at the same place."""
    close = [p for p in points if abs(p.x - x) < NEAR]
    return max((p.y for p in close), default=-1) + 1 if close else 0
