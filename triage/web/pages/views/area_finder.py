"""The area finder: a postcode, town, council or force, or where a phone is -> the pages of an area.

What people type and where they are is sent by POST, kept nowhere and put into no address.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, resolve

from triage.engine.catalogue import Nation, Place
from triage.places.boundaries import WORST, Fix, FixPlace
from triage.places.finder import MAX_LENGTH, FoundPlaces
from triage.rules import boundaries, finder, rulebook
from triage.seeds.word_keys import WordKey
from triage.web.context.page_context import (
    AddressMovedError,
    PageContext,
    place_address,
    prefix,
)
from triage.web.http.cache_headers import private
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.presenters.sentences import word

MOST_SUGGESTIONS = 7
SHORTEST = 2
# A fix that is right to this many metres is spoken of as it is.
COARSE = 1_000.0


@dataclass(frozen=True)
class Candidate:
    """A place to choose: what it is called, its area's name, and its page."""

    called: str
    area: str
    address: str


@page("GET", "HEAD", "POST")
def area(here: PageContext, request: HttpRequest, then: str = "") -> HttpResponse:
    """The finder. A certain answer leads straight on; several are offered; none is said."""
    if then and not is_page(then):
        raise AddressMovedError(here.to("area/"))
    if request.method != "POST":
        return show(here, "public/area.html", _context(here, then))
    if "lat" in request.POST:
        return private(_located(here, request, then))
    return private(_found(here, request.POST.get("place", "")[:MAX_LENGTH], then))


@page("POST")
def suggest(here: PageContext, request: HttpRequest) -> HttpResponse:
    """Names that begin with what is being typed, as JSON: a list of strings, likeliest first."""
    typed = request.POST.get("place", "")[:MAX_LENGTH]
    names = finder().names.begun(typed, MOST_SUGGESTIONS) if len(typed) >= SHORTEST else []
    return private(JsonResponse({"places": [n.called for n in names]}))


def is_page(path: str) -> bool:
    """Whether a path to come back to is one of our own pages."""
    try:
        return resolve(f"/{path}").kwargs.get("lang") is not None
    except Resolver404:
        return False


def _found(here: PageContext, words: str, then: str) -> HttpResponse:
    found = finder().find(words)
    if found.certain:
        return _see(place_address(here.lang, found.places[0], then))
    context = {
        **_context(here, then),
        "asked": words.strip(),
        "outside": found.outside,
        "found": found,
        "candidates": _candidates(here, found, then),
        "heading": word(here, "area-guess" if found.guess else "area-several"),
    }
    return show(here, "public/area.html", context)


def _candidates(here: PageContext, found: FoundPlaces, then: str) -> list[Candidate]:
    """What each candidate is called, its area and its page: Newport is in many areas."""
    return [
        _candidate(here, place, called, then)
        for called, place in zip(found.called, found.places, strict=True)
    ]


def _candidate(here: PageContext, place: Place, called: str, then: str) -> Candidate:
    name = rulebook().catalogue.areas[place.area].name.lang(here.lang)
    return Candidate(called or name, name if called else "", place_address(here.lang, place, then))


def _located(here: PageContext, request: HttpRequest, then: str) -> HttpResponse:
    """Where a phone says it is. One area leads on; near a border all are offered."""
    fix, accuracy = _fix(request)
    places = [rulebook().catalogue.place(slug) for slug in fix.areas]
    if fix.where is FixPlace.INSIDE and len(places) == 1:
        return _see(place_address(here.lang, places[0], then))
    context = {
        **_context(here, then),
        "candidates": [_candidate(here, place, "", then) for place in places],
        "heading": word(here, _fix_words(fix, accuracy), km=ceil(accuracy / 1000)),
        "fix": fix,
    }
    return show(here, "public/area.html", context)


def _fix(request: HttpRequest) -> tuple[Fix, float]:
    """The fix that was sent and how exact it is (metres); no place at all where it is none."""
    try:
        lat, lon, accuracy = (float(request.POST.get(k, "")) for k in ("lat", "lon", "accuracy"))
    except ValueError:
        return Fix(FixPlace.OUTSIDE), -1.0
    if not (isfinite(accuracy) and abs(lat) <= 90 and abs(lon) <= 180 and accuracy >= 0):
        return Fix(FixPlace.OUTSIDE), -1.0
    return boundaries().find(lat, lon, accuracy), min(accuracy, WORST)


def _fix_words(fix: Fix, accuracy: float) -> WordKey:
    if accuracy < 0:
        return "area-fix-wrong"
    match fix.where:
        case FixPlace.OUTSIDE:
            return "area-fix-outside"
        case FixPlace.SEA:
            return "area-fix-sea"
        case FixPlace.INSIDE:
            return "area-fix-coarse" if accuracy > COARSE else "area-fix-several"


def _see(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def _context(here: PageContext, then: str) -> dict[str, Any]:
    """Every area by nation, for those who would rather choose from a list."""
    areas = sorted(rulebook().catalogue.areas.values(), key=lambda a: a.name.lang(here.lang))
    nations = [
        (f"nation-{n}", [(a, f"{prefix(here.lang, a.slug)}{then}") for a in areas if a.nation is n])
        for n in Nation
    ]
    return {"nations": nations, "then": then, "anywhere": f"{prefix(here.lang, None)}{then}"}
