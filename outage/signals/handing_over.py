"""Takes what this process counted, and stores it: a thread, so that no request writes or waits.

A database that is away loses what does not fit in memory meanwhile, and what is half an hour old.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from datetime import UTC, datetime
from hashlib import blake2b
from time import sleep

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from outage.models import SignalCount
from triage import clock
from triage.signals.tally import PROCESS, Counts, Tally

EVERY = 10.0  # seconds
# Minutes: what is older says nothing any more of what happens now.
OLDEST = 30
log = logging.getLogger("which_number.signals")
_started: set[int] = set()


def start() -> None:
    """Begin to hand over, once per process. Call it in the process that serves."""
    if os.getpid() in _started:
        return
    _started.add(os.getpid())
    # A random name for as long as the process lives.
    name = secrets.token_hex(4)
    # All processes of a site have the same key, so that one block has one mark in them all.
    PROCESS.share(blake2b(settings.SECRET_KEY.encode(), person=b"signal marks").digest())
    threading.Thread(target=_run, args=(name,), name="signals", daemon=True).start()


def _run(name: str) -> None:
    while True:
        sleep(EVERY)
        try:
            close_old_connections()
            hand_over(PROCESS, name, clock.now())
        except Exception as error:
            # Whatever it is: without this thread nothing would ever be counted again.
            log.error("taps wait, they could not be stored: %s", error)


def hand_over(tally: Tally, name: str, at: datetime) -> int:
    """Store what was counted; how many rows. What cannot be stored is kept for the next time."""
    counts = tally.take(at.timestamp())
    if not counts:
        return 0
    try:
        SignalCount.objects.bulk_create(_rows(counts, name))
    except DatabaseError as error:
        oldest = at.timestamp() // 60 - OLDEST
        tally.put_back((row, count) for row, count in counts.items() if row[0] > oldest)
        log.error("taps wait, the database does not answer: %s", error)
        connection.close()
        return 0
    return len(counts)


def _rows(counts: Counts, name: str) -> list[SignalCount]:
    return [
        SignalCount(
            minute=datetime.fromtimestamp(minute * 60, UTC),
            channel=channel,
            place=place,
            process=name,
            taps=count.taps,
            blocks=count.blocks,
            bare=count.bare,
            rush=count.rush,
            told=count.told,
            marks=count.marks.to_bytes((count.marks.bit_length() + 7) // 8),
        )
        for (minute, channel, place), count in counts.items()
    ]
