"""manage.py mirror DIR: writes the public pages as files, and with --watch keeps them up."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from time import sleep
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError

from outage import bulletin
from triage import checks, clock, rules
from triage.web.edition_cache import EditionCache
from triage.web.editions import Watch
from triage.web.mirror import Mirror, NotAMirror
from triage.web.serving import MEGABYTE, origin

# All pages stay in memory, so that a round renders only what an edition changed.
_LIMIT = 512 * MEGABYTE
# Seconds between two looks at what is in force.
_EVERY = 0.2


class Command(BaseCommand):
    help = "Writes the public pages of the current editions into a folder, ready to be served."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--watch", action="store_true", help="go on, with every publication")

    def handle(self, *args: Any, folder: Path, watch: bool, **options: Any) -> None:
        try:
            checks.refuse_on_problems()
        except checks.WontStart as problems:
            raise CommandError(str(problems)) from problems
        bulletin.watch()
        editions = Watch(rules.rulebook)
        pages = EditionCache(WSGIHandler(), editions, {}, _LIMIT, origin())
        try:
            mirror = Mirror(folder, pages, editions, tuple(rules.rulebook().catalogue.areas))
        except NotAMirror as error:
            raise CommandError(str(error)) from error
        while True:
            # Taken before the round: what is published during it makes another one.
            before = editions.now()
            self._round(mirror)
            if not watch:
                return
            while editions.now() is before:
                sleep(_EVERY)

    def _round(self, mirror: Mirror) -> None:
        begun = clock.steady()
        try:
            done = mirror.round()
        except OSError as error:
            raise CommandError(f"the mirror could not be written: {error}") from error
        self.stdout.write(
            f"{done.pages} pages, {done.written} written, {done.removed} removed, "
            f"{clock.steady() - begun:.1f} s"
        )
        self.stdout.flush()
