"""Those outside who are told of faults: they ask, confirm and leave. The only writer of them.

An address is sealed, and known again by a keyed hash; it goes with its subscription, and so do the
messages to it. Of whoever asks, confirms or leaves nothing else is kept. What is told, and in what
words, is the public side's; sending is delivery.py's.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet

from outage.models import OutboxMessage, Subscription, ToldStep
from outage.notify import outbox, sealing, webhook

MAIL, HOOK = "mail", "webhook"
CONFIRM_WITHIN = timedelta(days=3)
# Whoever types somebody else's address sends them one mail in so long.
ASKED_AGAIN_AFTER = timedelta(hours=1)
# What nobody confirmed yet, and what one receiver may follow.
MOST_WAITING, MOST_EACH = 5000, 20
_PURPOSE, _LEAVE, _CONFIRM = "subscription", "subscription-leave", "subscription-confirm"
# Occasions of a message to a subscriber.
ASKED, PROVES, NEWS, OFF = "follow-asked", "follow-code", "follow", "follow-off"
_BY_MAIL = frozenset({ASKED, OFF})


class FollowKind(StrEnum):
    """What sort of news may be followed by itself."""

    EMERGENCY = "emergency"
    OTHER = "other"
    PLANNED = "planned"


@dataclass(frozen=True)
class SubscriptionRequest:
    """What somebody asks to be told: of a place, services and kinds (none: all), and whereto. A
    `url` is where a system takes it; `mail` then is who is told when that fails."""

    place: str
    lang: str
    services: tuple[str, ...]
    kinds: tuple[str, ...]
    mail: str
    url: str = ""


@dataclass(frozen=True)
class SubscriberLetter:
    """The words of one message, and the address that it leads to."""

    subject: str
    lines: tuple[str, ...]
    link: str


@dataclass(frozen=True)
class Follower:
    """Somebody who is told: how, of what, and where they leave."""

    by_mail: bool
    lang: str
    services: tuple[str, ...]
    kinds: tuple[str, ...]
    leave_path: str


class SubscriptionError(Exception):
    """It cannot be had; `reason` says why: mail, url, busy, code or gone."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def ask(
    wanted: SubscriptionRequest, words: Callable[[str], SubscriberLetter], at: datetime
) -> None:
    """Send the first half of the opt-in; `words` makes the mail from the token that confirms.
    Whoever asks learns nothing of who follows already. Raises SubscriptionError."""
    mail, url = wanted.mail.strip(), wanted.url.strip()
    _check(mail, url)
    mark = _mark(mail.lower(), url)
    with transaction.atomic():
        own = Subscription.objects.filter(mark=mark)
        if own.filter(asked_at__gt=at - ASKED_AGAIN_AFTER).exists() or own.count() >= MOST_EACH:
            return
        _forget_unconfirmed(at)
        if Subscription.objects.filter(confirmed_at=None).count() >= MOST_WAITING:
            raise SubscriptionError("busy")
        row = Subscription.objects.create(
            way=HOOK if url else MAIL, mail=_sealed(mail), url=_sealed(url) if url else "",
            secret=_sealed(secrets.token_urlsafe(32)) if url else "", mark=mark,
            place=wanted.place, lang=wanted.lang, services=[*wanted.services],
            kinds=[*wanted.kinds], asked_at=at,
        )  # fmt: skip
        _write(row, ASKED, str(row.pk), words(_token(row, _CONFIRM)), at)
        if url:
            proof = SubscriberLetter("Which Number", (f"code: {code(row)}",), settings.ORIGIN)
            _write(row, PROVES, str(row.pk), proof, at)


def _check(mail: str, url: str) -> None:
    try:
        validate_email(mail)
    except ValidationError as error:
        raise SubscriptionError("mail") from error
    if url and webhook.problem(url):
        raise SubscriptionError("url")


def is_webhook(token: str) -> bool:
    """Whether a token is of a webhook, whose receiver was posted a code. Asks nobody."""
    return token.partition(":")[0].endswith(HOOK)


def code(row: Subscription) -> str:
    """What is posted to a webhook, and proves that whoever confirms reads there."""
    return hmac.new(_key(), f"code:{row.pk}".encode(), hashlib.sha256).hexdigest()[:8]


def confirm(token: str, proof: str, at: datetime) -> str:
    """The second half. Gives the secret of a webhook, the first time alone. Raises
    SubscriptionError for an old or wrong token, and a wrong code."""
    with transaction.atomic():
        row = _row(token, _CONFIRM)
        if row.confirmed_at is None and row.asked_at < at - CONFIRM_WITHIN:
            raise SubscriptionError("gone")
        if row.way == HOOK and not hmac.compare_digest(code(row), proof.strip().lower()):
            raise SubscriptionError("code")
        secret = opened(row.secret) if row.secret and row.confirmed_at is None else ""
        same = Subscription.objects.filter(mark=row.mark, place=row.place).exclude(pk=row.pk)
        for other in same.exclude(confirmed_at=None):
            _forget(other)
        if row.confirmed_at is None:
            row.confirmed_at = at
            row.save(update_fields=["confirmed_at"])
    return secret


def leave(token: str) -> None:
    """Forget a subscription, its address and what was written to it. Who is gone already is gone.
    Raises SubscriptionError for a token that is none."""
    try:
        with transaction.atomic():
            _forget(_row(token, _LEAVE))
    except SubscriptionError as error:
        if error.reason != "gone":
            raise


def places() -> list[str]:
    """Where anybody is to be told of anything."""
    return [*_live().order_by("place").values_list("place", flat=True).distinct()]


def tell(
    place: str,
    key: str,
    incident: str,
    since: datetime,
    of: Callable[[Follower], SubscriberLetter | None],
    at: datetime,
) -> int:
    """Tell a step of an incident's life to those of a place who followed it when it came. `of`
    gives its words for one of them, or None where they asked for something else. Once for ever:
    the step is marked in the same transaction."""
    with transaction.atomic():
        _, new = ToldStep.objects.get_or_create(key=f"{place}:{key}", defaults={"told_at": at})
        if not new:
            return 0
        messages = [
            _message(row, NEWS, key, said, at, incident)
            for row in _live().filter(place=place, confirmed_at__lte=since)
            if (said := of(_follower(row))) is not None
        ]
        OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
    return len(messages)


def known(place: str) -> frozenset[str]:
    """The steps of a place that were told already."""
    keys = ToldStep.objects.filter(key__startswith=f"{place}:").values_list("key", flat=True)
    return frozenset(key.removeprefix(f"{place}:") for key in keys)


def switched_off(words: Callable[[str, str], SubscriberLetter], at: datetime) -> int:
    """Tell those whose webhook took nothing for a day, by mail. `words` are of their language and
    its address. `tidy` forgets them then."""
    rows = [*Subscription.objects.filter(active=False, way=HOOK)]
    for row in rows:
        with transaction.atomic():
            said = words(row.lang, opened(row.url))
            content = {"subject": said.subject, "lines": [*said.lines], "link": said.link}
            OutboxMessage.objects.get_or_create(
                key=f"{OFF}:{row.pk}",
                defaults={"way": outbox.FOLLOWER, "receiver": str(row.pk), "occasion": OFF,
                          "content": content, "written_at": at, "next_at": at},
            )  # fmt: skip
    return len(rows)


def tidy(at: datetime) -> None:
    """Forget who never confirmed, whose webhook is off and told so, and old marks of steps."""
    _forget_unconfirmed(at)
    told = OutboxMessage.objects.filter(occasion=OFF).exclude(sent_at=None, gave_up_at=None)
    for row in Subscription.objects.filter(active=False, pk__in=[int(m.receiver) for m in told]):
        _forget(row)
    ToldStep.objects.filter(told_at__lt=at - timedelta(days=400)).delete()


def by_number(numbers: Iterable[str]) -> dict[str, Subscription]:
    """The receivers of some messages."""
    rows = Subscription.objects.filter(pk__in={int(n) for n in numbers})
    return {str(row.pk): row for row in rows}


def by_mail(message: OutboxMessage, row: Subscription) -> bool:
    """Whether a message to a subscriber goes by mail: all of some, and the opt-in of every one."""
    return row.way == MAIL or message.occasion in _BY_MAIL


def failed(row: Subscription, message: OutboxMessage, at: datetime, day: timedelta) -> None:
    """A webhook that takes nothing for a day is switched off."""
    if by_mail(message, row):
        return
    since = row.failing_since or at
    row.failing_since = since
    off = at >= since + day
    Subscription.objects.filter(pk=row.pk).update(failing_since=since, active=not off)


def opened(sealed: str) -> str:
    """Raises ValueError for what another key of the site sealed."""
    return sealing.unseal(sealed, _PURPOSE)


def _sealed(text: str) -> str:
    return sealing.seal(text, _PURPOSE)


def _live() -> QuerySet[Subscription]:
    return Subscription.objects.filter(active=True).exclude(confirmed_at=None)


def _follower(row: Subscription) -> Follower:
    services, kinds = tuple(row.services), tuple(row.kinds)
    return Follower(row.way == MAIL, row.lang, services, kinds, _leave_path(row))


def _forget_unconfirmed(at: datetime) -> None:
    for row in Subscription.objects.filter(confirmed_at=None, asked_at__lt=at - CONFIRM_WITHIN):
        _forget(row)


def _forget(row: Subscription) -> None:
    OutboxMessage.objects.filter(way=outbox.FOLLOWER, receiver=str(row.pk)).delete()
    row.delete()


def _mark(mail: str, url: str) -> str:
    return hmac.new(_key(), f"{mail}\n{url}".encode(), hashlib.sha256).hexdigest()


def _key() -> bytes:
    return sealing.derived(_PURPOSE)


def _token(row: Subscription, salt: str) -> str:
    return signing.Signer(salt=salt).sign(f"{row.pk}-{row.way}")


def _row(token: str, salt: str) -> Subscription:
    try:
        named = signing.Signer(salt=salt).unsign(token)
    except signing.BadSignature as error:
        raise SubscriptionError("token") from error
    row = Subscription.objects.filter(pk=int(named.partition("-")[0])).first()
    if row is None:
        raise SubscriptionError("gone")
    return row


def _write(
    row: Subscription, occasion: str, about: str, said: SubscriberLetter, at: datetime
) -> None:
    _message(row, occasion, about, said, at, "").save()


def _message(
    row: Subscription,
    occasion: str,
    about: str,
    said: SubscriberLetter,
    at: datetime,
    incident: str,
) -> OutboxMessage:
    content: dict[str, object] = {
        "subject": said.subject, "lines": [*said.lines], "link": said.link,
        "headers": _headers(row),
    }  # fmt: skip
    return OutboxMessage(
        key=f"{occasion}:{row.pk}:{about}"[:200],
        way=outbox.FOLLOWER,
        receiver=str(row.pk),
        occasion=occasion,
        incident=incident,
        content=content,
        written_at=at,
        next_at=at,
    )


def _leave_path(row: Subscription) -> str:
    """Where they leave, in their language, by one press or by their mail program (RFC 8058)."""
    return f"/{'cy/' if row.lang == 'cy' else ''}follow/leave/{_token(row, _LEAVE)}/"


def _headers(row: Subscription) -> Mapping[str, str]:
    if row.way != MAIL:
        return {}
    return {
        "List-Unsubscribe": f"<{settings.ORIGIN}{_leave_path(row)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
