"""All that is known at one moment: the place, the visitor, the incidents and notices.

Values only. Which of them count, and for whom, is decided in scope.py; reading them from JSON
is the business of triage/scenario.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from triage.engine.catalogue import Footprint, Place, Service
from triage.engine.channel import Feature as Feature
from triage.engine.channel import PhoneLine as PhoneLine
from triage.engine.lazy import lazy


class State(StrEnum):
    """What is technically the matter with a channel. Worst first."""

    DOWN = "down"
    MANY_FAILING = "many-failing"
    DELAYED = "delayed"
    DEGRADED = "degraded"
    ON_BACKUP = "on-backup"
    RESTORED = "restored"
    RESOLVED = "resolved"

    @property
    def rank(self) -> int:
        return _STATE_ORDER[self]


_STATE_ORDER: Mapping[State, int] = {state: rank for rank, state in enumerate(State)}
FAILING = frozenset({State.DOWN, State.MANY_FAILING})
OVER = frozenset({State.RESTORED, State.RESOLVED})


class Mode(StrEnum):
    """What an answering service tells its public to do about it."""

    REPLACE = "replace"
    TRY_FIRST = "try-first"
    HOLD = "hold"
    AS_USUAL = "as-usual"


class Status(StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    EXERCISE = "exercise"
    ENDED = "ended"


class IssuerKind(StrEnum):
    ANSWERING_SERVICE = "answering-service"
    CARRIER = "carrier"
    GOVERNMENT = "government"
    OTHER = "other"


class Uses(StrEnum):
    """How somebody communicates: a property of the person, not of what has happened."""

    VOICE = "voice"
    TEXT = "text"
    SIGN = "sign"
    SILENT = "silent"


class Code(StrEnum):
    """Everything advice can add in words; the words stand in seeds/codes.toml."""

    STAY_ON_LINE = "stay-on-line"
    ASK_FOR_FIRE = "ask-for-fire"
    ASK_FOR_COASTGUARD = "ask-for-coastguard"
    IF_STILL_TROUBLE_USE = "if-still-trouble-use"
    AT_RISK = "at-risk"
    KEEP_OFF = "keep-off"
    LOCATION_READY = "location-ready"
    ONLY_IF_LIFE_THREATENING = "only-if-life-threatening"
    WHICH_NETWORK = "which-network"
    NO_DATA_NEEDED = "no-data-needed"
    ANSWER_CALLBACKS = "answer-callbacks"
    CHECK_ON_ALARM_USERS = "check-on-alarm-users"
    DO_NOT_TEST_CALL = "do-not-test-call"
    CORRECTION_NOTICE = "correction-notice"
    LAST_UPDATED_AND_NEXT_REVIEW = "last-updated-and-next-review"


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the visitor has told us of themselves. None is unknown, never "no"."""

    uses: Uses | None = None
    network: str | None = None
    line: PhoneLine | None = None
    has_mobile: bool | None = None
    registered_for_sms: bool | None = None
    afloat: bool | None = None
    has_radio: bool | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom an incident touches. All stated kinds must match; an empty tuple states nothing."""

    footprints: tuple[Footprint, ...]
    services: tuple[Service, ...] = ()
    networks: tuple[str, ...] = ()
    lines: tuple[PhoneLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Issuer:
    name: str
    kind: IssuerKind
    footprint: Footprint
    entitled: bool
    name_cy: str = ""
    # Whose needs it answers; empty where that is not said (entitlement.py works it out).
    services: tuple[Service, ...] = ()
    # More land that it may speak of, beside its footprint.
    territory: tuple[Footprint, ...] = ()

    def covers(self, place: Place) -> bool:
        """Whether a place lies in the land it may speak of."""
        return self.footprint.covers(place) or any(f.covers(place) for f in self.territory)


@dataclass(frozen=True, slots=True)
class Notice:
    """For one need: go to these, in this mode. The words a force adds are `words`."""

    need: str
    mode: Mode
    to: tuple[str, ...] = ()
    words_en: str = ""
    words_cy: str = ""


@dataclass(frozen=True, slots=True)
class PublishedNumber:
    """A number published with a notice, for its needs alone (rule 8).

    Good for 90 days after it was last test-dialled. `needs`, left out, are those of the notices
    of its incident that name the published number.
    """

    number: str
    footprint: Footprint
    verified_at: datetime
    valid_until: datetime | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Incident:
    """A fault in a channel, as one issuer states it, with the notices that issuer gives."""

    id: str
    channel: str
    state: State
    status: Status
    scope: Scope
    issuer: Issuer
    published_at: datetime
    notices: tuple[Notice, ...] = ()
    keep_free: tuple[str, ...] = ()
    degraded_features: tuple[Feature, ...] = ()
    typical_delay_seconds: int | None = None
    numbers: tuple[PublishedNumber, ...] = ()
    starts_at: datetime | None = None
    review_at: datetime | None = None
    ends_at: datetime | None = None
    planned: bool = False
    supersedes: str | None = None
    confirmed_at: datetime | None = None
    callbacks_until: datetime | None = None
    demand_note: str | None = None
    confirm_by: datetime | None = None

    @property
    def since(self) -> datetime:
        return self.starts_at or self.published_at

    @lazy
    def mark(self) -> str:
        """All of it in one line: two incidents that differ in anything have different marks."""
        return repr(self)


@dataclass(frozen=True)
class Situation:
    """One visitor at one moment. `at` must carry its time zone."""

    at: datetime
    need: str
    place: Place | None = None
    visitor: Visitor = field(default_factory=Visitor)
    incidents: tuple[Incident, ...] = ()
