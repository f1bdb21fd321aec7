"""Those outside who follow: asked, confirmed, told once, and gone when they leave. To a real mail
server and a real receiver on loopback."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from outage import bulletin
from outage.models import OutboxMessage, Subscription, ToldStep
from outage.notify import delivery, webhook
from outage.statements.actor import Actor
from outage.workflow import endings, incidents
from tests.outage.notify.test_delivery import Mailbox, Receiver, mailbox, receiver
from tests.outage.said import content, published
from triage import clock
from triage.web.feeds import followers

__all__ = ["mailbox", "receiver"]
pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
ANN = "ann.reader@example.org"


@pytest.fixture(autouse=True)
def origin(settings: Any) -> None:
    settings.ORIGIN = "https://which.example"


def ask(client: Client, path: str = "/follow/", **more: Any) -> Any:
    return client.post(path, {"place": "leicestershire", "mail": ANN, **more})


def sent(at: datetime | None = None) -> int:
    moment = at or clock.now()
    count = 0
    while done := delivery.deliver(lambda: moment):
        count += done
    return count


def text(mail: Any) -> str:
    """A mail as its reader has it."""
    return str(mail.content.decode()).replace("=\r\n", "").replace("=3D", "=")


def link(mail: Any, kind: str) -> str:
    found = re.search(rf"https://which\.example(\S*/follow/{kind}/[^\s>]+)", text(mail))
    assert found, text(mail)
    return found[1]


def following(client: Client, box: Mailbox, path: str = "/follow/", **more: Any) -> None:
    ask(client, path, **more)
    sent()
    client.post(link(box.taken[-1], "confirm"))
    box.taken.clear()


def now(by: Actor) -> Actor:
    return Actor(by.operator, clock.now())


def soon(**more: Any) -> dict[str, Any]:
    return content(review_at=(clock.now() + timedelta(minutes=30)).isoformat(), **more)


def news(at: datetime | None = None) -> None:
    """What the deliverer does every few seconds."""
    bulletin.refresh()
    followers.tell_all(at or clock.now())
    sent(at)


def test_nobody_is_told_before_they_confirm(client: Client, ann: Actor, mailbox: Mailbox) -> None:
    assert ask(client)["Location"] == "/follow/sent/"
    sent()
    (mail,) = mailbox.taken
    assert mail.rcpt_tos == [ANN]
    published(now(ann), soon())
    news()
    assert len(mailbox.taken) == 1


def test_a_program_that_opens_the_links_confirms_and_leaves_nothing(
    client: Client, mailbox: Mailbox
) -> None:
    ask(client)
    sent()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(link(mailbox.taken[0], "confirm"))
    assert answer.status_code == 200
    assert asked.captured_queries == []
    assert Subscription.objects.get().confirmed_at is None
    client.post(link(mailbox.taken[0], "confirm"))
    assert Subscription.objects.get().confirmed_at is not None
    client.get(link(mailbox.taken[0], "leave"))
    assert Subscription.objects.exists()


def test_who_follows_is_told_once_what_the_feeds_say_and_when_it_is_over(
    client: Client, ann: Actor, mailbox: Mailbox
) -> None:
    following(client, mailbox)
    row = published(now(ann), soon())
    for _ in range(3):
        news()
    (mail,) = mailbox.taken
    feed = client.get("/feeds/leicestershire.json").json()["items"][0]
    assert mail.rcpt_tos == [ANN]
    assert feed["title"] in text(mail).replace("\r\n ", " ")
    assert "https://which.example/incident/" in text(mail)
    row.refresh_from_db()
    endings.stand_down(now(ann), row.slug, row.version)
    news()
    assert len(mailbox.taken) == 2
    assert "Subject: Over" in text(mailbox.taken[1])


def test_a_check_that_was_renewed_wakes_nobody(
    client: Client, ann: Actor, mailbox: Mailbox
) -> None:
    following(client, mailbox)
    row = published(now(ann), soon())
    news()
    later = Actor(ann.operator, clock.now() + timedelta(minutes=20))
    proposal = incidents.renew(later, row.slug, row.version)
    incidents.publish(later, proposal.pk, proposal.version)
    news(later.at + timedelta(seconds=5))
    assert len(mailbox.taken) == 1


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"service": ["police"]}, True),
        ({"service": ["coastguard"]}, True),
        ({"kind": ["emergency"]}, True),
        ({"kind": ["planned", "other"]}, False),
        ({"place": "uk"}, True),
        ({"place": "england"}, True),
        ({"place": "wales"}, False),
        ({"place": "kent"}, False),
    ],
)
def test_only_what_was_asked_for_is_told(
    client: Client, ann: Actor, mailbox: Mailbox, chosen: dict[str, Any], told: bool
) -> None:
    following(client, mailbox, **chosen)
    published(now(ann), soon())
    news()
    assert bool(mailbox.taken) is told


def test_a_fault_of_101_is_the_police_s_and_no_emergency(
    client: Client, ann: Actor, mailbox: Mailbox
) -> None:
    following(client, mailbox, service=["fire"])
    following(client, mailbox, mail="bob@example.org", kind=["other"], service=["police"])
    published(now(ann), soon(channel="101"))
    news()
    assert [m.rcpt_tos for m in mailbox.taken] == [["bob@example.org"]]


def test_welsh_readers_are_told_in_welsh(client: Client, ann: Actor, mailbox: Mailbox) -> None:
    following(client, mailbox, "/cy/follow/")
    published(now(ann), soon())
    news()
    (mail,) = mailbox.taken
    assert "https://which.example/cy/incident/" in text(mail)
    assert link(mail, "leave").startswith("/cy/follow/leave/")


def test_one_press_of_the_mail_program_leaves_and_all_is_deleted(
    client: Client, ann: Actor, mailbox: Mailbox
) -> None:
    """RFC 8058: a post, without a cookie, a token or a redirect."""
    following(client, mailbox)
    published(now(ann), soon())
    news()
    (mail,) = mailbox.taken
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in text(mail)
    header = re.search(r"List-Unsubscribe:\s*<https://which\.example(/[^>]+)>", text(mail))
    assert header
    path = header[1].replace("\r\n ", "")
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert not Subscription.objects.exists()
    assert not OutboxMessage.objects.filter(way="follower").exists()
    assert strict.post(path).status_code == 200


def test_an_address_stands_nowhere_as_it_is(client: Client, ann: Actor, mailbox: Mailbox) -> None:
    following(client, mailbox)
    published(now(ann), soon())
    news()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert ANN not in str(cursor.fetchall()), table


def test_asking_again_within_the_hour_sends_nothing_and_says_the_same(
    client: Client, mailbox: Mailbox
) -> None:
    answers = [ask(client), ask(client, mail=ANN.upper())]
    assert {a["Location"] for a in answers} == {"/follow/sent/"}
    assert sent() == 1


def test_who_never_confirms_is_forgotten(client: Client, mailbox: Mailbox) -> None:
    ask(client)
    sent()
    followers.tell_all(clock.now() + timedelta(days=3, minutes=1))
    assert not Subscription.objects.exists()
    answer = client.post(link(mailbox.taken[0], "confirm"))
    assert "too old" in answer.content.decode()


@pytest.mark.parametrize("more", [
    {"mail": "nobody"}, {"mail": ""}, {"place": "atlantis"}, {"mail": f"{'x' * 400}@example.org"},
    {"url": "http://127.0.0.1/"}, {"url": "ftp://x.example/"}, {"mail": "a@b\nc.example"},
])  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(client: Client, more: dict[str, str]) -> None:
    answer = ask(client, service="fire", **more)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert 'value="fire" checked' in answer.content.decode()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("kind", ["confirm", "leave"])
@pytest.mark.parametrize("token", ["x", "1-mail:nonsense", "9" * 300, "é", "1-webhook:"])
def test_a_made_up_link_changes_nothing(client: Client, kind: str, token: str) -> None:
    assert client.get(f"/follow/{kind}/{token}/").status_code == 200
    answer = client.post(f"/follow/{kind}/{token}/")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_a_confirming_link_does_not_leave_nor_the_other_way_round(
    client: Client, mailbox: Mailbox
) -> None:
    ask(client)
    sent()
    path = link(mailbox.taken[0], "confirm").replace("/confirm/", "/leave/")
    client.post(path)
    assert Subscription.objects.exists()


# --- newsrooms: webhooks ------------------------------------------------------------------------


def hooked(client: Client, box: Mailbox, receiver: Receiver) -> str:
    """A confirmed webhook; its secret."""
    ask(client, url=receiver.url)
    sent()
    proof = json.loads(receiver.taken.pop()[1])["lines"][0].partition(": ")[2]
    path = link(box.taken.pop(), "confirm")
    assert "not the code" in client.post(path, {"code": "00000000"}).content.decode()
    page = client.post(path, {"code": proof}).content.decode()
    found = re.search(r"<code>([^<]+)</code>", page)
    assert found
    assert "<code>" not in client.post(path, {"code": proof}).content.decode()
    return found[1]


def test_a_system_is_posted_what_the_feeds_say_signed_with_its_own_secret(
    client: Client, ann: Actor, mailbox: Mailbox, receiver: Receiver
) -> None:
    secret = hooked(client, mailbox, receiver)
    published(now(ann), soon())
    news()
    ((headers, body),) = receiver.taken
    stamp, signed = (p.partition("=")[2] for p in headers[webhook.SIGNATURE].split(","))
    right = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert signed == right
    assert json.loads(body)["occasion"] == "follow"
    assert mailbox.taken == []


def test_both_away_for_a_while_lose_nothing_and_send_nothing_twice(
    client: Client, ann: Actor, mailbox: Mailbox, receiver: Receiver
) -> None:
    hooked(client, mailbox, receiver)
    following(client, mailbox, mail="bob@example.org")
    start = clock.now()
    mailbox.refuses, receiver.answers = True, 503
    row = published(now(ann), soon())
    for second in range(0, 120, 20):
        news(start + timedelta(seconds=second))
    row.refresh_from_db()
    endings.stand_down(now(ann), row.slug, row.version)
    news(start + timedelta(minutes=3))
    assert (mailbox.taken, receiver.taken) == ([], [])
    mailbox.refuses, receiver.answers = False, 200
    for minute in range(5, 120, 5):
        news(start + timedelta(minutes=minute))
    posted = [json.loads(body)["subject"].partition(":")[0] for _, body in receiver.taken]
    mailed = [re.findall(r"Subject: (\w+)", text(m))[0] for m in mailbox.taken]
    assert posted[-1].startswith("Over")
    assert mailed[-1] == "Over"
    assert (len(mailed), len({id_of(b) for _, b in receiver.taken})) == (2, len(receiver.taken))


def id_of(body: bytes) -> str:
    return str(json.loads(body)["id"])


def test_a_deliverer_that_dies_between_writing_and_sending_repeats_nothing(
    client: Client, ann: Actor, mailbox: Mailbox
) -> None:
    following(client, mailbox)
    published(now(ann), soon())
    bulletin.refresh()
    followers.tell_all(clock.now())
    assert ToldStep.objects.count() == 1
    followers.tell_all(clock.now())
    sent()
    assert len(mailbox.taken) == 1


def test_a_system_that_takes_nothing_for_a_day_is_off_and_its_people_are_told(
    client: Client, ann: Actor, mailbox: Mailbox, receiver: Receiver
) -> None:
    hooked(client, mailbox, receiver)
    receiver.answers = 500
    published(now(ann), soon())
    start = clock.now()
    for hour in range(0, 28, 2):
        news(start + timedelta(hours=hour))
    (mail,) = mailbox.taken
    assert "switched off" in text(mail)
    followers.tell_all(start + timedelta(hours=29))
    assert not Subscription.objects.exists()
