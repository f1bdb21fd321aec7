"""manage.py backup FILE: the whole database, to be restored into any other by restore."""

from __future__ import annotations

import gzip
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outage.audit import backup
from triage import clock


class Command(BaseCommand):
    help = (
        "Write the whole database into one file, packed, readable by its owner alone; or, as plain "
        "lines, to standard output (-). The key that seals second factors is not in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        if file == "-":
            backup.write(sys.stdout, clock.now())
            return
        # Beside it, then in its place: a backup that was cut short never bears the name of one.
        fresh = Path(f"{file}.new")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with (
                os.fdopen(descriptor, "wb") as raw,
                gzip.open(raw, "wt", encoding="utf-8", newline="\n") as out,
            ):
                backup.write(out, clock.now())
                raw.flush()
                os.fsync(raw.fileno())
            fresh.replace(file)
        except OSError as error:
            raise CommandError(f"{file} could not be written: {error}") from error
        self.stdout.write(
            f"Written: {file}. Keep DJANGO_SECRET_KEY elsewhere: its fingerprint is "
            f"{backup.fingerprint()}."
        )
