"""Words -> where they lead, best first, and whether the emergency panel stands before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from triage.engine.catalogue import Nation
from triage.engine.rulebook import Rulebook
from triage.search.danger import Alarm, Danger, Tense
from triage.search.evidence import Evidence
from triage.search.index import Hit, Index, build
from triage.search.spelling import Spelling
from triage.search.tokens import tokens
from triage.search.topics import Topic, Topics
from triage.search.vocabulary import Near

LONGEST = 200  # characters
MOST = 8  # results
FITS = 0.1  # below this, a match says nothing
BESIDE_BEST = 0.35  # a result is shown if it is at least this share of the best
SURELY = 0.12  # from here on, an emergency in first place brings the panel too
PLAINLY = 0.35  # from here on, a first place that is no emergency answers a cry for help
TAKES = 1.05  # what an owner's score is of the best that it takes
# How alarming words must sound (log-odds, evidence.py) to bring the panel without a red flag: by
# themselves, and with an emergency in first place.
BY_ITSELF, WITH_EMERGENCY = 2.0, -1.5
# From here on they are words of danger, whatever else; up to here they are calm ones.
SURELY_AFRAID, CALMLY = 3.5, -2.0
OTHER_TENSE = 0.82  # what is left of the score of the same matter at the other time
WRONG_TENSE = 0.7


class Mood(StrEnum):
    """How the words sound: of danger, of something over or harmless, or neither."""

    AFRAID = "afraid"
    PLAIN = "plain"
    CALM = "calm"


# What the mood does to the score of an emergency.
WEIGHT = {Mood.AFRAID: 1.5, Mood.PLAIN: 1.0, Mood.CALM: 0.6}


class QueryTooLongError(ValueError):
    """More was typed than is read."""

    def __init__(self, length: int) -> None:
        super().__init__(f"{length} characters are too many: {LONGEST} at most")


@dataclass(frozen=True)
class SearchPlace:
    """A question or outcome that the words lead to."""

    id: str
    score: float


@dataclass(frozen=True)
class SearchHits:
    panel: bool
    places: tuple[SearchPlace, ...]


@dataclass(frozen=True)
class Search:
    """The index and the red flags over one rulebook: built once, then only read."""

    emergencies: frozenset[str]
    index: Index
    danger: Danger
    evidence: Evidence
    spelling: Spelling

    @staticmethod
    def over(rulebook: Rulebook, topics: Topics) -> Search:
        index = build(rulebook, topics)
        spell = {typed: tokens(meant) for typed, meant in topics.spell.items()}
        spelling = Spelling(index.vocabulary, spell)
        emergencies = _emergencies(rulebook)
        evidence = Evidence.of(topics, emergencies, lambda words: spelling.out(tokens(words)))
        return Search(emergencies, index, Danger.of(topics), evidence, spelling)

    def find(self, words: str) -> SearchHits:
        """Where these words lead. Raises QueryTooLongError for more than 200 characters."""
        if len(words) > LONGEST:
            raise QueryTooLongError(len(words))
        vocabulary = self.index.vocabulary
        typed = self.spelling.out(tokens(words))
        written = [vocabulary.written(token) for token in typed]
        nears = [vocabulary.near(t, w) for t, w in zip(typed, written, strict=True)]
        tense = self.danger.tense(written)
        alarm, sounds = self.danger.alarms(nears, tense), self.evidence.sounds(typed)
        flagged = alarm is Alarm.DANGER
        if flagged and tense is Tense.UNSAID:
            tense = Tense.NOW
        left = nears if flagged else self.danger.without_harmless(nears)
        mood = self._mood(nears, left, tense, flagged, sounds)
        hits = self._hits(nears, mood)
        alarming = hits if left == nears else self._hits(left, mood)
        best = self._best(hits, alarming, tense, mood)
        places = _ranked({**best, **self._owned(nears, best)})
        panel = (
            flagged
            or (sounds > BY_ITSELF and mood is not Mood.CALM)
            or (sounds > WITH_EMERGENCY and self._leads_with_emergency(places))
            or (alarm is Alarm.CALL and not self._leads_elsewhere(places))
        )
        return SearchHits(panel, places)

    def _hits(self, nears: Sequence[Near], mood: Mood) -> list[Hit]:
        """The ranking, with first what says how somebody can reach help: whoever is deaf has no
        use for an answer that can only be called."""
        hits = self.index.rank(nears)
        if mood is Mood.CALM:
            return hits
        best = hits[0].score if hits else 0.0
        leading = [Hit(topic, 1.1 * best) for topic in self.danger.leading(nears)]
        return [*leading, *hits]

    def _mood(
        self,
        nears: Sequence[Near],
        left: Sequence[Near],
        tense: Tense,
        flagged: bool,
        sounds: float,
    ) -> Mood:
        """`left` is what is said outside harmless phrases."""
        if flagged or sounds > SURELY_AFRAID:
            return Mood.AFRAID
        over = tense is Tense.PAST or left != nears or self.danger.about_things(nears)
        return Mood.CALM if over or sounds < CALMLY else Mood.PLAIN

    def _best(
        self, hits: Sequence[Hit], alarming: Sequence[Hit], tense: Tense, mood: Mood
    ) -> dict[str, float]:
        """The best score of each place. Calm words hardly mean an emergency, and one rests on
        what is said outside harmless phrases alone."""
        best: dict[str, float] = {}
        for to, score in self._scores(hits, tense):
            if to not in self.emergencies:
                best[to] = max(best.get(to, 0.0), score)
        for to, score in self._scores(alarming, tense):
            if to in self.emergencies:
                best[to] = max(best.get(to, 0.0), score * WEIGHT[mood])
        return best

    def _owned(self, nears: Sequence[Near], best: Mapping[str, float]) -> dict[str, float]:
        """The scores of the owners of a place that is named: just above what each takes."""
        found: dict[str, float] = {}
        for topic in self.danger.owning(nears):
            taken = max((best[to] for to in topic.takes if to in best), default=0.0)
            found[topic.to] = max(best.get(topic.to, 0.0), TAKES * taken)
        return found

    def _scores(self, hits: Sequence[Hit], tense: Tense) -> Iterator[tuple[str, float]]:
        for hit in hits:
            for to, share in _targets(hit.topic, tense):
                yield to, hit.score * share

    def _leads_elsewhere(self, places: Sequence[SearchPlace]) -> bool:
        """Whether the words plainly mean something that is no emergency."""
        return bool(places) and places[0].score >= PLAINLY and places[0].id not in self.emergencies

    def _leads_with_emergency(self, places: Sequence[SearchPlace]) -> bool:
        return bool(places) and places[0].score >= SURELY and places[0].id in self.emergencies


def _ranked(best: Mapping[str, float]) -> tuple[SearchPlace, ...]:
    """The places, best first; those far behind the best are left out."""
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    least = max(FITS, BESIDE_BEST * ranked[0][1]) if ranked else 0.0
    return tuple(SearchPlace(to, score) for to, score in ranked if score >= least)[:MOST]


def _emergencies(rulebook: Rulebook) -> frozenset[str]:
    """The outcomes that are an emergency in any nation."""
    return frozenset(
        outcome.id
        for outcome in rulebook.outcomes.values()
        if any(rulebook.needs[outcome.needs[nation]].is_emergency for nation in Nation)
    )


def _targets(topic: Topic, tense: Tense) -> Iterator[tuple[str, float]]:
    """Where a topic leads at this time, and where it would at another, with less weight."""
    main = topic.to
    if tense is Tense.NOW:
        main = topic.now or topic.to
    elif tense is Tense.PAST:
        main = topic.past or topic.to
    for to in (topic.to, topic.now, topic.past):
        if to == main:
            yield to, 1.0
        elif to is not None:
            yield to, OTHER_TENSE if tense is Tense.UNSAID else WRONG_TENSE
