"""The buttons "It did not connect": one for each line that stands first on a page.

Which channels can be said to fail so, and what line each is counted with (seeds/signals.toml).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from triage.engine.catalogue import Channel, ChannelKind, ChannelRole
from triage.rules import rulebook, signal_rules
from triage.web.presenters.contact import Contact

# Nothing that connects: what people do, where they go, and platforms that they never call.
_NO_LINE = (ChannelKind.ACTION, ChannelKind.PLACE, ChannelKind.INFRASTRUCTURE)
_MOST = 3


@dataclass(frozen=True, slots=True)
class TapButton:
    """A line that a visitor may say did not connect. `name` is empty where there is one alone."""

    channel: str
    name: str


def counted(channel: str) -> str:
    """The line that a tap of this channel is counted with; empty where it cannot fail."""
    channel = signal_rules().counted_as.get(channel, channel)
    known = rulebook().catalogue.channels.get(channel)
    return channel if known is not None and _can_fail(known) else ""


def _can_fail(channel: Channel) -> bool:
    return channel.kind not in _NO_LINE and channel.role is not ChannelRole.PUBLISHED_NUMBER


def tap_buttons(ways: Iterable[Contact]) -> tuple[TapButton, ...]:
    """At most three, each line once."""
    found = dict(_lines(ways))
    if len(found) == 1:
        return tuple(TapButton(channel, "") for channel in found)
    return tuple(TapButton(channel, name) for channel, name in [*found.items()][:_MOST])


def _lines(ways: Iterable[Contact]) -> Iterator[tuple[str, str]]:
    for way in ways:
        if channel := counted(way.channel):
            yield channel, rulebook().catalogue.number(channel) or way.label


@lru_cache(maxsize=1)
def short_numbers() -> Mapping[str, str]:
    """Numbers of three digits that people know by heart, each with the line it is counted with."""
    catalogue = rulebook().catalogue
    pairs = ((catalogue.number(c), counted(c)) for c in catalogue.channels)
    found: dict[str, str] = {}
    for number, channel in pairs:
        if number and len(number) == 3 and channel:
            found.setdefault(number, channel)
    return found
