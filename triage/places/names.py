"""The names people know places by, and how what is typed is matched to them.

Towns, councils, counties, forces, fire and ambulance services, in English and Welsh, with and
without their qualifiers. Postcodes are not here: area_finder.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from triage.engine.catalogue import Area, Catalogue, Nation, Place, Service

NAME, PART, LIKE = "name", "part", "like"

_QUALIFIER = re.compile(r"\s*\([^)]*\)\s*$")
# What may stand round a name without changing the place that is meant.
_BEFORE = (
    "the royal borough of|royal borough of|the london borough of|london borough of"
    "|the city of|city of|county borough of|borough of|county of|county|isle of|the|in|near|dinas"
    "|cyngor dinas|cyngor sir|cyngor bwrdeistref sirol|cyngor bwrdeistref|cyngor|heddlu|sir"
    "|gwasanaeth tan ac achub|gwasanaeth ambiwlans|brigad dan"
)
_AFTER = (
    "city council|county council|borough council|district council|county borough council"
    "|metropolitan borough council|council|city|county|islands|district|borough"
    "|fire and rescue service|fire and rescue|fire service|fire brigade|fire"
    "|ambulance service|ambulance|police service|police force|police|constabulary"
)
_TRIM_BEFORE = re.compile(rf"^(?:{_BEFORE}) (?=\S)")
_TRIM_AFTER = re.compile(rf"(?<=\S) (?:{_AFTER})$")
_NATIONS: Mapping[Nation, tuple[str, ...]] = {
    Nation.ENGLAND: ("England", "Lloegr"),
    Nation.WALES: ("Wales", "Cymru"),
    Nation.SCOTLAND: ("Scotland", "Yr Alban"),
    Nation.NORTHERN_IRELAND: ("Northern Ireland", "Gogledd Iwerddon", "NI", "Ulster"),
}
SHORTEST_PART = 4
# A name that is only like what was typed helps while it points somewhere.
MOST_LIKE = 5


def plain(words: str) -> str:
    """Lower case, no accents, no punctuation, single spaces: how names are compared."""
    split = unicodedata.normalize("NFKD", words.replace("&", " and ").lower())
    spaced = re.sub(r"[-/,.()]", " ", split)
    kept = "".join(ch for ch in spaced if ch.isalnum() or ch.isspace())
    return " ".join(re.sub(r"\bst\b", "saint", kept).split())


@dataclass(frozen=True, slots=True)
class Named:
    """A place by one of its names. A smaller rank is a likelier meaning."""

    place: Place
    called: str
    rank: int


class Names:
    """Every name of a catalogue's places, ready to be looked up."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._whole: dict[str, list[Named]] = {}
        self._wide: dict[str, list[Named]] = {}
        for area in catalogue.areas.values():
            self._add_area(area)

    def look_up(self, words: str) -> tuple[list[Named], str]:
        """The places that words may mean, likeliest first, and how they were matched."""
        name = plain(words)
        if not name:
            return [], NAME
        if found := self._named(name) or self._qualified(name) or self._address(words):
            return _ranked(found), NAME
        if found := self._first_words(name):
            return _ranked(found), PART
        return _ranked(self._first_letters(name) or self._like(name)), LIKE

    def _named(self, name: str) -> list[Named]:
        """By the whole name, then by the name without what stands round it."""
        for form in _forms(name):
            if found := self._whole.get(form) or self._wide.get(form):
                return found
        return []

    def _qualified(self, name: str) -> list[Named]:
        """A name and where it is: "newport shropshire", "whitchurch hampshire"."""
        tokens = name.split()
        for cut in range(len(tokens) - 1, 0, -1):
            inside = self._within(" ".join(tokens[:cut]), " ".join(tokens[cut:]))
            if inside:
                return inside
        return []

    def _within(self, name: str, where: str) -> list[Named]:
        areas = {named.place.area for named in self._named(where)}
        return [named for named in self._named(name) if named.place.area in areas]

    def _address(self, words: str) -> list[Named]:
        """The parts of an address that are known, where they agree."""
        parts = [found for part in words.split(",") if (found := self._named(plain(part)))]
        if "," not in words or not parts:
            return []
        areas = set.intersection(*({n.place.area for n in found} for found in parts))
        return [named for named in parts[0] if named.place.area in areas] if areas else parts[-1]

    def _first_words(self, name: str) -> list[Named]:
        """By the first words of a name: "berwick" of Berwick-upon-Tweed."""
        return self._beginning(f"{name} ") if len(name) >= SHORTEST_PART else []

    def _first_letters(self, name: str) -> list[Named]:
        return self._beginning(name) if len(name) >= SHORTEST_PART else []

    def _beginning(self, part: str) -> list[Named]:
        return [n for key, found in self._whole.items() if key.startswith(part) for n in found]

    def _like(self, name: str) -> list[Named]:
        """By a name that differs by a slip of the finger, where few places have such a name."""
        slips = 0 if len(name) < SHORTEST_PART else 1 if len(name) < 7 else 2
        if not slips:
            return []
        hits = process.extract(
            name, self._keys, scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        # Two slips are one too many where the first letter is another.
        near = [(key, far) for key, far, _ in hits if far < 2 or key[0] == name[0]]
        nearest = min((far for _, far in near), default=0)
        found = [n for key, far in near if far == nearest for n in self._whole[key]]
        return found if len({n.place.area for n in found}) <= MOST_LIKE else []

    @cached_property
    def _keys(self) -> list[str]:
        return list(self._whole)

    def _add_area(self, area: Area) -> None:
        place = self.catalogue.place(area.slug)
        for named in (*self._councils(area), *_towns(area, place)):
            self._add(self._whole, named)
        for called in (area.name.en, area.name.cy, *self._service_names(area)):
            self._add(self._whole, Named(place, called, 0))
        for slug in (area.slug, area.police):
            self._whole.setdefault(plain(slug), []).append(Named(place, area.name.en, 0))
        for called in (*_NATIONS[area.nation], area.region):
            self._add(self._wide, Named(place, called, 0))

    def _councils(self, area: Area) -> Iterator[Named]:
        for council in area.councils:
            inside = self.catalogue.place_of_council[council.code]
            for called in dict.fromkeys((council.name.en, council.name.cy)):
                yield Named(inside, called, 0)
                yield Named(inside, _short(called), 1)

    def _service_names(self, area: Area) -> Iterator[str]:
        for service, slug in (
            (Service.POLICE, area.police),
            (Service.FIRE, area.fire),
            (Service.AMBULANCE, area.ambulance),
        ):
            body = self.catalogue.bodies[(service, slug)]
            yield from (body.name.en, body.name.cy, *body.aka)

    def _add(self, index: dict[str, list[Named]], named: Named) -> None:
        """Under the whole name, and under the name without its qualifier."""
        for key in dict.fromkeys((plain(named.called), plain(_QUALIFIER.sub("", named.called)))):
            index.setdefault(key, []).append(named)


def _towns(area: Area, place: Place) -> Iterator[Named]:
    """Towns stand in the data larger ones first, in each language."""
    for towns in (area.towns, area.towns_cy):
        yield from (Named(place, town, rank) for rank, town in enumerate(towns, 1))


def _short(council: str) -> str:
    """The short name of a council: Edinburgh for City of Edinburgh."""
    short = _TRIM_AFTER.sub("", _TRIM_BEFORE.sub("", plain(council)))
    return council if short == plain(council) else short.title()


def _forms(name: str) -> Iterable[str]:
    """A name as it was typed, then with less and less of what may stand round it."""
    seen = dict.fromkeys((name, _TRIM_AFTER.sub("", name), _TRIM_BEFORE.sub("", name)))
    bare = name
    while (less := _TRIM_AFTER.sub("", _TRIM_BEFORE.sub("", bare))) != bare:
        seen[less] = None
        bare = less
    return seen


def _ranked(found: Iterable[Named]) -> list[Named]:
    """One for each area, likeliest first; with its council, where one has that name."""
    ranks: dict[str, int] = {}
    best: dict[str, Named] = {}
    for named in sorted(found, key=lambda n: (n.place.council is None, n.rank)):
        area = named.place.area
        ranks[area] = min(named.rank, ranks.get(area, named.rank))
        best.setdefault(area, named)
    return sorted(best.values(), key=lambda n: ranks[n.place.area])
