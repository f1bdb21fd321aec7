"""A point -> the areas it may lie in, from simplified boundaries of the police forces.

The boundaries are a guide, not a legal line: near one, both sides are offered. Inside a force with
several areas the nearest postcode districts decide, and where they differ all theirs are offered.
One text file in seeds/places/; `manage.py import_boundaries` makes it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

FILE = "boundaries.json"
ATTRIBUTION = (
    "Contains OS data © Crown copyright and database right 2021, 2025. Contains Royal Mail data © "
    "Royal Mail copyright and database right 2025. Contains National Statistics data © Crown "
    "copyright and database right 2025. Contains LPS Intellectual Property © Crown copyright and "
    "database right 2020. Open Government Licence v3.0. Simplified; a guide, not a legal boundary."
)
# Metres. Within BORDER of another force, or within the fix's own accuracy, both are offered. Piers,
# harbours and islets lie up to SHORE off the simplified coast; up to SEA off it somebody is at sea.
BORDER, SHORE, SEA = 500.0, 2_000.0, 80_000.0
# In Northern Ireland's box the line is a land border: a place beyond it is not claimed.
SHORE_NI = 250.0
NORTHERN_IRELAND = (-8.3, 54.0, -5.3, 55.4)
# Land round the UK that is not the UK's (west, south, east, north), and the place it is there. The
# boxes hold some water too: somebody there is told of the land.
LANDS = (
    ("isle-of-man", (-4.9, 54.0, -4.2, 54.45)),
    ("jersey", (-2.3, 48.9, -1.95, 49.3)),
    ("guernsey", (-2.8, 49.3, -2.0, 49.8)),
    ("ireland", (-10.8, 51.3, -5.9, 55.45)),
    ("gibraltar", (-5.37, 36.1, -5.33, 36.16)),
    ("abroad", (-5.5, 47.0, -1.0, 49.75)),
    ("abroad", (-1.0, 47.0, 1.55, 50.2)),
    ("abroad", (1.4, 47.0, 9.0, 51.25)),
)
# A phone that knows no more than this (metres) has found no area.
WORST = 50_000.0
NEAREST = 3
_DEGREE = 111_195.0
Box = tuple[float, float, float, float]


class FixPlace(StrEnum):
    """Where a fix lies."""

    INSIDE = "inside"
    SEA = "sea"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Fix:
    """What a point gave: area slugs, likeliest first, certain where there is one alone; or the
    place outside the UK that it is."""

    where: FixPlace
    areas: tuple[str, ...] = ()
    outside: str = "abroad"


@dataclass(frozen=True)
class _Force:
    slug: str
    box: Box
    rings: tuple[array[int], ...]


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Rings of each force in thousandths of a degree, and the middles of postcode districts."""

    forces: tuple[_Force, ...] = ()
    districts: tuple[tuple[float, float, tuple[str, ...]], ...] = ()
    areas_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, lat: float, lon: float, accuracy: float = 0.0) -> Fix:
        """The areas of a point in degrees (WGS84), right to `accuracy` metres."""
        reach = max(BORDER, min(accuracy, WORST))
        near = sorted(self._near(lat, lon, max(reach, SHORE)))
        nearest = near[0][0] if near else float("inf")
        if nearest > self._shore(lat, lon):
            return self._off_land(lat, lon, reach)
        forces = [force for far, force in near if far <= max(reach, nearest)]
        return Fix(FixPlace.INSIDE, self._areas(lat, lon, forces, reach))

    def _off_land(self, lat: float, lon: float, reach: float) -> Fix:
        """A point on no land of the UK: another land, or the sea with the nearest coast."""
        for place, box in LANDS:
            if _within(box, lat, lon):
                return Fix(FixPlace.OUTSIDE, outside=place)
        near = sorted(self._near(lat, lon, SEA))
        if not near:
            return Fix(FixPlace.OUTSIDE)
        return Fix(FixPlace.SEA, self._areas(lat, lon, [near[0][1]], reach))

    def _shore(self, lat: float, lon: float) -> float:
        return SHORE_NI if _within(NORTHERN_IRELAND, lat, lon) else SHORE

    def _near(self, lat: float, lon: float, reach: float) -> Iterator[tuple[float, str]]:
        """How far every force is that is within reach; 0 where the point lies in it."""
        up, across = reach / _DEGREE, reach / (_DEGREE * cos(radians(lat)))
        for force in self.forces:
            west, south, east, north = force.box
            inside = west - across <= lon <= east + across and south - up <= lat <= north + up
            if inside and (far := _distance(force, lat, lon)) <= reach:
                yield far, force.slug

    def _areas(
        self, lat: float, lon: float, forces: Iterable[str], reach: float
    ) -> tuple[str, ...]:
        found = [a for force in forces for a in self._of_force(lat, lon, force, reach)]
        return tuple(dict.fromkeys(found))

    def _of_force(self, lat: float, lon: float, force: str, reach: float) -> tuple[str, ...]:
        """The areas of a force, or those of the districts nearest to the point and within reach."""
        areas = self.areas_of[force]
        if len(areas) == 1:
            return areas
        around = sorted(
            (_metres(lat, lon, south, west), own)
            for south, west, own in self.districts
            if set(own) & set(areas)
        )
        near = [own for n, (far, own) in enumerate(around) if n < NEAREST or far <= reach]
        return tuple(dict.fromkeys(a for own in near for a in own if a in areas))


def _within(box: Box, lat: float, lon: float) -> bool:
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def _metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    across = (other_lon - lon) * cos(radians(lat))
    return hypot(across, other_lat - lat) * _DEGREE


def _distance(force: _Force, lat: float, lon: float) -> float:
    """Metres from a point to a force: 0 inside it (the even-odd rule over all its rings)."""
    x, y = lon * 1000, lat * 1000
    scale, inside, best = cos(radians(lat)), False, float("inf")
    for ring in force.rings:
        ax, ay = ring[-2], ring[-1]
        for at in range(0, len(ring), 2):
            bx, by = ring[at], ring[at + 1]
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
            best = min(best, _to_line((ax - x) * scale, ay - y, (bx - x) * scale, by - y))
            ax, ay = bx, by
    return 0.0 if inside else best**0.5 * _DEGREE / 1000


def _to_line(ax: float, ay: float, bx: float, by: float) -> float:
    """The square of how far the origin is from a line."""
    dx, dy = bx - ax, by - ay
    long = dx * dx + dy * dy
    along = min(1.0, max(0.0, -(ax * dx + ay * dy) / long)) if long else 0.0
    px, py = ax + along * dx, ay + along * dy
    return px * px + py * py


def read_boundaries(path: Path, areas_of: Mapping[str, tuple[str, ...]]) -> Boundaries:
    """The boundaries in a file, with the areas of each force. Raises OSError and ValueError."""
    data = json.loads(path.read_text(encoding="utf-8"))
    forces = tuple(_force(slug, rings) for slug, rings in data["forces"].items())
    districts = tuple((lat, lon, tuple(areas)) for lat, lon, areas in data["districts"])
    return Boundaries(forces, districts, areas_of)


def _force(slug: str, packed: list[list[int]]) -> _Force:
    """A force from rings of steps: each point is told by how far it is from the one before."""
    rings = []
    for steps in packed:
        ring, x, y = array("i"), 0, 0
        for at in range(0, len(steps), 2):
            x, y = x + steps[at], y + steps[at + 1]
            ring.extend((x, y))
        rings.append(ring)
    xs = [x for ring in rings for x in ring[::2]]
    ys = [y for ring in rings for y in ring[1::2]]
    box = (min(xs) / 1000, min(ys) / 1000, max(xs) / 1000, max(ys) / 1000)
    return _Force(slug, box, tuple(rings))


def packed(geojson: Mapping[str, Any], districts: Iterable[tuple[float, float, list[str]]]) -> str:
    """The text of the file from polygons of forces (GeoJSON, WGS84, `slug` in each one's
    properties) and middles of postcode districts with their areas. Raises KeyError."""
    lines = [
        f"{json.dumps(f['properties']['slug'])}:{json.dumps(_steps(f), separators=(',', ':'))}"
        for f in sorted(geojson["features"], key=lambda f: str(f["properties"]["slug"]))
    ]
    points = [json.dumps(d, separators=(",", ":")) for d in districts]
    head = f'{{"attribution":{json.dumps(ATTRIBUTION, ensure_ascii=False)},\n"forces":{{\n'
    return head + ",\n".join(lines) + '\n},\n"districts":[\n' + ",\n".join(points) + "\n]}\n"


def _steps(feature: Mapping[str, Any]) -> list[list[int]]:
    shape = feature["geometry"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [_ring(ring) for polygon in polygons for ring in polygon]


def _ring(ring: list[list[float]]) -> list[int]:
    steps, x, y = [], 0, 0
    for lon, lat in ring[:-1] if ring[0] == ring[-1] else ring:
        east, north = round(lon * 1000), round(lat * 1000)
        steps += [east - x, north - y]
        x, y = east, north
    return steps
