"""The record out and in again: exports as JSON and CSV, and the restore from JSON.

An export is whole: the events, the rulebooks they hang on, and nothing else. A restore proves the
chain before it writes, into an empty record only; the rows come from the events (rebuild.py).
"""

from __future__ import annotations

import base64
import csv
import json
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet

from outage.audit import rebuild, record
from outage.audit.record import faults, writing
from outage.models import BulletinVersion, Event, Incident, Organisation, RulebookCopy

FIELDS = ("number", "at", "kind", "incident", "organisation", "actor", "body", "previous", "hash")


class RestoreError(Exception):
    """The record was not restored; the message says why. Nothing was written."""


def to_json(out: IO[str], own: str | None = None) -> None:
    """The whole record as one JSON document; or the events of one organisation (`own`), which
    prove nothing by themselves: the chain runs through everybody's."""
    rulebooks = [
        {
            "digest": copy.digest,
            "kept_at": copy.kept_at.isoformat(),
            "archive": base64.b64encode(bytes(copy.archive)).decode(),
        }
        for copy in RulebookCopy.objects.order_by("kept_at")
    ]
    organisations = list(
        Organisation.objects.values("slug", "name", "name_cy", "kind", "services", "footprints")
    )
    events = [_row(event) for event in _events(own)]
    whole = {"events": events, "rulebooks": rulebooks, "organisations": organisations}
    json.dump(whole, out, indent=1, ensure_ascii=False)


def _events(own: str | None) -> QuerySet[Event]:
    events = Event.objects.order_by("number")
    return events if own is None else events.filter(organisation=own)


def to_csv(out: IO[str], own: str | None = None) -> None:
    """One line an event, for a spreadsheet. A cell that looks like a formula is made plain."""
    writer = csv.writer(out)
    writer.writerow(FIELDS)
    for event in _events(own).iterator():
        writer.writerow([_cell(value) for value in _row(event).values()])


def _row(event: Event) -> dict[str, Any]:
    row = {name: getattr(event, name) for name in FIELDS}
    return row | {"at": event.at.isoformat()}


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def restore(data: Mapping[str, Any]) -> int:
    """Write an exported record into an empty one, and give the number of its events.

    Raises RestoreError where the chain does not hold or the record is not empty.
    """
    if Event.objects.exists() or Incident.objects.exists():
        raise RestoreError("The record here is not empty: restore into a fresh database.")
    try:
        events = [_event(row) for row in data["events"]]
        rulebooks = [_copy(row) for row in data["rulebooks"]]
        organisations = list(data["organisations"])
    except (KeyError, TypeError, ValueError) as error:
        raise RestoreError(f"This is not an exported record: {error!r}") from error
    if problems := list(faults(events)):
        raise RestoreError("\n".join(problems))
    with transaction.atomic():
        for row in organisations:
            Organisation.objects.get_or_create(slug=row["slug"], defaults=row)
        RulebookCopy.objects.bulk_create(rulebooks, ignore_conflicts=True)
        Event.objects.bulk_create(events)
        rebuild.rows(events)
        last = events[-1].at if events else None
        BulletinVersion.objects.update_or_create(
            pk=1, defaults={"version": len(events), "changed_at": last}
        )
    return len(events)


def outrank(shown: int, actor: str, at: datetime) -> int:
    """Let this database count again, although a version `shown` was read from another that is lost.

    Gives its new version, which every node believes that showed no more. An event says who did it.
    """
    with writing():
        row = BulletinVersion.objects.get(pk=1)
        data = {"held": row.version, "shown": shown}
        record.append(record.EventData("database-accepted", "", "", actor, data), at)
        row.version, row.changed_at = max(row.version, shown) + 1, at
        row.save()
        return row.version


def _event(row: Mapping[str, Any]) -> Event:
    values = {name: row[name] for name in FIELDS}
    return Event(**{**values, "at": datetime.fromisoformat(row["at"])})


def _copy(row: Mapping[str, Any]) -> RulebookCopy:
    archive = base64.b64decode(row["archive"])
    kept_at = datetime.fromisoformat(row["kept_at"])
    return RulebookCopy(digest=row["digest"], archive=archive, kept_at=kept_at)
