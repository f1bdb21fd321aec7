"""Whom: one way to get help, what sort of thing it is, and what it takes to use it.

Which of them there are stands in the data; catalogue.py holds them by id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from triage.engine.area import Nation, Service
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


@lru_cache(maxsize=512)
def dial(number: str) -> str:
    """The dial link of a number: exactly the digits people read."""
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")
