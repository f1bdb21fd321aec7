"""What the editions of the areas were when the whole had another one: for other sites' caches.

In this process's memory and bounded. An edition that is not held is no error: then everything
may have changed, and all is listed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

# So many editions are held: each is what stood between two publications, starts or ends.
MOST = 200


class EditionLog:
    """The editions of the areas, by the edition of the whole, newest last."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Mapping[str, str]] = OrderedDict()

    def before(
        self, since: str | None, whole: str, now: Mapping[str, str]
    ) -> Mapping[str, str] | None:
        """The areas' editions at an edition of the whole; None where it is not held.

        Notes what they are now, so that the next one who asks since then is answered.
        """
        with self._lock:
            self._held[whole] = now
            self._held.move_to_end(whole)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
            return self._held.get(since) if since else None


CHANGES = EditionLog()
