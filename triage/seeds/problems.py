"""A fault in the data, as a sentence: file, place, what is wrong and what was perhaps meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True)
class SeedProblem:
    file: str
    place: str
    what: str

    def __str__(self) -> str:
        return (
            f"{self.file} {self.place}: {self.what}" if self.place else f"{self.file}: {self.what}"
        )


class SeedsError(Exception):
    """The data has faults; `faults` holds all of them."""

    def __init__(self, faults: Iterable[SeedProblem]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What was perhaps meant. A number that is off by a digit is another number: of those, and of
    words that are only a little alike, nothing is guessed."""
    names = sorted(str(k) for k in known)
    if not word or word.isdigit():
        return ""
    begins = [n for n in names if n.startswith(f"{word}-")]
    close = sorted(begins, key=lambda n: not n.endswith("-emergency"))
    close = close or difflib.get_close_matches(word, names, n=1, cutoff=0.75)
    return f' Did you mean "{close[0]}"?' if close else ""


def unknown(kind: str, word: str, known: Iterable[str]) -> str:
    return f'{kind} "{word}" is unknown.{did_you_mean(word, known)}'


def explain(error: ErrorDetails, known_keys: Iterable[str]) -> str:
    """One validation error as a sentence that says where and what to do."""
    where = ".".join(str(part) for part in error["loc"])
    value: Any = error.get("input")
    if error["type"] == "extra_forbidden":
        return f'key "{where}" is unknown.{did_you_mean(str(error["loc"][-1]), known_keys)}'
    if error["type"] == "missing":
        return f'key "{where}" is missing'
    if error["type"] == "enum":
        expected = str(error.get("ctx", {}).get("expected", ""))
        words = [w.strip(" '") for w in expected.replace(" or ", ",").split(",")]
        return f"{where}: {unknown('value', str(value), words)} It takes {expected}."
    return f"{where}: {error['msg']}"
