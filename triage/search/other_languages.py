"""The language of what was typed, where it is one of the cards' and not the site's own: by the
words that are known of it, then by its letters. A guess: it only offers a card before the results.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[^\W\d_]+")
# Letters of the Latin alphabet, with whatever stands on them, tell no language.
_LATIN = "\u02af"
# So many languages are offered where the words are the same in all of them.
MOST = 2


class OtherLanguages:
    """The words and letters of each language, by its code; `own` are the site's own texts."""

    def __init__(self, texts: Mapping[str, Iterable[str]], own: Iterable[str]) -> None:
        ours = {word for text in own for word in _words(text)}
        found = {code: {w for t in said for w in _words(t)} for code, said in texts.items()}
        self._words = {code: known - ours for code, known in found.items()}
        self._letters = {code: _letters("".join(known)) for code, known in found.items()}

    def of(self, typed: str) -> tuple[str, ...]:
        """The codes of the languages that this is likely in, at most two; none where it is not."""
        said = {word for word in _words(typed) if len(word) > 1}
        letters = _letters(typed)
        weights = {code: self._weight(code, said, letters) for code in self._words}
        most = max(weights.values(), default=0)
        return tuple(c for c, weight in weights.items() if weight == most)[:MOST] if most else ()

    def _weight(self, code: str, said: set[str], letters: set[str]) -> int:
        known = len(said & self._words[code])
        if letters:
            return 100 * known + len(letters & self._letters[code])
        return known if 2 * known >= len(said) else 0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _letters(text: str) -> set[str]:
    return {c for c in text.casefold() if c.isalpha() and c > _LATIN}
