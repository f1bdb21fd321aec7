"""`manage.py nations`: need by nation, as comma separated values: owner, number, hours, how sure.

Fails where a cell has neither a way nor a reason.
"""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from triage import rules
from triage.seeds.nations_table import Cell, nations_table


class Command(BaseCommand):
    help = "Print who is first for each need in each nation, with number, hours and certainty."

    def handle(self, *args: Any, **options: Any) -> None:
        cells = list(nations_table(rules.rulebook()))
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([f.name for f in fields(Cell)])
        writer.writerows(astuple(cell) for cell in cells)
        self.stdout.write(out.getvalue(), ending="")
        if empty := [f"{c.need} in {c.nation}" for c in cells if not c.reach]:
            raise CommandError(f"neither a way nor a reason: {', '.join(empty)}")
