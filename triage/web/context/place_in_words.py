"""A place in what somebody typed: a whole postcode, or a name after a word such as "in".

What a name or a postcode is, triage.places knows. A name may be a plain word too ("in bath"), so it
is offered, never taken; a whole postcode can be nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from triage.engine.catalogue import Area
from triage.rules import finder, rulebook

_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BEFORE = frozenset(("in", "at", "near", "from", "around", "yn", "ym", "yng", "ger", "o"))
_AFTER = frozenset(["police", "council", "heddlu", "cyngor"])
_LONGEST_NAME, _MOST_TRIED = 3, 6


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """The area of a place that was named. `sure`: by a whole postcode, or nothing else was said."""

    area: Area
    sure: bool


def place_in(message: str) -> NamedPlace | None:
    """The place that a message names, where it is one area's."""
    if postcode := _POSTCODE.search(message):
        area = _area(postcode[0])
        return NamedPlace(area, sure=True) if area else None
    words = _WORD.findall(message)
    said = [word for word in words if word.lower() not in _AFTER]
    if 0 < len(said) <= _LONGEST_NAME and (area := _area(" ".join(said))):
        return NamedPlace(area, sure=True)
    for name in list(_names(words))[:_MOST_TRIED]:
        if area := _area(name):
            return NamedPlace(area, sure=False)
    return None


def _names(words: list[str]) -> Iterator[str]:
    """What may be a name: up to three words after "in", or before "police"."""
    for n, word in enumerate(words):
        if word.lower() in _BEFORE:
            after = words[n + 1 : n + 1 + _LONGEST_NAME]
            yield from (" ".join(after[:size]) for size in range(len(after), 0, -1))
        if word.lower() in _AFTER and n:
            yield words[n - 1]


def _area(name: str) -> Area | None:
    found = finder().find(name)
    areas = {place.area for place in found.places}
    if len(areas) != 1 or not found.certain:
        return None
    return rulebook().catalogue.areas[areas.pop()]
