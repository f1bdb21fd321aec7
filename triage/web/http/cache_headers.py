"""What makes a public page one: how long it may be kept, and which edition it belongs to.

A page is a function of its address and of one area's edition. The view says which area in a
header that the edition cache takes off again (wsgi.py).
"""

from __future__ import annotations

from django.http import HttpResponse

AREA_HEADER = "X-Edition-Area"
NO_AREA = "-"
FRESH = "public, max-age=1, stale-while-revalidate=2, stale-if-error=600"
PRIVATE = "no-store"


def mark(response: HttpResponse, area: str | None, *, sensitive: bool = False) -> HttpResponse:
    """Make a response a public page of an area's edition (None: of the whole UK's).

    A sensitive page is kept by the server, never by the browser: nothing stays on the phone.
    """
    response[AREA_HEADER] = area or NO_AREA
    response["Cache-Control"] = PRIVATE if sensitive else FRESH
    return response


def private(response: HttpResponse) -> HttpResponse:
    """An answer to what somebody typed: of no edition, in no cache, on no disk."""
    if AREA_HEADER in response:
        del response[AREA_HEADER]
    response["Cache-Control"] = PRIVATE
    return response
