"""`manage.py words`: which Welsh to check first, and which English is hard to read.

`--keys` writes the names of all words for code to ask by, after a sentence was added.
`--review` lists the Welsh that safety hangs on and that nobody has checked yet; with `--all` every
such sentence; with `--csv FILE` as a table, which `--sign FILE --reviewer NAME` takes back, filled
in. `--glossary` lists Welsh that breaks a term. `--reading-age` lists the outcomes whose English is
that a child of nine could not read. `--languages` lists the cards of other languages that no
native speaker has read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from triage import rules
from triage.rules import words
from triage.seeds import glossary, welsh_review, word_keys
from triage.seeds.fact_register import HARD, ToRead, Weight, reading_ages, texts, welsh_to_read
from triage.seeds.welsh_review import ReviewError
from triage.seeds.words import keys_in, write_keys

WRONG = 2
TITLES = {
    Weight.SAFETY: "Safety: emergencies, and what is said in them",
    Weight.URGENT: "Urgent",
    Weight.OTHER: "The rest",
}


class Command(BaseCommand):
    help = "List the Welsh to check first (--review), or the English that is hard (--reading-age)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--keys", action="store_true", help="write triage/seeds/word_keys.py")
        parser.add_argument("--review", action="store_true", help="Welsh to check, safety first")
        parser.add_argument("--all", action="store_true", help="with --review: every sentence")
        parser.add_argument("--csv", metavar="FILE", help="with --review: a table to fill in")
        parser.add_argument("--sign", metavar="FILE", help="take a table that was filled in")
        parser.add_argument("--reviewer", metavar="NAME", help="with --sign: who read the Welsh")
        parser.add_argument("--glossary", action="store_true", help="where Welsh breaks a term")
        parser.add_argument("--languages", action="store_true", help="cards nobody has read")
        parser.add_argument("--reading-age", action="store_true", help="outcomes too hard at nine")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keys"]:
            self._keys()
        elif options["sign"]:
            self._sign(Path(options["sign"]), options["reviewer"])
        elif options["glossary"]:
            self._glossary()
        elif options["review"] and options["csv"]:
            waiting = welsh_to_read(rules.rulebook(), words().texts)
            Path(options["csv"]).write_text(welsh_review.table(waiting), encoding="utf-8")
            self.stdout.write(f"{len(waiting)} Welsh sentences in {options['csv']}")
        elif options["review"]:
            self._review(welsh_to_read(rules.rulebook(), words().texts), every=options["all"])
        elif options["reading_age"]:
            self._reading_ages()
        elif options["languages"]:
            self._languages()
        else:
            told = "say --keys, --review, --sign, --glossary, --languages or --reading-age"
            raise CommandError(told, returncode=WRONG)

    def _languages(self) -> None:
        """The cards that wait for a native speaker."""
        waiting = [card for card in rules.languages().values() if not card.read]
        for card in waiting:
            self.stdout.write(f"{card.code}  {card.english}")
        self.stdout.write(f"{len(waiting)} of {len(rules.languages())} not read by anybody")

    def _keys(self) -> None:
        found = keys_in(Path(settings.SEEDS_DIR) / "words")
        write_keys(Path(word_keys.__file__), found)
        self.stdout.write(f"{len(found)} names of words")

    def _sign(self, file: Path, reviewer: str | None) -> None:
        """Takes a table back. Nothing is written where anything in it is wrong."""
        if not (reviewer or "").strip():
            raise CommandError("say who read the Welsh: --reviewer NAME", returncode=WRONG)
        try:
            given = welsh_review.signed(file.read_text(encoding="utf-8"))
            count = welsh_review.sign(Path(settings.SEEDS_DIR), given, str(reviewer))
        except (OSError, UnicodeDecodeError, ReviewError) as error:
            raise CommandError(f"{file}: {error}", returncode=WRONG) from error
        self.stdout.write(f"{count} Welsh sentences signed by {reviewer}")

    def _glossary(self) -> None:
        terms = glossary.read_glossary(Path(settings.SEEDS_DIR))
        pages = [(f"words {key}", text) for key, text in words().texts.items()]
        found = [*glossary.breaches(terms, [*texts(rules.rulebook(), "seeds"), *pages])]
        for where, what in found:
            self.stdout.write(f"{where}: {what}")
        self.stdout.write(f"{len(found)} texts break one of {len(terms)} terms")

    def _review(self, waiting: tuple[ToRead, ...], *, every: bool) -> None:
        for weight in Weight if every else [Weight.SAFETY]:
            self.stdout.write(f"# {TITLES[weight]}")
            for item in waiting:
                if item.weight is weight:
                    self.stdout.write(f"{item.where}\n  en: {item.text.en}\n  cy: {item.text.cy}")
        numbers = [sum(item.weight is weight for item in waiting) for weight in Weight]
        told = ", ".join(f"{n} {w.name.lower()}" for n, w in zip(numbers, Weight, strict=True))
        self.stdout.write(f"{len(waiting)} Welsh sentences wait for a Welsh speaker: {told}.")

    def _reading_ages(self) -> None:
        ages = reading_ages(rules.rulebook())
        hard = [age for age in ages if age.measure.grade > HARD]
        for age in hard:
            self.stdout.write(f"{age.measure.grade:5.1f}  {age.outcome}: {age.hardest}")
        middle = ages[len(ages) // 2].measure.grade
        self.stdout.write(
            f"{len(hard)} of {len(ages)} outcomes are over grade {HARD:.0f}. The hardest is "
            f"{ages[0].outcome} ({ages[0].measure.grade}), the middle one {middle}."
        )
