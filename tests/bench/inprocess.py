"""Our page against a plain Django view in one process, without a network: the steadiest figure."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from wsgiref.util import setup_testing_defaults

Application = Callable[..., Any]


@dataclass(frozen=True)
class Figure:
    """Seconds a request, the median of interleaved rounds, and the spread of the rounds."""

    seconds: float
    spread: float


def asked(path: str, **given: str) -> dict[str, Any]:
    environ: dict[str, Any] = {"HTTP_HOST": "localhost", "HTTP_ACCEPT_ENCODING": "gzip, br"}
    setup_testing_defaults(environ)
    return {**environ, "PATH_INFO": path, "QUERY_STRING": "", **given}


def once(application: Application, environ: dict[str, Any]) -> int:
    """Asks, reads the whole answer and closes it, as a server does. Gives the status."""
    told: list[int] = []

    def start(status: str, headers: Any, exc_info: Any = None) -> None:
        told.append(int(status[:3]))

    answer = application(environ.copy(), start)
    for _ in answer:
        continue
    if close := getattr(answer, "close", None):
        close()
    return told[0]


def compare(
    contestants: dict[str, tuple[Application, dict[str, Any], int]], rounds: int
) -> dict[str, Figure]:
    """Each contestant's time: a few requests of each in turn, many times over.

    The number that comes with each is how many requests make one turn.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for name, (application, environ, _) in contestants.items():
        status = once(application, environ)
        assert status == 200, f"{name}: {status}"
    for _ in range(rounds):
        for name, (application, environ, turn) in contestants.items():
            begun = time.thread_time()
            for _ in range(turn):
                once(application, environ)
            times[name].append((time.thread_time() - begun) / turn)
    return {name: _figure(found) for name, found in times.items()}


def _figure(found: list[float]) -> Figure:
    middle = statistics.median(found)
    quarters = statistics.quantiles(found, n=4)
    return Figure(middle, (quarters[2] - quarters[0]) / middle)
