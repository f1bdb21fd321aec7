"""Say that this database counts, although the public was shown a newer one that is lost.

Nodes do not believe a database that is older than what they have shown (bulletin.py). Restore what
was lost if you can; this is for when nothing is left to restore.
"""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outage import bulletin
from outage.audit import archive
from outage.publish import loader
from outage.statements.public_values import Bulletin
from triage import clock


class Command(BaseCommand):
    help = "Let the public read this database, although a newer one was shown and is lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--shown", type=int, help="the version that a node logs; default: this node's own copy"
        )
        parser.add_argument("--yes", action="store_true", help="do it")

    def handle(self, *args: Any, shown: int | None, yes: bool, **options: Any) -> None:
        copy, held = bulletin.copied(), loader.bulletin_loader().bulletin(clock.now())
        passed = copy.version if shown is None else shown
        if held.version >= passed:
            raise CommandError(f"There is nothing to accept: this database holds {_said(held)}.")
        self.stdout.write(f"This database holds {_said(held)}.")
        self.stdout.write(f"This node's own copy of what was shown holds {_said(copy)}.")
        if not yes:
            raise CommandError(
                "Nothing was done. With --yes the public reads what this database holds and "
                "nothing of what was lost. Restore that first if you can: restore_record."
            )
        version = archive.outrank(passed, getpass.getuser(), clock.now())
        self.stdout.write(f"The public now reads this database, as version {version}.")


def _said(found: Bulletin) -> str:
    named = ", ".join(sorted({i.id for i in found.incidents})) or "nothing in force"
    return f"version {found.version} ({named})"
