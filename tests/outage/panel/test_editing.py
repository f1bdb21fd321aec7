"""An edit of a statement: nothing is lost that the form does not show, and what it would do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from outage.models import Proposal
from outage.statements.actor import Actor
from outage.workflow import endings, incidents
from tests.outage.panel.test_panel import now, posted, signed_in, soon
from tests.outage.said import content, published, replacing
from triage import clock

pytestmark = pytest.mark.django_db


def form_of(body: str) -> dict[str, list[str]]:
    """What a browser would post of the form as it stands, untouched."""
    inside = body[body.index('id="declare"') :].split("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag in re.finditer(
        r"<input\b[^>]*>|<select\b.*?</select>|<textarea\b.*?</textarea>", inside, re.S
    ):
        name = re.search(r'name="([^"]+)"', tag[0])
        if name:
            found.setdefault(name[1], []).extend(_values(tag[0]))
    return {name: values for name, values in found.items() if values}


def _values(tag: str) -> list[str]:
    if tag.startswith("<select"):
        chosen = re.findall(r'<option value="([^"]*)" selected>', tag)
        return chosen or (
            [] if " multiple" in tag else re.findall(r'<option value="([^"]*)"', tag)[:1]
        )
    if tag.startswith("<textarea"):
        return [tag.split(">", 1)[1].removesuffix("</textarea>")]
    if re.search(r'type="(radio|checkbox)"', tag) and " checked" not in tag:
        return []
    value = re.search(r'value="([^"]*)"', tag)
    return [value[1] if value else ("on" if "checkbox" in tag else "")]


def full(**more: Any) -> dict[str, Any]:
    """Nearly everything that a statement may say."""
    tested = (clock.now() - timedelta(days=1)).replace(second=0, microsecond=0)
    number = {"verified_by": "ann", "verified_at": tested.isoformat(),
              "valid_until": (tested + timedelta(days=9)).isoformat()}  # fmt: skip
    given: dict[str, Any] = {
        "state": "delayed",
        "typical_delay_seconds": 1200,
        "services": ["police"],
        "notices": [
            {"need": "police-emergency", "mode": "try-first", "to": ["101", "in-person",
             "local-number"]},
            {"need": "medical-emergency", "mode": "hold", "to": []},
        ],
        "numbers": [
            {"number": "01632 960001", "footprint": "fire:leicestershire", **number},
            {"number": "01632 960002", "footprint": "police:leicestershire", **number},
        ],
        "areas_unknown": True,
        "words_en": "Only in English",
        "welsh_due": (tested + timedelta(days=1, hours=1)).isoformat(),
        "deaf": "working",
    }  # fmt: skip
    return soon(**given | more)


def draft_page(by: Actor, proposal: Proposal) -> str:
    return signed_in(by).get(reverse("staff:draft", args=[proposal.pk])).content.decode()


def test_keeping_a_form_untouched_changes_nothing(ann: Actor) -> None:
    proposal = incidents.draft(now(ann), full())
    before = proposal.content
    url = reverse("staff:draft", args=[proposal.pk])
    signed_in(ann).post(url, {**form_of(draft_page(ann, proposal)), "do": "keep"})
    proposal.refresh_from_db()
    assert proposal.version == 2
    assert proposal.content == before


def test_the_end_of_a_watch_outlives_an_edit(ann: Actor) -> None:
    row = published(now(ann), soon())
    row = endings.stand_down(now(ann), row.slug, row.version, watch=timedelta(hours=1))
    proposal = incidents.amend(now(ann), row.slug, row.version)
    url = reverse("staff:draft", args=[proposal.pk])
    signed_in(ann).post(url, {**form_of(draft_page(ann, proposal)), "do": "keep"})
    assert Proposal.objects.get(pk=proposal.pk).content["watch_until"]


def test_a_renewal_takes_the_span_that_was_chosen(ann: Actor) -> None:
    row = published(now(ann), soon())
    proposal = incidents.amend(now(ann), row.slug, row.version)
    filled = form_of(draft_page(ann, proposal))
    assert filled["review"] == ["kept"]
    url = reverse("staff:draft", args=[proposal.pk])
    signed_in(ann).post(url, {**filled, "review": "240", "do": "keep"})
    held = Proposal.objects.get(pk=proposal.pk).content["review_at"]
    assert held > (clock.now() + timedelta(hours=3)).isoformat()


def test_a_review_that_has_passed_is_not_offered_again(ann: Actor) -> None:
    row = published(ann, content())
    proposal = incidents.amend(ann, row.slug, row.version)
    assert "review_kept" not in draft_page(ann, proposal)


def test_the_preview_of_a_change_stands_in_place_of_what_is_live(ann: Actor) -> None:
    row = published(now(ann), soon())
    proposal = incidents.amend(now(ann), row.slug, row.version)
    post = posted(draft=proposal.pk, state="on-backup")
    body = signed_in(ann).post("/staff/declare/changes/", post).content.decode()
    assert "This contradicts" not in body
    assert "Police emergency" in body


def test_the_preview_of_anothers_draft_is_refused(ann: Actor, kim: Actor) -> None:
    proposal = incidents.draft(now(ann), soon(notices=replacing()["notices"]))
    answer = signed_in(kim).post("/staff/declare/changes/", posted(draft=proposal.pk))
    assert "not yours to see" in answer.content.decode()


def test_a_force_may_speak_of_one_council_of_its_own(ann: Actor) -> None:
    post = posted(channel="101", footprints=["council:E06000016"])
    body = signed_in(ann).post("/staff/declare/changes/", post).content.decode()
    assert "One person may publish this" in body
    signed_in(ann).post("/staff/declare/", post)
    assert Proposal.objects.get().content["services"] == ["police"]


def test_and_of_its_whole_ground_with_a_council_of_it(ann: Actor) -> None:
    post = posted(channel="101", footprints=["police:leicestershire", "council:E06000016"])
    body = signed_in(ann).post("/staff/declare/changes/", post).content.decode()
    assert "One person may publish this" in body


def test_what_lies_beyond_is_said_by_name(ann: Actor) -> None:
    post = posted(channel="101", footprints=["council:E06000018", "police:kent"])
    body = signed_in(ann).post("/staff/declare/changes/", post).content.decode()
    assert "beyond your territory: Nottingham, Kent Police." in body


@pytest.mark.parametrize("version", ["²", "1" * 5000, "-1", ""])
def test_a_version_that_is_none_overwrites_nothing(ann: Actor, version: str) -> None:
    proposal = incidents.draft(now(ann), soon())
    url = reverse("staff:draft", args=[proposal.pk])
    assert signed_in(ann).post(url, {"version": version, "do": "submit"}).status_code == 409


def test_who_was_slower_reads_both_texts_and_loses_none(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(now(ann), soon())
    cause = {"cause_en": "A cable", "cause_cy": "Cebl"}
    incidents.edit(now(bob), proposal.pk, proposal.version, soon(**cause))
    url = reverse("staff:draft", args=[proposal.pk])
    post = posted(do="keep", version=proposal.version, cause_en="A flood", cause_cy="Llif")
    answer = signed_in(ann).post(url, post)
    body = answer.content.decode()
    assert "A cable, not confirmed" in body
    assert 'value="A flood"' in body
    assert 'value="publish"' not in body
    assert Proposal.objects.get().content["cause_en"] == "A cable"


def test_and_may_then_keep_it_knowingly(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(now(ann), soon())
    incidents.edit(now(bob), proposal.pk, proposal.version, soon(deaf="working"))
    url = reverse("staff:draft", args=[proposal.pk])
    client = signed_in(ann)
    told = client.post(url, posted(do="keep", version=proposal.version, deaf="not-working"))
    client.post(url, {**form_of(told.content.decode()), "do": "keep"})
    assert Proposal.objects.get().content["deaf"] == "not-working"


def reviewed(by: Actor, **more: Any) -> str:
    """The span that the form has chosen after something else in it was changed."""
    post = posted(**more)
    body = signed_in(by).post("/staff/declare/changes/?rows=1", post).content.decode()
    chosen = re.search(r'name="review" value="([^"]*)" checked', body)
    return chosen[1] if chosen else ""


def test_a_span_that_was_chosen_outlives_a_change_of_place(ann: Actor) -> None:
    assert reviewed(ann, review="240", review_usual="30") == "240"


def test_the_usual_span_follows_the_channel(ann: Actor) -> None:
    assert reviewed(ann, channel="101", review="30", review_usual="30") == "120"


def test_a_review_that_stands_outlives_a_change_of_place(ann: Actor) -> None:
    stands = (clock.now() + timedelta(hours=1)).isoformat()
    assert reviewed(ann, review="kept", review_kept=stands, review_usual="30") == "kept"
