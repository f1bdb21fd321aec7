"""The door outwards: the watcher, the last good copy, and what survives a database that is away."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client

from outage import bulletin
from outage.audit import record
from outage.bulletin import Bulletin
from outage.models import BulletinVersion, Event, Incident
from outage.publish import disk_copy, loader
from outage.publish import watcher as watching
from outage.statements.actor import Actor
from outage.workflow import accounts, endings, incidents
from tests.cast import NOON
from tests.outage.said import approved, content, published
from triage import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_watcher() -> Iterator[None]:
    """A watcher that has seen nothing yet, and leaves nothing running."""
    before = bulletin._watcher[0]
    bulletin._watcher[0] = bulletin._new()
    yield
    bulletin._watcher[0] = before


def test_a_refresh_shows_what_was_published(ann: Actor) -> None:
    row = published(ann)
    bulletin.refresh()
    assert [i.id for i in bulletin.reading().bulletin.incidents] == [row.slug]


def test_the_version_grows_with_every_publication(ann: Actor) -> None:
    before = loader.bulletin_loader().version()
    row = published(ann)
    endings.stand_down(ann, row.slug, row.version)
    assert loader.bulletin_loader().version() == before + 2


def test_a_draft_moves_no_version(ann: Actor) -> None:
    before = loader.bulletin_loader().version()
    incidents.draft(ann, content())
    assert loader.bulletin_loader().version() == before


def test_the_store_is_read_whole_only_when_the_version_moved(
    ann: Actor, django_assert_num_queries: object
) -> None:
    published(ann)
    watcher = bulletin._watcher[0]
    watcher.ask()
    with django_assert_num_queries(1):  # type: ignore[operator]
        watcher.ask()


def test_the_copy_reads_back_as_it_was_written(ann: Actor, bob: Actor, tmp_path: Path) -> None:
    approved(ann, bob)
    shown = loader.BulletinLoader().bulletin(NOON)
    path = tmp_path / "copy.json"
    disk_copy.write(path, shown)
    assert disk_copy.read(path).bulletin == shown


@pytest.mark.parametrize("cut", [1, 50, 99])
def test_a_half_written_copy_is_refused(ann: Actor, tmp_path: Path, cut: int) -> None:
    published(ann)
    path = tmp_path / "copy.json"
    disk_copy.write(path, loader.BulletinLoader().bulletin(NOON))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * cut // 100])
    with pytest.raises(disk_copy.DiskCopyError):
        disk_copy.read(path)


def test_a_changed_copy_is_refused(ann: Actor, tmp_path: Path) -> None:
    published(ann)
    path = tmp_path / "copy.json"
    disk_copy.write(path, loader.BulletinLoader().bulletin(NOON))
    outer = json.loads(path.read_text())
    outer["body"] = outer["body"].replace("many-failing", "degraded")
    path.write_text(json.dumps(outer))
    with pytest.raises(disk_copy.DiskCopyError, match="damaged"):
        disk_copy.read(path)


@pytest.mark.parametrize("data", ["", "[]", "null", '{"body": 1}', "\x00"])
def test_what_is_no_copy_is_refused(tmp_path: Path, data: str) -> None:
    path = tmp_path / "copy.json"
    path.write_text(data)
    with pytest.raises(disk_copy.DiskCopyError):
        disk_copy.read(path)


def test_a_full_disk_leaves_the_old_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "copy.json"
    disk_copy.write(path, Bulletin(version=1))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        disk_copy.write(path, Bulletin(version=2))
    assert disk_copy.read(path).bulletin.version == 1
    assert [p.name for p in tmp_path.iterdir()] == ["copy.json"]


@contextmanager
def full_disk() -> Iterator[None]:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk_copy, "write", full)
        yield


def test_a_disk_that_is_full_stops_no_publication(ann: Actor) -> None:
    row = published(ann)
    with full_disk():
        assert bulletin._watcher[0]._once()
    assert [i.id for i in bulletin.reading().bulletin.incidents] == [row.slug]


def test_no_fault_of_the_copy_ends_the_watching(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("cannot be written as JSON")

    monkeypatch.setattr(disk_copy, "write", broken)
    row = published(ann)
    assert bulletin._watcher[0]._once()
    assert [i.id for i in bulletin.reading().bulletin.incidents] == [row.slug]


def test_a_copy_that_could_not_be_written_is_never_noted_as_current(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start without the database would else show what stood before, as checked just now."""
    monkeypatch.setattr(watching, "NOTE_EVERY", 0.0)
    watcher, path = bulletin._watcher[0], bulletin.copy_path()
    watcher._once()
    os.utime(path, (1, 1))
    row = published(ann)
    with full_disk():
        for _ in range(3):
            watcher._once()
    assert path.stat().st_mtime == 1
    watcher._once()
    assert [i.id for i in bulletin.copied().incidents] == [row.slug]


def test_a_copy_that_was_removed_is_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "NOTE_EVERY", 0.0)
    watcher = bulletin._watcher[0]
    watcher._once()
    bulletin.copy_path().unlink()
    watcher._once()
    watcher._once()
    assert bulletin.copy_path().exists()


def test_with_the_database_away_the_last_bulletin_stays_and_ages(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(ann)
    bulletin.refresh()
    before = bulletin.reading()

    def away(self: object) -> int:
        raise DatabaseError("gone")

    monkeypatch.setattr(loader.BulletinLoader, "version", away)
    assert bulletin._watcher[0]._once() is False
    assert bulletin.reading() is before
    time.sleep(0.02)
    assert bulletin.reading().age >= 0.02


def test_a_database_that_was_away_is_read_whole_again(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have come back from a copy, with the same version and other contents."""
    row = published(ann)
    watcher = bulletin._watcher[0]
    watcher.ask()
    Incident.objects.filter(pk=row.pk).update(published=None)
    watcher.ask()
    assert bulletin.reading().bulletin.incidents
    watcher.away = True
    assert watcher._once()
    assert not bulletin.reading().bulletin.incidents
    assert not watcher.away


@pytest.fixture
def lost(ann: Actor) -> Incident:
    """A statement that was shown, and then an empty database in place of that which held it."""
    row = published(ann)
    assert bulletin._watcher[0]._once()
    BulletinVersion.objects.all().delete()
    Incident.objects.all().delete()
    assert bulletin._watcher[0]._once()
    return row


def test_an_empty_database_in_place_of_a_lost_one_is_no_all_clear(lost: Incident) -> None:
    before = bulletin.reading()
    assert [i.id for i in before.bulletin.incidents] == [lost.slug]
    time.sleep(0.01)
    assert bulletin._watcher[0]._once()
    assert bulletin.reading() is before
    assert bulletin.reading().age >= 0.01
    assert bulletin.older() == 0


def test_a_database_older_than_what_was_shown_is_told_of_once(
    lost: Incident, caplog: pytest.LogCaptureFixture
) -> None:
    assert bulletin._watcher[0]._once()
    told = [r.getMessage() for r in (*caplog.get_records("setup"), *caplog.records)]
    assert len(told) == 1
    assert "version 0" in told[0]
    assert "accept_database" in told[0]


def test_a_lost_database_leaves_the_last_good_copy_for_the_next_start(
    lost: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulletin.refresh()
    assert [i.id for i in bulletin.copied().incidents] == [lost.slug]


def test_who_publishes_in_an_older_database_is_read(lost: Incident, ann: Actor) -> None:
    row = published(ann)
    assert bulletin._watcher[0]._once()
    assert [i.id for i in bulletin.reading().bulletin.incidents] == [row.slug]
    assert bulletin.older() is None


def test_nothing_less_than_a_publication_makes_an_older_database_count(
    lost: Incident, ann: Actor
) -> None:
    accounts.set_hosts(ann, ["https://www.example.police.uk"])
    rehearsed = incidents.draft(ann, content(), exercise=True)
    incidents.publish(ann, rehearsed.pk, rehearsed.version)
    assert bulletin._watcher[0]._once()
    assert [i.id for i in bulletin.reading().bulletin.incidents] == [lost.slug]
    assert bulletin.older() == 0


def test_a_database_that_has_caught_up_by_its_number_is_read_whole(lost: Incident) -> None:
    BulletinVersion.objects.create(pk=1, version=bulletin.shown())
    assert bulletin._watcher[0]._once()
    assert bulletin.reading().bulletin.incidents == ()


def test_an_older_database_counts_once_an_operator_says_so(lost: Incident) -> None:
    with pytest.raises(CommandError, match="Nothing was done"):
        call_command("accept_database", stdout=StringIO())
    said = StringIO()
    call_command("accept_database", "--yes", stdout=said)
    assert lost.slug in said.getvalue()
    assert bulletin._watcher[0]._once()
    assert bulletin.reading().bulletin.incidents == ()
    assert bulletin.older() is None
    assert Event.objects.latest("number").kind == "database-accepted"
    assert not list(record.faults(Event.objects.all()))


def test_there_is_nothing_to_accept_of_a_database_that_counts(ann: Actor) -> None:
    published(ann)
    assert bulletin._watcher[0]._once()
    with pytest.raises(CommandError, match="nothing to accept"):
        call_command("accept_database", "--yes", stdout=StringIO())


def test_every_staff_page_says_that_the_database_has_lost_something(
    lost: Incident, ann: Actor, client: Client
) -> None:
    client.force_login(ann.operator.user)
    assert "has lost something" in client.get("/staff/").content.decode()


def test_a_start_without_database_shows_the_copy_with_its_age(
    ann: Actor, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = published(ann)
    path = bulletin.copy_path()
    disk_copy.write(path, loader.BulletinLoader().bulletin(NOON))
    an_hour_ago = time.time() - 3600
    os.utime(path, (an_hour_ago, an_hour_ago))
    _start_without_database(monkeypatch)
    assert [i.id for i in bulletin.reading().bulletin.incidents] == [row.slug]
    assert 3600 <= bulletin.reading().age < 3700


def test_a_start_with_nothing_known_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = clock.now()
    _start_without_database(monkeypatch)
    assert bulletin.reading().age == float("inf")
    assert bulletin.reading().checked_at >= begun


def _start_without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """What watch() shows before, and without, an answer of the store."""
    monkeypatch.setattr(watching, "FIRST_WITHIN", 0.01)
    monkeypatch.setattr(threading.Thread, "start", lambda self: None)
    bulletin.watch()


def test_watch_starts_one_thread_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(watching, "FIRST_WITHIN", 0.01)
    monkeypatch.setattr(threading.Thread, "start", lambda self: started.append(self.name))
    for _ in range(5):
        bulletin.watch()
    assert started == ["bulletin"]


def test_a_preview_is_seen_by_its_own_thread_alone() -> None:
    seen: list[int] = []
    with bulletin.previewing(Bulletin(version=99)):
        other = threading.Thread(target=lambda: seen.append(bulletin.reading().bulletin.version))
        other.start()
        other.join()
        assert bulletin.reading().bulletin.version == 99
    assert seen == [0]
    assert bulletin.reading().bulletin.version == 0


def test_a_publication_passes_the_version_that_was_shown(lost: Incident, ann: Actor) -> None:
    """In a database that came back older, its number must be believed."""
    shown = bulletin.shown()
    BulletinVersion.objects.update_or_create(pk=1, defaults={"version": shown - 1})
    published(ann)
    assert BulletinVersion.objects.get(pk=1).version == shown + 1
