"""What changes while everybody reads: a new release, another database, a database that is lost."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.survival.conftest import Room, environment, furnish
from tests.survival.machine import ROOT, Hands, Node, Postgres, get, manage, until
from tests.survival.readers import ADVICE, Readers, Truth

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]


def edition(node: Node) -> str:
    return str(json.loads(get(node.port, ADVICE)[1])["edition"])


def test_a_new_rulebook_goes_from_node_to_node_unnoticed(
    room: Room, truth: Truth, tmp_path: Path
) -> None:
    """Old and new answer beside each other, and each says by which edition."""
    seeds = tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds", seeds)
    with (seeds / "channels.toml").open("a") as file:
        file.write("\n# The next release.\n")
    tmp_path.chmod(0o755)
    before = {edition(node) for node in room.nodes}
    old = [dict(node.process.env) for node in room.nodes]
    seen = []
    try:
        with Readers(room.nginx.port, truth).reading() as count:
            for node in room.nodes:
                node.process.env = {**node.process.env, "WHICH_NUMBER_SEEDS": str(seeds)}
                node.process.stop(signal.SIGTERM)
                node.process.start()
                node.ready(300)
                seen.append([edition(n) for n in room.nodes])
            time.sleep(1)
        count.say("a new rulebook, node by node")
    finally:
        for node, env in zip(room.nodes, old, strict=True):
            node.process.env = env
            node.process.stop(signal.SIGTERM)
            node.start()
    assert len(before) == 1
    assert len(set(seen[0])) == 2
    assert set(seen[0]) > before
    assert len(set(seen[1])) == 1
    assert not set(seen[1]) & before
    count.assert_all_well()


def test_a_site_moves_from_sqlite_to_postgresql(room: Room, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    small = {"WHICH_NUMBER_DEMO": "1", "WHICH_NUMBER_DATA": str(data)}
    file = str(tmp_path / "night.gz")
    for command in (("migrate", "-v0"), ("demo",), ("backup", file)):
        manage(small, *command)
    room.postgres.sql("CREATE DATABASE moved")
    large = {**small, "DATABASE_URL": room.postgres.url.replace("/postgres", "/moved")}
    manage(large, "migrate", "-v0")
    assert "Restored and proved" in manage(large, "restore", file)
    held = manage(small, "verify_record").splitlines()[-1]
    assert manage(large, "verify_record", "--has", held.rpartition(" ")[2]).endswith(f"{held}\n")
    # And goes on there: the next event and the next row get numbers of their own.
    hands = Hands(tmp_path, large, "moved")
    try:
        hands.told()
        assert "slug" in hands.surely(do="declare", channel="101", area="police:kent")
        assert hands.do(do="stored")["faults"] == []
    finally:
        hands.stop()


@pytest.fixture
def pair(room: Room) -> Iterator[tuple[Postgres, Postgres]]:
    """A server and its synchronous copy: what is acknowledged stands in both."""
    first = Postgres(room.folder / "first")
    first.start()
    second = Postgres(room.folder / "second", copy_of=first)
    second.start()
    first.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
    first.sql("SELECT pg_reload_conf()")
    try:
        yield first, second
    finally:
        first.stop("immediate")
        second.stop("immediate")


def test_a_lost_server_and_its_promoted_copy_lose_nothing_acknowledged(
    room: Room, pair: tuple[Postgres, Postgres], tmp_path: Path
) -> None:
    first, second = pair
    both = (
        f"postgres:///postgres?host=127.0.0.1,127.0.0.1&port={first.port},{second.port}"
        "&user=tests&target_session_attrs=read-write"
    )
    env = environment(both)
    node = Node(tmp_path, "node-pair", env, workers=1)
    furnish(node, room.nodes[0])
    data = {**env, "WHICH_NUMBER_DATA": str(node.data)}
    manage(data, "migrate", "-v0")
    manage(data, "demo")
    hands = Hands(tmp_path, env, "pair")
    hands.told()
    acknowledged = []
    try:
        node.start()
        readers = Readers(node.port, Truth(), ("/in/gwent/", "/in/cumbria/"), many=2)
        with readers.reading() as count:
            for n in range(10):
                told = hands.surely(do="declare", channel="101", area="police:kent", slug=f"p-{n}")
                acknowledged.append(told["slug"])
            first.stop("immediate")
            second.promote()
            begun = time.monotonic()
            for n in range(10, 15):
                told = hands.surely(do="declare", channel="101", area="police:kent", slug=f"p-{n}")
                acknowledged.append(told["slug"])
            took = time.monotonic() - begun
            until(lambda: b"database reached" in get(node.port, "/readyz")[1], 30, "the node")
        stored = hands.do(do="stored")
    finally:
        hands.stop()
        node.stop()
    count.say(f"server lost, copy promoted; five publications took {took:.1f} s after it")
    assert set(acknowledged) <= set(stored["slugs"])
    assert stored["faults"] == []
    count.assert_all_well()
