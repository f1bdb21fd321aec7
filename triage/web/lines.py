"""The sentences of the banner: an instruction with the numbers in it that a finger may dial.

Which of them are said is banner.py's business (emergencies) and everyday.py's (all else).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from triage.engine.situation import Mode
from triage.web.gather import Here
from triage.web.panel import Group, Variant
from triage.web.present import Way
from triage.web.say import plain

# The way of a group that is told another line than its usual one, where no emergency is meant.
INSTEAD = "instead"


@dataclass(frozen=True)
class Line:
    """A sentence, and the numbers in it that a finger may dial."""

    text: str
    ways: tuple[Way, ...] = ()


def of_nation(here: Here, variant: Variant) -> Iterator[Line]:
    """A nation's instructions, each under its name: what is right in one is wrong in another."""
    for group in variant.groups:
        yield Line(f"{variant.where}. {do(here, group, f'{group.whom}:')}.", dials(group))


def of_groups(here: Here, told: Sequence[Group], because: str, key: str) -> Iterator[Line]:
    """What the services of one place are told: in a sentence with the fault where all are alike.

    `key` is of the words that join the two.
    """
    if len(told) == 1:
        sentence = do(here, told[0], plain(here, "do-emergency"))
        yield Line(plain(here, key, do=sentence, fault=because), dials(told[0]))
        return
    yield Line(capital(because) + ".")
    for group in told:
        yield Line(do(here, group, f"{group.whom}:") + ".", dials(group))


def do(here: Here, group: Group, whom: str) -> str:
    """One group's instruction, without its full stop."""
    first = group.first
    key = group.mode if first.number else "place"
    label = first.label.rstrip(".")
    # A long number says nothing of whose it is.
    whose = f" ({label})" if len(first.number) > 3 else ""
    place = whose if key == INSTEAD else label
    sentence = plain(here, f"do-{key}", whom=whom, number=first.number, place=place)
    if not group.then or group.mode == Mode.HOLD:
        return sentence
    if first.number:
        numbers = " / ".join(w.number or w.label for w in group.then)
        return plain(here, "do-then", do=sentence, number=numbers)
    return plain(here, "do-or", do=sentence, way=" / ".join(_way(w) for w in group.then))


def _way(way: Way) -> str:
    """A way in the middle of a sentence: "call 101", or its name."""
    return f"{way.verb.lower()} {way.number}".strip() if way.number else way.label


def dials(group: Group) -> tuple[Way, ...]:
    """The numbers of a group's instruction."""
    return tuple(w for w in (group.first, *group.then) if w.number)


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
