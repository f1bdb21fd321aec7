"""Whether report forms and force sites answer: one that answers 5xx for five minutes rings.

Asked by `manage.py probe --signals` alone, which nobody runs unless they choose to: it asks other
people's sites. That a site cannot be reached from here is not taken for its fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException

from outage.models import SignalAlarm
from outage.signals import alarms, places
from triage.engine.catalogue import Area, Channel, ChannelKind
from triage.engine.local_service import LocalKind
from triage.links import Ask
from triage.rules import rulebook

SOURCE = "probe"
MINUTES = 5
_KINDS = (ChannelKind.WEB, ChannelKind.CHAT)


@dataclass(frozen=True, slots=True)
class FormAddress:
    """An address that people are sent to, for a channel at a place."""

    channel: str
    place: str
    url: str


def addresses() -> Iterator[FormAddress]:
    """Every form and site that the public is shown, once."""
    seen: set[FormAddress] = set()
    for channel in rulebook().catalogue.channels.values():
        if channel.kind in _KINDS and places.is_known(channel.id, "uk"):
            for found in _of(channel):
                if found not in seen:
                    seen.add(found)
                    yield found


def _of(channel: Channel) -> Iterator[FormAddress]:
    if channel.url:
        yield FormAddress(channel.id, "uk", channel.url)
    for nation, words in channel.local.items():
        if words.url:
            yield FormAddress(channel.id, f"nation:{nation}", words.url)
    for area in rulebook().catalogue.areas.values() if channel.url_from else ():
        if url := _local(channel, area):
            yield FormAddress(channel.id, f"area:{area.slug}", url)


def _local(channel: Channel, area: Area) -> str | None:
    assert channel.url_from is not None
    kind, use = channel.url_from
    slug = {LocalKind.POLICE: area.police, LocalKind.FIRE: area.fire}.get(kind, "")
    service = rulebook().catalogue.local.get((kind, slug))
    way = service.way(use) if service else None
    return way.url if way else None


def broken(found: Iterable[FormAddress], ask: Ask, wait: Callable[[], None]) -> set[FormAddress]:
    """What answers 5xx now and at each of five minutes after. `wait` is a minute."""
    failing = {address for address in found if _fails(address, ask)}
    for _ in range(MINUTES):
        if failing:
            wait()
            failing = {address for address in failing if _fails(address, ask)}
    return failing


def _fails(address: FormAddress, ask: Ask) -> bool:
    try:
        return ask(address.url)[0] >= 500
    except (OSError, HTTPException):
        return False


def ring(failing: Iterable[FormAddress], at: datetime) -> int:
    """Tell operators of what is broken, and end what is no longer; how many ring."""
    now = {(address.channel, address.place) for address in failing}
    for alarm in SignalAlarm.objects.filter(source=SOURCE, quiet_at=None):
        if (alarm.channel, alarm.place) not in now:
            alarms.report_over(alarm.channel, alarm.place, SOURCE, at)
    for channel, place in sorted(now):
        alarms.report(channel, place, "form-down", SOURCE, at)
    return len(now)
