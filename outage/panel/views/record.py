"""The record and the replay as staff pages, and the record's exports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from outage.audit import archive, past_days, record_search, replay
from outage.audit.record import faults, read
from outage.audit.response_times import ResponseTime, measures
from outage.models import Event, Organisation
from outage.panel.access import page, staff
from outage.panel.forms.values import local, moment
from outage.statements import form_options, operator_text, rights
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from triage.engine.advice import Advice
from triage.engine.catalogue import Place
from triage.engine.rulebook import Rulebook
from triage.rules import finder, rulebook

PER_PAGE = 100
# Minutes from a replayed moment to those beside it.
STEPS = (-15, -1, 1, 15)


@require_safe
@staff
def record(request: HttpRequest, by: Actor) -> HttpResponse:
    """The events of what this operator may see, newest first, and whether the chain holds."""
    events = Event.objects.filter(organisation__in=_seen(by)).order_by("-number")
    problem = ""
    try:
        events = record_search.narrowed(events, record_search.asked(request.GET.dict(), by.at))
    except record_search.UnknownDayWordError as error:
        problem = str(error)
    shown = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    proved = "prove" in request.GET
    problems = list(faults(Event.objects.order_by("number").iterator())) if proved else []
    context = {
        "events": shown,
        "rows": [(event, _about(event)) for event in shown],
        "problems": problems,
        "proved": proved,
        "total": Event.objects.count(),
        "problem": problem,
        "found": shown.paginator.count,
        "asked": {name: request.GET.get(name, "") for name in record_search.FIELDS},
        "query": urlencode({n: v for n in record_search.FIELDS if (v := request.GET.get(n))}),
        "organisations": Organisation.objects.filter(slug__in=_seen(by)),
        "channels": form_options.channels(
            rulebook(), by.operator.organisation, request.GET.get("channel", "")
        ),
        "national": by.rights.national,
        "measures": list(_measures(by)),
    }
    return page(request, "staff/record.html", context)


def _about(event: Event) -> str:
    """Whom or what an event of no incident is about."""
    data = {} if event.incident else read(event)["data"]
    return str(data.get("account") or data.get("operator") or data.get("number") or "")


def _seen(by: Actor) -> list[str]:
    """An account that works for nobody (yet) is for those who may see every organisation's."""
    slugs = [*Organisation.objects.values_list("slug", flat=True), ""]
    return [slug for slug in slugs if rights.may_see(by.rights, slug)]


def _measures(by: Actor) -> Iterator[ResponseTime]:
    events = Event.objects.filter(organisation__in=_seen(by)).order_by("number")
    return measures(events.iterator(), by.at)


@require_safe
@staff
def as_csv(request: HttpRequest, by: Actor) -> HttpResponse:
    return _export(by, "csv")


@require_safe
@staff
def as_json(request: HttpRequest, by: Actor) -> HttpResponse:
    return _export(by, "json")


def _export(by: Actor, kind: str) -> HttpResponse:
    """The whole record for national operators, who see everybody's drafts; for the others, that of
    their own organisation."""
    if not by.rights.writes:
        raise RefusedError("Your role reads the record here. An editor exports it.")
    own = None if by.rights.national else by.operator.organisation.slug
    out = StringIO()
    (archive.to_csv if kind == "csv" else archive.to_json)(out, own)
    types = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    response = HttpResponse(out.getvalue(), content_type=types[kind])
    response["Content-Disposition"] = f'attachment; filename="record.{kind}"'
    return response


@require_safe
@staff
def replayed(request: HttpRequest, by: Actor) -> HttpResponse:
    """What the public was told at a time, in a place, for a need."""
    get = request.GET
    context: dict[str, Any] = {
        "areas": rulebook().catalogue.areas.values(),
        "needs": rulebook().needs.values(),
        "days": past_days.days(),
        "day": get.get("day", ""),
        "at": get.get("at", "") or local(by.at.isoformat()),
        "area": get.get("area", ""),
        "find": get.get("find", "").strip(),
        "need": get.get("need", "police-emergency"),
    }
    if "at" in get:
        context |= _replay(context)
    return page(request, "staff/replay.html", context)


def _replay(asked: dict[str, Any]) -> dict[str, Any]:
    """The advice, or a problem: whatever stands in the address is answered."""
    try:
        at = datetime.fromisoformat(moment(asked["at"], "time") or "")
        place = _place(asked["find"], asked["area"])
        if asked["need"] not in rulebook().needs:
            raise RefusedError(f'There is no need "{asked["need"]}".')
        found = _advice(asked["day"], at, place, asked["need"])
    except (RefusedError, ValueError, replay.ReplayError, past_days.UnknownDayError) as error:
        return {"problem": str(error) or "Say when."}
    moments = [(by, local((at + timedelta(minutes=by)).isoformat())) for by in STEPS]
    return {**found, "steps": moments}


def _place(find: str, area: str) -> Place | None:
    """A council or town by its name, or else an area. Raises ValueError for what is neither."""
    if find:
        return finder().only(find)
    return finder().by_services(area=area) if area else None


def _advice(day: str, at: datetime, place: Place | None, need: str) -> dict[str, Any]:
    if day:
        advice: Advice = past_days.replay(past_days.day(day), at, place, need)
        told = {"rulebook": rulebook().digest, "past": True}
        return told | _read(advice, rulebook())
    found = replay.replay(at, place, need)
    told = {"rulebook": found.rulebook, "events": found.events}
    return told | _read(found.advice, replay.rulebook_of(found.rulebook))


def _read(advice: Advice, book: Rulebook) -> dict[str, Any]:
    """The advice and its words, by the rulebook that decided it."""
    return {"advice": advice, "told": operator_text.side(advice, book)}
