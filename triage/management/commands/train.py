"""`manage.py train`: learn from seeds/says anew, and write the trained file that the site reads.

The same sentences give the same bytes. Needs scipy (a development dependency).
"""

from __future__ import annotations

import importlib
import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from triage.rules import rulebook
from triage.seeds.lessons import lessons_of, wrapper_parts
from triage.seeds.says import fingerprint, read_says
from triage.web.context.search_query import TRAINED, ids_of_search


class Command(BaseCommand):
    help = "Learn from seeds/says, and write seeds/says/trained.bin."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            training = importlib.import_module("triage.search.training")
        except ImportError as error:
            raise CommandError(f"{error}: install the development dependencies first") from error
        # Several threads add in another order, and so make other bytes. The learners read it.
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        folder = settings.SEEDS_DIR / "says"
        ids, began = ids_of_search(), time.monotonic()
        learnt = lessons_of(read_says(folder, ids), rulebook(), ids)
        sides = training.Sides(learnt.dangers, learnt.calm, frozenset(rulebook().questions))
        data = training.train(
            learnt.sentences, learnt.ids, sides, wrapper_parts(folder), fingerprint(folder)
        )
        (folder / TRAINED).write_bytes(data)
        took = time.monotonic() - began
        self.stdout.write(f"{len(learnt.sentences)} sentences, {len(data):,} bytes, {took:.0f} s")
