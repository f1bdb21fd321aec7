"""Sentences -> the weights of model.py: one run, the same bytes for the same sentences.

A feature has a vector, an outcome has one, and how well they agree is how likely the outcome is
(a linear model of low rank, so that it is small). It learns which outcome is right and, at the same
time, whether the words are of danger now. Several learners that begin differently, and hear the
sentences varied differently, are averaged: what each made of chance falls away. Needs scipy, which
the site does not.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np
import scipy.sparse as sparse

from triage.search.features import features
from triage.search.lesson import Lesson
from triage.search.model import DIMENSIONS, Model, pack
from triage.search.reading import read_clauses, read_words

ROWS = 40_000  # features that are kept: the commonest
LEARNERS, WIDTH = 8, 64  # numbers in a learner's vectors, before they are averaged
AT_ONCE = 2  # learners that learn side by side: each holds a hundred thousand sentences
EPOCHS, BATCH, RATE, DROPPED = 5, 256, 0.014, 0.5
DANGER_WEIGHT = 2.0
# People say what happened, seldom only of what kind it is: a question's sentences weigh less.
QUESTION_WEIGHT = 0.4
SEED = 2026
_VOWELS = re.compile("[aeiou]", re.IGNORECASE)
Array = Any  # numpy's own types are generic over shapes that scipy does not tell


@dataclass(frozen=True)
class Sides:
    """The ids that are of danger now, and those that surely are not; and the questions."""

    danger: frozenset[str]
    calm: frozenset[str]
    questions: frozenset[str] = frozenset()


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

        return Weights(small(rows, WIDTH), small(WIDTH, outcomes), np.zeros(outcomes, np.float32))


def varied(
    lessons: Sequence[Lesson],
    sides: Sides,
    parts: Mapping[str, Sequence[str]],
    chance: random.Random,
) -> Iterator[Lesson]:
    """The lessons, and again what teaches that the words around a danger neither hide nor make it:
    with asking, greeting or thanks around them, among calm sentences, in a long story, and clauses
    of calm ones."""
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
        if chance.random() < (0.25 if lesson.right <= sides.danger else 0.15):
            yield Lesson(_story(lesson, parts, chance), lesson.right)
        if chance.random() < 0.12:
            yield Lesson(_mistyped(lesson.words, chance), lesson.right)


def _story(lesson: Lesson, parts: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    """A sentence among others that tell nothing of it, oftenest at their end."""
    told = chance.choices(parts.get(lesson.lang, parts["en"]), k=chance.randrange(2, 8))
    at = len(told) if chance.random() < 0.5 else chance.randrange(len(told) + 1)
    return chance.choice([". ", ". ", ", ", " ", " and "]).join(
        [*told[:at], lesson.words, *told[at:]]
    )


def _mistyped(words: str, chance: random.Random) -> str:
    """Words as they are typed in a hurry: letters that change places or are lost, or no vowels."""
    if chance.random() < 0.2:
        return " ".join(word[0] + _VOWELS.sub("", word[1:]) for word in words.split())
    letters = list(words)
    for _ in range(1 + len(letters) // 30):
        at = chance.randrange(max(1, len(letters) - 1))
        letters[at : at + 2] = letters[at : at + 2][:: chance.choice([-1, 2])]
    return "".join(letters)


def _wrap(words: str, parts: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    before = chance.choice(parts["before"]) if chance.random() < 0.7 else ""
    after = chance.choice(parts["after"]) if chance.random() < 0.5 else ""
    return chance.choice([" ", ", ", ". "]).join(p for p in (before, words, after) if p)


def _clauses(lesson: Lesson, sides: Sides, chance: random.Random) -> Iterator[Lesson]:
    """Clauses of a calm sentence or story: none of them is danger by itself either."""
    clauses = read_clauses(lesson.words)
    if len(clauses) > 1:
        yield from (Lesson(words, sides.calm) for words in clauses if chance.random() < 0.6)


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
) -> bytes:
    """The trained file. `ids` are the outcomes and questions, `sides` which are of danger."""
    with ProcessPoolExecutor(AT_ONCE, get_context("spawn")) as pool:
        first = _taught(lessons, sides, parts, SEED)
        kept = commonest(list(pool.map(flat, [one.words for one in first], chunksize=1000)))
        asked = [
            pool.submit(_course, lessons, ids, sides, parts, kept, seed)
            for seed in range(SEED, SEED + LEARNERS)
        ]
        courses = [one.result() for one in asked]
        counts = sum(counts for _, counts in courses)
        weights = pool.submit(averaged, [learnt for learnt, _ in courses], counts).result()
    model = Model.quantised(kept, weights.features, weights.outcomes, weights.bias, ids)
    return pack(model, fingerprint)


def _taught(
    lessons: Sequence[Lesson], sides: Sides, parts: Mapping[str, Sequence[str]], seed: int
) -> list[Lesson]:
    """Everything that one learner hears."""
    around = [Lesson(words, sides.calm) for told in parts.values() for words in told]
    return [*varied(lessons, sides, parts, random.Random(seed)), *around]  # noqa: S311


def _course(
    lessons: Sequence[Lesson],
    ids: Sequence[str],
    sides: Sides,
    parts: Mapping[str, Sequence[str]],
    kept: Sequence[int],
    seed: int,
) -> tuple[Weights, Array]:
    """What one learner makes of its own variation of the lessons, and how often it met each
    feature."""
    taught = _taught(lessons, sides, parts, seed)
    row_of = {feature: row for row, feature in enumerate(kept)}
    known = matrix([flat(lesson.words) for lesson in taught], row_of)
    counts = np.bincount(known.indices, minlength=len(kept))
    return learner(known, *_targets(taught, ids, sides), seed), counts


def _targets(
    taught: Sequence[Lesson], ids: Sequence[str], sides: Sides
) -> tuple[Array, Array, Array]:
    """Which ids are right for each lesson, which ids are of danger, and how much each lesson
    counts."""
    place = {ident: n for n, ident in enumerate(ids)}
    right = np.zeros((len(taught), len(ids)), np.bool_)
    for n, lesson in enumerate(taught):
        right[n, [place[i] for i in lesson.right]] = True
    alarming = np.array([i in sides.danger for i in ids])
    heavy = np.array([QUESTION_WEIGHT if o.right <= sides.questions else 1.0 for o in taught])
    return right, alarming, heavy.astype(np.float32)


def averaged(learners: Sequence[Weights], counts: Array) -> Weights:
    """The mean of the scores of the learners, in the dimensions that tell most of it: the largest
    singular vectors, where a feature weighs as often as it is said."""
    vectors = np.hstack([one.features for one in learners])
    outcomes = np.vstack([one.outcomes for one in learners]) / np.float32(len(learners))
    outcomes -= outcomes.mean(1, keepdims=True)
    together = (vectors * (counts[:, None] + 1).astype(np.float32)).T @ vectors
    _, axes = np.linalg.eigh((outcomes.T @ together @ outcomes).astype(np.float64))
    axes = axes[:, ::-1][:, :DIMENSIONS].astype(np.float32)
    bias = np.mean([one.bias for one in learners], 0)
    return Weights(vectors @ (outcomes @ axes), axes.T, bias)


def learner(known: Array, right: Array, alarming: Array, heavy: Array, seed: int) -> Weights:
    """What one learner makes of the rows. `heavy` is how much each counts."""
    chance = np.random.default_rng(seed)
    weights = Weights.beginning(known.shape[1], right.shape[1], chance)
    values = [weights.features, weights.outcomes, weights.bias]
    slow = [np.zeros_like(v) for v in values]
    wide = [np.zeros_like(v) for v in values]
    steps = EPOCHS * -(-known.shape[0] // BATCH)
    step = 0
    for _ in range(EPOCHS):
        order = chance.permutation(known.shape[0])
        for begin in range(0, len(order), BATCH):
            chosen = order[begin : begin + BATCH]
            step += 1
            batch = _dropped(known[chosen], chance)
            rows, slopes = _slopes(batch, right[chosen], alarming, heavy[chosen], weights)
            rate = RATE * (1 - (step - 1) / steps) / (1 - 0.9**step)
            grown = 1 - 0.999**step
            for n, (slope, at) in enumerate(zip(slopes, (rows, ..., ...), strict=True)):
                mean = slow[n][at] * np.float32(0.9) + np.float32(0.1) * slope
                square = wide[n][at] * np.float32(0.999) + np.float32(0.001) * slope * slope
                slow[n][at], wide[n][at] = mean, square
                values[n][at] -= (
                    np.float32(rate)
                    * mean
                    / (np.sqrt(square / np.float32(grown)) + np.float32(1e-8))
                )
    return weights


def _dropped(batch: Array, chance: Any) -> Array:
    """The rows with some of their features left out, and the others weighing more instead."""
    kept = chance.random(batch.nnz, np.float32) > DROPPED
    ends = np.concatenate([[0], np.cumsum(kept)])[batch.indptr]
    data = batch.data[kept] / np.float32(1 - DROPPED)
    return sparse.csr_matrix((data, batch.indices[kept], ends), batch.shape)


def _slopes(
    batch: Array, right: Array, alarming: Array, heavy: Array, weights: Weights
) -> tuple[Array, list[Array]]:
    """The features of a batch, and the gradients of what is wrong with it: the outcome, and whether
    it is danger."""
    rows, place = np.unique(batch.indices, return_inverse=True)
    batch = sparse.csr_matrix((batch.data, place, batch.indptr), (len(right), len(rows)))
    hidden = batch @ weights.features[rows]
    likely = _shares(hidden @ weights.outcomes + weights.bias)
    wrong = likely - _among(likely, right)
    # Whether it is danger is asked again, where the sentence says: all its ids are, or none.
    danger = right[:, alarming].any(1)
    said = danger != right[:, ~alarming].any(1)
    side = np.where(danger[:, None], alarming[None, :], ~alarming[None, :])
    wrong += DANGER_WEIGHT * said[:, None] * (likely - _among(likely, side))
    wrong = (wrong * heavy[:, None] / len(right)).astype(np.float32)
    return rows, [batch.T @ (wrong @ weights.outcomes.T), hidden.T @ wrong, wrong.sum(0)]


def _shares(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def _among(likely: Array, right: Array) -> Array:
    kept = likely * right
    return kept / (kept.sum(1, keepdims=True) + 1e-9)
