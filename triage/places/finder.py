"""Words -> candidate areas: a postcode, a town, a council, a service, or the letters of a postcode.

Nothing is guessed: several candidates mean that the visitor picks, and a name that is only like
what was typed is offered, never taken (`by` is "like"). The names are names.py, the store
of postcodes is postcodes.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from triage.engine.catalogue import Catalogue, Outside, Place, Service
from triage.places.names import LIKE, Names, plain
from triage.seeds.problems import unknown

MAX_LENGTH = 100
# A whole postcode, its sector, or its outward half, without spaces.
_OUTWARD = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_WHOLE = re.compile(rf"({_OUTWARD})([0-9])([A-Z]{{2}})")
_SECTOR = re.compile(rf"({_OUTWARD}) ([0-9])")
_JOINED_SECTOR = re.compile(rf"({_OUTWARD})([0-9])")
_OUTCODE = re.compile(_OUTWARD)
# A whole postcode at the end of an address. O and I are often typed for 0 and 1.
_AT_THE_END = re.compile(rf"\b({_OUTWARD}) ?([0-9OI][A-Z]{{2}})$")


@dataclass(frozen=True)
class FoundPlaces:
    """What a search for a place gave: candidates, likeliest first, or a place outside.

    `called` has a name for each candidate, with its qualifier ("Newport (Shropshire)"), where
    the search was by a name. `by` says how: postcode, postcode letters, name, part or like.
    """

    places: tuple[Place, ...] = ()
    outside: Outside | None = None
    by: str = ""
    called: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether it is one place, by its own name: what is only like a name is offered."""
        return len(self.places) == 1 and self.by != LIKE


class Postcodes:
    """A store of postcodes; this one is empty, and leaves everything to the letters."""

    def areas(
        self, outcode: str, sector: str | None = None, unit: str | None = None
    ) -> tuple[str, ...] | None:
        """Area slugs, likeliest first; () where there is no such outcode; None: cannot say."""
        return None

    def starting(self, part: str) -> tuple[str, ...] | None:
        """Area slugs of every outcode that begins with a part: EC1 is EC1A, EC1M and so on."""
        return None


@dataclass(frozen=True)
class Finder:
    """Finds places in a catalogue. Pure: the postcode store is given."""

    catalogue: Catalogue
    postcodes: Postcodes

    def find(self, words: str) -> FoundPlaces:
        """Every place the words may mean. Nothing known gives no candidates."""
        words = " ".join(words[:MAX_LENGTH].split())
        return self._postcode(words.upper()) or self._by_name(words)

    def only(self, words: str) -> Place:
        """The one place the words mean. Raises ValueError that lists the candidates otherwise."""
        found = self.find(words)
        if found.outside:
            raise ValueError(f'"{words}" is outside the UK\'s force areas: {found.outside.name.en}')
        names = ", ".join(
            f"{place.area} ({called})" if called else place.area
            for place, called in zip(found.places, found.called, strict=True)
        )
        if found.certain:
            return found.places[0]
        if not found.places:
            raise ValueError(f'nothing is known by "{words}"')
        if found.by == LIKE:
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
        typed = re.sub(r"[^A-Z0-9 ]+", " ", typed).strip()
        bare = typed.replace(" ", "")
        if match := _WHOLE.fullmatch(bare) or _whole_at_the_end(typed):
            return self._in_store(match[1], f"{match[1]} {match[2]}", match[3])
        if match := _SECTOR.fullmatch(typed):
            return self._in_store(match[1], f"{match[1]} {match[2]}")
        if _OUTCODE.fullmatch(bare):
            return self._outward(bare)
        if match := _JOINED_SECTOR.fullmatch(bare):
            return self._in_store(match[1], f"{match[1]} {match[2]}")
        return self._by_letters(bare) if re.fullmatch(r"[A-Z]{1,2}", bare) else None

    def _outward(self, outcode: str) -> FoundPlaces:
        """An outcode; else the outcodes it begins (EC1); else a sector without its space."""
        found = self._in_store(outcode)
        if found.places or found.outside:
            return found
        if slugs := self.postcodes.starting(outcode):
            return self._found(slugs, "postcode")
        if match := _JOINED_SECTOR.fullmatch(outcode):
            return self._in_store(match[1], f"{match[1]} {match[2]}")
        return found

    def _in_store(
        self, outcode: str, sector: str | None = None, unit: str | None = None
    ) -> FoundPlaces:
        letters = outcode[:2] if outcode[1].isalpha() else outcode[0]
        if outside := self._outside(letters):
            return FoundPlaces(outside=outside, by="postcode")
        slugs = self.postcodes.areas(outcode, sector, unit)
        if slugs is None:
            return self._by_letters(letters) or FoundPlaces(by="postcode")
        return self._found(slugs, "postcode")

    def _found(self, slugs: Iterable[str], by: str) -> FoundPlaces:
        places = tuple(self.catalogue.place(slug) for slug in slugs)
        return FoundPlaces(places, by=by, called=("",) * len(places))

    def _outside(self, prefix: str) -> Outside | None:
        return next((o for o in self.catalogue.outside if o.prefix == prefix), None)

    def _by_letters(self, letters: str) -> FoundPlaces | None:
        """Every area whose postcodes may begin so; None where no postcode does."""
        if outside := self._outside(letters):
            return FoundPlaces(outside=outside, by="postcode letters")
        slugs = self.postcodes.starting(letters) or self._areas_of_letters.get(letters, ())
        return self._found(slugs, "postcode letters") if slugs else None

    @cached_property
    def _areas_of_letters(self) -> Mapping[str, tuple[str, ...]]:
        ranks: dict[str, list[tuple[int, str]]] = {}
        for area in self.catalogue.areas.values():
            for rank, letters in enumerate(area.postcode_letters):
                ranks.setdefault(letters, []).append((rank, area.slug))
        return {k: tuple(slug for _, slug in sorted(v)) for k, v in ranks.items()}

    def _by_name(self, words: str) -> FoundPlaces:
        if outside := self._outside_names.get(plain(words)):
            return FoundPlaces(outside=outside, by="name")
        named, by = self.names.look_up(words)
        if (not named or by == LIKE) and (outside := self._outside_in(words)):
            return FoundPlaces(outside=outside, by="name")
        return FoundPlaces(
            tuple(n.place for n in named), by=by, called=tuple(n.called for n in named)
        )

    def _outside_in(self, words: str) -> Outside | None:
        """The place outside that a part of an address names: "St Helier, Jersey", "BFPO 57"."""
        parts = [*words.split(","), words.split(" ")[0]]
        named = (self._outside_names.get(plain(part)) for part in parts)
        return next((outside for outside in named if outside), None)

    @cached_property
    def names(self) -> Names:
        return Names(self.catalogue)

    @cached_property
    def _outside_names(self) -> Mapping[str, Outside]:
        """The name of each place outside, whole and in its parts: Guernsey, Alderney and Sark."""
        return {name: o for o in self.catalogue.outside for name in _parts_of(o)}


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
    }


def _parts_of(outside: Outside) -> Iterator[str]:
    for text in (outside.name.en, outside.name.cy):
        yield plain(text)
        for part in re.split(r"[,()]|\band\b|\ba\b", text):
            if plain(part):
                yield plain(part)


def _is(place: Place, given: Mapping[str, str]) -> bool:
    return all(str(getattr(place, kind)) == value for kind, value in given.items())


def _whole_at_the_end(typed: str) -> re.Match[str] | None:
    """The postcode an address ends with, its digit put right: SW1A OAA is SW1A 0AA."""
    match = _AT_THE_END.search(typed)
    if match is None:
        return None
    digit = {"O": "0", "I": "1"}.get(match[2][0], match[2][0])
    return _WHOLE.fullmatch(f"{match[1]}{digit}{match[2][1:]}")
