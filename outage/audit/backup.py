"""The whole database as one stream of text, and back into an empty one, whichever kind it is.

A backup is lines of JSON: a head (when, how many events, the hash of the last), every row, and a
foot that says how many there were and their hash. It holds what no export of the record holds:
accounts, passwords as hashes, second factors as they are sealed. The key that seals them is in no
backup; the head names it by its fingerprint alone.

A restore is whole or nothing: that no row was changed or lost, and that the chain of the record
holds, is proved before anything counts. What the rows say against the record is for verify_record,
there as here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from io import StringIO
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models, transaction

from outage.audit import record
from outage.models import BulletinVersion, Event

FORMAT = 1
# Who is signed in, and who mistyped: over within the hour. What Django makes by itself, it makes.
_LEFT_OUT = frozenset(
    {"sessions.session", "outage.signincounter", "contenttypes.contenttype", "auth.permission"}
)


class BackupError(Exception):
    """The backup was not restored; the message says why. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup says of itself before its rows."""

    format: int
    at: str
    events: int
    last: str
    key: str


class ExactEncoder(DjangoJSONEncoder):
    """Times to the microsecond: Django's own stops at the millisecond, and the chain would not
    hold."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def fingerprint() -> str:
    """Which key seals the second factors here, without telling the key."""
    return hashlib.sha256(f"which-number {settings.SECRET_KEY}".encode()).hexdigest()[:12]


def _models() -> list[type[models.Model]]:
    found = serializers.sort_dependencies([(a, None) for a in apps.get_app_configs()])
    return [m for m in found if m._meta.label_lower not in _LEFT_OUT and not m._meta.proxy]


def lines(at: datetime) -> Iterator[str]:
    """A backup, line by line, of one moment: what is written meanwhile is in it whole or not.

    Inside a transaction of the caller's, the moment is as that transaction sees it.
    """
    digest, count = hashlib.sha256(), 0
    is_ours = not connection.in_atomic_block
    with transaction.atomic():
        if is_ours and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        last = Event.objects.order_by("number").last()
        head = Head(
            FORMAT, at.isoformat(), Event.objects.count(), last.hash if last else "", fingerprint()
        )
        yield json.dumps(asdict(head))
        for row in _rows():
            digest.update(row.encode())
            count += 1
            yield row
    yield json.dumps({"rows": count, "sha256": digest.hexdigest()})


def _rows() -> Iterator[str]:
    for model in _models():
        for row in model._default_manager.order_by("pk").iterator(chunk_size=500):
            line = serializers.serialize(
                "jsonl", [row], use_natural_foreign_keys=True, cls=ExactEncoder
            )
            yield line.strip()


def restore(source: Iterable[str]) -> Head:
    """Writes a backup into an empty database that `migrate` has made. Raises BackupError."""
    if Event.objects.exists() or _has_accounts():
        raise BackupError("This database is not empty: restore into a fresh one.")
    try:
        with transaction.atomic():
            BulletinVersion.objects.all().delete()
            head = _write(iter(source))
            _prove(head)
            _count_on()
    except (DeserializationError, DatabaseError, ValueError, TypeError, KeyError) as error:
        raise BackupError(f"This is no whole backup of this release: {error}") from error
    return head


def _has_accounts() -> bool:
    return any(m._default_manager.exists() for m in _models() if m._meta.label == "auth.User")


def _write(source: Iterator[str]) -> Head:
    head = Head(**json.loads(next(source, "{}")))
    if head.format != FORMAT:
        raise BackupError(f"This backup has format {head.format}; this release reads {FORMAT}.")
    digest = hashlib.sha256()
    for count, line in enumerate(source):
        row = line.rstrip("\n")
        if row.startswith('{"rows": '):
            if json.loads(row) != {"rows": count, "sha256": digest.hexdigest()}:
                raise BackupError("This backup was changed, or lost lines.")
            return head
        digest.update(row.encode())
        for found in serializers.deserialize("jsonl", StringIO(row)):
            found.save(force_insert=True)
    raise BackupError("This backup ends before its end.")


def _prove(head: Head) -> None:
    events = Event.objects.order_by("number")
    last = events.last()
    if (events.count(), last.hash if last else "") != (head.events, head.last):
        raise BackupError("The record here is not the one that was backed up.")
    if problems := list(record.faults(events)):
        raise BackupError("\n".join(problems))


def _count_on() -> None:
    """The next row gets a number that no row has."""
    for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def write(out: IO[Any], at: datetime) -> None:
    """A backup into an open text file."""
    for line in lines(at):
        out.write(f"{line}\n")
