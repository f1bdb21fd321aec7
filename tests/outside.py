"""The site as a server sees it: the whole WSGI callable, asked with any header and any body."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from triage import rules
from triage.web.cache.wsgi import EditionCache
from triage.web.context.snapshot import Watch
from triage.web.ops.startup import closed_queries


@contextmanager
def keeping_connections() -> Iterator[None]:
    """As Django's own test client does: a test's connection is not for a request to close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@dataclass(frozen=True)
class Got:
    status: int
    headers: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Outside:
    """Asks the edition cache with all of Django behind it."""

    def __init__(self) -> None:
        watch = Watch(rules.rulebook, glance=0)
        self.cache = EditionCache(WSGIHandler(), watch, closed_queries(), 10**8)

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **environ: Any) -> Got:
        """`path` is what stands in the request line before unquoting is done: Latin-1 text."""
        given: dict[str, Any] = {"HTTP_HOST": "localhost"}
        setup_testing_defaults(given)
        path, _, query = path.partition("?")
        given.update(REQUEST_METHOD=method, PATH_INFO=path, QUERY_STRING=query, REMOTE_ADDR="::1")
        given["wsgi.input"] = io.BytesIO(body)
        if body:
            given.update(
                CONTENT_LENGTH=str(len(body)), CONTENT_TYPE="application/x-www-form-urlencoded"
            )
        given.update(environ)
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            told[:] = [int(status[:3]), headers]

        with keeping_connections():
            answer = self.cache(given, start)
            whole = b"".join(answer)
            if close := getattr(answer, "close", None):
                close()
        return Got(told[0], dict(told[1]), tuple(told[1]), whole)
