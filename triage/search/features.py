"""Words -> the numbers of their features: the word, it with the word before, and its pieces.

Pieces of three and four letters let a misspelt, mutated or dialect word be near its neighbours.
A feature is the CRC-32 of its bytes: the same in every process and on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

_PIECES = 77  # so that the piece "fir" is another feature than the word "fir"
_PAIRS = 5


def features(words: Sequence[str]) -> list[list[int]]:
    """The features of each word, as 32-bit numbers. A pair belongs to its second word."""
    found = []
    before = b""
    for word in words:
        plain = word.encode()
        edged = b"<" + plain + b">"
        length = len(edged)
        own = [crc32(plain), crc32(before + b" " + plain, _PAIRS)]
        own += [crc32(edged[i : i + 3], _PIECES) for i in range(length - 2)]
        own += [crc32(edged[i : i + 4], _PIECES) for i in range(length - 3)]
        found.append(own)
        before = plain
    return found
