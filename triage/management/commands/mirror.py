"""manage.py mirror DIR: writes the public pages as files, and with --watch keeps them up."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError

from outage import bulletin
from triage import checks, rules
from triage.web.cache.mirror import Mirror, MirrorFolderError, Round
from triage.web.cache.wsgi import EditionCache
from triage.web.context.snapshot import Watch
from triage.web.ops.startup import MEGABYTE, origin
from triage.web.widget.frame import EVERYDAY

# All pages stay in memory, so that a round renders only what an edition changed.
_LIMIT = 512 * MEGABYTE
# Seconds between two looks at what is in force.
_EVERY = 0.2


class Command(BaseCommand):
    help = "Writes the public pages of the current editions into a folder, ready to be served."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--watch", action="store_true", help="go on, with every publication")
        parser.add_argument("--area", action="append", default=[], help="only this one; repeatable")

    def handle(
        self, *args: Any, folder: Path, watch: bool, area: list[str], **options: Any
    ) -> None:
        known = rules.rulebook().catalogue.areas
        if wrong := [slug for slug in area if slug not in known]:
            raise CommandError(f"no area is called {', '.join(wrong)}")
        try:
            checks.refuse_on_problems()
        except checks.StartError as problems:
            raise CommandError(str(problems)) from problems
        bulletin.watch()
        editions = Watch(rules.rulebook)
        pages = EditionCache(WSGIHandler(), editions, {}, _LIMIT, origin())
        try:
            needs = (*rules.rulebook().emergencies, EVERYDAY)
            mirror = Mirror(folder, pages, editions, tuple(area or known), needs)
        except MirrorFolderError as error:
            raise CommandError(str(error)) from error
        try:
            for done in mirror.rounds(_EVERY):
                self._say(done)
                if not watch:
                    return
        except OSError as error:
            raise CommandError(f"the mirror could not be written: {error}") from error

    def _say(self, done: Round) -> None:
        self.stdout.write(
            f"{done.pages} pages, {done.written} written, {done.removed} removed, "
            f"{done.seconds:.1f} s"
        )
        self.stdout.flush()
