"""How long ago this process last managed to check, and what that does to the advice (public.md 8).

Pure. The reading itself is outage.bulletin; the sentence on the page is a template's business.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from outage.bulletin import Reading
from triage.engine.catalogue import Footprint, FootprintKind, Nation
from triage.engine.rulebook import Rulebook
from triage.engine.situation import (
    Incident,
    Issuer,
    IssuerKind,
    Mode,
    Notice,
    Scope,
    Situation,
    State,
    Status,
)

LATE_AFTER = 120.0
CAUTIOUS_AFTER = 600.0
# How the ids of the stand-ins begin: no story, no banner and no statement is told of them.
UNCHECKED = "not-checked"


class Staleness(StrEnum):
    """FRESH: checked within two minutes. LATE: the page says since when. CAUTIOUS: both routes."""

    FRESH = "fresh"
    LATE = "late"
    CAUTIOUS = "cautious"


def staleness(reading: Reading) -> Staleness:
    """Part of what a page's bytes depend on, beside its address and its edition."""
    if reading.age > CAUTIOUS_AFTER:
        return Staleness.CAUTIOUS
    return Staleness.LATE if reading.age > LATE_AFTER else Staleness.FRESH


def cautious(rulebook: Rulebook, situation: Situation) -> Situation:
    """The same situation for somebody who cannot check: the usual route and its alternative, both.

    What was in force counts as overdue (rule 9). An emergency gains the alternatives that its
    presets give for a fault of 999, after 999 itself.
    """
    old = tuple(_overdue(i, situation.at) for i in situation.incidents)
    if not rulebook.needs[situation.need].is_emergency:
        return replace(situation, incidents=old)
    unchecked = tuple(_unchecked(rulebook, situation.need, n, situation.at) for n in Nation)
    return replace(situation, incidents=(*old, *unchecked))


def _overdue(incident: Incident, at: datetime) -> Incident:
    if incident.state is State.RESOLVED or incident.planned:
        return incident
    return replace(incident, confirm_by=at)


def _unchecked(rulebook: Rulebook, need: str, nation: Nation, at: datetime) -> Incident:
    """A stand-in for what may have happened since: 999 first, its alternative after it."""
    found = rulebook.preset("999", State.MANY_FAILING, rulebook.needs[need], nation)
    where = Footprint(FootprintKind.NATION, str(nation))
    notices = (Notice(need, Mode.AS_USUAL, found.to),) if found else ()
    return Incident(
        id=f"{UNCHECKED}-{nation}",
        channel="999",
        state=State.DEGRADED,
        status=Status.LIVE,
        scope=Scope((where,)),
        issuer=Issuer("", IssuerKind.GOVERNMENT, where, entitled=True),
        published_at=at,
        notices=notices,
    )
