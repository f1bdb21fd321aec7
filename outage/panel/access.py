"""The door of the staff panel: who comes in, and how a refusal is said.

Every staff view goes through `staff`; no view checks rights by itself (rights.py does).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from outage import bulletin
from outage.models import Operator
from outage.panel import typed
from outage.panel.middleware import second_factor_needed
from outage.statements.actor import Actor
from outage.statements.errors import ConflictError, RefusedError
from triage import clock

View = Callable[..., HttpResponse]


def staff(view: View) -> View:
    """A view for operators: it gets (request, by, ...). Others are told why they may not."""

    @wraps(view)
    @never_cache
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        operator = _operator(request)
        if operator is None:
            return refused(request, "This account belongs to no organisation. Ask your manager.")
        by = Actor(operator, clock.now())
        typed.bring(request, operator.user.pk, by.at)
        try:
            return view(request, by, *args, **kwargs)
        except ConflictError as error:
            return refused(request, str(error), 409)
        except RefusedError as error:
            return refused(request, str(error))

    return wrapped


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in; what was typed goes along, and is there again afterwards."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    typed.carry(request)
    return redirect_to_login(_page_of(request))


def _page_of(request: HttpRequest) -> str:
    """The page that a form stood on: a new one is found again by its key."""
    if request.path == reverse("staff:declare"):
        return f"{request.path}?{urlencode({'typed': request.POST.get('key', '')})}"
    return request.path if "/drafts/" in request.path else reverse("staff:board")


def _operator(request: HttpRequest) -> Operator | None:
    if request.user.pk is None:
        return None
    found = Operator.objects.select_related("organisation", "user")
    operator = found.filter(user_id=request.user.pk).first()
    if operator is None or not operator.organisation.active:
        return None
    return operator


def refused(request: HttpRequest, sentence: str, status: int = 403) -> HttpResponse:
    return page(request, "staff/refused.html", {"sentence": sentence}, status)


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, template, dict(context), status=status)


def shared(request: HttpRequest) -> dict[str, Any]:
    """What every staff page shows, allauth's too. Nothing for any other page."""
    if not request.path_info.startswith("/staff/"):
        return {}
    return {
        "demo": settings.DEMO,
        "no_second_factor": not second_factor_needed(request),
        "operator": _operator(request),
        "now": clock.now(),
        # The database came back without what was published last (bulletin.py).
        "database_older": bulletin.older() is not None,
        "idle_seconds": settings.SESSION_COOKIE_AGE,
    }


def done(request: HttpRequest, sentence: str, to: str, *args: object) -> HttpResponse:
    """After something was written: say so, on the page it leads to."""
    messages.success(request, sentence)
    return redirect(to, *args)
