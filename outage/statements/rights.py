"""Who may do what: every rule about rights, in this one place.

Pure: an operator's rights and a content give yes or a sentence that says why not. Views, admin
and incidents.py ask here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from outage.models import Operator, Organisation, Role
from outage.statements import channel_rights, timeline_text
from outage.statements.statement import PublishedStatement, Statement, to_incidents
from outage.statements.stored import issued_by
from triage.engine.catalogue import Catalogue, Footprint, FootprintKind, Service
from triage.engine.entitlement import may_state
from triage.engine.situation import Incident, IssuerKind, Status

_WHENEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Rights:
    """What one person may do: the organisation's services and territory, and their role."""

    username: str
    organisation: str
    kind: IssuerKind
    role: Role
    services: frozenset[Service]
    footprints: tuple[Footprint, ...]

    @property
    def national(self) -> bool:
        """Whether the territory is the whole UK: such an operator may touch anybody's."""
        return any(f.kind is FootprintKind.UK for f in self.footprints)

    @property
    def writes(self) -> bool:
        return self.role is not Role.VIEWER

    @property
    def manages(self) -> bool:
        return self.role is Role.MANAGER


def of(operator: Operator) -> Rights | None:
    """The rights of an operator; None where the account or the organisation is closed."""
    if not (operator.user.is_active and operator.organisation.active):
        return None
    o = operator.organisation
    return Rights(
        username=operator.user.get_username(),
        organisation=o.slug,
        kind=IssuerKind(o.kind),
        role=Role(operator.role),
        services=frozenset(map(Service, o.services)),
        footprints=tuple(map(Footprint.parse, o.footprints)),
    )


def refusal(rights: Rights, organisation: Organisation) -> str | None:
    """Why this person may not write an incident of this organisation; None where they may."""
    if not rights.writes:
        return "Your role reads only. Ask a manager of your organisation for the editor role."
    if rights.organisation != organisation.slug and not _above(rights):
        return f"This belongs to {organisation.name}. You may touch your own organisation's only."
    return None


def content_refusal(
    organisation: Organisation, content: Statement, catalogue: Catalogue
) -> str | None:
    """Why nobody may say this in the name of an organisation; None where somebody may."""
    if reason := channel_rights.refusal(organisation, content.channel, catalogue):
        return reason
    if not may_state(said_by(organisation, content), catalogue):
        return _without_effect(organisation, content, catalogue)
    return _carrier_refusal(content) if organisation.kind == IssuerKind.CARRIER else None


def said_by(organisation: Organisation, content: Statement) -> Incident:
    """A content as the engine would have it from this issuer. The right is one of every hour."""
    said = PublishedStatement(
        id="this",
        status=Status.DRAFT,
        issuer=issued_by(organisation),
        content=content,
        first_published_at=_WHENEVER,
        published_at=_WHENEVER,
    )
    return to_incidents(said)[0]


def _without_effect(organisation: Organisation, content: Statement, catalogue: Catalogue) -> str:
    """Why the engine would change nobody's advice by it (rules 1 and 10)."""
    if content.services and organisation.services:
        named = " and ".join(content.services)
        return (
            f"services: {organisation.name} does not answer {named} calls, so this would change "
            "nothing. Name your own service, or none where all calls fail."
        )
    return channel_rights.not_theirs(organisation, catalogue.channels[content.channel])


def _above(rights: Rights) -> bool:
    """A national answering service or government may touch any organisation's incident."""
    return rights.national and rights.kind is not IssuerKind.CARRIER


def _carrier_refusal(content: Statement) -> str | None:
    if content.notices or content.numbers or content.keep_free or content.demand_note:
        return "A telephone company states what is broken, not what people should do about it."
    return None


def may_see(rights: Rights, organisation: str) -> bool:
    """Whether drafts, history and record of an organisation are open to this person."""
    return rights.organisation == organisation or _above(rights)


def may_look(rights: Rights, organisation: str, content: Statement, catalogue: Catalogue) -> bool:
    """Whether a proposal is open to this person: their organisation's, or one to approve."""
    if may_see(rights, organisation):
        return True
    return may_approve(rights, organisation, content, catalogue) is None


def may_approve(
    rights: Rights, organisation: str, content: Statement, catalogue: Catalogue
) -> str | None:
    """Why this person may not approve a content; None where they may.

    Their own territory must cover it: a force cannot approve what changes another's advice.
    """
    if not rights.writes:
        return "Your role reads only."
    if rights.kind is IssuerKind.CARRIER and rights.organisation != organisation:
        return "A telephone company approves its own statements only."
    if missing := beyond(rights, content, catalogue):
        named = timeline_text.all_places(missing, catalogue).en
        return f"Your organisation does not cover {named}. Someone who does must."
    return None


def beyond(rights: Rights, content: Statement, catalogue: Catalogue) -> tuple[str, ...]:
    """The footprints of a content that lie outside the organisation's own territory."""
    return tuple(_outside(rights, content, catalogue))


def _outside(rights: Rights, content: Statement, catalogue: Catalogue) -> Iterator[str]:
    for text in content.footprints:
        if not any(_holds(own, text, rights, content, catalogue) for own in rights.footprints):
            yield text


def _holds(
    own: Footprint, text: str, rights: Rights, content: Statement, catalogue: Catalogue
) -> bool:
    """Whether a territory holds a footprint, for the services the content names."""
    if own.kind is FootprintKind.UK or str(own) == text:
        return True
    wanted = Footprint.parse(text)
    areas = [a for a in catalogue.areas.values() if wanted.covers(catalogue.place(a.slug))]
    if wanted.kind is FootprintKind.COUNCIL:
        areas = [catalogue.areas[catalogue.place_of_council[wanted.value].area]]
    inside = bool(areas) and all(own.covers(catalogue.place(a.slug)) for a in areas)
    if own.service is None:
        return inside
    named = set(content.services)
    narrow = bool(named) and named <= (rights.services | {own.service})
    return inside and narrow and wanted.kind is FootprintKind.COUNCIL
