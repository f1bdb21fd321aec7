"""How often one address may post to the public side: find, search, feedback.

Counters in this process's memory, by a keyed hash whose key is thrown away every minute with the
counters: no address is held longer, and none is written anywhere. Each process counts for itself,
so that several let several times as many pass. Sign-in has limits of its own.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

from triage import client_address, clock
from triage.engine.catalogue import Lang
from triage.web.api import framework
from triage.web.pages import errors

MINUTE = 60.0
# More addresses than this in a minute and only the busiest could matter: start afresh.
_ADDRESSES = 50_000
_STAFF, _API, _WELSH = "/staff/", "/api/", "/cy/"


class Limit:
    """Counts posts by address, and forgets them every minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._forget()

    def _forget(self) -> None:
        self._since = clock.steady()
        self._salt = secrets.token_bytes(16)
        self._seen: Counter[bytes] = Counter()

    def allows(self, address: str) -> bool:
        """Whether this address may post once more in this minute."""
        if clock.steady() - self._since >= MINUTE or len(self._seen) > _ADDRESSES:
            self._forget()
        who = blake2b(address.encode(), key=self._salt, digest_size=8).digest()
        if not self._seen:
            # Forgotten in time even where nobody asks again.
            timer = threading.Timer(MINUTE, self._forget)
            timer.daemon = True
            timer.start()
        self._seen[who] += 1
        return self._seen[who] <= self._most


def limit_posts(
    get_response: Callable[[WSGIRequest], HttpResponse],
) -> Callable[[WSGIRequest], HttpResponse]:
    """Middleware: public posts beyond the limit are refused with 429 and the essentials."""
    limit = Limit(settings.POSTS_A_MINUTE)

    def answer(request: WSGIRequest) -> HttpResponse:
        posted = request.method == "POST" and not request.path.startswith(_STAFF)
        if posted and not limit.allows(client_address.address(request.META)):
            return _refused(request)
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
        response = errors.problem(lang, 429, errors.WORDS[503])
    response["Retry-After"] = str(int(MINUTE))
    return response
