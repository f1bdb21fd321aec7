"""Early warning by hand. --explain: why an alarm rang, or did not. --purge: minutes older than a
month become sums of days; with --all, every count goes at once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outage.models import SignalAlarm
from outage.signals import alarms, places, summing
from triage import clock
from triage.rules import signal_rules
from triage.signals.detection import Look, Verdict


class Command(BaseCommand):
    help = "Say why taps ring or do not (--explain), or forget old counts (--purge)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--explain", action="store_true", help="each series of the half hour")
        parser.add_argument("--channel", help="with --explain: only this one")
        parser.add_argument("--place", help="with --explain: only this, like area:kent")
        parser.add_argument("--purge", action="store_true", help="old minutes become days")
        parser.add_argument("--all", action="store_true", help="with --purge: forget every count")

    def handle(self, *args: object, **options: Any) -> None:
        if options["purge"]:
            gone = summing.purge(clock.now(), everything=options["all"])
            self.stdout.write(f"{gone} counts are gone")
        elif options["explain"]:
            self._explain(options["channel"], options["place"])
        else:
            raise CommandError("say --explain or --purge", returncode=2)

    def _explain(self, channel: str | None, place: str | None) -> None:
        verdicts = summing.look(clock.now())
        shown = [
            v for v in verdicts if channel in (None, v.series[0]) and place in (None, v.series[1])
        ]
        for verdict in sorted(shown, key=lambda v: (not v.rings, v.series)):
            self._tell(verdict)
        if not shown:
            self.stdout.write("Nobody tapped in the last half hour.")
        for alarm in SignalAlarm.objects.filter(quiet_at=None):
            self.stdout.write(f"Open since {alarm.rang_at:%H:%M} UTC: {alarms.sentence(alarm)}")
        floors = ", ".join(f"{w.floor} in {w.minutes} min" for w in signal_rules().windows)
        self.stdout.write(f"Never fewer address blocks than {floors} (seeds/signals.toml).")

    def _tell(self, verdict: Verdict) -> None:
        channel, place = verdict.series
        state = "rings" if verdict.rings else "does not ring"
        muted = " (muted)" if alarms.muted(channel, place, clock.now()) else ""
        self.stdout.write(f"{channel}, {places.place_name(place)} [{place}]: {state}{muted}")
        for look in verdict.looks:
            self.stdout.write(f"  {_words(look)}")


def _words(look: Look) -> str:
    short = look.rings_from - look.blocks
    why = "rings" if look.rings else f"{short:g} too few"
    return (
        f"{look.minutes:>2} min: {look.blocks:g} blocks, {look.taps:g} people; usual "
        f"{look.usual:.3g}; rings from {look.rings_from}: {why}"
    )
