"""The writer of proposals and of what they become: from the first draft to what is live.

Stopping, and the ways back, are endings.py; the public timeline's additions are additions.py. Each
public function is one transaction: the writers' lock, the checks, the rows, the event, the new
bulletin version (rows.py). It raises RefusedError with a sentence that says why, or ConflictError
where a colleague was faster; then nothing at all was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from outage.audit import record
from outage.models import Incident, Organisation, Proposal, Stage
from outage.statements import approval, rights, timeline_text, transitions
from outage.statements.actor import Actor
from outage.statements.errors import ConflictError, RefusedError, TransitionError
from outage.statements.statement import Statement, plain, sense
from outage.statements.stored import published
from outage.statements.transitions import Move
from outage.workflow import publishing, telling
from outage.workflow import rows as w
from triage.rules import rulebook


def draft(
    by: Actor,
    data: Mapping[str, Any],
    organisation: Organisation | None = None,
    *,
    exercise: bool = False,
    slug: str = "",
    key: str = "",
) -> Proposal:
    """A new incident that nobody sees yet. The form of a `key` makes one, however often it is
    sent: what it says by now is kept in the proposal that it made the first time."""
    with record.writing():
        owner = organisation or by.operator.organisation
        held = Proposal.objects.filter(key=key, incident__organisation=owner).first()
        if key and held is not None:
            return _once_more(by, held, data)
        content = w.content_of(by, owner, data)
        incident = w.new_incident(
            by, owner, content.channel, slug=slug, exercise=exercise, pretend=settings.DEMO
        )
        return w.open_proposal(by, incident, content, "draft", key=key)


def _once_more(by: Actor, held: Proposal, data: Mapping[str, Any]) -> Proposal:
    """The same form again: pressed twice, sent anew on a bad line, or changed after Back."""
    content = w.content_of(by, held.incident.organisation, data)
    if sense(content) == sense(Statement.model_validate(held.content)):
        return held
    if w.is_open(held):
        return edit(by, held.pk, held.version, data)
    return again(by, held.pk, data)


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
            raise RefusedError("This ends by itself: it has no next check to renew.")
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


def again(by: Actor, number: int, data: Mapping[str, Any], onto: str = "") -> Proposal:
    """Go on with words that something published meanwhile overtook: as a change of what is live by
    now (`onto`: of another statement, which says the same already), or as a new statement where
    that is over. Whoever had a part in them stays an author."""
    with record.writing():
        old = w.any_proposal(number)
        incident = w.any_incident(onto) if onto else old.incident
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


def submit(by: Actor, number: int, version: int, preview: str = "") -> Proposal:
    """Ask a second person."""
    with record.writing():
        proposal = w.proposal_for(by, number, version, Move.SUBMIT)
        content = Statement.model_validate(proposal.content)
        w.check_times(content, by.at)
        publishing.check_only_one(proposal.incident, content, by.at)
        w.submitted(by, proposal, approval.seal(proposal.content, preview))
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
        telling.returned(by, proposal)
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
        reasons = publishing.why_two(by, proposal.incident, content)
        if reasons:
            raise RefusedError(f"A second person must approve this: {'; '.join(reasons)}.")
        return publishing.publish(by, proposal, {})


def approve(by: Actor, number: int, version: int, signed: str, preview: str = "") -> Incident:
    """Publish what somebody else wrote and submitted, signing exactly what was shown."""
    with record.writing():
        proposal = w.proposal_for(by, number, version, Move.APPROVE, approving=True)
        if by.name in (*proposal.authors, proposal.submitted_by):
            raise RefusedError("You wrote this, so you cannot approve it. Another person must.")
        if signed != approval.seal(proposal.content, preview):
            raise ConflictError(
                "What it would change is no longer what you were shown. Look again."
            )
        proposal.approved_by = by.name
        return publishing.publish(by, proposal, {"seal": signed, "approved_by": by.name})


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
        incident = publishing.publish(by, proposal, extra, confirm_by)
        if not incident.exercise:
            telling.alone(by, incident, why, confirm_by)
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


def adopt(by: Actor, slug: str, version: int, preview: str = "") -> Incident:
    """Say for one's own area what another organisation says, or what it says by now: one action.
    What needs a second person is put to them at once, with what it would change."""
    with record.writing():
        source = w.any_incident(slug)
        w.check_version(source.version, version)
        content = adoption(by, source)
        incident = w.adopted_before(by.operator.organisation, slug)
        if incident is None:
            owner = by.operator.organisation
            incident = w.new_incident(
                by, owner, content.channel, slug="", exercise=False, pretend=settings.DEMO
            )
        else:
            w.check_no_open_proposal(incident)
        proposal = w.open_proposal(by, incident, content, "draft")
        if publishing.why_two(by, incident, content):
            submit(by, proposal.pk, proposal.version, preview)
            return incident
        return publishing.publish(by, proposal, {"adopted": slug})


def adoption(by: Actor, source: Incident) -> Statement:
    """What adopting a statement would say for one's own area. Raises RefusedError where it cannot
    be adopted."""
    w.check_stage(Stage(source.stage), Move.ADOPT)
    own = by.operator.organisation
    if source.exercise or source.organisation_id == own.pk:
        raise RefusedError("Only a live statement of another organisation can be adopted.")
    review = by.at + approval.review_after(source.channel, published(source).content.state)
    said = published(source).content.model_copy(update={"review_at": review})
    try:
        content = transitions.adopted(said, source.slug, source.version, own, rulebook())
    except TransitionError as error:
        raise RefusedError(str(error)) from error
    w.check_rights(by, own)
    w.check_content(own, content)
    before = w.adopted_before(own, source.slug)
    return transitions.with_own_words(content, published(before).content) if before else content
