"""Which model hears people best: `python -m tests.bench.bakeoff`, some minutes on one core.

Each contestant learns the same sentences, and is asked the held-out ones and the short phrases of
another author. Prints figures alone. Needs numpy and scipy. What stood before this model is in
docs/search.md, measured once on the same held-out sentences.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import django
import numpy as np
import scipy.sparse as sparse

Array = Any
Scores = Callable[[Array], Array]
SHARES = (0.125, 0.25, 0.5, 1.0)  # of the sentences, for the learning curve
CALM_ALARMED = 0.1  # dangers heard are compared where so many calm sentences are alarmed


@dataclass(frozen=True)
class Asked:
    """Sentences as rows of features, with what is right for each and whether it is of danger."""

    name: str
    rows: Array
    right: Sequence[frozenset[str]]
    danger: Array  # 1 danger, 0 none, -1 not said


def naive_bayes(known: Array, right: Array) -> Scores:
    chosen = sparse.csr_matrix(right.astype(np.float32))
    counts = (chosen.T @ (known > 0).astype(np.float32)).toarray()
    logs = np.log((counts + 0.1) / (counts.sum(1, keepdims=True) + 0.1 * counts.shape[1]))
    prior = np.log(right.sum(0) + 1.0)
    return lambda rows: (
        np.asarray((rows > 0).astype(np.float32) @ logs.T.astype(np.float32)) + prior
    )


def linear(known: Array, right: Array) -> Scores:
    """Multinomial logistic regression, a weight for each feature and outcome (40 MB)."""
    chance = np.random.default_rng(1)
    weights = np.zeros((known.shape[1], right.shape[1]), np.float32)
    squares = np.full_like(weights, 1e-6)
    for _ in range(8):
        order = chance.permutation(known.shape[0])
        for begin in range(0, len(order), 2048):
            batch, wanted = known[order[begin : begin + 2048]], right[order[begin : begin + 2048]]
            scores = batch @ weights
            powers = np.exp(scores - scores.max(1, keepdims=True))
            wrong = powers / powers.sum(1, keepdims=True) - wanted / wanted.sum(1, keepdims=True)
            slope = batch.T @ wrong.astype(np.float32) / len(wanted)
            squares += slope * slope
            weights -= 0.5 * slope / np.sqrt(squares)
    return lambda rows: np.asarray(rows @ weights)


def low_rank(known: Array, right: Array, alarming: Array) -> Scores:
    """What the site has before it is put into levels: the learners averaged, in 128 dimensions,
    and danger learnt beside the outcome."""
    from triage.search.training import LEARNERS, SEED, averaged, learner

    heavy = np.ones(len(right), np.float32)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        asked = [
            pool.submit(learner, known, right, alarming, heavy, seed)
            for seed in range(SEED, SEED + LEARNERS)
        ]
        learners = [one.result() for one in asked]
    weights = averaged(learners, np.bincount(known.indices, minlength=known.shape[1]))
    return lambda rows: np.asarray(rows @ weights.features @ weights.outcomes + weights.bias)


def told(name: str, scores: Scores, asked: Asked, ids: Sequence[str], alarming: Array) -> str:
    values = scores(asked.rows)
    best = np.argsort(-values, axis=1)[:, :3]
    first = np.mean([ids[b[0]] in r for b, r in zip(best, asked.right, strict=True)])
    three = np.mean([any(ids[i] in r for i in b) for b, r in zip(best, asked.right, strict=True)])
    powers = np.exp(values - values.max(1, keepdims=True))
    danger = powers[:, alarming].sum(1) / powers.sum(1)
    edge = np.quantile(danger[asked.danger == 0], 1 - CALM_ALARMED)
    heard = np.mean(danger[asked.danger == 1] > edge)
    return (
        f"{name:28} {asked.name:10} first {first:6.1%}  in three {three:6.1%}  heard {heard:6.1%}"
    )


def main() -> None:
    os.environ.setdefault("WHICH_NUMBER_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.config.settings")
    django.setup()
    from django.conf import settings

    from tests.bench.words import held_out
    from triage.rules import rulebook
    from triage.search.training import commonest, flat, matrix
    from triage.seeds.lessons import lessons_of
    from triage.seeds.says import read_says
    from triage.web.context.search_query import ids_of_search

    said = read_says(settings.SEEDS_DIR / "says", ids_of_search())
    learnt = lessons_of(said, rulebook(), ids_of_search())
    ids, place = learnt.ids, {ident: n for n, ident in enumerate(learnt.ids)}
    alarming = np.array([i in learnt.dangers for i in ids])
    others = [one for one in said if one.file != "phrases"]
    taught = list(lessons_of(others, rulebook(), ids).sentences)
    own = [one for one in said if one.file == "phrases"]
    phrases = lessons_of(own, rulebook(), ids).sentences
    random.Random(1).shuffle(taught)
    texts = [flat(lesson.words) for lesson in taught]
    row_of = {feature: row for row, feature in enumerate(commonest(texts))}
    known = matrix(texts, row_of)
    right = np.zeros((len(taught), len(ids)), np.bool_)
    for n, lesson in enumerate(taught):
        right[n, [place[i] for i in lesson.right]] = True
    rows = [row for row in held_out() if row.right]
    asked = [
        Asked(
            "held out", matrix([flat(row.says) for row in rows], row_of),
            [frozenset(row.right) for row in rows],
            np.array([-1 if row.danger is None else int(row.danger) for row in rows]),
        ),
        Asked(
            "phrases", matrix([flat(one.words) for one in phrases], row_of),
            [one.right for one in phrases],
            np.array([int(one.right <= learnt.dangers) for one in phrases]),
        ),
    ]  # fmt: skip
    contests: dict[str, Callable[[Array, Array], Scores]] = {
        "naive Bayes": naive_bayes,
        "linear, 40 MB": linear,
        "averaged, 3.0 MB": lambda k, r: low_rank(k, r, alarming),
    }
    for name, learn in contests.items():
        for share in SHARES if name.startswith("averaged") else (1.0,):
            count, began = int(len(taught) * share), time.process_time()
            scores = learn(known[:count], right[:count])
            took = time.process_time() - began
            for one in asked:
                line = told(f"{name}, {count:,} rows", scores, one, ids, alarming)
                sys.stdout.write(f"{line}  {took:.0f} s\n")


if __name__ == "__main__":
    main()
