"""The life of an incident as it is told away from our pages: every moment at which what is said of
it changed, and what it was from then on. Pure.

Feeds, calendar and CAP are made of these steps, so that they cannot tell it differently. Whoever
was in an incident and is out of it has an end of their own. The words are incident_text.py's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from outage.bulletin import Stated, Story, StoryEntry
from triage.engine.catalogue import Footprint, Text
from triage.engine.scope import NUMBER_GOOD_FOR, is_overdue, number_is_good
from triage.engine.situation import OVER, Incident, State, Status
from triage.rules import rulebook
from triage.web.presenters.incident_phase import advised, look_at

_NEVER = datetime.max.replace(tzinfo=UTC)
# A number is still good on its last moment.
_INSTANT = timedelta(microseconds=1)
# The entries of a timeline that state something of their own. A narrowing speaks of places, a
# watch and an end repeat what no longer holds.
_STATES = frozenset({"declared", "planned", "amended", "adopted"})
_CONFIRMS = "confirmed"
_CORRECTED = "superseded"


class LifeStage(StrEnum):
    """What an entry is: the first word of its title."""

    PLANNED = "planned"
    LIVE = "live"
    OVER = "over"
    CORRECTED = "corrected"

    @property
    def is_end(self) -> bool:
        return self in (LifeStage.OVER, LifeStage.CORRECTED)


@dataclass(frozen=True)
class LifeStep:
    """What an incident is from a moment on, for the readers of some places.

    `incident` is what is stated then; at an end, the last statement in which something was wrong.
    `gone` is set at the end of a part: the codes of the councils that are out of it while it goes
    on elsewhere. `own_words` are what its issuer adds in words of their own.
    """

    at: datetime
    stage: LifeStage
    incident: Incident
    own_words: Text | None = None
    gone: frozenset[str] = frozenset()

    @property
    def sense(self) -> tuple[object, ...]:
        """All that is told of it: two steps of one sense read alike."""
        told = self.incident
        if self.stage.is_end:
            return (self.stage, told.channel, told.scope, told.since, self.gone)
        return (
            self.stage,
            replace(told, published_at=told.since, numbers=(), review_at=None, confirm_by=None),
            tuple(n for n in told.numbers if number_is_good(n, self.at)),
            look_at(told, self.at),
            is_overdue(told, self.at),
            self.own_words,
        )


def life(story: Story, at: datetime, areas: frozenset[str] | None = None) -> tuple[LifeStep, ...]:
    """Its steps so far, oldest first, for the readers of some areas; None for everybody's.

    Empty where it never touched them. The first is the first publication.
    """
    readers = None if areas is None else _councils_of(areas)
    steps: list[LifeStep] = []
    for step in _steps(story, at):
        told = step if readers is None else _for(readers, step, steps)
        if told is not None and (not steps or told.sense != steps[-1].sense):
            steps.append(told)
    return tuple(steps)


def parts_over(story: Story, at: datetime) -> tuple[tuple[int, LifeStep], ...]:
    """The ends of parts: of those who left it while it went on, each with the number (from 1) of
    the step of the whole at which they left."""
    whole = life(story, at)
    found = []
    for number, (before, now) in enumerate(pairwise(whole), 2):
        if before.stage.is_end or now.stage.is_end:
            continue
        gone = councils(before.incident) - councils(now.incident)
        if gone:
            over = replace(before, at=now.at, stage=LifeStage.OVER, own_words=None, gone=gone)
            found.append((number, over))
    return tuple(found)


def councils(incident: Incident) -> frozenset[str]:
    """The codes of the councils that an incident's footprint covers."""
    return covered(incident.scope.footprints)


@lru_cache(maxsize=512)
def covered(footprints: tuple[Footprint, ...]) -> frozenset[str]:
    """The codes of the councils that footprints cover."""
    places = rulebook().catalogue.place_of_council
    return frozenset(
        code for code, place in places.items() if any(f.covers(place) for f in footprints)
    )


def _councils_of(areas: frozenset[str]) -> frozenset[str]:
    known = rulebook().catalogue.areas
    return frozenset(c.code for a in areas for c in known[a].councils)


def _for(readers: frozenset[str], step: LifeStep, steps: list[LifeStep]) -> LifeStep | None:
    """A step as these readers have it: their own end where they are out of it."""
    if councils(step.incident) & readers:
        return step
    if not steps or steps[-1].stage.is_end:
        return None
    before = steps[-1]
    gone = councils(before.incident) & readers
    return replace(before, at=step.at, stage=LifeStage.OVER, own_words=None, gone=gone)


def _steps(story: Story, at: datetime) -> Iterator[LifeStep]:
    """What it was at each moment at which that may have changed."""
    stated = _stated(story)
    wrong: Incident | None = None
    for said, until in zip(stated, [*(s.at for s in stated[1:]), _NEVER], strict=True):
        for moment in _moments(story, said, until):
            if moment > at:
                return
            stage = _stage(story, said, moment)
            if not stage.is_end and said.incident.state not in OVER:
                wrong = said.incident
            told = (wrong or said.incident) if stage.is_end else said.incident
            words = None if stage.is_end else _own_words(story, said.incident, moment)
            yield LifeStep(moment, stage, told, words)


def _stated(story: Story) -> tuple[Stated, ...]:
    """Its statements, oldest first. Where only the last is on record, that one from its start."""
    held = story.stated
    if held and held[-1].incident == story.incident:
        return held
    now = story.incident
    since = now.published_at
    if not held:
        since = min([since, *(e.at for e in advised(story))])
    return (*held, Stated(since, "", now))


def _moments(story: Story, said: Stated, until: datetime) -> Iterator[datetime]:
    """When a statement began, and when the clock alone changes what it says, oldest first."""
    told = said.incident
    due = {told.starts_at, told.ends_at, story.ended_at, *(e.at for e in advised(story))}
    if not told.planned and told.state is not State.RESOLVED:
        due |= {told.review_at, told.confirm_by}
        for number in told.numbers:
            due |= {number.valid_until, number.verified_at + NUMBER_GOOD_FOR + _INSTANT}
    yield said.at
    yield from sorted(m for m in due if m is not None and said.at < m < until)


def _stage(story: Story, said: Stated, moment: datetime) -> LifeStage:
    told = said.incident
    if _is_over(story, said, moment):
        newest = said.kind or next((e.kind for e in advised(story)), "")
        return LifeStage.CORRECTED if newest == _CORRECTED else LifeStage.OVER
    return LifeStage.LIVE if told.since <= moment else LifeStage.PLANNED


def _is_over(story: Story, said: Stated, moment: datetime) -> bool:
    told = said.incident
    if told.ends_at is not None and told.ends_at <= moment:
        return True
    if said.kind:
        return told.status is Status.ENDED or told.state is State.RESOLVED
    return _end(story) <= moment


def _end(story: Story) -> datetime:
    """When a story is over of which only the last statement is on record."""
    told = story.incident
    if told.status is not Status.ENDED and told.state is not State.RESOLVED:
        return story.ended_at or _NEVER
    newest = [e.at for e in advised(story)][:1]
    return story.ended_at or max([told.published_at, *newest])


def _own_words(story: Story, told: Incident, moment: datetime) -> Text | None:
    """What the statement that stands at a moment says in words of its own; None once something
    else was said, or once it works again."""
    if told.state in OVER:
        return None
    said = _newest(e for e in advised(story) if e.at <= moment and e.kind != _CONFIRMS)
    return said.words if said and said.kind in _STATES else None


def _newest(entries: Iterable[StoryEntry]) -> StoryEntry | None:
    return max(entries, key=lambda e: e.at, default=None)
