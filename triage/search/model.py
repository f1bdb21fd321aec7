"""The trained weights, and how likely each outcome is for some words.

A row of weights for each feature, sixteen levels a number; a column for each outcome. Learnt by
training.py; a file that was trained on other sentences than those at hand is refused.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

DIMENSIONS = 128
_MIDDLE = 8  # the level that stands for nought
_REACH = 7  # levels on either side of it
_LENGTH = struct.Struct("<I")
_FEATURES, _HALVES, _FLOATS = np.dtype("<u4"), np.dtype("<f2"), np.dtype("<f4")
Array = Any  # numpy's own types are generic over shapes that it cannot tell


class StaleModelError(ValueError):
    """The trained file is missing, broken, or learnt from other sentences."""


@dataclass(frozen=True, eq=False)
class Model:
    """`features` in rising order; for each a row of `levels`, two to a byte, and its `scales`;
    `outcomes` has a row for each dimension, `bias` a number for each id."""

    ids: tuple[str, ...]
    features: Array
    levels: Array
    scales: Array
    outcomes: Array
    bias: Array

    @staticmethod
    def quantised(
        kept: Sequence[int], vectors: Array, outcomes: Array, bias: Array, ids: Sequence[str]
    ) -> Model:
        """The weights in levels, one scale a row, and each dimension brought to one size before."""
        order = np.argsort(np.array(kept, _FEATURES))
        size = np.sqrt((vectors**2).mean(0)) + 1e-9
        even = vectors[order] / size
        scales = _scales(even).astype(_HALVES)
        levels = _levels(even, scales.astype(_FLOATS)) + _MIDDLE
        packed = levels[:, 0::2] | (levels[:, 1::2] << 4)
        return Model(
            tuple(ids), np.array(kept, _FEATURES)[order], packed.astype(np.uint8), scales,
            (outcomes * size[:, None]).astype(_FLOATS), np.asarray(bias).astype(_FLOATS),
        )  # fmt: skip

    def rows(self, features: Sequence[Sequence[int]]) -> list[list[int]]:
        """The rows of the features of each word that are known."""
        flat = np.array([f for own in features for f in own], _FEATURES)
        at = np.minimum(np.searchsorted(self.features, flat), len(self.features) - 1)
        rows = np.where(self.features[at] == flat, at, -1).tolist()
        found, begin = [], 0
        for own in features:
            end = begin + len(own)
            found.append([row for row in rows[begin:end] if row >= 0])
            begin = end
        return found

    def shares(self, groups: Sequence[Sequence[int]]) -> Array:
        """How likely each id is for each group of rows: a line for each, that adds up to one."""
        flat = [row for group in groups for row in group]
        known, place = np.unique(flat, return_inverse=True)
        lines = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        weights = np.zeros((len(groups), len(known)), np.float32)
        weights[lines, place] = 1.0
        weights *= weights.sum(1, keepdims=True) ** -0.5 * self.scales[known].astype(np.float32)
        packed = self.levels[known]
        levels = np.empty((len(known), DIMENSIONS), np.float32)
        levels[:, 0::2], levels[:, 1::2] = packed & 15, packed >> 4
        hidden = weights @ (levels - _MIDDLE)
        scores = hidden @ self.outcomes + self.bias
        powers = np.exp(scores - scores.max(1, keepdims=True))
        return powers / powers.sum(1, keepdims=True)

    @property
    def size(self) -> int:
        """How much memory the weights take, in bytes."""
        tables = (self.features, self.levels, self.scales, self.outcomes, self.bias)
        return sum(table.nbytes for table in tables)


def _levels(even: Array, scales: Array) -> Array:
    return np.clip(np.rint(even / scales[:, None]), -_REACH, _REACH).astype(np.int16)


def _scales(even: Array) -> Array:
    """For each row the scale at which its levels are nearest to it."""
    most = np.abs(even).max(1) / _REACH + 1e-6
    best, least = most, np.full(len(even), np.inf, np.float32)
    for share in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5):
        scales = (most * share).astype(_FLOATS)
        off = ((_levels(even, scales) * scales[:, None] - even) ** 2).sum(1)
        best, least = np.where(off < least, scales, best), np.minimum(off, least)
    return best


def pack(model: Model, fingerprint: str) -> bytes:
    """The model as the bytes of its file: a line of JSON with its length before it, then tables."""
    head = json.dumps(
        {"learnt_from": fingerprint, "ids": model.ids, "rows": len(model.features)}
    ).encode()
    tables = (model.features, model.scales, model.outcomes, model.bias, model.levels)
    return b"".join((_LENGTH.pack(len(head)), head, *(table.tobytes() for table in tables)))


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
    rows, ids = head["rows"], tuple(head["ids"])
    shapes = (
        (_FEATURES, (rows,)), (_HALVES, (rows,)), (_FLOATS, (DIMENSIONS, len(ids))),
        (_FLOATS, (len(ids),)), (np.dtype(np.uint8), (rows, DIMENSIONS // 2)),
    )  # fmt: skip
    tables, at = [], 4 + length
    for kind, shape in shapes:
        end = at + kind.itemsize * int(np.prod(shape))
        if end > len(data):
            break
        tables.append(np.frombuffer(data[at:end], kind).reshape(shape))
        at = end
    if len(tables) < len(shapes) or at != len(data):
        raise StaleModelError("the trained file is cut: run manage.py train")
    features, scales, outcomes, bias, levels = tables
    return Model(ids, features, levels, scales, outcomes, bias)
