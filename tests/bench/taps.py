"""python -m tests.bench.taps: what readers of pages notice of 2,000 taps a second at one node.

One node of one process on a core of its own, as deploy/ runs it on SQLite; all load comes from the
other cores. Readers ask for pages at a steady pace, in turns: alone; beside a second process that
asks for the same page as often as others would tap, which shows what so many requests cost that do
nothing; and beside as many taps of "It did not connect", each from another household. Printed: what
was answered, the 99th percentile of the pages in each turn, and what a request takes of the core.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from tests.survival.machine import ROOT, Node

TAPS, PAGES = 2_000, 200  # a second
KINDS = ("page", "tap")
SECONDS, ROUNDS = 5, 5
_PAGES = ("/", "/in/kent/", "/in/leicestershire/", "/cy/in/gwent/", "/now/")


def household(chance: random.Random) -> str:
    return ".".join(str(chance.randrange(1, 224)) for _ in range(4))


def ask(connection: socket.socket, request: bytes) -> int:
    """Sends one request and reads its whole answer; the status."""
    connection.sendall(request)
    told = b""
    while b"\r\n\r\n" not in told:
        told += connection.recv(65_536)
    head, _, body = told.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
         if line.startswith(b"content-length:")), 0,
    )  # fmt: skip
    while len(body) < length:
        body += connection.recv(65_536)
    return int(head.split(b" ", 2)[1])


def request(kind: str, chance: random.Random) -> tuple[bytes, int]:
    """A request that is sent beside the readers', and the status that it is answered with."""
    if kind == "page":
        return b"GET /in/kent/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n", 200
    body = b"channel=999"
    head = (
        "POST /in/kent/tap/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"X-Real-IP: {household(chance)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body, 303


def send(port: int, kind: str, until: float, answered: Synchronized[int]) -> None:
    """Requests at their pace, one after another, on eight connections."""
    chance, sent = random.Random(6), 0
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
    begun = time.monotonic()
    while (now := time.monotonic()) < until:
        if sent > (now - begun) * TAPS:
            time.sleep(0.0005)
            continue
        asked, status = request(kind, chance)
        answered.value += ask(held[sent % 8], asked) == status
        sent += 1
    for one in held:
        one.close()


def read(port: int) -> list[float]:
    """Seconds of every page, asked at a steady pace."""
    chance, found = random.Random(9), []
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
    begun = time.monotonic()
    for n in range(PAGES * SECONDS):
        time.sleep(max(0.0, begun + n / PAGES - time.monotonic()))
        page = chance.choice(_PAGES)
        request = f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n"
        before = time.monotonic()
        assert ask(held[n % 4], request.encode()) == 200
        found.append(time.monotonic() - before)
    for one in held:
        one.close()
    return found


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]


def used(pids: list[int]) -> float:
    """Seconds of a processor that processes have used (proc(5), stat)."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("One core: the load would be measured and not the node.")
    with tempfile.TemporaryDirectory(prefix="which-number-taps-") as temporary:
        env = {"WHICH_NUMBER_DEMO": "1"}
        node = Node(Path(temporary), "node", env, workers=1)
        given = {**os.environ, **env, "WHICH_NUMBER_DATA": str(node.data)}
        for command in (["migrate", "-v0"], ["demo"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT, env=given, check=True, capture_output=True,
            )  # fmt: skip
        os.sched_setaffinity(0, cores[:1])
        node.process.start()
        os.sched_setaffinity(0, cores[1:])
        try:
            node.ready(90)
            _table(node)
        finally:
            node.stop()


def _beside(node: Node, kind: str) -> tuple[float, float, float]:
    """The pages' 99th percentile beside a kind of request; how many were answered in a second, and
    seconds of the core that each took."""
    answered: Synchronized[int] = multiprocessing.Value("i", 0)
    end, before = time.monotonic() + SECONDS, used(node.workers)
    sender = multiprocessing.Process(target=send, args=(node.port, kind, end, answered))
    sender.start()
    slowest = p99(read(node.port))
    sender.join()
    took = used(node.workers) - before
    return slowest, answered.value / SECONDS, took / (answered.value + PAGES * SECONDS)


def _table(node: Node) -> None:
    read(node.port)
    alone, found = [], {kind: [_beside(node, kind)] for kind in KINDS}
    for _ in range(ROUNDS):
        alone.append(p99(read(node.port)))
        for kind in KINDS:
            found[kind].append(_beside(node, kind))
    print(f"99th percentile of pages, alone: {1000 * statistics.median(alone):.1f} ms")
    beside = {kind: found[kind][1:] for kind in KINDS}  # The first round only warms up.
    for kind in KINDS:
        slowest, rate, cpu = (statistics.median(x) for x in zip(*beside[kind], strict=True))
        print(
            f"beside {rate:,.0f} requests of a {kind} a second (aim {TAPS:,}): "
            f"{1000 * slowest:.1f} ms; {1e6 * cpu:.0f} µs of the core for each request"
        )
    pairs = zip(beside["tap"], beside["page"], strict=True)
    ratios = sorted(taps[0] / pages[0] for taps, pages in pairs)
    print(
        f"taps against as many pages: {statistics.median(ratios):.2f} "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}; goal 1.10)"
    )


if __name__ == "__main__":
    main()
