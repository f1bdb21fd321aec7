"""One page an incident: what it is, where it is felt, what to do, and what was said of it."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from outage.bulletin import Story, StoryEntry
from triage.engine.catalogue import Lang, Text
from triage.engine.edition import touching
from triage.engine.situation import Incident
from triage.rules import rulebook
from triage.web.context.page_context import (
    AddressMovedError,
    PageContext,
    WrongAddressError,
    prefix,
)
from triage.web.pages.decorators import page
from triage.web.pages.response import image, show
from triage.web.presenters import incident_life, incident_phase, incident_text, timeline_hours
from triage.web.presenters.contact import channel_contact
from triage.web.presenters.fault_rows import KIND_WORDS, row
from triage.web.presenters.faults import capital, fault, kind
from triage.web.presenters.planned_work import is_to_come, work_title
from triage.web.presenters.sentences import name, plain
from triage.web.presenters.taps import tap_buttons
from triage.web.presenters.timeline_chart import entries, picture
from triage.web.presenters.uk_map import UkMap, uk_map


@page()
def incident(
    here: PageContext, request: HttpRequest, ident: str, channel: str | None = None
) -> HttpResponse:
    """One incident: what it is, and what was said of it, newest first; of one channel alone where
    the address names it, and of the page's area."""
    story = _story(here, ident)
    known = (story.incident, *(left.incident for left in story.left))
    if here.area is not None and not touching(rulebook(), known, here.slug):
        raise AddressMovedError(f"{prefix(here.lang, None)}{here.path}")
    live = story.ended_at is None or story.ended_at > here.at
    steps = incident_life.life(story, here.at) if live else ()
    coming = bool(steps) and is_to_come(steps[-1])
    context = {
        "story": story,
        "coming": coming,
        "until": story.incident.ends_at if live and story.incident.planned else None,
        "title": work_title(here, story.incident) if coming else name(here, story.title),
        "row": row(here, story.incident),
        "do": incident_text.told(steps[-1], here.lang, pretend=False).do if steps else (),
        "kind": plain(here, KIND_WORDS[kind(story.incident)]),
        "live": live,
        "map": _map(story) if live else None,
        "taps": tap_buttons([channel_contact(here, story.incident.channel)]) if live else (),
        **_timeline(here, story, channel, live),
    }
    return show(here, "public/incident.html", context)


@page()
def map_of_incident(here: PageContext, request: HttpRequest, ident: str, mark: str) -> HttpResponse:
    """The picture of where an incident is felt."""
    drawn = _map(_story(here, ident))
    if drawn is None:
        raise WrongAddressError(404, "error-no-incident")
    return image(here, drawn, mark)


def _map(story: Story) -> UkMap | None:
    """Where an incident is felt; no picture where that is everywhere."""
    areas, own = rulebook().catalogue.areas, incident_phase.touched(rulebook(), story.incident)
    if len(own) == len(areas):
        return None
    return uk_map(tuple((area, str(kind(story.incident))) for area in own))


def _story(here: PageContext, ident: str) -> Story:
    story = here.bulletin.stories.get(ident) or _untold(here, ident)
    if story is None:
        raise WrongAddressError(404, "error-no-incident")
    return story


def _timeline(
    here: PageContext, story: Story, channel: str | None, live: bool
) -> dict[str, object]:
    """What was said, as a picture and in words: a list, or by the hour where it is long."""
    channels = timeline_hours.channels_of(here, story, channel)
    if channel is not None and not any(link.chosen for link in channels):
        raise WrongAddressError(404, "error-no-channel")
    own = timeline_hours.narrowed(story, here.slug, channel)
    long = timeline_hours.is_long(story)
    grouped = timeline_hours.is_long(own)
    return {
        "long": long,
        "channels": channels if len(channels) > 1 else (),
        "areas": timeline_hours.areas_of(here, story) if long else (),
        "chosen": channel,
        "hours": timeline_hours.groups(here, own, newest_open=live) if grouped else (),
        "entries": () if grouped else entries(own, here.lang),
        "told": len(own.entries),
        **picture(own),
    }


def _untold(here: PageContext, ident: str) -> Story | None:
    """An incident in force whose story holds nothing yet: what it says of itself."""
    found = next((i for i in here.in_force if i.id == ident), None)
    if found is None:
        return None
    title = Text(_title(here, found, "en"), _title(here, found, "cy"))
    entry = StoryEntry(found.published_at, "declared", title, found.issuer.name)
    return Story(found.id, title, found, (entry,))


def _title(here: PageContext, incident: Incident, lang: str) -> str:
    sentence = fault(replace(here, lang=Lang(lang)), incident)
    return capital(sentence)
