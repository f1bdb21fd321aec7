"""Messages on their way: to a real mail server and a real receiver on loopback, and failures."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import OperationalError

from outage.models import OutboxMessage, Webhook
from outage.notify import delivery, outbox, sealing, webhook
from outage.notify.occasions import CHOICES, Letter, Occasion
from outage.statements.actor import Actor
from tests.cast import NOON
from tests.outage.said import published
from triage import clock

controller = pytest.importorskip("aiosmtpd.controller")
pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
LETTER = Letter("999: down", ("It is down.",), "drafts/1/")


class Mailbox:
    """What a mail server took; while `refuses`, it takes nothing."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refuses = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            return "451 4.3.0 Come back later"
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    server = controller.Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    yield box
    server.stop()


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Receiver:
    """A control room's own system: what it was posted, and what it answers."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body, answers = self.rfile.read(int(self.headers["Content-Length"])), outer.answers
                # Noted before it is answered: the next one is sent as soon as it is.
                if answers < 300:
                    outer.taken.append((dict(self.headers), body))
                self.send_response(answers)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?a=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


def hooked(by: Actor, url: str) -> Webhook:
    return Webhook.objects.create(
        organisation=by.operator.organisation, url=url, secret=sealing.seal("s3", delivery.PURPOSE),
        occasions=[*CHOICES], added_by="ann",
    )  # fmt: skip


def at(**later: float) -> Any:
    moment = NOON + timedelta(**later)
    return lambda: moment


def all_sent(start: datetime = NOON, hours: float = 1) -> None:
    """Deliver as the watch does, for a while."""
    for second in range(0, int(hours * 3600), 10):
        delivery.deliver(lambda second=second: start + timedelta(seconds=second))  # type: ignore[misc]


def test_a_mail_says_what_and_leads_there(ann: Actor, bob: Actor, mailbox: Mailbox) -> None:
    outbox.tell(Occasion.ASKED, "1", LETTER, [bob.operator], (), NOON)
    assert delivery.deliver(at()) == 1
    (mail,) = mailbox.taken
    text = mail.content.decode()
    assert mail.rcpt_tos == ["bob@example.org"]
    assert "Subject: 999: down" in text
    assert "/staff/drafts/1/" in text
    assert "Auto-Submitted: auto-generated" in text


def test_nothing_is_sent_twice(ann: Actor, bob: Actor, mailbox: Mailbox) -> None:
    for _ in range(2):
        outbox.tell(Occasion.ASKED, "1", LETTER, [bob.operator], (), NOON)
    all_sent()
    assert len(mailbox.taken) == 1


def test_a_webhook_is_signed_over_its_time_and_body(
    ann: Actor, bob: Actor, receiver: Receiver
) -> None:
    hooked(ann, receiver.url)
    published(ann)
    delivery.deliver(at())
    ((headers, body),) = receiver.taken
    stamp, signed = (part.partition("=")[2] for part in headers[webhook.SIGNATURE].split(","))
    right = hmac.new(b"s3", f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert signed == right
    said = json.loads(body)
    assert said["id"] == headers["Which-Number-Id"]
    assert (said["occasion"], said["incident"]) == (
        "live",
        "999-leicestershire-police-20261124-1200",
    )


def test_both_away_for_a_while_lose_nothing_send_nothing_twice_and_keep_the_order(
    ann: Actor, bob: Actor, mailbox: Mailbox, receiver: Receiver
) -> None:
    hooked(ann, receiver.url)
    mailbox.refuses, receiver.answers = True, 503
    for n in range(5):
        letter = Letter(f"Message {n}", ("x",))
        owner = ann.operator.organisation
        outbox.tell(Occasion.LIVE, str(n), letter, [bob.operator], [owner], NOON, "one")
    all_sent(hours=0.2)
    assert (mailbox.taken, receiver.taken) == ([], [])
    mailbox.refuses, receiver.answers = False, 200
    all_sent(NOON + timedelta(hours=0.2), hours=2)
    subjects = [json.loads(body)["subject"] for _, body in receiver.taken]
    assert subjects == [f"Message {n}" for n in range(5)]
    mails = [m.content.decode() for m in mailbox.taken]
    assert [f"Message {n}" in text for n, text in enumerate(mails)] == [True] * 5
    assert not OutboxMessage.objects.filter(sent_at=None).exists()


def test_what_one_receiver_refuses_holds_up_no_other(
    ann: Actor, bob: Actor, mailbox: Mailbox, receiver: Receiver
) -> None:
    hooked(ann, receiver.url)
    receiver.answers = 500
    published(ann)
    all_sent(hours=0.1)
    assert len(mailbox.taken) == 1
    message = OutboxMessage.objects.get(way="webhook")
    assert "it answered 500" in message.last_error
    assert message.attempts > 1


def test_a_server_that_is_not_there_is_tried_again_for_a_day_and_then_given_up(
    ann: Actor, bob: Actor, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    outbox.tell(Occasion.ASKED, "1", LETTER, [bob.operator], (), NOON)
    delivery.deliver(at(hours=1))
    assert OutboxMessage.objects.get().gave_up_at is None
    delivery.deliver(at(hours=25))
    assert OutboxMessage.objects.get().gave_up_at == NOON + timedelta(hours=25)
    assert delivery.deliver(at(hours=26)) == 0


def test_a_webhook_that_fails_for_a_day_is_switched_off_and_its_people_told(
    ann: Actor, bob: Actor, mailbox: Mailbox, receiver: Receiver
) -> None:
    own = hooked(ann, receiver.url)
    receiver.answers = 500
    published(ann)
    for hour in range(26):
        delivery.deliver(at(hours=hour))
    own.refresh_from_db()
    assert not own.active
    assert OutboxMessage.objects.filter(occasion=Occasion.WEBHOOK_OFF).count() == 2


def test_a_database_that_goes_away_stops_the_rows_and_hangs_nothing(
    ann: Actor, bob: Actor, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        outbox.tell(Occasion.ASKED, str(n), LETTER, [bob.operator], (), NOON)

    def away(*args: object) -> int:
        raise OperationalError("away")

    monkeypatch.setattr(delivery, "_note", away)
    with pytest.raises(OperationalError):
        delivery.deliver(at())
    assert len(mailbox.taken) == 1


def test_what_another_key_sealed_is_said_and_stops_nothing(
    ann: Actor, bob: Actor, mailbox: Mailbox, receiver: Receiver
) -> None:
    own = hooked(ann, receiver.url)
    Webhook.objects.filter(pk=own.pk).update(secret="nonsense")
    published(ann)
    assert delivery.deliver(at()) == 1
    assert "another key" in OutboxMessage.objects.get(way="webhook").last_error


def test_what_is_claimed_is_nobody_elses_until_the_claim_runs_out(
    ann: Actor, bob: Actor, mailbox: Mailbox
) -> None:
    """A deliverer that was killed between claiming and sending."""
    outbox.tell(Occasion.ASKED, "1", LETTER, [bob.operator], (), NOON)
    OutboxMessage.objects.update(claimed_until=NOON + delivery.CLAIM)
    assert delivery.deliver(at(seconds=30)) == 0
    assert delivery.deliver(at(minutes=2)) == 1


def test_a_thousand_messages_are_gone_within_a_minute(
    ann: Actor, mailbox: Mailbox, receiver: Receiver, say: Any
) -> None:
    owner = ann.operator.organisation
    hooked(ann, receiver.url)
    content = {"subject": "x", "lines": ["x"], "link": "https://example.org/"}
    OutboxMessage.objects.bulk_create(
        OutboxMessage(key=f"k{n}", way="mail", receiver=f"p{n}@example.org", occasion="live",
                      incident="one", content=content, written_at=NOON, next_at=NOON)
        for n in range(900)
    )  # fmt: skip
    for n in range(100):
        outbox.tell(Occasion.LIVE, str(n), LETTER, (), [owner], NOON, f"i{n}")
    began = clock.steady()
    while delivery.waiting(NOON):
        delivery.deliver(at())
    took = clock.steady() - began
    say(f"1,000 messages delivered in {took:.1f} s")
    assert took < 60
    assert (len(mailbox.taken), len(receiver.taken)) == (900, 100)


# ---- where a webhook may not lead


def test_a_redirect_is_not_followed(ann: Actor, receiver: Receiver) -> None:
    receiver.answers = 307
    with pytest.raises(webhook.WebhookError, match="it answered 307"):
        webhook.post(receiver.url, "s3", "1", {}, 1)


@contextmanager
def resolving_to(*addresses: str) -> Iterator[None]:
    found = [
        (socket.AF_INET6 if ":" in a else socket.AF_INET, 1, 6, "", (a, 443)) for a in addresses
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda *args, **more: found)
        yield


PRIVATE = ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
           "100.64.0.1", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::",
           "224.0.0.1", "255.255.255.255"]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_is_called(address: str) -> None:
    with resolving_to(address), pytest.raises(webhook.WebhookError, match="private address"):
        webhook.post("https://pager.example.org/", "s3", "1", {}, 1)


def test_nor_a_name_that_has_one_among_its_addresses() -> None:
    with (
        resolving_to("93.184.215.14", "127.0.0.1"),
        pytest.raises(webhook.WebhookError, match="private address"),
    ):
        webhook.post("https://pager.example.org/", "s3", "1", {}, 1)


def test_the_address_that_was_looked_at_is_the_one_that_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that changes between the look and the call (rebinding) gains nothing."""
    called: list[Any] = []

    def connect(address: Any, timeout: float) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with resolving_to("93.184.215.14"), pytest.raises(webhook.WebhookError):
        webhook.post("https://pager.example.org/", "s3", "1", {}, 1)
    assert called == [("93.184.215.14", 443)]
