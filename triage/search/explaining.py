"""Which words led where: what the answer would lose without each of them."""

from __future__ import annotations

from dataclasses import dataclass

from triage.search.finding import Search, SearchHits
from triage.search.reading import SaidWords, read_words


@dataclass(frozen=True)
class WordWeight:
    """A word, and what the first place and the danger lose without it, in shares up to 1."""

    word: str
    place: float
    danger: float


def explain(search: Search, message: str) -> tuple[WordWeight, ...]:
    """The weight of each word of a message, in their order."""
    reading = read_words(message)
    found = search.read(reading)
    weights = []
    for n, word in enumerate(reading.words):
        without = search.read(_without(reading, n))
        weights.append(
            WordWeight(
                word,
                round(_first(found, found) - _first(found, without), 3),
                round(found.danger - without.danger, 3),
            )
        )
    return tuple(weights)


def _without(reading: SaidWords, n: int) -> SaidWords:
    words = reading.words[:n] + reading.words[n + 1 :]
    return SaidWords(
        words,
        tuple((a - (a > n), b - (b > n)) for a, b in reading.stretches if b - a > 1),
    )


def _first(found: SearchHits, among: SearchHits) -> float:
    """The share that the first place of one answer has in another."""
    first = found.places[0].id if found.places else None
    return next((place.share for place in among.places if place.id == first), 0.0)
