"""The outermost WSGI layer: public pages as ready bytes, rendered once per page and edition.

A public page is a function of its address and of its area's edition, so nothing else of a request
reaches the view that renders it: no cookie, no language, no other header. The staff area and static
files pass through untouched. What a page looks like when kept is stored_page.py; what is in force
is snapshot.py.
"""

from __future__ import annotations

import io
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from triage import clock
from triage.web.cache import stored_page
from triage.web.cache.last_good import Instead, instead
from triage.web.cache.stored_page import Headers, Made, StoredPage, encoding_for
from triage.web.context.snapshot import Snapshot, Watch
from triage.web.http.cache_headers import AREA_HEADER, NO_AREA

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Environ = dict[str, Any]
Site = tuple[str, bool]  # a host, and whether it is asked over https
Key = tuple[Site, str, str]  # the site, the path, the query
Closed = Mapping[str, frozenset[str] | None]

# Nothing under these is a public page: they see the whole request and are never kept.
PASSED = ("/staff/", "/static/", "/healthz", "/readyz", "/metrics")
# Longer than any render that is not stuck; those that wait for one then render for themselves.
_PATIENCE = 5.0
# Of a key whose values are open: a colour.
_LONGEST_OPEN = 16
# A publication may fall into a render. Three in a row do not, unless something else is wrong.
_TRIES = 3
# What a rendering view is told of the request, beside host, address and query.
_GIVEN = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SCRIPT_NAME", "wsgi.version",
          "wsgi.errors", "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once")  # fmt: skip


@dataclass
class Counts:
    """What this process has done since it started. Read by /metrics; never decides anything."""

    hits: int = 0
    renders: int = 0
    not_modified: int = 0
    passed: int = 0
    last_good: int = 0
    cautious: int = 0
    evicted: int = 0
    bytes_sent: int = 0
    bytes_kept: int = 0
    pages_kept: int = 0


@dataclass(frozen=True)
class Answer:
    """What a view gave that is no page of an edition: an error, a redirect, a fragment."""

    status: str
    headers: Headers
    body: bytes


# Those of the cache that serves this process.
PROCESS = Counts()


class EditionCache:
    """Serves pages of the current editions; asks the application once for each it does not have.

    `closed` names the query keys that pages know, with the values each may have (None: any, for
    a key whose values the view refuses itself). `limit` is in bytes of kept bodies. `origin` is
    the site that pages are rendered as, whatever allowed name they are asked by; without it each
    name has pages of its own.
    """

    def __init__(
        self,
        application: WSGIApplication,
        watch: Watch,
        closed: Closed,
        limit: int,
        origin: Site | None = None,
        counts: Counts | None = None,
    ) -> None:
        self._application = application
        self._watch = watch
        self._closed = closed
        self._limit = limit
        self._origin = origin
        self._https_only = settings.SECURE_SSL_REDIRECT
        self._pages: OrderedDict[Key, StoredPage] = OrderedDict()
        self._rendering: dict[tuple[Key, int], Future[StoredPage | Answer]] = {}
        self._lock = Lock()
        self.counts = counts or Counts()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # The whole life of most requests: it is written for speed, and only compares.
        now = self._watch.now()
        host = environ.get("HTTP_HOST", "")
        secure = (
            environ["wsgi.url_scheme"] == "https"
            or environ.get("HTTP_X_FORWARDED_PROTO") == "https"
        )
        site = self._origin or (host, secure)
        key = (site, environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        if not is_ours(host) or (self._https_only and not secure):
            return self._pass(environ, start_response)
        page = self._pages.get(key)
        if page is None or page.good_for != now.serial or environ["REQUEST_METHOD"] != "GET":
            return self._slowly(environ, start_response, key, now)
        return self._send(environ, start_response, key, page)

    def _pass(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """To Django as it is: not a public page, or one that Django refuses or redirects."""
        self.counts.passed += 1
        return self._application(environ, _without_area(start_response))

    def _send(
        self, environ: Environ, start_response: StartResponse, key: Key, page: StoredPage
    ) -> Iterable[bytes]:
        counts = self.counts
        counts.hits += 1
        try:  # noqa: SIM105  (`suppress` costs as much as all the rest of this)
            self._pages.move_to_end(key)
        except KeyError:  # Another thread has just put it out; its bytes are good.
            pass
        variant = page.variant(encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")))
        wanted = environ.get("HTTP_IF_NONE_MATCH")
        if wanted is not None and variant.is_held_by(wanted):
            counts.not_modified += 1
            start_response("304 Not Modified", variant.unchanged.copy())
            return ()
        start_response("200 OK", variant.headers.copy())
        if environ["REQUEST_METHOD"] == "HEAD":
            return ()
        counts.bytes_sent += len(variant.body[0])
        return variant.body

    def _slowly(
        self, environ: Environ, start_response: StartResponse, key: Key, now: Snapshot
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or key[1].startswith(PASSED):
            return self._pass(environ, start_response)
        plain = self._canonical(key)
        found = self.fetch(plain, environ, now) if plain else self._ask(key, environ)
        if isinstance(found, StoredPage):
            return self._send(environ, start_response, plain or key, found)
        if found.status.startswith("500"):
            found = self._instead(plain or key, now) or found
        start_response(found.status, _cleared(found.headers))
        return () if environ["REQUEST_METHOD"] == "HEAD" else (found.body,)

    def _instead(self, key: Key, now: Snapshot) -> Answer | None:
        """What can still be sent for a page that could not be rendered (last_good.py)."""
        found = instead(key[1], self._pages.get(key), now, clock.now())
        if found is None:
            return None
        how, status, headers, body = found
        if how is Instead.LAST_GOOD:
            self.counts.last_good += 1
        else:
            self.counts.cautious += 1
        return Answer(status, headers, body)

    def _canonical(self, key: Key) -> Key | None:
        """The one key of a page however its query is written; None where it must not be kept."""
        site, path, query = key
        if not query:
            return key
        pairs = sorted(parse_qsl(query, keep_blank_values=True, max_num_fields=None))
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names) or not all(self._is_closed(*pair) for pair in pairs):
            return None
        return site, path, urlencode(pairs)

    def _is_closed(self, name: str, value: str) -> bool:
        values = self._closed.get(name, frozenset())
        return len(value) <= _LONGEST_OPEN if values is None else value in values

    def page(self, path: str) -> StoredPage | None:
        """The page at an address for what is in force now, asked by no server. None: no page."""
        found = self._alone(*path.split("?"))
        return found if isinstance(found, StoredPage) else None

    def answer(self, address: str) -> tuple[int, bytes]:
        """Status and plain body of an address with its query, asked by no server."""
        found = self._alone(*address.split("?"))
        if isinstance(found, StoredPage):
            return 200, found.variant(stored_page.IDENTITY).body[0]
        return int(found.status[:3]), found.body

    def _alone(self, path: str, query: str = "") -> StoredPage | Answer:
        site = self._origin or ("localhost", False)
        environ = {"SERVER_NAME": site[0], "SERVER_PORT": "80", "wsgi.errors": sys.stderr}
        return self.fetch((site, path, query), environ, self._watch.now())

    def fetch(self, key: Key, environ: Environ, now: Snapshot) -> StoredPage | Answer:
        """The page of a key for what is in force now, rendered if need be, once for all."""
        page = self._pages.get(key)
        if page is not None and page.edition == now.edition(page.area):
            page.good_for = now.serial
            return page
        with self._lock:
            waiting = self._rendering.get((key, now.serial))
            if waiting is None:
                mine = self._rendering[(key, now.serial)] = Future()
        if waiting is None:
            return self._render_for_all(key, environ, now, mine)
        return self._wait(waiting, key, environ)

    def _render_for_all(
        self, key: Key, environ: Environ, now: Snapshot, mine: Future[StoredPage | Answer]
    ) -> StoredPage | Answer:
        try:
            found = self._render(key, environ)
            mine.set_result(found)
        except BaseException as trouble:
            mine.set_exception(trouble)
            raise
        finally:
            with self._lock:
                del self._rendering[(key, now.serial)]
        return found

    def _wait(
        self, waiting: Future[StoredPage | Answer], key: Key, environ: Environ
    ) -> StoredPage | Answer:
        """Another thread's page. Where it gave none, or none in time, this one asks itself."""
        try:
            found = waiting.result(_PATIENCE)
        except (Exception, TookTooLong):
            return self._ask(key, environ)
        return found if isinstance(found, StoredPage) else self._ask(key, environ)

    def _render(self, key: Key, environ: Environ) -> StoredPage | Answer:
        """Renders a page within one snapshot, so that no page is torn between two bulletins."""
        for _ in range(_TRIES):
            before = self._watch.now()
            answer = self._ask(key, environ)
            if (area := _area(answer)) is None:
                return answer
            if self._watch.now() is before:
                break
        else:
            return answer
        slug = None if area == NO_AREA else area
        edition = before.edition(slug)
        made = Made(clock.now(), before.in_force(slug), before.diverts(slug))
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        found = (answer.headers, answer.body)
        page = stored_page.keep(found, slug, edition, before.serial, made, encoding)
        self._file(key, page)
        return page

    def _ask(self, key: Key, environ: Environ) -> Answer:
        """What the application answers to an address alone."""
        given: list[Any] = []

        def start(status: str, headers: Headers, exc_info: object = None) -> Callable[..., None]:
            given[:] = [status, headers]
            return lambda data: None

        result = self._application(_bare(key, environ), start)
        try:
            body = b"".join(result)
        finally:
            if close := getattr(result, "close", None):
                close()
        self.counts.renders += 1
        return Answer(given[0], given[1], body)

    def _file(self, key: Key, page: StoredPage) -> None:
        """Keeps a page, and puts out the least recently used ones beyond the limit."""
        counts = self.counts
        with self._lock:
            old = self._pages.pop(key, None)
            self._pages[key] = page
            counts.bytes_kept += page.size - (old.size if old else 0)
            while counts.bytes_kept > self._limit and self._pages:
                _, gone = self._pages.popitem(last=False)
                counts.bytes_kept -= gone.size
                counts.evicted += 1
            counts.pages_kept = len(self._pages)


@lru_cache(maxsize=256)
def is_ours(host: str) -> bool:
    """Whether a Host header names this site. Raises nothing, whatever it holds."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _bare(key: Key, environ: Environ) -> Environ:
    """A request that says nothing but its address, for a view whose page serves everybody."""
    (host, secure), path, query = key
    bare: Environ = {name: environ[name] for name in _GIVEN if name in environ}
    bare.update(
        REQUEST_METHOD="GET", PATH_INFO=path, QUERY_STRING=query, HTTP_HOST=host, REMOTE_ADDR=""
    )  # fmt: skip
    bare["wsgi.url_scheme"] = "https" if secure else "http"
    bare["wsgi.input"] = io.BytesIO()
    if secure:
        bare["HTTP_X_FORWARDED_PROTO"] = "https"
    return bare


def _area(answer: Answer) -> str | None:
    """The area that a view marked its page with; None for an answer that must not be kept."""
    names = {name.lower(): value for name, value in answer.headers}
    if not answer.status.startswith("200 ") or "set-cookie" in names:
        return None
    return names.get(AREA_HEADER.lower())


def _cleared(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() != AREA_HEADER.lower()]


def _without_area(start_response: StartResponse) -> StartResponse:
    def start(status: str, headers: Headers, exc_info: Any = None, /) -> Callable[..., object]:
        return start_response(status, _cleared(headers), exc_info)

    return start
