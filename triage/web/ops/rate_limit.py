"""How often one household may post to the public side: search, find, feedback, each by itself.

Counters in this process's memory, by a keyed hash whose key is thrown away every minute with the
counters: no address is held longer, and none is written anywhere. An IPv6 reader is counted by the
/64 that a household holds. A fixed table of counters (a count-min sketch) holds them all: however
many addresses a flood comes from, it pushes nobody's count out, and counts of others are too high
by a few at most. Each process counts for itself, so that several let several times as many pass.
Sign-in has limits of its own (outage/panel/sign_in.py); nginx stands before all of them.
"""

from __future__ import annotations

import re
import secrets
import struct
import threading
from array import array
from collections.abc import Callable
from hashlib import blake2b
from math import ceil

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

from triage import client_address, clock
from triage.engine.catalogue import Lang
from triage.web.api import framework
from triage.web.pages import errors

MINUTE = 60.0
# A household has a counter in each row, and its count is the lowest of them: it is too high only
# where others share all four. A million others in one minute make it about fifteen too high.
_ROWS, _COLUMNS = 4, 65_536
_STAFF, _API, _WELSH = "/staff/", "/api/", "/cy/"
# What is counted apart: who reports a fault of the page may still search, and the other way round.
_KINDS = re.compile(r"/(?:cy/)?(?:in/[^/]+/(?:c/[^/]+/)?)?(search|area|feedback|wrong|tap|follow)/")
OTHER = "other"
KINDS = ("search", "area", "feedback", "wrong", "tap", "follow", OTHER)


class Limit:
    """Counts posts by household, and forgets them every minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._since = clock.steady()
        self._salt = secrets.token_bytes(16)
        self._counts: array[int] | None = None

    def allows(self, address: str) -> bool:
        """Whether this address's household may post once more in this minute."""
        return self.left(address) >= 0

    def left(self, address: str) -> int:
        """How many posts this address's household has left in this minute, after one more that is
        counted now. Less than none: this one is too many."""
        household = client_address.block(address).encode()
        with self._lock:
            if clock.steady() - self._since >= MINUTE:
                self._forget()
            counts = self._counts
            if counts is None:
                counts = self._counts = array("I", bytes(4 * _ROWS * _COLUMNS))
                # Forgotten in time even where nobody asks again.
                timer = threading.Timer(MINUTE, self._forget)
                timer.daemon = True
                timer.start()
            who = blake2b(household, key=self._salt, digest_size=2 * _ROWS).digest()
            columns: tuple[int, ...] = struct.unpack(f"{_ROWS}H", who)
            cells = [row * _COLUMNS + column for row, column in enumerate(columns)]
            for cell in cells:
                counts[cell] += 1
            return int(self._most - min(counts[cell] for cell in cells))

    def headers(self, left: int) -> dict[str, str]:
        """What a program is told of it (draft-ietf-httpapi-ratelimit-headers): how many in how many
        seconds, how many are left, and in how many seconds they are whole again."""
        wait = max(0, ceil(self._since + MINUTE - clock.steady()))
        return {
            "RateLimit-Policy": f'"posts";q={self._most};w={MINUTE:.0f}',
            "RateLimit": f'"posts";r={max(left, 0)};t={wait}',
        }


def limit_posts(
    get_response: Callable[[WSGIRequest], HttpResponse],
) -> Callable[[WSGIRequest], HttpResponse]:
    """Middleware: public posts beyond the limit are refused with 429 and the essentials."""
    limits = {kind: Limit(settings.POSTS_A_MINUTE) for kind in KINDS}

    def answer(request: WSGIRequest) -> HttpResponse:
        if request.method == "POST" and not request.path.startswith(_STAFF):
            found = _KINDS.match(request.path)
            limit = limits[found[1] if found else OTHER]
            left = limit.left(client_address.address(request.META))
            response = get_response(request) if left >= 0 else _refused(request)
            if request.path.startswith(_API):
                for name, value in limit.headers(left).items():
                    response[name] = value
            return response
        return get_response(request)

    return answer


def _refused(request: HttpRequest) -> HttpResponse:
    """429, in the shape of whoever asked."""
    if request.path.startswith(_API):
        problem = framework.ApiProblem(
            "too many requests from one address", "address", "Wait a minute, then ask again."
        )
        response = framework.refuse(429, [problem])
    else:
        lang = Lang.CY if request.path.startswith(_WELSH) else Lang.EN
        response = errors.problem(lang, 429, errors.WORDS[429])
    response["Retry-After"] = str(int(MINUTE))
    return response
