"""What machines are told: alive, ready, and what was done. Never a query, never a secret."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from outage import bulletin
from outage.bulletin import Bulletin, Reading
from outage.publish import memory
from triage import clock
from triage.config import gunicorn


def checked(monkeypatch: pytest.MonkeyPatch, ago: float) -> None:
    reading = Reading(Bulletin(7), clock.now(), clock.steady() - ago)
    monkeypatch.setattr(memory, "_reading", [reading])


def test_a_live_process_says_so(client: Client) -> None:
    assert client.get("/healthz").content == b"alive\n"


@pytest.mark.parametrize(("ago", "status"), [(1, 200), (200, 200), (601, 503)])
def test_a_node_is_unready_once_it_gives_the_cautious_advice(
    client: Client, monkeypatch: pytest.MonkeyPatch, ago: float, status: int
) -> None:
    checked(monkeypatch, ago)
    assert client.get("/readyz").status_code == status


@pytest.mark.parametrize(("ago", "words"), [(1, b"database reached"), (9, b"not reached")])
def test_a_lost_database_is_told_without_a_query(
    client: Client, monkeypatch: pytest.MonkeyPatch, ago: float, words: bytes
) -> None:
    checked(monkeypatch, ago)
    assert words in client.get("/readyz").content


def test_a_database_that_lost_something_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(monkeypatch, 3)
    monkeypatch.setattr(bulletin._watcher[0], "older", 2)
    assert b"database older than what is shown: it holds version 2" in client.get("/readyz").content
    assert b"which_number_database_older" in client.get("/metrics").content


def test_what_was_never_checked_has_no_age(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(monkeypatch, float("inf"))
    told = client.get("/readyz")
    assert b"never checked: cautious" in told.content
    assert told.status_code == 503


def test_metrics_count_and_tell_no_secret(client: Client) -> None:
    told = client.get("/metrics").content.decode()
    for name in ("hits", "renders", "bytes_sent", "bulletin_version", "bulletin_age_seconds"):
        assert f"which_number_{name}{{process=" in told
    assert settings.SECRET_KEY not in told
    assert "password" not in told


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_nothing_told_to_machines_is_kept(client: Client, path: str) -> None:
    assert client.get(path)["Cache-Control"] == "no-store"
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    ("busy", "still", "stuck"), [(8, 11.0, True), (8, 9.0, False), (7, 60.0, False)]
)
def test_a_worker_is_stuck_when_every_thread_hangs(busy: int, still: float, stuck: bool) -> None:
    assert gunicorn.is_stuck(busy, 100.0, 100.0 + still) is stuck
