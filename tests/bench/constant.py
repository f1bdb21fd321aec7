"""The least a WSGI program can do: the same bytes for everybody, as many as one of our pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

# The compressed size of one of our pages; the bench's own run prints the real one.
BODY = (b"What should I do? Call the number that is right now, here. " * 300)[:7_000]
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def application(environ: Mapping[str, Any], start: StartResponse) -> Iterable[bytes]:
    start("200 OK", HEADERS.copy())
    return (BODY,)
