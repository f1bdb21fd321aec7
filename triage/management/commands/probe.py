"""manage.py probe URL: does a site show what the record says is in force? For any monitor.

Exit code 0: everything agrees. 1: a line for each difference, or the site does not answer. 2: the
probe could not ask, because the address is none or the record cannot be read. With --signals it
asks the report forms and force sites too, which are other people's, and tells operators of what
answers 5xx for five minutes.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from http.client import HTTPException
from time import sleep
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError

from outage import bulletin
from outage.signals import reaching
from triage import checks, clock, links, rules
from triage.terminal import visible
from triage.web.cache.wsgi import EditionCache
from triage.web.context.snapshot import Watch
from triage.web.ops.probe import Ask, Difference, NoAnswerError, compare, paths
from triage.web.ops.startup import MEGABYTE, closed_queries, origin

# What a reader behind caches may lag behind a publication, in seconds (docs/scale.md).
_PROMISED = 5.0
_PATIENCE = 10.0
# How old, in seconds, the record may be that a page is compared with.
_FRESH = 30.0


class Command(BaseCommand):
    help = "Compares what a site, its widget and its feeds show with what the record says."
    # Asked below, so that what is wrong here is not told as a difference.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", metavar="URL", help="https://which-number.example")
        parser.add_argument("--area", action="append", default=[], help="only this one; repeatable")
        parser.add_argument(
            "--signals", action="store_true", help="ask report forms and force sites too"
        )

    def handle(self, *args: Any, url: str, area: list[str], signals: bool, **options: Any) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise CommandError(f"{url} is no address: give https://… or http://…", returncode=2)
        try:
            checks.refuse_on_problems()
        except checks.StartError as problems:
            raise CommandError(str(problems), returncode=2) from problems
        known = rules.rulebook().catalogue.areas
        if wrong := [slug for slug in area if slug not in known]:
            raise CommandError(f"no area is called {', '.join(wrong)}", returncode=2)
        if signals:
            self._signals()
        asked = list(paths(area or known))
        site = _over_the_network(f"{parts.scheme}://{parts.netloc}")
        record = _from_the_record()
        self._tell(asked, site, record)

    def _signals(self) -> None:
        try:
            failing = reaching.broken(reaching.addresses(), links.ask, lambda: sleep(60))
            reaching.ring(failing, clock.now())
        except DatabaseError as error:
            raise CommandError(f"the record could not be read: {error}", returncode=2) from error
        for address in sorted(failing, key=lambda a: a.url):
            self.stdout.write(visible(f"{address.url} answers with an error for five minutes"))

    def _tell(self, asked: list[str], site: Ask, record: Ask) -> None:
        _refresh()
        found, silent = _differences(asked, site, record)
        if found:
            # What was published this very moment may still be on its way.
            sleep(_PROMISED)
            _refresh()
        # Of a site that fell silent, the rest was never asked.
        again = asked if silent else [d.path for d in found]
        left, silent = _differences(again, site, record)
        for difference in left:
            self.stdout.write(visible(str(difference)))
        if silent:
            raise CommandError("the site does not answer, and was asked no further", returncode=1)
        if left:
            raise CommandError(f"{len(left)} of {len(asked)} addresses differ", returncode=1)
        self.stdout.write(f"{len(asked)} addresses agree with the record")


def _differences(
    asked: Iterable[str], site: Ask, record: Ask
) -> tuple[tuple[Difference, ...], bool]:
    """What differs, and whether the site stopped answering."""
    found: list[Difference] = []
    try:
        found.extend(compare(asked, site, record))
    except NoAnswerError:
        return tuple(found), True
    return tuple(found), False


def _refresh() -> None:
    try:
        bulletin.refresh()
    except DatabaseError as error:
        raise CommandError(f"the record could not be read: {error}", returncode=2) from error


def _over_the_network(origin: str) -> Ask:
    def ask(path: str) -> tuple[int, bytes]:
        request = Request(origin + path, headers={"Accept-Encoding": "identity"})  # noqa: S310
        try:
            with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310  (http and https)
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, b""
        except (HTTPException, OSError) as error:
            return 0, str(getattr(error, "reason", error) or type(error).__name__).encode()

    return ask


def _from_the_record() -> Ask:
    """The same addresses, worked out here from what is stored."""
    watch, limit = Watch(rules.rulebook), 256 * MEGABYTE
    here = EditionCache(WSGIHandler(), watch, closed_queries(), limit, origin())

    def ask(path: str) -> tuple[int, bytes]:
        # A slow site takes minutes to ask: what is compared with must not grow old meanwhile.
        if bulletin.reading().age > _FRESH:
            _refresh()
        return here.answer(path)

    return ask
