"""Colleagues who all preview at once, and strangers who mean harm: readers notice neither."""

from __future__ import annotations

import gzip
import resource
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import pytest

from tests.survival.conftest import Room
from tests.survival.machine import get
from tests.survival.readers import PAGES, Readers, Truth

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]
COLLEAGUES = 18
IDLE = 10_000
FORM = {"channel": "999", "state": "down", "footprints": "uk", "review_at": "", "review": "30"}
Answers = Counter[int]


def rate(room: Room, seconds: float = 2.0) -> float:
    """Pages a second that one reader gets who asks without a pause."""
    connection = HTTPConnection("127.0.0.1", room.nginx.port, timeout=10)
    end, asked = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        connection.request("GET", PAGES[asked % len(PAGES)])
        assert connection.getresponse().read()
        asked += 1
    connection.close()
    return asked / seconds


@contextmanager
def under(room: Room, truth: Truth, what: str, harm: Callable[[], object]) -> Iterator[None]:
    """Readers while somebody does harm, again and again; what they keep of their rate is said."""
    before, stop = rate(room), threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            harm()

    attacker = threading.Thread(target=go_on)
    with Readers(room.nginx.port, truth).reading() as count:
        alone = rate(room)
        attacker.start()
        try:
            time.sleep(1)
            meanwhile = rate(room)
            yield
        finally:
            stop.set()
            attacker.join(30)
    count.say(what)
    print(f"  rate kept: {100 * meanwhile / alone:.0f} % ({before:.0f} a second without readers)")
    count.assert_all_well()


def preview(room: Room, key: str, told: list[tuple[int, bytes]]) -> None:
    token = "c" * 32
    headers = {
        "Cookie": f"sessionid={key}; csrftoken={token}",
        "X-CSRFToken": token,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = HTTPConnection("127.0.0.1", room.nginx.port, timeout=40)
    connection.request("POST", "/staff/declare/changes/", urlencode(FORM), headers)
    answer = connection.getresponse()
    told.append((answer.status, answer.read()))
    connection.close()


def test_eighteen_previews_at_once_kill_nothing_and_cost_the_public_nothing(
    room: Room, truth: Truth
) -> None:
    worker = room.staff.workers
    asked = {"do": "session", "name": "national"}
    keys = [room.hands.surely(**asked, reads=reads)["key"] for reads in (False, True)]
    told: list[tuple[int, bytes]] = []
    with Readers(room.nginx.port, truth).reading() as count:
        for _ in range(3):
            asks = [
                threading.Thread(target=preview, args=(room, keys[n % 2], told))
                for n in range(COLLEAGUES)
            ]
            for ask in asks:
                ask.start()
            for ask in asks:
                ask.join(60)
    count.say(f"{len(told)} UK-wide previews, eighteen at a time")
    assert Counter(status for status, _ in told) == {200: 3 * COLLEAGUES}
    assert sum(b"Your role reads only" in body for _, body in told) == 3 * COLLEAGUES // 2
    assert sum(b"Police emergency" in body for _, body in told) > 0
    assert room.staff.workers == worker
    count.assert_all_well()


def connect(room: Room) -> socket.socket:
    return socket.create_connection(("127.0.0.1", room.nginx.port), timeout=5)


def test_ten_thousand_idle_connections_are_not_noticed(room: Room, truth: Truth) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < IDLE + 1_000:
        pytest.skip(f"this machine lets a process hold {hard} connections")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        with ExitStack() as held:
            before = rate(room)
            for _ in range(IDLE):
                held.enter_context(connect(room))
            with Readers(room.nginx.port, truth).reading() as count:
                meanwhile = rate(room)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    count.say(f"{IDLE} connections that say nothing")
    print(f"  rate kept: {100 * meanwhile / before:.0f} %")
    count.assert_all_well()


def test_who_sends_or_reads_slowly_holds_nobody_up(room: Room, truth: Truth) -> None:
    """Two hundred half-sent headers, as many half-sent forms, and as many who never read."""
    with ExitStack() as held:
        slow = [held.enter_context(connect(room)) for _ in range(200)]
        forms = [held.enter_context(connect(room)) for _ in range(200)]
        deaf = [held.enter_context(connect(room)) for _ in range(200)]
        for one in slow:
            one.sendall(b"GET /in/kent/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        for one in forms:
            one.sendall(
                b"POST /search/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nq="
            )
        for one in deaf:
            one.sendall(b"GET /in/kent/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50)

        def drip() -> None:
            for one in (*slow, *forms):
                try:
                    one.sendall(b"x")
                except OSError:
                    continue
            time.sleep(0.5)

        with under(room, truth, "slow senders and readers, 600 at once", drip):
            pass


def send(
    room: Room, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body; 0 where nginx closed the connection before all was sent."""
    connection = HTTPConnection("127.0.0.1", room.nginx.port, timeout=10)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()


PACKED = {"Content-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
RANGES = ",".join(f"{n}-{n}" for n in range(1_000))
Bomb = tuple[set[int], str, str, bytes, dict[str, str]]
BOMBS: dict[str, Bomb] = {
    "a header of 9 KB": ({400}, "GET", "/", b"", {"X-Long": "x" * 9_000}),
    "an address of 9 KB": ({400, 414}, "GET", "/" + "x" * 9_000, b"", {}),
    "an address of 8 KB": ({404}, "GET", "/" + "x" * 7_900, b"", {}),
    "many headers": ({400, 431}, "GET", "/nowhere/", b"", {f"X-{n}": "y" for n in range(120)}),
    "a body of 10 MB": ({413, 0}, "POST", "/search/", b"q=" + b"x" * 10**7, {}),
    "a packed body": ({400, 200}, "POST", "/search/", gzip.compress(bytes(10**7)), PACKED),
    "one byte": ({200}, "GET", "/in/kent/", b"", {"Range": "bytes=0-0"}),
    "a byte past the end": ({200}, "GET", "/", b"", {"Range": "bytes=9999999-"}),
    "a thousand ranges": ({200}, "GET", "/", b"", {"Range": f"bytes={RANGES}"}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_the_essentials_or_answered(
    room: Room, truth: Truth, name: str
) -> None:
    statuses, method, path, sent, headers = BOMBS[name]
    for _ in range(5):
        status, body = send(room, method, path, sent, headers)
        assert status in statuses
        assert not status or b"999" in body
    assert get(room.nginx.port, "/in/kent/")[0] == 200


def test_a_flood_of_bombs_is_not_noticed(room: Room, truth: Truth) -> None:
    def throw() -> None:
        for _, method, path, sent, headers in BOMBS.values():
            send(room, method, path, sent, headers)

    with under(room, truth, "bombs without a pause", throw):
        pass


def test_who_floods_one_form_is_refused_there_and_nowhere_else(room: Room, truth: Truth) -> None:
    """A network's address floods the search: it is told what to dial, its readers are served."""
    told: Answers = Counter()
    wrong: list[bytes] = []

    def flood() -> None:
        status, body = send(room, "POST", "/search/", b"q=stolen+bike")
        told[status] += 1
        if b"999" not in body:
            wrong.append(body)

    with under(room, truth, "a flood of searches from one address", flood):
        for _ in range(400):
            flood()
        others = [send(room, "POST", path, b"place=Leeds")[0] for path in ("/area/", "/feedback/")]
        signing_in = send(room, "GET", "/staff/account/login/")[0]
    print(f"  {dict(told)}")
    assert wrong == []
    assert set(told) <= {200, 303, 429}
    assert 429 not in others
    assert signing_in == 200
