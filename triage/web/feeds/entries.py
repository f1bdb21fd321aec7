"""What a feed of the UK, a nation or an area holds, written as Atom, as JSON or as a calendar.

An entry is one incident for life: its id stays, `updated` moves when and only when what it says
does, and one that is over stays in the feed and says so. CAP messages are cap.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.cache import get_conditional_response

from outage import bulletin
from outage.bulletin import Story
from triage.engine.catalogue import Lang, Nation
from triage.engine.situation import Incident
from triage.rules import rulebook
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.http import cache_headers
from triage.web.pages.decorators import read_only
from triage.web.presenters import incident_phase
from triage.web.presenters.faults import issuer
from triage.web.presenters.incident_life import LifeStage, LifeStep, life, parts_over
from triage.web.presenters.incident_text import IncidentText, told
from triage.web.presenters.place_names import UK, place_name
from triage.web.presenters.sentences import plain

MOST = 100
# The year in which these ids were first given out (RFC 4151): it never changes.
YEAR = 2026
# A feed that has told nothing yet has not changed since the feeds began.
BEGAN = datetime(2026, 11, 24, tzinfo=UTC)
# What XML 1.0 cannot carry, even escaped.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class FeedEntry:
    """One incident, as it stands for the readers of a feed. Addresses are whole."""

    id: str
    step: LifeStep
    text: IncidentText
    published: datetime
    updated: datetime
    changes: int
    author: str
    page: str
    caps: tuple[str, ...]

    @property
    def stage(self) -> LifeStage:
        return self.step.stage

    @property
    def incident(self) -> Incident:
        return self.step.incident

    @property
    def categories(self) -> tuple[str, ...]:
        """What it is, the channel it is about, and while it lasts the state of that."""
        state = () if self.stage.is_end else (str(self.incident.state),)
        return (str(self.stage), self.incident.channel, *state)


@dataclass(frozen=True)
class Feed:
    """A feed with its entries, the newest publication first. Addresses are whole."""

    id: str
    lang: Lang
    title: str
    subtitle: str
    author: str
    page: str
    here: str
    updated: datetime
    entries: tuple[FeedEntry, ...]


Writer = Callable[[Feed], bytes]


def feed_view(kind: str) -> Callable[[Writer], Callable[..., HttpResponse]]:
    """A view of what a writer makes of the feed at an address, as this kind of document.

    Raises Http404 for a word that is neither the UK, a nation nor an area. A slug from before a
    merger leads to the feed of the area of today.
    """

    def viewed(writer: Writer) -> Callable[..., HttpResponse]:
        @read_only
        @wraps(writer)
        def view(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
            if today := rulebook().catalogue.moved.get(slug):
                ending = request.path.rpartition(".")[2]
                to = f"{page_context.prefix(Lang(lang), None)}feeds/{today}.{ending}"
                return HttpResponsePermanentRedirect(to)
            area = slug if slug in rulebook().catalogue.areas else None
            return give(request, writer(feed(request, Lang(lang), slug)), kind, area)

        return view

    return viewed


def feed(request: HttpRequest, lang: Lang, slug: str) -> Feed:
    """The feed of the UK, a nation or an area. Raises Http404 for any other word."""
    reading, areas = bulletin.reading(), areas_of(slug)
    published = incident_phase.published(reading.bulletin, rulebook().catalogue, reading.moment)
    lives = ((story, life(story, reading.moment, areas)) for story in published)
    mine = [(story, steps) for story, steps in lives if steps][:MOST]
    entries = tuple(_entry(request, lang, story, steps, reading.moment) for story, steps in mine)
    here = page_context.bare(lang, "")
    key: WordKey = "feed-title-uk" if slug == UK else "feed-title"
    mark = plain(here, "embed-pretend-title") + " " if settings.DEMO else ""
    area = slug if slug in rulebook().catalogue.areas else None
    return Feed(
        id=tag("feed", slug, str(lang)),
        lang=lang,
        title=mark + plain(here, key, where=place_name(slug).lang(lang)),
        subtitle=plain(here, "feed-subtitle"),
        author=plain(here, "site"),
        page=request.build_absolute_uri(f"{page_context.prefix(lang, area)}status/"),
        here=request.build_absolute_uri(request.path),
        updated=_latest(entries),
        entries=entries,
    )


def _latest(entries: Iterable[FeedEntry]) -> datetime:
    return max((entry.updated for entry in entries), default=BEGAN)


def areas_of(slug: str) -> frozenset[str] | None:
    """The areas a feed is about; None for all of them. Raises Http404 for any other word."""
    catalogue = rulebook().catalogue
    if slug == UK:
        return None
    if slug in catalogue.areas:
        return frozenset({slug})
    if slug in set(Nation):
        return frozenset(a.slug for a in catalogue.areas.values() if a.nation == slug)
    raise Http404(slug)


def _entry(
    request: HttpRequest, lang: Lang, story: Story, steps: tuple[LifeStep, ...], at: datetime
) -> FeedEntry:
    now, here = steps[-1], page_context.bare(lang, "")
    page = f"{page_context.prefix(lang, None)}incident/{quote(story.id, safe='')}/"
    return FeedEntry(
        id=tag("incident", story.id, str(lang)),
        step=now,
        text=told(now, lang, pretend=story.pretend),
        published=steps[0].at,
        updated=now.at,
        changes=len(steps) - 1,
        author=issuer(here, now.incident) or plain(here, "site"),
        page=request.build_absolute_uri(page),
        caps=tuple(request.build_absolute_uri(path) for path in _caps(story, now, at)),
    )


def _caps(story: Story, now: LifeStep, at: datetime) -> Iterable[str]:
    """The CAP message for these readers; beside a live one, those of the parts that are over."""
    parts = [number for number, _ in parts_over(story, at)]
    if now.gone:
        own = [n for n, over in parts_over(story, at) if over.at == now.at]
        return [cap_path(story.id, number, part=True) for number in own]
    return [cap_path(story.id), *(cap_path(story.id, number, part=True) for number in parts)]


def cap_path(ident: str, number: int | None = None, *, part: bool = False) -> str:
    """The address of an incident's newest CAP message, or of one of its messages by number."""
    if number is None:
        return f"/feeds/cap/{quote(ident, safe='')}.xml"
    return f"/feeds/cap/{number}/{'part/' if part else ''}{quote(ident, safe='')}.xml"


def authority() -> str:
    """The name that ids are minted under: this site's, whatever name it is asked by."""
    return urlsplit(settings.ORIGIN).hostname or "localhost"


def tag(*parts: str) -> str:
    """An id for life (RFC 4151)."""
    return f"tag:{authority()},{YEAR}:" + "/".join(quote(part, safe="") for part in parts)


def fit(said: str) -> str:
    """Words without what XML cannot carry."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", said)


def give(request: HttpRequest, body: bytes, kind: str, area: str | None) -> HttpResponse:
    """A document of an area's edition, open to every origin; 304 where the reader has it."""
    response = cache_headers.mark(HttpResponse(body, content_type=kind), area)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["ETag"] = tagged = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return get_conditional_response(request, etag=tagged, response=response) or response
