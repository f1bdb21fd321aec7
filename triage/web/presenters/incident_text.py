"""An incident in sentences, for those who read it away from our pages: feeds and CAP. No rule.

The same words as the banner's (banner.py), for a reader with no page around them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from outage.bulletin import Story
from triage.engine.advice import Advice, Entry
from triage.engine.advise import advise_at
from triage.engine.catalogue import ChannelKind, FootprintKind, Lang, Nation, Place
from triage.engine.scope import is_overdue
from triage.engine.situation import Incident, Mode, Situation, Visitor
from triage.rules import rulebook
from triage.seeds.enum_words import of_nation
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.presenters.banner import fault, issuer
from triage.web.presenters.incident_phase import (
    Phase,
    advised,
    is_cancelled,
    is_pretend,
    look_at,
    phase,
    touched,
)
from triage.web.presenters.incident_phase import moments as changes
from triage.web.presenters.scope_text import where
from triage.web.presenters.sentences import EMERGENCIES, channel_name, name, plain
from triage.web.wording import dates

# Whose advice a feed tells of, where an incident changes it.
NEEDS = (
    *EMERGENCIES,
    "deaf-bsl",
    "deaf-text",
    "police-nonemergency",
    "medical-nonemergency",
    "mental-health-crisis",
)


@dataclass(frozen=True)
class IncidentText:
    """What is said of one incident in one language."""

    title: str
    event: str
    what: str
    where: str
    who: str
    do: tuple[str, ...]
    timeline: tuple[str, ...]
    pretend: bool

    @property
    def told(self) -> tuple[str, ...]:
        """All that is said, but what to do."""
        said = (self.what, self.where, self.who, *self.timeline)
        return tuple(line for line in said if line)

    @property
    def lines(self) -> tuple[str, ...]:
        said = (self.what, self.where, *self.do, self.who, *self.timeline)
        return tuple(line for line in said if line)


def told(story: Story, lang: Lang, at: datetime) -> IncidentText:
    """An incident as it stands at a moment. Nothing in it changes between its moments."""
    here, incident = page_context.bare(lang, ""), story.incident
    pretend = is_pretend(story, at)
    mark = plain(here, "embed-pretend-title") + " " if pretend else ""
    return IncidentText(
        title=mark + name(here, story.title),
        event=_event(here, story, at),
        what=_what(here, story, at),
        where=plain(here, "feed-where", where=where(here, incident)),
        who=_who(here, incident, _moment(story, at)),
        do=() if is_cancelled(story, at) else tuple(_told(here, story, at)),
        timeline=tuple(_timeline(here, story)),
        pretend=pretend,
    )


def _moment(story: Story, at: datetime) -> datetime:
    """When what is said last changed; of planned work, when it starts."""
    return max(changes(story, at)[-1], story.incident.since)


def _what(here: page_context.PageContext, story: Story, at: datetime) -> str:
    now = Phase.ENDED if is_cancelled(story, at) else phase(story, at)
    since = dates.full(story.incident.since, here.lang)
    return plain(here, now.words, fault=_event(here, story, at), since=since)


def _event(here: page_context.PageContext, story: Story, at: datetime) -> str:
    """The fault itself; of one that is over, what it was called."""
    if is_cancelled(story, at):
        return name(here, story.title)
    said = fault(here, story.incident)
    return said[:1].upper() + said[1:]


def _who(here: page_context.PageContext, incident: Incident, at: datetime) -> str:
    """Who says so, and when it is next looked at, or that this is overdue."""
    if not incident.issuer.name:
        return ""
    said = plain(here, "feed-who", who=issuer(here, incident))
    look = look_at(incident, at)
    if look is None or incident.planned:
        return said
    key: WordKey = "banner-overdue" if is_overdue(incident, at) else "banner-review"
    return f"{said} {plain(here, key, at=dates.full(look, here.lang))}"


def _told(here: page_context.PageContext, story: Story, at: datetime) -> Iterator[str]:
    """What to do; and that it is for this fault alone, since another may have it otherwise."""
    do = tuple(_do(here, story.incident, _moment(story, at)))
    yield from do
    if do:
        yield plain(here, "feed-alone")


def _do(here: page_context.PageContext, incident: Incident, at: datetime) -> Iterator[str]:
    """What people are told because of this incident alone, and the words that its issuer adds.

    Nations that are told the same stand together, unnamed where they all are.
    """
    told: dict[tuple[str, ...], list[str]] = {}
    for nation, place in _places(incident).items():
        sentences = tuple(_changes(here, incident, place, at))
        told.setdefault(sentences, []).append(plain(here, of_nation(nation)))
    for sentences, nations in told.items():
        if len(told) > 1 and sentences:
            yield plain(here, "feed-in", nations=", ".join(nations))
        yield from sentences
    for notice in incident.notices:
        if words := (notice.words_cy if here.lang is Lang.CY else "") or notice.words_en:
            yield words


def _places(incident: Incident) -> dict[Nation, Place]:
    """One place of each nation that the incident touches."""
    catalogue = rulebook().catalogue
    places = [catalogue.place(slug) for slug in reversed(touched(rulebook(), incident))]
    councils = [f.value for f in incident.scope.footprints if f.kind is FootprintKind.COUNCIL]
    own = [catalogue.place_of_council[c] for c in councils if c in catalogue.place_of_council]
    return {place.nation: place for place in (*places, *own)}


def _changes(
    here: page_context.PageContext, incident: Incident, place: Place, at: datetime
) -> Iterator[str]:
    """A sentence for each need that this incident alone changes."""
    scope = incident.scope
    visitor = Visitor(
        network=scope.networks[0] if scope.networks else None,
        line=scope.lines[0] if scope.lines else None,
    )
    for need in NEEDS:
        asked = Situation(at, need, place, visitor, (incident,))
        advice = advise_at(rulebook(), asked, place)
        ordinary = advise_at(rulebook(), replace(asked, incidents=()), place)
        if advice.sense != ordinary.sense:
            yield _sentence(here, advice)


def _sentence(here: page_context.PageContext, advice: Advice) -> str:
    rest = [_way(here, e) for e in advice.then if _is_line(e)]
    wait = advice.first.mode is Mode.HOLD
    long: WordKey = "feed-do-wait" if wait else "feed-do"
    short: WordKey = "feed-do-wait-only" if wait else "feed-do-only"
    return plain(
        here,
        long if rest else short,
        need=name(here, rulebook().needs[advice.need].name),
        first=_way(here, advice.first),
        rest=", ".join(rest),
    )


def _is_line(entry: Entry) -> bool:
    """Whether an entry is a line or a page to reach, not a place to go or a thing to do."""
    return rulebook().catalogue.channels[entry.channel].kind not in (
        ChannelKind.PLACE,
        ChannelKind.ACTION,
    )


def _way(here: page_context.PageContext, entry: Entry) -> str:
    if entry.channel == "local-number" and entry.number:
        return entry.number
    said = channel_name(here, entry.channel) if _is_line(entry) else name(here, entry.label)
    return f"{said} ({plain(here, 'feed-at-risk')})" if entry.at_risk else said


def _timeline(here: page_context.PageContext, story: Story) -> Iterator[str]:
    for entry in advised(story):
        said = name(here, entry.words)
        yield f"{dates.full(entry.at, here.lang)}: {said}"
