"""Phones that people enrolled: what one is, what it is sent, and when it is no more.

Who enrols one and takes it away is workflow/enrolment.py's; encryption is web_push.py's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from outage.models import OutboxMessage, Phone
from outage.notify import outbox, sealing, web_push
from outage.notify.occasions import HOLDS, HOLDS_OTHERWISE, URGENT, Letter, Occasion

_PURPOSE = "phone"
# A phone that comes back within a minute is still given what is as good as over.
_LEAST = 60


def mark(endpoint: str) -> str:
    """By what the same browser is known again. An endpoint is a secret of its own: nobody finds it
    from its hash."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


def sealed(given: str) -> str:
    """A subscription as it is kept."""
    return sealing.seal(given, _PURPOSE)


def by_number(numbers: Iterable[str]) -> dict[str, Phone]:
    """The phones of some messages that still take any."""
    rows = Phone.objects.select_related("operator__user", "operator__organisation")
    return {str(row.pk): row for row in rows.filter(pk__in=[int(n) for n in numbers], gone_at=None)}


def push(phone: Phone, message: OutboxMessage, stamp: int) -> None:
    """Send one message, at a moment in seconds. Raises PhoneGoneError, WebhookError, or ValueError
    for what another key of the site sealed."""
    to = web_push.read_subscription(sealing.unseal(phone.subscription, _PURPOSE))
    words = json.dumps(_words(message), ensure_ascii=False).encode()
    web_push.send(to, words, _carriage(message, stamp), stamp)


def _words(message: OutboxMessage) -> dict[str, object]:
    """What the phone shows (templates/staff/worker.js): what happened, of what, and where it leads.
    Nothing of the message's own lines, which may hold a reason that is for colleagues alone."""
    what, _, about = str(message.content["subject"])[:300].partition(": ")
    return {
        "id": _short(message.key),
        "tag": _topic(message),
        "occasion": message.occasion,
        "title": what,
        "about": about,
        "page": urlsplit(message.content["link"]).path,
        "urgent": message.occasion in URGENT,
    }


def _carriage(message: OutboxMessage, stamp: int) -> web_push.Carriage:
    holds = HOLDS.get(Occasion(message.occasion), HOLDS_OTHERWISE)
    end = (message.written_at + holds).timestamp()
    urgent = message.occasion in URGENT
    return web_push.Carriage(max(_LEAST, int(end) - stamp), urgent, _topic(message))


def _topic(message: OutboxMessage) -> str:
    """A message takes the place of itself, sent again; a reminder that of the one before it, of the
    same fault. No other takes another's place."""
    same = message.occasion == Occasion.OVERDUE and message.incident
    return _short(f"{message.occasion}:{message.incident}" if same else message.key)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def failed(phone: Phone, gone: bool, at: datetime, day: timedelta) -> None:
    """A phone whose service says that it is gone, or that took nothing for a day, is sent nothing
    more."""
    phone.failing_since = phone.failing_since or at
    Phone.objects.filter(pk=phone.pk, failing_since=None).update(failing_since=at)
    if gone or at >= phone.failing_since + day:
        why = "takes no message any more. Its browser or its push service gave it up."
        forget(phone, why, at)


def forget(phone: Phone, why: str, at: datetime) -> None:
    """Forget where a phone is reached, once, and tell its person by their other ways."""
    held = Phone.objects.filter(pk=phone.pk, gone_at=None)
    if not held.update(gone_at=at, subscription="", mark="", failing_since=None):
        return
    lines = (f"“{phone.name}” {why}", "Enrol it again, or take it off your list:")
    letter = Letter(f"A phone of yours is not told any more: {phone.name}", lines, "told/")
    about = f"{phone.pk}:{at.isoformat()}"
    outbox.tell(Occasion.PHONE_OFF, about, letter, [phone.operator], (), at)
