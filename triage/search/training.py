"""Sentences -> the weights of model.py: one run, the same bytes for the same sentences.

A feature has a vector, an outcome has one, and how well they agree is how likely the outcome is
(a linear model of low rank, so that it is small). It learns which outcome is right and, at the same
time, whether the words are of danger now. Needs numpy and scipy, which the site does not.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sparse

from triage.search.features import features
from triage.search.lesson import Lesson
from triage.search.model import DIMENSIONS, Model, pack
from triage.search.reading import read_words

ROWS = 36_000  # features that are kept: the commonest
EPOCHS, BATCH, RATE, DROPPED = 6, 384, 0.02, 0.5
DANGER_WEIGHT = 2.0
SEED = 2026
Array = Any  # numpy's own types are generic over shapes that scipy does not tell


@dataclass(frozen=True)
class Sides:
    """The ids that are of danger now, and those that surely are not."""

    danger: frozenset[str]
    calm: frozenset[str]


@dataclass
class Weights:
    """Vectors of features and outcomes, and a bias for each outcome."""

    features: Array
    outcomes: Array
    bias: Array

    @staticmethod
    def beginning(rows: int, outcomes: int, chance: Any) -> Weights:
        def small(*shape: int) -> Array:
            return (chance.standard_normal(shape) * 0.1).astype(np.float32)

        return Weights(
            small(rows, DIMENSIONS), small(DIMENSIONS, outcomes), np.zeros(outcomes, np.float32)
        )


def varied(
    lessons: Sequence[Lesson],
    sides: Sides,
    parts: Mapping[str, Sequence[str]],
    chance: random.Random,
) -> Iterator[Lesson]:
    """The lessons, and again what teaches that the words around a danger neither hide nor make it:
    with asking, greeting or thanks around them, among calm sentences, and clauses of calm ones."""
    calm = [lesson for lesson in lessons if lesson.right <= sides.calm]
    for lesson in lessons:
        yield lesson
        if chance.random() < 0.25:
            yield Lesson(_wrap(lesson.words, parts, chance), lesson.right)
        if lesson.right <= sides.danger and chance.random() < 0.25:
            before, after = chance.choice(calm).words, chance.choice(calm).words
            around = [lesson.words, after] if chance.random() < 0.3 else [before, lesson.words]
            yield Lesson(". ".join(around), lesson.right)
        if lesson.right <= sides.calm:
            yield from _clauses(lesson, sides, chance)
            if chance.random() < 0.1:
                other = chance.choice(calm)
                yield Lesson(f"{lesson.words}. {other.words}", lesson.right | other.right)


def _wrap(words: str, parts: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    before = chance.choice(parts["before"]) if chance.random() < 0.7 else ""
    after = chance.choice(parts["after"]) if chance.random() < 0.5 else ""
    return chance.choice([" ", ", ", ". "]).join(p for p in (before, words, after) if p)


def _clauses(lesson: Lesson, sides: Sides, chance: random.Random) -> Iterator[Lesson]:
    """One clause of a calm sentence: it is no danger by itself either."""
    reading = read_words(lesson.words)
    parts = [(a, b) for a, b in reading.stretches if b - a < len(reading.words)]
    if parts and chance.random() < 0.6:
        a, b = chance.choice(parts)
        yield Lesson(" ".join(reading.words[a:b]), sides.calm)


def commonest(texts: Sequence[list[int]]) -> list[int]:
    """The features that are kept, the commonest first."""
    counts = Counter(feature for text in texts for feature in set(text))
    return [f for f, _ in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:ROWS]]


def matrix(texts: Sequence[list[int]], row_of: Mapping[int, int]) -> Array:
    """A row for each text: its known features, each weighing one over the root of their number."""
    ends, kept, weights = [0], [], []
    for text in texts:
        rows = sorted({row_of[f] for f in text if f in row_of})
        kept += rows
        weights += [max(len(rows), 1) ** -0.5] * len(rows)
        ends.append(len(kept))
    data = np.array(weights, np.float32)
    return sparse.csr_matrix((data, np.array(kept), np.array(ends)), (len(texts), len(row_of)))


def flat(words: str) -> list[int]:
    return [f for own in features(read_words(words).words) for f in own]


def train(
    lessons: Sequence[Lesson],
    ids: Sequence[str],
    sides: Sides,
    parts: Mapping[str, Sequence[str]],
    fingerprint: str,
    told: Callable[[int, Weights], None] | None = None,
) -> bytes:
    """The trained file. `ids` are the outcomes and questions, `sides` which are of danger."""
    taught = list(varied(lessons, sides, parts, random.Random(SEED)))  # noqa: S311
    texts = [flat(lesson.words) for lesson in taught]
    kept = commonest(texts)
    known = matrix(texts, {feature: row for row, feature in enumerate(kept)})
    place = {ident: n for n, ident in enumerate(ids)}
    right = np.zeros((len(taught), len(ids)), np.bool_)
    for n, lesson in enumerate(taught):
        right[n, [place[i] for i in lesson.right]] = True
    alarming = np.array([i in sides.danger for i in ids])
    weights = learn(known, right, alarming, told)
    return pack(
        Model.quantised(kept, weights.features, weights.outcomes, weights.bias, ids), fingerprint
    )


def learn(
    known: Array,
    right: Array,
    alarming: Array,
    told: Callable[[int, Weights], None] | None = None,
) -> Weights:
    chance = np.random.default_rng(SEED)
    weights = Weights.beginning(known.shape[1], right.shape[1], chance)
    values = [weights.features, weights.outcomes, weights.bias]
    slow = [np.zeros_like(v) for v in values]
    wide = [np.zeros_like(v) for v in values]
    steps = EPOCHS * -(-known.shape[0] // BATCH)
    step = 0
    for epoch in range(EPOCHS):
        order = chance.permutation(known.shape[0])
        for begin in range(0, len(order), BATCH):
            chosen = order[begin : begin + BATCH]
            batch = known[chosen]
            batch.data = batch.data * ((chance.random(batch.nnz) > DROPPED) / (1 - DROPPED)).astype(
                np.float32
            )
            slopes = _slopes(batch, right[chosen], alarming, weights)
            step += 1
            rate = RATE * (1 - (step - 1) / steps)
            for value, slope, mean, square in zip(values, slopes, slow, wide, strict=True):
                mean += 0.1 * (slope - mean)
                square += 0.001 * (slope * slope - square)
                value -= (
                    rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
                )
        if told:
            told(epoch, weights)
    return weights


def _slopes(batch: Array, right: Array, alarming: Array, weights: Weights) -> list[Array]:
    """The gradients of what is wrong: the outcome, and whether it is danger."""
    hidden = batch @ weights.features
    likely = _shares(hidden @ weights.outcomes + weights.bias)
    wrong = likely - _among(likely, right)
    # Whether it is danger is asked again, where the sentence says: all its ids are, or none.
    danger = right[:, alarming].any(1)
    said = danger != right[:, ~alarming].any(1)
    side = np.where(danger[:, None], alarming[None, :], ~alarming[None, :])
    wrong += DANGER_WEIGHT * said[:, None] * (likely - _among(likely, side))
    wrong = (wrong / len(right)).astype(np.float32)
    return [batch.T @ (wrong @ weights.outcomes.T), hidden.T @ wrong, wrong.sum(0)]


def _shares(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def _among(likely: Array, right: Array) -> Array:
    kept = likely * right
    return kept / (kept.sum(1, keepdims=True) + 1e-9)
