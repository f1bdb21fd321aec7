"""Who may reach what, by every route: list, add, change, delete, history, actions, addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from outage.models import Event, Incident
from outage.statements import rights
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.statements.statement import Statement
from outage.workflow import endings, incidents
from tests.outage.said import HERE, content, published, replacing, submitted
from triage.rules import rulebook

pytestmark = pytest.mark.django_db


def signed_in(by: Actor) -> Client:
    client = Client(enforce_csrf_checks=False)
    client.force_login(by.operator.user)
    return client


ADDRESSES = ["incident", "amend", "renew", "adopt", "confirm", "stand-down", "add"]
MOVES = ["publish", "submit", "approve", "send-back", "break-glass", "withdraw", "keep"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_sent_to_sign_in_at_every_address(ann: Actor, address: str) -> None:
    row = published(ann)
    url = reverse(f"staff:{address}", args=[row.slug])
    answer = Client().get(url) if address == "incident" else Client().post(url)
    assert answer.status_code == 302
    assert "/staff/" in answer["Location"]


@pytest.mark.parametrize("who", ["viv", "kim", "cab"])
@pytest.mark.parametrize("address", ["amend", "renew", "confirm", "stand-down", "add"])
def test_who_has_no_right_changes_nothing_by_any_address(
    ann: Actor, request: pytest.FixtureRequest, who: str, address: str
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
    ann: Actor, request: pytest.FixtureRequest, who: str, move: str
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
    ann: Actor, kim: Actor, address: str
) -> None:
    slug = submitted(ann).incident.slug
    client = signed_in(kim)
    ask = client.get if address == "incident" else client.post
    there, nowhere = (ask(reverse(f"staff:{address}", args=[s])) for s in (slug, "no-such"))
    assert there.status_code == nowhere.status_code == 403
    assert there.context["sentence"] == nowhere.context["sentence"]


@pytest.mark.parametrize("address", ["amend", "confirm", "stand-down", "add"])
def test_another_force_changes_nothing_by_any_address(ann: Actor, kim: Actor, address: str) -> None:
    row = published(ann)
    before = Event.objects.count()
    url = reverse(f"staff:{address}", args=[row.slug])
    post = {"version": row.version, "do": "end", "kind": "comment", "en": "x", "cy": "x"}
    assert signed_in(kim).post(url, post).status_code == 403
    assert Event.objects.count() == before


def test_another_force_sees_no_incident_page_nor_history(ann: Actor, kim: Actor) -> None:
    row = published(ann)
    answer = signed_in(kim).get(reverse("staff:incident", args=[row.slug]))
    assert answer.status_code == 403
    assert row.slug not in answer.content.decode()


def test_a_missing_incident_is_refused_like_anothers(ann: Actor, kim: Actor) -> None:
    row = published(ann)
    client = signed_in(kim)
    there = client.get(reverse("staff:incident", args=[row.slug]))
    not_there = client.get(reverse("staff:incident", args=["no-such-incident"]))
    assert there.status_code == not_there.status_code == 403
    sentence = "There is no such incident, or it is not yours to see."
    assert sentence in there.content.decode()
    assert sentence in not_there.content.decode()


def test_another_forces_draft_cannot_be_read_or_moved(ann: Actor, kim: Actor) -> None:
    proposal = incidents.draft(ann, content())
    url = reverse("staff:draft", args=[proposal.pk])
    client = signed_in(kim)
    assert client.get(url).status_code == 403
    for do in ("publish", "submit", "approve", "send-back", "break-glass", "withdraw", "keep"):
        answer = client.post(url, {"version": proposal.version, "do": do, "reason": "x"})
        assert answer.status_code == 403, do


def test_another_force_cannot_preview_a_draft(ann: Actor, kim: Actor) -> None:
    proposal = incidents.draft(ann, content())
    assert signed_in(kim).get(f"/staff/preview/{proposal.pk}/in/leicestershire/").status_code == 404
    assert signed_in(ann).get(f"/staff/preview/{proposal.pk}/in/leicestershire/").status_code == 200


def test_another_forces_draft_is_on_no_board(ann: Actor, kim: Actor) -> None:
    proposal = incidents.draft(ann, content())
    address = reverse("staff:draft", args=[proposal.pk])
    assert address in signed_in(ann).get("/staff/").content.decode()
    assert address not in signed_in(kim).get("/staff/").content.decode()


def test_a_force_cannot_declare_for_another_organisation(ann: Actor, kim: Actor) -> None:
    with pytest.raises(RefusedError, match="your own organisation"):
        incidents.draft(kim, content(), ann.operator.organisation)


def test_a_force_cannot_approve_another_forces_advice(ann: Actor, kim: Actor) -> None:
    proposal = submitted(ann)
    with pytest.raises(RefusedError, match="does not cover"):
        incidents.approve(kim, proposal.pk, proposal.version, proposal.seal)


def test_a_force_cannot_stand_down_another_forces_incident(ann: Actor, kim: Actor) -> None:
    row = published(ann)
    with pytest.raises(RefusedError, match="your own organisation"):
        endings.stand_down(kim, row.slug, row.version)


def test_a_force_cannot_end_anothers_by_correcting_it(ann: Actor, kim: Actor) -> None:
    row = published(ann)
    with pytest.raises(RefusedError, match="your own organisation"):
        incidents.draft(kim, replacing(footprints=["police:kent"], supersedes=row.slug))


def test_a_national_operator_may_touch_any_forces_incident(ann: Actor, nat: Actor) -> None:
    row = published(ann)
    assert signed_in(nat).get(reverse("staff:incident", args=[row.slug])).status_code == 200
    endings.stand_down(nat, row.slug, row.version)


def test_a_viewer_reads_and_writes_nothing(ann: Actor, viv: Actor) -> None:
    row = published(ann)
    assert signed_in(viv).get(reverse("staff:incident", args=[row.slug])).status_code == 200
    with pytest.raises(RefusedError, match="reads only"):
        incidents.draft(viv, content())
    with pytest.raises(RefusedError, match="reads only"):
        endings.stand_down(viv, row.slug, row.version)


def test_a_viewer_approves_nothing(ann: Actor, viv: Actor) -> None:
    proposal = submitted(ann)
    with pytest.raises(RefusedError, match="reads only"):
        incidents.approve(viv, proposal.pk, proposal.version, proposal.seal)


@pytest.mark.parametrize(
    "more",
    [
        {"notices": [{"need": "police-emergency", "mode": "try-first", "to": ["101"]}]},
        {"keep_free": ["101"]},
    ],
)
def test_a_carrier_states_what_is_broken_and_no_advice(cab: Actor, more: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match="not what people should do"):
        incidents.draft(cab, content(footprints=["uk"], **more))


def test_a_carrier_publishes_a_technical_state(cab: Actor) -> None:
    assert published(cab, content(footprints=["uk"]))


def test_a_carrier_touches_nobody_elses_incident(ann: Actor, cab: Actor) -> None:
    row = published(ann)
    with pytest.raises(RefusedError, match="your own organisation"):
        endings.stand_down(cab, row.slug, row.version)
    proposal = submitted(ann, content("101", words_en="x", words_cy="y"))
    with pytest.raises(RefusedError, match="its own statements only"):
        incidents.approve(cab, proposal.pk, proposal.version, proposal.seal)


def test_a_closed_account_may_do_nothing(ann: Actor) -> None:
    ann.operator.user.is_active = False
    with pytest.raises(RefusedError, match="closed"):
        incidents.draft(ann, content())


def test_a_closed_organisation_shuts_its_operators_out(ann: Actor) -> None:
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
    ann: Actor, places: list[str], services: list[str], outside: list[str]
) -> None:
    stated = Statement.model_validate(content(footprints=places, services=services))
    assert list(rights.beyond(ann.rights, stated, rulebook().catalogue)) == outside


def test_nothing_lies_beyond_a_national_operator(nat: Actor) -> None:
    stated = Statement.model_validate(content(footprints=["uk", HERE, "council:E06000016"]))
    assert rights.beyond(nat.rights, stated, rulebook().catalogue) == ()


@pytest.mark.parametrize("path", ["", "declare/", "record/", "replay/", "organisation/"])
def test_every_staff_page_opens_for_an_operator(ann: Actor, path: str) -> None:
    published(ann)
    assert signed_in(ann).get(f"/staff/{path}").status_code == 200


def test_no_staff_page_is_kept_by_a_cache(ann: Actor) -> None:
    assert "no-store" in signed_in(ann).get("/staff/")["Cache-Control"]


@pytest.mark.parametrize("model", ["incident", "event", "proposal", "bulletinversion"])
def test_the_admin_has_no_way_round_the_lifecycle(ann: Actor, model: str) -> None:
    """Not even for somebody with every right: these are written by incidents.py alone."""
    from django.contrib.auth import get_user_model

    row = published(ann)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    for path in ("", "add/", f"{row.pk}/change/", f"{row.pk}/delete/", f"{row.pk}/history/"):
        assert client.get(f"/staff/admin/outage/{model}/{path}").status_code == 404
    assert Incident.objects.count() == 1
