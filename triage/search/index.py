"""Every phrase that leads somewhere, weighed by how telling its words are, and the ranking.

Built once from the rulebook and the topics, then only read. Words that many places share weigh
little; words that one place owns weigh much.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain, pairwise

from triage.engine.catalogue import Lang, Text
from triage.engine.rulebook import Rulebook
from triage.search.tokens import tokens
from triage.search.topics import Topic, Topics
from triage.search.vocabulary import Near, Vocabulary

WEAK = 0.12  # what is left of the weight of a word that says nothing alone
UNKNOWN = 1.6  # the weight of a typed word that no phrase has: it stands for something we miss
IN_ORDER = 0.12  # what words side by side add, as in the phrase
TITLES = 0.85  # a title is our wording: what people say comes first
OPTIONS = 0.75
BY_TOPIC = 0.15  # how much the topic's other phrases may make up for
Said = Mapping[str, Mapping[int, float]]
_LOOK_AT = 45  # phrases that are looked at closely


@dataclass(frozen=True)
class Phrase:
    """One way to say one thing. `total` is the sum of the weights of its tokens."""

    tokens: tuple[str, ...]
    source: int
    total: float


@dataclass(frozen=True)
class PhraseSource:
    """What phrases belong to: a topic, or the title or options the tree itself has."""

    topic: Topic
    trust: float


@dataclass(frozen=True)
class Hit:
    """A topic that fits, and how well: above 0, about 1 where every word fits."""

    topic: Topic
    score: float


@dataclass(frozen=True)
class Index:
    vocabulary: Vocabulary
    sources: tuple[PhraseSource, ...]
    phrases: tuple[Phrase, ...]
    weights: Mapping[str, float]
    postings: Mapping[str, tuple[int, ...]]
    holders: Mapping[str, tuple[int, ...]]
    weak: frozenset[str]

    def rank(self, nears: Sequence[Near]) -> list[Hit]:
        """The topics that fit what each typed word may mean, best first. Ties fall by id: the
        same words always give the same answer."""
        if not any(nears):
            return []
        asked = [self._weight(near) for near in nears]
        best = self._best_phrases(nears, asked)
        shares = self._shares(nears, asked)
        hits = [self._hit(source, score, shares) for source, score in best.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.topic.id, hit.topic.to))

    def _hit(self, source: int, score: float, shares: Mapping[int, float]) -> Hit:
        whole = (1 - BY_TOPIC) * score + BY_TOPIC * score * shares.get(source, 0.0)
        return Hit(self.sources[source].topic, whole * self.sources[source].trust)

    def _weight(self, near: Near) -> float:
        """The weight of what was typed: that of the word it is nearest to."""
        if not near:
            return UNKNOWN
        nearest = max(near.values())
        return min(self.weights.get(w, UNKNOWN) for w, n in near.items() if n == nearest)

    def _shares(self, nears: Sequence[Near], asked: Sequence[float]) -> dict[int, float]:
        """How much of what was asked each source has somewhere among its phrases."""
        return self._covered(self.holders, nears, asked)

    def _covered(
        self, places: Mapping[str, tuple[int, ...]], nears: Sequence[Near], asked: Sequence[float]
    ) -> dict[int, float]:
        """The share of what was asked that each place has. Words that say nothing alone do not
        count, where any other word does: nearly every place has them."""
        covered: dict[int, float] = defaultdict(float)
        telling = self._telling(nears)
        for near, weight in zip(telling, asked, strict=True):
            has: dict[int, float] = {}
            for word, how_near in near.items():
                for place in places.get(word, ()):
                    if how_near > has.get(place, 0.0):
                        has[place] = how_near
            for place, how_near in has.items():
                covered[place] += weight * how_near
        total = sum(asked)
        return {place: share / total for place, share in covered.items()}

    def _telling(self, nears: Sequence[Near]) -> list[Near]:
        kept = [{} if self._says_nothing(near) else near for near in nears]
        return kept if any(kept) else list(nears)

    def _says_nothing(self, near: Near) -> bool:
        return any(how_near == 1.0 and word in self.weak for word, how_near in near.items())

    def _best_phrases(self, nears: Sequence[Near], asked: Sequence[float]) -> dict[int, float]:
        """The score of the best phrase of each source."""
        covered = self._covered(self.postings, nears, asked)
        total = sum(asked)
        rough = nlargest(
            _LOOK_AT, covered, key=lambda p: (covered[p] / (self.phrases[p].total + total), -p)
        )
        said = _where(nears)
        best: dict[int, float] = {}
        for number in rough:
            score = self._score(self.phrases[number], said, asked)
            source = self.phrases[number].source
            best[source] = max(best.get(source, 0.0), score)
        return best

    def _score(self, phrase: Phrase, said: Said, asked: Sequence[float]) -> float:
        """How well a phrase fits: the share of it that was said, and of what was said that it
        has, and whether the words stand side by side."""
        of_phrase, found = 0.0, dict[int, float]()
        for word in phrase.tokens:
            if word in said:
                of_phrase += self.weights[word] * max(said[word].values())
                for at, near in said[word].items():
                    found[at] = max(found.get(at, 0.0), near)
        of_asked = sum(asked[at] * near for at, near in found.items())
        fit: float = (of_phrase / phrase.total) ** 0.9 * (of_asked / sum(asked)) ** 0.75
        return fit * (1 - IN_ORDER + IN_ORDER * _in_order(phrase.tokens, said))


def _where(nears: Sequence[Near]) -> Said:
    """Which typed words may stand for each known word, and how near they are to it."""
    said: dict[str, dict[int, float]] = defaultdict(dict)
    for at, near in enumerate(nears):
        for word, how_near in near.items():
            said[word][at] = how_near
    return dict(said)


def _in_order(phrase: Sequence[str], said: Said) -> float:
    """The share of neighbours in a phrase that are neighbours in what was said too."""
    if len(phrase) == 1:
        return 1.0
    beside = sum(
        a in said and b in said and any(at + 1 in said[b] for at in said[a])
        for a, b in pairwise(phrase)
    )
    return beside / (len(phrase) - 1)


def build(rulebook: Rulebook, topics: Topics) -> Index:
    """The index over the topics, the titles of outcomes and the options of questions. The words
    of red flags and cues are known to it too: else they would be taken for misspellings."""
    sources = tuple(_sources(rulebook, topics))
    said = [
        (n, lang, tokens(words))
        for n, source in enumerate(sources)
        for lang, phrases in source.topic.says.items()
        for words in phrases
    ]
    vocabulary = Vocabulary.of(
        chain(_of(said, Lang.EN), (t for words in topics.spoken(Lang.EN) for t in tokens(words))),
        chain(_of(said, Lang.CY), (t for words in topics.spoken(Lang.CY) for t in tokens(words))),
        topics,
    )
    phrases_of = list(dict.fromkeys((n, phrase) for n, _, phrase in said if phrase))
    holders = _places(((t, n) for n, phrase in phrases_of for t in phrase))
    weights = {w: _rarity(sources, h) * _strength(w, topics) for w, h in holders.items()}
    phrases = tuple(Phrase(p, n, sum(weights[t] for t in p)) for n, p in phrases_of)
    postings = _places((t, number) for number, p in enumerate(phrases) for t in p.tokens)
    return Index(vocabulary, sources, phrases, weights, postings, holders, topics.weak)


def _of(said: Iterable[tuple[int, Lang, tuple[str, ...]]], which: Lang) -> Iterator[str]:
    return (token for _, lang, phrase in said if lang is which for token in phrase)


def _rarity(sources: Sequence[PhraseSource], holders: Sequence[int]) -> float:
    targets = {source.topic.to for source in sources}
    held = {sources[n].topic.to for n in holders}
    return math.log(1 + len(targets) / len(held))


def _strength(word: str, topics: Topics) -> float:
    return WEAK if word in topics.weak else 1.0


def _places(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for word, number in pairs:
        found[word][number] = None
    return {word: tuple(numbers) for word, numbers in found.items()}


def _sources(rulebook: Rulebook, topics: Topics) -> Iterator[PhraseSource]:
    for topic in topics.topics:
        yield PhraseSource(topic, 1.0)
    for outcome in rulebook.outcomes.values():
        yield PhraseSource(Topic("", outcome.id, _both(rulebook, outcome.title)), TITLES)
    for question in rulebook.questions.values():
        for option in question.options:
            if option.to in rulebook.questions and not option.not_sure:
                yield PhraseSource(Topic("", option.to, _both(rulebook, option.label)), OPTIONS)


def _both(rulebook: Rulebook, text: Text) -> dict[Lang, tuple[str, ...]]:
    filled = rulebook.catalogue.fill(text)
    return {Lang.EN: (filled.en,), Lang.CY: (filled.cy,)}
