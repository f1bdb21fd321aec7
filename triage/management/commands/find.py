"""`manage.py find WORDS`: the candidate areas of a postcode, town, council or service, as JSON.

`find -` reads one JSON object a line, {"q": "…"}, and prints one JSON line for each
(json_lines.py). `find --tables FOLDER` asks for every row of prepared tables of postcodes and
counts the rows that give other areas than their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import json_lines, rules
from triage.places.finder import as_json
from triage.places.postcode_check import table_check

EXAMPLE = '{"q": "EC2V 7HH"}'


class Command(BaseCommand):
    help = "Print the candidate areas for words, or for each JSON line of standard input, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        what = "a postcode, town, council or service; or - for input"
        parser.add_argument("words", nargs="?", help=what)
        parser.add_argument("--tables", type=Path, help="check the postcodes against these tables")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["tables"]:
            self._check(options["tables"])
            return
        if options["words"] is None:
            raise CommandError("give words, - or --tables FOLDER", returncode=json_lines.WRONG)
        if options["words"] != "-":
            self.stdout.write(json_lines.as_line(_answer({"q": options["words"]})))
            return
        wrong = 0
        for line, fine in json_lines.answers(json_lines.standard_input(), _answer, ("q",), EXAMPLE):
            self.stdout.write(line)
            wrong += not fine
        if wrong:
            told = f"{wrong} lines could not be read: {json_lines.how(EXAMPLE)}"
            raise CommandError(told, returncode=json_lines.WRONG)

    def _check(self, folder: Path) -> None:
        try:
            told, wrong = table_check(folder, rules.finder())
        except (OSError, KeyError) as error:
            raise CommandError(f"{folder}: {error}", returncode=json_lines.WRONG) from error
        self.stdout.write(told)
        if wrong:
            raise CommandError("\n".join(wrong[:20]), returncode=json_lines.WRONG)


def _answer(asked: json_lines.Question) -> object:
    """The candidates. Raises JsonLineError."""
    return as_json(rules.finder().find(json_lines.text_of(asked)))
