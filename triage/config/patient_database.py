"""A connection to PostgreSQL that waits a few seconds for an answer, and then gives up.

A server that hangs (its disk, its machine, a stopped process) keeps its connections open and says
nothing, and its own statement_timeout hangs with it. Whoever waits for it would wait for ever: the
staff member who pressed a button, and the watcher, which is to ask again when the server is back.
"""

from __future__ import annotations

from typing import Any

import psycopg

from triage import clock

# Seconds. With a second to find that no other connection answers, staff are told within five.
PATIENCE = 3.0


class PatientConnection(psycopg.Connection[Any]):
    """Raises OperationalError where the server says nothing for PATIENCE seconds, and is closed."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        begun = clock.steady()
        try:
            return super().wait(gen, interval, PATIENCE if timeout is None else timeout)
        except psycopg.OperationalError:
            if clock.steady() - begun >= PATIENCE:
                # Or the rollback would wait as long again.
                self.close()
            raise
