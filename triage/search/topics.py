"""What people say: topics, synonyms, cues of time, and the words that mean danger.

Values only, read from seeds/topics by triage/seeds/topics.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from triage.engine.catalogue import Lang

Says = Mapping[Lang, tuple[str, ...]]


@dataclass(frozen=True)
class Topic:
    """Something people say, and the outcome or question it leads to.

    `now` is where it leads when the words say that it is happening, `past` when they say that it
    is over. `leads` are words that put it first whatever else is said: they say how the person
    can reach help at all. `where` are words for a place with an owner of its own, who `takes` the
    outcomes named: a theft on a train is for the railway police.
    """

    id: str
    to: str
    says: Says
    now: str | None = None
    past: str | None = None
    leads: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()


class Defused(StrEnum):
    """What takes the danger out of a red flag."""

    PAST = "past"
    NEVER = "never"


@dataclass(frozen=True)
class Flag:
    """Words that mean danger to life, or a crime that is happening.

    `unless` holds what calms them wherever it is said, and for this flag alone: a phrase that
    frightens for a reason of its own stands in a flag of its own. `of_people` marks what is no
    danger where it happens to a thing or a beast ("my phone fell off"). `far` marks phrases whose
    words may stand anywhere, in their order ("boy … cant find"). `alone` marks words of
    alarm, such as "help": they count unless the rest says plainly that it is no emergency.
    """

    id: str
    says: Says
    defused: Defused = Defused.PAST
    unless: tuple[str, ...] = ()
    alone: bool = False
    of_people: bool = False
    far: bool = False


@dataclass(frozen=True)
class Topics:
    """Everything that seeds/topics holds.

    The cues and harmless phrases are by language, like what people say. `spell` is what stands
    for a word in text-speak, `same` the words that mean much the same, `weak` the words that say
    nothing alone, `things` and beasts that no red flag is about, `people` who are always meant,
    `now` and `past` the cues of time, `harmless` the phrases in which a frightening word is an
    ordinary one, `danger` and `calm` sentences that people type when somebody is in danger now, and
    when nobody is.
    """

    topics: tuple[Topic, ...] = ()
    flags: tuple[Flag, ...] = ()
    spell: Mapping[str, str] = field(default_factory=dict)
    same: tuple[frozenset[str], ...] = ()
    weak: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    now: Says = field(default_factory=dict)
    past: Says = field(default_factory=dict)
    harmless: Says = field(default_factory=dict)
    danger: Says = field(default_factory=dict)
    calm: Says = field(default_factory=dict)

    def spoken(self, lang: Lang) -> Iterator[str]:
        """Every phrase of red flags, cues and harmless words in a language."""
        for says in (self.now, self.past, self.harmless, *(flag.says for flag in self.flags)):
            yield from says.get(lang, ())
