"""The only writer of which phones a person is told on. Each change is an event; where a phone is
reached is in no record."""

from __future__ import annotations

from outage.audit import record
from outage.models import OutboxMessage, Phone
from outage.notify import outbox, phones, web_push
from outage.notify.occasions import Letter, Occasion
from outage.statements import free_words
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import rows as w

MOST = 5
_NAME = 40


def own_phones(by: Actor) -> list[Phone]:
    """What this person enrolled, the ones that are no more too."""
    return list(Phone.objects.filter(operator=by.operator))


def enrol(by: Actor, name: str, given: str) -> None:
    """Tell this person on one more phone, and send it a test. A browser tells one person: whoever
    enrolled it before is told that it no longer tells them."""
    name = _named(name)
    try:
        found = web_push.read_subscription(given)
    except ValueError as error:
        raise RefusedError(f"This browser could not be enrolled: {error}") from error
    known = phones.mark(found.endpoint)
    with record.writing():
        own = Phone.objects.filter(operator=by.operator)
        own.exclude(gone_at=None).filter(name=name).delete()
        if own.exclude(mark=known).count() >= MOST:
            raise RefusedError(f"{MOST} phones are enough: take one away first.")
        others = Phone.objects.filter(mark=known).exclude(operator=by.operator)
        for other in others.select_related("operator__user", "operator__organisation"):
            phones.forget(other, "now tells somebody else, who enrolled it.", by.at)
        values = {"name": name, "subscription": phones.sealed(given), "operator": by.operator,
                  "added_at": by.at, "failing_since": None}  # fmt: skip
        phone, _ = Phone.objects.update_or_create(mark=known, defaults=values)
        w.organisation_event(by, "phone-enrolled", {"account": by.name, "phone": name})
        letter = Letter(f"This phone is enrolled: {name}", (), "told/")
        about = f"{phone.pk}:{by.at.isoformat()}"
        outbox.tell_phone(Occasion.TEST, about, letter, phone, by.at)


def drop(by: Actor, number: int) -> None:
    """Take one of this person's phones away, and what waits for it."""
    with record.writing():
        phone = Phone.objects.filter(operator=by.operator, pk=number).first()
        if phone is None:
            raise RefusedError("There is no such phone of yours. It may be taken away already.")
        OutboxMessage.objects.filter(
            way=outbox.PHONE, receiver=str(phone.pk), sent_at=None, gave_up_at=None
        ).delete()
        w.organisation_event(by, "phone-dropped", {"account": by.name, "phone": phone.name})
        phone.delete()


def _named(name: str) -> str:
    try:
        name = free_words.clean(name).strip()
    except free_words.ControlCharacterError as error:
        raise RefusedError(f"The name of the phone: {error}") from error
    if not name or len(name) > _NAME:
        raise RefusedError(f"Give the phone a name of 1 to {_NAME} letters, like “Work phone”.")
    return name
