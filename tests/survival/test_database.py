"""The database stops, hangs, refuses, or is not there at the start: nobody who reads notices."""

from __future__ import annotations

import time

import pytest

from tests.survival.conftest import Room
from tests.survival.machine import get, until
from tests.survival.readers import Readers, Truth
from triage.web.ops.health import REACHED_WITHIN

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]


def test_public_pages_go_on_while_the_database_is_stopped(room: Room, truth: Truth) -> None:
    with Readers(room.nginx.port, truth).reading() as count:
        time.sleep(1)
        room.postgres.stop("immediate")
        time.sleep(4)
        assert "lost" in room.hands.do(do="declare")
        room.postgres.start()
        time.sleep(1)
    count.say("database stopped")
    count.assert_all_well()


def test_public_pages_go_on_while_the_database_hangs(room: Room, truth: Truth) -> None:
    with Readers(room.nginx.port, truth).reading() as count:
        room.postgres.pause()
        time.sleep(4)
        room.postgres.go_on()
        time.sleep(1)
    count.say("database paused")
    count.assert_all_well()


def test_staff_are_told_within_five_seconds_that_the_database_hangs(
    room: Room, truth: Truth
) -> None:
    key = room.hands.surely(do="session", name="national")["key"]
    assert get(room.nginx.port, "/staff/", 15, cookie=f"sessionid={key}")[0] == 200
    with Readers(room.nginx.port, truth).reading() as count:
        room.postgres.pause()
        begun = time.monotonic()
        told = get(room.nginx.port, "/staff/", 15, cookie=f"sessionid={key}")
        took = time.monotonic() - begun
        room.postgres.go_on()
        until(lambda: get(room.nginx.port, "/staff/", 15, cookie=f"sessionid={key}")[0] == 200, 15,
              "staff again")  # fmt: skip
    count.say(f"database hung during staff work; staff told after {took:.1f} s")
    count.assert_all_well()
    assert told[0] == 503
    assert b"public still reads what was last published" in told[1]
    assert took < 5


def test_public_pages_go_on_while_the_database_refuses(room: Room, truth: Truth) -> None:
    with Readers(room.nginx.port, truth).reading() as count, room.postgres.refusing():
        time.sleep(4)
        assert "lost" in room.hands.do(do="declare")
        told = get(room.nginx.port, "/staff/", 15, cookie="sessionid=somebody")
    count.say("database refusing")
    count.assert_all_well()
    assert told[0] == 503
    assert b"public still reads what was last published" in told[1]


def test_a_change_is_seen_within_seconds_of_the_database_coming_back(
    room: Room, truth: Truth
) -> None:
    room.postgres.stop("immediate")
    time.sleep(3)
    room.postgres.start()
    made = room.hands.surely(do="declare")
    begun = time.monotonic()
    for node in room.nodes:
        until(lambda n=node: room.told(n.port) == "101", 5, "the change on every node")  # type: ignore[misc]
    print(f"\nseen {time.monotonic() - begun:.2f} s after it was stored")
    room.hands.do(do="end", **made)


def test_a_node_starts_without_the_database_and_serves_what_was_last_known(
    room: Room, truth: Truth
) -> None:
    made = room.hands.do(do="declare")
    node = room.nodes[0]
    until(lambda: room.told(node.port) == "101", 5, "the change")
    node.stop()
    room.postgres.stop("immediate")
    try:
        node.start()
        assert room.told(node.port) == "101"
        # The copy on disk may be seconds old: that nobody is reached any more is told in time.
        until(
            lambda: b"database not reached" in get(node.port, "/readyz")[1],
            REACHED_WITHIN + 1,
            "its loss",
        )
    finally:
        room.postgres.start()
        room.hands.surely(do="end", **made)
    until(lambda: b"database reached" in get(node.port, "/readyz")[1], 10, "the database")
