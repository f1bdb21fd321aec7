"""The only writer of how people and organisations are told. Each change is an event; addresses of
people are in no record."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import time
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from outage.audit import record
from outage.models import ContactChoice, Webhook
from outage.notify import delivery, outbox, sealing, webhook
from outage.notify.occasions import CHOICES, Letter, Occasion
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import rows as w


def choice_of(by: Actor) -> ContactChoice:
    """What this person chose; everything, where they chose nothing yet."""
    found = ContactChoice.objects.filter(operator=by.operator).first()
    return found or ContactChoice(
        operator=by.operator, occasions=[*CHOICES], phone_occasions=[*CHOICES]
    )


def choose(
    by: Actor,
    mail: str,
    occasions: Sequence[str],
    quiet: tuple[str, str],
    on_phones: Sequence[str] = (),
) -> None:
    """How this person is told from now on: of what by mail, of what on their phones."""
    mail = mail.strip()
    try:
        if mail:
            validate_email(mail)
        begin, end = (time.fromisoformat(text) if text else None for text in quiet)
    except (ValidationError, ValueError) as error:
        raise RefusedError(
            "Give a mail address like ann@example.org, and times like 23:00."
        ) from error
    if (begin is None) is not (end is None):
        raise RefusedError("Quiet hours have a beginning and an end.")
    user = by.operator.user
    with record.writing():
        new_address = user.email != mail
        user.email = mail
        user.save()
        ContactChoice.objects.update_or_create(
            operator=by.operator,
            defaults={"occasions": [o for o in CHOICES if o in occasions],
                      "phone_occasions": [o for o in CHOICES if o in on_phones],
                      "quiet_from": begin, "quiet_until": end},
        )  # fmt: skip
        reachable = bool(mail) or by.operator.phones.filter(gone_at=None).exists()
        data = {"account": by.name, "new_address": new_address, "reachable": reachable}
        w.organisation_event(by, "contact-set", data)


def try_out(by: Actor) -> int:
    """A message to oneself."""
    letter = Letter("A test from Which Number", ("This is how you are told.",))
    about = f"{by.name}:{by.at.isoformat()}"
    return outbox.tell(Occasion.TEST, about, letter, [by.operator], (), by.at)


def add_webhook(by: Actor, url: str, occasions: Sequence[str]) -> str:
    """A new receiver of the organisation. Gives its secret, which is shown this once."""
    _check_manages(by)
    url = url.strip()
    if reason := webhook.problem(url):
        raise RefusedError(reason)
    secret = secrets.token_urlsafe(32)
    owner = by.operator.organisation
    with record.writing():
        if Webhook.objects.filter(organisation=owner).count() >= 10:
            raise RefusedError("Ten webhooks are enough: take one away first.")
        Webhook.objects.create(
            organisation=owner,
            url=url,
            secret=sealing.seal(secret, delivery.PURPOSE),
            occasions=[o for o in CHOICES if o in occasions],
            added_by=by.name,
        )
        w.organisation_event(by, "webhook-added", {"host": urlsplit(url).hostname})
    return secret


def drop_webhook(by: Actor, number: int) -> None:
    with record.writing():
        hook = _own_webhook(by, number)
        w.organisation_event(by, "webhook-dropped", {"host": urlsplit(hook.url).hostname})
        hook.delete()


def switch_on(by: Actor, number: int) -> None:
    """Try a webhook again that was switched off."""
    with record.writing():
        hook = _own_webhook(by, number)
        hook.active, hook.failing_since = True, None
        hook.save()
        w.organisation_event(by, "webhook-on", {"host": urlsplit(hook.url).hostname})


def try_webhooks(by: Actor) -> None:
    """A test message to every receiver of the organisation."""
    _check_manages(by)
    letter = Letter("A test from Which Number", ("This webhook works.",))
    owner = by.operator.organisation
    outbox.tell(Occasion.TEST, f"{owner.slug}:{by.at.isoformat()}", letter, (), (owner,), by.at)


def _own_webhook(by: Actor, number: int) -> Webhook:
    _check_manages(by)
    found = Webhook.objects.filter(organisation=by.operator.organisation, pk=number).first()
    if found is None:
        raise RefusedError("There is no such webhook in your organisation.")
    return found


def _check_manages(by: Actor) -> None:
    if not by.rights.manages:
        raise RefusedError("Only a manager of your organisation changes its webhooks.")
