"""An incident as a line of a list, and what its kind is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from triage.engine.situation import Incident, State
from triage.seeds.word_keys import WordKey
from triage.web.context.page_context import PageContext
from triage.web.presenters.faults import (
    FaultKind,
    capital,
    fault,
    gravity,
    issuer,
    kind,
    review,
    speaks,
)
from triage.web.presenters.scope_text import where
from triage.web.wording import dates

# What a tile wears: the kind of its gravest fault, or nothing at all.
KIND_WORDS: Mapping[str, WordKey] = {**{k: k.words for k in FaultKind}, "clear": "kind-clear"}


@dataclass(frozen=True)
class ChannelRow:
    """An incident in a list."""

    id: str
    kind: str
    fault: str
    where: str
    who: str
    since: datetime
    since_words: str
    review: str
    pretend: bool


def faults_of(here: PageContext, incidents: Iterable[Incident]) -> list[Incident]:
    found = [i for i in incidents if i.state is not State.RESOLVED or speaks(here, i)]
    return sorted(found, key=lambda i: gravity(here, i))


def row(here: PageContext, incident: Incident) -> ChannelRow:
    sentence = fault(here, incident)
    story = here.bulletin.stories.get(incident.id)
    return ChannelRow(
        id=incident.id,
        kind=str(kind(incident)),
        fault=capital(sentence),
        where=where(here, incident),
        who=issuer(here, incident),
        since=incident.since,
        since_words=dates.short(incident.since, here.lang),
        review=review(here, incident),
        pretend=story.pretend if story else False,
    )
