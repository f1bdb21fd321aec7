"""What a seeds file may hold: one model a kind of entry. Unknown keys are refused.

Shapes only. Whether an id that is named exists is references.py.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from triage.engine.catalogue import Access, ChannelKind, Nation, Service, Text
from triage.engine.channel import ChannelRole, Feature, PhoneLine, Requirement
from triage.engine.local_service import LocalKind, LocalUse
from triage.engine.rulebook import Urgency
from triage.engine.situation import Mode, State, Uses

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Url = Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]+(/\S*)?$")]
Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]+( [0-9]+)*$")]
# "mon-fri 09:00-17:00", "sat,holiday 10:00-12:00", "holiday shut": a day ends at 24:00.
_DAYS = r"(mon|tue|wed|thu|fri|sat|sun|holiday)"
_TIME = r"[0-2][0-9]:[0-5][0-9]"
Hours = Annotated[
    str,
    StringConstraints(pattern=rf"^(holiday shut|{_DAYS}([,-]{_DAYS})* {_TIME}-{_TIME})$"),
]
Letters = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}$")]


class SeedEntry(BaseModel):
    """Every entry refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextEntry(SeedEntry):
    en: Words
    cy: Words
    review: bool = False
    # The Welsh speaker who signed the Welsh.
    reviewed_by: Words | None = None

    def text(self) -> Text:
        return Text(self.en, self.cy, self.review)


class FactEntry(SeedEntry):
    source: str
    checked: date
    certainty: Literal["V", "O", "S", "K"]


class ChannelWordsEntry(SeedEntry):
    label: TextEntry | None = None
    what: TextEntry | None = None
    url: Url | None = None
    how: list[TextEntry] | None = None


class LocalFrom(SeedEntry):
    kind: LocalKind
    use: LocalUse


class ChannelEntry(SeedEntry):
    id: Slug
    kind: ChannelKind
    label: TextEntry
    what: TextEntry
    how: list[TextEntry] = []
    number: Number | None = None
    same_call: Slug | None = None
    relay_of: Slug | None = None
    sms_to: Slug | None = None
    email: str | None = None
    url: Url | None = None
    # The address is that of a service of the place: its way of this kind, for this use.
    url_from: LocalFrom | None = None
    # The one force that has this channel; it exists nowhere else.
    force: Slug | None = None
    nations: list[Nation]
    parents: list[Slug] = []
    travels_over: list[Slug] = []
    access: Access | None = None
    role: ChannelRole | None = None
    takes: list[Access] = []
    only_line: PhoneLine | None = None
    answers: list[Service] = []
    emergency: bool = False
    owner: Service | None = None
    stated_by: list[Service] = []
    carried: bool = False
    feature: Feature | None = None
    requires: list[Requirement] = []
    review_hours: Annotated[int, Field(ge=1, le=24)] = 24
    sign: Slug | None = None
    hours: Literal["always", "unknown"] | list[Hours] | None = None
    by_nature: bool = False
    one_of: LocalKind | None = None
    cost: TextEntry | None = None
    org: TextEntry | None = None
    responsible: Words
    review_by: date
    facts: dict[str, FactEntry]
    nation: dict[Nation, ChannelWordsEntry] = {}


class BodyEntry(SeedEntry):
    kind: Literal["police", "fire", "ambulance"]
    slug: Slug
    name: TextEntry
    aka: list[Words] = []


class LocalWayEntry(SeedEntry):
    """One way to reach a local service. What is secondary is shown only where it is harmless."""

    use: LocalUse
    url: Url | None = None
    number: Number | None = None
    hours: TextEntry | None = None
    note: TextEntry | None = None
    harmless: bool = False
    source: Words
    checked: date
    certainty: Literal["V", "O", "S", "K"]
    as_of: str = ""


class LocalEntry(SeedEntry):
    """A local service: a body or council by its slug or code, or one with its name and areas."""

    kind: LocalKind
    slug: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$|^[EWSN][0-9]{8}$")]
    name: TextEntry | None = None
    areas: list[Slug] = []
    way: list[LocalWayEntry] = Field(min_length=1)


class LocalLabelEntry(TextEntry):
    """What a link to a local service's way is called. [name] is the service's name."""

    use: LocalUse
    kind: LocalKind | None = None


class SpeakerEntry(SeedEntry):
    """Words in an issuer's name by which it is known whose needs it answers."""

    service: Service
    words: list[Words] = Field(min_length=1)


class CouncilEntry(SeedEntry):
    code: Annotated[str, StringConstraints(pattern=r"^[EWSN][0-9]{8}$")]
    name: Words
    cy: Words | None = None
    was: list[Annotated[str, StringConstraints(pattern=r"^[EWSN][0-9]{8}$")]] = []


class AreaEntry(SeedEntry):
    slug: Slug
    name: TextEntry
    nation: Nation
    region: Words
    police: Slug
    fire: Slug
    ambulance: Slug
    councils: list[CouncilEntry] = Field(min_length=1)
    towns: list[Words]
    towns_cy: list[Words] = []
    postcode_letters: list[Letters]
    # A merger is a change of data: the new area has `since`, the old ones `until` and
    # `merged_into`. `was` holds the slugs this very area had before.
    since: date | None = None
    until: date | None = None
    merged_into: Slug | None = None
    was: list[Slug] = []
    source: str
    checked: date

    def in_force(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


class OutsideEntry(SeedEntry):
    slug: Slug
    prefix: Letters | None = None
    name: TextEntry
    aka: list[Words] = []
    advice: TextEntry
    lines: list[TextEntry] = []
    way: list[LocalWayEntry] = []
    facts: dict[str, FactEntry] = {}


class HolidayEntry(SeedEntry):
    nations: list[Nation] = Field(min_length=1)
    days: list[date] = Field(min_length=1)
    source: str
    checked: date


class BrandEntry(SeedEntry):
    name: Words
    line: Literal["mobile", "landline", "digital-landline"]


class NetworkEntry(SeedEntry):
    id: Slug
    name: Words
    brands: list[BrandEntry] = Field(min_length=1)
    source: str
    checked: date
    certainty: Literal["V", "K"]


class SourceEntry(SeedEntry):
    id: str
    url: str | None = None
    canonical: str | None = None
    name: str | None = None
    date: str
    quality: Literal["official", "official-copy", "secondary", "old"] = "secondary"


class RouteEntry(SeedEntry):
    default: list[Slug]
    england: list[Slug] | None = None
    wales: list[Slug] | None = None
    scotland: list[Slug] | None = None
    northern_ireland: list[Slug] | None = Field(default=None, alias="northern-ireland")

    def of(self, nation: Nation) -> tuple[str, ...]:
        own: list[str] | None = getattr(self, nation.value.replace("-", "_"))
        return tuple(self.default if own is None else own)


class NeedEntry(SeedEntry):
    id: Slug
    name: TextEntry
    urgency: Urgency
    services: list[Service] = []
    uses: Uses | None = None
    stands_for: list[Slug] = []
    spoken_of_by: list[Service] = []
    in_person: TextEntry
    may_wait: bool = False
    route: RouteEntry
    source: str
    checked: date


class PresetForEntry(SeedEntry):
    need: list[Slug] = Field(min_length=1)
    to: list[Slug]
    england: list[Slug] | None = None
    wales: list[Slug] | None = None
    scotland: list[Slug] | None = None
    northern_ireland: list[Slug] | None = Field(default=None, alias="northern-ireland")

    def of(self, nation: Nation) -> tuple[str, ...]:
        own: list[str] | None = getattr(self, nation.value.replace("-", "_"))
        return tuple(self.to if own is None else own)


class PresetEntry(SeedEntry):
    channel: Slug
    state: list[State] = Field(min_length=1)
    mode: Mode
    # Also on a day when nothing is stated: an emergency has a second way then too (rule 11).
    calm: bool = False
    source: str
    checked: date
    for_: list[PresetForEntry] = Field(alias="for", min_length=1)


class CodeEntry(TextEntry):
    """The words of one code."""


class OptionEntry(SeedEntry):
    id: Slug
    label: TextEntry
    to: Slug
    not_sure: bool = False


class QuestionEntry(SeedEntry):
    id: Slug
    title: TextEntry
    hint: TextEntry | None = None
    address: Slug | None = None
    sensitive: bool = False
    option: list[OptionEntry] = Field(min_length=2)


class OutcomeWordsEntry(SeedEntry):
    lead: TextEntry | None = None
    do: list[TextEntry] | None = None
    ready: list[TextEntry] | None = None
    also: list[Slug] | None = None


class OutcomeEntry(SeedEntry):
    id: Slug
    title: TextEntry
    need: str | dict[str, str]
    lead: TextEntry
    ask: TextEntry | None = None
    do: list[TextEntry] = []
    ready: list[TextEntry] = []
    signs: list[TextEntry] = []
    also: list[Slug] = []
    steps: list[Slug] = []
    beside: LocalFrom | None = None
    address: Slug | None = None
    sensitive: bool = False
    sources: list[str] = Field(min_length=1)
    checked: date
    owner: Words
    review_by: date
    nation: dict[Nation, OutcomeWordsEntry] = {}

    @field_validator("need")
    @classmethod
    def _names_nations(cls, value: str | dict[str, str]) -> str | dict[str, str]:
        if isinstance(value, dict):
            allowed = {"default", *Nation}
            for key in value:
                if key not in allowed:
                    raise ValueError(f'need names "{key}"; it takes default and nations')
            if "default" not in value and len(value) < len(Nation):
                raise ValueError("need has no default and does not name all four nations")
        return value

    def need_in(self, nation: Nation) -> str:
        if isinstance(self.need, str):
            return self.need
        return self.need.get(nation.value) or self.need["default"]
