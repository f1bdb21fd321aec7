"""Still so: the commonest thing to say of what is live, in one tap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from outage.models import Incident, OutboxMessage, Proposal, Stage
from outage.statements import stored
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import endings, incidents
from tests.cast import NOON
from tests.outage.conftest import operator, organisation
from tests.outage.panel.test_panel import now, posted, signed_in, soon
from tests.outage.said import approved, at, published, replacing
from triage import clock

pytestmark = pytest.mark.django_db

STILL = "Still so: check again in 30 minutes"


def renewed(by: Actor, row: Incident) -> None:
    url = reverse("staff:renew", args=[row.slug])
    assert signed_in(by).post(url, {"version": row.version}).status_code == 302


def test_one_tap_renews_a_preset(ann: Actor) -> None:
    row = published(ann)
    assert STILL in signed_in(ann).get("/staff/").content.decode()
    renewed(ann, row)
    review = stored.published(Incident.objects.get()).content.review_at
    assert review is not None
    assert review > clock.now() + timedelta(minutes=29)


def test_what_two_approved_one_confirms_while_it_is_unchanged(ann: Actor, bob: Actor) -> None:
    row = approved(ann, bob)
    renewed(ann, row)
    assert not Proposal.objects.filter(stage=Stage.SUBMITTED).exists()
    review = stored.published(Incident.objects.get()).content.review_at
    assert review is not None
    assert review > clock.now()


def test_planned_work_and_a_watch_have_nothing_to_renew(ann: Actor) -> None:
    row = published(ann)
    row = endings.stand_down(ann, row.slug, row.version, watch=timedelta(hours=1))
    with pytest.raises(RefusedError, match="ends by itself"):
        incidents.renew(at(ann, minutes=5), row.slug, row.version)


def test_a_viewer_is_offered_nothing_to_press(ann: Actor, viv: Actor) -> None:
    published(now(ann), soon())
    body = signed_in(viv).get("/staff/").content.decode()
    assert STILL not in body
    assert "/staff/declare/?" not in body
    assert signed_in(viv).get("/staff/declare/").status_code == 403


def test_the_alarm_says_uk_time(ann: Actor) -> None:
    summer = Actor(ann.operator, NOON.replace(month=6, day=25, hour=2))
    data = replacing(review_at=(summer.at + timedelta(minutes=30)).isoformat())
    proposal = incidents.draft(summer, data)
    incidents.break_glass(summer, proposal.pk, proposal.version, "Nobody else is here")
    message = OutboxMessage.objects.get(occasion="published-alone")
    assert any("by 03:30 UK time" in line for line in message.content["lines"])


@pytest.mark.parametrize(
    "words", ["Ring 01632 960001", "Ring (01632) 960-001", "Ring +44 1632 960001"]
)
def test_no_telephone_number_is_hidden_in_words(ann: Actor, words: str) -> None:
    post = posted(words_en=words, words_cy=words)
    answer = signed_in(ann).post("/staff/declare/", post)
    assert "no telephone number in words" in answer.content.decode()


def test_short_numbers_and_figures_may_stand_in_words(ann: Actor, bob: Actor) -> None:
    words = "999 fails since 08:30: 14,000 calls, 10 h 32 min. Use 101."
    data = replacing(words_en=words, words_cy=words)
    assert approved(ann, bob, data).stage == Stage.LIVE


def test_only_another_person_is_offered_to_confirm(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(now(ann), soon(notices=replacing()["notices"]))
    incidents.break_glass(now(ann), proposal.pk, proposal.version, "Nobody else is here")
    assert "Confirm it" not in signed_in(ann).get("/staff/").content.decode()
    body = signed_in(bob).get("/staff/").content.decode()
    assert "Confirm it" in body
    assert STILL not in body


def test_a_national_operator_sees_each_contradiction_once(ann: Actor, nat: Actor) -> None:
    published(now(ann), soon())
    fire = organisation(
        "leicestershire-fire", "answering-service", ["fire"], ["fire:leicestershire"]
    )
    fay = Actor(operator("fay", fire), clock.now())
    published(fay, soon(state="on-backup", footprints=["fire:leicestershire"]))
    (pair,) = signed_in(nat).get("/staff/").context["clashes"]
    assert pair[1].why == "they say “on back-up”, you say “many failing”"
