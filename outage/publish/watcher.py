"""What one process knows of the store: a thread asks for its version, the reading stays in memory.

The store is given as a loader, so that nothing here reads a row. What may see the reading is
bulletin.py's business.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import Protocol

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from outage.publish import disk_copy, memory
from outage.statements.public_values import Bulletin, Reading
from triage import clock

ASK_EVERY = 0.1  # seconds between two questions to the store
RETRY_EVERY = 0.5  # seconds, while the store does not answer
NOTE_EVERY = 10.0  # seconds between two notes on the last good copy that it is current
FIRST_WITHIN = 2.0  # seconds the first request waits for the store

log = logging.getLogger("which_number.bulletin")


class Loader(Protocol):
    """The store, as the watcher asks it. Each may raise DatabaseError."""

    def version(self) -> int: ...

    def forget(self) -> None: ...

    def bulletin(self, at: datetime) -> Bulletin: ...


class Watcher:
    """Asks one store for ever. A child process starts its own."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader
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
        with self.asking:
            before = clock.steady()
            found = self.loader.version()
            back = self.away or self.older is not None
            if back:
                # It may have come back from a copy: equal numbers need not be equal contents.
                self.loader.forget()
            if self._is_older(found):
                return
            bulletin = memory.newest().bulletin
            if whole or back or found != self.seen:
                bulletin = self.loader.bulletin(clock.now())
                self.seen = bulletin.version
            memory.show(Reading(bulletin, clock.now(), before))

    def _is_older(self, found: int) -> bool:
        """Whether the store is older than what is shown: something was lost there.

        It is not believed. An empty database in place of a lost one would be read as "all clear";
        so what was shown stays, and ages, until a publication or archive.outrank passes it.
        """
        shown = memory.shown()
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
        shown = memory.newest().bulletin
        if shown is self.tried and now - self.noted < NOTE_EVERY:
            return
        self.tried, self.noted = shown, now
        kept, self.kept = self.kept, None
        try:
            if shown is kept:
                disk_copy.touch(copy_path())
            else:
                disk_copy.write(copy_path(), shown)
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


def copy_path() -> Path:
    return Path(settings.DATA_DIR) / "bulletin.json"


def copied() -> Bulletin:
    """What the last good copy of this data folder holds; an empty one where there is none."""
    try:
        return disk_copy.read(copy_path()).bulletin
    except disk_copy.DiskCopyError:
        return Bulletin()


def watch(watcher: Watcher) -> None:
    """Start watching, once per process. Call it in the process that serves, after any fork.

    Returns when the store has answered, or after two seconds: then the last good copy is shown
    with its age, or, where there is none, nothing that claims to be current.
    """
    if watcher.started:
        return
    with watcher.lock:
        if watcher.started:
            return
        memory.show(_from_copy())
        threading.Thread(target=watcher.run, name="bulletin", daemon=True).start()
        watcher.first.wait(FIRST_WITHIN)
        watcher.started = True


def _from_copy() -> Reading:
    try:
        copy = disk_copy.read(copy_path())
    except disk_copy.DiskCopyError as error:
        log.warning("%s", error)
        # Since this start nothing could be checked; and nothing is known from before.
        return Reading(Bulletin(), clock.now(), float("-inf"))
    now = clock.now()
    checked_at = min(copy.checked_at, now)
    age = (now - checked_at).total_seconds()
    return Reading(copy.bulletin, checked_at, clock.steady() - age)
