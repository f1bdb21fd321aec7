"""The trace: the rule, the incident and the notice behind each line (rule 15).

For operators, for `manage.py advise --why` and for "because" on the public pages. It decides
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triage.engine.advice import Because
from triage.engine.entitlement import has_word
from triage.engine.need_context import NeedContext
from triage.engine.ordering import RouteStep
from triage.engine.scope import ReachingIncident, without_right
from triage.engine.situation import State


def trace(local: NeedContext, steps: Sequence[RouteStep]) -> Iterator[Because]:
    """Why the list is as it is, and what was stated or advised without effect."""
    yield Because("route", f"{local.need.id} in {local.place.nation}: {', '.join(local.route)}")
    yield from _treatments(local)
    yield from _steps(local, steps)
    yield from _impacts(local, steps)
    for line, why in local.kept_free.items():
        yield Because("keep-free", f"{line} carries emergencies here", why[0].incident.id)
    yield from _without_effect(local)
    for s in local.field.maybe:
        if could_touch(local, s):
            detail = "the visitor's network or line is not known"
            yield Because("scope.unknown", detail, s.incident.id)


def _treatments(local: NeedContext) -> Iterator[Because]:
    for channel, t in (*local.treatments.items(), *((local.need.id, t) for t in local.asides)):
        detail = f"{channel}: {t.mode} to {', '.join(t.to) or 'nothing else'}"
        yield Because(t.rule, detail, t.by.incident.id if t.by else None)


def _steps(local: NeedContext, steps: Sequence[RouteStep]) -> Iterator[Because]:
    if beyond := [step.channel for step in steps if step.beyond]:
        yield Because("second-way", f"if nothing connects at all: {', '.join(beyond)}")
    for step in steps:
        if step.dials:
            yield Because("line.other-phone", f"{step.dials} from another phone")


def _impacts(local: NeedContext, steps: Sequence[RouteStep]) -> Iterator[Because]:
    for channel in dict.fromkeys((*local.route, *(x.channel for x in steps))):
        impact = local.impacts[channel]
        if impact.down:
            yield Because("route.down", f"{channel} is down here")
        elif impact.own_dead:
            yield Because("line.dead", f"this phone cannot reach {channel}")
        elif impact.at_risk:
            yield Because("dependents.at-risk", f"{channel} hangs on what is failing")


def _without_effect(local: NeedContext) -> Iterator[Because]:
    """What somebody stated, or advised, without a right to (rule 10)."""
    for i in without_right(local.here.incidents, local.place, local.catalogue):
        yield Because("right.none", f"{i.issuer.name} may not state {i.channel} here", i.id)
    for s in local.field.sure:
        for notice in s.incident.notices:
            if notice.need == local.need.id and not _has_word(local, s):
                detail = f"{s.incident.issuer.name} does not answer {notice.need}"
                yield Because("notice.ignored", detail, s.incident.id)


def _has_word(local: NeedContext, s: ReachingIncident) -> bool:
    return any(has_word(s.incident, n, local.rulebook) for n in local.asked.hearing)


def could_touch(local: NeedContext, s: ReachingIncident) -> bool:
    """Whether a statement about some networks would touch this route, were it the visitor's."""
    return s.state is not State.RESOLVED and any(
        local.channels[c].access in s.takes or s.channel in {c, local.channels[c].call}
        for c in local.asked.routes[local.place.nation]
    )
