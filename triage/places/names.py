"""The names people know places by, and how what is typed is matched to them.

Towns and villages, councils, counties, forces, fire and ambulance services, stations, hospitals and
parks; English, Welsh, Gaelic and short forms. A known name is taken; anything that is only like
one is a guess. Postcodes are not here: finder.py.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from triage.engine.catalogue import Area, Catalogue, Nation, Place, Service
from triage.places.gazetteer import Gazetteer
from triage.places.name_forms import (
    LOOSE,
    QUALIFIER,
    first_slips,
    forms_of,
    key_of,
    plain,
    short_of,
    spellings,
)

NAME, GUESS = "name", "guess"

_NATIONS: Mapping[Nation, tuple[str, ...]] = {
    Nation.ENGLAND: ("England", "Lloegr"),
    Nation.WALES: ("Wales", "Cymru"),
    Nation.SCOTLAND: ("Scotland", "Yr Alban"),
    Nation.NORTHERN_IRELAND: ("Northern Ireland", "Gogledd Iwerddon", "NI", "Ulster"),
}
SHORTEST_PART = 4
# A guess helps while it points somewhere.
MOST_GUESSES = 6
# Of two places of one name, the one that this many times more people live in is meant: so many
# more where both are towns or villages, fewer where the other is a hamlet, or a suburb, station,
# hospital or park, which people know by its town.
FAR_MORE, MORE = 1_000, 10
_MINOR = frozenset("slrhp")
# How many people a name of the catalogue stands for, where the gazetteer does not say.
OF_AN_AREA, OF_A_TOWN = 100_000, 5_000
# The end of a longer address is taken for a place only where many people live there.
LARGE = 2_000
# Councils that people know their place by: all but the districts of England's counties.
_OWN_NAME = re.compile(r"^(?!E07)")


@dataclass(frozen=True, slots=True)
class Named:
    """A place by one of its names. A greater weight is a likelier meaning."""

    place: Place
    called: str
    weight: int
    minor: bool = False


class Names:
    """Every name of a catalogue's places and of a gazetteer, ready to be looked up.

    Names stand sorted, without their spaces, in arrays rather than in objects: a server holds
    sixty thousand of them in each of its processes.
    """

    def __init__(self, catalogue: Catalogue, gazetteer: Gazetteer) -> None:
        self.catalogue = catalogue
        self._called: list[str] = []
        self._weights = array("I")
        self._minor = bytearray()
        self._places: list[Place] = []
        self._wide: dict[str, list[Named]] = {}
        self._qualifiers: dict[tuple[str, str], str] = {}
        index: dict[str, list[int]] = {}
        for row in gazetteer.rows(catalogue):
            called, shown = row.names, row.names[0]
            if row.kind == "r":
                called = (*called, *(n.removesuffix(" station") for n in called))
            for name in dict.fromkeys(called):
                self._add(index, name, shown if row.kind == "r" else name, row.weight, row.place)
                self._minor[-1] = row.kind in _MINOR
        for area in catalogue.areas.values():
            self._add_area(index, area)
        self._keys = sorted(index)
        self._starts = array("I", [0])
        self._entries = array("I")
        for key in self._keys:
            self._entries.extend(index[key])
            self._starts.append(len(self._entries))

    def look_up(self, words: str) -> tuple[list[Named], str]:
        """The places that words may mean, likeliest first, and how they were matched."""
        name = plain(words)
        if not name:
            return [], NAME
        if found := self._named(name) or self._qualified(name) or self._address(words):
            if self._is_loose(plain(words.split(",")[0])):
                return self._ranked(found), GUESS
            return self._ranked([*found, *self._longer(name, found)]), NAME
        guessed = self._first_words(name) or self._like(name) or self._end(name)
        return self._ranked(guessed)[:MOST_GUESSES], GUESS

    def known(self, words: str) -> int:
        """How large the largest place of just this name is, as names are weighed; 0: none is."""
        return max((n.weight + 1 for n in self._named(plain(words))), default=0)

    def _is_loose(self, name: str) -> bool:
        """Whether a university, hospital or airport is known only by the town in its name."""
        return bool(LOOSE.search(name)) and not self._exactly(name)

    def _named(self, name: str) -> list[Named]:
        """By the whole name, then by the name without what stands round it."""
        for form in forms_of(name):
            if found := self._exactly(form):
                return found
        return []

    def _exactly(self, form: str) -> list[Named]:
        at = self._at(form.replace(" ", ""))
        if at is None:
            return self._wide.get(form, [])
        # A nation is meant, and not the village of its name ("Wales, Rotherham"): both are offered.
        if form in self._wide:
            return [*self._wide[form], *self._of_key(at)]
        found = self._of_key(at)
        spaced = [plain(QUALIFIER.sub("", n.called)) for n in found]
        if form not in spaced:
            return found
        # Kingscross is another place than King's Cross.
        other = form.replace(" ", "")
        return [
            n
            for n, own in zip(found, spaced, strict=True)
            if own == form or own.replace(" ", "") != other
        ]

    def _at(self, key: str) -> int | None:
        at = bisect_left(self._keys, key)
        return at if at < len(self._keys) and self._keys[at] == key else None

    def _of_key(self, at: int) -> list[Named]:
        entries = self._entries[self._starts[at] : self._starts[at + 1]]
        return [self._entry(e) for e in entries]

    def _entry(self, at: int) -> Named:
        minor = bool(self._minor[at])
        return Named(self._places[at], self._called[at], self._weights[at], minor)

    def _qualified(self, name: str) -> list[Named]:
        """A name and where it is: "newport shropshire", "whitchurch hampshire"."""
        tokens = name.split()
        for cut in range(len(tokens) - 1, 0, -1):
            where = self._named(" ".join(tokens[cut:]))
            areas = {n.place.area for n in where if n.weight >= OF_A_TOWN}
            inside = [n for n in self._named(" ".join(tokens[:cut])) if n.place.area in areas]
            if inside:
                return inside
        return []

    def _address(self, words: str) -> list[Named]:
        """The parts of an address that are known, where they agree; else its last."""
        parts = [found for part in words.split(",") if (found := self._named(plain(part)))]
        if "," not in words or not parts:
            return []
        areas = {n.place.area for n in parts[-1]}
        for found in reversed(parts[:-1]):
            areas = areas & {n.place.area for n in found} or areas
        inside = [n for n in parts[0] if n.place.area in areas]
        return inside or [n for n in parts[-1] if n.place.area in areas]

    def _first_words(self, name: str) -> list[Named]:
        """By the first words, or the first letters, of a name: "royal wootton"."""
        if len(name) < SHORTEST_PART:
            return []
        begun = self._beginning(name)
        return [n for n in begun if plain(n.called).startswith(f"{name} ")] or begun

    def _longer(self, name: str, found: Iterable[Named]) -> list[Named]:
        """Far larger places whose name goes on: Stansted is a hamlet beside the other."""
        most = max(n.weight for n in found)
        if len(name) < SHORTEST_PART or most >= OF_A_TOWN:
            return []
        longer = [n for n in self._beginning(name) if plain(n.called).startswith(f"{name} ")]
        return [n for n in longer if n.weight >= max(LARGE, 10 * most)]

    def _beginning(self, part: str) -> list[Named]:
        key = part.replace(" ", "")
        low, high = bisect_left(self._keys, key), bisect_left(self._keys, key + "\uffff")
        return [n for at in range(low, min(high, low + 200)) for n in self._of_key(at)]

    def _like(self, name: str) -> list[Named]:
        """By a name that differs by a slip of the finger or by a spelling of its ending."""
        key = name.replace(" ", "")
        slips = 0 if len(key) < SHORTEST_PART else 1 if len(key) < 7 else 2
        if not slips:
            return []
        one = [at for form in (*spellings(key), *first_slips(key)) if (at := self._at(form))]
        low, high = bisect_left(self._keys, key[0]), bisect_left(self._keys, key[0] + "\uffff")
        near = self._keys[low:high]
        hits = process.extract(key, near, scorer=OSA.distance, score_cutoff=slips, limit=None)
        nearest = min((1, *(far for _, far, _ in hits)) if one else (far for _, far, _ in hits),
                      default=0)  # fmt: skip
        alike = [low + at for _, far, at in hits if far == nearest]
        return [n for at in dict.fromkeys((*one, *alike)) for n in self._of_key(at)]

    def _end(self, name: str) -> list[Named]:
        """The large place that a longer address ends or begins with: "pizza place guildford"."""
        tokens = name.split()
        cuts = range(1, len(tokens))
        parts = (*(tokens[cut:] for cut in cuts), *(tokens[:-cut] for cut in cuts))
        for part in parts:
            known = self._named(" ".join(part))
            if found := [n for n in known if n.weight >= LARGE]:
                return found
        return []

    def begun(self, words: str, most: int) -> list[Named]:
        """What may be meant while it is being typed: names that begin so, largest first."""
        name = plain(words)
        key = name.replace(" ", "")
        low, high = bisect_left(self._keys, key), bisect_left(self._keys, key + "\uffff")
        entries = self._entries[self._starts[low] : self._starts[high]]
        best = sorted(dict.fromkeys(entries), key=lambda e: -self._weights[e])[: most * 4]
        seen: dict[tuple[str, str], Named] = {}
        for e in best:
            named = self._labelled(self._entry(e))
            seen.setdefault((plain(named.called), named.place.area), named)
        return list(seen.values())[:most]

    def _ranked(self, found: Iterable[Named]) -> list[Named]:
        """One for each area, likeliest first. A namesake where far fewer people live unsettles
        nothing. The council is kept where only one can be meant."""
        best: dict[str, list[Named]] = {}
        for named in sorted(found, key=lambda n: -n.weight):
            best.setdefault(named.place.area, []).append(named)
        most = max((own[0].weight for own in best.values()), default=0)
        ranked = [own for own in best.values() if _unsettles(own, most)]
        return [self._labelled(_of_one_council(own, self.catalogue)) for own in ranked]

    def _labelled(self, named: Named) -> Named:
        """With what tells it from its namesakes: "Watton, Norfolk"."""
        bare = QUALIFIER.sub("", named.called)
        told = self._qualifiers.get((plain(bare), named.place.area))
        where = told or self._where(named.place)
        same = plain(where) in plain(bare) or plain(bare) == plain(where)
        return Named(named.place, bare if same else f"{bare}, {where}", named.weight)

    def _where(self, place: Place) -> str:
        code = place.council
        known_by = code if code and _OWN_NAME.match(code) else None
        area = QUALIFIER.sub("", self.catalogue.areas[place.area].name.en)
        return self.catalogue.council_names[known_by].en if known_by else area

    def _add_area(self, index: dict[str, list[int]], area: Area) -> None:
        place = self.catalogue.place(area.slug)
        for called, inside in self._councils(area):
            self._add(index, called, called, self._weight(index, called, area, OF_AN_AREA), inside)
        for town in (*area.towns, *area.towns_cy):
            self._add_town(index, town, place)
        for called in (area.name.en, area.name.cy, *self._service_names(area)):
            self._add(index, called, called, OF_AN_AREA, place)
        for slug in dict.fromkeys((area.slug, area.police)):
            self._add(index, slug, area.name.en, OF_AN_AREA, place)
        for called in (*_NATIONS[area.nation], area.region):
            self._wide.setdefault(plain(called), []).append(Named(place, called, OF_AN_AREA))

    def _add_town(self, index: dict[str, list[int]], town: str, place: Place) -> None:
        """A town of the seeds: one that the gazetteer has is a town, whatever it is there."""
        if told := QUALIFIER.search(town):
            self._qualifiers[(plain(QUALIFIER.sub("", town)), place.area)] = told[1]
        own = [*self._own(index, town, place.area)]
        for entry in own:
            self._minor[entry] = False
            if told:
                index.setdefault(key_of(town), []).append(entry)
        if not own:
            self._add(index, town, town, OF_A_TOWN, place)

    def _own(self, index: Mapping[str, list[int]], called: str, area: str) -> Iterator[int]:
        """The entries of an area by a name, without its qualifier."""
        entries = index.get(key_of(QUALIFIER.sub("", called)), ())
        return (e for e in entries if self._places[e].area == area)

    def _weight(self, index: Mapping[str, list[int]], called: str, area: Area, usual: int) -> int:
        """What the gazetteer says of a name in an area; the usual where it says nothing."""
        own = self._own(index, called, area.slug)
        return max((self._weights[e] for e in own), default=usual)

    def _councils(self, area: Area) -> Iterator[tuple[str, Place]]:
        for council in area.councils:
            inside = self.catalogue.place_of_council[council.code]
            for called in dict.fromkeys((council.name.en, council.name.cy)):
                yield from ((c, inside) for c in dict.fromkeys((called, short_of(called))))

    def _service_names(self, area: Area) -> Iterator[str]:
        for service, slug in (
            (Service.POLICE, area.police),
            (Service.FIRE, area.fire),
            (Service.AMBULANCE, area.ambulance),
        ):
            body = self.catalogue.bodies[(service, slug)]
            yield from (body.name.en, body.name.cy, *body.aka)

    def _add(
        self, index: dict[str, list[int]], name: str, shown: str, weight: int, place: Place
    ) -> None:
        """Under the whole name, and under the name without its qualifier."""
        entry = len(self._called)
        self._called.append(shown)
        self._weights.append(weight)
        self._minor.append(False)
        self._places.append(place)
        for key in dict.fromkeys((key_of(name), key_of(QUALIFIER.sub("", name)))):
            index.setdefault(key, []).append(entry)


def _unsettles(own: list[Named], most: int) -> bool:
    """Whether an area's namesakes may be meant beside one of the weight `most`."""
    weight = max((n.weight for n in own if not n.minor), default=0)
    return weight * FAR_MORE > most or own[0].weight * MORE > most


def _of_one_council(own: list[Named], catalogue: Catalogue) -> Named:
    """The heaviest of an area's namesakes; its council only where no other council is likely."""
    first = own[0]
    settled = [n for n in own if n.place.council]
    most = max((n.weight for n in settled), default=0)
    likely = {n.place.council for n in settled if n.weight * MORE > most}
    if len(likely) == 1:
        code = likely.pop()
        return Named(catalogue.place(first.place.area, code), first.called, first.weight)
    return Named(catalogue.place(first.place.area), first.called, first.weight)
