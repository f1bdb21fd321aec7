"""Whom each occasion is told to: the right people, once, and only where it was really written."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import transaction

from outage.models import ContactChoice, Event, Operator, OutboxMessage, Webhook
from outage.notify import outbox, reminders, sealing
from outage.notify.delivery import PURPOSE
from outage.notify.occasions import CHOICES, Occasion
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import additions, contacts, endings, incidents
from tests.cast import NOON
from tests.outage.conftest import operator
from tests.outage.panel.test_panel import now, posted, signed_in, soon
from tests.outage.said import approved, at, content, published, replacing, submitted

pytestmark = pytest.mark.django_db


def told(occasion: Occasion) -> set[str]:
    """The names of everybody who is told of an occasion."""
    found = OutboxMessage.objects.filter(occasion=occasion, way="mail")
    return {to.partition("@")[0] for to in found.values_list("receiver", flat=True)}


def hook(by: Actor, *occasions: Occasion) -> Webhook:
    sealed = sealing.seal("secret", PURPOSE)
    return Webhook.objects.create(
        organisation=by.operator.organisation, url="https://example.org/x", secret=sealed,
        occasions=list(occasions or CHOICES), added_by="ann",
    )  # fmt: skip


def test_who_could_approve_is_asked_and_nobody_else(
    ann: Actor, bob: Actor, viv: Actor, kim: Actor, nat: Actor
) -> None:
    submitted(ann)
    assert told(Occasion.ASKED) == {"bob"}


def test_beyond_ones_territory_whoever_covers_it_is_asked(
    ann: Actor, bob: Actor, nat: Actor
) -> None:
    submitted(ann, content(footprints=["uk"]))
    assert told(Occasion.ASKED) == {"nat"}


def test_the_message_leads_to_the_page_of_the_approval(ann: Actor, bob: Actor) -> None:
    proposal = submitted(ann)
    link = OutboxMessage.objects.get(receiver="bob@example.org").content["link"]
    assert link.endswith(f"/staff/drafts/{proposal.pk}/")


def test_a_publication_an_end_and_a_way_back_are_told_to_colleagues(
    ann: Actor, bob: Actor, kim: Actor
) -> None:
    row = published(ann)
    assert told(Occasion.LIVE) == {"bob"}
    endings.stand_down(at(ann, minutes=1), row.slug, row.version)
    endings.take_back(at(ann, minutes=2), row.slug)
    subjects = [m.content["subject"] for m in OutboxMessage.objects.filter(occasion="ended")]
    assert [s.split(":")[0] for s in subjects] == ["Over", "Goes on"]


def test_an_author_is_told_that_it_was_returned(ann: Actor, bob: Actor) -> None:
    proposal = submitted(ann)
    incidents.send_back(bob, proposal.pk, proposal.version, "Wrong area")
    assert told(Occasion.RETURNED) == {"ann"}
    message = OutboxMessage.objects.get(occasion=Occasion.RETURNED)
    assert "bob returned it: Wrong area" in message.content["lines"]


def test_everybody_is_told_of_what_one_person_published_alone(
    ann: Actor, viv: Actor, kim: Actor, nat: Actor, cab: Actor
) -> None:
    proposal = incidents.draft(ann, replacing())
    incidents.break_glass(ann, proposal.pk, proposal.version, "Nobody else is here")
    assert told(Occasion.ALONE) == {"ann", "viv", "kim", "nat", "cab"}


def test_who_adopted_it_is_told_when_it_changes_and_when_it_is_over(ann: Actor, kim: Actor) -> None:
    row = published(ann)
    incidents.adopt(kim, row.slug, row.version)
    same = incidents.renew(at(ann, minutes=5), row.slug, row.version)
    row = incidents.publish(at(ann, minutes=5), same.pk, same.version)
    assert told(Occasion.PARENT) == set()
    endings.stand_down(at(ann, minutes=9), row.slug, row.version)
    assert told(Occasion.PARENT) == {"kim"}


def test_an_addition_is_told_to_who_could_approve_it(ann: Actor, bob: Actor, viv: Actor) -> None:
    row = published(ann)
    entry = {"en": "It rained", "cy": "Bu glaw", "issuer": "The force"}
    additions.ask(ann, row.slug, row.version, "comment", entry)
    assert told(Occasion.ASKED) == {"bob"}


def test_an_exercise_wakes_nobody_but_who_is_asked(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(ann, replacing(), exercise=True)
    incidents.submit(ann, proposal.pk, proposal.version)
    assert "EXERCISE" in OutboxMessage.objects.get().content["subject"]
    incidents.publish(ann, proposal.pk, proposal.version + 1)
    assert OutboxMessage.objects.count() == 1


def test_what_is_rolled_back_tells_nobody(ann: Actor, bob: Actor) -> None:
    with transaction.atomic():
        published(ann)
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_a_refused_move_tells_nobody(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(ann, replacing())
    with pytest.raises(RefusedError):
        incidents.publish(ann, proposal.pk, proposal.version)
    assert not OutboxMessage.objects.exists()


# ---- the clock


@pytest.mark.parametrize(
    ("minutes", "messages"), [(24, 0), (25, 1), (29, 1), (30, 2), (44, 2), (45, 3), (61, 4)]
)
def test_a_check_is_told_before_at_and_every_quarter_after(
    ann: Actor, minutes: int, messages: int
) -> None:
    published(ann)
    for minute in range(minutes + 1):
        reminders.remind(NOON + timedelta(minutes=minute))
    assert OutboxMessage.objects.filter(occasion=Occasion.OVERDUE).count() == messages


def test_what_was_missed_is_told_once(ann: Actor) -> None:
    published(ann)
    reminders.remind(NOON + timedelta(hours=5))
    reminders.remind(NOON + timedelta(hours=5))
    assert OutboxMessage.objects.filter(occasion=Occasion.OVERDUE).count() == 1


def test_what_is_over_or_planned_is_not_called_overdue(ann: Actor, bob: Actor) -> None:
    row = published(ann)
    endings.stand_down(ann, row.slug, row.version)
    work: dict[str, Any] = {"planned": True, "review_at": None, "starts_at": NOON.isoformat(),
            "ends_at": (NOON + timedelta(hours=1)).isoformat()}  # fmt: skip
    published(ann, content("101", **work))
    reminders.remind(NOON + timedelta(hours=5))
    assert not OutboxMessage.objects.filter(occasion=Occasion.OVERDUE).exists()


# ---- each person's choice


@pytest.mark.parametrize(
    ("hour", "quiet", "wanted"),
    [(3, (23, 6), False), (23, (23, 6), False), (6, (23, 6), True), (12, (23, 6), True),
     (12, (9, 17), False), (17, (9, 17), True)],
)  # fmt: skip
def test_quiet_hours_pass_midnight(hour: int, quiet: tuple[int, int], wanted: bool) -> None:
    choice = ContactChoice(
        occasions=[*CHOICES], quiet_from=time(quiet[0]), quiet_until=time(quiet[1])
    )
    moment = NOON.replace(hour=hour)
    assert outbox.wants(choice, Occasion.ASKED, moment) is wanted
    assert outbox.wants(choice, Occasion.ALONE, moment)


def test_what_is_not_chosen_is_not_told(ann: Actor, bob: Actor) -> None:
    contacts.choose(bob, "bob@example.org", [Occasion.ASKED], ("", ""))
    published(ann)
    assert not OutboxMessage.objects.exists()
    submitted(ann, content("101", words_en="x", words_cy="y"))
    assert told(Occasion.ASKED) == {"bob"}


def test_a_person_gives_an_address_and_it_is_on_record_without_it(ann: Actor) -> None:
    post = {"mail": "new@example.org", "occasions": ["asked"], "quiet_from": "", "quiet_until": ""}
    assert signed_in(ann).post("/staff/told/", post).status_code == 302
    assert Operator.objects.get(pk=ann.operator.pk).user.email == "new@example.org"
    event = Event.objects.get(kind="contact-set")
    assert "new@example.org" not in event.body


@pytest.mark.parametrize(
    "wrong", [{"mail": "nonsense"}, {"quiet_from": "25:00", "quiet_until": "06:00"},
              {"quiet_from": "23:00", "quiet_until": ""}],
)  # fmt: skip
def test_a_wrong_choice_is_refused(ann: Actor, wrong: dict[str, str]) -> None:
    post = {"mail": "ann@example.org", **wrong}
    assert signed_in(ann).post("/staff/told/", post).status_code == 403


def test_the_board_names_who_cannot_be_told(ann: Actor, bob: Actor) -> None:
    bob.operator.user.email = ""
    bob.operator.user.save()
    assert "No message reaches bob" in signed_in(ann).get("/staff/").content.decode()


def test_who_asks_is_told_how_many_are_reached(ann: Actor, bob: Actor) -> None:
    post = posted(state="down", do="submit")
    page = signed_in(ann).post("/staff/declare/", post, follow=True).content.decode()
    assert "1 colleague is told." in page


def test_and_that_nobody_is(ann: Actor) -> None:
    page = signed_in(ann).post("/staff/declare/", posted(state="down", do="submit"), follow=True)
    assert "Nobody can be told by mail or phone: call one of them." in page.content.decode()


# ---- webhooks


def test_the_organisations_webhook_is_told_too(ann: Actor, bob: Actor, kim: Actor) -> None:
    hook(ann)
    hook(kim)
    published(ann)
    assert OutboxMessage.objects.filter(way="webhook").count() == 1


def test_a_manager_adds_one_and_is_shown_its_secret_once(ann: Actor) -> None:
    Operator.objects.filter(pk=ann.operator.pk).update(role="manager")
    client = signed_in(ann)
    post = {"do": "hook", "url": "https://pager.example.org/x", "occasions": ["asked"]}
    page = client.post("/staff/organisation/", post, follow=True).content.decode()
    secret = sealing.unseal(Webhook.objects.get().secret, PURPOSE)
    assert secret in page
    assert secret not in client.get("/staff/organisation/").content.decode()
    assert secret not in Event.objects.get(kind="webhook-added").body
    assert secret not in Webhook.objects.get().secret


@pytest.mark.parametrize(
    "url", ["http://example.org/", "https://", "https://a:b@example.org/", "ftp://example.org/",
            "https://example.org:0/", "javascript:alert(1)"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(ann: Actor, url: str) -> None:
    Operator.objects.filter(pk=ann.operator.pk).update(role="manager")
    post = {"do": "hook", "url": url, "occasions": ["asked"]}
    assert signed_in(ann).post("/staff/organisation/", post).status_code == 403
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("do", ["hook", "hook-drop", "hook-on", "hook-try"])
def test_only_a_manager_and_only_of_their_own_organisation(ann: Actor, kim: Actor, do: str) -> None:
    own = hook(kim)
    post: dict[str, Any] = {"do": do, "url": "https://example.org/", "hook": own.pk}
    assert signed_in(ann).post("/staff/organisation/", post).status_code == 403
    Operator.objects.filter(pk=ann.operator.pk).update(role="manager")
    if do in ("hook-drop", "hook-on"):
        assert signed_in(ann).post("/staff/organisation/", post).status_code == 403
    assert Webhook.objects.filter(pk=own.pk).exists()


def test_two_of_one_address_get_one_mail(ann: Actor, bob: Actor) -> None:
    pat = operator("pat", ann.operator.organisation)
    pat.user.email = "bob@example.org"
    pat.user.save()
    published(now(ann), soon())
    assert OutboxMessage.objects.filter(receiver="bob@example.org").count() == 1


def test_approving_by_two_taps_from_the_message(ann: Actor, bob: Actor) -> None:
    row = approved(ann, bob)
    assert told(Occasion.LIVE) == {"ann"}
    assert row.stage == "live"
