"""A place in what somebody typed: a whole postcode, or a name after a word such as "in".

What a name or a postcode is, triage.places knows. A name may be a plain word too ("in bath"), so it
is offered, never taken; a whole postcode can be nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triage.engine.catalogue import Area, Nation
from triage.places.finder import FEW
from triage.rules import finder, rulebook

_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BEFORE = frozenset(("in", "at", "near", "from", "around", "yn", "ym", "yng", "ger", "o"))
# Whose own "in" it may be: "breaking in Leeds" is breaking in.
_BREAKING = frozenset(("break", "breaks", "breaking", "broke", "broken"))
_AFTER = frozenset(["police", "council", "heddlu", "cyngor"])
_AT_POSTCODE = re.compile(
    rf"(?:\b(?:{'|'.join(sorted(_BEFORE))})\s+)?{_POSTCODE.pattern}", re.IGNORECASE
)
_LONGEST_NAME, _MOST_TRIED = 3, 6
# What a name begins with after a Welsh word, and what it may begin with by itself.
_WELSH = frozenset(("yn", "ym", "yng", "o"))
_MUTATED = (
    ("ngh", "c"), ("mh", "p"), ("nh", "t"), ("ng", "g"), ("dd", "d"), ("m", "b"), ("n", "d"),
    ("g", "c"), ("b", "p"), ("d", "t"), ("f", "b"), ("f", "m"), ("l", "ll"), ("r", "rh"),
)  # fmt: skip
_MOST_NAMES = 4
# The nations of several areas, as they stand in a sentence of either language.
_NATIONS: Mapping[Nation, frozenset[str]] = {
    Nation.WALES: frozenset(("wales", "cymru", "gymru", "nghymru")),
    Nation.ENGLAND: frozenset(("england", "lloegr")),
}


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


def nation_in(message: str) -> Nation | None:
    """The nation that a message names, where it has several areas."""
    words = {word.lower() for word in _WORD.findall(message)}
    return next((n for n, names in _NATIONS.items() if words & names), None)


def without_places(message: str) -> str:
    """A message without the names of places in it: what happened is the same in every town. A name
    goes with the word before it ("in Leeds"); by itself only at the end ("stroke Glasgow")."""
    rest = _AT_POSTCODE.sub(" ", message)
    for _ in range(_MOST_NAMES):
        words = [*_WORD.finditer(rest)]
        span = next(_spans([w[0] for w in words]), None)
        if span is None or span[1] - span[0] == len(words):
            break
        rest = f"{rest[: words[span[0]].start()]} {rest[words[span[1] - 1].end() :]}"
    return rest.strip(" ,.")


def _spans(words: list[str]) -> Iterator[tuple[int, int]]:
    """From and up to which word the name of a place stands, with the word that leads to it."""
    for n, word in enumerate(words):
        if word.lower() in _BEFORE:
            for end in range(min(len(words), n + 1 + _LONGEST_NAME), n + 1, -1):
                name = " ".join(words[n + 1 : end])
                if any(map(_size, _forms(word, name))):
                    yield n + (n > 0 and words[n - 1].lower() in _BREAKING), end
    for begin in range(max(1, len(words) - _LONGEST_NAME), len(words)):
        if _size(" ".join(words[begin:])) > FEW:
            yield begin, len(words)


def _forms(before: str, name: str) -> Iterator[str]:
    """A name, and what it may be where a Welsh word before it changes its first letter."""
    yield name
    if before.lower() in _WELSH:
        low = name.lower()
        yield from (own + low[len(new) :] for new, own in _MUTATED if low.startswith(new))


def _size(name: str) -> int:
    return finder().names.known(name)


def _names(words: list[str]) -> Iterator[str]:
    """What may be a name: up to three words after "in", or before "police"; a town by itself at
    the end or at the beginning ("bike stolen Belfast")."""
    for n, word in enumerate(words):
        if word.lower() in _BEFORE:
            after = words[n + 1 : n + 1 + _LONGEST_NAME]
            yield from (" ".join(after[:size]) for size in range(len(after), 0, -1))
        if word.lower() in _AFTER and n:
            yield words[n - 1]
    for size in range(min(len(words), _LONGEST_NAME), 0, -1):
        for name in (" ".join(words[-size:]), " ".join(words[:size])):
            if _size(name) > FEW:
                yield name


def _area(name: str) -> Area | None:
    found = finder().find(name)
    areas = {place.area for place in found.places}
    if len(areas) != 1 or not found.certain:
        return None
    return rulebook().catalogue.areas[areas.pop()]
