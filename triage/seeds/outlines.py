"""seeds/outlines.toml -> the outline of each police force area, or every fault at once.

For whoever draws our messages on a map. No advice hangs on a line: who is where is triage/places.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from triage.engine.catalogue import Catalogue, Service
from triage.seeds.problems import SeedProblem, SeedsError, explain, unknown
from triage.seeds.schema import SeedEntry, Slug

_FILE = "seeds/outlines.toml"
_PAIR = r"-?[0-9]{1,2}(\.[0-9]+)?,-?[0-9]{1,3}(\.[0-9]+)?"
# At least three corners, and the first again.
Ring = Annotated[str, StringConstraints(pattern=rf"^{_PAIR}( {_PAIR}){{3,}}$")]


class OutlineEntry(SeedEntry):
    """Rings of latitude,longitude pairs (WGS 84), as CAP 1.2 writes a polygon."""

    police: Slug
    rings: Annotated[list[Ring], Field(min_length=1)]
    source: Slug
    checked: date


class _File(SeedEntry):
    outline: list[OutlineEntry]


def read_outlines(folder: Path, catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """The rings of each police force, by its slug.

    Raises SeedsError with every fault that is found.
    """
    try:
        rows = tomllib.loads((folder / "outlines.toml").read_text(encoding="utf-8"))
        entries = _File.model_validate(rows).outline
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SeedsError([SeedProblem(_FILE, "", str(error))]) from error
    except ValidationError as error:
        known = OutlineEntry.model_fields
        found = [SeedProblem(_FILE, "", explain(e, known)) for e in error.errors()]
        raise SeedsError(found) from error
    if faults := [*_faults(entries, catalogue)]:
        raise SeedsError(faults)
    return {entry.police: tuple(entry.rings) for entry in entries}


def _faults(entries: list[OutlineEntry], catalogue: Catalogue) -> Iterator[SeedProblem]:
    forces = {slug for service, slug in catalogue.bodies if service is Service.POLICE}
    seen: set[str] = set()
    for entry in entries:
        place = f'outline "{entry.police}"'
        if entry.police not in forces:
            yield SeedProblem(_FILE, place, unknown("police", entry.police, forces))
        if entry.police in seen:
            yield SeedProblem(_FILE, place, "stands twice")
        if entry.source not in catalogue.sources:
            yield SeedProblem(_FILE, place, unknown("source", entry.source, catalogue.sources))
        for ring in entry.rings:
            first, _, rest = ring.partition(" ")
            if rest.rpartition(" ")[2] != first:
                yield SeedProblem(_FILE, place, f"the ring that begins {first} does not close")
        seen.add(entry.police)
