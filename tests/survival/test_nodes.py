"""A worker, a node, or both nodes die or hang under load: readers behind nginx see nothing."""

from __future__ import annotations

import json
import random
import signal
import threading
import time

import pytest

from tests.survival.conftest import Room
from tests.survival.machine import get, send, until
from tests.survival.readers import ADVICE, PAGES, Readers, Truth, told_first

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]

# What nobody asked for before, and the mirror holds: frames, and what programs ask.
MIRRORED = (
    "/embed/full/cumbria/",
    "/cy/embed/banner/gwent/",
    "/api/v1/advice?area=cumbria&need=fire-emergency",
    "/api/v1/advice?need=medical-emergency&area=gwent",
    "/api/v1/advice?need=police-emergency",
)


def test_a_worker_killed_under_load_is_not_noticed(room: Room, truth: Truth) -> None:
    with Readers(room.nginx.port, truth).reading() as count:
        for _ in range(3):
            time.sleep(1)
            victim = random.choice(room.nodes[0].workers)
            send([victim], signal.SIGKILL)
    count.say("worker killed three times")
    count.assert_all_well()
    until(lambda: len(room.nodes[0].workers) == 2, 10, "two workers again")


def test_a_worker_that_hangs_is_not_noticed_and_is_replaced(room: Room, truth: Truth) -> None:
    node = room.nodes[0]
    victim = node.workers[0]
    with Readers(room.nginx.port, truth).reading() as count:
        send([victim], signal.SIGSTOP)
        until(lambda: victim not in node.workers, 25, "the hung worker was killed")
        until(lambda: len(node.workers) == 2, 10, "a new one was started")
    count.say("worker hung, then replaced")
    count.assert_all_well()


def test_a_node_killed_under_load_is_not_noticed(room: Room, truth: Truth) -> None:
    node = room.nodes[1]
    with Readers(room.nginx.port, truth).reading() as count:
        time.sleep(1)
        node.process.stop(signal.SIGKILL)
        time.sleep(3)
        node.start()
        time.sleep(1)
    count.say("node killed")
    count.assert_all_well()


def test_both_nodes_hung_readers_get_what_was_kept_or_the_mirror(room: Room, truth: Truth) -> None:
    """Pages never asked for before come from the mirror; nobody waits longer than nginx lets."""
    unasked = "/in/cumbria/"
    pids = [pid for node in room.nodes for pid in (node.process.pid, *node.workers)]
    with Readers(room.nginx.port, truth).reading() as count:
        time.sleep(1)
        send(pids, signal.SIGSTOP)
        try:
            time.sleep(3)
            fresh = get(room.nginx.port, unasked)
            time.sleep(2)
        finally:
            send(pids, signal.SIGCONT)
    count.say("both nodes hung for 5 s")
    count.assert_all_well()
    assert fresh[0] == 200, fresh
    assert told_first(unasked, fresh[1]) == "999"


def test_both_nodes_gone_nginx_answers_at_its_own_pace(room: Room, truth: Truth) -> None:
    """With no node at all, kept pages go on; what is nowhere gives the essentials and 503."""
    with_nodes = _rate(room.nginx.port)
    for node in room.nodes:
        node.process.stop(signal.SIGKILL)
    try:
        alone = _rate(room.nginx.port)
        status, body = get(room.nginx.port, "/nowhere/at/all/")
        typed = get(room.nginx.port, "/search/", sent=b"q=my+house+is+on+fire")
        mirrored = {path: get(room.nginx.port, path) for path in MIRRORED}
        in_force = get(room.nginx.port, "/api/v1/status")
        readers = Readers(room.nginx.port, truth, (ADVICE, *PAGES))
        with readers.reading() as count:
            time.sleep(2)
    finally:
        for node in room.nodes:
            node.start()
    count.say("no node at all")
    print(f"  pages a second: {with_nodes:.0f} with nodes, {alone:.0f} without")
    count.assert_all_well()
    assert {path for path, (code, _) in mirrored.items() if code != 200} == set()
    assert all(b"999" in told for _, told in mirrored.values())
    assert (in_force[0], json.loads(in_force[1])["in_force"]) == (200, [])
    assert (status, b"999" in body) == (503, True)
    assert (typed[0], b"999" in typed[1]) == (503, True)


def _rate(port: int, seconds: float = 1.0) -> float:
    end = time.monotonic() + seconds
    asked = 0
    while time.monotonic() < end:
        assert get(port, "/in/kent/")[0] == 200
        asked += 1
    return asked / seconds


def test_the_whole_uk_is_toggled_every_two_seconds(room: Room, truth: Truth) -> None:
    """Every worker of every node follows within two seconds, readers behind nginx within five."""
    lags: list[float] = []
    origin = Truth(behind=2.0)
    behind_nginx = Readers(room.nginx.port, truth)
    at_origin = Readers(room.nodes[0].port, origin, many=2)
    with behind_nginx.reading() as count, at_origin.reading() as direct:
        for _ in range(4):
            with truth.changing_to("101"), origin.changing_to("101"):
                made = room.hands.do(do="declare")
            lags.append(_lag(room, "101"))
            time.sleep(2)
            with truth.changing_to("999"), origin.changing_to("999"):
                room.hands.do(do="end", **made)
            lags.append(_lag(room, "999"))
            time.sleep(2)
    count.say("national toggle every two seconds, behind nginx")
    direct.say("national toggle every two seconds, at a node")
    lags.sort()
    print(f"  toggle to the last worker seen: 50th {lags[4]:.3f} s, worst {lags[-1]:.3f} s")
    count.assert_all_well()
    direct.assert_all_well()
    assert lags[-1] <= 2.0


def _lag(room: Room, number: str) -> float:
    """Seconds until every worker was seen to tell the new number, and none the old one."""
    begun = time.monotonic()
    while True:
        seen = time.monotonic()
        answers = _every_worker(room)
        if answers == {number}:
            return seen - begun
        assert seen - begun < 10, answers


def _every_worker(room: Room) -> set[str]:
    """What six new connections to each node are told: each may reach another worker."""
    answers: list[str] = []

    def ask(port: int) -> None:
        answers.append(room.told(port))

    ports = [node.port for node in room.nodes for _ in range(6)]
    threads = [threading.Thread(target=ask, args=(port,)) for port in ports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return set(answers)
