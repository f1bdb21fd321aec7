"""`manage.py search WORDS`: where plain words lead, as JSON (embed-and-api.md).

`search -` reads one JSON object a line, {"q": "…", "nation": "…", "lang": "…"}, and prints one
JSON line for each (json_lines.py). A line may leave out what the command line says. `--why` adds
what the first result and the danger would lose without each word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import clock, json_lines
from triage.engine.catalogue import Lang, Nation
from triage.json_lines import JsonLineError
from triage.seeds.problems import did_you_mean
from triage.web.context.search_query import QueryTooLongError, as_json, search, why

V = TypeVar("V", Nation, Lang)

EXAMPLE = '{"q": "loud music", "nation": "wales", "lang": "cy"}'
KEYS = ("q", "nation", "lang")


class Command(BaseCommand):
    help = "Print where plain words lead, for words or for each JSON line of input, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", help='plain words, such as "loud music"; or - for input')
        parser.add_argument("--nation", help=f"one of {_listed(Nation)}; without one, the UK")
        parser.add_argument("--why", action="store_true", help="say which words led there")
        parser.add_argument("--lang", help=f"the language of titles: one of {_listed(Lang)}")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {key: options[key] for key in KEYS if options.get(key) is not None}
        if options["words"] == "-":
            self._lines(given)
            return
        try:
            answer = _answer({"q": options["words"], **given})
            if options["why"]:
                answer["why"] = why(options["words"])
            self.stdout.write(json_lines.as_line(answer))
        except JsonLineError as bad:
            raise CommandError(str(bad), returncode=json_lines.WRONG) from bad

    def _lines(self, given: json_lines.Question) -> None:
        wrong = 0
        source = json_lines.standard_input()
        for line, fine in json_lines.answers(
            source, lambda q: _answer({**given, **q}), KEYS, EXAMPLE
        ):
            self.stdout.write(line)
            wrong += not fine
        if wrong:
            told = f"{wrong} lines could not be read: {json_lines.how(EXAMPLE)}"
            raise CommandError(told, returncode=json_lines.WRONG)


def _answer(asked: json_lines.Question) -> dict[str, Any]:
    """The results. Raises JsonLineError."""
    words = json_lines.text_of(asked)
    nation = _closed("nation", asked.get("nation"), Nation)
    lang = _closed("lang", asked.get("lang"), Lang) or Lang.EN
    try:
        return as_json(search(words, nation, lang, clock.now()))
    except QueryTooLongError as error:
        raise JsonLineError(f'"q": {error}: write it in fewer words') from error


def _closed(key: str, value: object, allowed: type[V]) -> V | None:
    if value is None:
        return None
    known = [str(v) for v in allowed]
    if not isinstance(value, str) or value not in known:
        hint = did_you_mean(value, known) if isinstance(value, str) else ""
        raise JsonLineError(f'{key} "{value}" is unknown.{hint} It takes {_listed(allowed)}.')
    return allowed(value)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(v) for v in values)
