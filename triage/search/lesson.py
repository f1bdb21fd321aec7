"""What training learns from: a sentence, and every id that is right for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence, its language, and the ids that it allows: one, or all of danger or of calm."""

    words: str
    right: frozenset[str]
    lang: str = "en"
