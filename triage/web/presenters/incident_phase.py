"""What the public may read of incidents, for feeds, CAP and the API: which, and in what phase.

Pure. When what is said of one changed, and how, is incident_life.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from outage.bulletin import Bulletin, Departure, Story, StoryEntry
from triage.engine.catalogue import Catalogue, Footprint, Lang, Text
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Incident, Status
from triage.seeds.enum_words import of_state
from triage.web.wording.catalogue import fill, words

# What joins a record without changing what anybody is told to do: nobody is alerted again by it.
QUIET = frozenset({"claim", "assurance", "regulator", "comment"})


class Phase(StrEnum):
    """Where an incident stands in its life, as the public sees it."""

    PLANNED = "planned"
    LIVE = "live"
    ENDED = "ended"


def published(bulletin: Bulletin, catalogue: Catalogue, at: datetime) -> tuple[Story, ...]:
    """The incidents the public may read of, newest first: planned, live and over.

    A draft or an exercise is none of the public's business, nor is what nobody was entitled to
    say or what is not published yet.
    """
    told = {i.id: _untitled(i, catalogue) for i in bulletin.incidents}
    shown = [s for s in {**told, **bulletin.stories}.values() if _is_public(s.incident, at)]
    return tuple(sorted(shown, key=lambda s: (s.incident.published_at, s.id), reverse=True))


def _is_public(incident: Incident, at: datetime) -> bool:
    status = incident.status in (Status.LIVE, Status.ENDED)
    return status and incident.issuer.entitled and incident.published_at <= at


def _untitled(incident: Incident, catalogue: Catalogue) -> Story:
    return Story(incident.id, title(incident, catalogue), incident, ())


def title(incident: Incident, catalogue: Catalogue) -> Text:
    """What an incident is called where nobody gave it a name: the channel and its state."""
    name = channel_name(catalogue, incident.channel)
    sentence = words()[of_state(incident.state).title]
    en, cy = (fill(sentence, lang, channel=fill(name, lang)) for lang in (Lang.EN, Lang.CY))
    return Text(en, cy, sentence.review)


def channel_name(catalogue: Catalogue, channel: str) -> Text:
    """A channel as it is named in a sentence: its number where it has one, else its label."""
    number = catalogue.number(channel)
    return Text(number, number) if number else catalogue.channels[channel].label


def phase(story: Story, at: datetime) -> Phase:
    incident = story.incident
    over = story.ended_at or incident.ends_at
    if incident.status is Status.ENDED or (over is not None and over <= at):
        return Phase.ENDED
    return Phase.LIVE if incident.since <= at else Phase.PLANNED


def is_pretend(story: Story, at: datetime) -> bool:
    """Whether it is marked as pretend. In the demonstration all that is not history is."""
    return story.pretend or (settings.DEMO and phase(story, at) is not Phase.ENDED)


def advised(story: Story) -> tuple[StoryEntry, ...]:
    """The lines of a timeline that tell people what to do, newest first."""
    return tuple(e for e in story.entries if e.kind not in QUIET)


def look_at(incident: Incident, at: datetime) -> datetime | None:
    """The look that was due first and has not come; else the next one. A second person who was
    to confirm (break-glass) is such a look."""
    passed = [m for m in (incident.review_at, incident.confirm_by) if m is not None and m <= at]
    return min(passed, default=incident.review_at)


def touched(rulebook: Rulebook, incident: Incident) -> tuple[str, ...]:
    """The areas an incident's footprint meets."""
    return touched_by(rulebook, incident.scope.footprints)


def touched_by(rulebook: Rulebook, footprints: Iterable[Footprint]) -> tuple[str, ...]:
    """The areas that any of these meets."""
    own, catalogue = set(footprints), rulebook.catalogue
    return tuple([a for a in catalogue.areas if not own.isdisjoint(catalogue.footprints[a])])


def seen_from(rulebook: Rulebook, story: Story, areas: frozenset[str]) -> Story | None:
    """A story as it stands in some areas: as it is, or over where it was narrowed away from them
    all; None where it was never about them."""
    if not areas.isdisjoint(touched(rulebook, story.incident)):
        return story
    for left in reversed(story.left):
        if not areas.isdisjoint(touched(rulebook, left.incident)):
            return _over(story, left)
    return None


def _over(story: Story, left: Departure) -> Story:
    """The story of those whom a statement left: its last line is that it is over there."""
    before = tuple(e for e in story.entries if e.at < left.at)
    issuer = left.incident.issuer
    line = StoryEntry(left.at, "stood-down", left.words, issuer.name, issuer_cy=issuer.name_cy)
    return replace(story, incident=left.incident, entries=(line, *before), ended_at=left.at)
