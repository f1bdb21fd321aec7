"""What somebody typed -> words, and the stretches of them that are judged each by itself.

The whole message is read. One calm clause must not outvote a cry, so danger is heard clause by
clause: between stops and joining words, and in windows where somebody dictates without stops.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 4000  # characters that are read: a long story, dictated
# A clause is at least this many words, and is heard in windows of so many where it is longer.
_FEWEST, _WINDOW = 3, 12

_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u0060\u00b4"), "'")
_PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,;:!?\n\u2026\u2013\u2014]+|--+")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
# Words that begin another clause. "a" joins in Welsh, yet is English's commonest word: it does not.
_JOINING = frozenset((
    "but", "and", "then", "now", "so", "because", "cos", "coz", "cuz", "while", "also", "anyway",
    "although", "though", "if", "when", "who", "what", "how", "ond", "ac", "wedyn", "nawr", "rwan",
    "achos", "felly", "tra", "hefyd", "os", "pan", "pwy", "beth", "sut",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class SaidWords:
    """The words of a message in plain letters, and the stretches of them, from and up to."""

    words: tuple[str, ...]
    stretches: tuple[tuple[int, int], ...]


def read_words(message: str) -> SaidWords:
    """The words and clauses of a message: lower case, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", message.translate(_APOSTROPHES).lower())
    if not plain.isascii():
        plain = "".join(ch for ch in plain if not unicodedata.combining(ch))
    words: list[str] = []
    begins = [0]
    for piece in _PIECE.findall(plain):
        if not piece[0].isalnum():
            begins.append(len(words))
            continue
        if piece in _JOINING:
            begins.append(len(words))
        words.append(_REPEATED.sub(r"\1\1", piece.replace("'", "")))
    return SaidWords(tuple(words), tuple(_stretches(begins, len(words))))


def _stretches(begins: list[int], count: int) -> list[tuple[int, int]]:
    """The whole where it is short, each clause, and windows of what is longer."""
    cuts = [0]
    for begin in begins:
        if begin - cuts[-1] >= _FEWEST and count - begin >= _FEWEST:
            cuts.append(begin)
    cuts.append(count)
    found = [(0, count)] if count <= 2 * _WINDOW else []
    for begin, end in pairwise(cuts):
        step = _WINDOW // 2
        starts = (
            range(begin, max(begin + 1, end - step), step) if end - begin > _WINDOW else [begin]
        )
        for start in starts:
            stretch = (start, min(end, start + _WINDOW) if len(starts) > 1 else end)
            if stretch not in found:
                found.append(stretch)
    return found
