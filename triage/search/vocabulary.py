"""What a token that somebody typed may mean: the known words near it, each with how near.

Misspellings, endings, mutations, synonyms and words run together are joined here to the words of
the topics. How well a whole question fits a topic is index.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from triage.search.tokens import radicals, stem
from triage.search.topics import Topics

Near = dict[str, float]

# How much of a word's weight each kind of nearness keeps.
SAME_STEM = 0.95
MUTATED = 0.9
SYNONYM = 0.86
WITHOUT_VOWELS = 0.8
_TYPING = {1: 0.82, 2: 0.66}
_FUZZY_FROM = 4  # letters: in shorter words any slip is another word
_TWO_SLIPS_FROM = 8
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True)
class Vocabulary:
    """The words of the topics, and the ways to them."""

    words: tuple[str, ...]
    known: frozenset[str]
    stems: Mapping[str, tuple[str, ...]]
    radical: Mapping[str, tuple[str, ...]]
    same: Mapping[str, tuple[str, ...]]
    skeletons: Mapping[str, tuple[str, ...]]

    @staticmethod
    def of(english: Iterable[str], welsh: Iterable[str], topics: Topics) -> Vocabulary:
        """The vocabulary over the tokens of all phrases, with what seeds/topics joins."""
        cymric = frozenset(welsh)
        known = frozenset(english) | cymric
        same: dict[str, set[str]] = defaultdict(set)
        for group in topics.same:
            for word in group:
                same[word] |= group
        return Vocabulary(
            words=tuple(sorted(known | set(same))),
            known=known,
            stems=_grouped((stem(w), w) for w in known),
            radical=_grouped((r, w) for w in cymric for r in (w, *radicals(w))),
            same={w: tuple(sorted(g & known)) for w, g in same.items()},
            skeletons=_grouped((_skeleton(w), w) for w in known),
        )

    def knows(self, token: str) -> bool:
        """Whether a token is a known word, or one with another ending or first sound."""
        return token in self.known or bool(self._exactly(token) or self._mutated(token))

    def written(self, token: str) -> Near:
        """The known words that may have been meant to be written: the token, unless it is
        misspelt. Its other endings, mutations and synonyms are near, but not written."""
        return {token: 1.0} if self.knows(token) else self._mistyped(token) or self._bare(token)

    def near(self, token: str, written: Near) -> Near:
        """The known words that a token may stand for; empty where there are none."""
        found: Near = {}
        for word, how_near in written.items():
            _add(found, self._exactly(word), how_near)
        for word, how_near in self._mutated(token).items():
            if token not in self.known:
                _add(found, self._exactly(word), how_near)
        return found

    def _exactly(self, token: str) -> Near:
        found: Near = {}
        shapes = (token, *self.stems.get(stem(token), ()))
        for shape in shapes:
            how_near = 1.0 if shape == token else SAME_STEM
            _add(found, dict.fromkeys(self.same.get(shape, ()), SYNONYM), how_near)
            if shape in self.known:
                _add(found, {shape: 1.0}, how_near)
        return found

    def _mutated(self, token: str) -> Near:
        shapes = (token, *radicals(token))
        return {w: MUTATED for shape in shapes for w in self.radical.get(shape, ()) if w != token}

    def _mistyped(self, token: str) -> Near:
        if len(token) < _FUZZY_FROM or token.isdigit():
            return {}
        if not _VOWELS.intersection(token):
            return {}
        slips = 2 if len(token) >= _TWO_SLIPS_FROM else 1
        close = process.extract(token, self.words, scorer=OSA.distance, score_cutoff=slips, limit=6)
        best = min((distance for _, distance, _ in close), default=0)
        return {
            word: _TYPING[int(distance)]
            for word, distance, _ in close
            if distance == best and len(word) > slips + 1
        }

    def _bare(self, token: str) -> Near:
        """The words that a token without a vowel may stand for: "brgld" is "burgled"."""
        if _VOWELS.intersection(token) or len(token) < _FUZZY_FROM - 1:
            return {}
        return dict.fromkeys(self.skeletons.get(token, ()), WITHOUT_VOWELS)


def _skeleton(word: str) -> str:
    return "".join(letter for letter in word if letter not in _VOWELS)


def _add(found: Near, more: Near, how_near: float) -> None:
    for word, near in more.items():
        found[word] = max(found.get(word, 0.0), near * how_near)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for key, word in pairs:
        groups[key].add(word)
    return {key: tuple(sorted(words)) for key, words in groups.items()}
