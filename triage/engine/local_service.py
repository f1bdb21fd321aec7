"""Who serves a place beside the four emergency services' calls: a force, a fire service, a council,
a water company, each with its own ways to be reached.

A way is one address or number with its source and how sure it is; which of them a page may show
is `LocalWay.shown`. Everything here is data of seeds/local/.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from triage.engine.texts import Fact, Text


class LocalKind(StrEnum):
    """What sort of service serves a place. The order is that of a page."""

    POLICE = "police"
    FIRE = "fire"
    AMBULANCE = "ambulance"
    COUNCIL = "council"
    HEALTH = "health"
    SOCIAL_WORK = "social-work"
    WATER = "water"
    ELECTRICITY = "electricity"
    TIDAL = "tidal"


class LocalUse(StrEnum):
    """What a way is for. A label promises this and no more."""

    REPORT = "report"
    ANTISOCIAL = "antisocial"
    CHAT = "chat"
    SIGN = "sign"
    TEXT = "text"
    ABROAD = "abroad"
    CALL = "call"
    LOST = "lost"
    COUNTER = "counter"
    OFFICE = "office"
    VISIT = "visit"
    NOISE = "noise"
    DUMPING = "dumping"
    OUT_OF_HOURS = "out-of-hours"
    LEAK = "leak"
    POWER_CUT = "power-cut"
    GP_OUT_OF_HOURS = "gp-out-of-hours"
    PHONE_FIRST = "phone-first"
    SOCIAL_WORK = "social-work"
    TIDAL = "tidal"
    CONTACT = "contact"
    SITE = "site"


# What a person would look for first of each kind: what is not known of these is work to be done.
WANTED: Mapping[LocalKind, tuple[LocalUse, ...]] = {
    LocalKind.POLICE: (
        LocalUse.SITE,
        LocalUse.REPORT,
        LocalUse.ABROAD,
        LocalUse.CHAT,
        LocalUse.SIGN,
        LocalUse.CONTACT,
        LocalUse.COUNTER,
        LocalUse.LOST,
    ),
    LocalKind.FIRE: (LocalUse.SITE, LocalUse.OFFICE, LocalUse.VISIT),
    LocalKind.AMBULANCE: (LocalUse.SITE,),
    LocalKind.COUNCIL: (
        LocalUse.SITE,
        LocalUse.OUT_OF_HOURS,
        LocalUse.NOISE,
        LocalUse.DUMPING,
    ),
    LocalKind.HEALTH: (),
    LocalKind.SOCIAL_WORK: (LocalUse.SOCIAL_WORK,),
    LocalKind.WATER: (LocalUse.SITE, LocalUse.LEAK),
    LocalKind.ELECTRICITY: (LocalUse.SITE, LocalUse.POWER_CUT),
    LocalKind.TIDAL: (LocalUse.TIDAL,),
}


@dataclass(frozen=True, slots=True)
class LocalWay:
    """One way to reach a service. `as_of` is the day of the page that was read, as it says it."""

    use: LocalUse
    fact: Fact
    url: str | None = None
    number: str | None = None
    hours: Text | None = None
    note: Text | None = None
    harmless: bool = False
    as_of: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether its owner, or another official page, was read."""
        return self.fact.certainty in ("V", "O")

    @property
    def shown(self) -> bool:
        """Whether the public sees it: what is confirmed; what is secondary and harmless, marked;
        and a website that everybody knows, which promises no more than to be one."""
        if self.fact.certainty == "S":
            return self.harmless
        return self.confirmed or (self.use is LocalUse.SITE and self.number is None)


@dataclass(frozen=True)
class LocalService:
    """A service with its ways. `slug` is that of its body, or a council's code; `areas` says where
    it serves, for what is neither."""

    kind: LocalKind
    slug: str
    name: Text
    ways: tuple[LocalWay, ...] = ()
    areas: frozenset[str] = field(default_factory=frozenset)

    def way(self, use: LocalUse) -> LocalWay | None:
        """The way of a use that may be shown; None where none is known."""
        return next((w for w in self.ways if w.use is use and w.shown), None)
