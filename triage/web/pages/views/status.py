"""Service status: the tile map, one page an area, one page an incident with its timeline.

What cannot be checked is never shown as "all clear": the templates say since when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from outage.bulletin import Story, StoryEntry
from triage.engine.catalogue import Area, Lang, Text
from triage.engine.edition import touching
from triage.engine.situation import Incident, State
from triage.rules import rulebook
from triage.seeds.enum_words import of_state
from triage.seeds.word_keys import WordKey
from triage.web.context.page_context import (
    AddressMovedError,
    PageContext,
    WrongAddressError,
    prefix,
)
from triage.web.pages.decorators import page
from triage.web.pages.response import fragment, show
from triage.web.presenters import incident_life, incident_phase, incident_text, timeline_hours
from triage.web.presenters.channel_state import state
from triage.web.presenters.contact import channel_contact
from triage.web.presenters.emergency_block import emergency_block
from triage.web.presenters.faults import (
    FaultKind,
    fault,
    gravity,
    issuer,
    kind,
    review,
    speaks,
)
from triage.web.presenters.planned_work import is_to_come, planned_work, work_title
from triage.web.presenters.scope_text import where
from triage.web.presenters.sentences import name, plain
from triage.web.presenters.taps import tap_buttons
from triage.web.presenters.tile_map import Tile, tiles
from triage.web.presenters.timeline_chart import entries, picture
from triage.web.wording import dates
from triage.web.wording.catalogue import fill

# The channels whose ordinary state is worth a line of its own on an area's page.
WATCHED = ("999", "101", "111", "999-bsl", "text-relay-999", "police-online")


@dataclass(frozen=True)
class Placed:
    """A tile with what stands on it."""

    tile: Tile
    area: Area
    kind: str
    words: str
    link: str


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


@page()
def status(here: PageContext, request: HttpRequest) -> HttpResponse:
    """The whole UK on a map and in a list, or one area."""
    rows = [row(here, i) for i in _told(here, here.touching)]
    work = sum(found.kind == FaultKind.PLANNED for found in rows)
    context: dict[str, Any] = {
        "rows": rows,
        "faulty": len(rows) - work,
        "work_now": work,
        "work": planned_work(here),
        "over": _over(here),
        "edits": _edits(here),
    }
    if here.area is not None:
        context |= {"calls": emergency_block(here), "channels": _channels(here)}
        return show(here, "public/status_area.html", context)
    drawn = [_placed(here, tile) for tile in tiles()]
    context |= {"tiles": drawn, "kinds": _kinds(here, drawn), "listed": _listed(here, drawn)}
    return show(here, "public/status.html", context)


# What a tile wears: the kind of its gravest fault, or nothing at all.
_KINDS: Mapping[str, WordKey] = {**{k: k.words for k in FaultKind}, "clear": "kind-clear"}


def _kinds(here: PageContext, tiles: list[Placed]) -> list[dict[str, object]]:
    """The key of the map: each kind in words, with how many tiles wear it."""
    counts = Counter(placed.kind for placed in tiles)
    names = [*map(str, FaultKind), "clear"]
    return [{"name": n, "words": plain(here, _KINDS[n]), "count": counts[n]} for n in names]


def _listed(here: PageContext, tiles: list[Placed]) -> list[Placed]:
    """The same as a list, those with something to say first."""
    order = [*map(str, FaultKind), "clear"]
    return sorted(tiles, key=lambda p: (order.index(p.kind), p.area.name.lang(here.lang)))


def _told(here: PageContext, incidents: Iterable[Incident]) -> list[Incident]:
    found = [i for i in incidents if i.state is not State.RESOLVED or speaks(here, i)]
    return sorted(found, key=lambda i: gravity(here, i))


def row(here: PageContext, incident: Incident) -> ChannelRow:
    sentence = fault(here, incident)
    story = here.bulletin.stories.get(incident.id)
    return ChannelRow(
        id=incident.id,
        kind=str(kind(incident)),
        fault=sentence[:1].upper() + sentence[1:],
        where=where(here, incident),
        who=issuer(here, incident),
        since=incident.since,
        since_words=dates.short(incident.since, here.lang),
        review=review(here, incident),
        pretend=story.pretend if story else False,
    )


def _placed(here: PageContext, tile: Tile) -> Placed:
    area = rulebook().catalogue.areas[tile.area]
    own = _told(here, touching(rulebook(), here.in_force, tile.area))
    found = str(kind(own[0])) if own else "clear"
    link = here.beyond(tile.area, "status/")
    return Placed(tile, area, found, plain(here, _KINDS[found]), link)


def _channels(here: PageContext) -> list[tuple[str, str, str]]:
    """The main channels of an area: name, state as a word for the style, and in words."""
    catalogue = rulebook().catalogue
    found = []
    for channel in WATCHED:
        known = catalogue.channels[channel]
        if here.place and here.place.nation in known.nations:
            now = state(here, known)
            key, words = "ordinary", plain(here, "state-ordinary")
            if now is not None and now is not State.RESOLVED:
                key, words = str(now), plain(here, of_state(now).listed)
            found.append(
                (
                    fill(known.label, here.lang),
                    key,
                    words,
                )
            )
    return found


def _over(here: PageContext) -> list[dict[str, object]]:
    """What is over and touched this page's area, newest first: the archive."""
    told = list(here.bulletin.stories.values())
    if here.slug is not None:
        seen = (incident_phase.seen_from(rulebook(), s, frozenset({here.slug})) for s in told)
        told = [s for s in seen if s is not None]
    own = [(s.ended_at, s) for s in told if s.ended_at and s.ended_at <= here.at]
    return [
        {"id": s.id, "title": s.title, "ended_words": dates.full(at, here.lang)}
        for at, s in sorted(own, key=lambda pair: pair[0], reverse=True)
    ]


def _edits(here: PageContext) -> list[dict[str, object]]:
    """What the organisations of this page's area changed of their own details, newest first."""
    told = here.bulletin.edits.get(here.slug or "", ())
    return [
        {
            "at": dates.full(edit.at, here.lang),
            "issuer": edit.issuer.lang(here.lang),
            "words": edit.words.lang(here.lang),
        }
        for edit in told
    ]


@page()
def elsewhere(here: PageContext, request: HttpRequest, of: str) -> HttpResponse:
    """One line: what is wrong in other areas than this one. A fragment of its own address.

    It is not part of an area's pages, so that what happens elsewhere leaves their bytes alone.
    """
    if of not in rulebook().catalogue.areas or here.area is not None:
        raise WrongAddressError(404, "error-no-area")
    own = touching(rulebook(), here.in_force, of)
    rows = [row(here, i) for i in _told(here, here.in_force) if i not in own]
    return fragment(here, "public/elsewhere.html", {"rows": rows})


@page()
def incident(
    here: PageContext, request: HttpRequest, ident: str, channel: str | None = None
) -> HttpResponse:
    """One incident: what it is, and what was said of it, newest first; of one channel alone where
    the address names it, and of the page's area."""
    story = here.bulletin.stories.get(ident) or _untold(here, ident)
    if story is None:
        raise WrongAddressError(404, "error-no-incident")
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
        "kind": plain(here, _KINDS[kind(story.incident)]),
        "live": live,
        "taps": tap_buttons([channel_contact(here, story.incident.channel)]) if live else (),
        **_timeline(here, story, channel, live),
    }
    return show(here, "public/incident.html", context)


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
    return sentence[:1].upper() + sentence[1:]
