"""Words in both languages, and where a fact comes from. What they are about is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Lang(StrEnum):
    EN = "en"
    CY = "cy"


@dataclass(frozen=True, slots=True)
class Text:
    """Words in both languages. `review` marks Welsh that a Welsh speaker should check first."""

    en: str
    cy: str
    review: bool = False

    def lang(self, lang: Lang | str) -> str:
        return self.cy if lang == Lang.CY else self.en


@dataclass(frozen=True, slots=True)
class Fact:
    """Where one field comes from, when it was checked, and how sure it is ("V" or "K")."""

    source: str
    checked: date
    certainty: str


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    url: str | None
    canonical: str | None
    date: str
    quality: str
    # The body whose page it is, in words; empty where only its address is known.
    name: str = ""
