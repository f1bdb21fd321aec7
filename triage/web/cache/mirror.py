"""The public pages as ready files, for the web server in front when no node answers.

Written by rename, and only where an edition changed their bytes. It holds every page without an
area, for each area its start page and what stands one tap from it, the widget's frames, and what
the API says of the needs that it is given. Which files are served, and when, is deploy/nginx.conf.
"""

from __future__ import annotations

import gzip
import html
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Protocol
from urllib.parse import parse_qsl

import brotli

from triage import clock
from triage.engine.catalogue import Lang
from triage.web.cache.stored_page import BROTLI, GZIP, StoredPage
from triage.web.context.page_context import prefix
from triage.web.context.snapshot import Watch
from triage.web.pages import errors

_LINK = re.compile(r'\bhref="(/[^"#?]*)["#]')
_ELSEWHERE = ("/staff/", "/static/", "/api/", "/embed/")
_SUFFIXES = {GZIP: ".gz", BROTLI: ".br"}
# Stands in every mirror: a folder without it is somebody's, and nothing is removed from it.
_MARK = "which-number-mirror"
ERRORS = (400, 429, 503)
# The views of the widget's frame (triage/web/widget/loader.py), and its area for the whole UK.
VIEWS = ("line", "banner", "ask", "full")
UK = "uk"
_CALLS = ("status", "incidents")


class MirrorFolderError(Exception):
    """The folder holds something else."""


class Pages(Protocol):
    """Where pages come from: an edition cache."""

    def page(self, path: str) -> StoredPage | None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """What was last written for a path: the tag of its bytes, and where its links lead."""

    tag: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did, and in how many seconds."""

    pages: int
    written: int
    removed: int
    seconds: float


class Mirror:
    """A folder of pages, brought up to what is in force by each round.

    Raises MirrorFolderError for a folder that holds anything but a mirror.
    """

    def __init__(
        self,
        folder: Path,
        pages: Pages,
        editions: Watch,
        areas: tuple[str, ...],
        needs: tuple[str, ...] = (),
    ) -> None:
        self._folder = folder
        self._pages = pages
        self._editions = editions
        self._areas = areas
        self._needs = needs
        self._known: dict[str, Known] = {}
        self._written = 0
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / _MARK).exists() and any(folder.iterdir()):
            raise MirrorFolderError(
                f"{folder} holds other files: give an empty folder, or a mirror's"
            )
        (folder / _MARK).touch()

    def round(self) -> Round:
        """Brings every page up to date. Raises OSError where the folder cannot be written.

        What most people open comes first, and comes first again when something is published
        while the rest is under way.
        """
        self._written, begun = 0, clock.steady()
        now = self._editions.now()
        seen = {*self._errors(), *self._starts()}
        for path in self._others():
            seen.add(path)
            if self._editions.now() is not now:
                now = self._editions.now()
                seen.update(self._starts())
        removed = self._remove_others(seen)
        return Round(len(seen), self._written, removed, clock.steady() - begun)

    def rounds(self, every: float) -> Iterator[Round]:
        """A round now, and one after each change of what is in force, looked for `every` seconds.

        What changes during a round makes another one. Raises OSError as a round does.
        """
        while True:
            before = self._editions.now()
            yield self.round()
            while self._editions.now() is before:
                sleep(every)

    def _starts(self) -> Iterator[str]:
        """The start and status pages of the UK and of every area."""
        for area in (None, *self._areas):
            for lang in Lang:
                for page in ("", "status/", "now/"):
                    path = prefix(lang, area) + page
                    if self._bring(path):
                        yield path
        for path in (*self._frames(), *self._answers()):
            if self._bring(path):
                yield path

    def _frames(self) -> Iterator[str]:
        """What the widget begins with, on everybody's site."""
        for area in (UK, *self._areas):
            for lang in Lang:
                yield from (f"{prefix(lang, None)}embed/{view}/{area}/" for view in VIEWS)

    def _answers(self) -> Iterator[str]:
        """What programs ask: what is in force, and the advice for the needs of the mirror."""
        yield from (f"/api/v1/{call}" for call in _CALLS)
        for need in self._needs:
            yield f"/api/v1/advice?need={need}"
            yield from (f"/api/v1/advice?area={area}&need={need}" for area in self._areas)

    def _others(self) -> Iterator[str]:
        """What stands one tap from an area's start page, then everything without an area."""
        for start in (prefix(lang, area) for area in self._areas for lang in Lang):
            known = self._known.get(start)
            for path in known.links if known else ():
                if path.startswith(start) and self._bring(path):
                    yield path
        yield from self._without_area()

    def _errors(self) -> Iterator[str]:
        """What is sent when there is no page either."""
        for lang in Lang:
            for status in ERRORS:
                path = f"{prefix(lang, None)}errors/{status}.html"
                body = errors.problem(lang, status, errors.WORDS[status]).content
                packed = {GZIP: gzip.compress(body, mtime=0), BROTLI: brotli.compress(body)}
                self._write(path, packed)
                yield path

    def _without_area(self) -> Iterator[str]:
        """Everything that can be reached without an area, nearest first."""
        waiting, seen = [prefix(lang, None) for lang in Lang], set[str]()
        while waiting:
            path = waiting.pop(0)
            if path in seen or _names_area(path):
                continue
            seen.add(path)
            if known := self._bring(path):
                yield path
                waiting.extend(known.links)

    def _bring(self, path: str) -> Known | None:
        """Writes a page whose bytes changed. None where there is no page of an edition."""
        page = self._pages.page(path)
        if page is None or not page.is_packed:
            return None
        known = self._known.get(path)
        if known is None or known.tag != page.tag:
            self._write(path, {name: page.variant(name).body[0] for name in _SUFFIXES})
            known = self._known[path] = Known(page.tag, _links(page))
        return known

    def _write(self, path: str, bodies: dict[str, bytes]) -> None:
        for name, body in bodies.items():
            target = self._folder / (_file(path) + _SUFFIXES[name])
            if not target.exists() or target.read_bytes() != body:
                target.parent.mkdir(parents=True, exist_ok=True)
                fresh = target.with_name(f".{target.name}.new")
                fresh.write_bytes(body)
                os.replace(fresh, target)
                self._written += name == GZIP

    def _remove_others(self, seen: set[str]) -> int:
        """A page that nothing leads to any more would stay as it was for ever."""
        right = {self._folder / (_file(p) + s) for p in seen for s in _SUFFIXES.values()}
        found = (f for kind in ("html", "json") for f in self._folder.rglob(f"*.{kind}.*"))
        others = [f for f in found if f.is_file() and f not in right]
        for file in others:
            file.unlink()
        return len(others)


def _names_area(path: str) -> bool:
    return path.removeprefix("/cy").startswith("/in/")


def _links(page: StoredPage) -> tuple[str, ...]:
    text = page.body().decode()
    found = dict.fromkeys(html.unescape(link) for link in _LINK.findall(text))
    return tuple(path for path in found if not path.startswith(_ELSEWHERE) and ".." not in path)


def _file(path: str) -> str:
    """The file of an address, as deploy/nginx.conf looks for it."""
    if path.startswith("/api/"):
        call, _, query = path.lstrip("/").partition("?")
        asked = dict(parse_qsl(query))
        parts = [asked[name] for name in ("area", "need") if name in asked]
        return "/".join([call, *(parts or ["answer"])]) + ".json"
    return path.lstrip("/") + ("index.html" if path.endswith("/") else "")
