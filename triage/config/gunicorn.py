"""How gunicorn runs this site: each setting with its reason.

PORT           default 8000, on loopback: a proxy stands in front, or nobody
BIND           an address of its own instead, as host:port or unix:path
WEB_PROCESSES  default: one for each core that it may use
"""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

from triage import clock

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"

# One process a core: a page from the cache is pure processor time. Threads only carry those that
# wait: for staff queries, or for the one render of a page that several readers asked at once.
_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
workers = int(os.environ.get("WEB_PROCESSES") or _cores or 1)
worker_class = "gthread"
threads = 8

# The application is loaded in each worker and not before the fork: a thread does not survive a
# fork, and each worker needs its own watcher of the bulletin, cache and database connections.
preload_app = False

# A worker that does not answer its heart-beat for this long (seconds) is killed and replaced.
timeout = 10
# Restarting lets requests finish, but not for longer than a proxy would wait.
graceful_timeout = 5
# Longer than a proxy keeps an idle connection open, so that it is never us who closes first.
keepalive = 75
worker_connections = 1_000
backlog = 2_048
# Heart-beat files in memory: a full or slow disk must not look like a hung worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108

# Public addresses are short, and say nothing in headers.
limit_request_line = 2_048
limit_request_fields = 60
limit_request_field_size = 8_190

# What people look at is logged nowhere. Errors of the server go to standard error.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning")
# Not needed, and one way in less.
control_socket_disable = True

# gunicorn's time-out sees only a worker whose main thread stands still. When every thread hangs in
# a request, the main thread goes on; so a worker ends itself when all its threads have been busy
# and none has finished for this long (seconds).
STUCK_AFTER = float(os.environ.get("STUCK_AFTER", "10"))


class _Threads:
    """How many requests are being answered, and when one was last begun or finished."""

    busy = 0
    moved = 0.0
    lock = threading.Lock()


def _count(change: int) -> None:
    with _Threads.lock:
        _Threads.busy += change
        _Threads.moved = clock.steady()


def pre_request(worker: Any, request: Any) -> None:
    _count(1)


def post_request(worker: Any, request: Any, environ: Any, response: Any) -> None:
    _count(-1)


def is_stuck(busy: int, moved: float, now: float) -> bool:
    """Whether every thread is in a request and nothing has moved for too long."""
    return busy >= threads and now - moved > STUCK_AFTER


def post_worker_init(worker: Any) -> None:
    """Starts the watch over the threads, in the worker itself."""

    def watch() -> None:
        while not stopped.wait(STUCK_AFTER / 10):
            if is_stuck(_Threads.busy, _Threads.moved, clock.steady()):
                worker.log.critical("every thread hangs: this worker ends itself")
                os.kill(os.getpid(), signal.SIGKILL)

    stopped = threading.Event()
    threading.Thread(target=watch, name="stuck", daemon=True).start()
