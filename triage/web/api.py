"""/api/v1/: the advice and all it stands on, as JSON for anybody (embed-and-api.md).

Each answer is a function of its address and of one area's edition. Nothing typed is kept: what
people type is sent by POST. How an answer is opened, refused and tagged is api_door.py; how its
values read is api_values.py.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query

from outage import bulletin
from outage.bulletin import Reading
from triage.engine.catalogue import Lang, Nation, Place
from triage.engine.edition import edition
from triage.engine.scope import in_force
from triage.engine.situation import Visitor
from triage.places import as_json
from triage.rules import finder, rulebook
from triage.seeds.faults import did_you_mean
from triage.web import api_values as values
from triage.web import gather, stories
from triage.web import search as searching
from triage.web.api_door import Door, Problem, Wrong, give, give_once
from triage.web.api_schemas import (
    AdviceIn,
    AdviceOut,
    AdviceQuery,
    AreaOut,
    AreaQuery,
    AreasOut,
    ChannelOut,
    ChannelsOut,
    Error,
    FindIn,
    FoundOut,
    IncidentOut,
    IncidentsOut,
    NationQuery,
    QuestionsOut,
    SearchIn,
    SearchOut,
    StatusOut,
)
from triage.web.freshness import Freshness, freshness

VERSION = "1.0.0"
_ABOUT = """Which number to call, form to fill in or place to go to, right now, for a need and a
place in the UK. Open to read, without a key. Signposting only: it takes no reports.

Within v1 nothing is taken away and nothing changes its meaning; keys may be added, so ignore
those you do not know. Poll with If-None-Match, at most every ten seconds.

400: a key or a value that there is not. 409: keys that are each right, and cannot be answered
together, or name several places. Every error says what, where, and what to do."""
WRONG = frozenset({400, 404, 405, 409, 413, 429})
_WHOLE_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9OI][A-Z]{2}$")
SERVICES = ("police", "fire", "ambulance")

api = Door(
    title="Which Number",
    version=VERSION,
    description=_ABOUT,
    urls_namespace="api-v1",
    openapi_extra={"info": {"license": {"name": "MIT"}}},
)


@api.get("/advice", response={200: AdviceOut, WRONG: Error}, summary="What to do, for a need")
def advice(request: HttpRequest, query: Query[AdviceQuery]) -> HttpResponse:
    """Give a need or an outcome, and where, if it is known.

    A whole postcode tells where somebody lives: send it by POST.
    """
    if query.find and _is_postcode(query.find):
        what = "a postcode does not belong in an address, which others may read"
        raise Wrong(400, Problem(what, "query.find", "Send it by POST, as {find: ...}."))
    place = _place(query, "query")
    return give(request, _advice(query, place, "query"), place.area if place else None)


@api.post("/advice", response={200: AdviceOut, WRONG: Error}, summary="The same, kept nowhere")
def ask_advice(request: HttpRequest, body: AdviceIn) -> HttpResponse:
    """The same keys as a JSON object. `find` may be a postcode."""
    return give_once(_advice(body, _place(body, "body"), "body"))


def _advice(query: AdviceQuery, place: Place | None, where: str) -> dict[str, Any]:
    visitor = _visitor(query, where)
    need = _need(query, place, where)
    told = gather.advice(_here(place, visitor), need)
    return {**values.advice(rulebook(), told), **_fresh(bulletin.reading())}


def _here(place: Place | None, visitor: Visitor) -> gather.Here:
    reading = bulletin.reading()
    return gather.Here(
        lang=Lang.EN,
        area=rulebook().catalogue.areas[place.area] if place else None,
        place=place,
        visitor=visitor,
        path="",
        query="",
        at=reading.moment,
        bulletin=reading.bulletin,
        fresh=freshness(reading),
        checked_at=reading.checked_at,
    )


def _need(query: AdviceQuery, place: Place | None, where: str) -> str:
    """The need asked for, by its own id or as the outcome has it in that nation."""
    book = rulebook()
    _known(where, "need", query.need, book.needs)
    _known(where, "outcome", query.outcome, book.outcomes)
    if query.outcome is None:
        if query.need is None:
            raise Wrong(409, Problem("nothing is asked", where, "Give a need or an outcome."))
        return query.need
    needs = book.outcomes[query.outcome].needs
    if place is None and len(set(needs.values())) > 1:
        what = f'what outcome "{query.outcome}" needs differs by nation'
        each = ", ".join(f"{nation}: {need}" for nation, need in needs.items())
        raise Wrong(409, Problem(what, where, f"Give a place, or one of the needs ({each})."))
    need = needs[place.nation if place else Nation.ENGLAND]
    if query.need not in (None, need):
        what = f'outcome "{query.outcome}" has the need "{need}", not "{query.need}"'
        raise Wrong(409, Problem(what, f"{where}.need", "Give one of the two."))
    return need


def _known(where: str, key: str, value: str | None, known: Any) -> None:
    if value is not None and value not in known:
        hint = did_you_mean(value, known).strip() or "GET /api/v1/openapi.json lists them."
        raise Wrong(400, Problem(f'{key} "{value}" is unknown', f"{where}.{key}", hint))


def _place(query: AdviceQuery, where: str) -> Place | None:
    """The one place that is named. Raises Wrong where it is none, or may be several."""
    given = query.model_dump(include={"area", "council", *SERVICES}, exclude_none=True)
    catalogue = rulebook().catalogue
    known: dict[str, Any] = {
        "area": catalogue.areas,
        "council": catalogue.place_of_council,
        **{s: [slug for kind, slug in catalogue.bodies if kind == s] for s in SERVICES},
    }
    for key, value in given.items():
        _known(where, key, value, known[key])
    if query.find is not None:
        if given:
            what = "find stands beside another place"
            raise Wrong(409, Problem(what, f"{where}.find", f"Give find or {', '.join(given)}."))
        return _find(query.find, where)
    try:
        return finder().by_services(**given) if given else None
    except ValueError as error:
        raise Wrong(409, Problem(str(error), where, "Give one area.")) from error


def _find(words: str, where: str) -> Place:
    found = finder().find(words)
    if len(found.places) == 1:
        return found.places[0]
    try:
        return finder().only(words)
    except ValueError as error:
        status, todo = (409, "Give one of them as area.") if found.places else (404, "Try a town.")
        raise Wrong(status, Problem(str(error), f"{where}.find", todo)) from error


def _is_postcode(words: str) -> bool:
    return _WHOLE_POSTCODE.search(words.upper().replace(" ", "")) is not None


def _visitor(query: AdviceQuery, where: str) -> Visitor:
    _known(where, "network", query.network, rulebook().catalogue.brands)
    return Visitor(
        query.network,
        query.line,
        query.has_mobile,
        query.registered_for_sms,
        query.afloat,
        query.has_radio,
    )


def _fresh(reading: Reading) -> dict[str, Any]:
    late = freshness(reading) is not Freshness.FRESH
    since = reading.checked_at.isoformat() if late else None
    return {"pretend": settings.DEMO, "unchecked_since": since}


@api.get("/status", response={200: StatusOut, WRONG: Error}, summary="What is failing, where")
def status(request: HttpRequest, query: Query[AreaQuery]) -> HttpResponse:
    """Every area, or the one given: its channels that something in force speaks of."""
    _known("query", "area", query.area, rulebook().catalogue.areas)
    book, reading = rulebook(), bulletin.reading()
    at = reading.moment
    live = reading.bulletin.incidents
    listed = values.status(book, live, at, query.area)
    in_them = {i for entry in listed for i in entry["incidents"]}
    body = {
        "as_of": at.isoformat(),
        "edition": edition(book, live, at, query.area),
        "changed_at": _changed(reading),
        "in_force": [i.id for i in in_force(live, at) if i.id in in_them],
        "areas": listed,
        **_fresh(reading),
    }
    return give(request, body, query.area)


def _changed(reading: Reading) -> str | None:
    changed = reading.bulletin.changed_at
    return changed.isoformat() if changed else None


@api.get("/incidents", response={200: IncidentsOut, WRONG: Error}, summary="Live, planned, over")
def incidents(request: HttpRequest, query: Query[AreaQuery]) -> HttpResponse:
    """Newest first, with their timelines. An incident that is over stays."""
    _known("query", "area", query.area, rulebook().catalogue.areas)
    reading = bulletin.reading()
    at = reading.moment
    told = stories.published(reading.bulletin, rulebook().catalogue, at)
    only = frozenset({query.area}) if query.area else None
    listed = [_incident(request, s, at) for s in stories.of_area(rulebook(), told, only)]
    return give(request, {"incidents": listed, **_fresh(reading)}, query.area)


@api.get("/incidents/{id}", response={200: IncidentOut, WRONG: Error}, summary="One incident")
def incident(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002  (the address's word)
    reading = bulletin.reading()
    at = reading.moment
    told = stories.published(reading.bulletin, rulebook().catalogue, at)
    for story in told:
        if story.id == id:
            return give(request, _incident(request, story, at))
    hint = did_you_mean(id, [s.id for s in told]).strip() or "GET /api/v1/incidents lists them."
    raise Wrong(404, Problem(f'incident "{id}" is unknown', "path.id", hint))


def _incident(request: HttpRequest, story: bulletin.Story, at: datetime) -> dict[str, Any]:
    cap = request.build_absolute_uri(f"/feeds/cap/{quote(story.id, safe='')}.xml")
    return values.incident(rulebook(), story, at, cap)


@api.get("/areas", response={200: AreasOut, WRONG: Error}, summary="Every area")
def areas(request: HttpRequest) -> HttpResponse:
    """A place whose police, fire and ambulance services are the same throughout."""
    return give(request, _all_areas(rulebook().digest))


@lru_cache(maxsize=2)
def _all_areas(digest: str) -> dict[str, Any]:
    catalogue = rulebook().catalogue
    return {"areas": [values.area(catalogue, a) for a in catalogue.areas.values()]}


@api.get("/areas/{slug}", response={200: AreaOut, WRONG: Error}, summary="One area")
def area(request: HttpRequest, slug: str) -> HttpResponse:
    catalogue = rulebook().catalogue
    if slug not in catalogue.areas:
        hint = did_you_mean(slug, catalogue.areas).strip() or "GET /api/v1/areas lists them."
        raise Wrong(404, Problem(f'area "{slug}" is unknown', "path.slug", hint))
    return give(request, values.area(catalogue, catalogue.areas[slug]), slug)


@api.post("/find", response={200: FoundOut, WRONG: Error}, summary="Where is that?")
def find(request: HttpRequest, body: FindIn) -> HttpResponse:
    """A postcode, town, council or force: every area it may mean, likeliest first."""
    return give_once(as_json(finder().find(body.q)))


@api.post("/search", response={200: SearchOut, WRONG: Error}, summary="Where plain words lead")
def search(request: HttpRequest, body: SearchIn) -> HttpResponse:
    """Outcomes and questions, best first, each with what its advice puts first there today."""
    found = searching.search(body.q, body.nation, body.lang, bulletin.reading().moment)
    return give_once(searching.as_json(found))


@api.get("/channels", response={200: ChannelsOut, WRONG: Error}, summary="Every number and form")
def channels(request: HttpRequest, query: Query[NationQuery]) -> HttpResponse:
    """As they are in ordinary times. What to use right now is the advice's to say."""
    return give(request, _all_channels(rulebook().digest, query.nation))


@lru_cache(maxsize=8)
def _all_channels(digest: str, nation: Nation | None) -> dict[str, Any]:
    catalogue = rulebook().catalogue
    here = [c for c in catalogue.channels.values() if nation is None or nation in c.nations]
    return {"channels": [values.channel(catalogue, c, nation) for c in here]}


@api.get("/channels/{id}", response={200: ChannelOut, WRONG: Error}, summary="One channel")
def channel(request: HttpRequest, id: str, query: Query[NationQuery]) -> HttpResponse:  # noqa: A002
    catalogue = rulebook().catalogue
    if id not in catalogue.channels:
        hint = did_you_mean(id, catalogue.channels).strip() or "GET /api/v1/channels lists them."
        raise Wrong(404, Problem(f'channel "{id}" is unknown', "path.id", hint))
    return give(request, values.channel(catalogue, catalogue.channels[id], query.nation))


@api.get("/questions", response={200: QuestionsOut, WRONG: Error}, summary="The question tree")
def questions(request: HttpRequest) -> HttpResponse:
    """All questions and outcomes. An outcome's id is good for `advice`."""
    return give(request, _tree(rulebook().digest))


@lru_cache(maxsize=2)
def _tree(digest: str) -> dict[str, Any]:
    book = rulebook()
    return {
        "start": book.start,
        "questions": [values.question(q) for q in book.questions.values()],
        "outcomes": [values.outcome(book, o) for o in book.outcomes.values()],
    }
