"""What every move of incidents.py is made of: the lock, the checks, the rows, the event.

Only incidents.py calls this. Which move may start from which stage stands in TABLE.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from outage.audit import record
from outage.models import (
    BulletinVersion,
    Event,
    Incident,
    LocalNumber,
    Organisation,
    Proposal,
    Stage,
)
from outage.publish import memory
from outage.statements import rights, timeline_text
from outage.statements.actor import Actor
from outage.statements.errors import ConflictError, RefusedError
from outage.statements.statement import PublishedStatement, Statement, plain
from outage.statements.stored import published
from outage.statements.transitions import TABLE, Move
from outage.statements.validation import InvalidStatementError, read
from outage.workflow import telling
from triage.engine.catalogue import Catalogue
from triage.engine.situation import State, Status
from triage.rules import rulebook

_NUMBER = re.compile(r"\+?[0-9][0-9 ]{2,19}")


def catalogue() -> Catalogue:
    return rulebook().catalogue


# ---- finding, with every check


def incident_for(
    by: Actor, slug: str, version: int, move: Move, *, approving: bool = False, stops: bool = False
) -> Incident:
    """The incident as this person saw it. What stops it needs no newest version: stopping wins.

    Raises RefusedError, or ConflictError for an older version.
    """
    incident = any_incident(slug)
    if approving and incident.published:
        check_may_approve(by, incident.organisation, published(incident).content)
    else:
        check_rights(by, incident.organisation)
    if not stops:
        check_version(incident.version, version)
    check_stage(Stage(incident.stage), move)
    return incident


def any_incident(slug: str) -> Incident:
    try:
        return Incident.objects.select_related("organisation").get(slug=slug)
    except Incident.DoesNotExist as error:
        raise RefusedError(f'There is no incident "{slug}".') from error


def adopted_before(owner: Organisation, source: str) -> Incident | None:
    """The live statement by which an organisation adopted another's, if there is one."""
    live = Incident.objects.filter(organisation=owner, stage=Stage.LIVE, exercise=False)
    found = live.select_related("organisation").filter(published__content__adopted_from=source)
    return found.first()


def proposal_for(
    by: Actor, number: int, version: int, move: Move, *, approving: bool = False
) -> Proposal:
    """The proposal as this person saw it.

    Raises RefusedError, or ConflictError for an older version.
    """
    proposal = any_proposal(number)
    if approving:
        content = Statement.model_validate(proposal.content)
        check_may_approve(by, proposal.incident.organisation, content)
    else:
        check_rights(by, proposal.incident.organisation)
    check_version(proposal.version, version)
    check_stage(Stage(proposal.stage), move)
    return proposal


def any_proposal(number: int) -> Proposal:
    try:
        return Proposal.objects.select_related("incident__organisation").get(pk=number)
    except Proposal.DoesNotExist as error:
        raise RefusedError("There is no such draft.") from error


def is_open(proposal: Proposal) -> bool:
    """Whether it is still to be published or dropped."""
    return proposal.stage in (Stage.DRAFT, Stage.SUBMITTED)


def check_rights(by: Actor, organisation: Organisation) -> None:
    if reason := rights.refusal(by.rights, organisation):
        raise RefusedError(reason)


def check_content(organisation: Organisation, content: Statement) -> None:
    if reason := rights.content_refusal(organisation, content, catalogue()):
        raise RefusedError(reason)


def check_may_approve(by: Actor, organisation: Organisation, content: Statement) -> None:
    if reason := rights.may_approve(by.rights, organisation.slug, content, catalogue()):
        raise RefusedError(reason)


def check_version(actual: int, seen: int) -> None:
    if actual != seen:
        raise ConflictError(
            "A colleague changed this while you had it open. Nothing was overwritten."
        )


def check_stage(stage: Stage, move: Move) -> None:
    if stage not in TABLE[move]:
        raise RefusedError(f"You cannot {move} this: it is {stage.label.lower()}.")


def check_no_open_proposal(incident: Incident) -> None:
    if incident.proposals.filter(stage__in=[Stage.DRAFT, Stage.SUBMITTED]).exists():
        raise RefusedError("A change of this is already being written. Open that one.")


def check_not_added(incident: Incident, kind: str, public: Mapping[str, Any]) -> None:
    """A button pressed twice adds one entry."""
    last = Event.objects.filter(incident=incident.slug).last()
    if last is not None and last.kind == kind and record.read(last)["data"]["public"] == public:
        raise RefusedError("This stands on the timeline already.")


def check_times(content: Statement, at: datetime) -> None:
    """A statement is not born overdue or over."""
    if content.review_at and content.review_at <= at and content.state is not State.RESOLVED:
        raise RefusedError("The next review lies in the past. Say when you will look again.")
    if content.ends_at and content.ends_at <= at:
        raise RefusedError("The end lies in the past.")


def content_of(by: Actor, organisation: Organisation, data: Mapping[str, Any]) -> Statement:
    """The content of a form, checked. Raises RefusedError with every problem."""
    try:
        content = read(data, rulebook(), by.at)
    except InvalidStatementError as error:
        raise RefusedError(" ".join(f"{p}." for p in error.problems)) from error
    check_rights(by, organisation)
    check_content(organisation, content)
    if content.supersedes:
        check_rights(by, any_incident(content.supersedes).organisation)
    return content


def updated(content: Statement, update: Mapping[str, Any]) -> Statement:
    """A content with some fields set. What was published before is not judged again: stopping
    must not fail because a number has run out since."""
    try:
        return Statement.model_validate(plain(content) | dict(update))
    except ValidationError as error:
        raise RefusedError(
            " ".join(f"{e['loc'][0]}: {e['msg']}." for e in error.errors())
        ) from error


# ---- writing rows, each with its event


def open_proposal(
    by: Actor,
    incident: Incident,
    content: Statement,
    kind: str,
    authors: Sequence[str] = (),
    key: str = "",
) -> Proposal:
    proposal = Proposal.objects.create(
        incident=incident,
        key=key,
        content=plain(content),
        base_version=incident.version,
        authors=[*authors] or [by.name],
        created_at=by.at,
        changed_at=by.at,
    )
    said = {"content": proposal.content, "exercise": incident.exercise}
    event(by, kind, incident, said | ({"authors": [*authors]} if authors else {}))
    return proposal


def new_incident(
    by: Actor, owner: Organisation, channel: str, *, slug: str, exercise: bool, pretend: bool
) -> Incident:
    return Incident.objects.create(
        slug=slug or _free_slug(channel, owner, by.at),
        organisation=owner,
        channel=channel,
        exercise=exercise,
        pretend=pretend,
        created_by=by.name,
        created_at=by.at,
    )


def _free_slug(channel: str, owner: Organisation, at: datetime) -> str:
    stem = f"{channel}-{owner.slug}-{at:%Y%m%d-%H%M}"[:100]
    taken = set(Incident.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    names = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def move_to(proposal: Proposal, stage: Stage, by: Actor, seal: str = "") -> None:
    proposal.stage, proposal.seal, proposal.changed_at = stage, seal, by.at
    proposal.version += 1
    proposal.save()


def submitted(by: Actor, proposal: Proposal, seal: str) -> None:
    """Put a proposal to a second person."""
    proposal.submitted_at, proposal.submitted_by = by.at, by.name
    proposal.returned_because = ""
    move_to(proposal, Stage.SUBMITTED, by, seal)
    event(by, "submitted", proposal.incident, {"seal": seal})
    telling.asked(by, proposal)


def set_published(
    by: Actor,
    incident: Incident,
    now: PublishedStatement,
    kind: str,
    extra: Mapping[str, Any],
    gone: Sequence[str] = (),
) -> Incident:
    """Write what the public reads from now on, its event and the new bulletin version. `gone` are
    the footprints that it left."""
    ended = now.status is Status.ENDED
    incident.published = plain(now)
    incident.stage = Stage.ENDED if ended else Stage.LIVE
    incident.ended_at = now.ended_at
    incident.version += 1
    incident.save()
    words = timeline_text.sentence(kind, now.content, catalogue(), gone)
    told: dict[str, Any] = {"public": {"kind": kind, "en": words.en, "cy": words.cy}}
    if gone:
        told["public"]["gone"] = [*gone]
    event(by, kind, incident, {**extra, "published": incident.published, **told})
    bump(by.at, publishes=not incident.exercise)
    telling.public(by, incident, kind, now)
    return incident


def event(by: Actor, kind: str, incident: Incident, data: Mapping[str, Any]) -> Event:
    owner = incident.organisation.slug
    return record.append(record.EventData(kind, incident.slug, owner, by.name, data), by.at)


def organisation_event(by: Actor, kind: str, data: Mapping[str, Any]) -> None:
    """An event of the organisation itself, of no incident."""
    owner = by.operator.organisation.slug
    record.append(record.EventData(kind, "", owner, by.name, data), by.at)


def local_number(by: Actor, values: Mapping[str, str]) -> LocalNumber:
    """A number as it would be kept. Raises RefusedError for one that could not be published."""
    tested, until = (datetime.fromisoformat(values[k]) for k in ("tested_at", "valid_until"))
    if not _NUMBER.fullmatch(values["number"]):
        raise RefusedError(f'"{values["number"]}" is not a telephone number.')
    if values["footprint"] not in by.operator.organisation.footprints:
        raise RefusedError("A number is for a place of your own territory.")
    if tested > by.at or until <= by.at:
        raise RefusedError("It was test-dialled in the past, and it is shown until a time to come.")
    return LocalNumber(
        organisation=by.operator.organisation,
        number=values["number"],
        footprint=values["footprint"],
        what_for=values["what_for"],
        tested_by=values["tested_by"],
        tested_at=tested,
        valid_until=until,
    )


def bump(at: datetime, *, publishes: bool = False) -> None:
    """The next version of the bulletin.

    In a database that came back older than what this process shows (bulletin.py), a publication
    passes what is shown: who publishes there is read, and what they see on the board with it.
    Nothing less makes it count: a comment or a host of the widget is nobody's word that all else is
    over. It is read with the rest once the database counts.
    """
    row, shown = BulletinVersion.objects.get(pk=1), memory.shown()
    if row.version < shown and not publishes:
        return
    row.version, row.changed_at = max(row.version, shown) + 1, at
    row.save()
