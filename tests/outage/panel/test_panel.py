"""The panel by its forms: what is posted, what comes back, and what it refuses."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from outage.models import Incident, LocalNumber, Operator, Organisation, Proposal, Role, Stage
from outage.notify import delivery
from outage.publish.loader import BulletinLoader
from outage.statements.actor import Actor
from outage.workflow import incidents
from tests.outage.said import content, published, replacing
from triage import clock

pytestmark = pytest.mark.django_db


def now(by: Actor) -> Actor:
    """The same person at this very moment: views read the clock."""
    return Actor(by.operator, clock.now())


def signed_in(by: Actor) -> Client:
    client = Client()
    client.force_login(by.operator.user)
    return client


def soon(**more: Any) -> dict[str, Any]:
    return content(review_at=(clock.now() + timedelta(minutes=30)).isoformat(), **more)


def posted(**more: Any) -> dict[str, Any]:
    given = {
        "channel": "999",
        "state": "many-failing",
        "footprints": ["police:leicestershire"],
        "review": "30",
        "do": "publish",
    }
    return given | more


def test_the_switch_prefills_the_form(ann: Actor) -> None:
    body = signed_in(ann).get("/staff/declare/?channel=101&state=down").content.decode()
    assert '<option value="101" selected>' in body
    assert 'value="down" checked' in body
    assert 'value="120" checked' in body


def test_one_post_publishes_the_commonest_case(ann: Actor) -> None:
    answer = signed_in(ann).post("/staff/declare/", posted())
    row = Incident.objects.get()
    assert answer["Location"] == reverse("staff:incident", args=[row.slug])
    assert row.stage == Stage.LIVE


def test_a_post_that_needs_two_is_kept_as_a_draft(ann: Actor) -> None:
    answer = signed_in(ann).post("/staff/declare/", posted(state="down"), follow=True)
    assert "A second person must approve this" in answer.content.decode()
    assert Proposal.objects.get().stage == Stage.DRAFT


def test_and_asks_a_second_person_from_there(ann: Actor) -> None:
    client = signed_in(ann)
    page = client.post("/staff/declare/", posted(state="down"), follow=True)
    address = page.request["PATH_INFO"]
    proposal = Proposal.objects.get()
    assert f'action="{address}"' in page.content.decode()
    client.post(address, {"version": proposal.version, "do": "submit"})
    assert Proposal.objects.get().stage == Stage.SUBMITTED


def test_the_preview_names_what_changes(ann: Actor) -> None:
    body = signed_in(ann).post("/staff/declare/changes/", posted()).content.decode()
    assert "Police emergency" in body
    assert "One person may publish this" in body
    assert 'id="act" class="now" hx-swap-oob="true"' in body
    assert not Proposal.objects.exists()


def test_the_preview_warns_of_a_contradiction(ann: Actor, nat: Actor) -> None:
    published(now(nat), soon(footprints=["uk"]))
    body = signed_in(ann).post("/staff/declare/changes/", posted(state="on-backup"))
    assert "This contradicts National Desk" in body.content.decode()


def test_the_preview_of_a_channel_brings_its_needs(ann: Actor) -> None:
    body = signed_in(ann).post("/staff/declare/changes/?rows=1", posted(channel="101"))
    assert "mode-police-nonemergency" in body.content.decode()


def test_notices_are_read_from_the_form(ann: Actor) -> None:
    more = {
        "need": ["police-emergency"],
        "mode-police-emergency": "replace",
        "to-police-emergency": ["101", ""],
        "do": "keep",
    }
    signed_in(ann).post("/staff/declare/", posted(**more))
    (notice,) = Proposal.objects.get().content["notices"]
    assert (notice["mode"], notice["to"]) == ("replace", ["101"])


def test_a_local_number_is_read_from_the_form(ann: Actor) -> None:
    more = {
        "number": "01632 960999",
        "number_places-0": "police:leicestershire",
        "number_tested_by": "ann",
        "number_tested": f"{clock.now() - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "number_until": f"{clock.now() + timedelta(days=9):%Y-%m-%dT%H:%M}",
        "do": "keep",
    }
    signed_in(ann).post("/staff/declare/", posted(**more))
    (number,) = Proposal.objects.get().content["numbers"]
    assert (number["number"], number["verified_by"]) == ("01632 960999", "ann")


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "x"},
        {"channel": "x" * 5000},
        {"state": ""},
        {"state": "💥"},
        {"footprints": []},
        {"footprints": ["police:"]},
        {"footprints": ["council:E99999999"]},
        {"footprints": ["\x00"]},
        {"review": "", "review_exact": ""},
        {"review_exact": "yesterday"},
        {"review_exact": "9999-99-99T99:99"},
        {"ends_at": "later"},
        {"delay_minutes": "-1"},
        {"delay_minutes": "999999999999"},
        {"delay_minutes": "²"},
        {"networks": ["nothing"]},
        {"lines": ["string"]},
        {"keep_free": ["x"]},
        {"degraded_features": ["x"]},
        {"supersedes": "no-such"},
        {"words_en": "x" * 301},
        {"deaf": "maybe"},
        {"need": ["police-emergency"], "mode-police-emergency": "run"},
        {"need": ["lunch"], "mode-lunch": "replace"},
        {"number": "call me", "number_places-0": "uk", "number_tested_by": "", "number_tested": "",
         "number_until": ""},
        {"planned": "on"},
    ],
)  # fmt: skip
def test_whatever_is_posted_is_answered_with_a_reason(ann: Actor, wrong: dict[str, Any]) -> None:
    client = signed_in(ann)
    answer = client.post("/staff/declare/", posted(**wrong))
    assert answer.status_code == 422
    assert 'class="problem"' in answer.content.decode()
    assert client.post("/staff/declare/changes/", posted(**wrong)).status_code == 200
    assert not Incident.objects.exists()


@pytest.mark.parametrize("query", ["channel=x&state=y&place=z", "place=police:", "channel=%00"])
def test_any_switch_address_opens_the_form(ann: Actor, query: str) -> None:
    assert signed_in(ann).get(f"/staff/declare/?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "at=x",
        "at=&area=x",
        "at=2020-01-01T00:00",
        "at=9999-12-31T23:59&need=q",
        "day=x&at=2023-06-25T08:00",
        "at=2023-06-25T08:00&area=atlantis",
        "at=2023-06-25T08:00&day=2023-06-25&find=atlantis",
        "at=2023-06-25T08:00&day=2023-06-25&find=Newport",
        "at=0001-01-01T00:00",
    ],
)
def test_any_replay_address_is_answered(ann: Actor, query: str) -> None:
    answer = signed_in(ann).get(f"/staff/replay/?{query}")
    assert answer.status_code == 200
    assert 'class="problem"' in answer.content.decode()


def test_a_council_is_replayed_by_its_name(ann: Actor) -> None:
    query = "at=2023-06-25T08:45&day=2023-06-25&find=Kettering&need=police-emergency"
    body = signed_in(ann).get(f"/staff/replay/?{query}").content.decode()
    assert "This site would have said" in body
    assert "at=2023-06-25T08:46&amp;area=&amp;find=Kettering" in body


def test_a_second_person_approves_by_the_page(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(now(ann), soon(notices=replacing()["notices"]))
    url = reverse("staff:draft", args=[proposal.pk])
    page = signed_in(ann).get(url)
    shown = page.context["fingerprint"]
    signed_in(ann).post(url, {"version": proposal.version, "do": "submit", "fingerprint": shown})
    page = signed_in(bob).get(url)
    post = {"version": page.context["proposal"].version, "do": "approve",
            "seal": page.context["seal"]}  # fmt: skip
    assert signed_in(bob).post(url, post).status_code == 302
    assert Incident.objects.get().stage == Stage.LIVE


def test_an_approval_after_the_situation_changed_shows_the_page_again(
    ann: Actor, bob: Actor, nat: Actor
) -> None:
    proposal = incidents.draft(now(ann), soon(notices=replacing()["notices"]))
    proposal = incidents.submit(now(ann), proposal.pk, proposal.version)
    url = reverse("staff:draft", args=[proposal.pk])
    seal = signed_in(bob).get(url).context["seal"]
    published(now(nat), soon(footprints=["police:leicestershire"], channel="101"))
    post = {"version": proposal.version, "do": "approve", "seal": seal}
    answer = signed_in(bob).post(url, post)
    assert answer.status_code == 409
    assert "no longer what you were shown" in answer.content.decode()
    assert answer.context["seal"] != seal
    assert 'value="approve"' in answer.content.decode()


def test_the_author_sees_no_approve_button(ann: Actor) -> None:
    proposal = incidents.draft(now(ann), soon(notices=replacing()["notices"]))
    incidents.submit(now(ann), proposal.pk, proposal.version)
    body = signed_in(ann).get(reverse("staff:draft", args=[proposal.pk])).content.decode()
    assert 'value="approve"' not in body


def test_an_old_page_overwrites_nothing(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(now(ann), soon())
    incidents.edit(now(bob), proposal.pk, proposal.version, soon(deaf="working"))
    url = reverse("staff:draft", args=[proposal.pk])
    answer = signed_in(ann).post(url, posted(do="keep", version=proposal.version))
    assert answer.status_code == 409
    assert Proposal.objects.get().content["deaf"] == "working"


def test_break_glass_tells_every_operator(ann: Actor, kim: Actor) -> None:
    proposal = incidents.draft(now(ann), soon(notices=replacing()["notices"]))
    incidents.break_glass(now(ann), proposal.pk, proposal.version, "Nobody else is here")
    delivery.deliver(clock.now)
    told = [m for m in mail.outbox if m.subject.startswith("Published by one person")]
    assert {m.to[0] for m in told} == {"ann@example.org", "kim@example.org"}
    assert "Nobody else is here" in told[0].body
    assert "one person in an emergency" in signed_in(kim).get("/staff/").content.decode()


def test_a_stand_down_by_the_page(ann: Actor) -> None:
    row = published(now(ann), soon())
    url = reverse("staff:stand-down", args=[row.slug])
    signed_in(ann).post(url, {"version": row.version, "do": "end"})
    assert Incident.objects.get().stage == Stage.ENDED


def test_overdue_stands_on_the_board(ann: Actor) -> None:
    published(ann)
    body = signed_in(ann).get("/staff/").content.decode()
    assert ("Overdue: look again now" in body) is (clock.now() > ann.at + timedelta(minutes=30))


def test_a_manager_keeps_a_local_number_and_hosts(ann: Actor) -> None:
    Operator.objects.update(role=Role.MANAGER)
    client = signed_in(ann)
    post = {"do": "number", "number": "01632 960111", "footprint": "police:leicestershire",
            "what_for": "Control room", "tested_by": "ann", "tested_at": "2026-01-01T10:00",
            "valid_until": "2036-01-01T10:00"}  # fmt: skip
    assert client.post("/staff/organisation/", post).status_code == 302
    hosts = {"do": "hosts", "hosts": "https://www.example.police.uk/"}
    assert client.post("/staff/organisation/", hosts).status_code == 302
    assert LocalNumber.objects.get().number == "01632 960111"
    assert Organisation.objects.get().widget_hosts == ["https://www.example.police.uk"]


def test_a_host_that_is_struck_off_is_gone_from_the_next_bulletin(ann: Actor) -> None:
    """Each process asks for the version ten times a second: a move of it is news in all of them."""
    Operator.objects.update(role=Role.MANAGER)
    client, loader = signed_in(ann), BulletinLoader()
    for hosts in ("https://www.example.police.uk", ""):
        before = loader.version()
        client.post("/staff/organisation/", {"do": "hosts", "hosts": hosts})
        assert loader.version() > before
        assert any(loader.bulletin(clock.now()).hosts.values()) is bool(hosts)


def test_an_organisation_names_at_most_twenty_hosts(ann: Actor) -> None:
    Operator.objects.update(role=Role.MANAGER)
    names = "\n".join(f"https://www-{n}.example.police.uk" for n in range(21))
    answer = signed_in(ann).post("/staff/organisation/", {"do": "hosts", "hosts": names})
    assert answer.status_code == 403
    assert "At most 20 sites: this names 21." in answer.content.decode()
    assert Organisation.objects.get().widget_hosts == []


def test_an_editor_changes_no_details(ann: Actor) -> None:
    answer = signed_in(ann).post("/staff/organisation/", {"do": "hosts", "hosts": ""})
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["http://x.example", "https://x.example/path", "*", "https://a b"])
def test_a_host_that_is_no_origin_is_refused(ann: Actor, host: str) -> None:
    Operator.objects.update(role=Role.MANAGER)
    answer = signed_in(ann).post("/staff/organisation/", {"do": "hosts", "hosts": host})
    assert answer.status_code == 403
    assert Organisation.objects.get().widget_hosts == []


def test_the_preview_page_says_what_the_public_would_read(ann: Actor) -> None:
    proposal = incidents.draft(now(ann), soon())
    answer = signed_in(ann).get(f"/staff/preview/{proposal.pk}/in/leicestershire/")
    assert answer["Cache-Control"] == "no-store"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    ordinary = Client().get("/in/leicestershire/").content.decode()
    assert answer.content.decode() != ordinary


@pytest.mark.parametrize("path", ["staff/", "no-such-page/", "staff/preview/1/"])
def test_only_public_pages_are_previewed(ann: Actor, path: str) -> None:
    proposal = incidents.draft(now(ann), soon())
    assert signed_in(ann).get(f"/staff/preview/{proposal.pk}/{path}").status_code == 404


def test_a_kept_number_is_chosen_in_the_form(ann: Actor) -> None:
    LocalNumber.objects.create(
        organisation=ann.operator.organisation, number="01632 960222", what_for="Control room",
        footprint="police:leicestershire", tested_by="ann", tested_at=ann.at - timedelta(days=1),
        valid_until=clock.now() + timedelta(days=30),
    )  # fmt: skip
    signed_in(ann).post("/staff/declare/", posted(do="keep", kept_number="01632 960222"))
    assert Proposal.objects.get().content["numbers"][0]["number"] == "01632 960222"


def test_what_is_in_the_form_is_looked_at_before_it_is_kept(ann: Actor) -> None:
    ordinary = Client().get("/in/leicestershire/").content.decode()
    answer = signed_in(ann).post("/staff/preview/new/in/leicestershire/", posted())
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.decode() != ordinary
    assert not Incident.objects.exists()
    assert Client().get("/in/leicestershire/").content.decode() == ordinary


@pytest.mark.parametrize("path", ["staff/", "no-such-page/", "staff/preview/new/in/kent/"])
def test_a_form_previews_public_pages_only(ann: Actor, path: str) -> None:
    assert signed_in(ann).post(f"/staff/preview/new/{path}", posted()).status_code == 404


def test_a_form_that_says_nothing_has_no_preview(ann: Actor, viv: Actor) -> None:
    wrong, url = posted(state="x"), "/staff/preview/new/in/leicestershire/"
    assert signed_in(ann).post(url, wrong).status_code == 404
    assert signed_in(viv).post(url, posted()).status_code == 404
    assert Client().post(url, posted()).status_code == 302
    assert signed_in(ann).get(url).status_code == 405


def test_the_preview_begins_with_who_is_told_to_begin_otherwise(ann: Actor) -> None:
    post = posted(channel="101", state="down")
    body = signed_in(ann).post("/staff/declare/changes/", post).content.decode()
    headings = re.findall(r"<h3>([^<]*)</h3>", body)
    assert headings[0] == "Police, not an emergency"
    assert '<li class="moved">' in body


def test_an_exercise_never_says_that_it_is_live(ann: Actor) -> None:
    client = signed_in(ann)
    page = client.post("/staff/declare/", posted(exercise="on"), follow=True)
    body = page.content.decode()
    assert "The exercise runs. Nobody in public sees it." in body
    assert "End the exercise" in body
    for real in ("It is live", "all as usual", "The public sees it"):
        assert real not in body


def test_who_changes_a_submission_is_not_offered_to_approve_it(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(now(ann), replacing(review_at=soon()["review_at"]))
    incidents.submit(now(ann), proposal.pk, proposal.version)
    client, url = signed_in(bob), reverse("staff:draft", args=[proposal.pk])
    assert "Approve and publish" in client.get(url).content.decode()
    edited = client.get(url + "?edit").content.decode()
    assert "Approve and publish" not in edited
    assert 'id="declare"' in edited
