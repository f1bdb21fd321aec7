"""The site with one address that hangs for as long as the file HANG names exists."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triage.config.wsgi import application as site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


def application(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
    while environ["PATH_INFO"] == "/hang" and Path(os.environ["HANG"]).exists():
        time.sleep(0.05)
    return site(environ, start)
