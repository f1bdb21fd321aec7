"""The only door outwards: what is live, as engine values, kept in memory.

Public pages read `reading()` and nothing else of this package. No query is run on the request
path: a watcher thread asks the store for its version every tenth of a second and reads it whole
only when the version moved. Staff pages that must see a change at once call `refresh()`.
`subscriptions` are those outside who are told: a post alone touches them.
"""

from __future__ import annotations

import os

from outage.notify import subscriptions
from outage.publish import loader, watcher
from outage.publish.memory import previewing, reading, showing, shown
from outage.publish.watcher import copied, copy_path
from outage.statements.public_values import (
    Bulletin,
    Departure,
    Reading,
    Stated,
    Story,
    StoryEntry,
)

__all__ = [
    "Bulletin",
    "Departure",
    "Reading",
    "Stated",
    "Story",
    "StoryEntry",
    "copied",
    "copy_path",
    "older",
    "previewing",
    "reading",
    "refresh",
    "showing",
    "shown",
    "subscriptions",
    "watch",
]


def _new() -> watcher.Watcher:
    return watcher.Watcher(loader.bulletin_loader())


# A child process watches for itself.
_watcher: list[watcher.Watcher] = [_new()]
os.register_at_fork(after_in_child=lambda: _watcher.__setitem__(0, _new()))


def older() -> int | None:
    """The version of a database that is older than what is shown, and so not believed."""
    return _watcher[0].older


def watch() -> None:
    """Start watching, once per process: watcher.watch."""
    watcher.watch(_watcher[0])


def refresh() -> None:
    """Read the store now, in this thread. Raises DatabaseError where it does not answer.

    The last good copy is the watcher's: it stays as it is.
    """
    _watcher[0].ask(whole=True)
