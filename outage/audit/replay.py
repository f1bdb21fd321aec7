"""What the public was told at a time, in a place, for a need: from the record alone.

The record says what was in force, and which rulebook decided; the rulebook of the time was kept
with it. Nothing of the present is used. Days before this site existed are past_days.py.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from outage.audit.record import read
from outage.models import Event, RulebookCopy
from outage.statements.statement import PublishedStatement, to_incidents
from triage import rules, seeds
from triage.engine.advice import Advice
from triage.engine.catalogue import Place
from triage.engine.edition import CONTRACT
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Incident, Situation, Status, Visitor
from triage.engine.unknown_place import advise


class ReplayError(Exception):
    """The record does not reach that far; the message says why."""


@dataclass(frozen=True)
class Replayed:
    """What was told, and by which rules and which events."""

    advice: Advice
    rulebook: str
    events: tuple[int, ...]


def replay(
    at: datetime, place: Place | None, need: str, visitor: Visitor | None = None
) -> Replayed:
    """The advice at a moment, by the rules of that time.

    Raises ReplayError where no rulebook of that time was kept, or where the advice was decided by
    another edition of the rules: what was stated is in the record, and is not judged anew.
    """
    events = list(Event.objects.filter(at__lte=at).order_by("number"))
    _check_contract(events)
    book = rulebook_at(at)
    if need not in book.needs:
        raise ReplayError(f'The rulebook of that time has no need "{need}".')
    known = tuple(in_public(events))
    situation = Situation(at, need, place, visitor or Visitor(), known)
    advice = advise(book, situation)
    told = {n.incident for n in advice.notices}
    numbers = tuple(e.number for e in events if e.incident in told)
    return Replayed(advice, book.digest, numbers)


def _check_contract(events: Sequence[Event]) -> None:
    """Events from before editions were counted are of the first."""
    of = read(events[-1]).get("contract", 1) if events else CONTRACT
    if of != CONTRACT:
        raise ReplayError(
            f"Edition {of} of the rules decided that advice, and this is edition {CONTRACT}. "
            "The record holds what was stated; it is not worked out again by other rules."
        )


def in_public(events: Iterable[Event]) -> Iterator[Incident]:
    """The incidents as the events leave them: the last published state of each, no exercise."""
    last: dict[str, PublishedStatement] = {}
    for event in events:
        data = read(event)["data"]
        if "published" in data:
            last[event.incident] = PublishedStatement.model_validate(data["published"])
    for published in last.values():
        if published.status is not Status.EXERCISE:
            yield from to_incidents(published)


def rulebook_at(at: datetime) -> Rulebook:
    """The rulebook that was in use at a moment: that of the last event, or of a later start.

    Raises ReplayError where nothing was recorded before that moment.
    """
    copies = RulebookCopy.objects.filter(kept_at__lte=at).order_by("-kept_at")
    newest = copies.values_list("digest", flat=True).first()
    if newest is None:
        raise ReplayError("The record begins later than that. Past days are in the archive.")
    return rulebook_of(newest)


def rulebook_of(digest: str) -> Rulebook:
    """A kept rulebook by its digest. Raises ReplayError where its copy does not fit its hash."""
    if digest == rules.rulebook().digest:
        return rules.rulebook()
    return _unpacked(digest)


@lru_cache(maxsize=4)
def _unpacked(digest: str) -> Rulebook:
    copy = RulebookCopy.objects.filter(digest=digest).first()
    if copy is None:
        raise ReplayError(f"The rulebook {digest[:12]} was not kept.")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(bytes(copy.archive))) as archive:
            archive.extractall(folder)
        (root,) = Path(folder).iterdir()
        book = seeds.read(root)
    if book.digest != digest:
        raise ReplayError(f"The kept rulebook {digest[:12]} was changed: its hash does not fit.")
    return book
