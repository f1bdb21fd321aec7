"""Who may reach what, by every route: list, add, change, delete, history, actions, addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from outage import lifecycle, rights
from outage.content import Content
from outage.lifecycle import Refused
from outage.models import Event, Incident
from outage.writing import By
from tests.outage.said import HERE, content, published, replacing, submitted
from triage.rules import rulebook

pytestmark = pytest.mark.django_db


def signed_in(by: By) -> Client:
    client = Client(enforce_csrf_checks=False)
    client.force_login(by.operator.user)
    return client


ADDRESSES = ["incident", "amend", "renew", "adopt", "confirm", "stand-down", "add"]
MOVES = ["publish", "submit", "approve", "send-back", "break-glass", "withdraw", "keep"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_sent_to_sign_in_at_every_address(ann: By, address: str) -> None:
    row = published(ann)
    url = reverse(f"staff:{address}", args=[row.slug])
    answer = Client().get(url) if address == "incident" else Client().post(url)
    assert answer.status_code == 302
    assert "/staff/" in answer["Location"]


@pytest.mark.parametrize("who", ["viv", "kim", "cab"])
@pytest.mark.parametrize("address", ["amend", "renew", "confirm", "stand-down", "add"])
def test_who_has_no_right_changes_nothing_by_any_address(
    ann: By, request: pytest.FixtureRequest, who: str, address: str
) -> None:
    """A viewer, another force, a telephone company."""
    row = published(ann)
    before = Event.objects.count()
    post = {"version": row.version, "do": "end", "kind": "comment", "en": "x", "cy": "x",
            "issuer": "x"}  # fmt: skip
    url = reverse(f"staff:{address}", args=[row.slug])
    assert signed_in(request.getfixturevalue(who)).post(url, post).status_code == 403
    assert Event.objects.count() == before


@pytest.mark.parametrize("who", ["viv", "kim", "cab"])
@pytest.mark.parametrize("move", MOVES)
def test_who_has_no_right_makes_no_move_with_a_draft(
    ann: By, request: pytest.FixtureRequest, who: str, move: str
) -> None:
    proposal = submitted(ann)
    before = Event.objects.count()
    post = {**content(), "review": "30", "version": proposal.version, "do": move,
            "reason": "x", "seal": proposal.seal}  # fmt: skip
    url = reverse("staff:draft", args=[proposal.pk])
    client = signed_in(request.getfixturevalue(who))
    assert client.post(url, post).status_code in (403, 422)
    assert Event.objects.count() == before


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_draft_of_others_is_refused_at_every_address_like_none(
    ann: By, kim: By, address: str
) -> None:
    slug = submitted(ann).incident.slug
    client = signed_in(kim)
    ask = client.get if address == "incident" else client.post
    there, nowhere = (ask(reverse(f"staff:{address}", args=[s])) for s in (slug, "no-such"))
    assert there.status_code == nowhere.status_code == 403
    assert there.context["sentence"] == nowhere.context["sentence"]


@pytest.mark.parametrize("address", ["amend", "confirm", "stand-down", "add"])
def test_another_force_changes_nothing_by_any_address(ann: By, kim: By, address: str) -> None:
    row = published(ann)
    before = Event.objects.count()
    url = reverse(f"staff:{address}", args=[row.slug])
    post = {"version": row.version, "do": "end", "kind": "comment", "en": "x", "cy": "x"}
    assert signed_in(kim).post(url, post).status_code == 403
    assert Event.objects.count() == before


def test_another_force_sees_no_incident_page_nor_history(ann: By, kim: By) -> None:
    row = published(ann)
    answer = signed_in(kim).get(reverse("staff:incident", args=[row.slug]))
    assert answer.status_code == 403
    assert row.slug not in answer.content.decode()


def test_a_missing_incident_is_refused_like_anothers(ann: By, kim: By) -> None:
    row = published(ann)
    client = signed_in(kim)
    there = client.get(reverse("staff:incident", args=[row.slug]))
    not_there = client.get(reverse("staff:incident", args=["no-such-incident"]))
    assert there.status_code == not_there.status_code == 403
    sentence = "There is no such incident, or it is not yours to see."
    assert sentence in there.content.decode()
    assert sentence in not_there.content.decode()


def test_another_forces_draft_cannot_be_read_or_moved(ann: By, kim: By) -> None:
    proposal = lifecycle.draft(ann, content())
    url = reverse("staff:draft", args=[proposal.pk])
    client = signed_in(kim)
    assert client.get(url).status_code == 403
    for do in ("publish", "submit", "approve", "send-back", "break-glass", "withdraw", "keep"):
        answer = client.post(url, {"version": proposal.version, "do": do, "reason": "x"})
        assert answer.status_code == 403, do


def test_another_force_cannot_preview_a_draft(ann: By, kim: By) -> None:
    proposal = lifecycle.draft(ann, content())
    assert signed_in(kim).get(f"/staff/preview/{proposal.pk}/in/leicestershire/").status_code == 404
    assert signed_in(ann).get(f"/staff/preview/{proposal.pk}/in/leicestershire/").status_code == 200


def test_another_forces_draft_is_on_no_board(ann: By, kim: By) -> None:
    proposal = lifecycle.draft(ann, content())
    address = reverse("staff:draft", args=[proposal.pk])
    assert address in signed_in(ann).get("/staff/").content.decode()
    assert address not in signed_in(kim).get("/staff/").content.decode()


def test_a_force_cannot_declare_for_another_organisation(ann: By, kim: By) -> None:
    with pytest.raises(Refused, match="your own organisation"):
        lifecycle.draft(kim, content(), ann.operator.organisation)


def test_a_force_cannot_approve_another_forces_advice(ann: By, kim: By) -> None:
    proposal = submitted(ann)
    with pytest.raises(Refused, match="does not cover"):
        lifecycle.approve(kim, proposal.pk, proposal.version, proposal.seal)


def test_a_force_cannot_stand_down_another_forces_incident(ann: By, kim: By) -> None:
    row = published(ann)
    with pytest.raises(Refused, match="your own organisation"):
        lifecycle.stand_down(kim, row.slug, row.version)


def test_a_force_cannot_end_anothers_by_correcting_it(ann: By, kim: By) -> None:
    row = published(ann)
    with pytest.raises(Refused, match="your own organisation"):
        lifecycle.draft(kim, replacing(footprints=["police:kent"], supersedes=row.slug))


def test_a_national_operator_may_touch_any_forces_incident(ann: By, nat: By) -> None:
    row = published(ann)
    assert signed_in(nat).get(reverse("staff:incident", args=[row.slug])).status_code == 200
    lifecycle.stand_down(nat, row.slug, row.version)


def test_a_viewer_reads_and_writes_nothing(ann: By, viv: By) -> None:
    row = published(ann)
    assert signed_in(viv).get(reverse("staff:incident", args=[row.slug])).status_code == 200
    with pytest.raises(Refused, match="reads only"):
        lifecycle.draft(viv, content())
    with pytest.raises(Refused, match="reads only"):
        lifecycle.stand_down(viv, row.slug, row.version)


def test_a_viewer_approves_nothing(ann: By, viv: By) -> None:
    proposal = submitted(ann)
    with pytest.raises(Refused, match="reads only"):
        lifecycle.approve(viv, proposal.pk, proposal.version, proposal.seal)


@pytest.mark.parametrize(
    "more",
    [
        {"notices": [{"need": "police-emergency", "mode": "try-first", "to": ["101"]}]},
        {"keep_free": ["101"]},
    ],
)
def test_a_carrier_states_what_is_broken_and_no_advice(cab: By, more: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="not what people should do"):
        lifecycle.draft(cab, content(footprints=["uk"], **more))


def test_a_carrier_publishes_a_technical_state(cab: By) -> None:
    assert published(cab, content(footprints=["uk"]))


def test_a_carrier_touches_nobody_elses_incident(ann: By, cab: By) -> None:
    row = published(ann)
    with pytest.raises(Refused, match="your own organisation"):
        lifecycle.stand_down(cab, row.slug, row.version)
    proposal = submitted(ann)
    with pytest.raises(Refused, match="its own statements only"):
        lifecycle.approve(cab, proposal.pk, proposal.version, proposal.seal)


def test_a_closed_account_may_do_nothing(ann: By) -> None:
    ann.operator.user.is_active = False
    with pytest.raises(Refused, match="closed"):
        lifecycle.draft(ann, content())


def test_a_closed_organisation_shuts_its_operators_out(ann: By) -> None:
    client = signed_in(ann)
    ann.operator.organisation.active = False
    ann.operator.organisation.save()
    assert client.get("/staff/").status_code == 403


def test_an_account_without_organisation_is_told_so(db: None) -> None:
    from django.contrib.auth import get_user_model

    client = Client()
    client.force_login(get_user_model().objects.create_user("nobody"))
    assert client.get("/staff/").status_code == 403


@pytest.mark.parametrize(
    ("places", "services", "outside"),
    [
        ([HERE], [], []),
        (["police:kent"], [], ["police:kent"]),
        (["uk"], [], ["uk"]),
        (["nation:england"], ["police"], ["nation:england"]),
        (["fire:leicestershire"], [], ["fire:leicestershire"]),
        (["council:E06000016"], ["police"], []),
        (["council:E06000016"], [], ["council:E06000016"]),
        (["council:E06000018"], ["police"], ["council:E06000018"]),
    ],
)
def test_what_lies_beyond_a_forces_territory(
    ann: By, places: list[str], services: list[str], outside: list[str]
) -> None:
    stated = Content.model_validate(content(footprints=places, services=services))
    assert list(rights.beyond(ann.rights, stated, rulebook().catalogue)) == outside


def test_nothing_lies_beyond_a_national_operator(nat: By) -> None:
    stated = Content.model_validate(content(footprints=["uk", HERE, "council:E06000016"]))
    assert rights.beyond(nat.rights, stated, rulebook().catalogue) == ()


@pytest.mark.parametrize("path", ["", "declare/", "record/", "replay/", "organisation/"])
def test_every_staff_page_opens_for_an_operator(ann: By, path: str) -> None:
    published(ann)
    assert signed_in(ann).get(f"/staff/{path}").status_code == 200


def test_no_staff_page_is_kept_by_a_cache(ann: By) -> None:
    assert "no-store" in signed_in(ann).get("/staff/")["Cache-Control"]


@pytest.mark.parametrize("model", ["incident", "event", "proposal", "bulletinversion"])
def test_the_admin_has_no_way_round_the_lifecycle(ann: By, model: str) -> None:
    """Not even for somebody with every right: these are written by lifecycle.py alone."""
    from django.contrib.auth import get_user_model

    row = published(ann)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    for path in ("", "add/", f"{row.pk}/change/", f"{row.pk}/delete/", f"{row.pk}/history/"):
        assert client.get(f"/staff/admin/outage/{model}/{path}").status_code == 404
    assert Incident.objects.count() == 1
