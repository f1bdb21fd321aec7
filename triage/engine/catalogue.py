"""Whom and where: channels, areas, services, footprints.

These are the nouns of the product. What follows from an answer lives in rulebook.py; what is
broken right now lives in situation.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from triage.engine.lazy import lazy


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


class Lang(StrEnum):
    EN = "en"
    CY = "cy"


class Kind(StrEnum):
    """What sort of thing a channel is; it decides who can use it and what it may be first for."""

    VOICE = "voice"
    SMS = "sms"
    RELAY = "relay"
    VIDEO = "video"
    WEB = "web"
    CHAT = "chat"
    EMAIL = "email"
    PLACE = "place"
    ACTION = "action"
    RADIO = "radio"
    INFRASTRUCTURE = "infrastructure"


class Access(StrEnum):
    """What the caller's own equipment needs for a channel to be reachable."""

    VOICE = "voice"
    MOBILE = "mobile"
    LANDLINE = "landline"
    OTHER_PHONE = "other-phone"
    DATA = "data"
    SMS = "sms"
    RADIO = "radio"
    NONE = "none"


class FootprintKind(StrEnum):
    UK = "uk"
    NATION = "nation"
    POLICE = "police"
    FIRE = "fire"
    AMBULANCE = "ambulance"
    COUNCIL = "council"


SERVICE_OF_FOOTPRINT: Mapping[FootprintKind, Service] = {
    FootprintKind.POLICE: Service.POLICE,
    FootprintKind.FIRE: Service.FIRE,
    FootprintKind.AMBULANCE: Service.AMBULANCE,
}

RELAY_PREFIX = "18001"
_BRACE = re.compile(r"\{([a-z0-9-]+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """Words in both languages. `review` marks Welsh that a Welsh speaker should check first."""

    en: str
    cy: str
    review: bool = False

    def lang(self, lang: Lang | str) -> str:
        return self.cy if lang == Lang.CY else self.en


@dataclass(frozen=True, slots=True)
class Fact:
    """Where one field comes from, when it was checked, and how sure it is ("V" or "K")."""

    source: str
    checked: date
    certainty: str


@dataclass(frozen=True, slots=True)
class ChannelWords:
    """What a nation says differently about a channel. Numbers never differ by nation."""

    label: Text | None = None
    what: Text | None = None
    url: str | None = None
    how: tuple[Text, ...] | None = None


@dataclass(frozen=True)
class Channel:
    """One way to get help, or one thing that can only fail (kind `infrastructure`)."""

    id: str
    kind: Kind
    label: Text
    what: Text
    access: Access
    nations: frozenset[Nation]
    how: tuple[Text, ...] = ()
    number: str | None = None
    same_call: str | None = None
    relay_of: str | None = None
    sms_to: str | None = None
    email: str | None = None
    url: str | None = None
    url_from: str | None = None
    parents: tuple[str, ...] = ()
    emergency: bool = False
    owner: Service | None = None
    sign: str | None = None
    hours: Text | None = None
    cost: Text | None = None
    org: Text | None = None
    responsible: str = ""
    review_by: date | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    local: Mapping[Nation, ChannelWords] = field(default_factory=dict)

    @property
    def call(self) -> str:
        """The id of the call this channel makes: silent solution and 112 are the very 999 call."""
        return self.same_call or self.id

    def words(self, nation: Nation | None) -> ChannelWords:
        local = self.local.get(nation) if nation else None
        return ChannelWords(
            label=(local and local.label) or self.label,
            what=(local and local.what) or self.what,
            url=(local and local.url) or self.url,
            how=(local and local.how) or self.how,
        )


@dataclass(frozen=True, slots=True)
class Body:
    """A police force, fire service or ambulance service, by its permanent slug."""

    service: Service
    slug: str
    name: Text
    site: str | None = None
    report_url: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    aka: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Council:
    """A council by its GSS code. `was` holds the codes of councils that became part of it."""

    code: str
    name: Text
    was: tuple[str, ...] = ()


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
        return {
            FootprintKind.NATION: str(self.nation),
            FootprintKind.POLICE: self.police,
            FootprintKind.FIRE: self.fire,
            FootprintKind.AMBULANCE: self.ambulance,
            FootprintKind.COUNCIL: self.council,
            FootprintKind.UK: "",
        }[kind]


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
        ranks = {FootprintKind.COUNCIL: 0, FootprintKind.NATION: 2, FootprintKind.UK: 3}
        return ranks.get(self.kind, 1)

    def covers(self, place: Place) -> bool:
        """Whether the place lies in it. An unknown council is not covered by a council."""
        return self.kind is FootprintKind.UK or place.territory(self.kind) == self.value


@dataclass(frozen=True, slots=True)
class Brand:
    """A name people know their phone company by. `line` is the kind of line it sells."""

    slug: str
    name: str
    network: str
    line: str
    leads: bool
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    url: str | None
    canonical: str | None
    date: str
    quality: str


@dataclass(frozen=True)
class Outside:
    """A postcode prefix with no UK territorial force, and what to say to people there."""

    prefix: str
    name: Text
    advice: Text
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """Everything there is to know about whom and where, by id."""

    channels: Mapping[str, Channel]
    areas: Mapping[str, Area]
    bodies: Mapping[tuple[Service, str], Body]
    brands: Mapping[str, Brand]
    sources: Mapping[str, Source]
    outside: tuple[Outside, ...] = ()
    # Slugs that areas had before, and of areas that were merged -> the area of today.
    moved: Mapping[str, str] = field(default_factory=dict)

    def area_now(self, slug: str) -> str | None:
        """The slug of today for a slug of any time: old links redirect. None if never known."""
        return slug if slug in self.areas else self.moved.get(slug)

    @lazy
    def ancestors(self) -> Mapping[str, frozenset[str]]:
        """Every platform a channel hangs on, however far up."""
        return {channel: frozenset(self._climb(channel)) for channel in self.channels}

    def _climb(self, channel: str) -> set[str]:
        found: set[str] = set()
        queue = list(self.channels[channel].parents)
        while queue:
            parent = queue.pop()
            if parent not in found:
                found.add(parent)
                queue.extend(self.channels[parent].parents)
        return found

    @lazy
    def place_of_council(self) -> Mapping[str, Place]:
        return {
            council.code: self.place(area.slug, council.code)
            for area in self.areas.values()
            for council in area.councils
        }

    @lazy
    def council_now(self) -> Mapping[str, str]:
        """Every council code, of today or of before -> the code of today."""
        councils = [c for area in self.areas.values() for c in area.councils]
        return {old: c.code for c in councils for old in (c.code, *c.was)}

    @lazy
    def council_names(self) -> Mapping[str, Text]:
        return {c.code: c.name for area in self.areas.values() for c in area.councils}

    def place(self, area: str, council: str | None = None) -> Place:
        """The place of an area slug. Raises KeyError for an unknown slug."""
        a = self.areas[area]
        return Place(a.slug, a.nation, a.police, a.fire, a.ambulance, council)

    def number(self, channel: str) -> str | None:
        """The number people read for a channel, or None. Written once, in channels.toml."""
        return self._numbers[channel]

    @lazy
    def _numbers(self) -> Mapping[str, str | None]:
        return {channel: self._number(channel) for channel in self.channels}

    def _number(self, channel: str) -> str | None:
        c = self.channels[channel]
        if c.number:
            return c.number
        if c.relay_of:
            return f"{RELAY_PREFIX} {self._number(c.relay_of)}"
        other = c.same_call or c.sms_to
        return self._number(other) if other else None

    def label(self, channel: str, nation: Nation) -> Text:
        """The name of a channel in a nation, with its numbers in place of their braces."""
        return self._labels[(channel, nation)]

    @lazy
    def _labels(self) -> Mapping[tuple[str, Nation], Text]:
        return {
            (c.id, nation): self.fill(c.words(nation).label or c.label)
            for c in self.channels.values()
            for nation in Nation
        }

    def fill(self, text: Text) -> Text:
        """Words with the numbers they refer to: `{101}` becomes the number of that channel."""
        if "{" not in text.en:
            return text
        if text not in self._filled:
            self._filled[text] = self._fill(text)
        return self._filled[text]

    @lazy
    def _filled(self) -> dict[Text, Text]:
        return {}

    def _fill(self, text: Text) -> Text:
        def number(match: re.Match[str]) -> str:
            channel = self.channels.get(match[1])
            return (channel and self.number(channel.id)) or match[0]

        return Text(_BRACE.sub(number, text.en), _BRACE.sub(number, text.cy), text.review)

    def url(self, channel: str, place: Place | None) -> str | None:
        """The web address of a channel for a place; None where it depends on an unknown place."""
        c = self.channels[channel]
        own = c.words(place.nation if place else None).url
        if own or not c.url_from or place is None:
            return own
        force = self.bodies[(Service.POLICE, place.police)]
        return (force.report_url if c.url_from == "police-report" else None) or force.site

    def covers_brand(self, names: tuple[str, ...], brand: str) -> bool:
        """Whether a list of networks names this brand, or the network that carries it."""
        own = self.brands[brand]
        listed = [self.brands[name] for name in names]
        return any(b.slug == own.slug or (b.leads and b.network == own.network) for b in listed)


@lru_cache(maxsize=512)
def dial(number: str) -> str:
    """The dial link of a number: exactly the digits people read."""
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")
