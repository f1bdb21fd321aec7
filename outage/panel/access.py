"""The door of the staff panel: who comes in, and how a refusal is said.

Every staff view goes through `staff`; no view checks rights by itself (rights.py does).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from outage import bulletin
from outage.models import Operator
from outage.panel.middleware import second_factor_needed
from outage.statements.actor import Actor
from outage.statements.errors import ConflictError, RefusedError
from triage import clock

View = Callable[..., HttpResponse]


def staff(view: View) -> View:
    """A view for operators: it gets (request, by, ...). Others are told why they may not."""

    @wraps(view)
    @never_cache
    @login_required
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        operator = _operator(request)
        if operator is None:
            return refused(request, "This account belongs to no organisation. Ask your manager.")
        try:
            return view(request, Actor(operator, clock.now()), *args, **kwargs)
        except ConflictError as error:
            return refused(request, str(error), 409)
        except RefusedError as error:
            return refused(request, str(error))

    return wrapped


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
