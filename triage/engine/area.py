"""Where: nations, services and their territories, areas, and the footprint of a statement.

What people are told to use there is channel.py. catalogue.py holds all of them by id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from triage.engine.local_service import LocalWay
from triage.engine.texts import Fact, Text

_BETWEEN = re.compile(r"[^a-z0-9]+")


class Nation(StrEnum):
    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class Service(StrEnum):
    POLICE = "police"
    FIRE = "fire"
    AMBULANCE = "ambulance"
    COASTGUARD = "coastguard"


class FootprintKind(StrEnum):
    UK = "uk"
    NATION = "nation"
    POLICE = "police"
    FIRE = "fire"
    AMBULANCE = "ambulance"
    COUNCIL = "council"


_NARROWNESS = {FootprintKind.COUNCIL: 0, FootprintKind.NATION: 2, FootprintKind.UK: 3}
SERVICE_OF_FOOTPRINT: Mapping[FootprintKind, Service] = {
    FootprintKind.POLICE: Service.POLICE,
    FootprintKind.FIRE: Service.FIRE,
    FootprintKind.AMBULANCE: Service.AMBULANCE,
}


@dataclass(frozen=True, slots=True)
class Body:
    """A police force, fire service or ambulance service, by its permanent slug."""

    service: Service
    slug: str
    name: Text
    aka: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Council:
    """A council by its GSS code. `was` holds the codes of councils that became part of it."""

    code: str
    name: Text
    was: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """What it is called in an address: its English name, plain."""
        letters = (
            unicodedata.normalize("NFD", self.name.en.replace("'", ""))
            .encode("ascii", "ignore")
            .decode()
        )
        return _BETWEEN.sub("-", letters.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Area:
    """A place whose police, fire and ambulance services are the same throughout."""

    slug: str
    name: Text
    nation: Nation
    region: str
    police: str
    fire: str
    ambulance: str
    councils: tuple[Council, ...]
    towns: tuple[str, ...] = ()
    towns_cy: tuple[str, ...] = ()
    postcode_letters: tuple[str, ...] = ()
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the visitor is: an area, and the council within it if that is known."""

    area: str
    nation: Nation
    police: str
    fire: str
    ambulance: str
    council: str | None = None

    def territory(self, kind: FootprintKind) -> str | None:
        match kind:
            case FootprintKind.POLICE:
                return self.police
            case FootprintKind.FIRE:
                return self.fire
            case FootprintKind.AMBULANCE:
                return self.ambulance
            case FootprintKind.COUNCIL:
                return self.council
            case FootprintKind.NATION:
                return str(self.nation)
            case FootprintKind.UK:
                return ""
            case _:
                assert_never(kind)


@dataclass(frozen=True, slots=True)
class Footprint:
    """The part of an area's services a statement is about, e.g. `police:leicestershire`."""

    kind: FootprintKind
    value: str = ""

    @classmethod
    def parse(cls, text: str) -> Footprint:
        """Read `uk`, `nation:wales`, `police:kent`. Raises ValueError with a hint otherwise."""
        kind, _, value = text.partition(":")
        if kind not in set(FootprintKind) or (kind == "uk") == bool(value):
            forms = "uk, nation:NATION, police:SLUG, fire:SLUG, ambulance:SLUG or council:CODE"
            raise ValueError(f'footprint "{text}" is not one of {forms}')
        return cls(FootprintKind(kind), value)

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}" if self.value else str(self.kind)

    @property
    def service(self) -> Service | None:
        return SERVICE_OF_FOOTPRINT.get(self.kind)

    @property
    def narrowness(self) -> int:
        """0 for a council, 1 for a service's territory, 2 for a nation, 3 for the UK."""
        return _NARROWNESS.get(self.kind, 1)

    def covers(self, place: Place) -> bool:
        """Whether the place lies in it. An unknown council is not covered by a council."""
        return self.kind is FootprintKind.UK or place.territory(self.kind) == self.value


def footprints_meeting(area: Area) -> frozenset[Footprint]:
    """Every footprint that meets an area, for any service."""
    own = (
        (FootprintKind.UK, ""),
        (FootprintKind.NATION, str(area.nation)),
        (FootprintKind.POLICE, area.police),
        (FootprintKind.FIRE, area.fire),
        (FootprintKind.AMBULANCE, area.ambulance),
        *((FootprintKind.COUNCIL, council.code) for council in area.councils),
    )
    return frozenset(Footprint(kind, value) for kind, value in own)


@dataclass(frozen=True)
class Outside:
    """A place with no UK territorial force, and what to say to people there.

    `prefix` is the letters that its postcodes begin with; "" abroad. `aka` holds other names people
    know it, or its towns, by.
    """

    prefix: str
    name: Text
    advice: Text
    facts: Mapping[str, Fact] = field(default_factory=dict)
    aka: tuple[str, ...] = ()
    slug: str = ""
    lines: tuple[Text, ...] = ()
    ways: tuple[LocalWay, ...] = ()
