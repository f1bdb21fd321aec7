"""The only writer of incidents, proposals and events: every move an operator can make.

Each public function is one transaction: the writers' lock, the checks, the rows, the event, the new
bulletin version (rows.py). It raises RefusedError with a sentence that says why, or ConflictError
where a colleague was faster; then nothing at all was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from outage.audit import record
from outage.models import Incident, Organisation, Proposal, Stage
from outage.notify import alarm_mail
from outage.statements import approval, rights, timeline_entries, timeline_text, transitions
from outage.statements.actor import Actor
from outage.statements.errors import ConflictError, RefusedError, TransitionError
from outage.statements.statement import PublishedStatement, Statement, digest, plain
from outage.statements.stored import issued_by, published
from outage.statements.transitions import Move
from outage.workflow import rows as w
from triage.engine.situation import State, Status
from triage.rules import rulebook


def draft(
    by: Actor,
    data: Mapping[str, Any],
    organisation: Organisation | None = None,
    *,
    exercise: bool = False,
    slug: str = "",
) -> Proposal:
    """A new incident that nobody sees yet."""
    with record.writing():
        owner = organisation or by.operator.organisation
        content = w.content_of(by, owner, data)
        incident = w.new_incident(
            by, owner, content.channel, slug=slug, exercise=exercise, pretend=settings.DEMO
        )
        return w.open_proposal(by, incident, content, "draft")


def amend(by: Actor, slug: str, version: int) -> Proposal:
    """Start a change of what is live: the public reads the old until the new is published."""
    with record.writing():
        incident = w.incident_for(by, slug, version, Move.AMEND)
        w.check_no_open_proposal(incident)
        return w.open_proposal(by, incident, published(incident).content, "amendment-started")


def renew(by: Actor, slug: str, version: int) -> Proposal:
    """Still so: the same again, until the usual next look. To be published like any change."""
    with record.writing():
        proposal = amend(by, slug, version)
        content = Statement.model_validate(proposal.content)
        if content.review_at is None or content.watch_until:
            raise RefusedError("This ends by itself: it has no next look to renew.")
        review = by.at + approval.review_after(content.channel, content.state)
        data = proposal.content | {"review_at": review.isoformat()}
        return edit(by, proposal.pk, proposal.version, data)


def edit(by: Actor, number: int, version: int, data: Mapping[str, Any]) -> Proposal:
    """New content. It voids a submission: an approval holds for exactly what was seen."""
    with record.writing():
        proposal = w.proposal_for(by, number, version, Move.EDIT)
        content = w.content_of(by, proposal.incident.organisation, data)
        voided = proposal.seal
        proposal.content = plain(content)
        proposal.authors = list(dict.fromkeys([*proposal.authors, by.name]))
        w.move_to(proposal, Stage.DRAFT, by)
        w.event(by, "edited", proposal.incident, {"content": proposal.content, "voided": voided})
        return proposal


def again(by: Actor, number: int, data: Mapping[str, Any]) -> Proposal:
    """Go on with words that something published meanwhile overtook: as a change of what is live by
    now, or as a new statement where that is over. Whoever had a part in them stays an author."""
    with record.writing():
        old = w.any_proposal(number)
        incident = old.incident
        content = w.content_of(by, incident.organisation, data)
        authors = list(dict.fromkeys([*old.authors, by.name]))
        if w.is_open(old):
            withdraw(by, old.pk, old.version)
        if incident.stage == Stage.LIVE:
            w.check_no_open_proposal(incident)
            return w.open_proposal(by, incident, content, "amendment-started", authors)
        new = w.new_incident(
            by,
            incident.organisation,
            content.channel,
            slug="",
            exercise=incident.exercise,
            pretend=settings.DEMO,
        )
        return w.open_proposal(by, new, content, "draft", authors)


def seal(content: Mapping[str, Any], preview: str) -> str:
    """What an approval signs: exactly the content, and exactly the change that was shown."""
    return digest({"content": content, "preview": preview})


def submit(by: Actor, number: int, version: int, preview: str = "") -> Proposal:
    """Ask a second person."""
    with record.writing():
        proposal = w.proposal_for(by, number, version, Move.SUBMIT)
        w.check_times(Statement.model_validate(proposal.content), by.at)
        signed = seal(proposal.content, preview)
        proposal.submitted_at, proposal.submitted_by = by.at, by.name
        proposal.returned_because = ""
        w.move_to(proposal, Stage.SUBMITTED, by, signed)
        w.event(by, "submitted", proposal.incident, {"seal": signed})
        return proposal


def send_back(by: Actor, number: int, version: int, reason: str) -> Proposal:
    """Return a submission to its author, with a reason."""
    if not reason.strip():
        raise RefusedError("Say why you return it: the author must know what to change.")
    with record.writing():
        proposal = w.proposal_for(by, number, version, Move.SEND_BACK, approving=True)
        proposal.returned_because = reason.strip()[:300]
        w.move_to(proposal, Stage.DRAFT, by)
        w.event(by, "returned", proposal.incident, {"reason": proposal.returned_because})
        return proposal


def withdraw(by: Actor, number: int, version: int) -> Proposal:
    """Drop a proposal. What is live stays as it is."""
    with record.writing():
        proposal = w.proposal_for(by, number, version, Move.WITHDRAW)
        incident = proposal.incident
        w.move_to(proposal, Stage.ENDED, by)
        if incident.stage == Stage.DRAFT:
            incident.stage, incident.ended_at = Stage.ENDED, by.at
            incident.save()
        w.event(by, "withdrawn", incident, {})
        return proposal


def publish(by: Actor, number: int, version: int) -> Incident:
    """Publish with one person, where the rules let one person."""
    with record.writing():
        proposal = w.proposal_for(by, number, version, Move.PUBLISH)
        content = Statement.model_validate(proposal.content)
        reasons = approval.why_two(content, by.rights, rulebook())
        if reasons and not proposal.incident.exercise:
            raise RefusedError(f"A second person must approve this: {'; '.join(reasons)}.")
        return _publish(by, proposal, {})


def approve(by: Actor, number: int, version: int, signed: str, preview: str = "") -> Incident:
    """Publish what somebody else wrote and submitted, signing exactly what was shown."""
    with record.writing():
        proposal = w.proposal_for(by, number, version, Move.APPROVE, approving=True)
        if by.name in (*proposal.authors, proposal.submitted_by):
            raise RefusedError("You wrote this, so you cannot approve it. Another person must.")
        if signed != seal(proposal.content, preview):
            raise ConflictError(
                "What it would change is no longer what you were shown. Look again."
            )
        proposal.approved_by = by.name
        return _publish(by, proposal, {"seal": signed, "approved_by": by.name})


def break_glass(by: Actor, number: int, version: int, reason: str) -> Incident:
    """Publish alone what needs two. Everyone is told; unconfirmed, it lapses to try-first."""
    if not reason.strip():
        raise RefusedError("Say why this cannot wait for a second person.")
    with record.writing():
        proposal = w.proposal_for(by, number, version, Move.BREAK_GLASS)
        content = Statement.model_validate(proposal.content)
        if missing := rights.beyond(by.rights, content, rulebook().catalogue):
            named = timeline_text.all_places(missing, rulebook().catalogue).en
            raise RefusedError(f"Nobody publishes alone for somebody else: {named}.")
        confirm_by = by.at + approval.CONFIRM_WITHIN
        why = reason.strip()[:300]
        extra = {"broke_glass_because": why, "confirm_by": confirm_by.isoformat()}
        incident = _publish(by, proposal, extra, confirm_by)
        if not incident.exercise:
            title = timeline_text.title(content, rulebook().catalogue).en
            tell = partial(alarm_mail.tell_everyone, incident.slug, title, by.name, why, confirm_by)
            transaction.on_commit(tell)
        return incident


def confirm(by: Actor, slug: str, version: int) -> Incident:
    """The second person for what was published in an emergency."""
    with record.writing():
        incident = w.incident_for(by, slug, version, Move.CONFIRM, approving=True)
        now = published(incident)
        if now.confirm_by is None:
            raise RefusedError("There is nothing to confirm here.")
        last = incident.proposals.filter(stage=Stage.LIVE).order_by("-changed_at").first()
        if last is None or by.name in last.authors or by.name == last.approved_by:
            raise RefusedError("You published this, so you cannot confirm it. Another person must.")
        confirmed = now.model_copy(update={"confirm_by": None})
        return w.set_published(by, incident, confirmed, "confirmed", {})


def stand_down(
    by: Actor,
    slug: str,
    version: int,
    footprints: tuple[str, ...] = (),
    watch: timedelta | None = None,
    update: Mapping[str, Any] | None = None,
) -> Incident:
    """End a statement, end it in part, or watch it for a while first. One person is enough.

    `update` may set callbacks_until, demand_note, demand_until, words_en and words_cy.
    """
    with record.writing():
        incident = w.incident_for(by, slug, version, Move.STAND_DOWN)
        now = published(incident)
        content = w.updated(now.content, update or {})
        left = _left(content, footprints)
        if left is not None:
            narrower = now.model_copy(update={"content": left})
            return w.set_published(by, incident, narrower, "narrowed", {"over": [*footprints]})
        if watch is not None and content.state is not State.RESTORED:
            watched = _renewed(now, transitions.watched(content, by.at, watch), by.at)
            return w.set_published(by, incident, watched, "watched", {})
        return _end(by, incident, content, "stood-down")


def adopt(by: Actor, slug: str, version: int) -> Incident:
    """Say for one's own area what another organisation says, or what it says by now: one action."""
    with record.writing():
        source = w.any_incident(slug)
        w.check_version(source.version, version)
        w.check_stage(Stage(source.stage), Move.ADOPT)
        own = by.operator.organisation
        if source.exercise or source.organisation_id == own.pk:
            raise RefusedError("Only a live statement of another organisation can be adopted.")
        content = _adopted(published(source).content, slug, version, own)
        w.check_rights(by, own, content)
        incident = w.adopted_before(own, slug)
        if incident is None:
            incident = w.new_incident(
                by, own, content.channel, slug="", exercise=False, pretend=settings.DEMO
            )
        else:
            w.check_no_open_proposal(incident)
            content = transitions.with_own_words(content, published(incident).content)
        proposal = w.open_proposal(by, incident, content, "draft")
        return _publish(by, proposal, {"adopted": slug}, kind="adopted")


def add(by: Actor, slug: str, version: int, kind: str, entry: Mapping[str, str]) -> Incident:
    """A claim, assurance, regulator's step or comment on the timeline: no advice changes, so that
    nobody's change of the statement is overtaken by it and no one who adopted it looks again."""
    public = timeline_entries.checked(kind, entry, by.at)
    with record.writing():
        incident = w.incident_for(by, slug, version, Move.ADD)
        w.check_not_added(incident, kind, public)
        w.event(by, kind, incident, {"public": public})
        w.bump(by.at)
        return incident


def _publish(
    by: Actor,
    proposal: Proposal,
    extra: Mapping[str, Any],
    confirm_by: datetime | None = None,
    kind: str = "",
) -> Incident:
    incident = proposal.incident
    content = Statement.model_validate(proposal.content)
    w.check_version(incident.version, proposal.base_version)
    w.check_times(content, by.at)
    w.move_to(proposal, Stage.LIVE, by, str(extra.get("seal", "")))
    _end_superseded(by, incident, content)
    first = incident.published is None
    kind = kind or ("planned" if content.planned else "declared" if first else "amended")
    now = PublishedStatement(
        id=incident.slug,
        status=Status.EXERCISE if incident.exercise else Status.LIVE,
        issuer=issued_by(incident.organisation),
        content=content,
        first_published_at=by.at if first else published(incident).first_published_at,
        published_at=by.at,
        confirm_by=confirm_by,
        pretend=incident.pretend,
    )
    return w.set_published(by, incident, now, kind, extra)


def _end_superseded(by: Actor, incident: Incident, content: Statement) -> None:
    """A correction ends what it corrects, at once and in the same transaction."""
    if content.supersedes is None or incident.exercise:
        return
    if content.starts_at and content.starts_at > by.at:
        raise RefusedError("A correction starts at once: it has no later start.")
    old = w.any_incident(content.supersedes)
    w.check_rights(by, old.organisation, None)
    if old.stage == Stage.LIVE and old.slug != incident.slug:
        _end(by, old, published(old).content, "superseded")


def _end(by: Actor, incident: Incident, content: Statement, kind: str) -> Incident:
    now = published(incident)
    rest = (
        transitions.over(content, by.at) if kind == "stood-down" and not incident.exercise else None
    )
    if rest is not None:
        resolved = _renewed(now, rest, by.at).model_copy(update={"ended_at": by.at})
        return w.set_published(by, incident, resolved, kind, {})
    update = {"status": Status.ENDED, "ended_at": by.at, "content": content, "confirm_by": None}
    return w.set_published(by, incident, now.model_copy(update=update), kind, {})


def _renewed(now: PublishedStatement, content: Statement, at: datetime) -> PublishedStatement:
    update = {"content": content, "published_at": at, "confirm_by": None}
    return now.model_copy(update=update)


def _left(content: Statement, footprints: tuple[str, ...]) -> Statement | None:
    try:
        return transitions.narrowed(content, footprints) if footprints else None
    except TransitionError as error:
        raise RefusedError(str(error)) from error


def _adopted(content: Statement, slug: str, version: int, own: Organisation) -> Statement:
    try:
        return transitions.adopted(content, slug, version, own, rulebook().catalogue)
    except TransitionError as error:
        raise RefusedError(str(error)) from error
