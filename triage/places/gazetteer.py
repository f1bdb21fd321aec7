"""The gazetteer: names of towns, villages, suburbs, islands, stations, hospitals and parks, each
with its council and area. Two text files in seeds/places/, read once: one that `manage.py
import_gazetteer` makes from a table, one written by hand.

A block begins with a council and its area, `=E06000022 avon-and-somerset-avon`; then a place a
line: its kind, its weight (about how many people know themselves by that name; it orders namesakes
and does nothing else) and its names. How names are compared is names.py.
"""

from __future__ import annotations

import csv
import io
import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from triage.engine.catalogue import Catalogue, Place

FILE, BY_HAND = "gazetteer.txt", "by_hand.txt"
KINDS: Mapping[str, str] = {
    "city": "c",
    "town": "t",
    "village": "v",
    "suburb": "s",
    "locality": "l",
    "island": "i",
    "station": "r",
    "hospital": "h",
    "park": "p",
}
# A source whose licence nobody has read: its names stay out.
UNLICENSED = frozenset({"university"})
HEAD = """\
# Names of places -> council and area. Made by `manage.py import_gazetteer`; do not edit by hand.
# Contains OS data © Crown copyright and database right 2019. Contains Royal Mail data © Royal
# Mail copyright and database right 2019. Contains National Statistics data © Crown copyright and
# database right 2019. Source: Office for National Statistics licensed under the Open Government
# Licence v3.0. Contains public sector information from the Department for Transport (NaPTAN),
# NHS Choices and GOV.UK licensed under the Open Government Licence v3.0. Contains data from
# GeoNames, CC BY 4.0 (https://www.geonames.org/, https://creativecommons.org/licenses/by/4.0/).
# =COUNCIL AREA (a hyphen where the council is not known), then KIND WEIGHT NAME|OTHER NAME.
# Kinds: city, town, village, suburb, locality, island, railway station (r), hospital, park.
# A second letter is the certainty: s from a secondary source, k well known but not read; without
# one the place is OS Open Names' or NaPTAN's own. A hospital finds its area; it says nothing about
# whether its doors are open.
"""


class GazetteerError(Exception):
    """The file is no gazetteer; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class GazetteerRow:
    """A place: its names, the first its own, its kind (a letter of KINDS), weight and place."""

    names: tuple[str, ...]
    kind: str
    weight: int
    place: Place


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """The lines of a gazetteer; this one is empty unless it is given some."""

    text: str = ""

    def rows(self, catalogue: Catalogue) -> Iterator[GazetteerRow]:
        """Every place. Raises GazetteerError for a line that cannot be read, and for a council or
        area that is unknown; those of before a merger are those of today."""
        place: Place | None = None
        for line in self.text.split("\n"):
            if not line or line.startswith("#"):
                continue
            try:
                if line.startswith("="):
                    place = _place(line, catalogue)
                else:
                    yield _row(line, place)
            except (ValueError, KeyError) as error:
                raise GazetteerError(f'gazetteer: "{line}" cannot be read: {error}') from error


def _place(line: str, catalogue: Catalogue) -> Place:
    code, slug = line[1:].split(" ")
    if code != "-":
        return catalogue.place_of_council[catalogue.council_now[code]]
    area = catalogue.area_now(slug)
    if area is None:
        raise ValueError(f'area "{slug}" is unknown')
    return catalogue.place(area)


def _row(line: str, place: Place | None) -> GazetteerRow:
    kind, weight, names = line.split(" ", 2)
    if place is None:
        raise ValueError("no council stands above it")
    return GazetteerRow(tuple(names.split("|")), kind[0], int(weight), place)


def read_gazetteer(*paths: Path) -> Gazetteer:
    """The gazetteer in some files. Raises OSError where one is missing."""
    return Gazetteer("".join(path.read_text(encoding="utf-8") for path in paths))


def made_from(path: Path) -> str:
    """The text of a gazetteer from a table (CSV, or CSV packed with xz) with the columns name,
    other_names, kind, gss, area, weight and certainty. Raises GazetteerError and OSError."""
    packed = path.read_bytes()
    raw = lzma.decompress(packed) if path.suffix == ".xz" else packed
    blocks: dict[tuple[str, str], list[str]] = {}
    for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))):
        if row.get("kind") in UNLICENSED:
            continue
        try:
            block = blocks.setdefault((row["gss"] or "-", row["area"]), [])
            block.append(_line(row))
        except (KeyError, ValueError) as error:
            raise GazetteerError(f"{path.name}: {row.get('name')!r}: {error}") from error
    return HEAD + "".join(_block(*key, blocks[key]) for key in sorted(blocks))


def _line(row: Mapping[str, str]) -> str:
    certainty = {"O": "", "S": "s", "K": "k"}[row["certainty"]]
    names = [row["name"], *row["other_names"].split("|")]
    kept = "|".join(dict.fromkeys(n.strip() for n in names if n.strip()))
    return f"{KINDS[row['kind']]}{certainty} {int(row['weight'])} {kept}"


def _block(code: str, slug: str, lines: Iterable[str]) -> str:
    return f"={code} {slug}\n" + "".join(f"{line}\n" for line in sorted(lines))
