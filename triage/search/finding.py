"""Words -> where they lead, best first, and whether the emergency panel stands before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from triage.engine.catalogue import Nation
from triage.engine.rulebook import Question, Rulebook
from triage.search.features import features
from triage.search.model import Array, Model
from triage.search.reading import LONGEST, SaidWords, read_words

NOBODY = "none"
MOST = 8  # results
# The five constants that no training sets, each with the measurement that set it, are explained in
# docs/search.md.
# From this share of danger on, in the whole or in a clause of it, the panel stands.
IN_WHOLE, IN_CLAUSE = 0.125, 0.6
SURE, LIKELY = 0.97, 0.75  # from this share on, the first place is called sure, or likely
UNSURE = 0.2  # below this share, the first place of calm words is not known at all
_LISTED = 0.02  # a place is listed from this share on
_FEWEST = 3  # features that must be known: one piece of a word says nothing


class QueryTooLongError(ValueError):
    """More was typed than is read."""

    def __init__(self, length: int) -> None:
        super().__init__(f"{length} characters are too many: {LONGEST} at most")


class Certainty(StrEnum):
    """How well the first place fits. NONE: these words are nobody's matter here, or none at all."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True)
class SearchPlace:
    """A question, outcome or page that the words lead to, and how likely it is, up to 1."""

    id: str
    share: float


@dataclass(frozen=True)
class AskBack:
    """A question of the tree that parts the likeliest places, and at most four of its options."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class SearchHits:
    """What some words lead to. `danger` is the share of danger in the most alarming clause."""

    panel: bool
    places: tuple[SearchPlace, ...]
    certainty: Certainty = Certainty.NONE
    back: AskBack | None = None
    danger: float = 0.0


@dataclass(frozen=True)
class Search:
    """The model and the red flags over one rulebook: built once, then only read."""

    model: Model
    flags: frozenset[tuple[str, ...]]
    dangers: frozenset[str]
    questions: Mapping[str, Question]
    start: str

    @staticmethod
    def over(rulebook: Rulebook, model: Model, flags: Iterable[str]) -> Search:
        return Search(
            model=model,
            flags=frozenset(read_words(flag).words for flag in flags),
            dangers=dangers(rulebook),
            questions=rulebook.questions,
            start=rulebook.start,
        )

    @cached_property
    def _alarming(self) -> Array:
        return np.array([ident in self.dangers for ident in self.model.ids])

    def find(self, message: str) -> SearchHits:
        """Where a message leads. Raises QueryTooLongError for more than 4,000 characters."""
        if len(message) > LONGEST:
            raise QueryTooLongError(len(message))
        return self.read(read_words(message))

    def read(self, reading: SaidWords) -> SearchHits:
        """Where the words of a message lead."""
        rows = self.model.rows(features(reading.words))
        whole, *clauses = _groups(rows, reading.stretches)
        if sum(map(len, rows)) < _FEWEST:
            return SearchHits(self.flagged(reading.words), ())
        shares = self.model.shares([whole, *clauses])
        alarms = shares[:, self._alarming].sum(1)
        danger = float(alarms.max())
        panel = bool(alarms[0] >= IN_WHOLE) or danger >= IN_CLAUSE or self.flagged(reading.words)
        mixed = shares[0]
        if panel and alarms[0] < IN_WHOLE:
            # The whole is calm: what alarmed is one clause, so that clause tells the matter.
            mixed = 0.3 * mixed + 0.7 * shares[int(alarms.argmax())]
        return self._hits(self._weighed(mixed, panel, danger), panel, danger)

    def _weighed(self, shares: Array, panel: bool, danger: float) -> Array:
        """The shares of outcomes, by what is known of the danger: where there is some, what is calm
        counts for less; where there is none, no emergency comes first."""
        if panel:
            return np.where(self._alarming, shares, shares * (1 - max(danger, 0.5)))
        calmest = shares[~self._alarming].max()
        return np.where(self._alarming, np.minimum(shares, calmest * 0.99), shares)

    def flagged(self, words: Sequence[str]) -> bool:
        """Whether a red flag stands in the words."""
        return any(
            tuple(words[i : i + n]) in self.flags
            for n in (1, 2, 3, 4, 5)
            for i in range(len(words) - n + 1)
        )

    def _hits(self, shares: Array, panel: bool, danger: float) -> SearchHits:
        ids, total = self.model.ids, float(shares.sum())
        likely = {ids[n]: float(shares[n]) / total for n in np.argsort(-shares)[: MOST + 1]}
        nobody = likely.pop(NOBODY, 0.0)
        ranked = sorted((-share, ident) for ident, share in likely.items() if share >= _LISTED)
        places = tuple(SearchPlace(ident, -share) for share, ident in ranked[:MOST])
        if not places or (not panel and places[0].share < max(nobody, UNSURE)):
            return SearchHits(panel, (), danger=danger)
        certainty = _certainty(places[0].share)
        back = None if certainty is Certainty.SURE else self._back(places, panel)
        return SearchHits(panel, places, certainty, back, danger)

    def _back(self, places: Sequence[SearchPlace], panel: bool) -> AskBack | None:
        """The question that parts most of what the words may mean: more than the likeliest alone,
        which else stands first by itself."""
        likely = {place.id: place.share for place in places}
        best, most = None, places[0].share if places else 0.0
        for ident, question in self.questions.items():
            leading = [o for o in question.options if o.to in likely and not o.not_sure]
            covered = sum({o.to: likely[o.to] for o in leading}.values())
            if ident != self.start and len({o.to for o in leading}) > 1 and covered > most:
                leading.sort(key=lambda o: -likely[o.to])
                best, most = AskBack(ident, tuple(o.id for o in leading[:4])), covered
        return best


def _groups(rows: Sequence[Sequence[int]], stretches: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The rows of the whole, then of each stretch that is less, without what is known of none."""
    parts = [(0, len(rows)), *((a, b) for a, b in stretches if b - a < len(rows))]
    groups = [list({row for own in rows[a:b] for row in own}) for a, b in parts]
    return [groups[0], *filter(None, groups[1:])]


def _certainty(share: float) -> Certainty:
    if share >= SURE:
        return Certainty.SURE
    return Certainty.LIKELY if share >= LIKELY else Certainty.UNSURE


def dangers(rulebook: Rulebook) -> frozenset[str]:
    """The outcomes that are an emergency in any nation, and questions that lead to them alone."""
    found = {
        outcome.id
        for outcome in rulebook.outcomes.values()
        if any(rulebook.needs[outcome.needs[nation]].is_emergency for nation in Nation)
    }
    for _ in rulebook.questions:
        more = {
            question.id
            for question in rulebook.questions.values()
            if all(option.to in found for option in question.options)
        }
        if more <= found:
            break
        found |= more
    return frozenset(found)
