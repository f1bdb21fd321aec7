"""/api/v1/: the advice and all it stands on, as JSON for anybody (embed-and-api.md).

Each answer is a function of its address and of one area's edition. Nothing typed is kept: what
people type is sent by POST. What a request means is request_values.py; how an answer is opened,
refused and tagged is framework.py; what it is made of is schemas/. What each address gives is said
in seeds/words/api.toml, once for the OpenAPI and for the page for programmers.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from ninja import Query

from outage import bulletin
from triage.engine.catalogue import Lang, Nation, Place
from triage.engine.edition import edition
from triage.engine.scope import in_force, is_overdue
from triage.engine.situation import Visitor
from triage.places.finder import as_json
from triage.rules import finder, rulebook
from triage.seeds.problems import did_you_mean
from triage.web.api import request_values as asked
from triage.web.api.editions import CHANGES
from triage.web.api.framework import ApiError, ApiProblem, Door, give, give_once
from triage.web.api.schemas.advice import AdviceOut
from triage.web.api.schemas.catalogue import (
    AreaOut,
    AreasOut,
    ChannelOut,
    ChannelsOut,
    FoundOut,
)
from triage.web.api.schemas.incidents import (
    AreaChange,
    AreaStatus,
    ChangesOut,
    IncidentOut,
    IncidentsOut,
    StatusOut,
)
from triage.web.api.schemas.requests import (
    AdviceIn,
    AdviceQuery,
    AreaQuery,
    ChangesQuery,
    FindIn,
    NationQuery,
    SearchIn,
)
from triage.web.api.schemas.shared import Error, fresh
from triage.web.api.schemas.tree import OutcomeOut, QuestionOut, QuestionsOut, SearchOut
from triage.web.context import page_context
from triage.web.context import search_query as searching
from triage.web.context.staleness import staleness
from triage.web.presenters import incident_phase
from triage.web.presenters.incident_life import LifeStage, life

VERSION = "1.0.0"
WRONG = frozenset({400, 404, 405, 409, 413, 429})

api = Door(
    title="Which Number",
    version=VERSION,
    urls_namespace="api-v1",
    openapi_extra={"info": {"license": {"name": "MIT"}}},
)


@api.get("/advice", response={200: AdviceOut, WRONG: Error})
def advice(request: HttpRequest, query: Query[AdviceQuery]) -> HttpResponse:
    if query.find and asked.is_postcode(query.find):
        what = "a postcode does not belong in an address, which others may read"
        raise ApiError(400, ApiProblem(what, "query.find", "Send it by POST, as {find: ...}."))
    place = asked.place(query, "query")
    return give(request, _advice(query, place, "query"), place.area if place else None)


@api.post("/advice", response={200: AdviceOut, WRONG: Error})
def ask_advice(request: HttpRequest, body: AdviceIn) -> HttpResponse:
    return give_once(_advice(body, asked.place(body, "body"), "body"))


def _advice(query: AdviceQuery, place: Place | None, where: str) -> AdviceOut:
    visitor = asked.visitor(query, where)
    need = asked.need(query, place, where)
    told = page_context.advice(_here(place, visitor), need)
    return AdviceOut.of(rulebook(), told, fresh(bulletin.reading()))


def _here(place: Place | None, visitor: Visitor) -> page_context.PageContext:
    reading = bulletin.reading()
    return page_context.PageContext(
        lang=Lang.EN,
        area=rulebook().catalogue.areas[place.area] if place else None,
        place=place,
        visitor=visitor,
        path="",
        query="",
        at=reading.moment,
        bulletin=reading.bulletin,
        fresh=staleness(reading),
        checked_at=reading.checked_at,
    )


@api.get("/status", response={200: StatusOut, WRONG: Error})
def status(request: HttpRequest, query: Query[AreaQuery]) -> HttpResponse:
    slug = asked.area(query.area)
    book, reading = rulebook(), bulletin.reading()
    at = reading.moment
    live = reading.bulletin.incidents
    areas = [slug] if slug else list(book.catalogue.areas)
    listed = [AreaStatus.of(book, live, at, area) for area in areas]
    in_them = {i for entry in listed for i in entry.incidents}
    told = [i for i in in_force(live, at) if i.id in in_them]
    body = StatusOut(
        as_of=at,
        edition=edition(book, live, at, slug),
        changed_at=reading.bulletin.changed_at,
        in_force=[i.id for i in told],
        overdue=[i.id for i in told if is_overdue(i, at)],
        areas=listed,
        **fresh(reading),
    )
    return give(request, body, slug)


@api.get("/changes", response={200: ChangesOut, WRONG: Error})
def changes(request: HttpRequest, query: Query[ChangesQuery]) -> HttpResponse:
    reading, book = bulletin.reading(), rulebook()
    at, live = reading.moment, reading.bulletin.incidents
    now = {slug: edition(book, live, at, slug) for slug in book.catalogue.areas}
    whole = edition(book, live, at, None)
    before = CHANGES.before(query.since, whole, now)
    body = ChangesOut(
        since=query.since,
        known=before is not None,
        edition=whole,
        changed_at=reading.bulletin.changed_at,
        areas=[
            AreaChange(area=slug, edition=own)
            for slug, own in now.items()
            if before is None or before.get(slug) != own
        ],
        **fresh(reading),
    )
    return give(request, body)


@api.get("/incidents", response={200: IncidentsOut, WRONG: Error})
def incidents(request: HttpRequest, query: Query[AreaQuery]) -> HttpResponse:
    slug = asked.area(query.area)
    reading = bulletin.reading()
    at = reading.moment
    told = incident_phase.published(reading.bulletin, rulebook().catalogue, at)
    only = frozenset({slug}) if slug else None
    stages = {s.id: steps[-1].stage for s in told if (steps := life(s, at, only))}
    seen = [(s, only and incident_phase.seen_from(rulebook(), s, only)) for s in told]
    listed = [_incident(request, own or s, stages[s.id], at) for s, own in seen if s.id in stages]
    return give(request, IncidentsOut(incidents=listed, **fresh(reading)), slug)


@api.get("/incidents/{id}", response={200: IncidentOut, WRONG: Error})
def incident(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002  (the address's word)
    reading = bulletin.reading()
    at = reading.moment
    told = incident_phase.published(reading.bulletin, rulebook().catalogue, at)
    for story in told:
        if story.id == id:
            return give(request, _incident(request, story, life(story, at)[-1].stage, at))
    hint = did_you_mean(id, [s.id for s in told]).strip() or "GET /api/v1/incidents lists them."
    raise ApiError(404, ApiProblem(f'incident "{id}" is unknown', "path.id", hint))


def _incident(
    request: HttpRequest, story: bulletin.Story, stage: LifeStage, at: datetime
) -> IncidentOut:
    cap = request.build_absolute_uri(f"/feeds/cap/{quote(story.id, safe='')}.xml")
    return IncidentOut.of(rulebook(), story, stage, at, cap)


@api.get("/areas", response={200: AreasOut, WRONG: Error})
def areas(request: HttpRequest) -> HttpResponse:
    return give(request, _all_areas(rulebook().digest))


@lru_cache(maxsize=2)
def _all_areas(digest: str) -> AreasOut:
    catalogue = rulebook().catalogue
    return AreasOut(areas=[AreaOut.of(catalogue, a) for a in catalogue.areas.values()])


@api.get("/areas/{slug}", response={200: AreaOut, WRONG: Error})
def area(request: HttpRequest, slug: str) -> HttpResponse:
    catalogue = rulebook().catalogue
    today = catalogue.area_now(slug)
    if today is None:
        hint = did_you_mean(slug, catalogue.areas).strip() or "GET /api/v1/areas lists them."
        raise ApiError(404, ApiProblem(f'area "{slug}" is unknown', "path.slug", hint))
    return give(request, AreaOut.of(catalogue, catalogue.areas[today]), today)


@api.post("/find", response={200: FoundOut, WRONG: Error})
def find(request: HttpRequest, body: FindIn) -> HttpResponse:
    return give_once(FoundOut.model_validate(as_json(finder().find(body.q))))


@api.post("/search", response={200: SearchOut, WRONG: Error})
def search(request: HttpRequest, body: SearchIn) -> HttpResponse:
    found = searching.search(body.q, body.nation, body.lang, bulletin.reading().moment)
    return give_once(SearchOut.model_validate(searching.as_json(found)))


@api.get("/channels", response={200: ChannelsOut, WRONG: Error})
def channels(request: HttpRequest, query: Query[NationQuery]) -> HttpResponse:
    at = bulletin.reading().moment.replace(second=0, microsecond=0)
    return give(request, _all_channels(rulebook().digest, query.nation, at))


@lru_cache(maxsize=8)
def _all_channels(digest: str, nation: Nation | None, at: datetime) -> ChannelsOut:
    """Who answers does not change within a minute."""
    catalogue = rulebook().catalogue
    here = [c for c in catalogue.channels.values() if nation is None or nation in c.nations]
    return ChannelsOut(channels=[ChannelOut.of(catalogue, c, nation, at) for c in here])


@api.get("/channels/{id}", response={200: ChannelOut, WRONG: Error})
def channel(request: HttpRequest, id: str, query: Query[NationQuery]) -> HttpResponse:  # noqa: A002
    catalogue = rulebook().catalogue
    if id not in catalogue.channels:
        hint = did_you_mean(id, catalogue.channels).strip() or "GET /api/v1/channels lists them."
        raise ApiError(404, ApiProblem(f'channel "{id}" is unknown', "path.id", hint))
    at = bulletin.reading().moment
    return give(request, ChannelOut.of(catalogue, catalogue.channels[id], query.nation, at))


@api.get("/questions", response={200: QuestionsOut, WRONG: Error})
def questions(request: HttpRequest) -> HttpResponse:
    return give(request, _tree(rulebook().digest))


@lru_cache(maxsize=2)
def _tree(digest: str) -> QuestionsOut:
    book = rulebook()
    return QuestionsOut(
        start=book.start,
        questions=[QuestionOut.of(q) for q in book.questions.values()],
        outcomes=[OutcomeOut.of(book, o) for o in book.outcomes.values()],
    )
