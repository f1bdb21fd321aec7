"""Who may speak, on the record: accounts, rights, organisations; by the admin and by managers."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from outage.audit import record
from outage.models import Event, Incident, Operator, Organisation, Role
from outage.statements import stored
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import accounts
from tests.cast import NOON
from tests.outage.conftest import operator
from tests.outage.panel.test_panel import signed_in
from tests.outage.said import on_record, published

pytestmark = pytest.mark.django_db

ADMIN = "/staff/admin"


@pytest.fixture
def root(db: None) -> Client:
    """Whoever runs the site, signed in."""
    user = get_user_model()(username="root", is_superuser=True)
    accounts.set_account(user, "createoperator", NOON)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def max_(ann: Actor) -> Actor:
    """A manager of Leicestershire Police."""
    return Actor(operator("max", ann.operator.organisation, Role.MANAGER), ann.at)


def last() -> tuple[str, str, Any]:
    event = Event.objects.order_by("-number")[0]
    return event.kind, event.actor, record.read(event)["data"]


def account(root: Client, by: Actor, **post: str) -> Any:
    url = f"{ADMIN}/auth/user/{by.operator.user.pk}/change/"
    return root.post(url, post)


def test_closing_an_account_is_on_record_and_ends_its_session(root: Client, ann: Actor) -> None:
    client = signed_in(ann)
    client.get("/staff/")
    account(root, ann, email="")
    told = {"account": "ann", "active": False, "runs_site": False}
    assert last() == ("account-set", "root", told)
    assert client.get("/staff/")["Location"].startswith("/staff/account/login/")


def test_the_right_to_run_the_site_is_on_record(root: Client, ann: Actor) -> None:
    account(root, ann, is_active="on", is_superuser="on")
    assert last()[2] == {"account": "ann", "active": True, "runs_site": True}
    assert get_user_model().objects.get(username="ann").is_staff


def test_a_new_account_is_on_record(root: Client) -> None:
    word = "a long enough pass phrase"
    post = {"username": "zoe", "email": "zoe@example.org", "password1": word, "password2": word}
    root.post(f"{ADMIN}/auth/user/add/", post)
    assert last()[2] == {"account": "zoe", "active": True, "runs_site": False}


def test_a_password_set_for_somebody_is_on_record(root: Client, ann: Actor) -> None:
    word = "a long enough pass phrase"
    url = f"{ADMIN}/auth/user/{ann.operator.user.pk}/password/"
    root.post(url, {"password1": word, "password2": word, "usable_password": "true"})
    assert last() == ("password-set", "root", {"account": "ann"})


def test_the_last_who_runs_the_site_is_not_shut_out(root: Client) -> None:
    user = get_user_model().objects.get(username="root")
    answer = root.post(f"{ADMIN}/auth/user/{user.pk}/change/", {"is_active": "on"})
    assert "Nobody would be left who runs the site" in answer.content.decode()
    assert get_user_model().objects.get(username="root").is_superuser


def test_a_lost_second_factor_is_taken_away_on_record(root: Client, ann: Actor) -> None:
    TOTP.activate(ann.operator.user, generate_totp_secret())
    factor = Authenticator.objects.get()
    url = f"{ADMIN}/mfa/authenticator/{factor.pk}/delete/"
    assert "secret" not in root.get(url).content.decode()
    root.post(url, {"post": "yes"})
    assert last() == ("second-factor-dropped", "root", {"account": "ann", "type": "totp"})


def test_the_rights_of_an_operator_stay_with_their_account(
    root: Client, ann: Actor, bob: Actor
) -> None:
    url = f"{ADMIN}/outage/operator/{ann.operator.pk}/change/"
    owner = ann.operator.organisation.pk
    root.post(url, {"user": bob.operator.user.pk, "organisation": owner, "role": "manager"})
    assert last()[2] == {"operator": "ann", "role": "manager"}


@pytest.mark.parametrize(
    "path",
    ["auth/user/{}/delete/", "auth/group/", "account/emailaddress/", "mfa/authenticator/add/"],
)
def test_the_admin_has_no_way_round_the_record(root: Client, ann: Actor, path: str) -> None:
    url = f"{ADMIN}/{path.format(ann.operator.user.pk)}"
    assert root.get(url).status_code in (403, 404)


def test_editing_an_organisation_in_the_admin_is_on_record(root: Client, ann: Actor) -> None:
    owner = ann.operator.organisation
    url = f"{ADMIN}/outage/organisation/{owner.pk}/change/"
    root.post(url, {"name": "The Force", "name_cy": "Yr Heddlu", "kind": owner.kind,
                    "services": '["police"]', "footprints": '["police:leicestershire"]',
                    "widget_hosts": "[]"})  # fmt: skip
    kind, actor, data = last()
    assert (kind, actor, data["active"]) == ("organisation-set", "root", False)
    assert data["public"]["en"] == "Name: The Force. Closed: it speaks here no longer."


def test_a_manager_closes_a_colleagues_account(ann: Actor, max_: Actor) -> None:
    post = {"do": "close", "name": "ann"}
    signed_in(max_).post("/staff/organisation/", post)
    assert last() == ("account-set", "max", {"account": "ann", "active": False, "runs_site": False})
    assert signed_in(ann).get("/staff/").status_code == 302


def test_a_manager_gives_a_colleague_another_role(ann: Actor, max_: Actor) -> None:
    signed_in(max_).post("/staff/organisation/", {"do": "role", "name": "ann", "role": "viewer"})
    assert Operator.objects.get(user__username="ann").role == Role.VIEWER
    assert last()[2] == {"operator": "ann", "role": "viewer"}


@pytest.mark.parametrize(
    ("name", "says"), [("max", "Another manager"), ("kim", "no such operator"), ("x", "no such")]
)
def test_a_manager_changes_colleagues_alone(
    ann: Actor, kim: Actor, max_: Actor, name: str, says: str
) -> None:
    with pytest.raises(RefusedError, match=says):
        accounts.set_open(max_, name, is_open=False)


def test_an_editor_changes_nobody(ann: Actor, bob: Actor) -> None:
    with pytest.raises(RefusedError, match="Only a manager"):
        accounts.set_role(ann, "bob", "viewer")


def verify() -> str:
    with pytest.raises(CommandError) as caught:
        call_command("verify_record", stdout=StringIO())
    return str(caught.value)


def test_verify_record_finds_rights_that_were_given_behind_its_back(ann: Actor) -> None:
    on_record(ann)
    Operator.objects.update(role="manager")
    assert verify() == "rights of ann: the database holds something else than the record says"


def test_it_finds_an_account_that_nobody_made(ann: Actor) -> None:
    on_record(ann)
    get_user_model().objects.create_superuser("eve")
    assert verify() == "account eve: the database holds it, and no event tells of it"


def test_it_finds_a_territory_that_was_changed(ann: Actor) -> None:
    on_record(ann)
    Organisation.objects.update(footprints=["uk"])
    assert verify().startswith("organisation leicestershire-police: the database holds something")


def test_it_finds_a_statement_that_the_public_was_never_told(ann: Actor) -> None:
    row = published(on_record(ann))
    other = {**stored.published(row).model_dump(mode="json"), "status": "ended"}
    Incident.objects.update(published=other)
    assert verify().startswith(f"statement {row.slug}: the database holds something else")
