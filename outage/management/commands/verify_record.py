"""Prove that no event of the record was changed, taken out or moved, and that the database holds
what the record says."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outage.audit.differences import differences
from outage.audit.record import faults
from outage.models import Event


class Command(BaseCommand):
    help = "Prove the record's chain. Give a hash kept elsewhere to prove that nothing was cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--has", default="", help="a hash this command printed before")

    def handle(self, *args: Any, **options: Any) -> None:
        events = Event.objects.order_by("number")
        problems = list(faults(events.iterator()))
        if not problems:
            problems += differences(events.iterator())
        kept = options["has"]
        if kept and not events.filter(hash=kept).exists():
            problems.append(f"the kept hash {kept[:12]} is not in the record: its end was cut off")
        if problems:
            raise CommandError("\n".join(problems))
        last = events.last()
        self.stdout.write(f"The record holds: {events.count()} events, none changed.")
        if last is not None:
            self.stdout.write(f"Keep this hash somewhere else: {last.hash}")
