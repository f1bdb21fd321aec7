"""Words -> candidate areas: a postcode, a town, a council, a force, or the letters of a postcode.

Nothing is guessed: several candidates mean that the visitor picks. The postcode store that
`manage.py import_postcodes` writes is postcodes.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from triage.engine.catalogue import Area, Catalogue, Outside, Place, Service
from triage.seeds.faults import unknown

POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)(?: ?([0-9])([A-Z]{2}))?$")
_QUALIFIER = re.compile(r"\s*\([^)]*\)\s*$")
MAX_LENGTH = 100


def plain(words: str) -> str:
    """Lower case, no accents, no punctuation, single spaces: how names are compared."""
    split = unicodedata.normalize("NFKD", words.replace("&", " and ").replace("-", " ").lower())
    kept = "".join(ch for ch in split if ch.isalnum() or ch.isspace())
    return " ".join(re.sub(r"\bst\b", "saint", kept).split())


@dataclass(frozen=True)
class Found:
    """What a search for a place gave: candidate places, likeliest first, or a place outside."""

    places: tuple[Place, ...] = ()
    outside: Outside | None = None
    by: str = ""


class Postcodes:
    """A store of postcodes; this one knows only the letters every postcode begins with."""

    def areas(self, outcode: str, sector: str | None, unit: str | None) -> tuple[str, ...] | None:
        """Area slugs, likeliest first; None where the store cannot say."""
        return None


@dataclass(frozen=True)
class Finder:
    """Finds places in a catalogue. Pure: the postcode store is given."""

    catalogue: Catalogue
    postcodes: Postcodes

    def find(self, words: str) -> Found:
        """Every place the words may mean. Nothing known gives no candidates."""
        words = words.strip()[:MAX_LENGTH]
        compact = " ".join(words.upper().split())
        if match := POSTCODE.match(_spaced(compact)):
            return self._by_postcode(*match.groups())
        if re.fullmatch(r"[A-Z]{1,2}", compact) and (found := self._by_letters(compact)):
            return found
        return self._by_name(plain(words))

    def only(self, words: str) -> Place:
        """The one place the words mean. Raises ValueError that lists the candidates otherwise."""
        found = self.find(words)
        if len(found.places) == 1:
            return found.places[0]
        if found.outside:
            raise ValueError(f'"{words}" is outside the UK\'s force areas: {found.outside.name.en}')
        if not found.places:
            raise ValueError(f'nothing is known by "{words}"')
        names = ", ".join(place.area for place in found.places)
        raise ValueError(f'"{words}" may be any of: {names}')

    def by_services(self, **given: str) -> Place:
        """The place that the named area, council or services leave. Raises ValueError."""
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

    def _by_postcode(self, outcode: str, digit: str | None, unit: str | None) -> Found:
        letters = re.match(r"[A-Z]+", outcode)
        prefix = letters[0] if letters else ""
        if outside := self._outside(prefix):
            return Found(outside=outside, by="postcode")
        sector = f"{outcode} {digit}" if digit else None
        slugs = self.postcodes.areas(outcode, sector, unit)
        if slugs is None:
            return self._by_letters(prefix) or Found(by="postcode")
        return Found(tuple(self.catalogue.place(s) for s in slugs), by="postcode")

    def _outside(self, prefix: str) -> Outside | None:
        return next((o for o in self.catalogue.outside if o.prefix == prefix), None)

    def _by_letters(self, letters: str) -> Found | None:
        if outside := self._outside(letters):
            return Found(outside=outside, by="postcode letters")
        found = [
            (a.postcode_letters.index(letters), a.slug)
            for a in self.catalogue.areas.values()
            if letters in a.postcode_letters
        ]
        places = tuple(self.catalogue.place(slug) for _, slug in sorted(found))
        return Found(places, by="postcode letters") if places else None

    def _by_name(self, name: str) -> Found:
        if not name:
            return Found()
        for by, index in self._indexes.items():
            if places := index.get(name):
                return Found(tuple(places), by=by)
        outside = next((o for o in self.catalogue.outside if plain(o.name.en) == name), None)
        return Found(outside=outside, by="name") if outside else Found()

    @cached_property
    def _indexes(self) -> Mapping[str, Mapping[str, list[Place]]]:
        """Names in the order they are tried. A town that shares a council's name is one place."""
        names: dict[str, dict[str, list[Place]]] = {"name": {}, "service": {}}
        for area in self.catalogue.areas.values():
            place = self.catalogue.place(area.slug)
            for council in area.councils:
                inside = self.catalogue.place_of_council[council.code]
                for name in (council.name.en, council.name.cy):
                    _add(names["name"], name, inside)
            for name in (*area.towns, *area.towns_cy, area.name.en, area.name.cy, area.slug):
                _add(names["name"], name, place)
            for name in self._service_names(area):
                _add(names["service"], name, place)
        return names

    def _service_names(self, area: Area) -> Iterable[str]:
        bodies = self.catalogue.bodies
        for service, slug in (
            (Service.POLICE, area.police),
            (Service.FIRE, area.fire),
            (Service.AMBULANCE, area.ambulance),
        ):
            name = bodies[(service, slug)].name
            yield from (name.en, name.cy)
        yield area.police


def _add(index: dict[str, list[Place]], name: str, place: Place) -> None:
    """Under the whole name and under the name without its qualifier, once an area."""
    for key in dict.fromkeys((plain(name), plain(_QUALIFIER.sub("", name)))):
        held = index.setdefault(key, [])
        if all(other.area != place.area for other in held):
            held.append(place)


def _is(place: Place, given: Mapping[str, str]) -> bool:
    return all(str(getattr(place, kind)) == value for kind, value in given.items())


def _spaced(compact: str) -> str:
    """A postcode with its space: EC2V7HH and EC2V 7HH are the same."""
    bare = compact.replace(" ", "")
    if len(bare) > 4 and re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}", bare):
        return f"{bare[:-3]} {bare[-3:]}"
    return bare if re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]?", bare) else compact
