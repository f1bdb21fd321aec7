"""A plain tap, answered before Django: when everything fails, thousands a second tap at one node.

Only the commonest form is taken here: one known channel, no query, nothing else told. Everything
else, wrong ones too, goes on to pages/views/did_not_connect.py, which answers the same. The headers
are those that Django gave the first tap of this process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings

from triage import client_address, clock
from triage.engine.catalogue import Lang
from triage.rules import rulebook
from triage.signals.tally import PROCESS, Tap
from triage.web.cache.wsgi import is_ours
from triage.web.context.page_context import prefix
from triage.web.ops.rate_limit import Limit
from triage.web.presenters.taps import counted

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Environ = dict[str, Any]
_PATH = re.compile(r"(/cy)?(?:/in/([a-z0-9-]+))?/tap/")
_BODY = re.compile(rb"channel=([a-z0-9-]+)")
_LONGEST = 100  # bytes of such a body


class TapDoor:
    """In front of the whole site. Whoever taps too often gets the advice, and is not counted."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._limit = Limit(settings.POSTS_A_MINUTE)
        self._https_only = settings.SECURE_SSL_REDIRECT
        self._headers: list[tuple[str, str]] = []

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        found = None
        if environ["REQUEST_METHOD"] == "POST":
            found = _PATH.fullmatch(environ["PATH_INFO"])
        channel = self._channel(environ) if found else ""
        area = found[2] or "" if found else ""
        areas = rulebook().catalogue.areas if channel else {}
        if found is None or not channel or (area and area not in areas):
            return self._application(environ, start_response)
        if not self._headers:
            return self._application(environ, self._learning(start_response))
        nation = str(areas[area].nation) if area else ""
        self._count(environ, channel, area, nation)
        to = prefix(Lang.CY if found[1] else Lang.EN, area or None) + f"tapped/{channel}/"
        start_response("303 See Other", [("Location", to), *self._headers])
        return ()

    def _channel(self, environ: Environ) -> str:
        """The line of a plain tap; empty for anything that is not one. The body can be read again
        by whoever comes next."""
        secure = environ["wsgi.url_scheme"] == "https" or (
            environ.get("HTTP_X_FORWARDED_PROTO") == "https"
        )
        length = environ.get("CONTENT_LENGTH") or ""
        plain = environ.get("CONTENT_TYPE", "") == "application/x-www-form-urlencoded"
        if environ.get("QUERY_STRING") or not plain or (self._https_only and not secure):
            return ""
        if not (length.isascii() and length.isdecimal() and 0 < int(length[:4]) <= _LONGEST):
            return ""
        if len(length) > 3 or not is_ours(environ.get("HTTP_HOST", "")):
            return ""
        body = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = BytesIO(body)
        found = _BODY.fullmatch(body)
        return counted(found[1].decode()) if found else ""

    def _count(self, environ: Environ, channel: str, area: str, nation: str) -> None:
        address = client_address.address(environ)
        if self._limit.allows(address):
            from_page = "HTTP_SEC_FETCH_MODE" in environ or "HTTP_ORIGIN" in environ
            tap = Tap(channel, area, nation, from_page=from_page)
            PROCESS.add(tap, address, clock.now().timestamp())

    def _learning(self, start_response: StartResponse) -> StartResponse:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
        ) -> Callable[..., object]:
            if status.startswith("303 "):
                self._headers = [(n, v) for n, v in headers if n.lower() != "location"]
            return start_response(status, headers, exc_info)

        return start
