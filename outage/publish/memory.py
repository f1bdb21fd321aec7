"""The bulletin that this process shows, in memory; and a preview's own, for one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from outage.statements.public_values import Bulletin, Reading
from triage import clock

_reading: list[Reading] = [Reading(Bulletin(), clock.now(), clock.steady())]
_previewed: ContextVar[Reading | None] = ContextVar("previewed", default=None)


def reading() -> Reading:
    """What is live, from memory; in a staff preview, what would be."""
    return _previewed.get() or _reading[0]


def shown() -> int:
    """The version that this process shows, whatever a preview reads."""
    return _reading[0].bulletin.version


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


def show(reading: Reading) -> None:
    """From now on the process shows this."""
    _reading[0] = reading


def newest() -> Reading:
    """What the process shows, whatever a preview reads."""
    return _reading[0]
