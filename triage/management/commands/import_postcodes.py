"""`manage.py import_postcodes PATH`: OS Code-Point Open, or prepared tables, -> the local store.

Everything is read and checked first; then the store is replaced by rename, and what the newer one
changes is said. A running site notices within a second of the next look-up. Where a file is wrong,
nothing changes and the exit code is 2. The store that ships with the project is made by
`import_postcodes PATH --to seeds/places`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import clock, rules
from triage.places.postcode_files import Imported, PostcodeFilesError, read
from triage.places.postcodes import changes, load, write

WRONG = 2
BAR = 30
EVERY_SECONDS = 5.0


class Command(BaseCommand):
    help = "Import postcodes from OS Code-Point Open (zip or folder) or from prepared tables."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a zip, a folder or a CSV file")
        parser.add_argument(
            "--to", type=Path, help="the folder of the store (the data folder if it is not given)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._told = clock.steady()
        folder: Path = options["to"] or settings.DATA_DIR
        old = rules.postcodes()
        try:
            imported = read(options["path"], rules.rulebook().catalogue, self._progress)
            path = write(folder, imported.tables, imported.origin, f"{clock.now().date()}")
        except PostcodeFilesError as refused:
            for fault in refused.faults:
                self.stderr.write(fault)
            raise CommandError("The store of postcodes is as it was.", returncode=WRONG) from None
        except OSError as error:
            told = f"{folder} cannot be written: {error.strerror}. Make room or rights."
            raise CommandError(told, returncode=WRONG) from error
        self._report(imported, path)
        for line in changes(old, load(path, rules.rulebook().catalogue)):
            self.stdout.write(line)

    def _progress(self, done: int, total: int, name: str) -> None:
        """A bar on a terminal; elsewhere a line every few seconds."""
        if self.stderr.isatty():
            bar = "#" * (BAR * done // total)
            end = "" if done < total else "\n"
            self.stderr.write(f"\r[{bar:<{BAR}}] {done}/{total} {name:<24.24}", ending=end)
            self.stderr.flush()
        elif done == total or clock.steady() - self._told >= EVERY_SECONDS:
            self._told = clock.steady()
            self.stderr.write(f"{done} of {total} files read")

    def _report(self, imported: Imported, path: Path) -> None:
        tables = imported.tables
        self.stdout.write(
            f"Imported {tables.postcodes:,} postcodes in {len(tables.outcodes):,} outcodes from "
            f"{imported.files} files of {imported.origin}: {path.name}, "
            f"{path.stat().st_size / 1024:,.0f} KB."
        )
        for line in _left_out(imported):
            self.stdout.write(line)
        known = {k for a in rules.rulebook().catalogue.areas.values() for k in a.postcode_letters}
        if missing := sorted(known - tables.letters - {"BT"}):
            self.stdout.write(
                f"No postcodes of {len(missing)} sets of letters ({', '.join(missing[:12])}"
                f"{', …' if len(missing) > 12 else ''}): there the letters alone give candidates."
            )


def _left_out(imported: Imported) -> list[str]:
    told = []
    if imported.unknown_councils:
        told.append(
            f"Left out {imported.unknown_councils.total():,} postcodes of councils that "
            "seeds/areas.toml does not know (give their codes as `was` of the council of today):"
        )
        told += [f"  {code}: {n:,}" for code, n in sorted(imported.unknown_councils.items())]
    if imported.without_council:
        told.append(f"Left out {imported.without_council:,} postcodes that name no council.")
    if imported.elsewhere:
        told.append(f"Left out {imported.elsewhere:,} whose letters alone say where they are.")
    return told
