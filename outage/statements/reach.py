"""How far a statement reaches: areas and live postcodes, for whoever writes and approves. Pure.

Postcodes are counted by area, so of a single council only an upper bound is known; the tables hold
Great Britain's alone. People are not counted: no official figures by council are in our data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triage.engine.catalogue import Catalogue, Footprint


@dataclass(frozen=True)
class ScopeReach:
    """Areas that a scope touches, of which some in part, and the postcodes in them. `uncounted`:
    touched areas whose postcodes nobody counted."""

    areas: int
    in_part: int
    postcodes: int
    uncounted: int

    @property
    def words(self) -> str:
        """One sentence or two; empty where nothing is reached."""
        if not self.areas:
            return ""
        part = f", {self.in_part} of them in part" if self.in_part else ""
        named = f"{self.areas} area{'' if self.areas == 1 else 's'}{part}"
        most = "at most " if self.in_part else ""
        counted = f"{most}{self.postcodes:,} postcodes" if self.postcodes else ""
        rest = "Postcodes of Northern Ireland are not counted." if self.uncounted else ""
        whole = f"Reaches {named}{': ' if counted else ''}{counted}."
        return f"{whole} {rest}".strip()


def reach(
    footprints: Sequence[str], catalogue: Catalogue, postcodes: Mapping[str, int]
) -> ScopeReach:
    """What footprints touch; `postcodes` are the live ones of each area."""
    scope = [Footprint.parse(f) for f in footprints]
    whole: list[str] = []
    part: list[str] = []
    for area in catalogue.areas.values():
        places = [catalogue.place(area.slug, c.code) for c in area.councils]
        inside = [any(f.covers(place) for f in scope) for place in places]
        if any(inside):
            (whole if all(inside) else part).append(area.slug)
    touched = [*whole, *part]
    return ScopeReach(
        len(touched),
        len(part),
        sum(postcodes.get(area, 0) for area in touched),
        sum(area not in postcodes for area in touched),
    )
