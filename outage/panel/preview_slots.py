"""At most two previews at once in a process, and kind words for whoever comes beyond.

A preview is pure processor time, and a process has one processor: ten at once would be ten times
as slow, each of them. Whoever finds no slot waits a moment, and is then told to try again; what
they typed stays. Publishing and approving never wait here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from outage.statements.errors import RefusedError

AT_ONCE = 2
# Seconds. A preview takes a tenth of one: who waits this long is behind twenty others.
PATIENCE = 2.0
BUSY = (
    "Many colleagues look at previews just now, so this one was not worked out. Nothing you typed "
    "is lost: wait a few seconds, then change something, or go on without it."
)
_slots = BoundedSemaphore(AT_ONCE)


class PreviewBusyError(RefusedError):
    """No slot came free in time."""


@contextmanager
def slot() -> Iterator[None]:
    """One preview's turn. Raises PreviewBusyError where none comes free within PATIENCE."""
    if not _slots.acquire(timeout=PATIENCE):
        raise PreviewBusyError(BUSY)
    try:
        yield
    finally:
        _slots.release()
