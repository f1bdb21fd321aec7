"""`manage.py import_boundaries FORCES OUTCODES`: makes seeds/places/boundaries.json.

FORCES are polygons of the police forces (GeoJSON), OUTCODES postcode districts with their middles
(CSV: outcode, lat, lon, areas).
Of the districts, those of forces with several areas are kept: there they tell the area.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import rules
from triage.places.boundaries import FILE, packed

WRONG = 2


class Command(BaseCommand):
    help = "Make the boundaries of seeds/places/ from polygons of forces and postcode districts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("forces", type=Path, help="polygons of the police forces (GeoJSON)")
        parser.add_argument("outcodes", type=Path, help="postcode districts (CSV)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            polygons = json.loads(options["forces"].read_text(encoding="utf-8"))
            text = packed(polygons, _districts(options["outcodes"]))
        except (OSError, ValueError, KeyError) as refused:
            raise CommandError(f"{refused!r}. Nothing was written.", returncode=WRONG) from refused
        path = settings.SEEDS_DIR / "places" / FILE
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(polygons['features'])} forces, {path.stat().st_size // 1024} KB.")


def _districts(path: Path) -> Iterator[tuple[float, float, list[str]]]:
    several = {a for areas in rules.areas_of_forces().values() if len(areas) > 1 for a in areas}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            areas = row["areas"].split("|")
            if several & set(areas):
                yield round(float(row["lat"]), 3), round(float(row["lon"]), 3), areas
