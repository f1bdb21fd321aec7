"""Words -> candidate areas: a postcode, a town, a council, a service, or the letters of a postcode.

The one finder of pages, commands, scenarios and the API. Nothing is guessed: several candidates
mean that the visitor picks, and what is no known name, or no known postcode, is offered and never
taken. The names are names.py, what was typed as a postcode is typed_postcode.py, the store of
postcodes is postcodes.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from triage.engine.catalogue import Catalogue, Outside, Place, Service
from triage.places.gazetteer import Gazetteer
from triage.places.name_forms import plain
from triage.places.names import GUESS, Named, Names
from triage.places.postcodes import PostcodeAnswer, Postcodes
from triage.places.typed_postcode import TypedPostcode, letters_of, readings
from triage.seeds.problems import unknown

MAX_LENGTH = 100
POSTCODE, LETTERS, NAME = "postcode", "postcode letters", "name"
# A name abroad that so few people here live by is offered as the place abroad, too.
FEW = 2_000


@dataclass(frozen=True)
class FoundPlaces:
    """What a search for a place gave: candidates, likeliest first, or a place outside.

    `called` has a name for each candidate ("Newport, Shropshire"), where the search was by a name.
    `by` says how: postcode, postcode letters, name or guess. `unknown` is a postcode that is not
    known; the candidates are then those of its part that is, `part`.
    """

    places: tuple[Place, ...] = ()
    outside: Outside | None = None
    by: str = ""
    called: tuple[str, ...] = ()
    unknown: str = ""
    part: str = ""

    @property
    def guess(self) -> bool:
        """Whether what was typed is no known name and no known postcode."""
        return bool(self.unknown) or (self.by == GUESS and bool(self.places))

    @property
    def certain(self) -> bool:
        """Whether it is one place, by its own name or postcode: a guess is offered."""
        return len(self.places) == 1 and not self.guess and self.outside is None


@dataclass(frozen=True)
class Finder:
    """Finds places in a catalogue. Pure: the postcodes and the names of places are given."""

    catalogue: Catalogue
    postcodes: Postcodes = field(default_factory=Postcodes)
    gazetteer: Gazetteer = field(default_factory=Gazetteer)

    def find(self, words: str) -> FoundPlaces:
        """Every place the words may mean. Nothing known gives no candidates."""
        words = " ".join(words[:MAX_LENGTH].split())
        return self._postcode(words) or self._by_name(words)

    def only(self, words: str) -> Place:
        """The one place the words mean. Raises ValueError that lists the candidates otherwise."""
        found = self.find(words)
        if found.certain:
            return found.places[0]
        names = ", ".join(
            f"{place.area} ({called})" if called else place.area
            for place, called in zip(found.places, found.called, strict=True)
        )
        if found.outside and not found.places:
            raise ValueError(f'"{words}" is outside the UK\'s force areas: {found.outside.name.en}')
        if not found.places:
            raise ValueError(f'nothing is known by "{words}"')
        if found.guess:
            raise ValueError(f'nothing is known by "{words}". Did you mean {names}?')
        raise ValueError(f'"{words}" may be any of: {names}')

    def by_services(self, **given: str) -> Place:
        """The place that the named area, council or services leave. Raises ValueError.

        Areas and councils may be named as they were before a merger.
        """
        given = self._today(given)
        self._refuse_unknown(given)
        if code := given.get("council"):
            places = [self.catalogue.place_of_council[code]]
        else:
            places = [self.catalogue.place(slug) for slug in self.catalogue.areas]
        left = [p for p in places if _is(p, given)]
        if len(left) == 1:
            return left[0]
        named = ", ".join(f"{k} {v}" for k, v in given.items())
        if not left:
            raise ValueError(f"no area has {named} together")
        raise ValueError(f"{named} leaves several areas: {', '.join(p.area for p in left)}")

    def _today(self, given: Mapping[str, str]) -> dict[str, str]:
        now = dict(given)
        if area := now.get("area"):
            now["area"] = self.catalogue.area_now(area) or area
        if code := now.get("council"):
            now["council"] = self.catalogue.council_now.get(code, code)
        return now

    def _refuse_unknown(self, given: Mapping[str, str]) -> None:
        bodies = self.catalogue.bodies
        known: dict[str, Iterable[str]] = {
            "area": self.catalogue.areas,
            "council": self.catalogue.place_of_council,
            **{str(s): [slug for k, slug in bodies if k is s] for s in Service},
        }
        for kind, value in given.items():
            if kind in known and value not in known[kind]:
                raise ValueError(unknown(kind, value, known[kind]))

    def _postcode(self, typed: str) -> FoundPlaces | None:
        """What the words give as a postcode, or a part of one; None where they are none."""
        if letters := letters_of(typed):
            return self._by_letters(letters)
        found = [self._read(reading) for reading in readings(typed)]
        for one in found:
            if one.outside or (one.places and not one.unknown):
                return one
        return next((one for one in found if one.places), found[0] if found else None)

    def _read(self, typed: TypedPostcode) -> FoundPlaces:
        letters = re.sub(r"[0-9].*", "", typed.outcode)
        if outside := self._outside(letters):
            return FoundPlaces(outside=outside, by=POSTCODE)
        answer = self.postcodes.areas(typed.outcode, typed.sector, typed.unit)
        if answer is None:
            return self._by_letters(letters) or FoundPlaces(by=POSTCODE, unknown=str(typed))
        if not answer.known and typed.sector is None:
            begun = self.postcodes.starting(typed.outcode)
            answer = PostcodeAnswer(begun, typed.outcode) if begun else answer
        whole = answer.known == str(typed)
        places = tuple(self.catalogue.place(slug) for slug in answer.areas)
        return FoundPlaces(
            places,
            by=POSTCODE,
            called=("",) * len(places),
            unknown="" if whole else str(typed),
            part="" if whole else answer.known or letters,
        )

    def _outside(self, prefix: str) -> Outside | None:
        return next((o for o in self.catalogue.outside if prefix and o.prefix == prefix), None)

    def _by_letters(self, letters: str) -> FoundPlaces | None:
        """Every area whose postcodes may begin so; None where no postcode does."""
        if outside := self._outside(letters):
            return FoundPlaces(outside=outside, by=LETTERS)
        slugs = self.postcodes.starting(letters) or self._areas_of_letters.get(letters, ())
        if not slugs:
            return None
        places = tuple(self.catalogue.place(slug) for slug in slugs)
        return FoundPlaces(places, by=LETTERS, called=("",) * len(places))

    @cached_property
    def _areas_of_letters(self) -> Mapping[str, tuple[str, ...]]:
        ranks: dict[str, list[tuple[int, str]]] = {}
        for area in self.catalogue.areas.values():
            for rank, letters in enumerate(area.postcode_letters):
                ranks.setdefault(letters, []).append((rank, area.slug))
        return {k: tuple(slug for _, slug in sorted(v)) for k, v in ranks.items()}

    def _by_name(self, words: str) -> FoundPlaces:
        last = self._outside_names.get(plain(words.split(",")[-1]))
        if last and last.prefix:
            return FoundPlaces(outside=last, by=NAME)
        named, by = self.names.look_up(words)
        outside = self._outside_names.get(plain(words))
        if outside and (by == GUESS or all(n.weight < FEW for n in named)):
            return _found([] if by == GUESS else named, NAME, outside)
        if (not named or by == GUESS) and (outside := self._outside_in(words)):
            return FoundPlaces(outside=outside, by=NAME)
        return _found(named, by)

    def _outside_in(self, words: str) -> Outside | None:
        """The place outside that a part of an address names: "St Helier, Jersey", "BFPO 57"."""
        parts = [*words.split(","), words.split(" ")[0]]
        named = (self._outside_names.get(plain(part)) for part in parts)
        return next((outside for outside in named if outside), None)

    @cached_property
    def names(self) -> Names:
        return Names(self.catalogue, self.gazetteer)

    @cached_property
    def _outside_names(self) -> Mapping[str, Outside]:
        """The name of each place outside, whole and in its parts: Guernsey, Alderney and Sark."""
        return {name: o for o in self.catalogue.outside for name in _parts_of(o)}


def _found(named: Iterable[Named], by: str, outside: Outside | None = None) -> FoundPlaces:
    kept = tuple(named)
    places, called = tuple(n.place for n in kept), tuple(n.called for n in kept)
    return FoundPlaces(places, outside, by, called)


def as_json(found: FoundPlaces) -> dict[str, object]:
    """What `find` answers, on the command line and in the API (embed-and-api.md)."""
    return {
        "candidates": [
            {
                "area": place.area,
                "police": place.police,
                "fire": place.fire,
                "ambulance": place.ambulance,
                "nation": str(place.nation),
            }
            for place in found.places
        ],
        "outside": found.outside.name.en if found.outside else None,
        "guess": found.guess,
    }


def _parts_of(outside: Outside) -> Iterator[str]:
    for text in (outside.name.en, outside.name.cy):
        yield plain(text)
        for part in re.split(r"[,()]|\band\b|\ba\b", text):
            if plain(part):
                yield plain(part)
    yield from map(plain, outside.aka)


def _is(place: Place, given: Mapping[str, str]) -> bool:
    return all(str(getattr(place, kind)) == value for kind, value in given.items())
