"""manage.py restore FILE: a backup into an empty database, proved before it counts."""

from __future__ import annotations

import gzip
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outage.audit import backup


class Command(BaseCommand):
    help = "Restore what backup wrote: FILE, or plain lines from standard input (-)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            if file == "-":
                head = backup.restore(sys.stdin)
            else:
                with gzip.open(file, "rt", encoding="utf-8", newline="\n") as lines:
                    head = backup.restore(lines)
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        except backup.BackupError as error:
            raise CommandError(f"{error} Nothing was written.") from error
        self.stdout.write(f"Restored and proved: {head.events} events, as of {head.at}.")
        if head.key != backup.fingerprint():
            self.stdout.write(
                f"DJANGO_SECRET_KEY is another one here ({backup.fingerprint()}, then {head.key}): "
                "second factors cannot be opened with it. Give the old one."
            )
