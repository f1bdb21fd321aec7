"""Words as people type them -> tokens, and the other shapes a token may have had.

English endings and Welsh initial mutations are undone here. What a token means is vocabulary.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u0060\u00b4"), "'")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_JOINED = frozenset({"t", "re", "ve", "ll", "m", "d"})  # can't, they're: written as one word too
_CLITICS = {"r": "yr", "u": "eu"}  # i'r môr, wedi'u dwyn: no text-speak for "are" and "you"
_VOWELS = frozenset("aeiouwy")
_MIN_STEM = 3

# What a first sound may have been before it was softened, made nasal or breathed on.
_RADICALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ngh", ("c",)),
    ("ng", ("g",)),
    ("mh", ("p",)),
    ("nh", ("t",)),
    ("ch", ("c",)),
    ("ph", ("p",)),
    ("th", ("t",)),
    ("dd", ("d",)),
    ("g", ("c",)),
    ("b", ("p",)),
    ("d", ("t",)),
    ("f", ("b", "m")),
    ("m", ("b",)),
    ("n", ("d",)),
)


def tokens(words: str) -> tuple[str, ...]:
    """The tokens of what was typed: lower case, without accents, without the English 's."""
    plain = unicodedata.normalize("NFKD", words.translate(_APOSTROPHES).lower())
    plain = "".join(ch for ch in plain if not unicodedata.combining(ch))
    return tuple(t for m in _WORD.finditer(plain) for t in _parts(_REPEATED.sub(r"\1\1", m[0])))


def _parts(word: str) -> Iterator[str]:
    """A word at its apostrophes: "wedi'i" is two words, "can't" is one, "someone's" loses its s."""
    first, *rest = word.split("'")
    for part in rest:
        if part in _JOINED:
            first += part
        elif part != "s":
            yield first
            first = _CLITICS.get(part, part)
    yield first


def stem(token: str) -> str:
    """A token without its English ending, so that "stealing" and "steals" meet."""
    if token.endswith("ies") and len(token) > _MIN_STEM + 2:
        return token[:-3] + "y"
    for ending in ("ing", "ed", "es", "s", "e"):
        body = token.removesuffix(ending)
        if body == token or len(body) < _MIN_STEM or (ending == "s" and body[-1] in "su"):
            continue
        return _undoubled(body) if ending in ("ing", "ed") else body
    return token


def _undoubled(body: str) -> str:
    if len(body) > _MIN_STEM and body[-1] == body[-2] and body[-1] not in "lsz":
        return body[:-1]
    return body.removesuffix("e")


def radicals(token: str) -> Iterator[str]:
    """What a Welsh token may have been before its first sound changed."""
    if len(token) < _MIN_STEM:
        return
    for changed, befores in _RADICALS:
        if token.startswith(changed):
            yield from (before + token[len(changed) :] for before in befores)
            break
    if token[0] == "l" and token[1] != "l":
        yield "l" + token
    if token[0] == "r" and token[1] != "h":
        yield "rh" + token[1:]
    if token[0] in _VOWELS or token[0] in "lrn":
        yield "g" + token
    if token[0] == "h" and token[1] in _VOWELS:
        yield token[1:]
