"""seeds/languages.toml -> cards: what to do in an emergency, for who speaks little English."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from triage.seeds.problems import SeedProblem, SeedsError, explain

FILE = "languages.toml"


class ServiceNames(BaseModel):
    """The four services in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    police: str
    ambulance: str
    fire: str
    coastguard: str


class LanguageCard(BaseModel):
    """The words of one card. `read` is the day a native speaker read it, `code` its address."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    code: str
    name: str
    english: str
    rtl: bool = False
    emergency: str
    call: str
    services: ServiceNames
    failing: str
    tap: str
    thanks: str
    how: tuple[str, ...]
    silent: str
    police: str
    health: str
    unread: str
    read: date | None = None

    @property
    def direction(self) -> str:
        return "rtl" if self.rtl else "ltr"


def read_languages(path: Path) -> Mapping[str, LanguageCard]:
    """The cards by their codes. Raises SeedsError with every fault that is found."""
    file = f"{path.parent.name}/{path.name}"
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SeedsError([SeedProblem(file, "", f"cannot be read: {error}")]) from error
    cards, problems = {}, []
    for code, words in given.items():
        try:
            cards[code] = LanguageCard.model_validate({"code": code, **_tuples(words)})
        except ValidationError as error:
            fields = tuple(LanguageCard.model_fields)
            problems += [SeedProblem(file, code, explain(e, fields)) for e in error.errors()]
    problems += [SeedProblem(file, c.code, what) for c in cards.values() for what in _wrong(c)]
    if problems:
        raise SeedsError(problems)
    return cards


def _tuples(words: Mapping[str, object]) -> dict[str, object]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in words.items()}


def _wrong(card: LanguageCard) -> Iterator[str]:
    """What a card must hold: the numbers by name, and its own name in English, to be said."""
    if "{101}" not in card.police or "{111}" not in card.health:
        yield "the lines of police and health must name {101} and {111}"
    if not any(f"“{card.english}”" in line for line in card.how):
        yield f"no line of how says “{card.english}”"
