"""`manage.py find WORDS`: the candidate areas of a postcode, town, council or service, as JSON.

`find -` reads one JSON object a line, {"q": "…"}, and prints one JSON line for each
(json_lines.py).
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import json_lines, rules
from triage.places.finder import as_json

EXAMPLE = '{"q": "EC2V 7HH"}'


class Command(BaseCommand):
    help = "Print the candidate areas for words, or for each JSON line of standard input, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", help="a postcode, town, council or service; or - for input")

    def handle(self, *args: Any, **options: Any) -> None:
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


def _answer(asked: json_lines.Question) -> object:
    """The candidates. Raises JsonLineError."""
    return as_json(rules.finder().find(json_lines.text_of(asked)))
