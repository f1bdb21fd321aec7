"""The record: append-only events, each hashed together with the one before it.

Appending, proving the chain, and keeping the rulebook of the time. What an event means for the
public is timeline_text.py; what people were told at a time is replay.py.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from outage.models import BulletinVersion, Event, RulebookCopy
from outage.statements.statement import canonical
from triage.engine.edition import CONTRACT
from triage.rules import rulebook

FIRST = "0" * 64


@dataclass(frozen=True)
class EventData:
    """What an event says. `data` must be plain JSON values."""

    kind: str
    incident: str
    organisation: str
    actor: str
    data: Mapping[str, Any]


@contextmanager
def writing() -> Iterator[None]:
    """One transaction, one writer at a time: the record is a chain."""
    with transaction.atomic():
        BulletinVersion.objects.get_or_create(pk=1)
        BulletinVersion.objects.select_for_update().get(pk=1)
        yield


def append(fact: EventData, at: datetime) -> Event:
    """Write the next event. Call inside the transaction that holds the writers' lock."""
    last = Event.objects.order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    _keep_rulebook(at)
    body = canonical(
        {
            "number": number,
            "contract": CONTRACT,
            "at": at.isoformat(),
            "kind": fact.kind,
            "incident": fact.incident,
            "organisation": fact.organisation,
            "actor": fact.actor,
            "rulebook": rulebook().digest,
            "data": fact.data,
            "previous": previous,
        }
    )
    return Event.objects.create(
        number=number,
        at=at,
        kind=fact.kind,
        incident=fact.incident,
        organisation=fact.organisation,
        actor=fact.actor,
        body=body,
        previous=previous,
        hash=hash_of(body),
    )


def hash_of(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def read(event: Event) -> dict[str, Any]:
    """The body of an event as values."""
    body: dict[str, Any] = json.loads(event.body)
    return body


def faults(events: Iterable[Event]) -> Iterator[str]:
    """Everything that is wrong with a chain, as sentences. `events` in the order of numbers.

    A row changed, taken out, put in or moved breaks its own hash or the link of the next. Rows
    cut from the very end leave no trace in the chain: compare the last hash with a kept one.
    """
    number, previous = 0, FIRST
    for event in events:
        number += 1
        if event.number != number:
            yield f"event {number} is missing: the next one found is {event.number}"
            number = event.number
        elif event.previous != previous:
            yield f"event {event.number} does not follow the event before it"
        yield from _own_faults(event)
        previous = event.hash


def _own_faults(event: Event) -> Iterator[str]:
    if hash_of(event.body) != event.hash:
        yield f"event {event.number} was changed: its hash does not fit its body"
        return
    body = read(event)
    repeated = ("number", "kind", "incident", "organisation", "actor", "previous")
    for name in repeated:
        if body[name] != getattr(event, name):
            yield f"event {event.number} was changed: its {name} differs from its body"
    if datetime.fromisoformat(body["at"]) != event.at:
        yield f"event {event.number} was changed: its time differs from its body"


def _keep_rulebook(at: datetime) -> None:
    """The seeds of this moment, once for each digest."""
    digest = rulebook().digest
    if not RulebookCopy.objects.filter(digest=digest).exists():
        RulebookCopy.objects.create(digest=digest, archive=_packed(digest), kept_at=at)


@lru_cache(maxsize=1)
def _packed(digest: str) -> bytes:
    """The seeds this process read, packed once."""
    return pack(Path(settings.SEEDS_DIR))


def pack(folder: Path) -> bytes:
    """The TOML files of a seeds folder, as a zip whose names begin with the folder's name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*.toml")):
            archive.writestr(f"{folder.name}/{path.relative_to(folder)}", path.read_bytes())
    return buffer.getvalue()
