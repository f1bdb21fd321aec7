"""Whether an address block was counted already: a keyed hash, in memory alone, for ten minutes.

The key is random and changes every hour; the one before is held for ten minutes more, so that a
block counts once across the change. A block is an IPv4 /24 or an IPv6 /48. No address, and nothing
that an address could be found from without the key, is kept.

What is handed on is a mark: twelve bits of another hash, the same in every process for a day, so
that a block that several processes counted is known as one. Four thousand blocks of IPv4 share it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from math import inf, log
from socket import AF_INET, AF_INET6, inet_pton

HOUR = 3600.0
MINUTES = 10
# Entries: a block at a place. More would be a flood, long after it has rung; 5 MB at the most.
MOST = 80_000
# How many marks there are; one more bit would halve the crowd that each block stands in.
MARKS = 4096
_DAY = 86_400
# IPv4 within IPv6 (RFC 4291, 2.5.5.2).
_MAPPED = bytes(10) + b"\xff\xff"
_MASK = (1 << 64) - 1


def block_of(address: str) -> bytes:
    """The block of an address: the first three bytes of IPv4, six of IPv6. What is no address is
    one block of its own."""
    kind = AF_INET6 if ":" in address else AF_INET
    try:
        packed = inet_pton(kind, address.partition("%")[0])
    except (OSError, ValueError):
        return b"?"
    if kind == AF_INET6 and not packed.startswith(_MAPPED):
        return packed[:6]
    return packed[-4:-1]


class BlockMemory:
    """Which blocks were seen at which place in these ten minutes. Not safe between threads:
    tally.py holds its lock."""

    def __init__(self, new_key: Callable[[], bytes] = lambda: secrets.token_bytes(16)) -> None:
        self._new_key = new_key
        # What all processes of a site know (32 bytes); until they are told, nobody shares a mark.
        self.shared = secrets.token_bytes(32)
        self._key, self._before = new_key(), b""
        self._key_since = 0.0
        # A minute since 1970 -> hashes of block, channel and place that were new in it.
        self._seen: dict[int, set[int]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._seen.values()))

    def hashes(self, block: bytes, now: float) -> tuple[int, ...]:
        """What a block is called now: by the key of this hour, and for ten minutes after a change
        by the key before too."""
        self.forget(now)
        keys = (self._key, self._before) if self._before else (self._key,)
        return tuple(_number(block, key) for key in keys)

    def mark(self, block: bytes, channel: str, now: float) -> int:
        """One bit of MARKS: the same for a block wherever it is counted, on one day (UTC)."""
        said = f"{int(now // _DAY)} {channel} ".encode() + block
        return 1 << (_number(said, self.shared) % MARKS)

    def is_new(self, hashes: tuple[int, ...], place: str, now: float) -> bool:
        """Whether a block is seen here for the first time in ten minutes; it is noted. A full
        memory notes nothing more and calls nobody new."""
        token = _token(place)
        entries = [name ^ token for name in hashes]
        if any(entry in seen for seen in self._seen.values() for entry in entries):
            return False
        if len(self) >= MOST:
            return False
        self._seen.setdefault(int(now // 60), set()).add(entries[0])
        return True

    def forget(self, now: float) -> None:
        """Forget what is older than ten minutes, and keys that are over. A clock that went back
        forgets all."""
        minute = int(now // 60)
        for old in [m for m in self._seen if not minute - MINUTES < m <= minute]:
            del self._seen[old]
        if not 0 <= now - self._key_since < HOUR:
            self._before = self._key if self._seen else b""
            self._key, self._key_since = self._new_key(), now
        elif self._before and now - self._key_since >= 60 * MINUTES:
            self._before = b""


def distinct(marks: int) -> float:
    """How many blocks set these bits: linear counting (Whang and others, 1990), which allows for
    blocks that share a mark. Infinite where all are set."""
    left = MARKS - marks.bit_count()
    return -MARKS * log(left / MARKS) if left else inf


def _number(block: bytes, key: bytes) -> int:
    return int.from_bytes(blake2b(block, key=key, digest_size=8).digest())


@lru_cache(maxsize=16_384)
def _token(place: str) -> int:
    return int.from_bytes(blake2b(place.encode(), digest_size=8).digest()) & _MASK
