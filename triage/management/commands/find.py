"""`manage.py find WORDS`: the candidate areas of a postcode, town, council or service, as JSON.

`find -` reads one JSON object a line, {"q": "…"}, and prints one JSON line for each. A line that
cannot be read is answered by an error line in its place, and the exit code is 2 at the end.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import rules
from triage.places import Finder, as_json

WRONG = 2
EXPECTED = 'write one object a line: {"q": "EC2V 7HH"}'


class BadLine(Exception):
    """A line that is not a question; the message says what is wrong."""


class Command(BaseCommand):
    help = "Print the candidate areas for words, or for each JSON line of standard input, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", help="a postcode, town, council or service; or - for input")

    def handle(self, *args: Any, **options: Any) -> None:
        finder = rules.finder()
        if options["words"] != "-":
            self.stdout.write(_json(as_json(finder.find(options["words"]))))
            return
        wrong = 0
        for answer, fine in answers(_lines(), finder):
            self.stdout.write(answer)
            wrong += not fine
        self.stdout.flush()
        if wrong:
            raise CommandError(f"{wrong} lines could not be read: {EXPECTED}", returncode=WRONG)


def answers(lines: Iterator[tuple[int, bytes]], finder: Finder) -> Iterator[tuple[str, bool]]:
    """One JSON line for each line that is not blank, and whether it was a question."""
    for number, line in lines:
        try:
            yield _json(as_json(finder.find(_words(line)))), True
        except BadLine as bad:
            error = {"what": str(bad), "where": f"line {number}", "do": EXPECTED}
            yield _json({"error": error}), False


def _lines() -> Iterator[tuple[int, bytes]]:
    source = getattr(sys.stdin, "buffer", None)
    for number, line in enumerate(source or sys.stdin, 1):
        raw = line if isinstance(line, bytes) else line.encode()
        if raw.strip():
            yield number, raw


def _words(line: bytes) -> str:
    """The words of a line. Raises BadLine."""
    try:
        asked = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadLine("is not UTF-8 text") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadLine(f"is not JSON: {getattr(error, 'msg', 'it nests too deep')}") from error
    if not isinstance(asked, dict):
        raise BadLine("is not an object")
    if extra := sorted(set(asked) - {"q"}):
        raise BadLine(f'key "{extra[0]}" is unknown: find takes "q" alone')
    if not isinstance(asked.get("q"), str):
        raise BadLine('"q" is missing or not text')
    words: str = asked["q"]
    return words


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
