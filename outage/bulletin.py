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
    "copied",
    "older",
    "preview",
    "previewing",
    "reading",
    "refresh",
    "showing",
    "shown",
    "watch",
]

ASK_EVERY = 0.1  # seconds between two questions to the store
RETRY_EVERY = 0.5  # seconds, while the store does not answer
NOTE_EVERY = 10.0  # seconds between two notes on the last good copy that it is current
FIRST_WITHIN = 2.0  # seconds the first request waits for the store

log = logging.getLogger("which_number.bulletin")

_reading: list[Reading] = [Reading(Bulletin(), clock.now(), clock.steady())]
_previewed: ContextVar[Reading | None] = ContextVar("previewed", default=None)


def reading() -> Reading:
    """What is live, from memory; in a staff preview, what would be."""
    return _previewed.get() or _reading[0]


def shown() -> int:
    """The version that this process shows, whatever a preview reads."""
    return _reading[0].bulletin.version


def older() -> int | None:
    """The version of a database that is older than what is shown, and so not believed."""
    return _watcher[0].older


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
        self.kept: Bulletin | None = None
        self.tried: Bulletin | None = None
        self.noted = 0.0
        self.away = False
        self.older: int | None = None

    def ask(self, *, whole: bool = False) -> None:
        """One question to the store. Raises DatabaseError; what was known then stays."""
        from outage import store  # here, because rows exist only once Django has its apps

        with self.asking:
            before = clock.steady()
            found = store.version()
            back = self.away or self.older is not None
            if back:
                # It may have come back from a copy: equal numbers need not be equal contents.
                store.shelf().forget()
            if self._is_older(found):
                return
            bulletin = _reading[0].bulletin
            if whole or back or found != self.seen:
                bulletin = store.shelf().bulletin(clock.now())
                self.seen = bulletin.version
            _reading[0] = Reading(bulletin, clock.now(), before)

    def _is_older(self, found: int) -> bool:
        """Whether the store is older than what is shown: something was lost there.

        It is not believed. An empty database in place of a lost one would be read as "all clear";
        so what was shown stays, and ages, until a publication or archive.outrank passes it.
        """
        shown = _reading[0].bulletin.version
        before, self.older = self.older, found if found < shown else None
        if self.older is not None and self.older != before:
            log.error(
                "the database holds version %s and %s was shown: what was published since is lost. "
                "What was shown stays. See restore_record and accept_database",
                found,
                shown,
            )
        return self.older is not None

    def _note(self, now: float) -> None:
        """The last good copy holds what is shown, and says that it is current. Never the one
        without the other: a copy that could not be written is not current."""
        shown = _reading[0].bulletin
        if shown is self.tried and now - self.noted < NOTE_EVERY:
            return
        self.tried, self.noted = shown, now
        kept, self.kept = self.kept, None
        try:
            if shown is kept:
                lastgood.touch(copy_path())
            else:
                lastgood.write(copy_path(), shown)
            self.kept = shown
        except Exception as error:
            # Whatever it is: without this thread the site would show nothing new for ever.
            log.error("the last good copy could not be written: %s", error)

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
        if self.older is None:
            self._note(clock.steady())
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


def copied() -> Bulletin:
    """What the last good copy of this data folder holds; an empty one where there is none."""
    try:
        return lastgood.read(copy_path()).bulletin
    except lastgood.CopyRefused:
        return Bulletin()


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
        # Since this start nothing could be checked; and nothing is known from before.
        return Reading(Bulletin(), clock.now(), float("-inf"))
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
    """Read the store now, in this thread. Raises DatabaseError where it does not answer.

    The last good copy is the watcher's: it stays as it is.
    """
    _watcher[0].ask(whole=True)
