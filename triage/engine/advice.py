"""Advice: the immutable value that every page, widget, feed and preview renders.

Values only, and how they read as JSON (advice.md, "Advice as JSON"). advise.py makes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from triage.engine.catalogue import Text
from triage.engine.lazy import lazy
from triage.engine.rulebook import Urgency
from triage.engine.situation import Code, Mode, State


@dataclass(frozen=True, slots=True)
class Form:
    """How somebody who types or signs uses a voice channel."""

    channel: str
    number: str | None
    href: str | None
    at_risk: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do: a channel as it stands for this visitor."""

    channel: str
    label: Text
    number: str | None
    href: str | None
    mode: Mode
    at_risk: bool = False
    state: State | None = None
    ask_for: str | None = None
    forms: tuple[Form, ...] = ()
    # The channel whose number is dialled from a borrowed phone: read, never linked (rule 2).
    dials: str | None = None
    # Whether it stands here on the calmest day, for when nothing connects at all (rule 11).
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Avoided:
    channel: str
    state: State
    since: datetime


@dataclass(frozen=True, slots=True)
class Say:
    code: Code
    channel: str | None


@dataclass(frozen=True, slots=True)
class AdviceNotice:
    """A statement that stands behind the advice: who said it, when, and when it is reviewed."""

    incident: str
    channel: str
    state: State
    issuer: str
    published_at: datetime
    review_at: datetime | None
    overdue: bool
    networks: tuple[str, ...] = ()
    # Whether it is another service's word about the door that all of them share (rule 5).
    another_service: bool = False


@dataclass(frozen=True, slots=True)
class Because:
    rule: str
    detail: str
    incident: str | None = None


@dataclass(frozen=True)
class Advice:
    """What one visitor is told. Without a place, `nations` and `elsewhere` say what differs."""

    need: str
    urgency: Urgency
    area: str | None
    council: str | None
    as_of: datetime
    edition: str
    first: Entry
    then: tuple[Entry, ...]
    avoid: tuple[Avoided, ...]
    say: tuple[Say, ...]
    notices: tuple[AdviceNotice, ...]
    because: tuple[Because, ...]
    nation: str | None = None
    # Channels that carry emergencies here: nothing beside this advice may offer them (rule 7).
    kept_free: tuple[str, ...] = ()
    nations: tuple[Advice, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = field(default=())

    @lazy
    def entries(self) -> tuple[Entry, ...]:
        return (self.first, *self.then)

    @lazy
    def sense(self) -> tuple[object, ...]:
        """What the advice says, without where, when and why: equal for places told the same.

        What stands there on the calmest day, for when nothing connects at all, is left out: it
        differs by nation, and no place is told apart for it.
        """
        beyond = {e.channel for e in self.then if e.beyond}
        entries = tuple(
            (e.channel, e.number, e.dials, e.mode, e.at_risk, e.state)
            for e in self.entries
            if not e.beyond
        )
        say = tuple(s for s in self.say if s.channel not in beyond)
        return entries, say, tuple((a.channel, a.state) for a in self.avoid)

    def says(self, code: Code) -> tuple[str | None, ...]:
        """The channels a code is said for; empty where it is not said."""
        return tuple(s.channel for s in self.say if s.code is code)


@dataclass(frozen=True)
class Elsewhere:
    """Places that are told something else, all of them the same."""

    areas: tuple[str, ...]
    councils: tuple[str, ...]
    advice: Advice


def to_json(advice: Advice) -> dict[str, Any]:
    """Advice as plain values for JSON; times in ISO 8601 with their offset."""
    body: dict[str, Any] = {
        "need": advice.need,
        "urgency": str(advice.urgency),
        "area": advice.area,
        "council": advice.council,
        "nation": advice.nation,
        "as_of": advice.as_of.isoformat(),
        "edition": advice.edition,
        "first": _entry(advice.first),
        "then": [_entry(e) for e in advice.then],
        "avoid": [_avoided(a) for a in advice.avoid],
        "say": [{"code": str(s.code), "channel": s.channel} for s in advice.say],
        "notices": [_told(n) for n in advice.notices],
        "because": [_because(b) for b in advice.because],
    }
    if advice.nations:
        body["nations"] = {a.nation: _short(a) for a in advice.nations}
    if advice.elsewhere:
        body["differs"] = [
            {"areas": list(e.areas), "councils": list(e.councils), **_short(e.advice)}
            for e in advice.elsewhere
        ]
    return body


def _short(advice: Advice) -> dict[str, Any]:
    whole = to_json(advice)
    return {key: whole[key] for key in ("first", "then", "avoid", "say", "notices")}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "channel": entry.channel,
        "label": {"en": entry.label.en, "cy": entry.label.cy},
        "number": entry.number,
        "href": entry.href,
        "mode": str(entry.mode),
        "at_risk": entry.at_risk,
        "state": str(entry.state) if entry.state else None,
        "ask_for": entry.ask_for,
        "forms": [
            {"channel": f.channel, "number": f.number, "href": f.href, "at_risk": f.at_risk}
            for f in entry.forms
        ],
        "dials": entry.dials,
        "beyond": entry.beyond,
    }


def _avoided(avoided: Avoided) -> dict[str, Any]:
    return {
        "channel": avoided.channel,
        "state": str(avoided.state),
        "since": avoided.since.isoformat(),
    }


def _told(told: AdviceNotice) -> dict[str, Any]:
    return {
        "incident": told.incident,
        "channel": told.channel,
        "state": str(told.state),
        "issuer": told.issuer,
        "published_at": told.published_at.isoformat(),
        "review_at": told.review_at.isoformat() if told.review_at else None,
        "overdue": told.overdue,
        "networks": list(told.networks),
        "another_service": told.another_service,
    }


def _because(because: Because) -> dict[str, Any]:
    return {"rule": because.rule, "detail": because.detail, "incident": because.incident}
