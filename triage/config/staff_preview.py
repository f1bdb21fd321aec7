"""Public pages as they would look with a proposal published: for the staff panel alone.

The page is rendered by its own view, with the bulletin of outage.publish.loader.preview for this
thread only. It is never kept by any cache, and only our own staff pages may frame it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from csp.constants import SELF
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST, require_safe

from outage import bulletin
from outage.panel import unsaved_preview
from outage.panel.preview_slots import PreviewBusyError, slot
from outage.publish import loader
from triage import clock
from triage.web.http import policy
from triage.web.http.cache_headers import AREA_HEADER

_PUBLIC = "triage.web"
_PLAIN = "text/plain; charset=utf-8"


def _in_turn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """At most two at once; beyond, in the frame, words that nobody could take for the page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with slot():
                return view(request, *args, **kwargs)
        except PreviewBusyError as error:
            headers = {"Retry-After": "5"}
            return HttpResponse(str(error), status=503, content_type=_PLAIN, headers=headers)

    return answer


@require_safe
@login_required
@_in_turn
def preview(request: HttpRequest, number: int, page: str = "") -> HttpResponse:
    """One public page with one proposal in force. 404 where the user may not see the proposal."""
    user_id = request.user.pk
    shown = loader.preview(user_id, number, clock.now()) if user_id is not None else None
    if shown is None:
        raise Http404("no such proposal")
    return _shown(request, page, shown)


@require_POST
@login_required
@_in_turn
def preview_form(request: HttpRequest, page: str) -> HttpResponse:
    """One public page with what a form says in force. Nothing is kept. 404 where it is wrong."""
    user_id = request.user.pk
    shown = (
        unsaved_preview.bulletin(user_id, request.POST, clock.now())
        if user_id is not None
        else None
    )
    if shown is None:
        raise Http404("the form is not complete")
    request.method, request.POST = "GET", QueryDict()
    return _shown(request, page, shown)


def _shown(request: HttpRequest, page: str, shown: bulletin.Bulletin) -> HttpResponse:
    response = _rendered(request, "/" + page, shown)
    del response[AREA_HEADER]
    response["Cache-Control"] = "no-store"
    response["X-Frame-Options"] = "SAMEORIGIN"
    return policy.instead(response, {"frame-ancestors": [SELF]})


def _rendered(request: HttpRequest, path: str, shown: bulletin.Bulletin) -> HttpResponse:
    try:
        match = resolve(path)
    except Resolver404 as error:
        raise Http404("no such page") from error
    if not match.func.__module__.startswith(_PUBLIC) or match.func in (preview, preview_form):
        raise Http404("not a public page")
    request.path = request.path_info = path
    request.resolver_match = match
    with bulletin.previewing(shown):
        return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))
