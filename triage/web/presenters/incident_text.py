"""An incident in sentences, for those who read it away from our pages: feeds, calendar and CAP.

Each text is one step of its life (incident_life.py), and the first word of its title says what it
is: planned, live, over or corrected. An end repeats nothing that was said before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import assert_never

from django.conf import settings

from triage.engine.advice import Advice, Entry
from triage.engine.advise import advise_here
from triage.engine.catalogue import ChannelKind, FootprintKind, Lang, Nation, Place
from triage.engine.need_context import VisitorContext
from triage.engine.scope import is_overdue
from triage.engine.situation import Code, Incident, Mode, Situation, Visitor
from triage.rules import rulebook
from triage.seeds.enum_words import of_nation
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.presenters.faults import capital, fault, issuer
from triage.web.presenters.incident_life import LifeStage, LifeStep
from triage.web.presenters.incident_phase import look_at, touched
from triage.web.presenters.scope_text import where, where_gone
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
    pretend: bool

    @property
    def told(self) -> tuple[str, ...]:
        """All that is said, but what to do."""
        return tuple(line for line in (self.what, self.where, self.who) if line)

    @property
    def lines(self) -> tuple[str, ...]:
        said = (self.what, self.where, *self.do, self.who)
        return tuple(line for line in said if line)


def told(step: LifeStep, lang: Lang, *, pretend: bool) -> IncidentText:
    """A step of an incident's life. Nothing in it changes until the next one."""
    here = page_context.bare(lang, "")
    # In the demonstration all that is not history is pretend.
    marked = pretend or (settings.DEMO and not step.stage.is_end)
    mark = plain(here, "embed-pretend-title") + " " if marked else ""
    event, places = _event(here, step), _places_told(here, step)
    return IncidentText(
        title=plain(here, _title(step.stage), mark=mark, what=event, where=places),
        event=capital(event),
        what=_what(here, step),
        where=plain(here, "feed-where", where=places),
        who=_who(here, step),
        do=tuple(_told(here, step)),
        pretend=marked,
    )


def _title(stage: LifeStage) -> WordKey:
    match stage:
        case LifeStage.PLANNED:
            return "feed-title-planned"
        case LifeStage.LIVE:
            return "feed-title-live"
        case LifeStage.OVER:
            return "feed-title-over"
        case LifeStage.CORRECTED:
            return "feed-title-corrected"
        case _:
            assert_never(stage)


def _event(here: PageContext, step: LifeStep) -> str:
    """The fault itself; of one that is at an end, what it was about."""
    told = step.incident
    if step.stage is LifeStage.LIVE:
        return fault(here, told)
    channel = channel_name(here, told.channel)
    if step.stage is LifeStage.PLANNED:
        since = dates.short(told.since, here.lang)
        return plain(here, "feed-about-planned", channel=channel, since=since)
    if step.stage is LifeStage.CORRECTED:
        return plain(here, "feed-about-corrected", channel=channel)
    work: WordKey = "feed-about-work" if told.planned else "feed-about-fault"
    return plain(here, work, channel=channel)


def _places_told(here: PageContext, step: LifeStep) -> str:
    return where_gone(here, step.gone) if step.gone else where(here, step.incident)


def _what(here: PageContext, step: LifeStep) -> str:
    told = step.incident
    since, at = (dates.full(m, here.lang) for m in (told.since, step.at))
    match step.stage:
        case LifeStage.PLANNED:
            event = capital(fault(here, replace(told, planned=False)))
            if told.ends_at is None:
                return plain(here, "feed-planned", fault=event, since=since)
            ends = dates.full(told.ends_at, here.lang)
            return plain(here, "feed-planned-until", fault=event, since=since, ends=ends)
        case LifeStage.LIVE:
            return plain(here, "feed-live", fault=capital(_event(here, step)), since=since)
        case LifeStage.CORRECTED:
            return plain(here, "feed-corrected", at=at)
        case LifeStage.OVER:
            if step.gone:
                return plain(here, "feed-gone", at=at, since=since)
            if told.since > step.at:
                return plain(here, "feed-called-off", at=at)
            return plain(here, "feed-over", at=at, since=since)
        case _:
            assert_never(step.stage)


def _who(here: PageContext, step: LifeStep) -> str:
    """Who says so, and while it lasts when it is next looked at, or that this is overdue."""
    told = step.incident
    if not told.issuer.name:
        return ""
    said = plain(here, "feed-who", who=issuer(here, told))
    look = look_at(told, step.at)
    if look is None or told.planned or step.stage.is_end:
        return said
    key: WordKey = "banner-overdue" if is_overdue(told, step.at) else "banner-review"
    return f"{said} {plain(here, key, at=dates.full(look, here.lang))}"


def _told(here: PageContext, step: LifeStep) -> Iterator[str]:
    """What to do; and that it is for this fault alone, since another may have it otherwise."""
    if step.stage.is_end:
        return
    told = step.incident
    if told.supersedes:
        yield name(here, rulebook().codes[Code.CORRECTION_NOTICE])
    do = tuple(_do(here, told, max(step.at, told.since)))
    if do and step.stage is LifeStage.PLANNED:
        yield plain(here, "feed-from", since=dates.full(told.since, here.lang))
    yield from do
    if step.own_words:
        yield name(here, step.own_words)
    if do:
        yield plain(here, "feed-alone")


def _do(here: PageContext, incident: Incident, at: datetime) -> Iterator[str]:
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


def _changes(here: PageContext, incident: Incident, place: Place, at: datetime) -> Iterator[str]:
    """A sentence for each need that this incident alone changes."""
    yield from (_sentence(here, a) for a in _changed(rulebook().digest, incident, place, at))


@lru_cache(maxsize=64)
def _changed(digest: str, incident: Incident, place: Place, at: datetime) -> tuple[Advice, ...]:
    """The advice that this incident alone changes, by the rulebook of that digest: page, feeds and
    CAP in both languages tell of the same."""
    scope = incident.scope
    visitor = Visitor(
        network=scope.networks[0] if scope.networks else None,
        line=scope.lines[0] if scope.lines else None,
    )
    asked = Situation(at, "", place, visitor, (incident,))
    now = VisitorContext.of(rulebook(), asked, place)
    calm = VisitorContext.of(rulebook(), replace(asked, incidents=()), place)
    pairs = ((advise_here(now, need), advise_here(calm, need)) for need in NEEDS)
    return tuple(advice for advice, ordinary in pairs if advice.sense != ordinary.sense)


def _sentence(here: PageContext, advice: Advice) -> str:
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


def _way(here: PageContext, entry: Entry) -> str:
    if entry.channel == "local-number" and entry.number:
        return entry.number
    said = channel_name(here, entry.channel) if _is_line(entry) else name(here, entry.label)
    return f"{said} ({plain(here, 'feed-at-risk')})" if entry.at_risk else said
