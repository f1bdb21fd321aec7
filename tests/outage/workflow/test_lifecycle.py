"""Who can move what, and what the public is told after each move."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outage.models import Event, Incident, Proposal, Stage
from outage.statements import stored
from outage.statements.actor import Actor
from outage.statements.errors import ConflictError, RefusedError
from outage.workflow import endings, incidents
from tests.cast import NOON, channels, codes
from tests.outage.said import (
    HERE,
    added,
    approved,
    at,
    bulletin,
    content,
    leicester,
    nottingham,
    published,
    replacing,
    submitted,
    told,
)
from triage.engine.edition import edition
from triage.rules import rulebook

pytestmark = pytest.mark.django_db


def test_one_person_publishes_a_preset_that_tries_999_first(ann: Actor) -> None:
    published(ann)
    assert channels(told("police-emergency", leicester()))[:2] == ["999", "101"]


def test_a_draft_changes_nothing_in_public(ann: Actor) -> None:
    incidents.draft(ann, content())
    assert bulletin().incidents == ()


def test_replace_needs_a_second_person(ann: Actor) -> None:
    proposal = incidents.draft(ann, replacing())
    with pytest.raises(RefusedError, match="second person"):
        incidents.publish(ann, proposal.pk, proposal.version)


def test_a_state_whose_preset_replaces_needs_a_second_person(ann: Actor) -> None:
    proposal = incidents.draft(ann, content(state="down"))
    with pytest.raises(RefusedError, match="not to use a channel"):
        incidents.publish(ann, proposal.pk, proposal.version)


def test_a_local_number_needs_a_second_person(ann: Actor) -> None:
    number = {
        "number": "01632 960123",
        "footprint": HERE,
        "verified_by": "ann",
        "verified_at": NOON.isoformat(),
        "valid_until": (NOON + timedelta(days=1)).isoformat(),
    }
    proposal = incidents.draft(ann, content(numbers=[number]))
    with pytest.raises(RefusedError, match="local number"):
        incidents.publish(ann, proposal.pk, proposal.version)


def test_beyond_the_own_territory_needs_somebody_who_covers_it(
    ann: Actor, bob: Actor, nat: Actor
) -> None:
    proposal = submitted(ann, content(footprints=["uk"]))
    with pytest.raises(RefusedError, match="does not cover"):
        incidents.approve(bob, proposal.pk, proposal.version, proposal.seal)
    assert incidents.approve(nat, proposal.pk, proposal.version, proposal.seal)


def test_a_second_person_approves_and_101_leads(ann: Actor, bob: Actor) -> None:
    approved(ann, bob)
    assert told("police-emergency", leicester()).first.channel == "101"


def test_an_author_cannot_approve(ann: Actor) -> None:
    proposal = submitted(ann)
    with pytest.raises(RefusedError, match="You wrote this"):
        incidents.approve(ann, proposal.pk, proposal.version, proposal.seal)


def test_who_edited_is_an_author_too(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(ann, replacing())
    proposal = incidents.edit(bob, proposal.pk, proposal.version, replacing())
    proposal = incidents.submit(ann, proposal.pk, proposal.version)
    with pytest.raises(RefusedError, match="You wrote this"):
        incidents.approve(bob, proposal.pk, proposal.version, proposal.seal)


def test_an_edit_voids_a_submission(ann: Actor, bob: Actor) -> None:
    proposal = submitted(ann)
    edited = incidents.edit(
        ann, proposal.pk, proposal.version, replacing(words_en="", deaf="working")
    )
    with pytest.raises(RefusedError, match="it is draft"):
        incidents.approve(bob, edited.pk, edited.version, proposal.seal)


def test_an_approval_of_another_content_is_refused(ann: Actor, bob: Actor) -> None:
    proposal = submitted(ann)
    with pytest.raises(ConflictError, match="no longer what you were shown"):
        incidents.approve(bob, proposal.pk, proposal.version, "0" * 64)


def test_an_approval_of_another_preview_is_refused(ann: Actor, bob: Actor) -> None:
    proposal = submitted(ann)
    with pytest.raises(ConflictError):
        incidents.approve(bob, proposal.pk, proposal.version, proposal.seal, "another preview")


def test_a_submission_is_returned_with_a_reason(ann: Actor, bob: Actor) -> None:
    proposal = submitted(ann)
    returned = incidents.send_back(bob, proposal.pk, proposal.version, "Which numbers?")
    assert (returned.stage, returned.returned_because) == (Stage.DRAFT, "Which numbers?")


def test_nothing_is_returned_without_a_reason(ann: Actor, bob: Actor) -> None:
    proposal = submitted(ann)
    with pytest.raises(RefusedError, match="Say why"):
        incidents.send_back(bob, proposal.pk, proposal.version, "  ")


def test_break_glass_publishes_at_once(ann: Actor) -> None:
    proposal = incidents.draft(ann, replacing())
    incidents.break_glass(ann, proposal.pk, proposal.version, "Nobody else is here")
    assert told("police-emergency", leicester()).first.channel == "101"


def test_break_glass_unconfirmed_falls_to_try_first(ann: Actor) -> None:
    proposal = incidents.draft(ann, replacing(review_at=(NOON + timedelta(hours=4)).isoformat()))
    incidents.break_glass(ann, proposal.pk, proposal.version, "Nobody else is here")
    assert channels(told("police-emergency", leicester(), minutes=30))[:2] == ["999", "101"]


def test_break_glass_confirmed_stays(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(ann, replacing(review_at=(NOON + timedelta(hours=4)).isoformat()))
    row = incidents.break_glass(ann, proposal.pk, proposal.version, "Nobody else is here")
    incidents.confirm(at(bob, minutes=10), row.slug, row.version)
    assert told("police-emergency", leicester(), minutes=31).first.channel == "101"


def test_nobody_confirms_their_own_break_glass(ann: Actor) -> None:
    proposal = incidents.draft(ann, replacing())
    row = incidents.break_glass(ann, proposal.pk, proposal.version, "Nobody else is here")
    with pytest.raises(RefusedError, match="You published this"):
        incidents.confirm(ann, row.slug, row.version)


def test_an_overdue_review_falls_to_try_first(ann: Actor, bob: Actor) -> None:
    approved(ann, bob)
    advice = told("police-emergency", leicester(), minutes=31)
    assert channels(advice)[:2] == ["999", "101"]
    assert advice.notices[0].overdue


def test_a_stand_down_gives_back_the_ordinary_edition(ann: Actor) -> None:
    ordinary = edition(rulebook(), (), NOON, "leicestershire")
    row = published(ann)
    endings.stand_down(at(ann, minutes=5), row.slug, row.version)
    live = bulletin(minutes=6).incidents
    assert edition(rulebook(), live, NOON + timedelta(minutes=6), "leicestershire") == ordinary


def test_next_door_nothing_changes(ann: Actor) -> None:
    ordinary = edition(rulebook(), (), NOON, "nottinghamshire")
    published(ann)
    assert edition(rulebook(), bulletin().incidents, NOON, "nottinghamshire") == ordinary
    assert told("police-emergency", nottingham()).notices == ()


def test_a_partial_stand_down_leaves_the_rest(nat: Actor) -> None:
    row = published(nat, content(footprints=[HERE, "police:kent"]))
    endings.stand_down(nat, row.slug, row.version, ("police:kent",))
    kent = rulebook().catalogue.place("kent")
    assert told("police-emergency", kent).notices == ()
    assert told("police-emergency", leicester()).notices


def test_the_uk_is_stood_down_by_nation(nat: Actor) -> None:
    row = published(nat, content(footprints=["uk"]))
    endings.stand_down(nat, row.slug, row.version, ("nation:scotland",))
    glasgow = rulebook().catalogue.place_of_council["S12000049"]
    assert told("police-emergency", glasgow).notices == ()
    assert told("police-emergency", leicester()).notices


def test_a_place_that_is_not_named_cannot_be_stood_down(nat: Actor) -> None:
    row = published(nat, content(footprints=["uk"]))
    with pytest.raises(RefusedError, match="Stand down what it names"):
        endings.stand_down(nat, row.slug, row.version, ("police:kent",))


def test_a_narrowed_break_glass_is_still_unconfirmed(nat: Actor) -> None:
    proposal = incidents.draft(nat, replacing(footprints=[HERE, "police:kent"]))
    row = incidents.break_glass(nat, proposal.pk, proposal.version, "Alone at night")
    row = endings.stand_down(nat, row.slug, row.version, ("police:kent",))
    assert stored.published(row).confirm_by is not None


def test_a_watch_keeps_still_trouble_and_ends_by_itself(ann: Actor) -> None:
    row = published(ann)
    endings.stand_down(ann, row.slug, row.version, watch=timedelta(hours=1))
    assert "do-not-test-call" in codes(told("police-emergency", leicester(), minutes=59))
    assert codes(told("police-emergency", leicester(), minutes=60)) == {"if-still-trouble-use"}


def test_callbacks_outlive_the_watch(ann: Actor) -> None:
    row = published(ann)
    update = {"callbacks_until": (NOON + timedelta(hours=3)).isoformat()}
    endings.stand_down(ann, row.slug, row.version, watch=timedelta(hours=1), update=update)
    assert "answer-callbacks" in codes(told("police-emergency", leicester(), hours=2))
    assert "answer-callbacks" not in codes(told("police-emergency", leicester(), hours=3))


def test_a_note_of_ones_own_waits_for_a_second_person_and_the_end_does_not(
    ann: Actor, bob: Actor
) -> None:
    row = published(ann)
    update = {"demand_note": "Very busy", "demand_until": (NOON + timedelta(hours=3)).isoformat()}
    endings.stand_down(ann, row.slug, row.version, update=update)
    assert codes(told("police-emergency", leicester(), hours=2)) == {"if-still-trouble-use"}
    waits = Proposal.objects.get(stage=Stage.SUBMITTED)
    incidents.approve(bob, waits.pk, waits.version, waits.seal)
    assert "only-if-life-threatening" in codes(told("police-emergency", leicester(), hours=2))
    assert codes(told("police-emergency", leicester(), hours=3)) == {"if-still-trouble-use"}


def test_a_stand_down_works_after_a_number_ran_out(ann: Actor, bob: Actor) -> None:
    number = {
        "number": "01632 960123",
        "footprint": HERE,
        "verified_by": "ann",
        "verified_at": NOON.isoformat(),
        "valid_until": (NOON + timedelta(hours=1)).isoformat(),
    }
    row = approved(ann, bob, replacing(numbers=[number]))
    assert endings.stand_down(at(ann, hours=2), row.slug, row.version).stage == Stage.ENDED


def test_an_amendment_is_newer_and_the_fault_as_old(ann: Actor, bob: Actor) -> None:
    row = published(ann)
    proposal = incidents.amend(at(ann, minutes=10), row.slug, row.version)
    data = replacing(review_at=(NOON + timedelta(hours=1)).isoformat())
    later = at(ann, minutes=11)
    proposal = incidents.edit(later, proposal.pk, proposal.version, data)
    proposal = incidents.submit(later, proposal.pk, proposal.version)
    incidents.approve(at(bob, minutes=12), proposal.pk, proposal.version, proposal.seal)
    (incident,) = bulletin(minutes=13).incidents
    assert incident.published_at == NOON + timedelta(minutes=12)
    assert incident.since == NOON


def test_what_is_live_stays_while_a_change_is_written(ann: Actor) -> None:
    row = published(ann)
    proposal = incidents.amend(ann, row.slug, row.version)
    incidents.edit(ann, proposal.pk, proposal.version, replacing())
    assert channels(told("police-emergency", leicester()))[:2] == ["999", "101"]


def test_a_change_of_what_was_stood_down_meanwhile_is_refused(ann: Actor, bob: Actor) -> None:
    row = published(ann)
    proposal = incidents.amend(ann, row.slug, row.version)
    endings.stand_down(bob, row.slug, row.version)
    with pytest.raises(ConflictError):
        incidents.publish(ann, proposal.pk, proposal.version)


def test_two_editors_at_once_the_second_is_told(ann: Actor, bob: Actor) -> None:
    proposal = incidents.draft(ann, content())
    incidents.edit(ann, proposal.pk, proposal.version, content(deaf="working"))
    with pytest.raises(ConflictError, match="Nothing was overwritten"):
        incidents.edit(bob, proposal.pk, proposal.version, content(deaf="not-working"))


def test_a_correction_ends_what_it_corrects_and_says_so(ann: Actor, bob: Actor) -> None:
    old = approved(ann, bob)
    later = replacing(supersedes=old.slug, review_at=(NOON + timedelta(hours=1)).isoformat())
    approved(at(ann, minutes=5), at(bob, minutes=5), later)
    assert Incident.objects.get(slug=old.slug).stage == Stage.ENDED
    assert "correction-notice" in codes(told("police-emergency", leicester(), minutes=6))


def test_a_force_adopts_a_national_notice_in_one_action(ann: Actor, nat: Actor) -> None:
    parent = published(nat, content(footprints=["uk"]))
    row = incidents.adopt(ann, parent.slug, parent.version)
    assert stored.published(row).content.footprints == (HERE,)
    assert stored.published(row).issuer.name == "Leicestershire Police"


def test_anybodys_statement_is_adopted_for_ones_own_area(kim: Actor, ann: Actor) -> None:
    """On 25 June 2023 forces passed on the words of the Metropolitan Police."""
    parent = published(ann)
    row = incidents.adopt(kim, parent.slug, parent.version)
    assert stored.published(row).content.footprints == ("police:kent",)


def test_adopting_a_replace_waits_for_a_second_person(kim: Actor, ann: Actor, bob: Actor) -> None:
    parent = approved(ann, bob)
    row = incidents.adopt(kim, parent.slug, parent.version)
    assert (row.stage, row.proposals.get().stage) == (Stage.DRAFT, Stage.SUBMITTED)


def test_planned_work_starts_and_ends_by_itself(ann: Actor) -> None:
    times = {
        "starts_at": (NOON + timedelta(hours=1)).isoformat(),
        "ends_at": (NOON + timedelta(hours=2)).isoformat(),
    }
    published(ann, content("101", planned=True, review_at=None, **times))
    assert told("police-nonemergency", leicester()).notices == ()
    assert told("police-nonemergency", leicester(), minutes=90).notices
    assert told("police-nonemergency", leicester(), minutes=121).notices == ()


def test_an_exercise_is_never_in_the_bulletin(ann: Actor) -> None:
    proposal = incidents.draft(ann, replacing(), exercise=True)
    incidents.publish(ann, proposal.pk, proposal.version)
    assert bulletin().incidents == ()
    assert proposal.incident.slug not in bulletin().stories


def test_the_database_refuses_to_make_an_exercise_real(ann: Actor) -> None:
    from django.db import DatabaseError, transaction

    proposal = incidents.draft(ann, content(), exercise=True)
    with pytest.raises(DatabaseError, match="exercise"), transaction.atomic():
        Incident.objects.filter(pk=proposal.incident_id).update(exercise=False)


def test_a_statement_is_not_born_overdue(ann: Actor) -> None:
    proposal = incidents.draft(ann, content(review_at=(NOON - timedelta(minutes=1)).isoformat()))
    with pytest.raises(RefusedError, match="review lies in the past"):
        incidents.publish(ann, proposal.pk, proposal.version)


def test_the_review_is_required(ann: Actor) -> None:
    with pytest.raises(RefusedError, match="review_at"):
        incidents.draft(ann, content(review_at=None))


def test_english_alone_is_refused_unless_urgent(ann: Actor) -> None:
    with pytest.raises(RefusedError, match="Welsh is missing"):
        incidents.draft(ann, content(words_en="Ring 101."))
    due = (NOON + timedelta(hours=2)).isoformat()
    assert incidents.draft(ann, content(words_en="Ring 101.", welsh_due=due))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"channel": "998"}, "channel"),
        ({"footprints": ["police:kentt"]}, 'Did you mean "kent"'),
        ({"footprints": ["moon"]}, "footprint"),
        ({"state": "broken"}, "state"),
        ({"supersedes": "x", "surprise": 1}, "surprise"),
        ({"notices": [{"need": "nothing", "mode": "replace"}]}, "need"),
        ({"demand_note": "Busy"}, "demand_until"),
        ({"planned": True, "review_at": None}, "ends_at"),
    ],
)
def test_a_wrong_content_is_refused_with_its_place(
    ann: Actor, more: dict[str, object], says: str
) -> None:
    with pytest.raises(RefusedError, match=says):
        incidents.draft(ann, content() | more)


def test_a_refused_move_writes_nothing(ann: Actor) -> None:
    proposal = incidents.draft(ann, replacing())
    before = Event.objects.count()
    with pytest.raises(RefusedError):
        incidents.publish(ann, proposal.pk, proposal.version)
    assert Event.objects.count() == before


def test_every_move_writes_its_event(ann: Actor, bob: Actor) -> None:
    row = approved(ann, bob)
    endings.stand_down(bob, row.slug, row.version)
    kinds = list(Event.objects.values_list("kind", flat=True))
    assert kinds == ["draft", "submitted", "declared", "stood-down"]


def test_a_claim_is_added_long_after_the_end(ann: Actor) -> None:
    row = published(ann)
    row = endings.stand_down(ann, row.slug, row.version)
    later = at(ann, days=400)
    entry = {"en": "It lasted 90 minutes.", "cy": "Parhaodd am 90 munud.", "source": "Report"}
    added(later, row.slug, row.version, "claim", entry)
    assert bulletin(days=401).stories[row.slug].entries[0].source == "Report"
    assert bulletin(days=401).incidents == ()


def test_nobody_breaks_the_glass_beyond_their_territory(ann: Actor) -> None:
    proposal = incidents.draft(ann, replacing(footprints=["uk"]))
    with pytest.raises(RefusedError, match="Nobody publishes alone"):
        incidents.break_glass(ann, proposal.pk, proposal.version, "It is national")


def test_a_watch_that_is_over_leaves_the_bulletin_after_a_day(ann: Actor) -> None:
    row = published(ann)
    endings.stand_down(ann, row.slug, row.version, watch=timedelta(hours=1))
    assert bulletin(hours=2).incidents
    assert bulletin(hours=26).incidents == ()


def test_a_999_notice_says_how_it_stands_for_deaf_callers(ann: Actor) -> None:
    row = published(ann, content(deaf="not-working"))
    assert "999 BSL, text relay" in bulletin().stories[row.slug].entries[0].words.en


def test_a_cause_is_attributed_and_marked_while_unconfirmed(ann: Actor, bob: Actor) -> None:
    cause = {"cause_en": "BT lines", "cause_cy": "Llinellau BT", "cause_by": "West Yorkshire"}
    row = approved(ann, bob, replacing(**cause))
    words = bulletin().stories[row.slug].entries[0].words.en
    assert "Cause: BT lines (West Yorkshire), not confirmed." in words
