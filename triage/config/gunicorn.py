"""How gunicorn runs this site: each setting with its reason.

PORT           default 8000, on loopback: a proxy stands in front, or nobody
BIND           an address of its own instead, as host:port or unix:path
WEB_PROCESSES  default: one for each core that it may use
"""

from __future__ import annotations

import os

from triage.config.gunicorn_worker import Worker

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"

# One process a core: a page from the cache is pure processor time. Threads only carry those that
# wait: for staff queries, or for the one render of a page that several readers asked at once.
_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
workers = int(os.environ.get("WEB_PROCESSES") or _cores or 1)
worker_class = Worker
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

# As much as nginx lets through, so that it refuses what is longer, with the essentials. Public
# addresses are short, and say nothing in headers.
limit_request_line = 8_190
limit_request_fields = 100
limit_request_field_size = 8_190

# No header says under which path the site stands: it has its name to itself.
forwarder_headers = ""

# What people look at is logged nowhere. Errors of the server go to standard error.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning")
# Not needed, and one way in less.
control_socket_disable = True
