"""Signing in: the second factor, limits, and sessions that end when rights change."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from outage.models import Operator, Organisation, Role, SignInCounter
from outage.statements.actor import Actor
from outage.workflow import accounts
from tests.cast import NOON

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass phrase"
LOGIN = "/staff/account/login/"


def with_password(by: Actor) -> Actor:
    by.operator.user.set_password(PASSWORD)
    by.operator.user.save()
    return by


def sign_in(client: Client, name: str = "ann", password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def test_name_and_password_open_the_board(ann: Actor) -> None:
    with_password(ann)
    client = Client()
    assert sign_in(client)["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200


def test_without_a_second_factor_only_its_setup_is_open(ann: Actor, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True
    client = Client()
    client.force_login(ann.operator.user)
    for path in ("/staff/", "/staff/declare/", "/staff/record/", "/staff/admin/"):
        assert client.get(path)["Location"] == "/staff/account/2fa/"
    assert client.get("/staff/account/2fa/").status_code == 200


def test_even_the_demonstration_asks_for_it_from_another_machine(ann: Actor, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = False
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.force_login(ann.operator.user)
    assert client.get("/staff/")["Location"] == "/staff/account/2fa/"


def test_and_through_a_proxy(ann: Actor, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = False
    client = Client(headers={"X-Forwarded-For": "192.0.2.7"})
    client.force_login(ann.operator.user)
    assert client.get("/staff/")["Location"] == "/staff/account/2fa/"


def test_with_an_authenticator_app_a_password_is_not_enough(ann: Actor, settings: Any) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    settings.STAFF_SECOND_FACTOR = True
    with_password(ann)
    TOTP.activate(ann.operator.user, generate_totp_secret())
    client = Client()
    assert "2fa/authenticate" in sign_in(client)["Location"]
    assert client.get("/staff/")["Location"].startswith(LOGIN)


def test_a_code_of_the_app_completes_the_sign_in(ann: Actor, settings: Any) -> None:
    from allauth.mfa.totp.internal import auth

    settings.STAFF_SECOND_FACTOR = True
    with_password(ann)
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(ann.operator.user, secret)
    client = Client()
    sign_in(client)
    code = auth.format_hotp_value(
        auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()))
    )
    client.post("/staff/account/2fa/authenticate/", {"code": code})
    assert client.get("/staff/").status_code == 200


def test_the_secret_of_an_app_is_not_kept_in_the_clear(ann: Actor) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(ann.operator.user, secret)
    assert secret not in str(Authenticator.objects.get().data)


def test_five_wrong_passwords_close_an_account_for_a_while(ann: Actor) -> None:
    with_password(ann)
    client = Client()
    for _ in range(5):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 200
    assert "Too many wrong tries" in sign_in(client).content.decode()


def test_and_not_for_who_is_somewhere_else(ann: Actor) -> None:
    with_password(ann)
    for _ in range(6):
        sign_in(Client(REMOTE_ADDR="192.0.2.7"), password="wrong")
    assert sign_in(Client(REMOTE_ADDR="192.0.2.8"))["Location"] == "/staff/"


def test_who_guesses_from_many_addresses_is_stopped_too(ann: Actor, settings: Any) -> None:
    settings.FAILED_SIGN_INS = {"here": (5, 300), "anywhere": (3, 3600)}
    with_password(ann)
    for last in range(3):
        sign_in(Client(REMOTE_ADDR=f"192.0.2.{last}"), password="wrong")
    answer = sign_in(Client(REMOTE_ADDR="192.0.2.9"))
    assert "Too many wrong tries" in answer.content.decode()


def test_one_household_of_ipv6_addresses_counts_as_one(ann: Actor) -> None:
    with_password(ann)
    for last in range(5):
        sign_in(Client(REMOTE_ADDR=f"2001:db8:0:1::{last}"), password="wrong")
    answer = sign_in(Client(REMOTE_ADDR="2001:db8:0:1:ffff::9"))
    assert "Too many wrong tries" in answer.content.decode()
    assert sign_in(Client(REMOTE_ADDR="2001:db8:0:2::1"))["Location"] == "/staff/"


def test_a_right_password_counts_for_nothing(ann: Actor, settings: Any) -> None:
    settings.FAILED_SIGN_INS = {"here": (1, 300), "anywhere": (1, 3600)}
    with_password(ann)
    for _ in range(3):
        assert sign_in(Client())["Location"] == "/staff/"


def test_failed_sign_ins_are_counted_where_every_node_sees_them(ann: Actor) -> None:
    with_password(ann)
    sign_in(Client(), password="wrong")
    assert SignInCounter.objects.filter(cache_key__contains="login_failed").count() == 2


def test_and_not_the_rest_of_the_office(ann: Actor, bob: Actor) -> None:
    with_password(ann)
    with_password(bob)
    client = Client()
    for _ in range(6):
        sign_in(client, password="wrong")
    assert sign_in(Client(), "bob")["Location"] == "/staff/"


def test_a_session_ends_when_the_role_changes(ann: Actor) -> None:
    client = Client()
    client.force_login(ann.operator.user)
    client.get("/staff/")
    user, owner = ann.operator.user, ann.operator.organisation
    accounts.set_operator(user, owner, Role.VIEWER, "root", NOON)
    assert client.get("/staff/")["Location"] == LOGIN
    assert client.get("/staff/")["Location"].startswith(LOGIN)


def test_a_session_ends_when_the_organisation_loses_ground(ann: Actor) -> None:
    client = Client()
    client.force_login(ann.operator.user)
    client.get("/staff/")
    Organisation.objects.update(footprints=["police:kent"])
    assert client.get("/staff/")["Location"] == LOGIN


def test_a_session_lives_half_an_hour_after_the_last_request(ann: Actor) -> None:
    client = Client()
    client.force_login(ann.operator.user)
    answer = client.get("/staff/")
    assert client.session.get_expiry_age() == 1800
    assert answer.cookies["sessionid"]["path"] == "/staff/"


def test_nobody_signs_up(db: None) -> None:
    client = Client()
    answer = client.post("/staff/account/signup/", {"username": "eve", "password1": PASSWORD})
    assert not get_user_model().objects.filter(username="eve").exists()
    assert answer.status_code == 200


def test_a_public_page_knows_nothing_of_the_session(ann: Actor) -> None:
    client = Client()
    client.force_login(ann.operator.user)
    answer = client.get("/")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def create(monkeypatch: pytest.MonkeyPatch, *args: str, password: str = PASSWORD) -> str:
    monkeypatch.setattr("sys.stdin", StringIO(password + "\n"))
    out = StringIO()
    call_command("createoperator", *args, "--password-stdin", stdout=out)
    return out.getvalue()


def test_createoperator_makes_the_first_one(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    create(monkeypatch, "zoe", "--organisation=kent-police", "--called=Kent Police",
           "--called-cy=Heddlu Caint", "--service=police", "--footprint=police:kent",
           "--role=manager")  # fmt: skip
    operator = Operator.objects.get()
    assert (operator.organisation.footprints, operator.role) == (["police:kent"], "manager")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["zoe", "--organisation=nobody"], "There is no organisation"),
        (
            ["zoe", "--organisation=x", "--called=X", "--called-cy=X", "--footprint=police:x"],
            "place",
        ),
        (["ann", "--organisation=leicestershire-police"], "already an account"),
    ],
)
def test_createoperator_says_what_is_wrong(
    ann: Actor, monkeypatch: pytest.MonkeyPatch, args: list[str], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        create(monkeypatch, *args)


def test_createoperator_refuses_a_short_password(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="too short"):
        create(monkeypatch, "zoe", "--organisation=leicestershire-police", password="short")
    assert not get_user_model().objects.filter(username="zoe").exists()


def test_the_demonstration_can_be_filled_twice(db: None, settings: Any) -> None:
    from outage.models import Incident

    settings.DEMO = True
    for _ in range(2):
        call_command("demo", stdout=StringIO())
    (incident,) = Incident.objects.all()
    assert (incident.stage, incident.pretend) == ("live", True)


def test_the_demonstration_is_refused_anywhere_else(db: None, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstration only"):
        call_command("demo", stdout=StringIO())


def test_no_cookie_of_staff_goes_to_a_public_page(ann: Actor) -> None:
    with_password(ann)
    client = Client()
    sign_in(client, password="wrong")
    sign_in(client)
    client.get("/staff/")
    assert {"sessionid"} <= set(client.cookies)
    assert {cookie["path"] for cookie in client.cookies.values()} == {"/staff/"}


def test_a_flood_of_sign_ins_is_refused_in_our_own_words(ann: Actor, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    sign_in(Client(), password="wrong")
    answer = sign_in(Client())
    assert answer.status_code == 429
    assert "Wait a minute, then try again" in answer.content.decode()


def test_who_has_no_second_factor_is_told_what_to_set_up(ann: Actor, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True
    client = Client()
    client.force_login(ann.operator.user)
    body = client.get("/staff/account/2fa/").content.decode()
    assert "Before you can work here" in body
    assert "Add a passkey" in body


def test_who_has_an_app_sees_their_recovery_codes(ann: Actor) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(ann.operator.user, generate_totp_secret())
    RecoveryCodes.activate(ann.operator.user)
    client = Client()
    client.force_login(ann.operator.user)
    body = client.get("/staff/account/2fa/").content.decode()
    assert "10 left." in body
    assert "Before you can work here" not in body
