"""What twice the areas, ten times the incidents and twice the pages cost."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from outage.bulletin import Bulletin
from tests.bench.inprocess import asked, once
from tests.bench.within import row, show
from tests.cast import incident, scope
from triage import rules
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Incident
from triage.web.cache.wsgi import EditionCache
from triage.web.context.snapshot import Watch

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

PAGES = 1_800
BODY = b"".join(b"<p>Call %d in place %d.</p>" % (n * n, n) for n in range(700))[:12_000]


def page(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
    """A page of 12 KB, different for each address."""
    path = environ["PATH_INFO"].encode()
    area = environ["PATH_INFO"].split("/")[2]
    start("200 OK", [("Content-Type", "text/html"), ("X-Edition-Area", area)])
    return [path, BODY]


def grown(book: Rulebook, times: int) -> Rulebook:
    areas = dict(book.catalogue.areas)
    for n in range(1, times):
        areas |= {f"{slug}-{n}": replace(a, slug=f"{slug}-{n}") for slug, a in areas.items()}
    return replace(book, catalogue=replace(book.catalogue, areas=areas))


def incidents(many: int) -> tuple[Incident, ...]:
    areas = list(rules.rulebook().catalogue.areas.values())
    return tuple(
        incident("101", id=f"i-{n}", scope=scope(f"police:{areas[n % len(areas)].police}"))
        for n in range(many)
    )


def run() -> None:
    print("\nGrowth" + " " * 74 + "goal")
    usual = _measured(1, 20, PAGES)
    for name, given in {
        "areas x 2": (2, 20, PAGES),
        "incidents x 10": (1, 200, PAGES),
        "pages x 2": (1, 20, 2 * PAGES),
    }.items():
        now = _measured(*given)
        rate, kept, toggle = (b / a for a, b in zip(usual, now, strict=True))
        row(f"{name}: page rate; bytes kept; time of an area's toggle",
            f"{rate:.2f}; {kept:.2f}; {toggle:.2f} x", "flat; linear; flat")  # fmt: skip
    row("  an area's toggle, as it is", f"{usual[2] * 1e3:.2f} ms", "")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row("memory of this process, with everything above", f"{memory:.0f} MB", "worker ≤ 200 MB")


def _measured(areas: int, faults: int, pages: int) -> tuple[float, float, float]:
    """Pages a second, bytes kept, and seconds from a new bulletin to an area's new page."""
    book = grown(rules.rulebook(), areas)
    show(Bulletin(1, incidents(faults)))
    cache = EditionCache(page, Watch(lambda: book), {}, 10**9)
    slugs = list(book.catalogue.areas)
    paths = [f"/in/{slugs[n % len(slugs)]}/{n}" for n in range(pages)]
    asks = [asked(path) for path in paths]
    _each(cache, asks)
    best = min(_seconds(lambda: _each(cache, asks)) for _ in range(5))
    return pages / best, float(cache.counts.bytes_kept), _toggle(cache, asks[0], faults)


def _each(cache: EditionCache, asks: Iterable[dict[str, Any]]) -> None:
    for environ in asks:
        once(cache, environ)


def _seconds(work: Callable[[], None]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def _toggle(cache: EditionCache, ask: dict[str, Any], faults: int) -> float:
    return sorted(_toggles(cache, ask, faults))[4]


def _toggles(cache: EditionCache, ask: dict[str, Any], faults: int) -> Iterator[float]:
    live = incidents(faults)
    for n in range(9):
        new = incident("999", id=f"new-{n}", scope=scope("uk"))
        show(Bulletin(2 + n, (*live, new)))
        yield _seconds(lambda: _each(cache, [ask]))
