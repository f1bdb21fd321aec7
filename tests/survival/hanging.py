"""The site with three addresses of its own: one that hangs for as long as the file HANG names
exists, one that works for a quarter of a minute, and one whose header is too large for nginx."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triage.config.wsgi import application as site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

# Seconds of a processor that all who ask /work use together: more than a hang may last.
WORK = 6.0


def application(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
    while environ["PATH_INFO"] == "/hang" and Path(os.environ["HANG"]).exists():
        time.sleep(0.05)
    if environ["PATH_INFO"] == "/work":
        end = time.process_time() + WORK
        while time.process_time() < end:
            sum(range(1_000))
    if environ["PATH_INFO"] == "/too-large":
        start("200 OK", [("X-Large", "x" * 40_000)])
        return []
    return site(environ, start)
