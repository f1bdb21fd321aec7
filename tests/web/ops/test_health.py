"""What machines are told: alive, ready, and what was done. Never a query, never a secret."""

from __future__ import annotations

from socket import socketpair
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from gunicorn.http.errors import InvalidRequestLine  # type: ignore[import-untyped]

from outage import bulletin
from outage.bulletin import Bulletin, Reading
from outage.publish import memory
from tests.outside import keeping_connections
from triage import clock
from triage.config import gunicorn_worker


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
    ("busy", "still", "used", "stuck"),
    [
        (8, 11.0, 0.1, True),
        (8, 9.0, 0.1, False),
        (7, 60.0, 0.1, False),
        # Every thread works: slow, and no hang.
        (8, 11.0, 9.0, False),
        (8, 59.0, 50.0, False),
        # One that turns in a circle works too, but comes to no end.
        (8, 61.0, 60.0, True),
    ],
)
def test_a_worker_is_stuck_when_every_thread_hangs_and_not_when_all_work(
    busy: int, still: float, used: float, stuck: bool
) -> None:
    assert gunicorn_worker.is_stuck(busy, 8, still, used) is stuck


def test_a_request_that_cannot_be_read_gets_the_essentials() -> None:
    with keeping_connections():
        answer = gunicorn_worker.refusal(WSGIHandler(), "431 Request Header Fields Too Large")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"Call 999" in body


def test_what_cannot_be_read_is_logged_without_address_or_words() -> None:
    worker = object.__new__(gunicorn_worker.Worker)
    worker.wsgi, worker.log = WSGIHandler(), Mock()
    ours, theirs = socketpair()
    with keeping_connections():
        worker.handle_error(None, ours, ("192.0.2.7", 9), InvalidRequestLine("GET /in/kent/ x"))
    assert theirs.recv(100_000).startswith(b"HTTP/1.1 400 ")
    assert worker.log.mock_calls == []
    ours.close()
    with keeping_connections():
        worker.handle_error(None, ours, ("192.0.2.7", 9), ValueError("my house is on fire"))
    theirs.close()
    told = str(worker.log.mock_calls)
    assert "ValueError" in told
    assert [word for word in ("fire", "192.0.2.7", "kent") if word in told] == []
