"""Where two live statements tell people different things. Pure.

What each tells a need is its notice, or the preset that stands in for one: a statement that says
nothing still sends people somewhere. Only who answers a need has a word on it, so that a fire
service that says nothing contradicts no police force.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from outage.statements.form_options import MODES, STATES
from outage.statements.same_fault import alike
from triage.engine.catalogue import Nation
from triage.engine.edition import touching
from triage.engine.entitlement import has_word, is_carrier
from triage.engine.rulebook import Need, Rulebook
from triage.engine.scope import in_force
from triage.engine.situation import OVER, Incident, Mode
from triage.engine.treatment import DEFAULT_MODES

_USUAL = " (the usual advice)"


@dataclass(frozen=True)
class Clash:
    """Another live statement that says something else of the same channel in the same place."""

    incident: Incident
    areas: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class _Told:
    mode: Mode
    to: tuple[str, ...]
    usual: bool


def clashes(
    rulebook: Rulebook, incidents: Iterable[Incident], this: Incident, at: datetime
) -> tuple[Clash, ...]:
    """Where another live statement and this one would contradict each other."""
    if this.state in OVER:
        return ()
    found = []
    own = _reached(rulebook, this)
    for other in in_force(incidents, at):
        same = other.id in (this.id, this.supersedes) or other.issuer.name == this.issuer.name
        if same or other.state in OVER or not _of_one_fault(other, this):
            continue
        shared = tuple(a for a in _reached(rulebook, other) if a in own)
        why = _why(rulebook, other, this, shared)
        if shared and why:
            found.append(Clash(other, shared, why))
    return tuple(found)


def _of_one_fault(other: Incident, this: Incident) -> bool:
    """Whether both speak of the same thing: the ambulance's leg is not the police's, a fault on one
    network is not that of all, planned work is not what fails now."""
    theirs, ours = other.scope, this.scope
    if other.channel != this.channel or other.planned != this.planned:
        return False
    legs = not (theirs.services and ours.services) or {*theirs.services} & {*ours.services}
    same = alike(theirs.networks, ours.networks) and alike(theirs.lines, ours.lines)
    return bool(legs) and same


def _reached(rulebook: Rulebook, incident: Incident) -> tuple[str, ...]:
    return tuple(s for s in rulebook.catalogue.areas if touching(rulebook, (incident,), s))


def _why(rulebook: Rulebook, other: Incident, this: Incident, shared: Iterable[str]) -> str:
    """The gravest thing in which they differ; empty where they agree."""
    if is_carrier(other) or is_carrier(this):
        return ""
    nations = {rulebook.catalogue.areas[a].nation for a in shared}
    for need in _needs(rulebook, other, this):
        for nation in sorted(nations):
            theirs, ours = (_told(rulebook, i, need, nation) for i in (other, this))
            if theirs and ours and _differ(theirs, ours):
                return f"{need.name.en}: they say {_words(theirs)}, you say {_words(ours)}"
    whole = not (other.scope.services or this.scope.services)
    if other.state is not this.state and (whole or other.scope.services == this.scope.services):
        return f"they say “{_state(other)}”, you say “{_state(this)}”"
    return ""


def _needs(rulebook: Rulebook, other: Incident, this: Incident) -> Iterator[Need]:
    """The needs that both answer and at least one speaks to, emergencies first."""
    spoken = {n.need for i in (other, this) for n in i.notices}
    found = [rulebook.needs[n] for n in spoken if n in rulebook.needs]
    for need in sorted(found, key=lambda n: (not n.is_emergency, n.id)):
        if has_word(other, need, rulebook) and has_word(this, need, rulebook):
            yield need


def _differ(theirs: _Told, ours: _Told) -> bool:
    """Whether people are told to begin with something else. What follows may be said by one alone,
    and a preset that names no way is not another way."""
    if theirs.mode is not ours.mode:
        return True
    return bool(theirs.to and ours.to) and theirs.to[0] != ours.to[0]


def _told(rulebook: Rulebook, incident: Incident, need: Need, nation: Nation) -> _Told | None:
    """What a statement tells a need in a nation: by its notice, a preset, or its state alone."""
    for notice in incident.notices:
        if notice.need == need.id:
            return _Told(notice.mode, notice.to, usual=False)
    said = (incident.channel, incident.state, need.id)
    for p in rulebook.presets:
        if (p.channel, p.state, p.need) == said and nation in p.nations:
            return _Told(p.mode, p.to, usual=True)
    if incident.channel not in need.routes.get(nation, ()):
        return None
    return _Told(DEFAULT_MODES.get(incident.state, Mode.AS_USUAL), (), usual=True)


def _words(told: _Told) -> str:
    return f"“{MODES[told.mode]}”{_USUAL if told.usual else ''}"


def _state(incident: Incident) -> str:
    return STATES.get(incident.state, "Over").split(":")[0].lower()
