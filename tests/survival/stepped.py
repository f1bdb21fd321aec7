"""The site under a clock that a test can step: seconds in the file that STEP names are added."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from triage import clock

_real = clock.now


def _stepped() -> datetime:
    try:
        seconds = float(Path(os.environ["STEP"]).read_text() or 0)
    except FileNotFoundError:
        seconds = 0.0
    return _real() + timedelta(seconds=seconds)


clock.now = _stepped

from triage.config.wsgi import application  # noqa: E402, F401  (after the clock was replaced)
