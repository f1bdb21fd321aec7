"""The widget on five hundred sites: no header grows past what nginx takes, none kills a node."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from tests.survival.conftest import Room, furnish
from tests.survival.machine import Nginx, Node, get, until
from tests.survival.readers import Readers, Truth

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]
VIEWS = ("banner", "ask", "full")
NGINX_TAKES = 32 * 1024


@pytest.fixture
def areas(room: Room) -> Iterator[list[str]]:
    """Five hundred hosts in 111 organisations: 43 forces, 50 fire and 14 ambulance services, and
    those for everybody."""
    yield list(room.hands.surely(do="register", bodies=111, hosts=500)["areas"])
    room.hands.surely(do="unregister")


def framing(port: int, path: str) -> tuple[int, int, int]:
    """Status, how many sites may frame it, and how large its header is."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    headers = answer.getheaders()
    answer.read()
    connection.close()
    policy = answer.getheader("Content-Security-Policy") or ""
    hosts = policy.partition("frame-ancestors")[2].partition(";")[0].split()
    return answer.status, len(hosts), sum(len(n) + len(v) + 4 for n, v in headers)


def test_every_page_and_frame_answers_with_five_hundred_hosts(
    room: Room, truth: Truth, areas: list[str]
) -> None:
    until(lambda: framing(room.nginx.port, "/embed/banner/kent/")[1] > 100, 10, "the hosts")
    logged = len(room.nginx.process.log)
    frames = [f"{cy}/embed/{v}/{a}/" for cy in ("", "/cy") for v in VIEWS for a in (*areas, "uk")]
    pages = [f"{cy}/in/{a}/" for cy in ("", "/cy") for a in areas]
    with Readers(room.nginx.port, truth).reading() as count:
        told = {path: framing(room.nginx.port, path) for path in (*frames, *pages)}
    largest = max(size for _, _, size in told.values())
    count.say(f"{len(told)} pages and frames, largest header {largest} bytes; readers meanwhile")
    assert [path for path, (status, _, _) in told.items() if status != 200] == []
    assert largest < NGINX_TAKES / 2
    # Late under load is all that a node may be: no header too large, no answer cut off, none dead.
    said = room.nginx.process.log[logged:].splitlines()
    assert [line for line in said if "upstream" in line and "timed out" not in line] == []
    count.assert_all_well()


def test_the_error_log_shows_a_header_too_large_and_not_who_asked_for_what(room: Room) -> None:
    node = Node(room.folder, "node-large", room.env, workers=1)
    furnish(node, room.nodes[0])
    node.process.command[-1] = "tests.survival.hanging"
    folder = room.folder / "front-large"
    folder.mkdir()
    nginx = Nginx(folder, [node])
    node.start()
    try:
        nginx.start()
        get(nginx.port, "/too-large?my=words")
        until(lambda: "too big header" in nginx.process.log, 5, "the error log")
    finally:
        nginx.stop()
        node.stop()
    log = nginx.process.log
    assert f"node http://127.0.0.1:{node.port}" in log
    assert [word for word in ("/too-large", "words", "client", "GET") if word in log] == []
