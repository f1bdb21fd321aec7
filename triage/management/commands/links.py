"""`manage.py links`: asks every address that the public is shown, and reports by owner.

Run it from a machine that may reach other people's sites. `--list` asks nothing and prints them.
Ends with 1 where something is wrong; its day stands in `facts --due`.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import clock, links, rules
from triage.links import LinkAnswer


class Command(BaseCommand):
    help = "Look at every address that the public is shown, and report by owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", action="store_true", help="print them, and ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(links.shown_links(rules.rulebook()))
        if options["list"]:
            for link in found:
                self.stdout.write(f"{link.url}  {link.shown_by}  {link.owner}")
            return
        answers = list(links.check(found, links.ask))
        links.keep(clock.now().date(), answers)
        wrong = sorted((a for a in answers if a.problem), key=_owner)
        for owner, own in groupby(wrong, key=_owner):
            self.stdout.write(f"# {owner}")
            for answer in own:
                told = f"{answer.link.url}  {answer.link.shown_by}  {answer.problem}"
                self.stdout.write(told)
        if wrong:
            raise CommandError(f"{len(wrong)} of {len(found)} links are wrong")
        self.stdout.write(f"all {len(found)} links answer")


def _owner(answer: LinkAnswer) -> str:
    return answer.link.owner
