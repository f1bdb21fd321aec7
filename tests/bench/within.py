"""The figures that need no network: processor time of one thread, the steadiest of all."""

from __future__ import annotations

import io
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import override_settings

from outage import bulletin
from outage.bulletin import Bulletin, Reading
from outage.publish import memory
from tests.bench.inprocess import asked, compare, once
from tests.cast import incident, scope
from triage import clock, rules
from triage.web.cache.wsgi import EditionCache
from triage.web.context.snapshot import Watch
from triage.web.ops.startup import closed_queries


def cache(limit: int = 10**8) -> EditionCache:
    return EditionCache(WSGIHandler(), Watch(rules.rulebook), closed_queries(), limit)


def row(what: str, figure: str, goal: str) -> None:
    print(f"  {what:<62} {figure:>22}   {goal}")


def show(known: Bulletin) -> None:
    memory._reading[0] = Reading(known, clock.now(), clock.steady())


def run() -> None:
    """Prints the table. The database is this run's own."""
    call_command("migrate", verbosity=0)
    call_command("demo", stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    show(Bulletin())
    with override_settings(ROOT_URLCONF="tests.bench.plain", MIDDLEWARE=_plain_middleware()):
        plain = WSGIHandler()
    ours = cache()
    once(ours, asked("/in/kent/"))
    print("\nIn process, one thread" + " " * 67 + "goal")
    _against(ours, plain)
    _renders(ours)
    _toggles(ours)


def _against(ours: EditionCache, plain: Any) -> None:
    tag = ours.page("/in/kent/")
    assert tag is not None
    known = asked("/in/kent/", HTTP_IF_NONE_MATCH=f'"{tag.tag}-br"')
    with override_settings(ROOT_URLCONF="tests.bench.plain", MIDDLEWARE=_plain_middleware()):
        found = compare(
            {
                "ours": (ours, asked("/in/kent/"), 400),
                "plain": (plain, asked("/plain/kent-police/"), 3),
            },
            rounds=30,
        )
    ratio = found["plain"].seconds / found["ours"].seconds
    spread = max(f.spread for f in found.values())
    row("our page against a plain view with 4 queries and a template",
        f"{ratio:,.0f} x (± {spread / 2:.0%})", "≥ 1,000 x; floor 300 x")  # fmt: skip
    row("  the plain view; our page", f"{found['plain'].seconds * 1e3:.2f} ms; "
        f"{found['ours'].seconds * 1e6:.1f} µs", "")  # fmt: skip
    times = []
    for environ in (asked("/in/kent/"), known) * 20:
        begun = time.thread_time()
        for _ in range(200):
            once(ours, environ)
        times.append(time.thread_time() - begun)
    pages, matches = statistics.median(times[::2]), statistics.median(times[1::2])
    row(
        "304 for a matching ETag, against our page",
        f"{pages / matches:.2f} x",
        "(network: ≥ 1.1 x)",
    )


def _plain_middleware() -> list[str]:
    from tests.bench import plain_settings

    return plain_settings.MIDDLEWARE


def _some_pages() -> list[str]:
    areas = list(rules.rulebook().catalogue.areas)
    return [f"/in/{area}/{page}" for area in areas for page in ("", "status/", "now/")]


def _renders(ours: EditionCache) -> None:
    times = sorted(_timed(ours, path) for path in _some_pages())
    middle, late = times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3
    row("a page not yet rendered, 50th; 99th percentile", f"{middle:.1f}; {late:.1f} ms", "≤ 2 ms")


def _timed(ours: EditionCache, path: str) -> float:
    """Processor time: what else the machine does is no part of it."""
    begun = time.thread_time()
    assert once(ours, asked(path)) == 200
    return time.thread_time() - begun


def _toggles(ours: EditionCache) -> None:
    """What one reader after another waits while somebody flips a switch ten times a second."""
    places = {"one area": "police:kent", "national": "uk"}
    for name, place in places.items():
        times = sorted(_while_toggling(ours, place))
        late, worst = times[int(len(times) * 0.99)] * 1e3, times[-1] * 1e3
        row(f"readers during a toggle, {name}: 99th percentile; worst",
            f"{late:.2f}; {worst:.0f} ms", "≤ 5; 30 ms; worst ≤ 100")  # fmt: skip
    before = ours.counts.renders
    for _ in range(50):
        show(replace(bulletin.reading().bulletin))
        for path in _some_pages()[:5]:
            once(ours, asked(path))
    row("renders caused by writes that change no page", str(ours.counts.renders - before), "0")


def _while_toggling(ours: EditionCache, place: str) -> Iterator[float]:
    choose, pages = random.Random(1), _some_pages()
    fault = incident("999", scope=scope(place), review_at=None)
    for n in range(4):
        show(Bulletin(n, (fault,) if n % 2 == 0 else ()))
        end = time.perf_counter() + 1.0
        while time.perf_counter() < end:
            # A switch is found by the few readers of its pages; most read something else.
            yield _timed(ours, choose.choice(pages))
    show(Bulletin())
