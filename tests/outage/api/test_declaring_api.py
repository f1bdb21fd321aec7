"""The API for declaring: the rights of the panel, keys that open what they may, each call once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from outage.models import ApiKey, Event, Incident, Operator, Proposal, Stage
from outage.statements.actor import Actor
from outage.workflow import api_keys, incidents
from tests.outage.panel.test_panel import now, signed_in, soon
from tests.outage.said import content, published, replacing
from tests.outage.workflow.test_people import manager
from triage import clock

pytestmark = pytest.mark.django_db
ALL = [*api_keys.SCOPES]


@pytest.fixture
def key(ann: Actor) -> str:
    return api_keys.make(manager(ann), "pager-1", ALL, [], 90)


COUNT = iter(range(10**6))


def call(key: str, path: str, body: Any, method: str = "post", **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"call-{next(COUNT):06}"}
    client = Client(**more.pop("client", {}))
    return getattr(client, method)(
        f"/api/v1/staff/{path}", json.dumps(body), "application/json",
        headers={**headers, **more.pop("headers", {})},
    )  # fmt: skip


def stated(**more: Any) -> dict[str, Any]:
    return {"statement": soon() | more}


def drafted(key: str, **more: Any) -> Any:
    return call(key, "drafts", stated(**more)).json()


def live(key: str, **more: Any) -> Any:
    made = drafted(key, **more)
    path = f"drafts/{made['draft']}/publish"
    return call(key, path, {"version": made["version"]}).json()


def test_a_system_drafts_publishes_confirms_and_ends(key: str) -> None:
    made = drafted(key)
    assert (made["second_person"], made["stage"]) == ([], "draft")
    said = call(key, f"drafts/{made['draft']}/publish", {"version": made["version"]}).json()
    assert said["stage"] == "live"
    again = call(key, f"incidents/{said['incident']}/confirm", {"version": said["version"]})
    assert again.json()["version"] > said["version"]
    over = call(key, f"incidents/{said['incident']}/over", {"version": 0})
    assert over.json()["stage"] == "ended"


def test_every_event_says_which_key(key: str) -> None:
    live(key)
    actors = set(Event.objects.exclude(incident="").values_list("actor", flat=True))
    assert actors == {"key:leicestershire-police:pager-1"}


def test_what_needs_two_is_put_to_a_person(key: str, bob: Actor) -> None:
    made = drafted(key, notices=replacing()["notices"])
    assert made["second_person"]
    refused = call(key, f"drafts/{made['draft']}/publish", {"version": made["version"]})
    assert (refused.status_code, Incident.objects.get().stage) == (403, "draft")
    asked = call(key, f"drafts/{made['draft']}/submit", {"version": made["version"]}).json()
    assert asked["stage"] == "submitted"
    page = signed_in(bob).get(f"/staff/drafts/{made['draft']}/")
    post = {"do": "approve", "version": asked["version"], "seal": page.context["seal"]}
    signed_in(bob).post(f"/staff/drafts/{made['draft']}/", post)
    assert Incident.objects.get().stage == Stage.LIVE


def test_a_call_sent_again_is_done_once(key: str) -> None:
    same = {"Idempotency-Key": "the-same-call"}
    body = stated()
    first, second = (call(key, "drafts", body, headers=same) for _ in range(2))
    assert first.json() == second.json()
    assert Proposal.objects.count() == 1


def test_one_key_of_a_call_is_of_one_request(key: str) -> None:
    same = {"Idempotency-Key": "the-same-call"}
    call(key, "drafts", stated(), headers=same)
    assert call(key, "drafts", stated(channel="101"), headers=same).status_code == 409


def test_a_call_without_one_is_refused(key: str) -> None:
    answer = Client().post("/api/v1/staff/drafts", json.dumps(stated()), "application/json",
                           headers={"Authorization": f"Bearer {key}"})  # fmt: skip
    assert answer.status_code == 422
    assert not Proposal.objects.exists()


def test_what_was_refused_may_be_sent_again(key: str) -> None:
    same = {"Idempotency-Key": "the-same-call"}
    body = stated(review_at="2099-01-01T00:00:00+00:00")
    assert call(key, "drafts", body, headers=same).status_code == 403
    assert call(key, "drafts", stated(), headers=same).status_code == 200


def test_what_is_live_already_is_named(key: str) -> None:
    first = live(key)
    made = drafted(key)
    answer = call(key, f"drafts/{made['draft']}/publish", {"version": made["version"]})
    assert (answer.status_code, answer.json()["incident"]) == (409, first["incident"])


# ---- keys


@pytest.mark.parametrize(
    ("scope", "path"),
    [("publish", "drafts"), ("stop", "drafts"), ("draft", "drafts/1/publish"),
     ("stop", "drafts/1/publish"), ("draft", "incidents/x/confirm"),
     ("publish", "incidents/x/over"), ("draft", "incidents/x/over"),
     ("publish", "drafts/1/submit"), ("publish", "drafts/cap")],
)  # fmt: skip
def test_a_key_does_what_its_scopes_say(ann: Actor, scope: str, path: str) -> None:
    made = api_keys.make(manager(ann), "narrow", [scope], [], 9)
    body = stated() if path == "drafts" else {"version": 1}
    answer = call(made, path, body)
    assert answer.status_code == 403
    assert "lacks the scope" in answer.json()["problems"][0]


def test_a_false_an_old_and_a_revoked_key_open_nothing(ann: Actor, key: str) -> None:
    for wrong in ("", "wn", "wn_", f"{key}x", key.replace("wn_", "xx_"), "wn_00000000_x"):
        assert call(wrong, "drafts", stated()).status_code == 401
    ApiKey.objects.update(expires_at=clock.now())
    assert call(key, "drafts", stated()).status_code == 401
    ApiKey.objects.update(expires_at=clock.now() + timedelta(days=1))
    api_keys.revoke(manager(ann), ApiKey.objects.get().pk)
    assert call(key, "drafts", stated()).status_code == 401


def test_a_key_opens_from_its_networks_alone(ann: Actor) -> None:
    made = api_keys.make(manager(ann), "inside", ALL, ["192.0.2.0/24"], 9)
    inside, outside = ({"REMOTE_ADDR": a} for a in ("192.0.2.9", "198.51.100.1"))
    assert call(made, "drafts", stated(), client=inside).status_code == 200
    assert call(made, "drafts", stated(), client=outside).status_code == 401


def test_a_key_is_shown_once_and_kept_as_a_hash(ann: Actor) -> None:
    post = {"do": "key", "name": "pager-2", "scopes": ["draft"], "days": "30"}
    client = signed_in(manager(ann))
    page = client.post("/staff/organisation/", post, follow=True).content.decode()
    start = page.index("wn_")
    made = page[start : page.index("<", start)]
    assert call(made, "drafts", stated()).status_code == 200
    again = client.get("/staff/organisation/").content.decode()
    assert made not in again
    assert not Event.objects.filter(body__contains=made.split("_")[2]).exists()


@pytest.mark.parametrize(
    "wrong", [{"name": "No Way"}, {"name": ""}, {"scopes": []}, {"scopes": ["all"]}, {"days": "0"},
              {"days": "999999999"}, {"networks": "nonsense"}],
)  # fmt: skip
def test_a_wrong_key_is_refused(ann: Actor, wrong: dict[str, Any]) -> None:
    post = {"do": "key", "name": "pager", "scopes": ["draft"], "days": "30", **wrong}
    assert signed_in(manager(ann)).post("/staff/organisation/", post).status_code == 403
    assert not ApiKey.objects.exists()


def test_only_managers_make_keys_and_revoke_their_own(ann: Actor, kim: Actor, key: str) -> None:
    Operator.objects.filter(pk=ann.operator.pk).update(role="editor")
    post = {"do": "key", "name": "pager", "scopes": ["draft"], "days": "30"}
    assert signed_in(ann).post("/staff/organisation/", post).status_code == 403
    number = ApiKey.objects.get().pk
    other = {"do": "key-revoke", "key": number}
    assert signed_in(manager(kim)).post("/staff/organisation/", other).status_code == 403
    assert ApiKey.objects.get().revoked_at is None


def test_nobody_signs_in_by_a_key(key: str) -> None:
    account = Operator.objects.get(api_key__isnull=False).user
    assert not account.has_usable_password()
    assert account.username not in signed_in_page(account.operator)


def signed_in_page(of: Operator) -> str:
    colleague = Operator.objects.get(user__username="ann")
    return signed_in(Actor(colleague, clock.now())).get("/staff/organisation/").content.decode()


# ---- the panel's rights


@pytest.mark.parametrize(
    "more",
    [{"channel": "gas-gb"}, {"channel": "112"}, {"words_en": "Ring 0911.111.1111", "words_cy": "x"},
     {"review_at": "2099-01-01T00:00:00+00:00"}, {"footprints": ["police:atlantis"]}],
)  # fmt: skip
def test_what_the_panel_refuses_is_refused_here(key: str, more: dict[str, Any]) -> None:
    answer = call(key, "drafts", stated(**more))
    assert answer.status_code == 403
    assert answer.json()["problems"]
    assert not Proposal.objects.exists()


def test_another_organisations_statement_is_not_touched(key: str, kim: Actor) -> None:
    theirs = published(now(kim), soon(footprints=["police:kent"]))
    draft = incidents.draft(now(kim), soon(channel="101", footprints=["police:kent"]))
    for path in (f"incidents/{theirs.slug}/over", f"incidents/{theirs.slug}/confirm",
                 f"drafts/{draft.pk}/publish", f"drafts/{draft.pk}/submit"):  # fmt: skip
        assert call(key, path, {"version": theirs.version}).status_code == 403
    assert Incident.objects.get(slug=theirs.slug).stage == Stage.LIVE


def test_a_telephone_company_states_what_is_broken(cab: Actor) -> None:
    made = api_keys.make(manager(cab), "network", ALL, [], 9)
    assert live(made, channel="mobile-voice", footprints=["uk"])["stage"] == "live"
    advice = stated(footprints=["uk"], notices=replacing()["notices"])
    assert call(made, "drafts", advice).status_code == 403


def test_it_lists_what_is_live_of_ones_own(key: str, kim: Actor) -> None:
    mine = live(key)
    published(now(kim), soon(footprints=["police:kent"]))
    answer = Client().get("/api/v1/staff/incidents", headers={"Authorization": f"Bearer {key}"})
    assert [row["incident"] for row in answer.json()] == [mine["incident"]]
    assert answer["Content-Type"].startswith("application/json")


def test_it_says_what_it_is_and_is_not_the_public_one(key: str) -> None:
    described = Client().get("/api/v1/staff/openapi.json").json()
    assert set(described["paths"]) == {
        f"/api/v1/staff/{path}"
        for path in ("incidents", "drafts", "drafts/cap", "drafts/{number}",
                     "drafts/{number}/submit", "drafts/{number}/publish",
                     "incidents/{slug}/confirm", "incidents/{slug}/over", "signals")
    }  # fmt: skip


# ---- CAP in

CAP = """<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>x</identifier><sender>s</sender><sent>2026-11-24T12:00:00+00:00</sent>
<status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>
<info><category>Infra</category><event>999</event><urgency>Immediate</urgency>
<severity>Severe</severity><certainty>Observed</certainty>
<description>Ring 01632 960001</description>{channel}
<parameter><valueName>state</valueName><value>delayed</value></parameter>
<area><areaDesc>Leicester</areaDesc>
<geocode><valueName>GSS</valueName><value>E06000016</value></geocode></area></info></alert>"""
CHANNEL = "<parameter><valueName>channel</valueName><value>101</value></parameter>"


def cap(key: str, body: str) -> Any:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"cap-{next(COUNT):06}"}
    path = "/api/v1/staff/drafts/cap"
    return Client().post(path, body, "application/cap+xml", headers=headers)


def test_a_cap_message_becomes_a_draft_and_brings_no_words(key: str) -> None:
    made = cap(key, CAP.format(kind="Alert", channel=CHANNEL)).json()
    said = made["statement"]
    assert (said["channel"], said["state"], said["footprints"]) == (
        "101", "delayed", ["council:E06000016"]
    )  # fmt: skip
    assert made["stage"] == "draft"
    assert "960001" not in json.dumps(said)


@pytest.mark.parametrize(
    "body",
    ["", "x", "<a/>", CAP.format(kind="Cancel", channel=CHANNEL),
     CAP.format(kind="Alert", channel=""),
     '<!DOCTYPE x [<!ENTITY a "b">]>' + CAP.format(kind="Alert", channel=CHANNEL), "<a>" * 5000],
)  # fmt: skip
def test_what_is_no_message_is_refused(key: str, body: str) -> None:
    assert cap(key, body).status_code == 403
    assert not Proposal.objects.exists()


HOSTILE: list[Any] = [None, [], "x", 1, {}, {"statement": None}, {"statement": {}},
           {"statement": "x"},
           {"statement": {"channel": "999", "state": "down", "footprints": []}},
           {"statement": content() | {"words_en": "\x00"}}, {"statement": content() | {"x": 1}},
           {"statement": content() | {"review_at": "never"}},
           {"statement": content() | {"channel": "x" * 9000}}]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE)
def test_whatever_is_sent_is_answered_with_what_is_wrong(key: str, body: Any) -> None:
    answer = call(key, "drafts", body)
    assert answer.status_code in (400, 403, 422)
    assert answer.json()["problems"]


@pytest.fixture
def described() -> Any:
    return Client().get("/api/v1/staff/openapi.json").json()


def test_every_refusal_has_the_shape_that_is_promised(key: str, described: dict[str, Any]) -> None:
    problem = described["components"]["schemas"]["StaffProblem"]["properties"]
    for answer in (call("no", "drafts", {}), call(key, "drafts", {}),
                   call(key, "drafts/9/publish", {"version": 1})):  # fmt: skip
        assert set(answer.json()) == set(problem)
