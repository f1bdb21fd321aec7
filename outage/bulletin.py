"""The only door outwards: what is live, as engine values, kept in memory.

Public pages read `reading()` and nothing else of this package. No query is run on the request
path: a watcher thread asks the store for its version every tenth of a second and reads it whole
only when the version moved. Staff pages that must see a change at once call `refresh()`.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import QueryDict

from outage import lastgood
from outage.values import Bulletin, Reading, Story, StoryEntry
from triage import clock

__all__ = [
    "Bulletin",
    "Reading",
    "Story",
    "StoryEntry",
    "preview",
    "previewing",
    "reading",
    "refresh",
    "showing",
    "watch",
]

ASK_EVERY = 0.1  # seconds between two questions to the store
RETRY_EVERY = 0.5  # seconds, while the store does not answer
NOTE_EVERY = 10.0  # seconds between two notes on the last good copy that it is current
FIRST_WITHIN = 2.0  # seconds the first request waits for the store
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.getLogger("which_number.bulletin")

_reading: list[Reading] = [Reading(Bulletin(), clock.now(), clock.steady())]
_previewed: ContextVar[Reading | None] = ContextVar("previewed", default=None)


def reading() -> Reading:
    """What is live, from memory; in a staff preview, what would be."""
    return _previewed.get() or _reading[0]


@contextmanager
def showing(bulletin: Bulletin) -> Iterator[None]:
    """For tests: the whole process shows this bulletin while the block runs."""
    before = _reading[0]
    _reading[0] = Reading(bulletin, clock.now(), clock.steady())
    try:
        yield
    finally:
        _reading[0] = before


@contextmanager
def previewing(bulletin: Bulletin) -> Iterator[None]:
    """For a staff preview: this thread alone reads the bulletin while the block runs."""
    token = _previewed.set(Reading(bulletin, clock.now(), clock.steady()))
    try:
        yield
    finally:
        _previewed.reset(token)


class _Watcher:
    """What one process knows of the store. A child process starts its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asking = threading.Lock()
        self.started = False
        self.first = threading.Event()
        self.seen: int | None = None
        self.noted = 0.0
        self.away = False

    def ask(self, *, whole: bool = False) -> None:
        """One question to the store. Raises DatabaseError; what was known then stays."""
        from outage import store  # here, because rows exist only once Django has its apps

        with self.asking:
            before = clock.steady()
            found = store.version()
            if self.away:
                # It may have come back from a copy: equal numbers need not be equal contents.
                store.shelf().held.clear()
            if whole or self.away or found != self.seen:
                bulletin = store.shelf().bulletin(clock.now())
                self._look_back(bulletin)
                self.seen = bulletin.version
                self._keep(bulletin)
            else:
                bulletin = _reading[0].bulletin
                self._note(before)
            _reading[0] = Reading(bulletin, clock.now(), before)

    def _look_back(self, bulletin: Bulletin) -> None:
        """Say it where the store is older than what was shown: something was lost there."""
        shown = _reading[0].bulletin.version
        if bulletin.version < shown:
            log.error(
                "the database holds version %s and %s was shown: what was published since is lost. "
                "See restore_record",
                bulletin.version,
                shown,
            )

    def _keep(self, bulletin: Bulletin) -> None:
        try:
            lastgood.write(copy_path(), bulletin)
        except OSError as error:
            log.error("the last good copy could not be written: %s", error)

    def _note(self, now: float) -> None:
        if now - self.noted >= NOTE_EVERY:
            self.noted = now
            try:
                lastgood.touch(copy_path())
            except OSError as error:
                log.error("the last good copy could not be noted as current: %s", error)

    def run(self) -> None:
        """Ask for ever. Nothing the store does may end this thread."""
        while True:
            sleep(ASK_EVERY if self._once() else RETRY_EVERY)

    def _once(self) -> bool:
        try:
            self.ask()
        except Exception as error:
            self._lost(error)
            return False
        if self.away:
            log.warning("the database answers again")
        self.away = False
        self.first.set()
        return True

    def _lost(self, error: Exception) -> None:
        if not self.away:
            log.error("the database does not answer, the last good bulletin stays: %s", error)
        self.away = True
        try:
            connection.close()
        except DatabaseError:
            log.debug("the broken connection could not be closed")


_watcher: list[_Watcher] = [_Watcher()]
os.register_at_fork(after_in_child=lambda: _watcher.__setitem__(0, _Watcher()))


def copy_path() -> Path:
    return Path(settings.DATA_DIR) / "bulletin.json"


def watch() -> None:
    """Start watching, once per process. Call it in the process that serves, after any fork.

    Returns when the store has answered, or after two seconds: then the last good copy is shown
    with its age, or, where there is none, nothing that claims to be current.
    """
    watcher = _watcher[0]
    if watcher.started:
        return
    with watcher.lock:
        if watcher.started:
            return
        _reading[0] = _from_copy()
        threading.Thread(target=watcher.run, name="bulletin", daemon=True).start()
        watcher.first.wait(FIRST_WITHIN)
        watcher.started = True


def _from_copy() -> Reading:
    try:
        copy = lastgood.read(copy_path())
    except lastgood.CopyRefused as error:
        log.warning("%s", error)
        return Reading(Bulletin(), _LONG_AGO, float("-inf"))
    now = clock.now()
    checked_at = min(copy.checked_at, now)
    age = (now - checked_at).total_seconds()
    return Reading(copy.bulletin, checked_at, clock.steady() - age)


def preview(user_id: int, number: int) -> Bulletin | None:
    """What the public would read with a proposal published; None where the user may not see it.

    Reads the store: for staff views alone.
    """
    from outage import store  # here, because rows exist only once Django has its apps

    return store.preview(user_id, number, clock.now())


def preview_form(user_id: int, post: QueryDict) -> Bulletin | None:
    """The same for a declare form that nobody has kept."""
    from outage import unkept

    return unkept.bulletin(user_id, post, clock.now())


def refresh() -> None:
    """Read the store now, in this thread. Raises DatabaseError where it does not answer."""
    _watcher[0].ask(whole=True)
