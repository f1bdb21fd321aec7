"""What a worker of ours does beyond gunicorn's own: it knows hung from busy, and keeps quiet.

gunicorn's time-out sees only a worker whose main thread stands still. When every thread hangs in a
request, the main thread goes on; so a worker ends itself when all its threads have been in a
request and none has moved for STUCK_AFTER seconds. A worker whose threads all work is not hung,
however long they take: what it used of the processor tells the two apart. One that only spins is
ended too, at six times that.

A request that cannot be read is told from no other by gunicorn's log: neither its address nor its
path is written, and whoever sent it gets the essentials like everybody else.
"""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.http.errors import (  # type: ignore[import-untyped]
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from triage import clock

STUCK_AFTER = float(os.environ.get("STUCK_AFTER", "10"))
# Of one processor: who waits for a lock or a database uses a hundredth, who works nearly all, or
# what a crowded machine leaves of it.
WORKING = 0.05
SPINNING = 6
# Seconds.
STARTS_WITHIN = 120
_STATUS: dict[type[Exception], str] = {
    LimitRequestLine: "414 URI Too Long",
    LimitRequestHeaders: "431 Request Header Fields Too Large",
}


def is_stuck(busy: int, threads: int, still: float, used: float) -> bool:
    """Whether every thread is in a request that will not end: nothing moved for `still` seconds,
    in which the process used `used` seconds of a processor."""
    if busy < threads or still <= STUCK_AFTER:
        return False
    return used < WORKING * still or still > SPINNING * STUCK_AFTER


@dataclass
class Progress:
    """How many requests are being answered, and how often one was begun or finished."""

    threads: int
    busy: int = 0
    moves: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, change: int) -> None:
        with self._lock:
            self.busy += change
            self.moves += 1

    def wait_until_stuck(self) -> None:
        """Returns when this process is stuck, and not before."""
        seen, since, used = -1, 0.0, 0.0
        while True:
            now, cpu = clock.steady(), time.process_time()
            if self.moves != seen:
                seen, since, used = self.moves, now, cpu
            if is_stuck(self.busy, self.threads, now - since, cpu - used):
                return
            time.sleep(STUCK_AFTER / 10)


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, watched; its refusals, with the essentials and without a trace."""

    def init_process(self) -> None:
        self.progress = Progress(self.cfg.threads)
        threading.Thread(target=self._watch, name="stuck", daemon=True).start()
        super().init_process()

    def _watch(self) -> None:
        self._say_it_starts()
        self.progress.wait_until_stuck()
        self.log.critical("every thread hangs: this worker ends itself")
        os.kill(os.getpid(), signal.SIGKILL)

    def _say_it_starts(self) -> None:
        """Loading takes seconds, and many of them on a crowded machine: gunicorn would take that
        for a hang, end the worker, and go on so for ever."""
        end = clock.steady() + STARTS_WITHIN
        while not self.booted and clock.steady() < end:
            self.notify()
            time.sleep(1)

    def handle_request(self, req: Any, conn: Any) -> bool:
        self.progress.count(1)
        try:
            return bool(super().handle_request(req, conn))
        finally:
            self.progress.count(-1)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answers what gunicorn could not read, or what broke in the application."""
        status = "500 Internal Server Error"
        if isinstance(exc, ParseException):
            status = _STATUS.get(type(exc), "400 Bad Request")
        else:
            where = "".join(traceback.format_tb(exc.__traceback__))
            self.log.error("a request broke with %s:\n%s", type(exc).__name__, where)
        try:
            util.write_nonblock(client, refusal(self.wsgi, status))
        except OSError:
            self.log.debug("the refusal could not be sent")


def refusal(application: Any, status: str) -> bytes:
    """A whole answer of a status, with the page that the application has for a bad request."""
    headers: list[tuple[str, str]] = []

    def start(_: str, given: list[tuple[str, str]], exc_info: object = None) -> Any:
        headers.extend(given)
        return lambda data: None

    # It names no host: that is a bad request for every application of Django.
    asked = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "", "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(), "wsgi.errors": BytesIO(),
    }  # fmt: skip
    body = b"".join(application(asked, start))
    kept = [(n, v) for n, v in headers if n.lower() not in ("content-length", "connection")]
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in kept)]
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
