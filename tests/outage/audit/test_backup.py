"""A backup is whole, is proved when it is read, and holds no key."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from outage.audit import backup
from outage.audit.backup import BackupError
from outage.models import Event, Incident, Operator, Organisation, Role
from outage.statements.actor import Actor
from outage.workflow import incidents
from tests.cast import NOON
from tests.outage import conftest
from tests.outage.said import content, published

pytestmark = pytest.mark.django_db


def lines_of_a_working_desk() -> list[str]:
    """What a desk has that published one statement, began another and changed its hosts. The
    database is empty again afterwards."""
    with transaction.atomic():
        force = conftest.organisation(
            "leicestershire-police", "answering-service", ["police"], ["police:leicestershire"]
        )
        ann = Actor(
            conftest.operator("ann", force, Role.MANAGER), NOON.replace(microsecond=123_456)
        )
        published(ann, content())
        incidents.draft(ann, content())
        kept = list(backup.lines(NOON))
        transaction.set_rollback(True)
    return kept


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_of_one_moment() -> None:
    written = backup.lines(NOON)
    assert json.loads(next(written))["events"] == 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == ("repeatable read",)
    assert json.loads(list(written)[-1])["sha256"]


def test_everything_comes_back_and_is_proved() -> None:
    kept = lines_of_a_working_desk()
    assert not Event.objects.exists()
    head = backup.restore(kept)
    assert head.events == Event.objects.count() > 2
    assert Incident.objects.exclude(published=None).get().stage == "live"
    assert Operator.objects.get().user.username == "ann"
    assert list(backup.lines(NOON)) == kept


def _cut(lines: list[str]) -> list[str]:
    return lines[:-1]


def _without_a_row(lines: list[str]) -> list[str]:
    return lines[:3] + lines[4:]


def _another_word(lines: list[str]) -> list[str]:
    return [line.replace("leicestershire", "nottinghamshire") for line in lines]


def _another_release(lines: list[str]) -> list[str]:
    return [json.dumps({**json.loads(lines[0]), "format": 99}), *lines[1:]]


def _changed_with_its_foot(lines: list[str]) -> list[str]:
    """As somebody would who knows how a backup is sealed: the record's own chain still shows it."""
    rows = [row.replace('"ann"', '"eve"') for row in lines[1:-1]]
    digest = hashlib.sha256("".join(rows).encode()).hexdigest()
    return [lines[0], *rows, json.dumps({"rows": len(rows), "sha256": digest})]


@pytest.mark.parametrize(
    "spoil", [_cut, _without_a_row, _another_word, _another_release, _changed_with_its_foot,
              lambda lines: [], lambda lines: ["{}"], lambda lines: ["<html>"]]
)  # fmt: skip
def test_a_backup_that_is_not_whole_writes_nothing(spoil: Callable[[list[str]], list[str]]) -> None:
    with pytest.raises(BackupError):
        backup.restore(spoil(lines_of_a_working_desk()))
    assert not Event.objects.exists()
    assert not User.objects.exists()


def test_a_database_that_holds_anything_is_not_overwritten() -> None:
    kept = lines_of_a_working_desk()
    User.objects.create(username="somebody")
    with pytest.raises(BackupError, match="not empty"):
        backup.restore(kept)


def test_a_backup_holds_no_key(settings: Any) -> None:
    told = "\n".join(lines_of_a_working_desk())
    assert settings.SECRET_KEY not in told
    assert backup.fingerprint() in told


def test_the_commands_write_and_read_a_file_of_its_owners(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "night.gz"
    call_command("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(gzip.decompress(file.read_bytes()).splitlines()[0])["events"] == 0
    call_command("restore", str(file))
    assert "Restored and proved: 0 events" in capsys.readouterr().out


def test_a_restore_under_another_key_says_so(settings: Any, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "night.gz"
    call_command("backup", str(file))
    settings.SECRET_KEY = "another" * 8
    call_command("restore", str(file))
    assert "Give the old one" in capsys.readouterr().out


def test_a_file_that_is_none_is_refused_kindly(tmp_path: Path) -> None:
    (tmp_path / "no.gz").write_bytes(b"not packed")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", str(tmp_path / "no.gz"))
    assert Organisation.objects.count() == 0
