"""Whom and where, by id: everything that there is, and what can be asked of it.

The door to the nouns of the product: they live in area.py, channel.py and texts.py, and are taken
from here. What follows from an answer is rulebook.py; what is broken right now, situation.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from triage.engine.area import (
    Area,
    Body,
    Council,
    Footprint,
    FootprintKind,
    Nation,
    Outside,
    Place,
    Service,
    footprints_meeting,
)
from triage.engine.channel import (
    RELAY_PREFIX,
    Access,
    Brand,
    Channel,
    ChannelKind,
    ChannelRole,
    ChannelWords,
    PhoneLine,
    dial,
)
from triage.engine.lazy import lazy
from triage.engine.local_service import LocalKind, LocalService, LocalUse, LocalWay
from triage.engine.texts import Fact, Lang, Source, Text
from triage.engine.timetable import Timetable

__all__ = [
    "RELAY_PREFIX",
    "Access",
    "Area",
    "Body",
    "Brand",
    "Catalogue",
    "Channel",
    "ChannelKind",
    "ChannelRole",
    "ChannelWords",
    "Council",
    "Fact",
    "Footprint",
    "FootprintKind",
    "Lang",
    "Nation",
    "Outside",
    "Place",
    "Service",
    "Source",
    "Text",
    "dial",
]

_BRACE = re.compile(r"\{([a-z0-9-]+)\}")


@dataclass(frozen=True)
class Catalogue:
    """Everything there is to know about whom and where, by id."""

    channels: Mapping[str, Channel]
    areas: Mapping[str, Area]
    bodies: Mapping[tuple[Service, str], Body]
    brands: Mapping[str, Brand]
    sources: Mapping[str, Source]
    # Words in the names of issuers, in lower case -> the service whose needs they answer.
    speakers: Mapping[str, Service] = field(default_factory=dict)
    outside: tuple[Outside, ...] = ()
    holidays: Mapping[Nation, frozenset[date]] = field(default_factory=dict)
    local: Mapping[tuple[LocalKind, str], LocalService] = field(default_factory=dict)
    # By use, and by kind where a kind is called something else.
    local_labels: Mapping[tuple[LocalUse, LocalKind | None], Text] = field(default_factory=dict)
    # Slugs that areas had before, and of areas that were merged -> the area of today.
    moved: Mapping[str, str] = field(default_factory=dict)

    def area_now(self, slug: str) -> str | None:
        """The slug of today for a slug of any time: old links redirect. None if never known."""
        return slug if slug in self.areas else self.moved.get(slug)

    def services_named(self, issuer: str) -> frozenset[Service]:
        """Whose needs an issuer answers, by the words in its name; empty where none says so."""
        words = issuer.casefold().split()
        return frozenset(self.speakers[word] for word in words if word in self.speakers)

    @lazy
    def ancestors(self) -> Mapping[str, frozenset[str]]:
        """Every platform a channel hangs on, however far up."""
        return _climbed({c.id: (*c.parents, *c.travels_over) for c in self.channels.values()})

    def travelled(self, channel: str) -> frozenset[str]:
        """What a channel can only travel over, however far: it is down with any of it."""
        return self._travelled[channel]

    @lazy
    def _travelled(self) -> Mapping[str, frozenset[str]]:
        return _climbed({c.id: c.travels_over for c in self.channels.values()})

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
    def council_words(self) -> Mapping[str, str]:
        """What an address calls each council of today -> its code."""
        return {c.word: c.code for area in self.areas.values() for c in area.councils}

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
        """The web address of a channel for a place: the way that it promises, of the place's own
        service; else its nation's address, else its own; else what else the service has. None
        where it depends on an unknown place."""
        c, nation = self.channels[channel], place.nation if place else None
        way = self.own_way(c, place) if c.url_from else None
        return way.url if way else self._urls[(channel, nation)]

    @lazy
    def _urls(self) -> Mapping[tuple[str, Nation | None], str | None]:
        nations = (*Nation, None)
        return {(c.id, n): c.words(n).url for c in self.channels.values() for n in nations}

    def label_at(self, channel: str, place: Place) -> Text:
        """The name of a channel at a place. Where its address is no more than a website, or the
        page on how to reach a service, it is named for that: "Kent Police's website"."""
        c = self.channels[channel]
        if c.url_from is None:
            return self._labels[(channel, place.nation)]
        way = self.own_way(c, place)
        service = self.service(c.url_from[0], place)
        if service is None or way is None or way.use not in (LocalUse.CONTACT, LocalUse.SITE):
            return self.label(channel, place.nation)
        return self.local_label(self.promised(c, place) or way, service)

    def hours_at(self, channel: str, place: Place | None) -> Text | None:
        """When a channel is open at a place by its own service there; None where it says nothing
        of its own."""
        way = self.promised(self.channels[channel], place) if place else None
        return way.hours if way else None

    def promised(self, channel: Channel, place: Place) -> LocalWay | None:
        """The way of the place's own service for the use that the channel is for."""
        service = self.service(channel.url_from[0], place) if channel.url_from else None
        return service.way(channel.url_from[1]) if service and channel.url_from else None

    def local_label(self, way: LocalWay, service: LocalService) -> Text:
        """What a service's way is called, with the service's name in its place."""
        labels, use = self.local_labels, way.use
        words = labels.get((use, service.kind)) or labels[(use, None)]
        return Text(
            words.en.replace("[name]", service.name.en),
            words.cy.replace("[name]", service.name.cy),
            words.review,
        )

    def own_way(self, channel: Channel, place: Place | None) -> LocalWay | None:
        """The way of the place's own service that a channel leads to; None where it has none."""
        if channel.url_from is None or place is None:
            return None
        known, key = self._own_ways, (channel.id, place)
        if key not in known:
            known[key] = self._own_way(channel, channel.url_from[0], place)
        return known[key]

    @lazy
    def _own_ways(self) -> dict[tuple[str, Place], LocalWay | None]:
        """Worked out once: there are as many as channels of a service, and places."""
        return {}

    def _own_way(self, channel: Channel, kind: LocalKind, place: Place) -> LocalWay | None:
        service, found = self.service(kind, place), self.promised(channel, place)
        if service is None or (found and found.url):
            return found
        if channel.words(place.nation).url:
            return None
        ways = (service.way(u) for u in (LocalUse.CONTACT, LocalUse.SITE))
        return next((w for w in ways if w and w.url), None)

    def service(self, kind: LocalKind, place: Place) -> LocalService | None:
        """The one service of a kind at a place: a body, or its council where that is known."""
        slug = {
            LocalKind.POLICE: place.police,
            LocalKind.FIRE: place.fire,
            LocalKind.AMBULANCE: place.ambulance,
            LocalKind.COUNCIL: self.council_of(place),
        }.get(kind)
        return self.local.get((kind, slug)) if slug else None

    def services_at(self, place: Place) -> tuple[LocalService, ...]:
        """Every service of a place, in the order of their kinds; of the councils, the place's own
        or, where it is not known, all of its area."""
        council, area = self.council_of(place), self.areas[place.area]
        own = {
            LocalKind.POLICE: {place.police},
            LocalKind.FIRE: {place.fire},
            LocalKind.AMBULANCE: {place.ambulance},
            LocalKind.COUNCIL: {council} if council else {c.code for c in area.councils},
        }
        return tuple(
            self.local[key]
            for key in self._local_of[place.area]
            if key[0] not in own or key[1] in own[key[0]]
        )

    def council_of(self, place: Place) -> str | None:
        """The council of a place: the one it names, or the only one of its area."""
        councils = self.areas[place.area].councils
        return place.council or (councils[0].code if len(councils) == 1 else None)

    @lazy
    def _local_of(self) -> Mapping[str, tuple[tuple[LocalKind, str], ...]]:
        """The services of each area, in the order of their kinds."""
        kinds = list(LocalKind)
        found: dict[str, list[tuple[LocalKind, str]]] = {slug: [] for slug in self.areas}
        for key in sorted(self.local, key=lambda k: (kinds.index(k[0]), k[1])):
            serves = {self.area_now(slug) for slug in self.local[key].areas}
            for slug, area in self.areas.items():
                bodies = (area.police, area.fire, area.ambulance, *(c.code for c in area.councils))
                if slug in serves or key[1] in bodies:
                    found[slug].append(key)
        return {slug: tuple(keys) for slug, keys in found.items()}

    @lazy
    def timetable(self) -> Timetable:
        """When somebody answers."""
        return Timetable(self.channels, self.holidays)

    @lazy
    def footprints(self) -> Mapping[str, frozenset[Footprint]]:
        """For each area, every footprint that meets it, for any service."""
        return {a.slug: footprints_meeting(a) for a in self.areas.values()}

    def sign(self, channel: str, nation: Nation) -> str | None:
        """The sign form of a voice channel in a nation: its own, else that of the call it makes."""
        c = self.channels[channel]
        found = c.sign or self.channels[c.call].sign
        return found if found and nation in self.channels[found].nations else None

    def form_for(self, channel: str, nation: Nation, signs: bool) -> str:
        """What somebody who signs, or types, uses in place of a channel: itself if it has none."""
        if signs and (sign := self.sign(channel, nation)):
            return sign
        text = self._text_forms.get(channel)
        return text if text and nation in self.channels[text].nations else channel

    @lazy
    def _text_forms(self) -> Mapping[str, str]:
        """Each voice channel that has a text-relay form of its own -> that form."""
        return {c.relay_of: c.id for c in self.channels.values() if c.relay_of}

    def playing(self, role: ChannelRole) -> str:
        """The channel that plays a part in every list. Raises KeyError where the data has none."""
        return self._roles[role]

    @lazy
    def _roles(self) -> Mapping[ChannelRole, str]:
        return {c.role: c.id for c in self.channels.values() if c.role}

    @lazy
    def cures(self) -> tuple[str, ...]:
        """The very call to the front door from another phone: the caller's own mobile, then any
        (rule 2)."""
        door = self.playing(ChannelRole.FRONT_DOOR)
        same = [c for c in self.channels.values() if c.same_call == door]
        own = [c.id for c in same if c.only_line is PhoneLine.MOBILE]
        return (*own, *(c.id for c in same if c.access is Access.OTHER_PHONE))

    def covers_brand(self, names: tuple[str, ...], brand: str) -> bool:
        """Whether a list of networks names this brand, or the network that carries it."""
        own = self.brands[brand]
        listed = [self.brands[name] for name in names]
        return any(b.slug == own.slug or (b.leads and b.network == own.network) for b in listed)


def _climbed(above: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    """What stands above each channel, and above that, and so on."""
    found: dict[str, frozenset[str]] = {}
    for channel, first in above.items():
        own, queue = set[str](), [*first]
        while queue:
            if (parent := queue.pop()) not in own:
                own.add(parent)
                queue += above[parent]
        found[channel] = frozenset(own)
    return found
