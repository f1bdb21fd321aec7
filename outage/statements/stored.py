"""A stored row -> the statement it holds."""

from __future__ import annotations

from outage.models import Incident, Organisation
from outage.statements.errors import RefusedError
from outage.statements.statement import IssuedBy, PublishedStatement
from triage.engine.catalogue import Service
from triage.engine.situation import IssuerKind


def published(incident: Incident) -> PublishedStatement:
    """What the public reads of an incident. Raises RefusedError where nothing was published."""
    if incident.published is None:
        raise RefusedError("Nothing of this incident was published yet.")
    return PublishedStatement.model_validate(incident.published)


def issued_by(organisation: Organisation) -> IssuedBy:
    """An organisation as it is now, as the issuer of a statement."""
    return IssuedBy(
        slug=organisation.slug,
        name=organisation.name,
        name_cy=organisation.name_cy,
        kind=IssuerKind(organisation.kind),
        footprint=organisation.footprints[0],
        entitled=organisation.active,
        services=tuple(map(Service, organisation.services)),
    )
