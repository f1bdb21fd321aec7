"""`manage.py release_check`: whether the facts are good enough to go out, and what else is open.

Refuses a release in which an emergency number is not confirmed by its owner or another public body,
or in which the bank holidays of the next months are missing. It needs no network.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from triage import clock, links, rules
from triage.engine.catalogue import Nation
from triage.engine.rulebook import Rulebook
from triage.seeds import fact_register
from triage.seeds.fact_register import Weight, welsh_to_read
from triage.seeds.source_rank import number_rank

# How far ahead bank holidays must be known.
HOLIDAYS_AHEAD = timedelta(days=90)


class Command(BaseCommand):
    help = "Refuse a release with an unconfirmed emergency number; say what else is open."

    def handle(self, *args: Any, **options: Any) -> None:
        book, today = rules.rulebook(), clock.now().date()
        for line in open_points(book, today):
            self.stdout.write(f"open: {line}")
        if refused := [*refusals(book, today)]:
            raise CommandError("\n".join(f"refused: {line}" for line in refused))
        self.stdout.write("Nothing stands against a release.")


def refusals(book: Rulebook, today: date) -> Iterator[str]:
    """Why this must not go out."""
    sources = book.catalogue.sources
    for channel in book.catalogue.channels.values():
        rank = number_rank(channel, sources)
        if channel.emergency and rank is not None and not rank.confirmed:
            yield f"{channel.id}: {channel.number} is an emergency number, {rank.name.lower()}"
    for nation in Nation:
        days = book.catalogue.holidays.get(nation, frozenset())
        if max(days, default=date.min) < today + HOLIDAYS_AHEAD:
            yield f"{nation}: no bank holidays after {max(days, default=date.min)}"


def open_points(book: Rulebook, today: date) -> Iterator[str]:
    """What is open and stops nobody."""
    sources = book.catalogue.sources
    for channel in book.catalogue.channels.values():
        rank = number_rank(channel, sources)
        if rank is not None and not rank.confirmed and not channel.emergency:
            yield f"{channel.id}: {channel.number} is not confirmed, {rank.name.lower()}"
    facts = fact_register.held(book)
    unread = sum(fact.certainty == "K" for fact in facts)
    yield f"{unread} of {len(facts)} facts were read nowhere; none of them is a number or an hour"
    yield f"{len(fact_register.due(facts, today))} facts are due"
    waiting = welsh_to_read(book, {})
    safety = sum(item.weight is Weight.SAFETY for item in waiting)
    yield f"{safety} Welsh sentences that safety hangs on wait for a Welsh speaker"
    last = links.last_checked()
    told = f"last looked at on {last[0]}, {last[1]} wrong" if last else "never looked at"
    yield f"links: {told}"
