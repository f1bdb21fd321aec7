"""The services of a place by name, and the places that have no UK police force."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from triage.rules import rulebook
from triage.web.context.page_context import AddressMovedError, PageContext, WrongAddressError
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.presenters.local_services import groups, line
from triage.web.presenters.sentences import name


@page()
def services(here: PageContext, request: HttpRequest) -> HttpResponse:
    """Who serves this place, and how each is reached. Without an area: which?"""
    if here.area is None or here.place is None:
        raise AddressMovedError(here.to("area/for/local/"))
    return show(here, "public/local.html", {"groups": groups(here, here.place)})


@page()
def outside(here: PageContext, request: HttpRequest, place: str) -> HttpResponse:
    """A place that has no UK police force: what to call there, and what we cannot do."""
    found = next((o for o in rulebook().catalogue.outside if o.slug == place), None)
    if found is None:
        raise WrongAddressError(404, "error-no-area")
    labels = rulebook().catalogue.local_labels
    lines = [
        line(here, way, name(here, labels[(way.use, None)]), way.url)
        for way in found.ways
        if way.shown
    ]
    return show(here, "public/outside.html", {"place": found, "lines": lines})
