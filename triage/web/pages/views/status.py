"""Service status: the tiles, the list and the map of the UK, and one page an area.

What cannot be checked is never shown as "all clear": the templates say since when.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse

from outage.bulletin import Story
from triage.engine.catalogue import Area
from triage.engine.edition import touching
from triage.engine.situation import State
from triage.rules import rulebook
from triage.seeds.enum_words import of_state
from triage.web.context.page_context import PageContext, WrongAddressError
from triage.web.pages.decorators import page
from triage.web.pages.response import fragment, image, show
from triage.web.presenters import incident_phase
from triage.web.presenters.channel_state import state
from triage.web.presenters.emergency_block import emergency_block
from triage.web.presenters.fault_rows import KIND_WORDS, faults_of, row
from triage.web.presenters.faults import FaultKind, kind
from triage.web.presenters.planned_work import planned_work
from triage.web.presenters.sentences import plain
from triage.web.presenters.tile_map import Tile, tiles
from triage.web.presenters.uk_map import CLEAR, AreaKinds, uk_map
from triage.web.wording import dates
from triage.web.wording.catalogue import fill

# The channels whose ordinary state is worth a line of its own on an area's page.
WATCHED = ("999", "101", "111", "999-bsl", "text-relay-999", "police-online")
# So many faults stand in one list, and so many areas of one kind.
FEW, MANY = 6, 12


@dataclass(frozen=True)
class Placed:
    """A tile with what stands on it."""

    tile: Tile
    area: Area
    kind: str
    words: str
    link: str


@page()
def status(here: PageContext, request: HttpRequest) -> HttpResponse:
    """The whole UK on a map and in a list, or one area."""
    rows = [row(here, i) for i in faults_of(here, here.touching)]
    work = sum(found.kind == FaultKind.PLANNED for found in rows)
    context: dict[str, Any] = {
        "rows": rows[:FEW],
        "more": rows[FEW:],
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
    context |= {
        "tiles": drawn,
        "kinds": _kinds(here, drawn),
        "listed": _listed(here, drawn),
        "map": uk_map(_worn(drawn)),
    }
    return show(here, "public/status.html", context)


@page()
def map_of_uk(here: PageContext, request: HttpRequest, mark: str) -> HttpResponse:
    """The picture of what the tiles say."""
    return image(here, uk_map(_worn([_placed(here, tile) for tile in tiles()])), mark)


def _worn(tiles: list[Placed]) -> AreaKinds:
    return tuple((placed.area.slug, placed.kind) for placed in tiles)


def _kinds(here: PageContext, tiles: list[Placed]) -> list[dict[str, object]]:
    """The key of the map: each kind in words, with how many tiles wear it."""
    counts = Counter(placed.kind for placed in tiles)
    names = [*map(str, FaultKind), CLEAR]
    return [{"name": n, "words": plain(here, KIND_WORDS[n]), "count": counts[n]} for n in names]


def _listed(here: PageContext, tiles: list[Placed]) -> list[dict[str, object]]:
    """The same as a list, those with something to say first. Many of one kind are a closed group,
    and so are those without a fault."""
    found = []
    for kind_of in (*map(str, FaultKind), CLEAR):
        own = [placed for placed in tiles if placed.kind == kind_of]
        own.sort(key=lambda placed: placed.area.name.lang(here.lang))
        if own:
            folds = kind_of == CLEAR or len(own) > MANY
            words = plain(here, KIND_WORDS[kind_of])
            found.append({"kind": kind_of, "words": words, "areas": own, "folds": folds})
    return found


def _placed(here: PageContext, tile: Tile) -> Placed:
    area = rulebook().catalogue.areas[tile.area]
    own = faults_of(here, touching(rulebook(), here.in_force, tile.area))
    found = str(kind(own[0])) if own else CLEAR
    link = here.beyond(tile.area, "status/")
    return Placed(tile, area, found, plain(here, KIND_WORDS[found]), link)


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
    """What is over and touched this page's area, newest first: the archive, by the month where it
    is long."""
    told = list(here.bulletin.stories.values())
    if here.slug is not None:
        seen = (incident_phase.seen_from(rulebook(), s, frozenset({here.slug})) for s in told)
        told = [s for s in seen if s is not None]
    own = [(s.ended_at, s) for s in told if s.ended_at and s.ended_at <= here.at]
    own.sort(key=lambda pair: pair[0], reverse=True)
    if len(own) <= FEW:
        return [{"title": "", "stories": [_ended(here, *pair) for pair in own]}] if own else []
    months = groupby(own, lambda pair: dates.month(pair[0], here.lang))
    return [
        {"title": title, "stories": [_ended(here, *pair) for pair in pairs]}
        for title, pairs in months
    ]


def _ended(here: PageContext, at: datetime, story: Story) -> dict[str, object]:
    return {"id": story.id, "title": story.title, "ended_words": dates.full(at, here.lang)}


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
    rows = [row(here, i) for i in faults_of(here, here.in_force) if i not in own]
    return fragment(here, "public/elsewhere.html", {"rows": rows})
