"""Accounts: invited by a link, every step on the record, nothing told to strangers."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from outage.models import Event, Invitation, Operator, OutboxMessage
from outage.notify import delivery
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import invitations
from tests.outage.conftest import operator
from tests.outage.panel.test_account import PASSWORD, sign_in, with_password
from tests.outage.panel.test_panel import now, signed_in
from triage import clock

pytestmark = pytest.mark.django_db
RESET = "/staff/account/password/reset/"
NEW = {"name": "new", "mail": "new@example.org", "password": PASSWORD, "again": PASSWORD}


def manager(by: Actor) -> Actor:
    Operator.objects.filter(pk=by.operator.pk).update(role="manager")
    return Actor(Operator.objects.get(pk=by.operator.pk), clock.now())


def kinds() -> list[str]:
    return [*Event.objects.values_list("kind", flat=True)]


def link(by: Actor) -> str:
    post = {"do": "invite", "role": "editor"}
    page = signed_in(by).post("/staff/organisation/", post, follow=True).content.decode()
    found = re.search(r"/staff/join/[\w-]+/", page)
    assert found
    return found[0]


def test_a_manager_invites_and_the_link_opens_once(ann: Actor) -> None:
    address = link(manager(ann))
    assert "Join Leicestershire Police" in Client().get(address).content.decode()
    assert Client().post(address, NEW)["Location"] == "/staff/account/login/"
    joined = Operator.objects.get(user__username="new")
    assert (joined.organisation, joined.role) == (ann.operator.organisation, "editor")
    assert Client().post(address, {**NEW, "name": "other"}).status_code == 403
    assert not Operator.objects.filter(user__username="other").exists()
    assert sign_in(Client(), "new")["Location"] == "/staff/"


def test_an_invitation_closes_after_two_days(ann: Actor) -> None:
    token = invitations.invite(manager(ann), "editor")
    with pytest.raises(RefusedError, match="not open"):
        invitations.find(token, clock.now() + timedelta(hours=49))


@pytest.mark.parametrize(
    "wrong", [{"name": "ANN"}, {"name": ""}, {"mail": "x"}, {"password": "short", "again": "short"},
              {"again": "another pass phrase"}, {"name": "a b\n"}],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(ann: Actor, wrong: dict[str, str]) -> None:
    address = link(manager(ann))
    answer = Client().post(address, {**NEW, **wrong})
    assert answer.status_code == 422
    assert Invitation.objects.get().used_at is None


def test_only_managers_invite_and_the_link_itself_is_nowhere_kept(ann: Actor) -> None:
    with pytest.raises(RefusedError, match="Only a manager"):
        invitations.invite(ann, "editor")
    token = invitations.invite(manager(ann), "editor")
    assert not Event.objects.filter(body__contains=token).exists()
    assert Invitation.objects.get().token_hash != token


# ---- on the record


def test_sign_ins_failures_and_locks_are_on_the_record(ann: Actor) -> None:
    with_password(ann)
    for _ in range(6):
        sign_in(Client(), password="wrong")
    assert kinds() == ["sign-in-failed"] * 5 + ["sign-in-locked"]
    other = Client(REMOTE_ADDR="192.0.2.9")
    sign_in(other)
    assert kinds()[-1] == "signed-in"


def test_who_has_no_account_is_on_no_record(db: None) -> None:
    sign_in(Client(), "nobody")
    assert kinds() == []


def test_a_reset_is_asked_for_and_made_on_the_record(ann: Actor) -> None:
    Client().post(RESET, {"email": "ann@example.org"})
    assert kinds() == ["reset-asked"]
    delivery.deliver(clock.now)
    (letter,) = mail.outbox
    found = re.search(r"/staff/account/password/reset/key/\S+", str(letter.body))
    assert found
    client = Client()
    page = client.get(found[0], follow=True)
    address = page.redirect_chain[-1][0]
    client.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    assert kinds()[-1] == "password-set"
    sent = OutboxMessage.objects.exclude(sent_at=None)
    assert not [m for m in sent if "/key/" in str(m.content)]


def test_a_stranger_gets_no_mail_and_the_same_answer(ann: Actor) -> None:
    known, unknown = (Client().post(RESET, {"email": m}) for m in ("ann@example.org", "x@x.org"))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert OutboxMessage.objects.filter(receiver="x@x.org").count() == 0


def test_a_mail_address_is_changed_in_one_place(ann: Actor) -> None:
    answer = signed_in(ann).get("/staff/account/email/")
    assert answer["Location"] == "/staff/told/"


# ---- second factors


def app(by: Actor, secret: str = "JBSWY3DPEHPK3PXP") -> TOTP:
    return TOTP.activate(by.operator.user, secret)


def code(step: int) -> str:
    return str(format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", int(time.time()) // 30 + step)))


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_code_opens_once_for_as_long_as_any_clock_takes_it(
    ann: Actor, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    authenticator, one = app(ann), code(step)
    assert authenticator.validate_code(one)
    real = time.time
    for seconds in (0, 15, 29, 31, 45, 59, 61, 89):
        monkeypatch.setattr(time, "time", lambda late=seconds: real() + late)
        assert not authenticator.validate_code(one), f"taken again after {seconds} s"


def passkey(by: Actor) -> Authenticator:
    data = {"name": "My phone", "passwordless": True, "credential": {}}
    return Authenticator.objects.create(
        user=by.operator.user, type=Authenticator.Type.WEBAUTHN, data=data
    )


def test_ones_own_passkeys_are_listed_and_each_can_be_taken_away(ann: Actor) -> None:
    key = passkey(ann)
    body = signed_in(ann).get("/staff/account/2fa/webauthn/").content.decode()
    assert "My phone" in body
    assert f"/staff/account/2fa/webauthn/keys/{key.pk}/remove/" in body


@pytest.mark.parametrize(
    "path", ["2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/",
             "2fa/recovery-codes/generate/", "password/change/", "logout/", "reauthenticate/",
             "inactive/"],
)  # fmt: skip
def test_every_page_of_an_account_opens(ann: Actor, path: str) -> None:
    passkey(with_password(ann))
    client = signed_in(ann)
    client.raise_request_exception = False
    answer = client.get(f"/staff/account/{path}", follow=True)
    assert answer.status_code in (200, 403)


def test_a_manager_takes_away_a_lost_factor_and_its_owner_is_told(ann: Actor, bob: Actor) -> None:
    passkey(bob)
    post = {"do": "factors", "name": "bob"}
    assert signed_in(ann).post("/staff/organisation/", post).status_code == 403
    assert signed_in(manager(ann)).post("/staff/organisation/", post).status_code == 302
    assert not Authenticator.objects.exists()
    assert kinds() == ["second-factor-dropped"]
    assert OutboxMessage.objects.get().receiver == "bob@example.org"


def test_and_neither_their_own_nor_another_organisations(ann: Actor, kim: Actor) -> None:
    for by in (ann, kim):
        passkey(by)
    client = signed_in(manager(ann))
    for name in ("ann", "kim"):
        post: dict[str, Any] = {"do": "factors", "name": name}
        assert client.post("/staff/organisation/", post).status_code == 403
    assert Authenticator.objects.count() == 2


def test_no_word_of_a_colleague_of_another_organisation_is_told(ann: Actor, kim: Actor) -> None:
    operator("zed", kim.operator.organisation)
    body = signed_in(now(ann)).get("/staff/organisation/").content.decode()
    assert "zed" not in body
