"""What one shift leaves to the next, and what is learned after an end."""

from __future__ import annotations

from outage.audit import record
from outage.models import Addition, HandOver, IncidentReview, Stage
from outage.notify import outbox
from outage.notify.occasions import Letter, Occasion
from outage.statements import free_words
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import additions
from outage.workflow import rows as w

_LONGEST = 1000


def hand_over(by: Actor, words: str) -> HandOver:
    """A note for the next shift: on the board of every colleague until they have read it."""
    words = words.strip()
    w.check_rights(by, by.operator.organisation)
    if not words or len(words) > _LONGEST:
        raise RefusedError(f"Write what the next shift must know, in up to {_LONGEST} characters.")
    owner = by.operator.organisation
    with record.writing():
        note = HandOver.objects.create(
            organisation=owner, words=words, author=by.name, at=by.at, read_by=[by.name]
        )
        w.organisation_event(by, "handed-over", {"words": words})
        people = [p for p in outbox.operators(owner) if p.user.get_username() != by.name]
        letter = Letter(f"Hand-over from {by.name}", (words,))
        outbox.tell(Occasion.HAND_OVER, str(note.pk), letter, people, (owner,), by.at)
        return note


def unread(by: Actor) -> list[HandOver]:
    """The notes of one's own organisation that one has not read, newest first."""
    found = HandOver.objects.filter(organisation=by.operator.organisation)[:20]
    return [note for note in found if by.name not in note.read_by]


def read(by: Actor, number: int) -> None:
    with record.writing():
        note = HandOver.objects.filter(organisation=by.operator.organisation, pk=number).first()
        if note is not None and by.name not in note.read_by:
            note.read_by = [*note.read_by, by.name]
            note.save()


def learn(by: Actor, slug: str, lessons_en: str, lessons_cy: str) -> IncidentReview:
    """What was learned of what is over: for colleagues."""
    with record.writing():
        incident = w.any_incident(slug)
        w.check_rights(by, incident.organisation)
        if incident.stage != Stage.ENDED:
            raise RefusedError("What was learned is written when it is over.")
        words = [_clean(text) for text in (lessons_en, lessons_cy)]
        review, _ = IncidentReview.objects.update_or_create(
            incident=incident,
            defaults={"lessons_en": words[0], "lessons_cy": words[1], "author": by.name,
                      "at": by.at},
        )  # fmt: skip
        w.event(by, "reviewed", incident, {"lessons": words})
        return review


def _clean(text: str) -> str:
    try:
        return free_words.clean(text.strip())[:600]
    except free_words.ControlCharacterError as error:
        raise RefusedError(f"{str(error).capitalize()}.") from error


def publish_lessons(by: Actor, slug: str, version: int) -> Addition:
    """Put what was learned to a second person, for the public timeline."""
    review = IncidentReview.objects.filter(incident__slug=slug).first()
    if review is None or not review.lessons_en:
        raise RefusedError("Nothing is written yet.")
    owner = w.any_incident(slug).organisation.name
    entry = {"en": review.lessons_en, "cy": review.lessons_cy, "issuer": owner}
    return additions.ask(by, slug, version, "comment", entry)
