"""What a restore brings back: everything but secrets, and nothing that nobody had."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.forms.models import model_to_dict

from outage.models import (
    BulletinVersion,
    Event,
    Incident,
    LocalNumber,
    Operator,
    Organisation,
    Proposal,
    Role,
)
from outage.statements.actor import Actor
from outage.workflow import accounts, endings, incidents
from tests.cast import NOON
from tests.outage.audit.test_record import tamper
from tests.outage.said import added, approved, at, content, on_record, published, submitted
from triage.rules import rulebook

pytestmark = pytest.mark.django_db


def restored(tmp_path: Path) -> str:
    """Export, lose everything, restore; what the command said."""
    file, said = tmp_path / "record.json", StringIO()
    with file.open("w") as out:
        call_command("export_record", stdout=out)
    for model in (Proposal, Incident, LocalNumber, Operator, BulletinVersion, Organisation):
        model._default_manager.all().delete()
    get_user_model().objects.all().delete()
    tamper("DELETE FROM outage_event")
    call_command("restore_record", str(file), stdout=said)
    return said.getvalue()


def rows(model: Any, *without: str) -> list[dict[str, Any]]:
    left_out = {"id", "user", "organisation", "incident", *without}
    found = model.objects.order_by("pk")
    return [{k: v for k, v in model_to_dict(r).items() if k not in left_out} for r in found]


def test_incidents_come_back_with_their_versions(ann: Actor, bob: Actor, tmp_path: Path) -> None:
    row = approved(ann, bob)
    claim = {"en": "Figure", "cy": "Ffigur", "source": "Report"}
    row = added(ann, row.slug, row.version, "claim", claim)
    endings.stand_down(at(ann, minutes=9), row.slug, row.version)
    published(at(ann, minutes=1), content(channel="101"))
    before = rows(Incident)
    restored(tmp_path)
    assert rows(Incident) == before


def test_open_drafts_come_back_as_they_stood(ann: Actor, bob: Actor, tmp_path: Path) -> None:
    proposal = submitted(ann)
    incidents.send_back(bob, proposal.pk, proposal.version, "Too wide")
    submitted(at(ann, minutes=1))
    row = published(at(bob, minutes=2), content(channel="101"))
    incidents.amend(at(ann, minutes=3), row.slug, row.version)
    without = ("version",)
    before = [p for p in rows(Proposal, *without) if p["stage"] in ("draft", "submitted")]
    restored(tmp_path)
    assert rows(Proposal, *without) == before


def test_a_dropped_draft_comes_back_as_dropped(ann: Actor, tmp_path: Path) -> None:
    proposal = submitted(ann)
    incidents.withdraw(at(ann, minutes=1), proposal.pk, proposal.version)
    before = rows(Incident)
    restored(tmp_path)
    assert (rows(Incident), Proposal.objects.count()) == (before, 0)


def test_a_restored_submission_is_approved_by_a_second_person(
    ann: Actor, bob: Actor, tmp_path: Path
) -> None:
    for who in (ann, bob):
        user, owner = who.operator.user, who.operator.organisation
        accounts.set_operator(user, owner, Role.EDITOR, "root", NOON)
    submitted(ann)
    restored(tmp_path)
    waiting = Proposal.objects.get()
    second = Actor(Operator.objects.get(user__username="bob"), at(bob, minutes=5).at)
    incidents.approve(second, waiting.pk, waiting.version, waiting.seal)
    assert Incident.objects.get().stage == "live"


def test_people_come_back_without_a_way_in(ann: Actor, tmp_path: Path) -> None:
    values = {"slug": "kent-police", "name": "Kent Police", "name_cy": "Heddlu Caint",
              "kind": "answering-service", "services": ["police"],
              "footprints": ["police:kent"]}  # fmt: skip
    kent = accounts.set_organisation(values, rulebook(), "root", NOON)
    user = get_user_model().objects.create_user("zoe", password="a long enough pass phrase")
    zoe = Actor(accounts.set_operator(user, kent, Role.MANAGER, "root", NOON), NOON)
    accounts.set_hosts(zoe, ["https://www.example.police.uk"])
    said = restored(tmp_path)
    operator = Operator.objects.get()
    assert (operator.user.username, operator.role) == ("zoe", "manager")
    assert operator.organisation.widget_hosts == ["https://www.example.police.uk"]
    assert not operator.user.has_usable_password()
    assert "zoe" in said


def test_accounts_come_back_as_they_were(db: None, tmp_path: Path) -> None:
    for name, active, runs in (("gone", False, False), ("root", True, True)):
        made = get_user_model()(username=name, is_active=active, is_superuser=runs)
        accounts.set_account(made, "createoperator", NOON)
    restored(tmp_path)
    held = get_user_model().objects.order_by("username")
    rows = [(u.username, u.is_active, u.is_superuser, u.is_staff) for u in held]
    assert rows == [("gone", False, False, False), ("root", True, True, True)]
    assert not any(user.has_usable_password() for user in held)
    call_command("verify_record", stdout=StringIO())


def test_kept_numbers_come_back_and_dropped_ones_do_not(ann: Actor, tmp_path: Path) -> None:
    ends = (NOON + timedelta(days=9)).isoformat()
    values = {"footprint": "police:leicestershire", "what_for": "Desk", "tested_by": "ann",
              "tested_at": NOON.isoformat(), "valid_until": ends}  # fmt: skip
    for number in ("01632 960001", "01632 960002"):
        accounts.keep_number(ann, {**values, "number": number})
    accounts.drop_number(ann, "01632 960001")
    restored(tmp_path)
    assert [n.number for n in LocalNumber.objects.all()] == ["01632 960002"]


def test_what_was_restored_goes_on_as_one_chain(ann: Actor, bob: Actor, tmp_path: Path) -> None:
    for who in (ann, bob):
        on_record(who)
    approved(ann, bob)
    restored(tmp_path)
    row = Incident.objects.get()
    again = Actor(Operator.objects.get(user__username="ann"), at(ann, minutes=5).at)
    endings.stand_down(again, row.slug, row.version)
    call_command("verify_record", stdout=StringIO())
    assert Event.objects.last().kind == "stood-down"  # type: ignore[union-attr]
