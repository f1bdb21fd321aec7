"""`manage.py import_gazetteer PATH`: a table of places -> seeds/places/gazetteer.txt.

The table has a row a place: name, other_names, kind, gss, area, weight, certainty (CSV, or CSV
packed with xz). Universities are left out: the licence of their list was not read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import rules
from triage.places.gazetteer import FILE, Gazetteer, GazetteerError, made_from

WRONG = 2


class Command(BaseCommand):
    help = "Make the gazetteer of seeds/places/ from a table of places (CSV or CSV.XZ)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a table of places")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = made_from(options["path"])
            rows = sum(1 for _ in Gazetteer(text).rows(rules.rulebook().catalogue))
        except (GazetteerError, OSError) as refused:
            raise CommandError(f"{refused}. Nothing was written.", returncode=WRONG) from refused
        path = settings.SEEDS_DIR / "places" / FILE
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"{rows:,} places in {path.name}, {path.stat().st_size / 1024:,.0f} KB.")
