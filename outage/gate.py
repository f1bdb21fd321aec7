"""What holds for every address under /staff/, as one small middleware. Public requests pass by.

A form is accepted from our own pages only, which needs the browser to say where it comes from:
the site's own `no-referrer` would make it say "null".
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
PREFIX = "/staff/"


def gate(handler: Handler) -> Handler:
    """The middleware."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return handler(request)
        response = handler(request)
        response["Referrer-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle
