"""Steady readers, and a judge who knows what was in force while each of them waited."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

ADVICE = "/api/v1/advice?need=police-emergency&area=leicestershire"
PAGES = ("/", "/in/leicestershire/", "/in/kent/", "/cy/in/gwent/", "/status/")
_FIRST_CALL = re.compile(rb'href="tel:(\d+)"')
# What pages and mirror may lag behind what was published: seconds (survival.md, "The promise").
BEHIND = 5.0


@dataclass
class Truth:
    """What an emergency caller is to be told first, since when, and until when at the latest."""

    behind: float = BEHIND
    spans: list[list[float | str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.spans = [["999", 0.0, float("inf")]]

    @contextmanager
    def changing_to(self, number: str) -> Iterator[None]:
        """Around a publication: both are right until it is stored, and then for a little while."""
        before = self.spans[-1]
        self.spans.append([number, time.monotonic(), float("inf")])
        yield
        before[2] = time.monotonic() + self.behind

    def allows(self, number: str, begun: float, ended: float) -> bool:
        return any(
            number == told and since <= ended and begun <= until  # type: ignore[operator]
            for told, since, until in self.spans
        )


@dataclass
class Count:
    sent: int = 0
    failed: int = 0
    wrong: int = 0
    late: int = 0
    seconds: list[float] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    def say(self, what: str) -> None:
        ordered = sorted(self.seconds) or [0.0]
        p50, p99 = (ordered[int(len(ordered) * p)] * 1000 for p in (0.5, 0.99))
        print(
            f"\n{what}: {self.sent} requests, {self.failed} failed, {self.wrong} wrong; "
            f"50th {p50:.1f} ms, 99th {p99:.1f} ms, worst {ordered[-1] * 1000:.0f} ms",
            *(f"\n  {n} × {note}" for note, n in self.notes.most_common(5)),
        )

    def assert_all_well(self, at_least: int = 50) -> None:
        assert self.sent >= at_least, f"only {self.sent} requests were sent"
        assert (self.failed, self.wrong) == (0, 0), self.notes.most_common(5)


def told_first(path: str, body: bytes) -> str:
    """The number that an answer puts first."""
    if path.startswith("/api/"):
        return str(json.loads(body)["first"]["number"])
    found = _FIRST_CALL.search(body)
    return found[1].decode() if found else ""


class Readers:
    """Threads that ask all the time, until told to stop."""

    def __init__(
        self, port: int, truth: Truth, pages: tuple[str, ...] = (ADVICE, *PAGES), many: int = 4
    ) -> None:
        self.port, self.truth, self.pages = port, truth, pages
        self.count = Count()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._read, args=(n,)) for n in range(many)]

    @contextmanager
    def reading(self) -> Iterator[Count]:
        for thread in self._threads:
            thread.start()
        try:
            yield self.count
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(20)

    def _read(self, number: int) -> None:
        choose = random.Random(number)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self._stop.wait(0.004):
            path = choose.choice(self.pages)
            begun = time.monotonic()
            try:
                status, body = _ask(connection, path)
            except (OSError, HTTPException) as error:
                status, body = 0, repr(error).encode()
            self._judge(path, status, body, begun)
        connection.close()

    def _judge(self, path: str, status: int, body: bytes, begun: float) -> None:
        ended = time.monotonic()
        note = ""
        if status != 200:
            note = f"{path}: {status} {body[:80]!r}"
        elif path != "/status/" and not self.truth.allows(told_first(path, body), begun, ended):
            note = f"{path}: told {told_first(path, body)!r} first"
        with self._lock:
            self.count.sent += 1
            self.count.seconds.append(ended - begun)
            self.count.failed += status != 200
            self.count.wrong += bool(note) and status == 200
            if note:
                self.count.notes[note] += 1


def _ask(connection: HTTPConnection, path: str) -> tuple[int, bytes]:
    """As a browser does: a kept connection that was closed meanwhile is opened anew, once."""
    kept = connection.sock is not None
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (ConnectionError, HTTPException):
        connection.close()
        if not kept:
            raise
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()
