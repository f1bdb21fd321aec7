"""What somebody is told of, and the words of each message. Pure.

A message says what happened and leads to the page where something can be done about it: two taps
from the message to the approval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
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
    PHONE_OFF = "phone-off"
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
# A phone that sleeps is woken for these; the others wait until it wakes by itself.
URGENT = frozenset(
    {Occasion.ASKED, Occasion.ALONE, Occasion.OVERDUE, Occasion.SIGNAL, Occasion.TEST}
)
# How long a phone that is off may still be given one. A check that stays overdue is told again by
# then; an early warning is about the last ten minutes.
HOLDS = {Occasion.OVERDUE: timedelta(minutes=15), Occasion.SIGNAL: timedelta(hours=1)}
HOLDS_OTHERWISE = timedelta(hours=24)


@dataclass(frozen=True)
class Letter:
    """The words of a message: a subject, lines, and the page (under /staff/) that it leads to."""

    subject: str
    lines: tuple[str, ...]
    page: str = ""
