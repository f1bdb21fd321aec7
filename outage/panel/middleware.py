"""What holds for every address under /staff/, as one small middleware. Public requests pass by.

The second factor; the end of a session when rights change; the idle limit; what is said while the
database is away; and headers. A form is
accepted from our own pages only, which needs the browser to say where it comes from: the site's
own `no-referrer` would make it say "null".
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.messages import warning
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from outage.models import Operator
from outage.panel.sign_in import from_this_machine
from outage.statements.statement import digest

Handler = Callable[[HttpRequest], HttpResponse]
PREFIX = "/staff/"
# Where somebody without a second factor may still go: to set one up, or to leave.
_OPEN = ("/staff/account/", "/staff/sign-out/")
_TOTP = "/staff/account/2fa/totp/activate/"
# What an open board and a phone in a pocket ask by themselves: nobody is known to sit before them.
_BY_ITSELF = frozenset({"/staff/mark/", "/staff/worker.js", "/staff/app.webmanifest"})
_STANDING = "standing"
# How the database says that it is not there, is full, or does not answer in time.
_AWAY = (OperationalError, InterfaceError)
log = logging.getLogger("which_number.staff")
# What an organisation's rights hang on.
_RIGHTS = ("slug", "kind", "active", "services", "footprints")


def gate(handler: Handler) -> Handler:
    """The middleware."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return handler(request)
        try:
            response = _stopped(request) or handler(request)
        except _AWAY as error:
            response = _database_away(request, error)
        return _with_headers(request, response)

    # Django asks this about whatever a view raised.
    vars(handle)["process_exception"] = _when_away
    return handle


def _when_away(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The answer to a staff page that lost its database; None for every other fault."""
    if not isinstance(error, _AWAY) or not request.path_info.startswith(PREFIX):
        return None
    return _database_away(request, error)


def _database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    """What is still true, and what not to take for done. Made without a query."""
    log.error("a staff page was not answered, the database is away: %s", error)
    page = render_to_string("staff/away.html", {"sent": request.method == "POST"})
    return HttpResponse(page, status=503, headers={"Retry-After": "5"})


def _stopped(request: HttpRequest) -> HttpResponse | None:
    """A redirect for who may not go on; None for who may, and for strangers (views ask them)."""
    user = request.user
    if not user.is_authenticated:
        return None
    if not _stands(request):
        logout(request)
        warning(request, "Your rights have changed. Sign in again.")
        return redirect("account_login")
    # A session lives this long after the last request of a person, not after the sign-in.
    request.session.modified = request.session.modified or request.path_info not in _BY_ITSELF
    inside = not request.path_info.startswith(_OPEN)
    if inside and second_factor_needed(request) and not is_mfa_enabled(user):
        warning(request, "Set up a second factor first: a passkey, or an authenticator app.")
        return redirect("mfa_index")
    return None


def second_factor_needed(request: HttpRequest) -> bool:
    """Everywhere but in the demonstration on this very machine, which says so loudly."""
    return settings.STAFF_SECOND_FACTOR or not from_this_machine(request)


def _stands(request: HttpRequest) -> bool:
    """Whether the rights are those the session began with: it ends when they change."""
    standing = _standing(request)
    held = request.session.setdefault(_STANDING, standing)
    return bool(held == standing)


def _standing(request: HttpRequest) -> str:
    operator = Operator.objects.select_related("organisation").filter(user_id=request.user.pk or 0)
    parts = [(o.role, *(getattr(o.organisation, name) for name in _RIGHTS)) for o in operator]
    return digest([request.user.is_staff, *parts])


def _with_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    if request.path_info == _TOTP:
        # The QR code of an authenticator app is an image within the page.
        allowed = csp_update({"img-src": ["data:"]})(lambda request: response)
        return cast(HttpResponse, allowed(request))
    return response
