"""A fault outside emergencies: what people do instead, for the banner. No rule lives here.

Many needs share a channel, and each has its own answer: whoever would call 101 about a stolen
bike must not be sent to the line that answers 101's domestic-abuse callers. So the banner speaks
for a general need, or for the only one that begins with the channel; otherwise it names the fault
and leaves the answer to the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from triage.engine.catalogue import Place
from triage.engine.rulebook import Need
from triage.engine.situation import OVER, Incident, Mode, State
from triage.rules import rulebook
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.presenters.banner_text import INSTEAD, BannerLine, dials, do
from triage.web.presenters.contact import way
from triage.web.presenters.emergency_panel import Group
from triage.web.presenters.sentences import name, plain

GENERAL = ("police-nonemergency", "medical-nonemergency", "mental-health-crisis")
_STILL = frozenset({Mode.TRY_FIRST, Mode.AS_USUAL})


def lines(here: PageContext, incident: Incident) -> Iterator[BannerLine]:
    """What to do about it, in one sentence; where no single answer holds, where to find yours."""
    if incident.state in OVER or incident.state is State.ON_BACKUP:
        return
    need = need_of(incident)
    told = list(_groups(here, incident, need)) if need else []
    if need is None or len({group.sense for group in told}) != 1:
        yield BannerLine(plain(here, "other-see"))
        return
    group = _under_every_name(told)
    yield BannerLine(do(here, group, f"{name(here, need.name)}:") + ".", dials(group))


def _under_every_name(told: list[Group]) -> Group:
    """The one answer of several nations, by each name that it goes by among them."""
    labels = dict.fromkeys(group.first.label for group in told)
    return replace(told[0], first=replace(told[0].first, label=" / ".join(labels)))


def need_of(incident: Incident) -> Need | None:
    """The need a fault is about: what its notices name; else the general or only one."""
    needs = rulebook().needs
    told = [n.need for n in incident.notices if not needs[n.need].is_emergency]
    if told:
        return needs[min(told, key=lambda n: n not in GENERAL)]
    for general in GENERAL:
        if any(incident.channel in route for route in needs[general].routes.values()):
            return needs[general]
    leading = [
        need
        for need in needs.values()
        if any(route[:1] == (incident.channel,) for route in need.routes.values())
    ]
    return leading[0] if len(leading) == 1 else None


def _groups(here: PageContext, incident: Incident, need: Need) -> Iterator[Group]:
    """What the need is told here; on a page of no area, in each nation that has the channel."""
    for place in [here.place] if here.place else _places(incident):
        there = here if here.place else here.elsewhere(place.area)
        advice = page_context.advice(there, need.id)
        own = {incident.channel} & {
            advice.first.channel,
            *rulebook().catalogue.ancestors[advice.first.channel],
        }
        shown = way(there, advice.first)
        rest = [way(there, e) for e in advice.then if e.channel != "wait"]
        then = tuple(rest[:1]) if own and advice.first.mode in _STILL else ()
        mode = str(advice.first.mode) if own else INSTEAD
        yield Group((name(here, need.name),), shown, then, mode)


def _places(incident: Incident) -> list[Place]:
    """One place of each nation that the fault touches and where the channel exists."""
    catalogue = rulebook().catalogue
    nations = catalogue.channels[incident.channel].nations
    places = [catalogue.place(area) for area in catalogue.areas]
    councils = [catalogue.place_of_council[c] for c in catalogue.place_of_council]
    covered = [
        p
        for p in (*places, *councils)
        if p.nation in nations and any(f.covers(p) for f in incident.scope.footprints)
    ]
    return list({p.nation: p for p in reversed(covered)}.values())
