"""Advice as the API gives it: the engine's own values, with the words of its codes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from triage.engine.advice import Advice, to_json
from triage.engine.catalogue import Lang, Nation, Text
from triage.engine.rulebook import Rulebook, Urgency
from triage.engine.situation import Code, Mode, State
from triage.web.api.schemas.shared import FreshnessOut, Moment, Out, TextOut
from triage.web.presenters.incident_phase import channel_name
from triage.web.wording.catalogue import fill


class FormOut(Out):
    channel: str
    number: str | None
    href: str | None
    at_risk: bool


class EntryOut(Out):
    """One thing to do: a channel as it stands for this caller."""

    channel: str
    label: TextOut
    number: str | None
    href: str | None
    mode: Mode
    at_risk: bool
    state: State | None
    ask_for: str | None
    forms: list[FormOut]
    dials: str | None
    beyond: bool


class AvoidedOut(Out):
    channel: str
    state: State
    since: Moment


class SayOut(Out):
    code: Code
    channel: str | None
    words: TextOut


class ToldOut(Out):
    incident: str
    channel: str
    state: State
    issuer: str
    published_at: Moment
    review_at: Moment | None
    overdue: bool
    networks: list[str]
    another_service: bool


class BecauseOut(Out):
    rule: str
    detail: str
    incident: str | None


class ShortAdviceOut(Out):
    first: EntryOut
    then: list[EntryOut]
    avoid: list[AvoidedOut]
    say: list[SayOut]
    notices: list[ToldOut]


class ElsewhereOut(ShortAdviceOut):
    areas: list[str]
    councils: list[str]


class AdviceOut(ShortAdviceOut, FreshnessOut):
    """What a caller is told. Without a place, `nations` and `differs` say what differs."""

    need: str
    urgency: Urgency
    area: str | None
    council: str | None
    nation: str | None
    as_of: Moment
    edition: str
    because: list[BecauseOut]
    nations: dict[Nation, ShortAdviceOut] = Field(default_factory=dict)
    differs: list[ElsewhereOut] = Field(default_factory=list)

    @classmethod
    def of(cls, rulebook: Rulebook, given: Advice, fresh: dict[str, Any]) -> AdviceOut:
        """The advice, with the digits in its labels and the words of its codes."""
        return cls.model_validate({**_worded(rulebook, to_json(given)), **fresh})


def _worded(rulebook: Rulebook, body: dict[str, Any]) -> dict[str, Any]:
    """Fills the labels and adds the words, wherever an advice stands within an advice."""
    for entry in (body["first"], *body["then"]):
        entry["label"] = TextOut.of(Text(**entry["label"]))
    for said in body["say"]:
        said["words"] = _said(rulebook, Code(said["code"]), said["channel"])
    for short in (*body.get("nations", {}).values(), *body.get("differs", ())):
        _worded(rulebook, short)
    return body


def _said(rulebook: Rulebook, code: Code, channel: str | None) -> TextOut:
    names = channel_name(rulebook.catalogue, channel) if channel else Text("", "")
    words = rulebook.codes[code]
    en, cy = (
        fill(words, lang).replace("{channel}", fill(names, lang)) for lang in (Lang.EN, Lang.CY)
    )
    return TextOut(en=en, cy=cy)
