"""`manage.py search WORDS`: where plain words lead, as JSON (embed-and-api.md).

`search -` reads one JSON object a line, {"q": "…", "nation": "…", "lang": "…"}, and prints one
JSON line for each. A line that cannot be read is answered by an error line in its place, and the
exit code is 2 at the end.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import clock
from triage.engine.catalogue import Lang, Nation
from triage.seeds.faults import did_you_mean
from triage.web.search import TooLong, as_json, search

V = TypeVar("V", Nation, Lang)

WRONG = 2
EXPECTED = 'write one object a line: {"q": "loud music", "nation": "wales", "lang": "cy"}'
KEYS = ("q", "nation", "lang")


class BadQuestion(Exception):
    """What was asked cannot be read; the message says what is wrong."""


class Command(BaseCommand):
    help = "Print where plain words lead, for words or for each JSON line of input, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", help='plain words, such as "loud music"; or - for input')
        parser.add_argument("--nation", help=f"one of {_listed(Nation)}; without one, the UK")
        parser.add_argument("--lang", help=f"the language of titles: one of {_listed(Lang)}")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["words"] != "-":
            asked = {"q": options["words"], **_given(options)}
            try:
                self.stdout.write(_answer(asked))
            except BadQuestion as bad:
                raise CommandError(str(bad), returncode=WRONG) from bad
            return
        self._lines(_given(options))

    def _lines(self, given: dict[str, Any]) -> None:
        wrong = 0
        for answer, fine in answers(_input(), given):
            self.stdout.write(answer)
            wrong += not fine
        self.stdout.flush()
        if wrong:
            raise CommandError(f"{wrong} lines could not be read: {EXPECTED}", returncode=WRONG)


def answers(
    lines: Iterable[tuple[int, bytes]], given: dict[str, Any]
) -> Iterator[tuple[str, bool]]:
    """One JSON line for each line that is not blank, and whether it was a question. A line may
    leave out what `given` holds."""
    for number, line in lines:
        try:
            yield _answer({**given, **_object(line)}), True
        except BadQuestion as bad:
            error = {"what": str(bad), "where": f"line {number}", "do": EXPECTED}
            yield _json({"error": error}), False


def _answer(asked: dict[str, Any]) -> str:
    """The results as JSON. Raises BadQuestion."""
    words = asked.get("q")
    if not isinstance(words, str):
        raise BadQuestion('"q" is missing or not text')
    nation = _closed("nation", asked.get("nation"), Nation)
    lang = _closed("lang", asked.get("lang"), Lang) or Lang.EN
    try:
        return _json(as_json(search(words, nation, lang, clock.now())))
    except TooLong as error:
        raise BadQuestion(f'"q": {error}: write it in fewer words') from error


def _closed(key: str, value: object, allowed: type[V]) -> V | None:
    if value is None:
        return None
    known = [str(v) for v in allowed]
    if not isinstance(value, str) or value not in known:
        hint = did_you_mean(value, known) if isinstance(value, str) else ""
        raise BadQuestion(f'{key} "{value}" is unknown.{hint} It takes {_listed(allowed)}.')
    return allowed(value)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {key: options[key] for key in KEYS if options.get(key) is not None}


def _input() -> Iterator[tuple[int, bytes]]:
    source = getattr(sys.stdin, "buffer", None)
    for number, line in enumerate(source or sys.stdin, 1):
        raw = line if isinstance(line, bytes) else line.encode()
        if raw.strip():
            yield number, raw


def _object(line: bytes) -> dict[str, Any]:
    """The object of a line. Raises BadQuestion."""
    try:
        asked = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadQuestion("is not UTF-8 text") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadQuestion(f"is not JSON: {getattr(error, 'msg', 'it nests too deep')}") from error
    if not isinstance(asked, dict):
        raise BadQuestion("is not an object")
    if extra := sorted(set(asked) - set(KEYS)):
        hint = did_you_mean(extra[0], KEYS)
        raise BadQuestion(f'key "{extra[0]}" is unknown.{hint} It takes q, nation and lang.')
    return asked


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(v) for v in values)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
