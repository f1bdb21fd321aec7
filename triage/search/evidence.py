"""How much what somebody typed sounds like danger now, by the words it is made of.

Naive Bayes over what seeds/topics holds: each word, and each two neighbours, weigh by how much
oftener they are said in danger than otherwise. It hears what no red flag foresaw. The red flags
are danger.py; what both come to is finding.py.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from triage.search.tokens import stem
from triage.search.topics import Says, Topics

# As if each word had been heard so often already, on both sides: a word heard once proves little.
_UNHEARD = 0.6
Spell = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Evidence:
    """The weight of each word and pair: above zero for danger, below for calm."""

    weights: Mapping[str, float]

    @staticmethod
    def of(topics: Topics, emergencies: frozenset[str], spell: Spell) -> Evidence:
        """What the examples, the red flags and the topics teach, each written out by `spell`."""
        danger, calm = Counter[str](), Counter[str]()
        alarming = calming = 0
        for words, is_danger in _taught(topics, emergencies):
            (danger if is_danger else calm).update(_signs(spell(words)))
            alarming, calming = alarming + is_danger, calming + (not is_danger)
        return Evidence(
            {
                sign: _share(danger[sign], alarming) - _share(calm[sign], calming)
                for sign in danger.keys() | calm.keys()
            }
        )

    def sounds(self, typed: Sequence[str]) -> float:
        """How alarming the written out tokens of a question are: the logarithm of the odds, with
        danger and calm taken to be as likely. What nobody has said before weighs nothing."""
        return sum(self.weights.get(sign, 0.0) for sign in _signs(typed))


def _share(heard: int, of: int) -> float:
    return math.log((heard + _UNHEARD) / (of + 2 * _UNHEARD))


def _signs(typed: Sequence[str]) -> set[str]:
    """The words without their endings, and each two that stand side by side."""
    stems = [stem(token) for token in typed]
    return {*stems, *(f"{a} {b}" for a, b in pairwise(stems))}


def _taught(topics: Topics, emergencies: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Everything people are known to say, and whether it is of danger now."""
    flags = (flag.says for flag in topics.flags)
    yield from _said((topics.danger, *flags), True)
    yield from _said([topics.calm], False)
    for topic in topics.topics:
        yield from _said([topic.says], topic.to in emergencies)


def _said(says: Iterable[Says], is_danger: bool) -> Iterator[tuple[str, bool]]:
    return ((words, is_danger) for said in says for some in said.values() for words in some)
