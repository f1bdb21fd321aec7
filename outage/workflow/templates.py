"""What an organisation says often, kept under a name, without the times and numbers of one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from outage.audit import record
from outage.models import StatementTemplate
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.statements.statement import Statement, plain
from outage.workflow import endings
from outage.workflow import rows as w


def of(by: Actor) -> Iterable[StatementTemplate]:
    """The templates of the operator's own organisation, by name."""
    return StatementTemplate.objects.filter(organisation=by.operator.organisation)


def keep(by: Actor, name: str, content: Statement) -> StatementTemplate:
    """Keep what a statement says under a name, in place of what stood there."""
    name = name.strip()[:80]
    if not name:
        raise RefusedError("Give it a name that your colleagues will know at night.")
    w.check_rights(by, by.operator.organisation)
    with record.writing():
        kept = plain(endings.afresh(content, by))
        found, _ = StatementTemplate.objects.update_or_create(
            organisation=by.operator.organisation,
            name=name,
            defaults={"content": kept, "author": by.name, "at": by.at},
        )
        w.organisation_event(by, "template-kept", {"name": name, "content": kept})
        return found


def drop(by: Actor, number: int) -> None:
    w.check_rights(by, by.operator.organisation)
    with record.writing():
        found = _own(by, number)
        w.organisation_event(by, "template-dropped", {"name": found.name})
        found.delete()


def begin(by: Actor, number: int) -> Mapping[str, Any]:
    """The data of a new form, from a template: its next look lies ahead of now."""
    return plain(endings.afresh(Statement.model_validate(_own(by, number).content), by))


def _own(by: Actor, number: int) -> StatementTemplate:
    found = StatementTemplate.objects.filter(organisation=by.operator.organisation, pk=number)
    if (template := found.first()) is None:
        raise RefusedError("There is no such template in your organisation.")
    return template
