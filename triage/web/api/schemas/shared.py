"""What every answer of the API is made of. Answers are built as these models and in no other way:
a field that the description does not know cannot be sent.

Numbers stand in the words as digits: whoever shows them needs no table of ours. Times are in ISO
8601 with their offset.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from outage.bulletin import Reading
from triage.engine.catalogue import Lang, Nation, Text
from triage.web.context.staleness import Staleness, staleness
from triage.web.wording.catalogue import fill

Moment = Annotated[
    datetime, PlainSerializer(datetime.isoformat, return_type=str, when_used="json-unless-none")
]


class Out(BaseModel):
    """The base of every answer and of its parts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def plain(self) -> dict[str, Any]:
        """As values for JSON; what was left out stays out."""
        return self.model_dump(mode="json", exclude_unset=True)


class TextOut(Out):
    en: str
    cy: str

    @classmethod
    def of(cls, words: Text) -> TextOut:
        return cls(en=fill(words, Lang.EN), cy=fill(words, Lang.CY))

    @classmethod
    def maybe(cls, words: Text | None) -> TextOut | None:
        return cls.of(words) if words else None


class ProblemOut(Out):
    """One thing that is wrong with a request."""

    what: str
    where: str
    what_to_do: str


class CandidateOut(Out):
    """A place that words may mean."""

    area: str
    police: str
    fire: str
    ambulance: str
    nation: Nation


class Error(ProblemOut):
    """What is wrong, where, and what to do. `more` lists what else is wrong; `candidates` are the
    places that may be meant, likeliest first, where one is to be chosen; else it is left out."""

    more: list[ProblemOut]
    candidates: list[CandidateOut] = Field(default_factory=list)


class FreshnessOut(Out):
    """`unchecked_since` is a time while the server cannot check what is in force, else null."""

    pretend: bool
    unchecked_since: Moment | None


def fresh(reading: Reading) -> dict[str, Any]:
    """The fields of FreshnessOut, for the answers that carry them."""
    late = staleness(reading) is not Staleness.FRESH
    return {"pretend": settings.DEMO, "unchecked_since": reading.checked_at if late else None}
