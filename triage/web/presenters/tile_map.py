"""The tile map of the UK, from seeds/tiles.toml: one tile an area. It holds no rule and no word."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError

from triage.rules import rulebook
from triage.seeds.problems import SeedProblem, SeedsError, explain, unknown

# So many columns the stylesheet knows; the map of a phone has no room for more.
COLUMNS = 8
ROWS = 12
_SEA = "."
# A short name as it is drawn, with its column and row.
Placed = tuple[str, int, int]


@dataclass(frozen=True)
class Tile:
    """Column and row from the north-west corner, counted from 1, and a short name."""

    area: str
    column: int
    row: int
    short: str


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    map: str
    areas: dict[str, str]


def read_tiles(path: Path, areas: Iterable[str]) -> tuple[Tile, ...]:
    """The tiles of a file. Raises SeedsError with every fault that is found."""
    file = f"{path.parent.name}/{path.name}"
    try:
        entry = _Entry.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SeedsError([SeedProblem(file, "", f"cannot be read: {error}")]) from error
    except ValidationError as error:
        found = [explain(e, ("map", "areas")) for e in error.errors()]
        raise SeedsError(SeedProblem(file, "", what) for what in found) from error
    placed = list(_placed(entry.map))
    if wrong := [*_wrong(placed, entry.areas, set(areas))]:
        raise SeedsError(SeedProblem(file, "", what) for what in wrong)
    return tuple(Tile(entry.areas[short], column, row, short) for short, column, row in placed)


def _placed(drawn: str) -> Iterator[Placed]:
    for row, line in enumerate(drawn.strip().splitlines(), 1):
        for column, short in enumerate(line.split(), 1):
            if short != _SEA:
                yield short, column, row


def _wrong(placed: list[Placed], named: dict[str, str], areas: set[str]) -> Iterator[str]:
    yield from _wrongly_drawn(placed, named)
    owners = Counter(named.values())
    for area in owners.keys() - areas:
        yield unknown("area", area, areas)
    for area in sorted(areas):
        if owners[area] != 1:
            yield f'area "{area}" has {owners[area]} short names: it must have one'


def _wrongly_drawn(placed: list[Placed], named: dict[str, str]) -> Iterator[str]:
    times = Counter(short for short, _, _ in placed)
    for short in sorted(times.keys() | named.keys()):
        if short not in named:
            yield f'"{short}" is on the map and names no area'
        elif times[short] != 1:
            yield f'"{short}" stands on the map {times[short]} times: it must be once'
    for short, column, row in placed:
        if column > COLUMNS or row > ROWS:
            yield f'"{short}" is off the map: it has {COLUMNS} columns and {ROWS} rows'


@lru_cache(maxsize=1)
def tiles() -> tuple[Tile, ...]:
    """The tiles of this process. Raises SeedsError, with every fault, where they are wrong."""
    return read_tiles(settings.SEEDS_DIR / "tiles.toml", rulebook().catalogue.areas)
