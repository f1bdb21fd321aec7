"""Writes messages, in the transaction of what they tell of: what is rolled back tells nobody, and
what is committed is told, whenever the mail server answers again.

Sending is delivery.py's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from outage.models import ContactChoice, Operator, Organisation, OutboxMessage, Phone, Webhook
from outage.notify.occasions import ALWAYS, CHOICES, Letter, Occasion
from outage.statements import rights

UK = ZoneInfo("Europe/London")
MAIL = "mail"
HOOK = "webhook"
# One phone of one person: the receiver is its number.
PHONE = "phone"
# A subscriber outside: the receiver is the number of the subscription, whose address is sealed.
FOLLOWER = "follower"


def tell(
    occasion: Occasion,
    about: str,
    letter: Letter,
    people: Iterable[Operator],
    organisations: Iterable[Organisation],
    at: datetime,
    incident: str = "",
) -> int:
    """Write one message for each way of each person, and each webhook, that wants it. `about`
    names what happened: the same is never told twice to one receiver. Gives the number of people
    who are told."""
    ways = list(_ways(occasion, people, at))
    messages = [
        _message(occasion, about, letter, way, to, at, incident)
        for way, to in dict.fromkeys((way, to) for _, way, to in ways)
    ]
    for hook in _hooks(occasion, organisations):
        messages.append(_message(occasion, about, letter, HOOK, str(hook.pk), at, incident))
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
    return len({person for person, _, _ in ways})


def tell_phone(occasion: Occasion, about: str, letter: Letter, phone: Phone, at: datetime) -> None:
    """A message to one phone alone."""
    _message(occasion, about, letter, PHONE, str(phone.pk), at, "").save()


def _message(
    occasion: Occasion, about: str, letter: Letter, way: str, to: str, at: datetime, incident: str
) -> OutboxMessage:
    link = f"{settings.ORIGIN}/staff/{letter.page}"
    content = {"subject": letter.subject, "lines": [*letter.lines], "link": link}
    return OutboxMessage(
        key=f"{occasion}:{about}:{way}:{to}"[:200],
        way=way,
        receiver=to,
        occasion=occasion,
        incident=incident,
        content=content,
        written_at=at,
        next_at=at,
    )


def _ways(
    occasion: Occasion, people: Iterable[Operator], at: datetime
) -> Iterator[tuple[int, str, str]]:
    """Who is told now, by which way and where: once for each of somebody's ways."""
    asked = {person.pk: person for person in people}
    held = {c.operator_id: c for c in ContactChoice.objects.filter(operator__in=asked)}
    for pk, person in asked.items():
        if person.user.email and wants(held.get(pk), occasion, at, MAIL):
            yield pk, MAIL, person.user.email
    for phone in Phone.objects.filter(operator__in=asked, gone_at=None):
        if wants(held.get(phone.operator_id), occasion, at, PHONE):
            yield phone.operator_id, PHONE, str(phone.pk)


def wants(choice: ContactChoice | None, occasion: Occasion, at: datetime, way: str = MAIL) -> bool:
    """Whether a person is told of this now, by this way."""
    if occasion in ALWAYS or choice is None:
        return True
    chosen = choice.phone_occasions if way == PHONE else choice.occasions
    if occasion in CHOICES and occasion not in chosen:
        return False
    return not _is_quiet(choice, at)


def _is_quiet(choice: ContactChoice, at: datetime) -> bool:
    begin, end = choice.quiet_from, choice.quiet_until
    if begin is None or end is None:
        return False
    now = at.astimezone(UK).time()
    return begin <= now < end if begin <= end else now >= begin or now < end


def _hooks(occasion: Occasion, organisations: Iterable[Organisation]) -> Iterator[Webhook]:
    for hook in Webhook.objects.filter(organisation__in=list(organisations), active=True):
        if occasion in ALWAYS or occasion not in CHOICES or occasion in hook.occasions:
            yield hook


def write_mail(to: str, subject: str, body: str, at: datetime) -> None:
    """A mail of an account (a reset, a change of its factors). What it says is forgotten once it
    is sent: it may hold a link that opens a door."""
    about = f"{subject}:{at.isoformat()}"
    letter = Letter(subject, tuple(body.splitlines()))
    _message(Occasion.ACCOUNT, about, letter, MAIL, to, at, "").save()


def operators(*organisations: Organisation) -> list[Operator]:
    """Everybody who can sign in for these organisations; for none named, everybody at all."""
    found = Operator.objects.select_related("user", "organisation")
    open_ones = found.filter(user__is_active=True, organisation__active=True, api_key=None)
    return list(open_ones.filter(organisation__in=organisations) if organisations else open_ones)


def writers(*organisations: Organisation) -> list[Operator]:
    """Those of them who may do something about it."""
    held = ((person, rights.of(person)) for person in operators(*organisations))
    return [person for person, own in held if own is not None and own.writes]


def unreachable(organisation: Organisation) -> list[str]:
    """Who could approve, and has no way to be told: no address, no phone that takes messages."""
    people = writers(organisation)
    working = Phone.objects.filter(operator__in=people, gone_at=None, failing_since=None)
    told = set(working.values_list("operator_id", flat=True))
    return [p.user.get_username() for p in people if not p.user.email and p.pk not in told]


def reached(occasion: Occasion, at: datetime) -> int:
    """How many people the messages of one moment go to, however many ways each has."""
    sent = OutboxMessage.objects.filter(occasion=occasion, written_at=at)
    mails = set(sent.filter(way=MAIL).values_list("receiver", flat=True))
    phones = [int(to) for to in sent.filter(way=PHONE).values_list("receiver", flat=True)]
    owners = Operator.objects.filter(phones__in=phones).exclude(user__email__in=mails)
    return len(mails) + owners.distinct().count()
