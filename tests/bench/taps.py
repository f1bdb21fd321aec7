"""python -m tests.bench.taps: what readers of pages notice of 2,000 taps a second at one node.

One node of two processes, as deploy/ runs it, on SQLite. Readers ask for pages at a steady pace, in
turns without and with a second process that taps "It did not connect" from as many households as
there are taps. Printed: taps that were answered, and the 99th percentile of the pages in each turn.
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


def tap(port: int, until: float, answered: Synchronized[int]) -> None:
    """Taps at their pace, one household after another, on eight connections."""
    chance, body, sent = random.Random(6), b"channel=999", 0
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
    begun = time.monotonic()
    while (now := time.monotonic()) < until:
        if sent > (now - begun) * TAPS:
            time.sleep(0.0005)
            continue
        request = (
            "POST /in/kent/tap/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"X-Real-IP: {household(chance)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        answered.value += ask(held[sent % 8], request) == 303
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


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="which-number-taps-") as temporary:
        env = {"WHICH_NUMBER_DEMO": "1"}
        node = Node(Path(temporary), "node", env)
        given = {**os.environ, **env, "WHICH_NUMBER_DATA": str(node.data)}
        for command in (["migrate", "-v0"], ["demo"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT, env=given, check=True, capture_output=True,
            )  # fmt: skip
        node.start()
        try:
            _table(node.port)
        finally:
            node.stop()


def _table(port: int) -> None:
    alone, beside, taps = [], [], 0
    read(port)
    for _ in range(ROUNDS):
        alone.append(p99(read(port)))
        answered: Synchronized[int] = multiprocessing.Value("i", 0)
        end = time.monotonic() + SECONDS
        tapper = multiprocessing.Process(target=tap, args=(port, end, answered))
        tapper.start()
        beside.append(p99(read(port)))
        tapper.join()
        taps += answered.value
    ratios = sorted(b / a for a, b in zip(alone, beside, strict=True))
    print(f"taps answered: {taps / ROUNDS / SECONDS:,.0f} a second (goal {TAPS:,})")
    print(
        f"99th percentile of pages: {1000 * statistics.median(alone):.1f} ms alone, "
        f"{1000 * statistics.median(beside):.1f} ms beside the taps; "
        f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}; goal 1.10)"
    )


if __name__ == "__main__":
    main()
