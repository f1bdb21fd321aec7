"""The record: append-only, chained, kept by the database, and enough to replay from."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from outage.audit import record, replay
from outage.models import BulletinVersion, Event, Incident, Proposal, RulebookCopy
from outage.publish import loader
from outage.statements.actor import Actor
from outage.workflow import endings, incidents
from tests.cast import NOON, channels
from tests.outage.said import approved, at, content, leicester, on_record, published

pytestmark = pytest.mark.django_db


def faults() -> list[str]:
    return list(record.faults(Event.objects.order_by("number")))


def tamper(sql: str) -> None:
    """Change the record behind the triggers' backs, as somebody with the file could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE outage_event DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER record_no_update")
            cursor.execute("DROP TRIGGER record_no_delete")
        cursor.execute(sql)


def test_an_honest_record_has_no_faults(ann: Actor, bob: Actor) -> None:
    approved(ann, bob)
    assert faults() == []


def test_the_database_refuses_to_change_an_event(ann: Actor) -> None:
    published(ann)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(actor="somebody else")


def test_the_database_refuses_to_delete_an_event(ann: Actor) -> None:
    published(ann)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.all().delete()


def test_a_changed_body_is_found(ann: Actor) -> None:
    published(ann)
    tamper("UPDATE outage_event SET body = replace(body, 'ann', 'eve') WHERE number = 2")
    assert faults() == ["event 2 was changed: its hash does not fit its body"]


def test_a_changed_actor_is_found(ann: Actor) -> None:
    published(ann)
    tamper("UPDATE outage_event SET actor = 'eve' WHERE number = 2")
    assert faults() == ["event 2 was changed: its actor differs from its body"]


def test_a_missing_event_is_found(ann: Actor) -> None:
    published(ann)
    incidents.draft(ann, content())
    tamper("DELETE FROM outage_event WHERE number = 2")
    assert "event 2 is missing" in faults()[0]


def test_a_forged_event_breaks_the_chain(ann: Actor) -> None:
    published(ann)
    incidents.draft(ann, content())
    body = Event.objects.get(number=2).body.replace("ann", "eve")
    with connection.cursor() as cursor:
        tamper("SELECT 1")
        cursor.execute(
            "UPDATE outage_event SET body = %s, hash = %s, actor = 'eve' WHERE number = 2",
            [body, record.hash_of(body)],
        )
    assert "event 3 does not follow the event before it" in faults()


def test_verify_record_says_that_it_holds(ann: Actor) -> None:
    on_record(ann)
    published(ann)
    out = StringIO()
    call_command("verify_record", stdout=out)
    assert "4 events" in out.getvalue()


def test_verify_record_fails_on_a_tampered_event(ann: Actor) -> None:
    published(ann)
    tamper("UPDATE outage_event SET actor = 'eve' WHERE number = 2")
    with pytest.raises(CommandError, match="event 2 was changed"):
        call_command("verify_record", stdout=StringIO())


def test_verify_record_finds_events_cut_from_the_end(ann: Actor) -> None:
    published(ann)
    last = Event.objects.order_by("-number")[0].hash
    tamper("DELETE FROM outage_event WHERE number = 2")
    with pytest.raises(CommandError, match="kept hash"):
        call_command("verify_record", has=last, stdout=StringIO())


def test_replay_tells_what_was_told_then(ann: Actor, bob: Actor) -> None:
    row = approved(ann, bob)
    endings.stand_down(at(ann, minutes=10), row.slug, row.version)
    during = replay.replay(NOON + timedelta(minutes=5), leicester(), "police-emergency")
    after = replay.replay(NOON + timedelta(minutes=11), leicester(), "police-emergency")
    assert channels(during.advice)[0] == "101"
    assert channels(after.advice)[0] == "999"


def test_replay_needs_the_record_alone(ann: Actor, bob: Actor) -> None:
    approved(ann, bob)
    Incident.objects.all().delete()
    then = NOON + timedelta(minutes=5)
    told = replay.replay(then, leicester(), "police-emergency")
    assert (told.advice.first.channel, told.events) == ("101", (1, 2, 3))


def test_replay_knows_that_a_review_was_overdue(ann: Actor, bob: Actor) -> None:
    approved(ann, bob)
    later = NOON + timedelta(minutes=31)
    told = replay.replay(later, leicester(), "police-emergency")
    assert told.advice.notices[0].overdue


def test_replay_leaves_exercises_out(ann: Actor) -> None:
    proposal = incidents.draft(ann, content(), exercise=True)
    incidents.publish(ann, proposal.pk, proposal.version)
    told = replay.replay(NOON + timedelta(minutes=1), leicester(), "police-emergency")
    assert told.advice.notices == ()


def test_replay_before_the_record_says_so(ann: Actor) -> None:
    published(ann)
    with pytest.raises(replay.ReplayError, match="begins later"):
        replay.replay(NOON - timedelta(days=1), leicester(), "police-emergency")


def test_the_rulebook_of_the_time_is_read_back_from_its_copy(ann: Actor) -> None:
    published(ann)
    copy = RulebookCopy.objects.get()
    replay._unpacked.cache_clear()
    assert replay._unpacked(copy.digest).digest == copy.digest


def test_a_changed_rulebook_copy_is_refused(ann: Actor) -> None:
    published(ann)
    RulebookCopy.objects.update(digest="0" * 64)
    replay._unpacked.cache_clear()
    with pytest.raises(replay.ReplayError, match="does not fit"):
        replay._unpacked("0" * 64)


def test_the_replay_command_prints_the_advice(ann: Actor, bob: Actor) -> None:
    approved(ann, bob)
    out = StringIO()
    when = (NOON + timedelta(minutes=5)).isoformat()
    call_command("replay", at=when, area="leicestershire", need="police-emergency", stdout=out)
    assert json.loads(out.getvalue())["first"]["channel"] == "101"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"at": "yesterday"}, "--at"),
        ({"at": "2026-11-24T12:00:00"}, "time zone"),
        ({"area": "atlantis"}, "--area"),
        ({"need": "lunch"}, "--need"),
        ({"history": "1999-01-01"}, "There is no past day"),
    ],
)
def test_the_replay_command_says_what_is_wrong(wrong: dict[str, str], says: str) -> None:
    right = {"at": NOON.isoformat(), "area": "leicestershire", "need": "police-emergency"}
    with pytest.raises(CommandError, match=says):
        call_command("replay", **{**right, **wrong}, stdout=StringIO())


def test_the_replay_command_replays_25_june_2023() -> None:
    out = StringIO()
    when = "2023-06-25T08:45:00+01:00"
    call_command("replay", at=when, area="metropolitan", need="police-emergency",
                 history="2023-06-25", stdout=out)  # fmt: skip
    assert json.loads(out.getvalue())["first"]["channel"] == "101"


def test_an_export_restores_to_the_same_chain(ann: Actor, bob: Actor) -> None:
    approved(ann, bob)
    out = StringIO()
    call_command("export_record", stdout=out)
    before = list(Event.objects.values_list("hash", flat=True))
    rows = json.loads(out.getvalue())
    assert [row["hash"] for row in rows["events"]] == before


def test_an_export_as_csv_has_a_line_an_event(ann: Actor) -> None:
    published(ann)
    out = StringIO()
    call_command("export_record", form="csv", stdout=out)
    assert len(out.getvalue().strip().splitlines()) == 3


def test_a_restored_record_gives_the_same_bulletin(ann: Actor, bob: Actor, tmp_path: Path) -> None:
    approved(ann, bob)
    file = tmp_path / "record.json"
    with file.open("w") as out:
        call_command("export_record", stdout=out)
    before = loader.BulletinLoader().bulletin(NOON).incidents
    Proposal.objects.all().delete()
    Incident.objects.all().delete()
    BulletinVersion.objects.all().delete()
    tamper("DELETE FROM outage_event")
    call_command("restore_record", str(file), stdout=StringIO())
    assert loader.BulletinLoader().bulletin(NOON).incidents == before
    assert faults() == []


def test_a_restore_refuses_a_record_that_was_changed(ann: Actor, tmp_path: Path) -> None:
    published(ann)
    file = tmp_path / "record.json"
    out = StringIO()
    call_command("export_record", stdout=out)
    file.write_text(out.getvalue().replace('"actor": "ann"', '"actor": "eve"'))
    Incident.objects.all().delete()
    tamper("DELETE FROM outage_event")
    with pytest.raises(CommandError, match="was changed"):
        call_command("restore_record", str(file), stdout=StringIO())


def test_a_restore_refuses_to_add_to_a_record(ann: Actor, tmp_path: Path) -> None:
    published(ann)
    file = tmp_path / "record.json"
    with file.open("w") as out:
        call_command("export_record", stdout=out)
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore_record", str(file), stdout=StringIO())
