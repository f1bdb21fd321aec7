"""How well plain words are understood, by figures alone: `python -m tests.bench.words`.

The sentences of tests/search/held_out were written before the model, by people who had seen none
of what it learns from. Nobody who works on search reads them: this prints no sentence.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SETS = Path(__file__).parents[1] / "search" / "held_out"


@dataclass(frozen=True)
class HeldOut:
    """A sentence with the answer that a careful dispatcher wants. `danger` is None where one could
    dispute it."""

    says: str
    lang: str
    kind: str
    danger: bool | None
    right: tuple[str, ...]
    also: tuple[str, ...]
    set: str


@dataclass(frozen=True)
class Outcome:
    """What search made of a held-out sentence."""

    row: HeldOut
    panel: bool
    places: tuple[str, ...]
    certainty: str
    milliseconds: float

    @property
    def first_is_right(self) -> bool:
        return self.places[0] in self.row.right if self.places else not self.row.right

    @property
    def in_three(self) -> bool:
        if not self.row.right:
            return not self.places
        return bool({*self.row.right, *self.row.also}.intersection(self.places[:3]))


def held_out() -> Iterator[HeldOut]:
    for path in sorted(SETS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield HeldOut(
                row["says"], row["lang"], row["kind"], row["danger"], tuple(row["right"]),
                tuple(row["also"]), path.stem,
            )  # fmt: skip


def judged(rows: Iterable[HeldOut]) -> list[Outcome]:
    """What today's search makes of each row."""
    from triage.web.context.search_query import searching  # Django must stand first

    search = searching()
    search.find("warm up")
    found = []
    for row in rows:
        began = time.process_time()
        hits = search.find(row.says[:4000])
        took = (time.process_time() - began) * 1000
        places = tuple(place.id for place in hits.places)
        found.append(Outcome(row, hits.panel, places, str(hits.certainty), took))
    return found


def share(of: Sequence[bool]) -> str:
    return f"{sum(of) / len(of):6.1%} of {len(of):4}" if of else "     – of    0"


def table(found: Sequence[Outcome]) -> Iterator[str]:
    """A line for each kind, and one for all: no sentence stands in it."""
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for one in found:
        kinds[one.row.kind].append(one)
        kinds["in Welsh" if one.row.lang == "cy" else "in English"].append(one)
        kinds[f"set {one.row.set}"].append(one)
    for kind, rows in (*sorted(kinds.items()), ("all", found)):
        yield (
            f"{kind:22} heard {share([r.panel for r in rows if r.row.danger is True])}"
            f"  false panels {share([r.panel for r in rows if r.row.danger is False])}"
            f"  first {share([r.first_is_right for r in rows])}"
            f"  in three {share([r.in_three for r in rows])}"
        )
    for certainty in ("sure", "likely", "unsure", "none"):
        rows = [r for r in found if r.certainty == certainty]
        yield f"called {certainty:8} right {share([r.first_is_right for r in rows])}"
    matters = [r for r in found if r.row.right]
    yield f"do not know, of what has an outcome {share([not r.places for r in matters])}"
    times = sorted(r.milliseconds for r in found)
    median, most = statistics.median(times), times[len(times) * 99 // 100]
    yield f"median {median:.2f} ms, 99th percentile {most:.2f} ms"


def main() -> None:
    import django  # so that the rows can be counted without a site

    os.environ.setdefault("WHICH_NUMBER_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.config.settings")
    django.setup()
    for line in table(judged(held_out())):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
