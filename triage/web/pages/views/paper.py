"""Paper: a sheet of an area's numbers to print, and a poster with a QR code.

What is on paper outlives an outage, so both carry the address of the live page, and the sheet
says when its advice last changed.
"""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from triage.engine.catalogue import Service
from triage.rules import rulebook
from triage.web.context import page_context
from triage.web.context.page_context import AddressMovedError, PageContext, WrongAddressError
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.presenters.channel_state import kept_free
from triage.web.presenters.contact import Contact, channel_contact
from triage.web.presenters.emergency_block import emergency_block
from triage.web.presenters.qr_code import qr_code

# What belongs on a card by the telephone.
SHEET = ("101", "police-online", "111", "gp-ooh-ni", "power-105", "power-ni", "gas-gb", "gas-ni",
         "report-fraud", "bank-159", "samaritans", "lifeline-ni", "childline", "floodline",
         "crimestoppers")  # fmt: skip
DEAF = ("999-bsl", "text-relay-999", "emergency-sms")


@page()
def sheet(here: PageContext, request: HttpRequest, of: str) -> HttpResponse:
    """One page of paper with an area's numbers."""
    there = _there(here, of)
    context = {"there": there, "calls": emergency_block(there), "deaf": _ways(there, DEAF)}
    context |= {"ways": _ways(there, SHEET), **_address(request, there)}
    return show(there, "public/sheet.html", context)


@page()
def poster(here: PageContext, request: HttpRequest, of: str) -> HttpResponse:
    """A poster: an area's start page as a QR code, and no number that can go stale."""
    there = _there(here, of)
    body = rulebook().catalogue.bodies
    area = there.area
    assert area is not None
    force = body[(Service.POLICE, area.police)].name.lang(here.lang)
    # It hangs for years: no fault of today, and no time of one, stands on it.
    context = {"force": force, **_address(request, there)}
    return show(there, "public/poster.html", context, timeless=True)


def _there(here: PageContext, of: str) -> PageContext:
    if of not in rulebook().catalogue.areas:
        raise WrongAddressError(404, "error-no-area")
    if here.slug is not None and here.slug != of:
        raise AddressMovedError(f"{page_context.prefix(here.lang, of)}{here.path}")
    return here.elsewhere(of)


def _ways(here: PageContext, channels: tuple[str, ...]) -> list[Contact]:
    known = rulebook().catalogue.channels
    nation = page_context.nation(here)
    free = kept_free(here)
    listed = (c for c in channels if nation in known[c].nations and c not in free)
    own = [channel_contact(here, c) for c in listed]
    # Paper is read on another day: it holds the week, and not what is open now.
    return [replace(way, now="") for way in own]


def _address(request: HttpRequest, there: PageContext) -> dict[str, object]:
    """The live page of the area as people read it, and as a QR code."""
    address = request.build_absolute_uri(there.to(""))
    # It holds nothing but squares.
    code = mark_safe(qr_code(address))  # noqa: S308
    return {"address": address.split("://", 1)[1], "qr": code}
