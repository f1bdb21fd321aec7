"""Whom each move is told to, and in what words. Called inside the move's own transaction.

Writing the messages is notify/outbox.py's; sending them, delivery.py's.
"""

from __future__ import annotations

from datetime import datetime

from outage.models import Addition, Incident, Operator, Organisation, Proposal, Stage
from outage.notify import outbox
from outage.notify.occasions import Letter, Occasion
from outage.statements import operator_text, rights, timeline_text
from outage.statements.actor import Actor
from outage.statements.statement import PublishedStatement, Statement, sense
from outage.statements.stored import published
from triage.rules import rulebook

# What a publication is called in a message; the rest is "changed".
_SAID = {"declared": "Live", "planned": "Planned", "adopted": "Adopted", "reopened": "Live again",
         "narrowed": "Over in part", "watched": "Working again", "stood-down": "Over",
         "superseded": "Corrected", "confirmed": "Confirmed", "taken-back": "Goes on"}  # fmt: skip
_ENDS = frozenset({"narrowed", "watched", "stood-down", "superseded", "taken-back"})


def asked(by: Actor, proposal: Proposal) -> int:
    """Everybody who could approve it, and did not write it."""
    incident = proposal.incident
    content = Statement.model_validate(proposal.content)
    people = [p for p in _approvers(incident.organisation, content)
              if p.user.get_username() not in proposal.authors]  # fmt: skip
    title = _title(content, incident.exercise)
    who = f"{by.name} of {by.operator.organisation.name}"
    advice = operator_text.advice(content, rulebook())
    lines = (title, f"{who} asks for a second person.", *advice, "Read it and approve it here:")
    letter = Letter(f"Second person wanted: {title}", lines, f"drafts/{proposal.pk}/")
    about = f"{proposal.pk}:{proposal.version}"
    return _tell(Occasion.ASKED, about, letter, people, incident, by.at)


def _approvers(owner: Organisation, content: Statement) -> list[Operator]:
    """Of the organisation itself where somebody of it may; else of whoever covers the place."""
    catalogue = rulebook().catalogue
    able = [
        p for p in outbox.writers()
        if (own := rights.of(p)) and rights.may_approve(own, owner.slug, content, catalogue) is None
    ]  # fmt: skip
    inside = [p for p in able if p.organisation_id == owner.pk]
    return inside or able


def addition(by: Actor, row: Addition) -> int:
    """An entry of a timeline waits for a second person."""
    owner = row.incident.organisation
    people = [p for p in outbox.writers(owner) if p.user.get_username() != by.name]
    lines = (str(row.entry["en"]), f"{by.name} asks for a second person.")
    letter = Letter("Second person wanted: for a public timeline", lines, f"additions/{row.pk}/")
    return _tell(Occasion.ASKED, f"addition:{row.pk}", letter, people, row.incident, by.at)


def returned(by: Actor, proposal: Proposal) -> int:
    """Its authors, with the reason."""
    title = _title(Statement.model_validate(proposal.content), proposal.incident.exercise)
    people = [p for p in outbox.operators() if p.user.get_username() in proposal.authors]
    lines = (title, f"{by.name} returned it: {proposal.returned_because}")
    letter = Letter(f"Returned: {title}", lines, f"drafts/{proposal.pk}/")
    about = f"{proposal.pk}:{proposal.version}"
    return _tell(Occasion.RETURNED, about, letter, people, proposal.incident, by.at)


def public(by: Actor, incident: Incident, kind: str, now: PublishedStatement) -> None:
    """Colleagues of whoever published it, and those who adopted it."""
    if incident.exercise:
        return
    title = _title(now.content, exercise=False)
    occasion = Occasion.ENDED if kind in _ENDS else Occasion.LIVE
    owner = incident.organisation
    people = [p for p in outbox.operators(owner) if p.user.get_username() != by.name]
    lines = (title, f"By {by.name}, {operator_text.when(by.at)}, UK time.",
             *operator_text.advice(now.content, rulebook()))  # fmt: skip
    letter = Letter(f"{_SAID.get(kind, 'Changed')}: {title}", lines, f"incidents/{incident.slug}/")
    about = f"{incident.slug}:{incident.version}"
    _tell(occasion, about, letter, people, incident, by.at)
    _adopters(by, incident, now)


def _adopters(by: Actor, parent: Incident, now: PublishedStatement) -> None:
    """Whoever said the same for their own area looks again."""
    live = Incident.objects.select_related("organisation").filter(
        stage=Stage.LIVE, exercise=False, published__content__adopted_from=parent.slug
    )
    for row in live:
        said = published(row).content
        if parent.stage == Stage.LIVE and said.adopted_sense == sense(now.content):
            continue
        state = "has changed" if parent.stage == Stage.LIVE else "is over"
        title = _title(said, exercise=False)
        lines = (title, f"What {parent.organisation.name} said, and you adopted, {state}.",
                 "Adopt what it says now, keep yours, or say that it is over.")  # fmt: skip
        letter = Letter(f"Look again, it {state}: {title}", lines, f"incidents/{row.slug}/")
        about = f"{row.slug}:{parent.slug}:{parent.version}"
        _tell(Occasion.PARENT, about, letter, outbox.writers(row.organisation), row, by.at)


def alone(by: Actor, incident: Incident, reason: str, until: datetime) -> int:
    """Everybody at all: one person published what needs two."""
    title = _title(published(incident).content, exercise=False)
    ends = operator_text.when(until)[-5:]
    lines = (
        title,
        f"{by.name} published this without a second person.",
        f"Why: {reason}",
        f"Unless somebody else confirms it by {ends} UK time, it falls back to “try the usual "
        "first, then the alternative”.",
        "Confirm it, change it or say that it is over:",
    )
    letter = Letter(f"Published by one person: {title}", lines, f"incidents/{incident.slug}/")
    everyone = list(Organisation.objects.filter(active=True))
    about = f"{incident.slug}:{incident.version}"
    return outbox.tell(
        Occasion.ALONE, about, letter, outbox.operators(), everyone, by.at, incident.slug
    )


def told(at: datetime) -> str:
    """That a second person was asked at a moment, and how many are told: for who asked."""
    if not (number := outbox.reached(Occasion.ASKED, at)):
        return "A second person is asked. Nobody can be told by mail or phone: call one of them."
    who = "1 colleague is" if number == 1 else f"{number} colleagues are"
    return f"A second person is asked. {who} told."


def _tell(
    occasion: Occasion,
    about: str,
    letter: Letter,
    people: list[Operator],
    of: Incident,
    at: datetime,
) -> int:
    return outbox.tell(occasion, about, letter, people, (of.organisation,), at, of.slug)


def _title(content: Statement, exercise: bool) -> str:
    title = timeline_text.title(content, rulebook().catalogue).en
    return f"EXERCISE, not real: {title}" if exercise else title
