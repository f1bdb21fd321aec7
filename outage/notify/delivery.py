"""Sends what the outbox holds: each message once, in order for each receiver and incident, again
and again for a day where it is not taken.

A message is claimed before it is sent and marked at once afterwards. Where the process dies between
the two, it is sent again after the claim has run out, under the same id: mail servers and receivers
know it by that.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import SimpleQueue
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from outage.models import OutboxMessage, Phone, Subscription, Webhook
from outage.notify import outbox, phones, sealing, subscriptions, web_push, webhook
from outage.notify.occasions import Letter, Occasion
from triage import clock

log = logging.getLogger("which_number.notify")
AT_ONCE = 100
_LANES = 6
CLAIM = timedelta(minutes=1)
# A row stops well before its claims run out: nobody else may have begun with the rest.
_LANE_SECONDS = 25.0
_WAITS = "waits for the one before it"
# After the first failure, the second, and so on; then every half hour, for a day in all.
_AGAIN = (2, 5, 15, 60, 120, 300, 600, 1800)
GIVE_UP = timedelta(hours=24)
PURPOSE = "webhook"
_GONE = "this receiver is no more"
_Key = tuple[str, str, str]


@dataclass(frozen=True)
class _Receivers:
    """Whoever is not named by the message itself."""

    hooks: dict[str, Webhook]
    followers: dict[str, Subscription]
    phones: dict[str, Phone]

    def of(self, message: OutboxMessage) -> Webhook | Subscription | Phone | None:
        """Who a message is for, where it is not the address in it; None for who is no more."""
        ways: Mapping[str, Mapping[str, Webhook | Subscription | Phone]] = {
            outbox.HOOK: self.hooks, outbox.FOLLOWER: self.followers, outbox.PHONE: self.phones,
        }  # fmt: skip
        return ways.get(message.way, {}).get(message.receiver)


@dataclass(frozen=True)
class _Sent:
    """What became of a message. Its row sends no other before this one is noted."""

    message: OutboxMessage
    error: str
    noted: threading.Event


def deliver(now: Callable[[], datetime]) -> int:
    """Send what is due, and give the number of messages that were taken."""
    if not waiting(now()) or not (messages := _claimed(now())):
        return 0
    hooks = {str(h.pk): h for h in Webhook.objects.select_related("organisation")}
    outside, pushed = (
        [m.receiver for m in messages if m.way == way] for way in (outbox.FOLLOWER, outbox.PHONE)
    )
    receivers = _Receivers(hooks, subscriptions.by_number(outside), phones.by_number(pushed))
    lanes = _lanes(messages)
    results: SimpleQueue[_Sent] = SimpleQueue()
    stamp = int(now().timestamp())
    over = threading.Event()
    with ThreadPoolExecutor(len(lanes)) as pool:
        for lane in lanes:
            pool.submit(_send_all, lane, receivers, stamp, results, over)
        return _noted((results.get() for _ in messages), receivers, now, over)


def _noted(
    results: Iterable[_Sent],
    receivers: _Receivers,
    now: Callable[[], datetime],
    over: threading.Event,
) -> int:
    """Note each result as it comes. A database that goes away meanwhile stops every row: what
    cannot be noted is not sent. Raises DatabaseError once they stand still."""
    taken, lost = 0, None
    for sent in results:
        try:
            taken += 0 if lost else _note(sent, receivers, now())
        except DatabaseError as error:
            lost = error
            over.set()
        finally:
            sent.noted.set()
    if lost:
        raise lost
    return taken


def waiting(at: datetime) -> int:
    """How many messages are due."""
    return _pending().filter(next_at__lte=at).count()


def _pending() -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(sent_at=None, gave_up_at=None)


def _claimed(at: datetime) -> list[OutboxMessage]:
    """The next messages that nobody else is sending, each receiver's in order."""
    blocked: set[_Key] = set()
    mine: list[OutboxMessage] = []
    with transaction.atomic():
        for message in _pending().select_for_update().order_by("pk"):
            held = message.claimed_until is not None and message.claimed_until > at
            if _line(message) in blocked or held or message.next_at > at:
                blocked.add(_line(message))
            elif len(mine) < AT_ONCE:
                mine.append(message)
        wanted = [m.pk for m in mine]
        OutboxMessage.objects.filter(pk__in=wanted).update(claimed_until=at + CLAIM)
    return mine


def _line(message: OutboxMessage) -> _Key:
    """What keeps its order: the messages of one incident to one receiver."""
    return message.way, message.receiver, message.incident or message.key


def _lanes(messages: Iterable[OutboxMessage]) -> list[list[OutboxMessage]]:
    """A few rows sent at once: whoever receives two stands in one of them."""
    lanes: dict[int, list[OutboxMessage]] = {}
    for message in messages:
        of = f"{message.way}:{message.receiver}".encode()
        lane = int.from_bytes(hashlib.sha256(of).digest()[:2], "big") % _LANES
        lanes.setdefault(lane, []).append(message)
    return [*lanes.values()]


def _send_all(
    lane: Sequence[OutboxMessage],
    receivers: _Receivers,
    stamp: int,
    results: SimpleQueue[_Sent],
    over: threading.Event,
) -> None:
    """One row, one after another. What follows a failure to the same receiver waits with it."""
    failed: set[_Key] = set()
    mails = get_connection()
    end = clock.steady() + _LANE_SECONDS
    for message in lane:
        waits = over.is_set() or _line(message) in failed or clock.steady() > end
        error = _WAITS if waits else ""
        error = error or _send(message, receivers, stamp, mails)
        if error:
            failed.add(_line(message))
        noted = threading.Event()
        results.put(_Sent(message, error, noted))
        noted.wait()
    try:
        mails.close()
    except (OSError, SMTPException):
        log.info("the mail server closed first")


def _send(message: OutboxMessage, receivers: _Receivers, stamp: int, mails: Any) -> str:
    """The error, or nothing. Whatever goes wrong with one message stops no other."""
    try:
        _hand_over(message, receivers, stamp, mails)
    except (KeyError, web_push.PhoneGoneError):
        return _GONE
    except (OSError, SMTPException, webhook.WebhookError, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _hand_over(message: OutboxMessage, receivers: _Receivers, stamp: int, mails: Any) -> None:
    """By the way of the message. Raises KeyError for a receiver that is no more."""
    if message.way == outbox.MAIL:
        _mail(message, message.receiver, mails)
        return
    match receivers.of(message):
        case None:
            raise KeyError(message.receiver)
        case Webhook() as hook:
            _post(message, hook.url, sealing.unseal(hook.secret, PURPOSE), stamp)
        case Phone() as phone:
            phones.push(phone, message, stamp)
        case Subscription() as follower if subscriptions.by_mail(message, follower):
            _mail(message, subscriptions.opened(follower.mail), mails)
        case Subscription() as follower:
            url, secret = map(subscriptions.opened, (follower.url, follower.secret))
            _post(message, url, secret, stamp)


def _post(message: OutboxMessage, url: str, secret: str, stamp: int) -> None:
    content = {"occasion": message.occasion, "incident": message.incident}
    said = {**content, "at": message.written_at.isoformat(), **message.content}
    webhook.post(url, secret, message.key, said, stamp)


def _mail(message: OutboxMessage, to: str, connection: Any) -> None:
    content = message.content
    body = "\n".join([*content["lines"], "", content["link"], ""])
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2] or "localhost"
    ident = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    headers = {"Message-ID": f"<{ident}@{host}>", "Auto-Submitted": "auto-generated"}
    headers |= content.get("headers", {})
    connection.open()
    EmailMessage(
        content["subject"], body, settings.DEFAULT_FROM_EMAIL, [to],
        connection=connection, headers=headers,
    ).send()  # fmt: skip


def _note(sent: _Sent, receivers: _Receivers, at: datetime) -> int:
    message = sent.message
    row = OutboxMessage.objects.filter(pk=message.pk)
    to = receivers.of(message)
    if not sent.error:
        row.update(sent_at=at, claimed_until=None, last_error="", attempts=message.attempts + 1)
        if message.occasion == Occasion.ACCOUNT:
            row.update(content={"subject": message.content["subject"]})
        if to is not None and to.failing_since is not None:
            type(to).objects.filter(pk=to.pk).update(failing_since=None)
            to.failing_since = None
        return 1
    if sent.error == _WAITS:
        row.update(claimed_until=None)
        return 0
    log.warning("a %s about %s was not taken: %s", message.way, message.incident, sent.error)
    after = _AGAIN[min(message.attempts, len(_AGAIN) - 1)]
    over = at >= message.written_at + GIVE_UP or sent.error == _GONE
    row.update(
        attempts=message.attempts + 1,
        claimed_until=None,
        next_at=at + timedelta(seconds=after),
        gave_up_at=at if over else None,
        last_error=sent.error,
    )
    _failed(message, to, sent.error, at)
    return 0


def _failed(
    message: OutboxMessage, to: Webhook | Subscription | Phone | None, error: str, at: datetime
) -> None:
    """What a failure means for whom it was sent to."""
    match to:
        case Webhook():
            _hook_failed(to, at)
        case Subscription():
            subscriptions.failed(to, message, at, GIVE_UP)
        case Phone():
            phones.failed(to, error == _GONE, at, GIVE_UP)


def _hook_failed(hook: Webhook, at: datetime) -> None:
    """A webhook that takes nothing for a day is switched off, and its people are told."""
    since = hook.failing_since or at
    hook.failing_since = since
    Webhook.objects.filter(pk=hook.pk, failing_since=None).update(failing_since=at)
    if at < since + GIVE_UP or not Webhook.objects.filter(pk=hook.pk, active=True).update(
        active=False
    ):
        return
    letter = Letter(
        "A webhook is switched off",
        (f"{hook.url} took no message for a day. Put it right, then switch it on again.",),
        "organisation/",
    )
    people = outbox.writers(hook.organisation)
    outbox.tell(Occasion.WEBHOOK_OFF, f"{hook.pk}:{since.isoformat()}", letter, people, (), at)
