"""The only writer of who may speak: organisations, operators, local numbers. Each with its event.

Incidents are lifecycle.py's. Like there, each function is one transaction and raises Refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from outage import record
from outage import writing as w
from outage.models import LocalNumber, Operator, Organisation, Role
from outage.writing import By, Refused
from triage.engine.catalogue import Footprint, FootprintKind, Service
from triage.engine.rulebook import Rulebook
from triage.scenario import known_values


def set_operator(
    user: User, organisation: Organisation, role: Role, actor: str, at: datetime
) -> Operator:
    """Who works for whom, as what. Their open sessions end (gate.py)."""
    with w.writing():
        operator, _ = Operator.objects.update_or_create(
            user=user, defaults={"organisation": organisation, "role": role}
        )
        data = {"operator": user.get_username(), "role": str(role)}
        record.append(record.Fact("operator-set", "", organisation.slug, actor, data), at)
        return operator


def set_organisation(
    values: Mapping[str, Any], rulebook: Rulebook, actor: str, at: datetime
) -> Organisation:
    """A new organisation."""
    check_organisation(values, rulebook)
    return save_organisation(Organisation(**values), actor, at)


def save_organisation(organisation: Organisation, actor: str, at: datetime) -> Organisation:
    with w.writing():
        organisation.save()
        names = ("name", "name_cy", "kind", "services", "footprints", "widget_hosts", "active")
        data = {name: getattr(organisation, name) for name in names}
        record.append(record.Fact("organisation-set", "", organisation.slug, actor, data), at)
        w.bump(at)
        return organisation


def check_organisation(values: Mapping[str, Any], rulebook: Rulebook) -> None:
    """Raises Refused for a service or a footprint that the rulebook does not know."""
    for service in values.get("services") or []:
        if service not in set(Service):
            raise Refused(f'There is no service "{service}".')
    if not values.get("footprints"):
        raise Refused("An organisation has a territory: at least one footprint.")
    for text in values["footprints"]:
        _check_footprint(str(text), rulebook)


def _check_footprint(text: str, rulebook: Rulebook) -> None:
    try:
        footprint = Footprint.parse(text)
    except ValueError as error:
        raise Refused(str(error)) from error
    known = known_values(footprint.kind, rulebook)
    if footprint.kind is not FootprintKind.UK and footprint.value not in (known or ()):
        raise Refused(f'There is no place "{text}".')


def set_hosts(by: By, hosts: list[str]) -> None:
    """The origins that may frame this organisation's widget. They travel in the bulletin."""
    with w.writing():
        owner = by.operator.organisation
        before, owner.widget_hosts = owner.widget_hosts, hosts
        owner.save()
        w.organisation_event(by, "hosts-set", {"before": before, "after": hosts})
        w.bump(by.at)


def keep_number(by: By, values: Mapping[str, str]) -> LocalNumber:
    """A local number for the day 999 fails: kept, and shown only when a statement publishes it."""
    number = w.local_number(by, values)
    with w.writing():
        number.save()
        w.organisation_event(by, "number-kept", dict(values))
        return number


def drop_number(by: By, number: str) -> None:
    """Forget a local number that was kept."""
    with w.writing():
        found = LocalNumber.objects.filter(
            organisation=by.operator.organisation, number=number
        ).delete()[0]
        if not found:
            raise Refused("There is no such number.")
        w.organisation_event(by, "number-dropped", {"number": number})
