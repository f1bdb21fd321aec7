"""The UK as people know it: one SVG of the police forces' land, marked where something is told.

Made of the finder's own boundaries (seeds/places/), which are simplified and a guide. A force whose
areas are all told the same wears the pattern of that kind; where they differ, their marks alone
stand on it. Pattern and mark say the kind as well as its colour. The list of areas says the
same in words: the picture is never the only place of a fact.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians
from statistics import mean

from django.template.loader import render_to_string

from triage.rules import areas_of_forces, boundaries
from triage.web.http.stylesheet import Style, inline
from triage.web.presenters.faults import FaultKind

# Units of the picture in a degree of latitude: about 1.9 km each.
SCALE = 60
# The meridian that stands upright (degrees east).
MIDDLE = -2.5
MARGIN = 6
# Shetland is drawn nearer, in a box of its own: what lies north of this, so many units south.
SHETLAND, NEARER = 59.45, 84
# Marks stand at least so far apart.
APART = 13.0
CLEAR = "clear"
Spot = tuple[int, int]
# Each area's slug with the kind of its gravest fault, or CLEAR.
AreaKinds = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Land:
    """The outlines of every force as path data, where each area's mark stands, and the size."""

    outlines: Mapping[str, str]
    spots: Mapping[str, Spot]
    box: tuple[int, int, int, int]
    width: int
    height: int


@dataclass(frozen=True)
class UkMap:
    """A drawn map. `mark` is a hash of its bytes: it stands in its address."""

    svg: str
    mark: str
    width: int
    height: int
    policy: str


@lru_cache(maxsize=16)
def uk_map(kinds: AreaKinds) -> UkMap:
    """The map of these kinds, one for each area."""
    land, own, style = _land(), dict(kinds), _style()
    context = {
        "land": land,
        "style": style.text,
        "forces": [(slug, _worn(slug, own), path) for slug, path in land.outlines.items()],
        "marks": list(_marks(land, own)),
    }
    svg = render_to_string("public/map.svg", context)
    mark = hashlib.sha256(svg.encode()).hexdigest()[:10]
    return UkMap(svg, mark, land.width, land.height, style.source)


def _style() -> Style:
    return inline("public/map.css")


def _worn(force: str, kinds: Mapping[str, str]) -> str:
    """The kind that all areas of a force share; CLEAR where they differ."""
    own = {kinds.get(area, CLEAR) for area in areas_of_forces()[force]}
    return own.pop() if len(own) == 1 else CLEAR


def _marks(land: Land, kinds: Mapping[str, str]) -> Iterable[tuple[str, int, int]]:
    """A mark for each area with something to tell, the gravest last so that it lies on top."""
    order = list(map(str, FaultKind))
    told = [(area, kind) for area, kind in kinds.items() if kind in order]
    for area, kind in sorted(told, key=lambda pair: -order.index(pair[1])):
        yield kind, *land.spots[area]


@lru_cache(maxsize=1)
def _land() -> Land:
    rings = {f.slug: [_ring(r) for r in f.rings] for f in boundaries().forces}
    every = [p for own in rings.values() for ring in own for p in ring]
    west, north = min(x for x, _ in every) - MARGIN, min(y for _, y in every) - MARGIN
    east, south = max(x for x, _ in every) + MARGIN, max(y for _, y in every) + MARGIN
    outlines = {slug: "".join(_path(r, west, north) for r in own if len(r) > 2)
                for slug, own in rings.items()}  # fmt: skip
    spots = {a: (x - west, y - north) for a, (x, y) in _spots(rings).items()}
    corner, other = _placed(-2.2, 60.95), _placed(-0.6, 59.47)
    box = (corner[0] - west, corner[1] - north, other[0] - corner[0], other[1] - corner[1])
    return Land(outlines, spots, box, east - west, south - north)


def _placed(lon: float, lat: float) -> Spot:
    """A point (degrees, WGS84) on the picture: meridians lean as they do on maps of the UK."""
    nearer = NEARER if lat > SHETLAND else 0
    x = (lon - MIDDLE) * cos(radians(lat)) * SCALE
    return round(x), round(-lat * SCALE) + nearer


def _ring(flat: Iterable[int]) -> list[Spot]:
    """A ring in whole units, without points that fall together. Neighbours share their points, so
    the line between two is the same for both."""
    found: list[Spot] = []
    values = iter(flat)
    for lon, lat in zip(values, values, strict=True):
        point = _placed(lon / 1000, lat / 1000)
        if not found or found[-1] != point:
            found.append(point)
    return found[:-1] if len(found) > 1 and found[0] == found[-1] else found


def _path(ring: list[Spot], west: int, north: int) -> str:
    (x, y), steps = ring[0], pairwise(ring)
    line = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in steps)
    return f"M{x - west} {y - north}l{line.replace(' -', '-')}z"


def _spots(rings: Mapping[str, list[list[Spot]]]) -> Mapping[str, Spot]:
    """Where each area's mark stands, clear of the others: in the middle of its postcode districts,
    or of the land of a force that is one area."""
    middles = {own[0]: _middle(max(rings[force], key=lambda ring: abs(_moments(ring)[0])))
               for force, own in areas_of_forces().items()}  # fmt: skip
    spots: dict[str, Spot] = {}
    for area, (x, y) in sorted((middles | _of_districts()).items()):
        while any(hypot(x - a, y - b) < APART for a, b in spots.values()):
            y += 1
        spots[area] = (x, y)
    return spots


def _of_districts() -> dict[str, Spot]:
    """The middles of the areas that share a force: the finder knows their postcode districts."""
    own: dict[str, list[tuple[float, float]]] = defaultdict(list)
    shared = {area for areas in areas_of_forces().values() if len(areas) > 1 for area in areas}
    for lat, lon, areas in boundaries().districts:
        if areas[0] in shared:
            own[areas[0]].append((lat, lon))
    return {area: _placed(mean(lon for _, lon in found), mean(lat for lat, _ in found))
            for area, found in own.items()}  # fmt: skip


def _middle(ring: list[Spot]) -> Spot:
    twice, x, y = _moments(ring)
    return round(x / (3 * twice)), round(y / (3 * twice))


def _moments(ring: list[Spot]) -> tuple[int, int, int]:
    """Twice the signed area of a ring, and its moments, by the shoelace formula."""
    twice = x = y = 0
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        cross = ax * by - bx * ay
        twice, x, y = twice + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    return twice, x, y
