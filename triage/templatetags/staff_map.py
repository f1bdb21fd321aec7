"""The tile map on the staff board: the public map's tiles, with what is live in each area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template

from outage.statements import operator_text
from triage import clock
from triage.engine.catalogue import Footprint
from triage.engine.edition import touching
from triage.engine.situation import Incident
from triage.rules import rulebook
from triage.web.presenters.tile_map import Tile, tiles

register = template.Library()


@register.filter
def uk(moment: datetime | None) -> str:
    """A moment in UK time as staff read it, with its year where that is not this one."""
    return operator_text.when(moment, clock.now()) if moment else ""


@dataclass(frozen=True)
class StaffTile:
    area: str
    name: str
    short: str
    column: int
    row: int
    worst: str
    words: str
    mine: bool
    place: str


@register.simple_tag
def staff_tiles(live: Sequence[Incident], operator: Any) -> list[StaffTile]:
    """Every tile, with the worst state in force there; `mine` where the operator may declare."""
    own = [Footprint.parse(f) for f in operator.organisation.footprints]
    return [_tile(tile, live, own) for tile in tiles()]


def _tile(tile: Tile, live: Sequence[Incident], own: Sequence[Footprint]) -> StaffTile:
    catalogue = rulebook().catalogue
    place = catalogue.place(tile.area)
    states = [i.state for i in touching(rulebook(), live, tile.area)]
    worst = str(min(states, key=lambda s: s.rank)) if states else ""
    mine = [f for f in own if f.covers(place)]
    return StaffTile(
        area=tile.area,
        name=catalogue.areas[tile.area].name.en,
        short=tile.short,
        column=tile.column,
        row=tile.row,
        worst=worst,
        words=worst.replace("-", " ") or "as usual",
        mine=bool(mine),
        place=f"police:{place.police}" if any(f.service is None for f in mine) else str(*mine[:1]),
    )
