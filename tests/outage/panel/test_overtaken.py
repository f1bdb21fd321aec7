"""A colleague was faster: what somebody typed comes back to them, and goes on from what is live."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from outage.models import Event, Incident, Proposal, Stage
from outage.panel.views.declare import now_live
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import endings, incidents
from tests.outage.panel.test_editing import form_of
from tests.outage.panel.test_panel import now, posted, signed_in, soon
from tests.outage.said import HERE, added, at, content, published, replacing, submitted

pytestmark = pytest.mark.django_db

MINE = {"cause_en": "A flood", "cause_cy": "Llif"}


def keep(client: Client, proposal: Proposal, **more: object) -> str:
    url = reverse("staff:draft", args=[proposal.pk])
    post = posted(do="keep", version=proposal.version, **MINE) | more
    return client.post(url, post).content.decode()


def go_on(client: Client, proposal: Proposal, body: str) -> Proposal:
    url = reverse("staff:draft", args=[proposal.pk])
    client.post(url, {**form_of(body), "do": "again"})
    return Proposal.objects.order_by("pk").last() or proposal


def test_what_is_typed_while_a_colleague_publishes_comes_back(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(now(ann), soon())
    incidents.publish(now(bob), proposal.pk, proposal.version)
    body = keep(signed_in(ann), proposal)
    assert 'value="A flood"' in body
    assert "What is live now" in body
    assert "Only in your form</h3><dl><dt>Cause</dt>" in body


def test_and_goes_on_as_a_change_of_what_is_live(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(now(ann), soon())
    row = incidents.publish(now(bob), proposal.pk, proposal.version)
    client = signed_in(ann)
    new = go_on(client, proposal, keep(client, proposal))
    assert (new.incident, new.stage, new.content["cause_en"]) == (row, "draft", "A flood")
    asked = incidents.submit(now(ann), new.pk, new.version)
    approved = incidents.approve(now(bob), new.pk, asked.version, asked.seal)
    assert approved.stage == Stage.LIVE


def test_what_differs_from_the_form_is_marked(ann: Actor, bob: Actor) -> None:
    proposal = submitted(now(ann), soon(cause_en="A cable", cause_cy="Cebl"))
    incidents.approve(now(bob), proposal.pk, proposal.version, proposal.seal)
    body = keep(signed_in(ann), proposal)
    assert '<dd class="differs">A cable' in body
    assert "<dd>Leicestershire Police" in body


def test_what_was_typed_when_the_draft_was_dropped_is_declared_anew(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(now(ann), soon())
    incidents.withdraw(now(bob), proposal.pk, proposal.version)
    client = signed_in(ann)
    body = keep(client, proposal)
    assert "Meanwhile it is over" in body
    new = go_on(client, proposal, body)
    assert (new.incident.slug != proposal.incident.slug, new.content["cause_en"]) == (
        True,
        "A flood",
    )


def test_a_draft_begun_before_a_stand_down_in_part_goes_on(
    ann: Actor, bob: Actor, nat: Actor
) -> None:
    row = published(nat, content(footprints=["uk"]))
    old = incidents.amend(nat, row.slug, row.version)
    row = endings.stand_down(nat, row.slug, row.version, ("nation:wales",))
    new = incidents.again(nat, old.pk, content(footprints=["nation:england"]))
    old.refresh_from_db()
    assert (old.stage, new.base_version) == ("ended", row.version)


def test_going_on_loses_no_author(ann: Actor, bob: Actor) -> None:
    proposal = submitted(ann)
    row = incidents.approve(bob, proposal.pk, proposal.version, proposal.seal)
    new = incidents.again(bob, proposal.pk, replacing(areas_unknown=True))
    asked = incidents.submit(bob, new.pk, new.version)
    assert (new.incident, new.authors) == (row, ["ann", "bob"])
    with pytest.raises(RefusedError, match="You wrote this"):
        incidents.approve(ann, asked.pk, asked.version, asked.seal)


def test_another_force_goes_on_with_nothing(ann: Actor, kim: Actor) -> None:
    proposal = incidents.draft(ann, content())
    with pytest.raises(RefusedError, match="belongs to"):
        incidents.again(kim, proposal.pk, content())


def test_what_was_typed_is_kept_before_it_is_published(ann: Actor) -> None:
    proposal = incidents.draft(now(ann), soon())
    url = reverse("staff:draft", args=[proposal.pk])
    client = signed_in(ann)
    body = client.get(url).content.decode()
    filled = form_of(body) | {"deaf": ["working"], "do": ["publish"]}
    told = client.post(url, filled, follow=True).content.decode()
    assert "What you wrote is kept now" in told
    assert (Proposal.objects.get().content["deaf"], Incident.objects.get().stage) == (
        "working",
        "draft",
    )
    client.post(url, {**form_of(told), "do": "publish"})
    assert Incident.objects.get().stage == "live"


def test_a_claim_overtakes_nobodys_draft(ann: Actor, bob: Actor) -> None:
    row = published(ann, content())
    proposal = incidents.amend(ann, row.slug, row.version)
    claim = {"en": "Figure", "cy": "Ffigur", "source": "Report"}
    added(bob, row.slug, row.version, "claim", claim)
    assert incidents.publish(at(ann, minutes=1), proposal.pk, proposal.version).stage == "live"


def test_an_entry_sent_twice_stands_once(ann: Actor) -> None:
    row = published(ann, content(footprints=[HERE]))
    claim = {"en": "Figure", "cy": "Ffigur", "source": "Report"}
    added(ann, row.slug, row.version, "claim", claim)
    with pytest.raises(RefusedError, match="on the timeline already"):
        added(ann, row.slug, row.version, "claim", claim)
    assert Event.objects.filter(kind="claim").count() == 1


def test_enter_in_a_field_of_a_form_publishes_nothing(ann: Actor) -> None:
    proposal = incidents.draft(now(ann), replacing(review_at=soon()["review_at"]))
    for url in (reverse("staff:declare"), reverse("staff:draft", args=[proposal.pk])):
        body = signed_in(ann).get(url).content.decode()
        inside = body[body.index('id="declare"') :]
        assert inside[inside.index("<button") :].split('value="')[1].startswith("keep")


def test_what_is_outdated_is_not_offered_for_approval(ann: Actor, bob: Actor) -> None:
    first = submitted(ann)
    row = incidents.approve(bob, first.pk, first.version, first.seal)
    change = incidents.amend(ann, row.slug, row.version)
    change = incidents.submit(ann, change.pk, change.version)
    page = reverse("staff:draft", args=[change.pk])
    assert "Approve and publish" in signed_in(bob).get(page).content.decode()
    Incident.objects.filter(pk=row.pk).update(version=row.version + 1)
    now_shown = signed_in(bob).get(page).content.decode()
    assert "Approve and publish" not in now_shown
    assert "return it to its author" in now_shown


def test_planned_work_is_not_called_live(ann: Actor) -> None:
    row = published(ann, content())
    assert now_live(row) == "It is live."
    assert row.published is not None
    row.published["content"]["planned"] = True
    assert now_live(row).startswith("It is published. Planned work")
