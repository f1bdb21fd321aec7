"""Rings, tells, and is quiet again. Each move in one transaction with its event and messages.

Operators alone are told. What is declared already, or muted, rings on the board and tells nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from outage.audit import record
from outage.models import Organisation, SignalAlarm, SignalMute
from outage.notify import outbox
from outage.notify.occasions import Letter, Occasion
from outage.signals import places, summing
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from triage.rules import rulebook, signal_rules
from triage.signals.detection import Verdict
from triage.signals.tally import UK

ACTOR = "signals"
# What may be said by key, and in what words operators read it.
REPORTS = {
    "own-monitoring": "own monitoring sees calls fail",
    "fewer-calls": "far fewer calls arrive than usual",
    "form-down": "the form or site answers with an error",
}
# Of a report that nobody renews.
REPORT_HOLDS = timedelta(minutes=30)
_LONGEST_REASON = 200
_NUMBERS = {5: "five", 10: "ten", 30: "thirty"}


def watch(at: datetime) -> int:
    """One look at everything: ring what is above its usual, quieten what is not. How many people
    are told."""
    verdicts = summing.look(at)
    ringing = {v.series: v for v in verdicts if v.rings}
    held = {(a.channel, a.place): a for a in SignalAlarm.objects.filter(quiet_at=None, source="")}
    told = 0
    for series, verdict in ringing.items():
        if (alarm := held.get(series)) is not None:
            _goes_on(alarm, verdict, at)
        elif places.is_known(*series):
            told += _rings(verdict, ringing, at)
    _quieten(at)
    summing.forget_marks(at, since=at - timedelta(hours=2))
    return told


def _rings(verdict: Verdict, ringing: Iterable[tuple[str, str]], at: datetime) -> int:
    channel, place = verdict.series
    seen = verdict.told
    with record.writing():
        if SignalAlarm.objects.filter(
            channel=channel, place=place, source="", quiet_at=None
        ).exists():
            return 0  # Another process was faster.
        alarm = SignalAlarm(channel=channel, place=place, rang_at=at, last_at=at)
        _figures(alarm, verdict)
        alarm.save()
        data = {
            "channel": channel,
            "place": place,
            "minutes": seen.minutes,
            "blocks": seen.blocks,
            "taps": seen.taps,
            "usual": round(seen.usual, 3),
        }
        record.append(record.EventData("signal-rang", "", "", ACTOR, data), at)
        areas = [p for c, p in ringing if c == channel and p.startswith(summing.AREA)]
        return _tell(alarm, areas, uk_rings=(channel, UK) in ringing)


def _goes_on(alarm: SignalAlarm, verdict: Verdict, at: datetime) -> None:
    alarm.last_at = at
    if verdict.told.blocks > alarm.blocks:
        _figures(alarm, verdict)
    alarm.save()


def _figures(alarm: SignalAlarm, verdict: Verdict) -> None:
    seen = verdict.told
    alarm.minutes, alarm.blocks = seen.minutes, seen.blocks
    alarm.taps, alarm.usual = seen.taps, seen.usual


def _quieten(at: datetime) -> None:
    """What has not rung for a while is over."""
    since = at - timedelta(minutes=signal_rules().quiet_minutes)
    open_ones = SignalAlarm.objects.filter(quiet_at=None)
    over = [a for a in open_ones if a.last_at <= (at - REPORT_HOLDS if a.source else since)]
    for alarm in over:
        _end(alarm, at)


def _end(alarm: SignalAlarm, at: datetime) -> None:
    with record.writing():
        alarm.quiet_at = at
        alarm.save()
        data = {"channel": alarm.channel, "place": alarm.place, "source": alarm.source}
        record.append(record.EventData("signal-quiet", "", "", ACTOR, data), at)


def sentence(alarm: SignalAlarm) -> str:
    """999: 23 people in 14 address blocks in Leicestershire in ten minutes; usual: under 1."""
    where, line = places.place_name(alarm.place), places.channel_name(alarm.channel)
    if alarm.source:
        return f"{line}, {where}: {REPORTS.get(alarm.what, alarm.what)} ({alarm.source})"
    usual = "under 1" if alarm.usual < 1 else f"{alarm.usual:.0f}"
    span = _NUMBERS.get(alarm.minutes, str(alarm.minutes))
    return (
        f"{line}: {alarm.taps:.0f} people in {alarm.blocks:.0f} address blocks in {where} in "
        f"{span} minutes; usual at this hour: {usual}"
    )


def looks(alarm: SignalAlarm) -> str:
    """What tells people from a machine: seconds, pages, networks."""
    seen = summing.shape(alarm.channel, alarm.place, alarm.rang_at - timedelta(minutes=30))
    names = {b.network: b.name for b in rulebook().catalogue.brands.values() if b.leads}
    told = ", ".join(f"{names.get(k, k)} {n}" for k, n in sorted(seen.told.items()))
    return (
        f"Most within one second: {seen.rush}. Sent by no page of ours: {seen.bare} of "
        f"{seen.taps}. Phones named: {told or 'none'}."
    )


def form(organisation: Organisation, alarm: SignalAlarm) -> str:
    """The declare form, under /staff/, with channel and place and nothing else."""
    where = places.footprint(organisation.footprints, alarm.place)
    return f"declare/?{urlencode({'channel': alarm.channel, 'place': where})}"


def _tell(alarm: SignalAlarm, areas: Sequence[str] = (), *, uk_rings: bool = False) -> int:
    if muted(alarm.channel, alarm.place, alarm.rang_at) or places.declared(
        alarm.channel, alarm.place
    ):
        return 0
    lines = [sentence(alarm), *([] if alarm.source else [looks(alarm)])]
    if alarm.place == UK and areas:
        lines.append(f"Areas that ring: {', '.join(map(places.place_name, areas))}.")
    lines += [
        "This is what people tell our pages. Nobody has checked it, and the public reads nothing "
        "of it.",
        "If it is so, say it here. If not, mute it for an hour on the board.",
    ]
    told = 0
    for owner in places.told(alarm.channel, alarm.place, uk_rings=uk_rings):
        letter = Letter(f"Early warning. {sentence(alarm)}", tuple(lines), form(owner, alarm))
        people = outbox.writers(owner)
        told += outbox.tell(Occasion.SIGNAL, str(alarm.pk), letter, people, (owner,), alarm.rang_at)
    return told


def muted(channel: str, place: str, at: datetime) -> SignalMute | None:
    found = SignalMute.objects.filter(channel=channel, place=place, at__lte=at, until__gt=at)
    return found.order_by("-until").first()


def mute(by: Actor, channel: str, place: str, reason: str) -> SignalMute:
    """Tell nobody of it for an hour. Raises RefusedError for whoever may not declare it there."""
    owner, reason = by.operator.organisation, " ".join(reason.split())
    if not places.is_known(channel, place) or not places.may_mute(by.rights, owner, channel, place):
        raise RefusedError("Whoever may declare it there mutes it.")
    if not reason or len(reason) > _LONGEST_REASON:
        raise RefusedError(f"Say why, in up to {_LONGEST_REASON} characters: it is on the record.")
    until = by.at + timedelta(minutes=signal_rules().mute_minutes)
    with record.writing():
        data = {"channel": channel, "place": place, "reason": reason, "until": until.isoformat()}
        fact = record.EventData("signal-muted", "", owner.slug, by.name, data)
        record.append(fact, by.at)
        return SignalMute.objects.create(
            channel=channel, place=place, at=by.at, until=until, reason=reason, by=by.name
        )


def report(channel: str, place: str, what: str, source: str, at: datetime) -> SignalAlarm:
    """Another system says that a channel fails somewhere: it rings as taps do, until it says that
    it is over or says nothing for half an hour. Raises RefusedError for what is unknown."""
    if what not in REPORTS:
        raise RefusedError(f'"{what[:40]}" is none of {", ".join(REPORTS)}.')
    if not places.is_known(channel, place):
        raise RefusedError(f'"{channel[:40]}" at "{place[:60]}" is no channel and place.')
    with record.writing():
        held = SignalAlarm.objects.filter(
            channel=channel, place=place, source=source, quiet_at=None
        ).first()
        if held is not None:
            held.last_at = at
            held.save()
            return held
        alarm = SignalAlarm.objects.create(
            channel=channel, place=place, source=source, what=what, rang_at=at, last_at=at
        )
        data = {"channel": channel, "place": place, "what": what, "source": source}
        record.append(record.EventData("signal-rang", "", "", ACTOR, data), at)
        _tell(alarm)
        return alarm


def report_over(channel: str, place: str, source: str, at: datetime) -> None:
    """What another system said is over."""
    held = SignalAlarm.objects.filter(channel=channel, place=place, source=source, quiet_at=None)
    for alarm in held:
        _end(alarm, at)
