"""Full disks, half-written and broken files, and a clock that is wrong."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.survival.conftest import Room, furnish
from tests.survival.machine import BIN, ROOT, Node, Process, free_port, get, until
from tests.survival.readers import ADVICE, PAGES, Readers, Truth
from triage.web.ops.health import REACHED_WITHIN

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]


_names = itertools.count(1)
ENOUGH = 1_000
YEAR = 365 * 86_400


@pytest.fixture
def node(room: Room) -> Iterator[Node]:
    """One more node, with one worker, for a single scenario."""
    made = Node(room.folder, f"node-{next(_names)}", room.env, workers=1)
    furnish(made, room.nodes[0])
    yield made
    made.stop()


def test_a_full_disk_changes_nothing_that_is_read(room: Room, truth: Truth, node: Node) -> None:
    """No file may grow: the last good copy cannot be written, and publishing still arrives."""
    program, *given = node.process.command
    limited = f"ulimit -f 0; exec {program} {' '.join(given)}"
    node.process.command = ["bash", "-c", limited]
    # What a shell's limit would do to the log of the test itself.
    node.process.folder = Path("/dev/shm") if Path("/dev/shm").is_dir() else room.folder
    node.start()
    with Readers(node.port, Truth(behind=2.0), (ADVICE, *PAGES)).reading() as count:
        until(lambda: count.sent > ENOUGH, 60, "a thousand requests")
    made = room.hands.do(do="declare")
    until(lambda: room.told(node.port) == "101", 5, "the change, on a full disk")
    room.hands.do(do="end", **made)
    count.say("disk full")
    count.assert_all_well(at_least=ENOUGH)


@pytest.mark.parametrize("damage", ["half", "flipped", "empty", "not JSON"])
def test_a_damaged_last_good_copy_is_never_believed(
    room: Room, truth: Truth, node: Node, damage: str
) -> None:
    """With the database away as well, the node says that it does not know, and gives both."""
    good = (room.nodes[0].data / "bulletin.json").read_bytes()
    copy = node.data / "bulletin.json"
    copy.write_bytes(
        {
            "half": good[: len(good) // 2],
            "flipped": good.replace(b"1", b"2", 1),
            "empty": b"",
            "not JSON": b"<html>",
        }[damage]
    )
    node.process.env = {**node.process.env, "DATABASE_URL": _nowhere()}
    node.start()
    status, body = get(node.port, "/readyz")
    assert status == 503
    assert b"not reached" in body
    assert room.told(node.port) == "999"
    assert b'"unchecked_since":"' in get(node.port, ADVICE)[1]


def test_a_node_starts_while_no_name_can_be_looked_up(room: Room, truth: Truth, node: Node) -> None:
    """The database's name leads nowhere: what was last known is served, with its age."""
    made = room.hands.do(do="declare")
    copy = room.nodes[0].data / "bulletin.json"
    until(lambda: made["slug"].encode() in copy.read_bytes(), 5, "the copy on disk")
    shutil.copy(copy, node.data)
    room.hands.do(do="end", **made)
    url = "postgres://tests@database.invalid/postgres"
    node.process.env = {**node.process.env, "DATABASE_URL": url}
    node.start()
    until(
        lambda: b"database not reached" in get(node.port, "/readyz")[1],
        REACHED_WITHIN + 1,
        "its loss",
    )
    assert room.told(node.port) == "101"


def _nowhere() -> str:
    return f"postgres://tests@127.0.0.1:{free_port()}/postgres"


def test_broken_seeds_refuse_to_start_and_say_every_reason(room: Room, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds", seeds)
    channels = seeds / "channels.toml"
    text = channels.read_text()
    channels.write_text(
        text.replace('nations = ["england"', 'nations = ["walse"', 1).replace(
            'kind = "voice"', 'kind = "voise"', 1
        )
    )
    env = {**os.environ, **room.env, "WHICH_NUMBER_SEEDS": str(seeds), "PORT": str(free_port())}
    command = [str(BIN / "gunicorn"), "--config", "triage/config/gunicorn.py", "triage.config.wsgi"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    for word in ("channels.toml", "walse", "voise"):
        assert word in done.stderr


def test_a_clock_that_steps_gives_no_wrong_advice(room: Room, truth: Truth, node: Node) -> None:
    """Back before the publication, the publication still holds. Past its review, both routes."""
    step = room.folder / "step"
    node.process.env = {**node.process.env, "STEP": str(step)}
    node.process.command[-1] = "tests.survival.stepped"
    made = room.hands.do(do="declare")
    node.start()
    until(lambda: room.told(node.port) == "101", 5, "the change")
    for back in (7_200, YEAR):
        step.write_text(f"-{back}")
        time.sleep(0.3)
        assert room.told(node.port) == "101"
    for on in (7_200, YEAR):
        step.write_text(f"{on}")
        time.sleep(0.3)
        body = get(node.port, ADVICE)[1]
        assert b'"overdue":true' in body
        assert room.told(node.port) == "999"
        assert b'"channel":"101"' in body
    step.write_text("0")
    time.sleep(0.3)
    assert room.told(node.port) == "101"
    room.hands.do(do="end", **made)


def test_a_worker_whose_every_thread_works_is_let_live(room: Room, node: Node) -> None:
    """For three times as long as a hang may last; and it answers when they are done."""
    node.process.command[-1] = "tests.survival.hanging"
    node.start()
    worker = node.workers[0]
    asks = [Process(["curl", "-s", f"http://127.0.0.1:{node.port}/work"], room.folder, "curl")
            for _ in range(8)]  # fmt: skip
    try:
        for ask in asks:
            ask.start()
        until(lambda: all(a.running and a.running.poll() == 0 for a in asks), 60, "all answered")
    finally:
        for ask in asks:
            ask.stop()
    assert node.workers == [worker]
    assert "hangs" not in node.process.log


def test_a_worker_whose_every_thread_hangs_ends_itself(room: Room, node: Node) -> None:
    hang = room.folder / "hang"
    hang.touch()
    node.process.env = {**node.process.env, "HANG": str(hang)}
    node.process.command[-1] = "tests.survival.hanging"
    node.start()
    victim = node.workers[0]
    asks = [Process(["curl", "-s", f"http://127.0.0.1:{node.port}/hang"], room.folder, "curl")
            for _ in range(8)]  # fmt: skip
    try:
        for ask in asks:
            ask.start()
        until(lambda: victim not in node.workers, 15, "the stuck worker ended itself")
        hang.unlink()
        until(lambda: room.told(node.port) == "999", 20, "its successor answers")
    finally:
        for ask in asks:
            ask.stop()
