"""Prepared tables against the finder: does every row give exactly its areas?"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from triage.places.finder import Finder
from triage.places.postcode_files import PREPARED


def table_check(folder: Path, finder: Finder) -> tuple[str, tuple[str, ...]]:
    """A sentence that counts what was asked, and every postcode that gave other areas.

    `folder` holds outcodes.csv, sectors.csv and split_sectors.csv. Raises OSError and KeyError.
    """
    asked: Counter[str] = Counter()
    wrong: list[str] = []
    for kind, typed, areas in _expected(folder):
        found = finder.find(typed)
        asked[kind] += 1
        if {place.area for place in found.places} != areas or found.guess:
            wrong.append(f"{typed}: {', '.join(p.area for p in found.places)}, not {areas}")
    counted = ", ".join(f"{number:,} {kind}" for kind, number in asked.items())
    return f"{counted} asked for: {len(wrong):,} gave other areas.", tuple(wrong)


def _expected(folder: Path) -> Iterator[tuple[str, str, set[str]]]:
    outcodes, sectors, split = (_rows(folder / name) for name in PREPARED)
    for row in outcodes:
        yield "outcodes", row["outcode"], set(row["areas"].split("|"))
    for row in sectors:
        yield "sectors", row["sector"], set(row["areas"].split("|"))
    for row in split:
        run = row["unit_suffixes"]
        for at in range(0, len(run), 2):
            yield "postcodes on borders", row["sector"] + run[at : at + 2], {row["area"]}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
