"""What staff are told while the database is away: what still holds, and what was not kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client

from outage.statements.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(ann: Actor) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(ann.operator.user)
    return client


@pytest.fixture
def away(signed_in: Client) -> Iterator[None]:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", gone)
        yield


@pytest.mark.parametrize("path", ["/staff/", "/staff/account/login/", "/staff/admin/"])
def test_a_staff_page_says_that_the_public_still_reads_the_last(
    signed_in: Client, away: None, path: str
) -> None:
    told = signed_in.get(path)
    assert told.status_code == 503
    assert "The database does not answer" in told.content.decode()
    assert "public still reads what was last published" in told.content.decode()
    assert "not kept" not in told.content.decode()
    assert told["Cache-Control"] == "no-store"


def test_who_sent_something_is_told_not_to_take_it_for_published(
    signed_in: Client, away: None
) -> None:
    told = signed_in.post("/staff/declare/", {"channel": "999"})
    assert told.status_code == 503
    assert "Do not take it for published" in told.content.decode()


def test_a_database_that_goes_while_a_page_is_made_is_told_of_too(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session of whoever asked cannot be kept then either."""

    def goes(*_: object) -> None:
        monkeypatch.setattr(CursorWrapper, "execute", goes)
        raise OperationalError("connection refused")

    monkeypatch.setattr("outage.panel.views.board.live", goes)
    told = signed_in.get("/staff/")
    assert told.status_code == 503
    assert "The database does not answer" in told.content.decode()


def test_a_stranger_is_told_no_more(away: None) -> None:
    told = Client(raise_request_exception=False).get("/staff/account/login/")
    assert "connection refused" not in told.content.decode()


def test_a_fault_of_ours_is_not_taken_for_the_databases(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr("outage.panel.views.board.live", broken)
    assert signed_in.get("/staff/").status_code == 500
