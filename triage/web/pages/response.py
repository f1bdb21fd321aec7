"""A page -> a response: template, stylesheet under its hash, headers. No rule and no word here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

from triage.engine.catalogue import Lang
from triage.web.context import page_context
from triage.web.context.page_context import AddressMovedError, PageContext
from triage.web.context.staleness import Staleness
from triage.web.http import policy
from triage.web.http.cache_headers import mark
from triage.web.http.page_frame import framed
from triage.web.http.stylesheet import Style, inline
from triage.web.presenters.faults import fault_lines, told
from triage.web.presenters.sentences import shaky
from triage.web.presenters.uk_map import UkMap
from triage.web.wording import dates


def style() -> Style:
    """The one public stylesheet, hashed once."""
    return inline("public/site.css")


def show(
    here: PageContext,
    template: str,
    context: Mapping[str, Any],
    *,
    sensitive: bool = False,
    status: int = 200,
    sources: Mapping[str, Sequence[str]] = MappingProxyType({}),
    timeless: bool = False,
) -> HttpResponse:
    """A page of an area's edition. Sensitive ones are kept by the server alone. `sources` are
    what it loads beyond its style, by directive of the policy. A fault that the page's own block
    or advice tells of (`said`, by incident) has no line on it. What hangs for years (`timeless`)
    bears no time of today. Raises ValueError as `framed` does.
    """
    block = context.get("calls")
    said = {*context.get("said_of", ()), *(block.said if block else ())}
    frame = {
        "here": here,
        "shell": "public/kept.html" if here.kept else "public/base.html",
        "style": style().text,
        "faults": fault_lines(here, said),
        "shaky": shaky(here),
        "demo": settings.DEMO,
        "sensitive": sensitive,
        "mirror": mirror(here),
        "late": here.fresh is not Staleness.FRESH and not timeless,
        "checked": dates.full(here.checked_at, here.lang),
        "changed_at": "" if timeless else _changed(here),
        "cautious": here.fresh is Staleness.CAUTIOUS,
    }
    body = render_to_string(template, framed(template, frame, context))
    response = HttpResponse(body, status=status)
    return allow_style(mark(response, here.slug, sensitive=sensitive), sources)


def fragment(here: PageContext, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A piece of a page, at an address of its own."""
    return mark(HttpResponse(render_to_string(template, {"here": here, **context})), here.slug)


def image(here: PageContext, drawn: UkMap, mark_given: str) -> HttpResponse:
    """A map at the address that its mark makes: another one leads to what is so now."""
    if here.area is not None or mark_given != drawn.mark:
        raise AddressMovedError(f"/{here.path.removesuffix(f'{mark_given}.svg')}{drawn.mark}.svg")
    answer = HttpResponse(drawn.svg, content_type="image/svg+xml; charset=utf-8")
    return policy.allow(mark(answer, None), {"style-src": [drawn.policy]})


def _changed(here: PageContext) -> str:
    """When the advice of this page's area last changed; empty on an ordinary day.

    It moves with what is in force here and with nothing else, so that a switch in one area leaves
    every other page's bytes alone, and a stand-down brings the ordinary ones back.
    """
    published = [i.published_at for i in told(here)]
    return dates.full(max(published), here.lang) if published else ""


def mirror(here: PageContext) -> str:
    """The same page in the other language."""
    other = Lang.EN if here.lang is Lang.CY else Lang.CY
    return f"{page_context.prefix(other, here.slug, here.council)}{here.path}{here.query}"


def allow_style(
    response: HttpResponse, sources: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> HttpResponse:
    """Lets the page's own stylesheet stand in it, and no other."""
    return policy.allow(response, {"style-src": [style().source], **sources})
