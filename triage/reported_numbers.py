"""What visitors say by "Wrong number?": a channel and a day, and nothing of who said it.

One line of JSON a press in the data folder: it works with the database gone. `manage.py facts
--reported` prints the counts, and the board tells those of the day before.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from threading import Lock

from django.conf import settings

from triage import clock

# A full file is read and cleared by people; a flood must not fill the disk.
FULL = 1_000_000
# So many in a minute from everybody together. No sender is counted, so none is remembered.
A_MINUTE = 30
_lock = Lock()
_recent: deque[float] = deque(maxlen=A_MINUTE)


def store() -> Path:
    return Path(settings.DATA_DIR) / "wrong-numbers.jsonl"


def report(channel: str, day: date) -> bool:
    """Counts one press. False where the minute or the disk is full: then nothing is counted."""
    line = json.dumps({"day": day.isoformat(), "channel": channel})
    with _lock:
        now = clock.steady()
        if len(_recent) == A_MINUTE and now - _recent[0] < 60:
            return False
        _recent.append(now)
        try:
            if store().exists() and store().stat().st_size >= FULL:
                return False
            with store().open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError:
            return False
    return True


def reported(since: date | None = None, until: date | None = None) -> Mapping[tuple[str, str], int]:
    """How often a channel was called wrong on a day: (day, channel) -> presses, oldest day first.

    A line cut short by a full disk is passed over.
    """
    first, last = (d.isoformat() if d else "" for d in (since, until))
    found: Counter[tuple[str, str]] = Counter()
    try:
        lines = store().read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return {}
    for line in lines:
        try:
            told = json.loads(line)
            found[(str(told["day"]), str(told["channel"]))] += 1
        except (json.JSONDecodeError, KeyError, TypeError):
            continue
    return {
        key: found[key] for key in sorted(found) if first <= key[0] and (not last or key[0] <= last)
    }
