"""Whom: one way to get help, what sort of thing it is, and what it takes to use it.

Which of them there are stands in the data; catalogue.py holds them by id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from triage.engine.area import Nation, Place, Service
from triage.engine.local_service import LocalKind, LocalUse
from triage.engine.opening_hours import OpeningHours
from triage.engine.texts import Fact, Text

RELAY_PREFIX = "18001"


class ChannelKind(StrEnum):
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


class ChannelRole(StrEnum):
    """The part a channel plays in every list, whatever its id."""

    FRONT_DOOR = "front-door"
    IN_PERSON = "in-person"
    WAIT = "wait"
    HELPER = "helper"
    PUBLISHED_NUMBER = "published-number"
    OTHER_PHONE = "other-phone"
    RELAY_PREFIX = "relay-prefix"


class Requirement(StrEnum):
    """What not every visitor has: without it a channel never leads."""

    REGISTERED_FOR_SMS = "registered-for-sms"
    BOAT_WITH_RADIO = "boat-with-radio"


class PhoneLine(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    DIGITAL_LANDLINE = "digital-landline"


class Feature(StrEnum):
    LOCATION = "location"
    SILENT_55 = "silent-55"
    RELAY = "relay"
    CALLBACK = "callback"


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
    kind: ChannelKind
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
    url_from: tuple[LocalKind, LocalUse] | None = None
    force: str | None = None
    parents: tuple[str, ...] = ()
    # What it can only travel over: down with it, not merely at risk (rule 3).
    travels_over: tuple[str, ...] = ()
    role: ChannelRole | None = None
    # Of a line: what goes out over it, and the one kind of phone it is.
    takes: frozenset[Access] = frozenset()
    only_line: PhoneLine | None = None
    # Whose emergencies it may be asked to carry.
    answers: frozenset[Service] = frozenset()
    emergency: bool = False
    owner: Service | None = None
    # Which services may state a fault of it, and whether a telephone company carries it.
    stated_by: frozenset[Service] = frozenset()
    carried: bool = False
    feature: Feature | None = None
    requires: tuple[Requirement, ...] = ()
    # How far ahead its next review may lie, in hours (rule 12).
    review_hours: int = 24
    sign: str | None = None
    # None: nobody has read when it is answered.
    hours: OpeningHours | None = None
    # A plain instruction is all there can be: a vet, the number on the card.
    by_nature: bool = False
    # It is one of the place's own services of this kind; which of them, the visitor's bill says.
    one_of: LocalKind | None = None
    cost: Text | None = None
    org: Text | None = None
    responsible: str = ""
    review_by: date | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    local: Mapping[Nation, ChannelWords] = field(default_factory=dict)

    @property
    def needs_place(self) -> bool:
        """Whether its address is known only where the place is."""
        return self.url_from is not None and self.url is None

    @property
    def call(self) -> str:
        """The id of the call this channel makes: silent solution and 112 are the very 999 call."""
        return self.same_call or self.id

    @property
    def number_of_all(self) -> bool:
        """Whether whoever answers puts people through to the service they ask for."""
        return (self.call == self.id and self.number is not None) or self.emergency

    def exists_in(self, place: Place) -> bool:
        """Whether people there have it: by nation, and by force where one force alone has it."""
        return place.nation in self.nations and self.force in (None, place.police)

    def words(self, nation: Nation | None) -> ChannelWords:
        local = self.local.get(nation) if nation else None
        return ChannelWords(
            label=(local and local.label) or self.label,
            what=(local and local.what) or self.what,
            url=(local and local.url) or self.url,
            how=(local and local.how) or self.how,
        )


@dataclass(frozen=True, slots=True)
class Brand:
    """A name people know their phone company by. `line` is the kind of line it sells."""

    slug: str
    name: str
    network: str
    line: str
    leads: bool
    fact: Fact | None = None


@lru_cache(maxsize=512)
def dial(number: str) -> str:
    """The dial link of a number: exactly the digits people read."""
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")
