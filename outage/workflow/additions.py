"""What joins a public timeline beside the statements: asked by one person, approved by another.

No advice hangs on it, so nobody's change of the statement is overtaken by it, and no one who
adopted it looks again. But it is free words under somebody's name, and the public reads them.
"""

from __future__ import annotations

from collections.abc import Mapping

from outage.audit import record
from outage.models import Addition, Incident, Stage
from outage.statements import free_words, rights, timeline_entries
from outage.statements.actor import Actor
from outage.statements.errors import ConflictError, RefusedError
from outage.statements.statement import digest
from outage.statements.transitions import Move
from outage.statements.validation import known_numbers
from outage.workflow import rows as w
from outage.workflow import telling


def ask(by: Actor, slug: str, version: int, kind: str, entry: Mapping[str, str]) -> Addition:
    """Put a claim, assurance, regulator's step or comment to a second person."""
    entry = {name: _clean(words) for name, words in entry.items()}
    public = timeline_entries.checked(kind, entry, by.at)
    _check_numbers(entry)
    with record.writing():
        incident = w.incident_for(by, slug, version, Move.ADD)
        w.check_not_added(incident, kind, public)
        if incident.additions.filter(stage=Stage.SUBMITTED, kind=kind, entry=public).exists():
            raise RefusedError("This waits for a second person already.")
        event = w.event(by, "addition-asked", incident, {"kind": kind, "entry": public})
        addition = Addition.objects.create(
            incident=incident, kind=kind, entry=public, author=by.name, at=by.at,
            event=event.number,
        )  # fmt: skip
        telling.addition(by, addition)
        return addition


def _clean(words: str) -> str:
    try:
        return free_words.clean(words)
    except free_words.ControlCharacterError as error:
        raise RefusedError(f"{str(error).capitalize()}.") from error


def _check_numbers(entry: Mapping[str, str]) -> None:
    known = known_numbers(w.catalogue())
    words = {
        name: text for name, text in entry.items() if name not in ("at", "source_url", "answers")
    }
    if any(free_words.has_number(text, known) for text in words.values()):
        raise RefusedError("No telephone number stands in words: it has no test and no end.")


def seal(addition: Addition) -> str:
    """What an approval signs: exactly what was shown."""
    return digest({"kind": addition.kind, "entry": addition.entry})


def approve(by: Actor, number: int, signed: str) -> Incident:
    """Put it on the public timeline, as the second person."""
    with record.writing():
        addition = _waiting(by, number)
        if by.name == addition.author:
            raise RefusedError("You wrote this, so you cannot approve it. Another person must.")
        if signed != seal(addition):
            raise ConflictError("What it says is no longer what you were shown. Look again.")
        extra = {"asked": addition.event, "author": addition.author, "approved_by": by.name}
        public = {"public": addition.entry, **extra}
        w.event(by, addition.kind, addition.incident, public)
        addition.stage = Stage.LIVE
        addition.save()
        w.bump(by.at)
        return addition.incident


def drop(by: Actor, number: int) -> Incident:
    """Refuse it, or take it back: nobody in public ever reads it."""
    with record.writing():
        addition = _waiting(by, number)
        w.event(by, "addition-dropped", addition.incident, {"asked": addition.event})
        addition.stage = Stage.ENDED
        addition.save()
        return addition.incident


def waiting(by: Actor) -> list[Addition]:
    """The additions that wait for a second person, as far as this one may see them."""
    found = Addition.objects.select_related("incident__organisation").filter(stage=Stage.SUBMITTED)
    return [a for a in found if rights.may_see(by.rights, a.incident.organisation.slug)]


def _waiting(by: Actor, number: int) -> Addition:
    found = Addition.objects.select_related("incident__organisation").filter(pk=number)
    addition = found.first()
    if addition is None or not rights.may_see(by.rights, addition.incident.organisation.slug):
        raise RefusedError("There is no such addition, or it is not yours to see.")
    w.check_rights(by, addition.incident.organisation)
    if addition.stage != Stage.SUBMITTED:
        raise RefusedError("Somebody has dealt with this already.")
    return addition
