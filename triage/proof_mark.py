"""A mark in the data folder that what hangs on these very files has been proved by this very code.

Several workers start at once: one proves, the others wait for it and find its mark. The mark hangs
on the day too, since areas begin and end on a day.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.conf import settings

from triage import clock


class ProofMark:
    """One mark, held while it is asked for and set: `with ProofMark.of(...) as mark`."""

    def __init__(self, kind: str, digest: str) -> None:
        self.kind, self.path = kind, Path(settings.DATA_DIR) / f"{kind}-{digest[:32]}"
        self._lock: IO[str] | None = None

    @classmethod
    def of(cls, kind: str, given: str, sources: Iterable[Path]) -> ProofMark:
        """`given` and the bytes of `sources`: all that the proof hangs on."""
        digest = hashlib.sha256(given.encode())
        digest.update(clock.now().date().isoformat().encode())
        for source in sorted(sources):
            digest.update(source.read_bytes())
        return cls(kind, digest.hexdigest())

    def __enter__(self) -> ProofMark:
        try:
            self._lock = self.path.with_name(f"{self.kind}.lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        except OSError:
            # A data folder that cannot be written to costs a proof at every start, no more.
            self._lock = None
        return self

    def __exit__(self, *error: object) -> None:
        if self._lock is not None:
            self._lock.close()

    @property
    def is_set(self) -> bool:
        return self.path.exists()

    def set(self) -> None:
        """Leave the mark, and take away those of before."""
        try:
            for old in self.path.parent.glob(f"{self.kind}-*"):
                old.unlink(missing_ok=True)
            self.path.touch()
        except OSError:
            return
