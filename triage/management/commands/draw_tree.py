"""`manage.py draw_tree`: the tree of questions as SVG (or --mermaid), on standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import rules, tree_diagram
from triage.engine.catalogue import Lang
from triage.seeds.problems import unknown

WRONG = 2


class Command(BaseCommand):
    help = "Draw the tree of questions, or one branch of it, as SVG or Mermaid."

    def add_arguments(self, parser: CommandParser) -> None:
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--svg", action="store_true", help="a drawing (the default)")
        form.add_argument("--mermaid", action="store_true", help="text for a document")
        parser.add_argument("--lang", choices=[str(lang) for lang in Lang], default="en")
        parser.add_argument("--from", dest="start", metavar="QUESTION", help="only this branch")

    def handle(self, *args: Any, **options: Any) -> None:
        rulebook, start = rules.rulebook(), options["start"]
        if start is not None and start not in rulebook.questions:
            raise CommandError(unknown("question", start, rulebook.questions), returncode=WRONG)
        drawn = (tree_diagram.mermaid if options["mermaid"] else tree_diagram.svg)(
            rulebook, Lang(options["lang"]), start
        )
        self.stdout.write(drawn, ending="")
