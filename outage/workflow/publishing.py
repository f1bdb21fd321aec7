"""How what is proposed becomes what the public reads: the last checks, and the row.

Only the writers of this folder call this, each inside its own transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from outage.models import Incident, Proposal, Stage
from outage.statements import approval, timeline_text, transitions
from outage.statements.actor import Actor
from outage.statements.errors import AlreadyLiveError, RefusedError
from outage.statements.same_fault import same_fault
from outage.statements.statement import PublishedStatement, Statement
from outage.statements.stored import issued_by, published
from outage.workflow import rows as w
from triage.engine.edition import CONTRACT
from triage.engine.situation import Status
from triage.rules import rulebook


def why_two(by: Actor, incident: Incident, content: Statement) -> tuple[str, ...]:
    """Why a second person must approve a content of this incident; empty where one is enough."""
    if incident.exercise:
        return ()
    live = incident.stage == Stage.LIVE and incident.published is not None
    held = published(incident) if live else None
    return approval.why_two(content, by.rights, rulebook(), held)


def already_live(incident: Incident, content: Statement, at: datetime) -> Incident | None:
    """What the organisation says already of the same fault; None where this is the first."""
    if incident.exercise:
        return None
    others = Incident.objects.filter(
        organisation=incident.organisation,
        stage=Stage.LIVE,
        exercise=False,
        channel=content.channel,
    ).exclude(slug__in=[incident.slug, content.supersedes or ""])
    catalogue = rulebook().catalogue
    found = (o for o in others if same_fault(content, published(o).content, at, catalogue))
    return next(found, None)


def check_only_one(incident: Incident, content: Statement, at: datetime) -> None:
    """Raises AlreadyLiveError where the organisation says this already: two statements of one fault
    would leave the public with one of them when the other is stood down."""
    if (live := already_live(incident, content, at)) is not None:
        raise AlreadyLiveError(already(live, at), live.slug)


def already(live: Incident, at: datetime) -> str:
    """That something is live already: what, by whom, since when."""
    said = published(live)
    last = live.proposals.filter(stage=Stage.LIVE).order_by("-changed_at").first()
    who = last.authors[0] if last else live.created_by
    minutes = max(int((at - said.published_at).total_seconds() // 60), 0)
    age = f"{minutes} minutes ago" if minutes < 120 else f"{minutes // 60} hours ago"
    title = timeline_text.title(said.content, rulebook().catalogue).en
    return f"{live.organisation.name} says this already: {title}, by {who}, {age}. Change that one."


def publish(
    by: Actor, proposal: Proposal, extra: Mapping[str, Any], confirm_by: datetime | None = None
) -> Incident:
    """Make a proposal what the public reads. Raises RefusedError where it may not be."""
    incident = proposal.incident
    content = Statement.model_validate(proposal.content)
    w.check_version(incident.version, proposal.base_version)
    w.check_times(content, by.at)
    w.check_content(incident.organisation, content)
    check_only_one(incident, content, by.at)
    w.move_to(proposal, Stage.LIVE, by, str(extra.get("seal", "")))
    _end_superseded(by, incident, content)
    kind, first = _kind(incident, content), incident.published is None
    now = PublishedStatement(
        id=incident.slug,
        status=Status.EXERCISE if incident.exercise else Status.LIVE,
        issuer=issued_by(incident.organisation),
        content=content,
        first_published_at=by.at if first else published(incident).first_published_at,
        published_at=by.at,
        confirm_by=confirm_by,
        pretend=incident.pretend,
        contract=CONTRACT,
    )
    return w.set_published(by, incident, now, kind, extra)


def _kind(incident: Incident, content: Statement) -> str:
    """What the record calls this publication."""
    before = published(incident).content if incident.published else None
    if content.adopted_from and (before is None or before.adopted_sense != content.adopted_sense):
        return "adopted"
    if content.planned:
        return "planned"
    if before is None:
        return "declared"
    return (
        "reopened"
        if incident.stage == Stage.ENDED and not transitions.is_over(content)
        else "amended"
    )


def _end_superseded(by: Actor, incident: Incident, content: Statement) -> None:
    """A correction ends what it corrects, at once and in the same transaction."""
    if content.supersedes is None or incident.exercise:
        return
    if content.starts_at and content.starts_at > by.at:
        raise RefusedError("A correction starts at once: it has no later start.")
    old = w.any_incident(content.supersedes)
    w.check_rights(by, old.organisation)
    if old.stage == Stage.LIVE and old.slug != incident.slug:
        end(by, old, published(old).content, "superseded")


def end(by: Actor, incident: Incident, content: Statement, kind: str) -> Incident:
    """What is live is over; a call-back line or a note about demand stays until its own end."""
    now = published(incident)
    rest = (
        transitions.over(content, by.at) if kind == "stood-down" and not incident.exercise else None
    )
    if rest is not None:
        resolved = renewed(now, rest, by.at).model_copy(update={"ended_at": by.at})
        return w.set_published(by, incident, resolved, kind, {})
    update = {"status": Status.ENDED, "ended_at": by.at, "content": content, "confirm_by": None}
    return w.set_published(by, incident, now.model_copy(update=update), kind, {})


def renewed(now: PublishedStatement, content: Statement, at: datetime) -> PublishedStatement:
    """The same incident, with another content from this moment on."""
    update = {"content": content, "published_at": at, "confirm_by": None}
    return now.model_copy(update=update)
