"""seeds/glossary.toml: one Welsh word for one thing, and where the words do otherwise."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import Field

from triage.engine.catalogue import Text
from triage.seeds.schema import SeedEntry, Words

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')


class TermEntry(SeedEntry):
    en: Words
    cy: list[Words] = Field(min_length=1)
    never: list[Words] = Field(default_factory=list)


def read_glossary(folder: Path) -> tuple[TermEntry, ...]:
    """The terms. Raises OSError, TOMLDecodeError or ValidationError where the file is wrong."""
    with (folder / "glossary.toml").open("rb") as file:
        return tuple(TermEntry.model_validate(row) for row in tomllib.load(file)["term"])


def breaches(
    terms: Iterable[TermEntry], texts: Iterable[tuple[str, Text]]
) -> Iterator[tuple[str, str]]:
    """Where a text stands, and what it says instead of the term."""
    known = [(term, re.compile(rf"\b{re.escape(term.en)}s?\b", re.I)) for term in terms]
    for where, text in texts:
        english, welsh = (_QUOTED.sub("", side) for side in (text.en, text.cy))
        for term, said in known:
            if said.search(english) and (wrong := _wrong(term, welsh)):
                yield where, f'"{term.en}" {wrong}: {text.cy}'


def _wrong(term: TermEntry, welsh: str) -> str:
    lower = welsh.casefold()
    if not any(form.casefold() in lower for form in term.cy):
        return f"is not {' or '.join(term.cy)}"
    found = [form for form in term.never if form.casefold() in lower]
    return f"is never {found[0]}" if found else ""
