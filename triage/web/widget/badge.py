"""A badge and a QR code of an area, as images: for sites that strip scripts and frames.

An image outlives what it shows, so the badge says when it was made and, looked at for ten minutes,
takes back what it says by itself: an image may move, though it may run no script. It is of no
edition and in no cache of ours; a reader's own may hold it for a minute.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from triage.engine.catalogue import Lang
from triage.rules import rulebook
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.context.staleness import Staleness
from triage.web.pages.decorators import read_only
from triage.web.presenters.emergency_block import gist
from triage.web.presenters.qr_code import qr_code
from triage.web.presenters.sentences import plain
from triage.web.widget.loader import HEIGHT, WIDTH
from triage.web.wording import dates

SVG = "image/svg+xml; charset=utf-8"
KEPT = "public, max-age=60"
# So many letters fit in a row of the badge, and so many rows have room.
_ROW, _ROWS = 48, 2
_TITLE = 42


def _image(view: Callable[..., str]) -> Callable[..., HttpResponse]:
    """An image of an area: `view(request, here)` in the language of its address."""

    @read_only
    @wraps(view)
    def answer(request: HttpRequest, lang: str, slug: str, **given: Any) -> HttpResponse:
        today = rulebook().catalogue.area_now(slug)
        if today is None:
            raise Http404(slug)
        here = page_context.bare(Lang(lang), "").elsewhere(today)
        response = HttpResponse(view(request, here), content_type=SVG)
        response["Cache-Control"] = KEPT
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


@_image
def badge(request: HttpRequest, here: PageContext) -> str:
    """What is so in an area, in words, with the moment at which that was so."""
    told = gist(here)
    rows = textwrap.wrap(_state(here), _ROW)
    kept = rows[:_ROWS] if len(rows) <= _ROWS else [*rows[: _ROWS - 1], f"{rows[_ROWS - 1]} …"]
    context = {
        "here": here,
        "width": WIDTH,
        "height": HEIGHT,
        "kind": told.kind if told else "calm",
        "title": textwrap.shorten(_title(here), _TITLE, placeholder=" …"),
        "rows": kept,
        "as_of": plain(here, "badge-as-of", at=dates.short(here.checked_at, here.lang)),
    }
    return render_to_string("embed/badge.svg", context)


def _title(here: PageContext) -> str:
    return plain(here, "badge-title", area=here.area_name)


def _state(here: PageContext) -> str:
    if here.fresh is not Staleness.FRESH:
        return plain(here, "badge-unchecked")
    told = gist(here)
    if told is None:
        return plain(here, "badge-calm")
    return told.words


@_image
def qr(request: HttpRequest, here: PageContext) -> str:
    """The area's start page as a QR code."""
    return qr_code(request.build_absolute_uri(here.to("")))
