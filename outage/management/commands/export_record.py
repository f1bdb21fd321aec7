"""The whole record, as JSON (which restore_record reads) or as CSV."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from outage.audit import archive


class Command(BaseCommand):
    help = "Print the whole record as JSON, or as CSV for a spreadsheet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--form", choices=["json", "csv"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        out = StringIO()
        (archive.to_csv if options["form"] == "csv" else archive.to_json)(out)
        self.stdout.write(out.getvalue(), ending="")
