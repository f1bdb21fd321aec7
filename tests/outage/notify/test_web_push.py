"""Web push: what a phone is sent can be read by that phone alone, comes once and in order, and
stops when the phone is gone. The receiver is a real one on loopback with the phone's own key."""

from __future__ import annotations

import base64
import json
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command

from outage.models import ContactChoice, Event, OutboxMessage, Phone
from outage.notify import delivery, outbox, phones, web_push
from outage.notify.occasions import CHOICES, Letter, Occasion
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import contacts, enrolment, incidents
from tests.cast import NOON
from tests.outage.notify.test_delivery import LETTER, Receiver, all_sent, at, receiver, resolving_to
from tests.outage.panel.test_panel import signed_in
from tests.outage.said import replacing, submitted

__all__ = ["receiver"]
pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
CURVE = ec.SECP256R1()
# RFC 8291, appendix A.
WORDS = b"When I grow up, I want to be a watermelon"
SENDERS_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
PHONES_POINT = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T"
    "lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4"
    "a-fN"
)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class OwnPhone:
    """A browser: its subscription, as it hands it over, and the key that reads what it is sent."""

    def __init__(self, endpoint: str) -> None:
        self.key, self.auth = ec.generate_private_key(CURVE), bytes(range(16))
        self.point = self.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.endpoint = endpoint

    @property
    def given(self) -> str:
        keys = {"p256dh": b64(self.point), "auth": b64(self.auth)}
        return json.dumps({"endpoint": self.endpoint, "expirationTime": None, "keys": keys})

    def read(self, body: bytes) -> dict[str, Any]:
        """As RFC 8291 has a browser do it."""
        salt, point, sealed = body[:16], body[21:86], body[86:]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        shared = self.key.exchange(ec.ECDH(), sender)
        info = b"WebPush: info\0" + self.point + point
        both = HKDF(hashes.SHA256(), 32, self.auth, info).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(both)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(both)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        assert plain.endswith(b"\x02")
        return dict(json.loads(plain[:-1]))


def enrolled(by: Actor, url: str, name: str = "Work phone") -> OwnPhone:
    """A phone of this person that had its first test already."""
    own = OwnPhone(url)
    enrolment.enrol(by, name, own.given)
    OutboxMessage.objects.filter(occasion=Occasion.TEST).delete()
    return own


def verified(headers: dict[str, str]) -> dict[str, Any]:
    """The claims of a VAPID token, whose signature is the site's (RFC 8292)."""
    token, key = (part.partition("=")[2] for part in headers["Authorization"][6:].split(", "))
    head, claims, signature = token.split(".")
    assert json.loads(raw(head)) == {"typ": "JWT", "alg": "ES256"}
    assert key == web_push.public_key()
    r, s = (int.from_bytes(half, "big") for half in (raw(signature)[:32], raw(signature)[32:]))
    signer = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw(key))
    signed = f"{head}.{claims}".encode()
    signer.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    return dict(json.loads(raw(claims)))


def tell(
    bob: Actor, number: int, occasion: Occasion = Occasion.LIVE, when: datetime = NOON
) -> None:
    letter = Letter(f"Live: number {number}", ("A reason for colleagues.",), "incidents/one/")
    outbox.tell(occasion, str(number), letter, [bob.operator], (), when, "one")


@pytest.fixture
def no_mail(bob: Actor) -> Actor:
    """Bob, who has a phone and no address."""
    bob.operator.user.email = ""
    bob.operator.user.save()
    return bob


# ---- the message itself


def test_it_is_encrypted_as_the_rfc_shows() -> None:
    own = ec.derive_private_key(int.from_bytes(raw(SENDERS_KEY), "big"), CURVE)
    to = web_push.PushSubscription("https://push.example.net/", raw(PHONES_POINT), raw(AUTH))
    assert b64(web_push.encrypt(WORDS, to, own, raw(SALT))) == BODY


def test_what_is_too_long_for_one_record_is_refused() -> None:
    to = web_push.PushSubscription("https://push.example.net/", raw(PHONES_POINT), raw(AUTH))
    own = ec.generate_private_key(CURVE)
    assert len(web_push.encrypt(b"x" * web_push.MOST_BYTES, to, own, bytes(16))) == 4096
    with pytest.raises(ValueError, match="too long"):
        web_push.encrypt(b"x" * (web_push.MOST_BYTES + 1), to, own, bytes(16))


def test_the_phone_reads_what_happened_and_where_it_leads_and_nothing_else(
    ann: Actor, no_mail: Actor, receiver: Receiver
) -> None:
    phone = enrolled(no_mail, receiver.url)
    proposal = submitted(ann)
    assert delivery.deliver(at()) == 1
    ((headers, body),) = receiver.taken
    said = phone.read(body)
    assert said["title"] == "Second person wanted"
    assert said["about"].startswith("999")
    assert said["page"] == f"/staff/drafts/{proposal.pk}/"
    assert set(said) == {"id", "tag", "occasion", "title", "about", "page", "urgent"}
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "high")
    assert int(headers["TTL"]) == 24 * 3600


def test_the_site_signs_for_this_push_service_and_for_half_a_day(
    no_mail: Actor, receiver: Receiver, settings: Any
) -> None:
    settings.CONTACT = "desk@example.org"
    enrolled(no_mail, receiver.url)
    tell(no_mail, 1)
    delivery.deliver(at())
    claims = verified(receiver.taken[0][0])
    assert claims["aud"] == receiver.url.removesuffix("/hook?a=1")
    assert claims["exp"] == int((NOON + timedelta(hours=12)).timestamp())
    assert claims["sub"] == "mailto:desk@example.org"


def test_a_message_without_words_for_the_title_says_something(
    no_mail: Actor, receiver: Receiver
) -> None:
    phone = enrolled(no_mail, receiver.url)
    outbox.tell(Occasion.TEST, "1", Letter("A test", ()), [no_mail.operator], (), NOON)
    delivery.deliver(at())
    said = phone.read(receiver.taken[0][1])
    assert (said["title"], said["about"], said["page"]) == ("A test", "", "/staff/")


# ---- how long it holds, and what takes whose place


@pytest.mark.parametrize(
    ("occasion", "minutes", "seconds", "urgency"),
    [(Occasion.ALONE, 0, 86400, "high"), (Occasion.LIVE, 60, 82800, "normal"),
     (Occasion.OVERDUE, 5, 600, "high"), (Occasion.OVERDUE, 30, 60, "high"),
     (Occasion.SIGNAL, 10, 3000, "high")],
)  # fmt: skip
def test_how_long_a_phone_that_is_off_may_still_be_given_it(
    no_mail: Actor, receiver: Receiver, occasion: Occasion, minutes: int, seconds: int, urgency: str
) -> None:
    enrolled(no_mail, receiver.url)
    tell(no_mail, 1, occasion)
    delivery.deliver(at(minutes=minutes))
    headers = receiver.taken[0][0]
    assert (int(headers["TTL"]), headers["Urgency"]) == (seconds, urgency)


def test_a_reminder_takes_the_place_of_the_one_before_and_nothing_else_does(
    no_mail: Actor, receiver: Receiver
) -> None:
    phone = enrolled(no_mail, receiver.url)
    for number, occasion in enumerate([Occasion.OVERDUE, Occasion.OVERDUE, Occasion.LIVE] * 2):
        tell(no_mail, number, occasion)
    delivery.deliver(at())
    said = [phone.read(body) for _, body in receiver.taken]
    tags = [each["tag"] for each in said]
    assert [headers["Topic"] for headers, _ in receiver.taken] == tags
    assert len({each["id"] for each in said}) == 6
    assert len(set(tags)) == 3
    assert all(len(tag) == 32 for tag in tags)


# ---- on its way


def test_a_push_service_that_fails_for_a_while_loses_nothing_sends_nothing_twice_in_order(
    no_mail: Actor, receiver: Receiver
) -> None:
    phone = enrolled(no_mail, receiver.url)
    receiver.answers = 503
    for number in range(5):
        tell(no_mail, number)
    all_sent(hours=0.2)
    assert receiver.taken == []
    assert Phone.objects.get().failing_since is not None
    receiver.answers = 201
    all_sent(NOON + timedelta(hours=0.2), hours=1)
    assert [phone.read(body)["about"] for _, body in receiver.taken] == [
        f"number {number}" for number in range(5)
    ]
    assert not OutboxMessage.objects.filter(sent_at=None).exists()
    assert Phone.objects.get().failing_since is None


def test_one_that_was_sent_and_not_noted_comes_again_under_the_same_tag(
    no_mail: Actor, receiver: Receiver
) -> None:
    phone = enrolled(no_mail, receiver.url)
    tell(no_mail, 1)
    delivery.deliver(at())
    OutboxMessage.objects.update(sent_at=None)
    delivery.deliver(at(minutes=2))
    first, second = (phone.read(body) for _, body in receiver.taken)
    assert first == second


@pytest.mark.parametrize("answers", [404, 410])
def test_a_phone_that_is_gone_is_forgotten_and_its_person_told(
    bob: Actor, receiver: Receiver, answers: int
) -> None:
    enrolled(bob, receiver.url)
    contacts.choose(bob, "bob@example.org", [], ("", ""), [*CHOICES])
    receiver.answers = answers
    tell(bob, 1)
    tell(bob, 2)
    all_sent(hours=0.2)
    row = Phone.objects.get()
    assert (row.gone_at, row.subscription, row.mark) == (NOON, "", "")
    assert OutboxMessage.objects.filter(way="phone", gave_up_at=None).count() == 0
    mail = OutboxMessage.objects.get(way="mail")
    assert mail.content["subject"] == "A phone of yours is not told any more: Work phone"
    page = signed_in(bob).get("/staff/told/").content.decode()
    assert "It takes no message any more" in page


def test_a_phone_that_takes_nothing_for_a_day_is_given_up(
    no_mail: Actor, receiver: Receiver
) -> None:
    enrolled(no_mail, receiver.url)
    receiver.answers = 500
    for hour in range(25):
        tell(no_mail, hour, when=NOON + timedelta(hours=hour))
        delivery.deliver(at(hours=hour))
    assert Phone.objects.get().gone_at == NOON + timedelta(hours=24)


def test_a_redirect_of_a_push_service_is_not_followed(no_mail: Actor, receiver: Receiver) -> None:
    enrolled(no_mail, receiver.url)
    receiver.answers = 307
    tell(no_mail, 1)
    delivery.deliver(at())
    assert "it answered 307" in OutboxMessage.objects.get().last_error


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
def test_no_push_service_inside_a_network_is_called(no_mail: Actor, address: str) -> None:
    enrolled(no_mail, "https://push.example.net/1")
    tell(no_mail, 1)
    with resolving_to(address):
        delivery.deliver(at())
    assert "private address" in OutboxMessage.objects.get().last_error


def test_a_phone_sealed_with_another_key_says_so_and_stops_nothing(
    bob: Actor, receiver: Receiver
) -> None:
    enrolled(bob, receiver.url)
    Phone.objects.update(subscription="nonsense")
    tell(bob, 1)
    assert delivery.deliver(at()) == 1
    assert "another key" in OutboxMessage.objects.get(way="phone").last_error


# ---- whom, and of what


def test_each_person_chooses_what_by_mail_and_what_on_their_phones(bob: Actor) -> None:
    enrolled(bob, "https://push.example.net/1")
    contacts.choose(bob, "bob@example.org", [Occasion.LIVE], ("", ""), [Occasion.ASKED])
    tell(bob, 1, Occasion.LIVE)
    tell(bob, 2, Occasion.ASKED)
    found = OutboxMessage.objects.values_list("occasion", "way")
    assert set(found) == {("live", "mail"), ("asked", "phone")}


def test_quiet_hours_silence_a_phone_but_never_what_one_person_published_alone(
    ann: Actor, bob: Actor
) -> None:
    enrolled(bob, "https://push.example.net/1")
    ContactChoice.objects.create(
        operator=bob.operator, phone_occasions=[*CHOICES], quiet_from=time(0), quiet_until=time(23)
    )
    proposal = incidents.draft(ann, replacing())
    incidents.submit(ann, proposal.pk, proposal.version)
    assert not OutboxMessage.objects.filter(way="phone").exists()
    incidents.break_glass(ann, proposal.pk, proposal.version + 1, "Nobody else is here")
    assert OutboxMessage.objects.get(way="phone").occasion == Occasion.ALONE


def test_a_phone_is_a_way_to_be_told(ann: Actor, no_mail: Actor) -> None:
    owner = ann.operator.organisation
    assert outbox.unreachable(owner) == ["bob"]
    enrolled(no_mail, "https://push.example.net/1")
    assert outbox.unreachable(owner) == []
    phones.forget(Phone.objects.get(), "is gone", NOON)
    assert outbox.unreachable(owner) == ["bob"]


def test_who_is_told_two_ways_is_one_person(ann: Actor, bob: Actor) -> None:
    enrolled(bob, "https://push.example.net/1")
    enrolled(bob, "https://push.example.net/2", "Tablet")
    assert outbox.tell(Occasion.ASKED, "1", LETTER, [bob.operator], (), NOON) == 1
    assert outbox.reached(Occasion.ASKED, NOON) == 1
    assert OutboxMessage.objects.count() == 3


# ---- enrolling


def test_a_phone_is_enrolled_on_ones_own_page_and_tried_at_once(bob: Actor) -> None:
    own, client = OwnPhone("https://push.example.net/secret"), signed_in(bob)
    post = {"do": "enrol", "name": "Work phone", "subscription": own.given}
    page = client.post("/staff/told/", post, follow=True).content.decode()
    assert "This phone is enrolled" in page
    row = Phone.objects.get(operator=bob.operator)
    assert OutboxMessage.objects.get().receiver == str(row.pk)
    event = Event.objects.get(kind="phone-enrolled")
    for text in (event.body, row.subscription, page):
        assert "secret" not in text
        assert b64(own.auth) not in text


def test_it_is_taken_away_with_what_waits_for_it(bob: Actor) -> None:
    enrolled(bob, "https://push.example.net/1")
    tell(bob, 1)
    post = {"do": "drop", "phone": Phone.objects.get().pk}
    assert signed_in(bob).post("/staff/told/", post).status_code == 302
    assert not Phone.objects.exists()
    assert not OutboxMessage.objects.filter(way="phone").exists()
    assert Event.objects.filter(kind="phone-dropped").count() == 1


def test_nobody_takes_away_somebody_elses(ann: Actor, bob: Actor) -> None:
    enrolled(bob, "https://push.example.net/1")
    post = {"do": "drop", "phone": Phone.objects.get().pk}
    assert signed_in(ann).post("/staff/told/", post).status_code == 403
    assert Phone.objects.exists()


def test_a_browser_tells_one_person_and_the_other_hears_of_it(ann: Actor, bob: Actor) -> None:
    own = enrolled(bob, "https://push.example.net/1")
    enrolment.enrol(ann, "Desk", own.given)
    assert [p.operator for p in Phone.objects.filter(gone_at=None)] == [ann.operator]
    mail = OutboxMessage.objects.get(way="mail")
    assert (mail.receiver, mail.occasion) == ("bob@example.org", "phone-off")


def test_the_same_browser_enrolled_again_is_one_phone(bob: Actor) -> None:
    own = enrolled(bob, "https://push.example.net/1")
    enrolment.enrol(bob, "New name", own.given)
    assert [p.name for p in Phone.objects.all()] == ["New name"]


def test_five_phones_are_enough(bob: Actor) -> None:
    for number in range(enrolment.MOST):
        enrolled(bob, f"https://push.example.net/{number}", f"Phone {number}")
    with pytest.raises(RefusedError, match="5 phones are enough"):
        enrolled(bob, "https://push.example.net/more")
    assert Phone.objects.count() == 5


def test_one_of_the_five_may_be_enrolled_again(bob: Actor) -> None:
    for number in range(enrolment.MOST):
        own = enrolled(bob, f"https://push.example.net/{number}", f"Phone {number}")
    enrolment.enrol(bob, "Again", own.given)
    assert Phone.objects.count() == 5


def test_a_phone_that_is_gone_makes_room_for_itself(bob: Actor) -> None:
    enrolled(bob, "https://push.example.net/1", "Work phone")
    phones.forget(Phone.objects.get(), "is gone", NOON)
    enrolled(bob, "https://push.example.net/2", "Work phone")
    assert [p.gone_at for p in Phone.objects.all()] == [None]


KEYS = {"p256dh": PHONES_POINT, "auth": AUTH}
NONE_AT_ALL = [
    "", "nonsense", "[]", "{}", "null", "[" * 3000, json.dumps({"endpoint": "https://a.example/"}),
    *(json.dumps({"endpoint": url, "keys": KEYS}) for url in
      ("http://push.example.net/", "https://", "ftp://a.example/", "https://u:p@a.example/",
       "https://a.example:0/", "javascript:alert(1)", "https://a.example/" + "x" * 5000)),
    *(json.dumps({"endpoint": "https://a.example/", "keys": KEYS | wrong}) for wrong in
      ({"auth": "x"}, {"auth": 5}, {"auth": "é"}, {"p256dh": AUTH}, {"p256dh": b64(b"\4" * 65)},
       {"p256dh": None})),
]  # fmt: skip


@pytest.mark.parametrize("given", NONE_AT_ALL, ids=range(len(NONE_AT_ALL)))
def test_what_no_browser_gave_is_refused_with_a_sentence(bob: Actor, given: str) -> None:
    answer = signed_in(bob).post(
        "/staff/told/", {"do": "enrol", "name": "Phone", "subscription": given}
    )
    assert answer.status_code == 403
    assert "could not be enrolled" in answer.content.decode()
    assert not Phone.objects.exists()


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "a\0b"])
def test_a_name_that_is_none_is_refused(bob: Actor, name: str) -> None:
    given = OwnPhone("https://push.example.net/1").given
    post = {"do": "enrol", "name": name, "subscription": given}
    assert signed_in(bob).post("/staff/told/", post).status_code == 403


def test_who_has_no_phone_keeps_what_they_chose_for_one(bob: Actor) -> None:
    page = signed_in(bob).get("/staff/told/").content.decode()
    assert page.count('type="hidden" name="phone_occasions"') == len(CHOICES)


# ---- the worker, and the site's key


def test_the_worker_stands_where_it_speaks_for_the_panel_and_holds_nothing(client: Any) -> None:
    answer = client.get("/staff/worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert "fetch" not in answer.content.decode()
    assert not answer.cookies
    manifest = json.loads(client.get("/staff/app.webmanifest").content)
    assert (manifest["scope"], manifest["display"]) == ("/staff/", "standalone")


def test_a_worker_that_is_asked_anew_keeps_nobody_signed_in(bob: Actor) -> None:
    client = signed_in(bob)
    client.get("/staff/")
    assert "sessionid" in client.get("/staff/").cookies
    assert "sessionid" not in client.get("/staff/worker.js").cookies


def test_the_key_is_the_sites_own_and_stays(settings: Any) -> None:
    first = web_push.public_key()
    assert (first, len(raw(first))) == (web_push.public_key(), 65)
    settings.SECRET_KEY = "another secret of thirty-two characters"
    assert web_push.public_key() != first


def test_without_the_sites_secret_nothing_is_delivered_and_it_says_so(settings: Any) -> None:
    settings.SECRET_KEY = ""
    with pytest.raises(CommandError, match="DJANGO_SECRET_KEY is not set"):
        call_command("deliver")
