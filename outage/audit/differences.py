"""Where the database holds something else than the record says: rows that were changed, put in or
taken out behind the back of incidents.py and accounts.py. Whether the record itself holds is
record.py's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model

from outage.audit.record import read
from outage.models import Event, Incident, Operator, Organisation
from outage.statements.public_log import DETAILS


@dataclass
class _Told:
    """What the events leave behind, by name."""

    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    operators: dict[str, tuple[str, str]] = field(default_factory=dict)
    published: dict[str, Any] = field(default_factory=dict)


def differences(events: Iterable[Event]) -> Iterator[str]:
    """Every difference, as a sentence. `events` in the order of numbers, proved before."""
    told = _Told()
    for event in events:
        _read(told, event, read(event)["data"])
    yield from _compared("organisation", told.organisations, _organisations())
    yield from _compared("account", told.accounts, _accounts())
    yield from _compared("rights of", told.operators, _operators())
    yield from _compared("statement", told.published, _published())


def _read(told: _Told, event: Event, data: Mapping[str, Any]) -> None:
    if "published" in data:
        told.published[event.incident] = data["published"]
    elif event.kind == "organisation-set":
        told.organisations[event.organisation] = {name: data.get(name, []) for name in DETAILS}
    elif event.kind == "hosts-set" and event.organisation in told.organisations:
        told.organisations[event.organisation]["widget_hosts"] = data["after"]
    elif event.kind == "account-set":
        told.accounts[data["account"]] = (data["active"], data["runs_site"])
    elif event.kind == "operator-set":
        told.operators[data["operator"]] = (event.organisation, data["role"])
        told.accounts.setdefault(data["operator"], (True, False))


def _compared(what: str, told: Mapping[str, Any], held: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*told, *held}):
        if name not in told:
            yield f"{what} {name}: the database holds it, and no event tells of it"
        elif name not in held:
            yield f"{what} {name}: the record tells of it, and the database does not hold it"
        elif told[name] != held[name]:
            yield f"{what} {name}: the database holds something else than the record says"


def _organisations() -> dict[str, Any]:
    return {o.pop("slug"): o for o in Organisation.objects.values("slug", *DETAILS)}


def _accounts() -> dict[str, Any]:
    rows = get_user_model().objects.values_list("username", "is_active", "is_superuser", "is_staff")
    return {name: (active, runs or staff) for name, active, runs, staff in rows}


def _operators() -> dict[str, Any]:
    rows = Operator.objects.values_list("user__username", "organisation__slug", "role")
    return {name: (organisation, role) for name, organisation, role in rows}


def _published() -> dict[str, Any]:
    return dict(Incident.objects.exclude(published=None).values_list("slug", "published"))
