"""`manage.py says`: how many sentences count for each outcome and question.

A sentence that is over 80 % alike another of the same id, after sorting its words, does not count.
Goals: 60 English, 20 Welsh, 20 near misses; twice as many where it is an emergency.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from rapidfuzz import fuzz, process

from triage.engine.catalogue import Lang
from triage.rules import rulebook
from triage.search.finding import dangers
from triage.seeds.says import Said, read_says
from triage.web.context.site_pages import SITE_PAGES

ALIKE = 80  # per cent, after sorting the words
GOALS = {"en": 60, "cy": 20, "near": 20}
Key = tuple[str, str]


class Command(BaseCommand):
    help = "Count the sentences that search learns from, by outcome and question."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--short", action="store_true", help="only what is short of its goal")

    def handle(self, *args: Any, **options: Any) -> None:
        book = rulebook()
        ids = [*book.outcomes, *book.questions]
        said = read_says(settings.SEEDS_DIR / "says", {*ids, *SITE_PAGES})
        counts, urgent = counted(said), dangers(book)
        short = 0
        for ident in ids:
            own = {kind: counts[ident, kind] for kind in GOALS}
            goal = {kind: GOALS[kind] * (2 if ident in urgent else 1) for kind in GOALS}
            lacks = any(own[kind] < goal[kind] for kind in GOALS)
            short += lacks
            if lacks or not options["short"]:
                told = "  ".join(f"{kind} {own[kind]:4}/{goal[kind]}" for kind in GOALS)
                self.stdout.write(f"{ident:40} {told}{'  short' if lacks else ''}")
        self.stdout.write(f"{len(said)} sentences; {short} of {len(ids)} ids are short of a goal")


def counted(said: Iterable[Said]) -> Counter[Key]:
    """The sentences of each id that count: by language, and near misses of either."""
    groups: dict[Key, list[str]] = defaultdict(list)
    for one in said:
        if one.near:
            groups[one.near, "near"].append(one.words)
        elif one.lang in list(Lang):
            groups[one.right, one.lang].append(one.words)
    return Counter({key: _differing(words) for key, words in groups.items()})


def _differing(sentences: Iterable[str]) -> int:
    kept: list[str] = []
    for words in sentences:
        if not process.extractOne(
            words.lower(), kept, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE + 0.01
        ):
            kept.append(words.lower())
    return len(kept)
