"""The machine room: started once for all scenarios, put back in order between them."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests.survival.machine import (
    STAFF,
    Hands,
    Missing,
    Nginx,
    Node,
    Postgres,
    Process,
    get,
    manage,
    until,
)
from tests.survival.readers import ADVICE, PAGES, Truth, told_first
from tests.survival.traces import traces

# The areas that the tests ask for: all of them would keep a core of two busy.
MIRRORED = [f"--area={a}" for a in ("kent", "leicestershire", "gwent", "cumbria")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The outbox first: it waits longest, and needs no machine room."""
    items.sort(key=lambda item: "test_outbox" not in item.nodeid)


@dataclass
class Room:
    folder: Path
    env: Mapping[str, str]
    postgres: Postgres
    nodes: list[Node]
    staff: Node
    nginx: Nginx
    hands: Hands

    def told(self, port: int) -> str:
        status, body = get(port, ADVICE)
        return told_first(ADVICE, body) if status == 200 else f"status {status}"

    def quiet(self) -> None:
        """Everything runs, and every node says what an ordinary day says."""
        self.hands.surely(do="tidy")
        ports = [*(node.port for node in self.nodes), self.nginx.port]
        end = time.monotonic() + 60
        while set(told := [self.told(port) for port in ports for _ in range(3)]) != {"999"}:
            logs = [node.process.log[-2_000:] for node in self.nodes]
            assert time.monotonic() < end, f"no ordinary day: {told} {logs}"
            time.sleep(0.1)
        for page in PAGES:
            get(self.nginx.port, page)


def missing(error: Missing) -> NoReturn:
    """Said aloud; on the machine that decides, never passed over."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"this machine has no {error}, which the survival tests need")
    pytest.skip(f"this machine has no {error}")


@pytest.fixture(scope="session", autouse=True)
def _ended_as_by_hand() -> None:
    """A run that is told to end puts out what it lit: a signal ends it as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def room() -> Iterator[Room]:
    with tempfile.TemporaryDirectory(prefix="which-number-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        try:
            postgres = Postgres(folder / "postgres")
            env = environment(postgres.url)
            staff = Node(folder, "staff", env, config=STAFF)
            public = {**env, "WHICH_NUMBER_STAFF_AT": str(staff.port)}
            nodes = [Node(folder, name, public) for name in ("node-a", "node-b")]
            nginx = Nginx(folder, nodes, staff)
        except Missing as error:
            missing(error)
        yield from _running(folder, env, postgres, nodes, staff, nginx)


def environment(database: str) -> Mapping[str, str]:
    return {"WHICH_NUMBER_DEMO": "1", "DATABASE_URL": database, "STUCK_AFTER": "2"}


def _running(
    folder: Path,
    env: Mapping[str, str],
    postgres: Postgres,
    nodes: list[Node],
    staff: Node,
    nginx: Nginx,
) -> Iterator[Room]:
    hands: Hands | None = None
    # After everything else, as in its unit: it renders whatever a publication changed.
    mirroring = ("manage.py", "mirror", "--watch", str(nginx.mirror), *MIRRORED)
    command = ["nice", "-n", "10", sys.executable, *mirroring]
    mirror_env = {**env, "WHICH_NUMBER_DATA": str(nodes[0].data)}
    mirror = Process(command, folder, "mirror", mirror_env)
    try:
        postgres.start()
        _prepare(folder, env, nodes[0])
        hands = Hands(folder, env)
        assert hands.told() == {"ready": True}
        nodes[0].start()
        for other in (*nodes[1:], staff):
            furnish(other, nodes[0])
            other.process.start()
        for other in (*nodes[1:], staff):
            other.ready(90)
        mirror.start()
        nginx.start()
        until((nginx.mirror / "in/cumbria/index.html.gz").exists, 240, "the mirror")
        yield Room(folder, env, postgres, nodes, staff, nginx, hands)
        assert traces(folder) == []
    finally:
        if hands is not None:
            hands.stop()
        nginx.stop()
        mirror.stop()
        for node in (*nodes, staff):
            node.stop()
        postgres.stop("immediate")


def _prepare(folder: Path, env: Mapping[str, str], node: Node) -> None:
    """Tables, the pretend organisations, and no pretend incident: an ordinary day."""
    data = {**env, "WHICH_NUMBER_DATA": str(node.data)}
    manage(data, "migrate", "--verbosity", "0")
    manage(data, "demo")
    manage(data, "collectstatic", "--noinput", "-v0")
    hands = Hands(folder, env, "first")
    hands.told()
    hands.do(do="tidy")
    hands.stop()


def furnish(node: Node, like: Node) -> None:
    """The static files of another node, and its marks of what was proved already."""
    shutil.copytree(like.data / "static", node.data / "static", dirs_exist_ok=True)
    for mark in like.data.glob("proved-*"):
        shutil.copy(mark, node.data)


@pytest.fixture
def truth(room: Room) -> Truth:
    room.quiet()
    return Truth()
