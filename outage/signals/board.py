"""What the board shows of early warning: a line for each channel and place that rings, with a chart
of its last day. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from outage.models import SignalAlarm, SignalCount, SignalMute
from outage.signals import alarms, places
from outage.statements.actor import Actor

_DAY = timedelta(days=1)
_STEP = timedelta(minutes=15)
_BARS = _DAY // _STEP
HEIGHT = 40


@dataclass(frozen=True)
class Bar:
    """A quarter of an hour of the chart: where it stands, in units of the drawing."""

    x: int
    y: float
    height: float


@dataclass(frozen=True)
class SignalLine:
    """One alarm as an operator sees it."""

    alarm: SignalAlarm
    words: str
    looks: str
    bars: tuple[Bar, ...]
    most: float
    form: str
    declared: str
    mute: SignalMute | None
    may_mute: bool


def lines(by: Actor) -> list[SignalLine]:
    """What rings now where this operator's organisation may declare, newest first."""
    owner = by.operator.organisation
    open_ones = SignalAlarm.objects.filter(quiet_at=None)
    return [
        _line(by, alarm)
        for alarm in open_ones
        if places.is_known(alarm.channel, alarm.place)
        and places.footprint(owner.footprints, alarm.place)
        and places.may_see(owner, alarm.channel)
    ]


def _line(by: Actor, alarm: SignalAlarm) -> SignalLine:
    owner = by.operator.organisation
    bars, most = chart(alarm.channel, alarm.place, by.at)
    return SignalLine(
        alarm=alarm,
        words=alarms.sentence(alarm),
        looks="" if alarm.source else alarms.looks(alarm),
        bars=bars,
        most=most,
        form=alarms.form(owner, alarm),
        declared=places.declared(alarm.channel, alarm.place),
        mute=alarms.muted(alarm.channel, alarm.place, by.at),
        may_mute=places.may_mute(by.rights, owner, alarm.channel, alarm.place),
    )


def chart(channel: str, place: str, at: datetime) -> tuple[tuple[Bar, ...], float]:
    """Address blocks in each quarter of an hour of the last day, and the most in one."""
    rows = SignalCount.objects.filter(
        channel=channel, place=place, minute__gt=at - _DAY, minute__lte=at
    )
    sums: dict[int, float] = defaultdict(float)
    for row in rows.values("minute").annotate(b=Sum("blocks")).order_by():
        sums[_BARS - 1 - (at - row["minute"]) // _STEP] += row["b"] / 2
    most = max(sums.values(), default=0.0)
    found = []
    for x, blocks in sorted(sums.items()):
        height = round(HEIGHT * blocks / most, 1) if most else 0.0
        found.append(Bar(x, round(HEIGHT - height, 1), height))
    return tuple(found), most


def mark(by: Actor) -> list[tuple[int, bool]]:
    """What an open board looks at: another line, or another mute, is news."""
    return [(line.alarm.pk, line.mute is not None) for line in lines(by)]
