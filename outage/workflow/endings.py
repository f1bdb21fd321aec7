"""Stopping what is live, and the ways back: stand down, take that back, report again.

One person is enough to stop, and stopping wins over a page that is out of date. What it adds in
words of one's own waits for a second person, and holds nothing up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from outage.audit import record
from outage.models import Event, Incident, Proposal, Stage
from outage.statements import approval, limits, transitions
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError, TransitionError
from outage.statements.statement import PublishedStatement, Statement
from outage.statements.stored import published
from outage.statements.transitions import Move
from outage.workflow import publishing
from outage.workflow import rows as w
from triage.engine.situation import State
from triage.rules import rulebook

# For so long whoever stopped something may take it back, with the approvals it had.
TAKE_BACK = timedelta(minutes=10)
STOPS = ("stood-down", "watched", "narrowed")


def stand_down(
    by: Actor,
    slug: str,
    version: int,
    footprints: tuple[str, ...] = (),
    watch: timedelta | None = None,
    update: Mapping[str, Any] | None = None,
) -> Incident:
    """End a statement, end it in part, or watch it for a while first. One person is enough.

    `update` may set callbacks_until, demand_note and demand_until. A note that nobody approved yet
    is put to a second person; the stand-down itself does not wait for it.
    """
    with record.writing():
        whole = not footprints and watch is None
        incident = w.incident_for(by, slug, version, Move.STAND_DOWN, stops=whole)
        now = published(incident)
        note = {k: v for k, v in (update or {}).items() if k.startswith("demand_")}
        stays = {k: v for k, v in (update or {}).items() if k not in note}
        content = _with(by, now.content, stays)
        done = _stopped(by, incident, now, content, footprints, watch)
        if note.get("demand_note") and note["demand_note"] != now.content.demand_note:
            _ask_for(by, done, content, note)
        return done


def _stopped(
    by: Actor,
    incident: Incident,
    now: PublishedStatement,
    content: Statement,
    footprints: tuple[str, ...],
    watch: timedelta | None,
) -> Incident:
    left = _left(content, footprints)
    if left is not None:
        narrower = now.model_copy(update={"content": left})
        gone = {"over": [*footprints]}
        return w.set_published(by, incident, narrower, "narrowed", gone, gone=footprints)
    if watch is not None and content.state is not State.RESTORED:
        watched = transitions.watched(content, by.at, watch)
        return w.set_published(by, incident, publishing.renewed(now, watched, by.at), "watched", {})
    return publishing.end(by, incident, content, "stood-down")


def _with(by: Actor, content: Statement, update: Mapping[str, Any]) -> Statement:
    """The content with some times set. What was published before is not judged again."""
    new = w.updated(content, update)
    found = limits.problems(new, by.at, rulebook().catalogue)
    if wrong := [f"{p}." for p in found if p.partition(":")[0] in update]:
        raise RefusedError(" ".join(wrong))
    return new


def _ask_for(by: Actor, incident: Incident, content: Statement, note: Mapping[str, Any]) -> None:
    """The note about demand, as a change of what is over, put to a second person."""
    if incident.proposals.filter(stage__in=[Stage.DRAFT, Stage.SUBMITTED]).exists():
        raise RefusedError("A change of this is being written: put the note there.")
    noted = w.updated(published(incident).content, note)
    if incident.stage == Stage.ENDED:
        noted = transitions.over(w.updated(content, note), by.at) or noted
    judged = w.content_of(by, incident.organisation, noted.model_dump(mode="json"))
    proposal = w.open_proposal(by, incident, judged, "amendment-started")
    w.submitted(by, proposal, approval.seal(proposal.content, ""))


def _left(content: Statement, footprints: tuple[str, ...]) -> Statement | None:
    try:
        return transitions.narrowed(content, footprints) if footprints else None
    except TransitionError as error:
        raise RefusedError(str(error)) from error


def take_back(by: Actor, slug: str) -> Incident:
    """What was stopped goes on, as it was and with the approvals it had: within ten minutes, by the
    person who stopped it."""
    with record.writing():
        incident = w.any_incident(slug)
        w.check_rights(by, incident.organisation)
        before = stopped_lately(by, incident)
        if before is None:
            raise RefusedError(
                "Only the person who stopped it takes that back, within ten minutes. "
                "Report it again instead."
            )
        publishing.check_only_one(incident, before.content, by.at)
        for note in incident.proposals.filter(stage__in=[Stage.DRAFT, Stage.SUBMITTED]):
            w.move_to(note, Stage.ENDED, by)
        now = before.model_copy(update={"published_at": by.at})
        return w.set_published(by, incident, now, "taken-back", {})


def stopped_lately(by: Actor, incident: Incident) -> PublishedStatement | None:
    """What this person stopped a moment ago, as it was before; None where there is no such."""
    told = [e for e in Event.objects.filter(incident=incident.slug) if '"published":' in e.body]
    if len(told) < 2 or told[-1].kind not in STOPS or told[-1].actor != by.name:
        return None
    if told[-1].at < by.at - TAKE_BACK:
        return None
    return PublishedStatement.model_validate(record.read(told[-2])["data"]["published"])


def reopen(by: Actor, slug: str, version: int) -> Proposal:
    """Report again what is over: a draft of what it said last, with a new look ahead. It is
    published, or put to a second person, like any other."""
    with record.writing():
        incident = w.incident_for(by, slug, version, Move.REOPEN)
        w.check_no_open_proposal(incident)
        content = afresh(last_fault(incident), by)
        return w.open_proposal(by, incident, content, "amendment-started")


def last_fault(incident: Incident) -> Statement:
    """The last content in which something was the matter."""
    told = (record.read(e)["data"] for e in Event.objects.filter(incident=incident.slug))
    said = [
        PublishedStatement.model_validate(data["published"]).content
        for data in told
        if "published" in data
    ]
    wrong = [content for content in said if not transitions.is_over(content)]
    return wrong[-1] if wrong else published(incident).content


def afresh(content: Statement, by: Actor) -> Statement:
    """A content to begin anew from: without the times, numbers and ties it had."""
    review = by.at + approval.review_after(content.channel, content.state)
    update = dict.fromkeys(
        ("starts_at", "ends_at", "callbacks_until", "demand_until", "watch_until", "welsh_due",
         "supersedes", "adopted_from", "adopted_version", "adopted_sense")
    )  # fmt: skip
    fresh: dict[str, Any] = {
        "review_at": review,
        "planned": False,
        "numbers": (),
        "demand_note": "",
    }
    return content.model_copy(update={**update, **fresh, "starts_source": ""})
