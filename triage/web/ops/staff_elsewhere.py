"""Leads staff to the process that serves them, where that is not this one.

nginx sends /staff/ there itself; this is for whoever asks a public process: staff never run in it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port

_STAFF = ("/staff/", "/api/v1/staff/")


def lead_there(
    get_response: Callable[[WSGIRequest], HttpResponse],
) -> Callable[[WSGIRequest], HttpResponse]:
    """Middleware. Not used where this process serves staff itself."""
    if not settings.STAFF_AT:
        raise MiddlewareNotUsed

    def answer(request: WSGIRequest) -> HttpResponse:
        if request.path_info.startswith(_STAFF):
            there = f"{_origin(request)}{request.get_full_path()}"
            return HttpResponseRedirect(there, preserve_request=True)
        return get_response(request)

    return answer


def _origin(request: WSGIRequest) -> str:
    if settings.STAFF_AT.startswith("http"):
        return str(settings.STAFF_AT).rstrip("/")
    domain, _ = split_domain_port(request.get_host())
    return f"{request.scheme}://{domain}:{settings.STAFF_AT}"
