"""What somebody typed -> the postcodes, or parts of one, that it may be. No store is asked here.

Full-width letters, stray marks and missing spaces are taken as they were meant; O and 0, I and 1
are often typed for each other, in any half of a postcode.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_END_OF_ADDRESS = re.compile(r"\b([A-Z0-9]{2,4}) ?([0-9OIL][A-Z01]{2})$")
_LETTERS = re.compile(r"[A-Z]{1,2}")
_AS_DIGIT = {"O": "0", "I": "1", "L": "1"}
_AS_LETTER = {"0": "O", "1": "I"}
_EITHER = {"O": "O0", "0": "0O", "I": "I1", "1": "1I", "L": "L1"}


@dataclass(frozen=True)
class TypedPostcode:
    """A postcode, or its beginning: outcode "LE1", sector "LE1 5", unit "FQ"."""

    outcode: str
    sector: str | None = None
    unit: str | None = None

    def __str__(self) -> str:
        return f"{self.sector or self.outcode}{self.unit or ''}"


def tidy(words: str) -> str:
    """Upper case, one space between, and nothing but letters and digits of the plain alphabet."""
    upper = unicodedata.normalize("NFKC", words).upper()
    return " ".join(re.sub(r"[^A-Z0-9 ]+", " ", upper).split())


def letters_of(words: str) -> str:
    """The letters that postcodes begin with, where nothing but such letters was typed; else ""."""
    typed = tidy(words)
    return typed if _LETTERS.fullmatch(typed) else ""


def readings(words: str) -> tuple[TypedPostcode, ...]:
    """Every postcode that words may be, as they stand first, then with O for 0 and the like put
    right. Empty where they are none: a postcode has a digit that was typed as one."""
    typed = tidy(words)
    bare = typed.replace(" ", "")
    if not any(c.isdigit() for c in bare):
        return ()
    if len(bare) > 7:
        match = _END_OF_ADDRESS.search(typed)
        has_digit = match and any(c.isdigit() for c in match[0])
        return tuple(_whole(match[1] + match[2])) if match and has_digit else ()
    halves = typed.split(" ")
    return tuple(dict.fromkeys((*_whole(bare), *_part(halves, bare))))


def _whole(bare: str) -> Iterator[TypedPostcode]:
    """A postcode of five to seven characters: its last three are a digit and two letters."""
    if not 5 <= len(bare) <= 7:
        return
    digit = _AS_DIGIT.get(bare[-3], bare[-3])
    unit = "".join(_AS_LETTER.get(c, c) for c in bare[-2:])
    if digit.isdigit() and unit.isalpha():
        for outcode in _outcodes(bare[:-3]):
            yield TypedPostcode(outcode, f"{outcode} {digit}", unit)


def _part(halves: list[str], bare: str) -> Iterator[TypedPostcode]:
    """An outcode, or an outcode with its sector's digit and perhaps one letter more."""
    if len(halves) == 2 and re.fullmatch(r"[0-9][A-Z]?", halves[1]):
        yield from (TypedPostcode(o, f"{o} {halves[1][0]}") for o in _outcodes(halves[0]))
        return
    if len(halves) == 1 or re.fullmatch(r"[A-Z]{1,2} [0-9][A-Z0-9]?", " ".join(halves)):
        yield from map(TypedPostcode, _outcodes(bare))
        if len(bare) > 2 and bare[-1].isdigit():
            yield from (TypedPostcode(o, f"{o} {bare[-1]}") for o in _outcodes(bare[:-1]))


def _outcodes(half: str) -> Iterator[str]:
    """The first half as it stands, then with what looks alike put right."""
    if not 2 <= len(half) <= 4:
        return
    choices = [_EITHER.get(c, c) for c in half]
    for made in dict.fromkeys(map("".join, product(*choices))):
        if _OUTWARD.fullmatch(made):
            yield made
