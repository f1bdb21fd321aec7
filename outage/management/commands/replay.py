"""What the public was told at a time, in a place, for a need, as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outage.audit import past_days, replay
from triage.engine.advice import to_json
from triage.engine.catalogue import Place
from triage.rules import finder, rulebook


class Command(BaseCommand):
    help = "Say what the public was told, from the record alone (or of a past day, from history)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", required=True, help="2026-11-24T08:45:00+00:00")
        parser.add_argument("--area", help="an area slug, a council, a town; leave out for none")
        parser.add_argument("--need", required=True, help="a need, e.g. police-emergency")
        parser.add_argument("--history", help="a day in seeds/history, e.g. 2023-06-25")

    def handle(self, *args: Any, **options: Any) -> None:
        at = _moment(options["at"])
        place = _place(options["area"])
        if options["need"] not in rulebook().needs:
            raise CommandError(f'--need: "{options["need"]}" is unknown: see seeds/needs/')
        self.stdout.write(json.dumps(_told(at, place, options), indent=2, ensure_ascii=False))


def _told(at: datetime, place: Place | None, options: dict[str, Any]) -> dict[str, Any]:
    need = options["need"]
    if day := options["history"]:
        try:
            return to_json(past_days.replay(past_days.day(day), at, place, need))
        except past_days.UnknownDayError as error:
            raise CommandError(str(error)) from error
    try:
        found = replay.replay(at, place, need)
    except (replay.ReplayError, OverflowError) as error:
        raise CommandError(str(error)) from error
    return {**to_json(found.advice), "rulebook": found.rulebook, "events": list(found.events)}


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f'--at: "{text}" is not a time like 2026-11-24T08:45:00Z') from error
    if at.tzinfo is None:
        raise CommandError("--at: say the time zone too, e.g. 2026-11-24T08:45:00+00:00")
    return at


def _place(words: str | None) -> Place | None:
    if not words:
        return None
    if words in rulebook().catalogue.areas:
        return rulebook().catalogue.place(words)
    try:
        return finder().only(words)
    except ValueError as error:
        raise CommandError(f"--area: {error}") from error
