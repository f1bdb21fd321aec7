"""Tokens as typed -> tokens written out: text-speak, words run together or torn apart, ages, roads.

Slips inside a word are vocabulary.py's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from triage.search.vocabulary import Vocabulary

_SHORTEST_PART = 3
_GROWN_UP = 18  # years
_BEFORE_AGE = frozenset({"im", "hes", "shes", "aged", "am", "is", "age", "only"})
_AFTER_AGE = frozenset({"year", "years", "yr", "yrs", "yo", "oed", "mlwydd", "month", "months"})
_MOTORWAY = re.compile(r"m\d{1,3}|a\d{1,3}m")
_ROAD = re.compile(r"[ab]\d{1,4}")
_AGE_RUN_ON = re.compile(r"(\d{1,2})(?:yo|yr|yrs|yrold|y)")


@dataclass(frozen=True)
class Spelling:
    """How what was typed is written out, over a vocabulary."""

    vocabulary: Vocabulary
    spell: Mapping[str, tuple[str, ...]]

    def out(self, typed: Sequence[str]) -> tuple[str, ...]:
        """The tokens written out. A child's age adds the word "child", a road's number its kind."""
        found: list[str] = []
        for token in self._joined(typed):
            found += self.spell.get(token) or self._apart(token) or (token,)
        return tuple(self._with_kinds(found))

    def _joined(self, typed: Sequence[str]) -> Iterator[str]:
        """Tokens, with "e mail" and "x ray" as one word."""
        n = 0
        while n < len(typed):
            both = typed[n] + typed[n + 1] if n + 1 < len(typed) else ""
            letter = len(typed[n]) == 1 or len(both) - len(typed[n]) == 1
            if both and letter and len(both) > _SHORTEST_PART and both in self.vocabulary.known:
                yield both
                n += 2
            else:
                yield typed[n]
                n += 1

    def _apart(self, token: str) -> tuple[str, ...]:
        """The two known words that were run together into one that is not known."""
        if len(token) < 2 * _SHORTEST_PART + 1 or self.vocabulary.knows(token):
            return ()
        known = self.vocabulary.known
        cuts = range(_SHORTEST_PART, len(token) - _SHORTEST_PART + 1)
        found = ((token[:cut], token[cut:]) for cut in cuts)
        return next((pair for pair in found if known.issuperset(pair)), ())

    def _with_kinds(self, found: Sequence[str]) -> Iterator[str]:
        for n, token in enumerate(found):
            if _MOTORWAY.fullmatch(token):
                yield "motorway"
            elif _ROAD.fullmatch(token):
                yield "road"
            else:
                yield token
            if _is_childs_age(found, n):
                yield "child"


def _is_childs_age(found: Sequence[str], n: int) -> bool:
    run_on = _AGE_RUN_ON.fullmatch(found[n])
    digits = run_on[1] if run_on else found[n]
    if not (digits.isascii() and digits.isdigit()) or not 0 < int(digits) < _GROWN_UP:
        return False
    before = n > 0 and found[n - 1] in _BEFORE_AGE
    after = n + 1 < len(found) and found[n + 1] in _AFTER_AGE
    return bool(run_on) or before or after
