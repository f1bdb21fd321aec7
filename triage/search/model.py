"""The trained weights, and how likely each outcome is for some words. No numpy: a row of weights is
one long integer with a lane for each number, so that one addition adds a whole row.

Learnt by training.py; a file that was trained on other sentences than those at hand is refused.
"""

from __future__ import annotations

import json
import struct
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp
from typing import Any

DIMENSIONS = 64
_SLOTS = 1 << 17
_EMPTY = 0xFFFF
_HALF = DIMENSIONS // 2
_EVERY_OTHER = int.from_bytes(b"\xff\x00" * _HALF, "little")
_MOST = 250  # rows that may be added up before a lane of sixteen bits could run over
_REACH = 2047  # a hidden value is a whole number up to this, either way
_OFFSET = 128
_FAR = 9.0  # a score that is further below the best than this is as good as none
_LENGTH = struct.Struct("<I")


class StaleModelError(ValueError):
    """The trained file is missing, broken, or learnt from other sentences."""


@dataclass(frozen=True)
class Likely:
    """How likely each outcome is for some words: the shares add up to one, or there are none."""

    shares: tuple[tuple[str, float], ...]

    def share(self, ids: frozenset[str]) -> float:
        return sum(share for ident, share in self.shares if ident in ids)


@dataclass(frozen=True)
class Model:
    """Rows of features in a table that is found by hash, and a column for each outcome."""

    ids: tuple[str, ...]
    rows_of: array[int]
    tags_of: array[int]
    vectors: bytes
    outcomes: bytes
    bias: tuple[float, ...]
    feature_scale: float
    outcome_scale: float

    @staticmethod
    def quantised(
        kept: Sequence[int], vectors: Any, outcomes: Any, bias: Any, ids: Sequence[str]
    ) -> Model:
        """The weights as numbers of eight bits, at one scale for each of the two tables."""
        scales = [float(abs(table).max()) / 127 for table in (vectors, outcomes)]
        small = [
            (table / scale).round().astype("int16") + _OFFSET
            for table, scale in zip((vectors, outcomes), scales, strict=True)
        ]
        rows_of, tags_of = _slots(kept)
        return Model(
            tuple(ids), rows_of, tags_of, small[0].astype("uint8").tobytes(),
            small[1].astype("uint8").tobytes(), tuple(float(f"{b:.5f}") for b in bias), *scales,
        )  # fmt: skip

    @cached_property
    def _columns(self) -> tuple[int, ...]:
        """For each dimension the weights of all outcomes, in lanes of 32 bits."""
        count = len(self.ids)
        return tuple(
            int.from_bytes(
                b"".join(bytes((w, 0, 0, 0)) for w in self.outcomes[d * count : (d + 1) * count]),
                "little",
            )
            for d in range(DIMENSIONS)
        )

    @cached_property
    def _floor(self) -> tuple[float, ...]:
        """What each outcome's lane holds too much, because the lanes know no sign: `_REACH` times
        its weights. The part that hangs on the words is taken off when they are known."""
        count = len(self.ids)
        return tuple(float(_REACH * sum(self.outcomes[c::count])) for c in range(count))

    @cached_property
    def _unpack(self) -> struct.Struct:
        return struct.Struct(f"<{len(self.ids)}I")

    def rows(self, features: Iterable[int]) -> list[int]:
        """The rows of the features that are known."""
        rows_of, tags_of = self.rows_of, self.tags_of
        found = []
        for feature in features:
            slot = feature & (_SLOTS - 1)
            tag = feature >> 16
            while (row := rows_of[slot]) != _EMPTY:
                if tags_of[slot] == tag:
                    found.append(row)
                    break
                slot = (slot + 1) & (_SLOTS - 1)
        return found

    def hidden(self, rows: Sequence[int]) -> list[int]:
        """The sum of the vectors of rows."""
        vectors = self.vectors
        low, high = [0] * _HALF, [0] * _HALF
        lanes = struct.Struct(f"<{_HALF}H")
        for begin in range(0, len(rows), _MOST):
            even = odd = 0
            for row in rows[begin : begin + _MOST]:
                at = row * DIMENSIONS
                both = int.from_bytes(vectors[at : at + DIMENSIONS], "little")
                even += both & _EVERY_OTHER
                odd += (both >> 8) & _EVERY_OTHER
            low = [
                a + b
                for a, b in zip(low, lanes.unpack(even.to_bytes(DIMENSIONS, "little")), strict=True)
            ]
            high = [
                a + b
                for a, b in zip(high, lanes.unpack(odd.to_bytes(DIMENSIONS, "little")), strict=True)
            ]
        offset = _OFFSET * len(rows)
        return [lane - offset for pair in zip(low, high, strict=True) for lane in pair]

    def likely(self, rows: Sequence[int]) -> Likely:
        """How likely each outcome is for the rows of some words."""
        if not rows:
            return Likely(())
        hidden = self.hidden(rows)
        most = max(map(abs, hidden)) or 1
        fine = [round(value * _REACH / most) + _REACH for value in hidden]
        total = 0
        for value, column in zip(fine, self._columns, strict=True):
            total += value * column
        lanes = self._unpack.unpack(total.to_bytes(self._unpack.size, "little"))
        scale = most / _REACH * self.feature_scale * self.outcome_scale * len(rows) ** -0.5
        sides = (sum(fine) - _REACH * DIMENSIONS) * _OFFSET
        scores = [
            (lane - floor - sides) * scale + bias
            for lane, floor, bias in zip(lanes, self._floor, self.bias, strict=True)
        ]
        return Likely(self._shares(scores))

    def _shares(self, scores: Sequence[float]) -> tuple[tuple[str, float], ...]:
        best = max(scores)
        least = best - _FAR
        near = [(exp(s - best), i) for s, i in zip(scores, self.ids, strict=True) if s > least]
        total = sum(power for power, _ in near)
        return tuple((ident, power / total) for power, ident in near)


def _slots(kept: Sequence[int]) -> tuple[array[int], array[int]]:
    rows_of, tags_of = array("H", [_EMPTY]) * _SLOTS, array("H", [0]) * _SLOTS
    for row, feature in enumerate(kept):
        slot = feature & (_SLOTS - 1)
        while rows_of[slot] != _EMPTY:
            slot = (slot + 1) & (_SLOTS - 1)
        rows_of[slot], tags_of[slot] = row, feature >> 16
    return rows_of, tags_of


def pack(model: Model, fingerprint: str) -> bytes:
    """The model as the bytes of its file: a line of JSON with its length before it, then tables."""
    head = json.dumps(
        {
            "learnt_from": fingerprint,
            "ids": model.ids,
            "bias": model.bias,
            "feature_scale": model.feature_scale,
            "outcome_scale": model.outcome_scale,
            "rows": len(model.vectors) // DIMENSIONS,
        }
    ).encode()
    tables = (_little(model.rows_of), _little(model.tags_of), model.vectors, model.outcomes)
    return b"".join((_LENGTH.pack(len(head)), head, *tables))


def unpack(data: bytes, fingerprint: str) -> Model:
    """The model of a file. Raises StaleModelError where it was learnt from other sentences than
    those of `fingerprint`, or is broken."""
    try:
        (length,) = _LENGTH.unpack_from(data)
        head = json.loads(data[4 : 4 + length])
    except (struct.error, ValueError) as error:
        raise StaleModelError(f"the trained file is broken: {error}") from error
    if head["learnt_from"] != fingerprint:
        raise StaleModelError("seeds/says has changed since it was learnt: run manage.py train")
    at, size = 4 + length, 2 * _SLOTS
    vectors = at + 2 * size + head["rows"] * DIMENSIONS
    if len(data) != vectors + DIMENSIONS * len(head["ids"]):
        raise StaleModelError("the trained file is cut: run manage.py train")
    tables = [array("H", data[a : a + size]) for a in (at, at + size)]
    return Model(
        tuple(head["ids"]), tables[0], tables[1], data[at + 2 * size : vectors], data[vectors:],
        tuple(head["bias"]), head["feature_scale"], head["outcome_scale"],
    )  # fmt: skip


def _little(table: array[int]) -> bytes:
    return struct.pack(f"<{len(table)}H", *table)
