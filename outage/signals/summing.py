"""The counts of all processes together: what came lately, and what is usual."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Max, Min, Sum
from django.db.models.functions import TruncHour

from outage.models import SignalAlarm, SignalCount, SignalDay
from triage.rules import signal_rules
from triage.signals.detection import Minute, SignalRules, Verdict, judge
from triage.signals.tally import UK
from triage.signals.usual import Baseline, Series, baseline, hour_of_week

AREA, NATION = "area:", "nation:"
_HOUR = timedelta(hours=1)


# The last half hour of every series with a tap in it, by minute.
Recent = Mapping[Series, Mapping[int, Minute]]


def recent(at: datetime) -> Recent:
    """One query, however many processes count."""
    rows = SignalCount.objects.filter(minute__gt=_before(at), minute__lte=at)
    found: dict[Series, dict[int, Minute]] = defaultdict(dict)
    wanted = ("channel", "place", "minute", "blocks", "taps", "marks")
    for channel, place, at_minute, blocks, taps, marks in rows.values_list(*wanted).iterator():
        minutes, minute = found[channel, place], int(at_minute.timestamp() // 60)
        held, bits = minutes.get(minute, Minute()), int.from_bytes(marks)
        minutes[minute] = Minute(held.blocks + blocks, held.taps + taps, held.marks | bits)
    return found


def _before(at: datetime) -> datetime:
    """The last moment that no window looks at any more."""
    return at - timedelta(minutes=signal_rules().longest)


def forget_marks(at: datetime, *, since: datetime | None = None) -> None:
    """Empty what told one block from another, once no window needs it: what came since a moment, or
    all of it."""
    old = SignalCount.objects.filter(minute__lte=_before(at)).exclude(marks=b"")
    (old if since is None else old.filter(minute__gt=since)).update(marks=b"")


def look(at: datetime) -> tuple[Verdict, ...]:
    """Every series with a tap in the last half hour, judged."""
    return judged(recent(at), at, usual(at), signal_rules())


def judged(found: Recent, at: datetime, base: Baseline, rules: SignalRules) -> tuple[Verdict, ...]:
    """Areas and networks by themselves; nations and the UK without the areas that ring, unless so
    many ring that it is everybody's."""
    now, hour = int(at.timestamp() // 60), hour_of_week(at)

    def verdict(series: Series, minutes: Mapping[int, Minute]) -> Verdict:
        return judge(series, minutes, now, hour, base, rules)

    own = {s: verdict(s, m) for s, m in found.items() if not _is_wide(s)}
    ringing: dict[str, list[Series]] = defaultdict(list)
    for series, said in own.items():
        if said.rings and series[1].startswith(AREA):
            ringing[series[0]].append(series)
    wide = {}
    for series, minutes in found.items():
        if _is_wide(series):
            inside = ringing[series[0]]
            few = len(inside) < rules.national_areas
            left = without(minutes, (found[s] for s in inside)) if few else minutes
            wide[series] = verdict(series, left)
    return tuple((own | wide).values())


def _is_wide(series: Series) -> bool:
    return series[1] == UK or series[1].startswith(NATION)


def without(
    minutes: Mapping[int, Minute], others: Iterable[Mapping[int, Minute]]
) -> Mapping[int, Minute]:
    """What is left of a place's counts without those of others."""
    left = dict(minutes)
    for other in others:
        for number, gone in other.items():
            held = left.get(number, Minute())
            left[number] = Minute(
                max(held.blocks - gone.blocks, 0),
                max(held.taps - gone.taps, 0),
                held.marks,
                held.gone | gone.marks,
            )
    return left


def usual(at: datetime) -> Baseline:
    """What is usual, by the hours before this one; worked out once an hour."""
    return _usual(at.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1)
def _usual(hour: datetime) -> Baseline:
    rules = signal_rules()
    since = hour - timedelta(weeks=rules.weeks)
    rows = SignalCount.objects.filter(minute__gte=since, minute__lt=hour)
    first = rows.aggregate(first=Min("minute"))["first"]
    weeks = (hour - first) / timedelta(weeks=1) if first else 0.0
    loud = _loud_hours(since)
    sums = rows.annotate(h=TruncHour("minute")).values("channel", "place", "h")
    found: dict[Series, dict[int, tuple[float, float]]] = defaultdict(dict)
    for row in sums.annotate(b=Sum("blocks")).order_by():
        series = (row["channel"], row["place"])
        if row["h"] not in loud[series]:
            slot = hour_of_week(row["h"])
            blocks, _ = found[series].get(slot, (0.0, weeks))
            found[series][slot] = (blocks + row["b"] / 2, weeks)
    return baseline(found, weeks, rules.lean_hours, rules.least_an_hour)


def forget_usual() -> None:
    """It is worked out anew at the next look."""
    _usual.cache_clear()


def _loud_hours(since: datetime) -> Mapping[Series, set[datetime]]:
    """The hours in which a series rang: they are not usual."""
    found: dict[Series, set[datetime]] = defaultdict(set)
    for alarm in SignalAlarm.objects.filter(last_at__gte=since, source=""):
        hour = alarm.rang_at.replace(minute=0, second=0, microsecond=0) - _HOUR
        while hour <= alarm.last_at:
            found[alarm.channel, alarm.place].add(hour)
            hour += _HOUR
    return found


@dataclass(frozen=True)
class Shape:
    """What a real fault and a machine look like differently."""

    rush: int
    bare: int
    taps: int
    told: Mapping[str, int]


def shape(channel: str, place: str, since: datetime) -> Shape:
    rows = SignalCount.objects.filter(channel=channel, place=place, minute__gte=since)
    sums = rows.aggregate(r=Max("rush"), b=Sum("bare"), t=Sum("taps"))
    told: dict[str, int] = {}
    for names in rows.exclude(told={}).values_list("told", flat=True):
        for name, times in names.items():
            told[name] = told.get(name, 0) + times
    return Shape(sums["r"] or 0, sums["b"] or 0, (sums["t"] or 0) // 2, told)


def purge(at: datetime, *, everything: bool = False) -> int:
    """Minutes that are older than a month become sums of days; how many rows went. With
    `everything`, all counts go and no sum is made."""
    if everything:
        gone, _ = SignalCount.objects.all().delete()
        days, _ = SignalDay.objects.all().delete()
        return gone + days
    forget_marks(at)
    day = (at - timedelta(days=signal_rules().keep_days)).replace(hour=0, minute=0, second=0)
    old = SignalCount.objects.filter(minute__lt=day.replace(microsecond=0))
    sums: dict[tuple[date, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in old.iterator():
        held = sums[row.minute.date(), row.channel, row.place]
        held[0] += row.taps
        held[1] += row.blocks
    for (on, channel, place), (taps, blocks) in sums.items():
        found, _ = SignalDay.objects.get_or_create(day=on, channel=channel, place=place)
        found.taps, found.blocks = found.taps + taps, found.blocks + blocks
        found.save()
    gone, _ = old.delete()
    return gone
