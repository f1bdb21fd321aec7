"""What somebody typed -> words, and the stretches of them that are judged each by itself.

The whole message is read. One calm clause must not outvote a cry, so danger is heard clause by
clause: between stops and joining words. A long story has so many clauses that one of them sounds
like danger by chance: it is heard sentence by sentence, and in windows where it has no stops.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 4000  # characters that are read: a long story, dictated
# A clause or a sentence is at least this many words. What is longer than so many words is a story.
_FEWEST, _SHORT = 3, 40
_WINDOW = 30  # words of a story that are heard at once, where it has no stops

_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u0060\u00b4"), "'")
_PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,;:!?\n\u2026\u2013\u2014]+|--+")
_STOP = re.compile(r"[.!?\n\u2026]")
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
    """The words and stretches of a message: lower case, without accents and apostrophes."""
    words, clauses, sentences = _cut(message)
    begins = clauses if len(words) <= _SHORT else sentences
    return SaidWords(tuple(words), tuple(_stretches(begins, len(words))))


def read_clauses(message: str) -> list[str]:
    """The words of each clause of a message, however long it is."""
    words, clauses, _ = _cut(message)
    return [" ".join(words[a:b]) for a, b in _stretches(clauses, len(words))]


def _cut(message: str) -> tuple[list[str], list[int], list[int]]:
    """The words of a message, and where its clauses and its sentences begin."""
    plain = unicodedata.normalize("NFKD", message.translate(_APOSTROPHES).lower())
    if not plain.isascii():
        plain = "".join(ch for ch in plain if not unicodedata.combining(ch))
    words: list[str] = []
    clauses, sentences = [0], [0]
    for piece in _PIECE.findall(plain):
        if not piece[0].isalnum():
            clauses.append(len(words))
            if _STOP.search(piece):
                sentences.append(len(words))
            continue
        if piece in _JOINING:
            clauses.append(len(words))
        words.append(_REPEATED.sub(r"\1\1", piece.replace("'", "")))
    return words, clauses, sentences


def _stretches(begins: list[int], count: int) -> list[tuple[int, int]]:
    """From each beginning to the next, and windows of what is longer."""
    cuts = [0]
    for begin in begins:
        if begin - cuts[-1] >= _FEWEST and count - begin >= _FEWEST:
            cuts.append(begin)
    cuts.append(count)
    return [window for begin, end in pairwise(cuts) for window in _windows(begin, end)]


def _windows(begin: int, end: int) -> list[tuple[int, int]]:
    step = _WINDOW // 2
    starts = range(begin, max(begin + 1, end - step), step)
    return [(start, min(end, start + _WINDOW)) for start in starts]
