"""`manage.py facts`: how many facts there are, who keeps them, and what is due for another look.

`--due` lists the facts whose review date has come, on a day or by a day ahead (`--at`), the numbers
that are not confirmed, and when links were last looked at. `--reported` lists what visitors called
wrong. `--missing` lists what is not known of local services, or not well enough to be
shown, by owner.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import clock, links, reported_numbers, rules
from triage.places.postcodes import Store
from triage.seeds import fact_register
from triage.seeds.fact_register import Held
from triage.seeds.local_gaps import forces_table, missing_ways
from triage.seeds.source_rank import number_rank

WRONG = 2


class Command(BaseCommand):
    help = "Count the facts, or list those that are due: owner, source, date checked, review date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--due", action="store_true", help="list the facts that are due")
        parser.add_argument("--reported", action="store_true", help="list what was called wrong")
        parser.add_argument("--missing", action="store_true", help="list what is not known locally")
        parser.add_argument("--forces", action="store_true", help="the table of docs/forces.md")
        parser.add_argument("--at", metavar="DATE", help="on this day (YYYY-MM-DD), not today")

    def handle(self, *args: Any, **options: Any) -> None:
        on = _day(options["at"])
        if options["missing"]:
            self._missing()
            return
        if options["forces"]:
            self.stdout.write(forces_table(rules.rulebook()), ending="")
            return
        facts = (*fact_register.held(rules.rulebook()), *_postcodes())
        waiting = fact_register.due(facts, on)
        if options["due"]:
            for fact in waiting:
                self.stdout.write(_line(fact))
            self._unconfirmed()
            self.stdout.write(f"{len(waiting)} of {len(facts)} facts are due on {on}.")
        elif options["reported"]:
            self._reported()
        else:
            self._count(facts, len(waiting), on)

    def _unconfirmed(self) -> None:
        """The numbers that their owners have not confirmed: due now, whatever their day."""
        catalogue = rules.rulebook().catalogue
        for c in catalogue.channels.values():
            rank = number_rank(c, catalogue.sources)
            if rank is not None and not rank.confirmed:
                told = f"channel {c.id}: number {c.number}  ({rank.name.lower()})"
                self.stdout.write(f"unconfirmed  {c.responsible}  {told}")
        last = links.last_checked()
        told = f"on {last[0]}, {last[1]} wrong" if last else "never"
        self.stdout.write(f"links  last looked at: {told}")

    def _reported(self) -> None:
        """What visitors called wrong, by day and channel."""
        for (day, channel), count in reported_numbers.reported().items():
            number = rules.rulebook().catalogue.number(channel) or ""
            self.stdout.write(f"{day}  {count:5}  {channel}  {number}")

    def _missing(self) -> None:
        found = missing_ways(rules.rulebook())
        for m in found:
            held = f"held, certainty {m.certainty}: open it" if m.certainty else "not known"
            self.stdout.write(f"{m.owner}  {m.kind} {m.slug} ({m.name}): {m.use}, {held}")
        for (owner, use), number in sorted(Counter((m.owner, m.use) for m in found).items()):
            self.stdout.write(f"  {number:5}  {owner}: {use}")
        self.stdout.write(f"{len(found)} ways are not known or not shown.")

    def _count(self, facts: tuple[Held, ...], waiting: int, on: date) -> None:
        for title, numbers in fact_register.counts(facts).items():
            self.stdout.write(f"By {title}:")
            for name, number in sorted(numbers.items(), key=lambda item: -item[1]):
                self.stdout.write(f"  {number:5}  {CERTAINTY.get(name, name)}")
        first = min(fact.review_by for fact in facts)
        self.stdout.write(f"{len(facts)} facts, {waiting} due on {on}; the first on {first}.")


CERTAINTY = {
    "V": "V: read on its owner's page",
    "O": "O: read on another official page",
    "S": "S: read elsewhere, not confirmed with its owner",
    "K": "K: known, read nowhere yet",
}


def _line(fact: Held) -> str:
    sources = ", ".join(fact.sources)
    return (
        f"{fact.review_by}  {fact.owner}  {fact.name}  "
        f"(source {sources}, checked {fact.checked}, {fact.certainty})"
    )


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else clock.now().date()
    except ValueError as error:
        told = f'--at: "{text}" is not a date: write it as 2027-05-22'
        raise CommandError(told, returncode=WRONG) from error


def _postcodes() -> list[Held]:
    """The postcodes in use, which age too."""
    store = rules.postcodes()
    return [fact_register.postcodes_held(store.imported)] if isinstance(store, Store) else []
