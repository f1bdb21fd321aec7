"""Work that is planned and has not begun: what, where, from when until when, what to do then.

What is under way is a fault like another, told by faults.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from outage.bulletin import Story
from triage.engine.situation import Incident
from triage.rules import rulebook
from triage.web.context.page_context import PageContext
from triage.web.presenters import incident_phase, incident_text
from triage.web.presenters.faults import capital, channel_told, fault, issuer
from triage.web.presenters.incident_life import LifeStage, LifeStep, life
from triage.web.presenters.incident_phase import Phase
from triage.web.presenters.scope_text import where
from triage.web.presenters.sentences import plain
from triage.web.wording import dates


@dataclass(frozen=True)
class PlannedWork:
    """One work to come, in words. `do` is what people should do while it lasts."""

    id: str
    title: str
    what: str
    where: str
    since: datetime
    when: str
    who: str
    do: tuple[str, ...]
    pretend: bool


def planned_work(here: PageContext) -> tuple[PlannedWork, ...]:
    """The work to come that touches this page's area, or any for none, the soonest first."""
    areas = None if here.slug is None else frozenset({here.slug})
    known = incident_phase.published(here.bulletin, rulebook().catalogue, here.at)
    coming = [s for s in known if incident_phase.phase(s, here.at) is Phase.PLANNED]
    told = [(s, life(s, here.at, areas)) for s in coming]
    own = [_work(here, s, steps[-1]) for s, steps in told if steps and is_to_come(steps[-1])]
    return tuple(sorted(own, key=lambda work: (work.since, work.id)))


def is_to_come(step: LifeStep) -> bool:
    return step.stage is LifeStage.PLANNED


def work_title(here: PageContext, incident: Incident) -> str:
    """What it is called while nothing is wrong yet: Planned work: 101."""
    return plain(here, "work-on", channel=channel_told(here, incident))


def _work(here: PageContext, story: Story, step: LifeStep) -> PlannedWork:
    told = step.incident
    return PlannedWork(
        id=story.id,
        title=work_title(here, told),
        what=plain(here, "work-while", fault=fault(here, replace(told, planned=False))),
        where=capital(where(here, told)),
        since=told.since,
        when=_when(here, told),
        who=issuer(here, told),
        do=incident_text.told(step, here.lang, pretend=False).do,
        pretend=story.pretend,
    )


def _when(here: PageContext, incident: Incident) -> str:
    since = dates.full(incident.since, here.lang)
    if incident.ends_at is None:
        return plain(here, "work-when-open", since=since)
    same = dates.is_same_day(incident.since, incident.ends_at)
    ends = dates.clock_time(incident.ends_at) if same else dates.full(incident.ends_at, here.lang)
    return plain(here, "work-when", since=since, ends=ends)
