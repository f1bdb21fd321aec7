"""What somebody is told of, and the words of each message. Pure.

A message says what happened and leads to the page where something can be done about it: two taps
from the message to the approval.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Occasion(StrEnum):
    """Why a message is written."""

    ASKED = "asked"
    RETURNED = "returned"
    LIVE = "live"
    ENDED = "ended"
    OVERDUE = "overdue"
    ALONE = "published-alone"
    PARENT = "adopted-changed"
    HAND_OVER = "hand-over"
    SIGNAL = "signal"
    WEBHOOK_OFF = "webhook-off"
    ACCOUNT = "account"
    TEST = "test"


# As the page of choices names them. The others cannot be chosen away.
CHOICES = {
    Occasion.ASKED: "A second person is wanted",
    Occasion.RETURNED: "Something of mine is returned",
    Occasion.LIVE: "Something is published or changed",
    Occasion.ENDED: "Something is over, or taken back",
    Occasion.OVERDUE: "A check is due or overdue",
    Occasion.PARENT: "What we adopted has changed or is over",
    Occasion.HAND_OVER: "A hand-over note",
    Occasion.SIGNAL: "People say that they cannot get through",
}
# Nobody sleeps through these: not by their choices, nor in their quiet hours.
ALWAYS = frozenset({Occasion.ALONE, Occasion.ACCOUNT, Occasion.TEST})


@dataclass(frozen=True)
class Letter:
    """The words of a message: a subject, lines, and the page (under /staff/) that it leads to."""

    subject: str
    lines: tuple[str, ...]
    page: str = ""
