"""For machines that watch this one: is the process alive, may it serve, what has it done.

No query is run and no secret told: that the database can be reached is known by when the watcher
last managed to ask it. Each answer is about the one process that gives it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from math import isfinite

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from outage import bulletin
from outage.bulletin import Reading
from triage.web.cache.wsgi import PROCESS
from triage.web.context.staleness import Staleness, staleness

_PLAIN = "text/plain; charset=utf-8"
# The watcher asks many times a second. One that has had no answer for this long (seconds) has lost
# its database.
REACHED_WITHIN = 5.0


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """/healthz: this process answers. A supervisor restarts one that does not."""
    return _told("alive\n")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """/readyz: 200 while pages give the advice in force, 503 once they give the cautious one.

    A database that cannot be reached does not by itself make a node unready: it still serves what
    was last known, and there is no better node to send readers to.
    """
    reading = bulletin.reading()
    state = staleness(reading)
    lines = (
        f"bulletin {reading.bulletin.version}",
        f"checked {reading.age:.1f} seconds ago: {state}"
        if isfinite(reading.age)
        else f"never checked: {state}",
        f"database {_database(reading)}",
    )
    return _told("\n".join(lines) + "\n", 503 if state is Staleness.CAUTIOUS else 200)


def _database(reading: Reading) -> str:
    if (held := bulletin.older()) is not None:
        return f"older than what is shown: it holds version {held}"
    return "reached" if reading.age < REACHED_WITHIN else "not reached"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """/metrics: counters of this process, in the plain text that monitors read."""
    return _told("\n".join(_measures()) + "\n")


def _measures() -> Iterator[str]:
    reading = bulletin.reading()
    process = f'{{process="{os.getpid()}"}}'
    for name, value in asdict(PROCESS).items():
        yield f"which_number_{name}{process} {value}"
    yield f"which_number_bulletin_version{process} {reading.bulletin.version}"
    yield f"which_number_database_older{process} {int(bulletin.older() is not None)}"
    yield f"which_number_bulletin_age_seconds{process} {reading.age:.3f}"


def _told(words: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(words, content_type=_PLAIN, status=status)
    response["Cache-Control"] = "no-store"
    return response
