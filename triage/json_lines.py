"""Questions as JSON lines -> one JSON line each, for commands that take "-".

A line that cannot be read is answered by an error in its place, and the run goes on. What a
question means, and which keys it has, is the command's business.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from triage.seeds.problems import did_you_mean

WRONG = 2  # what a command exits with where a line could not be read

Question = dict[str, Any]
Lines = Iterable[tuple[int, bytes]]


class JsonLineError(Exception):
    """What was asked cannot be read; the message says what is wrong."""


def numbered(source: TextIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a source that are not blank, as bytes: what is no UTF-8 is told by its line."""
    for number, line in enumerate(getattr(source, "buffer", source), 1):
        raw = line if isinstance(line, bytes) else line.encode()
        if raw.strip():
            yield number, raw


def standard_input() -> Iterator[tuple[int, bytes]]:
    return numbered(sys.stdin)


def answers(
    lines: Lines, answer: Callable[[Question], object], keys: Iterable[str], example: str
) -> Iterator[tuple[str, bool]]:
    """A JSON line for each line, and whether it was a question.

    `answer` may raise JsonLineError.
    """
    known = tuple(keys)
    for number, line in lines:
        try:
            yield as_line(answer(_question(line, known))), True
        except JsonLineError as bad:
            error = {"what": str(bad), "where": f"line {number}", "do": how(example)}
            yield as_line({"error": error}), False


def how(example: str) -> str:
    """What to do about a line that cannot be read."""
    return f"write one object a line: {example}"


def text_of(question: Question) -> str:
    """The words asked about. Raises JsonLineError."""
    words = question.get("q")
    if not isinstance(words, str):
        raise JsonLineError('"q" is missing or not text')
    return words


def as_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _question(line: bytes, keys: tuple[str, ...]) -> Question:
    try:
        asked = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise JsonLineError("is not UTF-8 text") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise JsonLineError(f"is not JSON: {getattr(error, 'msg', 'it nests too deep')}") from error
    if not isinstance(asked, dict):
        raise JsonLineError("is not an object")
    if extra := sorted(set(asked) - set(keys)):
        hint = did_you_mean(extra[0], keys)
        raise JsonLineError(f'key "{extra[0]}" is unknown.{hint} It takes {", ".join(keys)}.')
    return asked
