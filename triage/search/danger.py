"""Whether words speak of danger now: the red flags, apart from any ranking.

A wrong match must never hide 999, so this reads the words alone. It errs towards showing; what
takes the danger out of a word (a time that is past, a harmless compound) is data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from triage.search.tokens import tokens
from triage.search.topics import Defused, Flag, Says, Topic, Topics
from triage.search.vocabulary import Near

SURE = 0.82  # a word of a red flag that stands alone
LIKELY = 0.64  # a word of a phrase, whose other words vouch for it
GAP = 2  # words that may stand between two words of a phrase
FAR = 12  # the same, for a phrase whose words may stand anywhere in what was typed

Phrase = tuple[str, ...]
T = TypeVar("T")
ByWord = Mapping[str, tuple[T, ...]]


class Tense(StrEnum):
    """When the words say it happens."""

    NOW = "now"
    PAST = "past"
    UNSAID = "unsaid"


class Alarm(StrEnum):
    """What the words sound like: danger, a call for help of an unknown kind, or neither."""

    DANGER = "danger"
    CALL = "call"
    NONE = "none"


@dataclass(frozen=True)
class Sign:
    """A way to say a red flag, and what takes the danger out of it."""

    phrase: Phrase
    defused: Defused
    unless: tuple[Phrase, ...]
    alone: bool
    of_people: bool
    gap: int


@dataclass(frozen=True)
class Leader:
    """A topic that comes first, or takes what others have, where one of its phrases is said."""

    topic: Topic
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True)
class Danger:
    """The red flags and cues, cut into tokens, each under its first word: few of many are near
    what was typed."""

    signs: ByWord[Sign]
    now: ByWord[Phrase]
    past: ByWord[Phrase]
    harmless: ByWord[Phrase]
    weak: frozenset[str]
    things: frozenset[str]
    people: frozenset[str]
    leaders: tuple[Leader, ...]
    owners: tuple[Leader, ...]

    @staticmethod
    def of(topics: Topics) -> Danger:
        signs = ((sign.phrase[0], sign) for flag in topics.flags for sign in _signs(flag))
        now, past, harmless = (
            _by_word((phrase[0], phrase) for phrase in _phrases(says))
            for says in (topics.now, topics.past, topics.harmless)
        )
        return Danger(
            signs=_by_word(signs),
            now=now,
            past=past,
            harmless=harmless,
            weak=topics.weak,
            things=topics.things,
            people=topics.people,
            leaders=tuple(_leader(t, t.leads) for t in topics.topics if t.leads),
            owners=tuple(_leader(t, t.where) for t in topics.topics if t.where),
        )

    def tense(self, written: Sequence[Near]) -> Tense:
        """When it happens, by the words as written: "attack" is not "attacking". Where words say
        both, it happens now."""
        if any(_stands(cue, written, gap=0) for cue in _spoken(self.now, written)):
            return Tense.NOW
        if any(_stands(cue, written, gap=0) for cue in _spoken(self.past, written)):
            return Tense.PAST
        return Tense.UNSAID

    def alarms(self, nears: Sequence[Near], tense: Tense) -> Alarm:
        """What the red flags say that nothing takes the danger out of."""
        signs = self._standing(nears, tense)
        if any(not sign.alone for sign in signs):
            return Alarm.DANGER
        return Alarm.CALL if signs else Alarm.NONE

    def _standing(self, nears: Sequence[Near], tense: Tense) -> list[Sign]:
        said, left = _said(nears), _said(self.without_harmless(nears))
        return [
            sign
            for word in said
            for sign in self.signs.get(word, ())
            if said.issuperset(sign.phrase)
            and self._happens(sign, nears)
            and self._frightens(sign.phrase, left)
            and not (tense is Tense.PAST and sign.defused is Defused.PAST)
            and not any(_starts(words, nears) for words in sign.unless)
        ]

    def _happens(self, sign: Sign, nears: Sequence[Near]) -> bool:
        """Whether a sign is said, and of people where it is about them alone."""
        begins = _begins(sign.phrase, nears, gap=sign.gap)
        if sign.of_people:
            return any(not self._of_a_thing(nears[:begin]) for begin in begins)
        return bool(begins)

    def _of_a_thing(self, before: Sequence[Near]) -> bool:
        """Whether what happens next happens to a thing or a beast: one stands just before. Any
        other telling word may be a person: "the dog walker fell off" is about a walker."""
        for near in reversed(before):
            if _one_of(self.things, near):
                return True
            if _one_of(self.people, near) or not _one_of(self.weak, near):
                return False
        return False

    def about_things(self, nears: Sequence[Near]) -> bool:
        """Whether what frightens is said, and happens to a thing or a beast."""
        said = _said(nears)
        return any(
            sign.of_people
            and said.issuperset(sign.phrase)
            and _stands(sign.phrase, nears, gap=sign.gap)
            and not self._happens(sign, nears)
            for word in said
            for sign in self.signs.get(word, ())
        )

    def leading(self, nears: Sequence[Near]) -> list[Topic]:
        """The topics whose leading words are said."""
        return _told_by(self.leaders, nears)

    def owning(self, nears: Sequence[Near]) -> list[Topic]:
        """The topics that own the place the words name."""
        return _told_by(self.owners, nears)

    def _frightens(self, phrase: Phrase, left: set[str]) -> bool:
        """Whether a telling word of a phrase is said outside harmless phrases: "stabbing pain" is
        harmless, "stabbing pain in my chest" is not."""
        telling = [word for word in phrase if word not in self.weak] or phrase
        return not left.isdisjoint(telling)

    def without_harmless(self, nears: Sequence[Near]) -> list[Near]:
        """The same words, with nothing where a harmless phrase stands."""
        left = list(nears)
        for phrase in _spoken(self.harmless, nears):
            for start in _starts(phrase, left):
                left[start : start + len(phrase)] = [{}] * len(phrase)
        return left


def _leader(topic: Topic, phrases: Iterable[str]) -> Leader:
    return Leader(topic, tuple(tokens(words) for words in phrases))


def _told_by(leaders: Iterable[Leader], nears: Sequence[Near]) -> list[Topic]:
    return [
        leader.topic
        for leader in leaders
        if any(_stands(phrase, nears, gap=GAP) for phrase in leader.phrases)
    ]


def _said(nears: Sequence[Near]) -> set[str]:
    return {word for near in nears for word in near}


def _spoken(phrases: ByWord[Phrase], nears: Sequence[Near]) -> Iterator[Phrase]:
    """The phrases of which every word was said somewhere, in the order of the words typed."""
    said = _said(nears)
    words = dict.fromkeys(word for near in nears for word in near)
    return (p for word in words for p in phrases.get(word, ()) if said.issuperset(p))


def _by_word(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for word, value in pairs:
        found.setdefault(word, []).append(value)
    return {word: tuple(values) for word, values in found.items()}


def _signs(flag: Flag) -> Iterator[Sign]:
    unless = tuple(tokens(words) for words in flag.unless)
    gap = FAR if flag.far else GAP
    return (
        Sign(p, flag.defused, unless, flag.alone, flag.of_people, gap) for p in _phrases(flag.says)
    )


def _one_of(words: frozenset[str], near: Near) -> bool:
    """Whether a typed word is, written out, one of these."""
    return any(how_near >= SURE and word in words for word, how_near in near.items())


def _phrases(says: Says) -> Iterator[Phrase]:
    for phrases in says.values():
        for words in phrases:
            if phrase := tokens(words):
                yield phrase


def _starts(phrase: Phrase, nears: Sequence[Near]) -> list[int]:
    """Where a phrase stands, word by word: what calms must be said for sure."""
    return [
        start
        for start in range(len(nears) - len(phrase) + 1)
        if all(nears[start + n].get(word, 0.0) >= SURE for n, word in enumerate(phrase))
    ]


def _stands(phrase: Phrase, nears: Sequence[Near], gap: int) -> bool:
    """Whether the words of a phrase stand there in their order, with few words between."""
    return bool(_begins(phrase, nears, gap))


def _begins(phrase: Phrase, nears: Sequence[Near], gap: int) -> list[int]:
    """Where a phrase that stands there begins; nowhere, where it does not."""
    least = SURE if len(phrase) == 1 else LIKELY
    begun: dict[int, int] = {}  # where the last word stands -> where the first does
    for n, word in enumerate(phrase):
        said = [i for i, near in enumerate(nears) if near.get(word, 0.0) >= least]
        begun = {i: i for i in said} if n == 0 else _further(begun, said, gap)
        if not begun:
            return []
    return sorted(set(begun.values()))


def _further(begun: Mapping[int, int], said: Sequence[int], gap: int) -> dict[int, int]:
    """The ways that go on to the next word, each from the nearest word before it."""
    found: dict[int, int] = {}
    for i in said:
        near = [end for end in begun if 0 < i - end <= gap + 1]
        if near:
            found[i] = begun[max(near)]
    return found
