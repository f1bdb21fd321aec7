"""The area finder: a postcode, town, council or force -> the pages of an area.

What people type is sent by POST, kept nowhere and put into no address.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve

from triage.engine.catalogue import Area, FootprintKind, Nation, Place
from triage.places.finder import MAX_LENGTH, FoundPlaces
from triage.rules import finder, rulebook
from triage.web.context.page_context import AddressMovedError, PageContext, prefix
from triage.web.http.cache_headers import private
from triage.web.pages.decorators import page
from triage.web.pages.response import show


@page("GET", "HEAD", "POST")
def area(here: PageContext, request: HttpRequest, then: str = "") -> HttpResponse:
    """The finder. A certain answer leads straight on; several are offered; none is said."""
    if then and not is_page(then):
        raise AddressMovedError(here.to("area/"))
    if request.method != "POST":
        return show(here, "public/area.html", _context(here, then))
    return _found(here, request.POST.get("place", "")[:MAX_LENGTH], then)


def is_page(path: str) -> bool:
    """Whether a path to come back to is one of our own pages."""
    try:
        return resolve(f"/{path}").kwargs.get("lang") is not None
    except Resolver404:
        return False


def _found(here: PageContext, words: str, then: str) -> HttpResponse:
    found = finder().find(words)
    if found.certain:
        response: HttpResponse = HttpResponseRedirect(_address(here, found.places[0], then))
        response.status_code = 303
    else:
        context = {
            **_context(here, then),
            "asked": words.strip(),
            "outside": found.outside,
            "candidates": _candidates(here, found, then),
        }
        response = show(here, "public/area.html", context)
    return private(response)


def _candidates(here: PageContext, found: FoundPlaces, then: str) -> list[tuple[str, Area, str]]:
    """What each candidate is called, its area and its page: Newport is in four areas."""
    areas = rulebook().catalogue.areas
    return [
        (called, areas[place.area], _address(here, place, then))
        for called, place in zip(found.called, found.places, strict=True)
    ]


def _address(here: PageContext, place: Place, then: str) -> str:
    """A page of an area; the council only while a fault touches some councils there."""
    base = f"{prefix(here.lang, place.area)}{then}"
    there = here.elsewhere(place.area)
    kinds = {f.kind for i in there.touching for f in i.scope.footprints}
    if place.council and FootprintKind.COUNCIL in kinds:
        return f"{base}?council={place.council}"
    return base


def _context(here: PageContext, then: str) -> dict[str, Any]:
    """Every area by nation, for those who would rather choose from a list."""
    areas = sorted(rulebook().catalogue.areas.values(), key=lambda a: a.name.lang(here.lang))
    nations = [
        (f"nation-{n}", [(a, f"{prefix(here.lang, a.slug)}{then}") for a in areas if a.nation is n])
        for n in Nation
    ]
    return {"nations": nations, "then": then, "anywhere": f"{prefix(here.lang, None)}{then}"}
