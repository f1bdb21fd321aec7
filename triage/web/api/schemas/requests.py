"""What the API takes, as schemas: every request is validated by these.

What it gives is described in schemas.py; which place and need a request means is request_values.py.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool
from pydantic_core import PydanticCustomError

from triage.engine.catalogue import Lang, Nation
from triage.engine.situation import PhoneLine, Uses
from triage.places.finder import MAX_LENGTH
from triage.search.reading import LONGEST


def ids(kind: str) -> Any:
    """Marks a field that takes an id of the rulebook; the door lists them in the OpenAPI."""
    return Field(default=None, json_schema_extra={"x-ids": kind})


def _flag(value: object) -> object:
    """Of all the words for yes and no, an address takes these two."""
    if value in ("true", "false"):
        return value == "true"
    raise PydanticCustomError("flag", "is neither true nor false")


Flag = Annotated[bool, BeforeValidator(_flag)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlaceQuery(_Strict):
    """Where: an area, a council, or services that together leave one area."""

    area: Annotated[str | None, ids("area")] = None
    council: Annotated[str | None, ids("council")] = None
    police: Annotated[str | None, ids("police")] = None
    fire: Annotated[str | None, ids("fire")] = None
    ambulance: Annotated[str | None, ids("ambulance")] = None
    find: Annotated[str | None, Field(min_length=1, max_length=MAX_LENGTH)] = None


class AdviceQuery(PlaceQuery):
    """For what (a need or an outcome), where, and what is known of the caller's phone."""

    need: Annotated[str | None, ids("need")] = None
    outcome: Annotated[str | None, ids("outcome")] = None
    uses: Uses | None = None
    network: Annotated[str | None, ids("network")] = None
    line: PhoneLine | None = None
    has_mobile: Flag | None = None
    registered_for_sms: Flag | None = None
    afloat: Flag | None = None
    has_radio: Flag | None = None


class AdviceIn(AdviceQuery):
    """The same as JSON, where true is true and not a word."""

    has_mobile: StrictBool | None = None
    registered_for_sms: StrictBool | None = None
    afloat: StrictBool | None = None
    has_radio: StrictBool | None = None


class AreaQuery(_Strict):
    area: Annotated[str | None, ids("area")] = None


class ChangesQuery(_Strict):
    """The edition (of no area) that a cache was last right for; without one, all is new."""

    since: Annotated[str | None, Field(pattern="^[0-9a-f]{16}$")] = None


class NationQuery(_Strict):
    nation: Nation | None = None


class FindIn(_Strict):
    """A postcode, town, council or force."""

    q: Annotated[str, Field(min_length=1, max_length=MAX_LENGTH)]


class SearchIn(_Strict):
    """What somebody says is happening, in plain words."""

    q: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    nation: Nation | None = None
    lang: Lang = Lang.EN
