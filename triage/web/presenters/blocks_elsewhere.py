"""What areas are told that differ from the page's own block, for a page that is read with no
signal: nothing can be looked up from it, so each area's way stands on it. No rule lives here.
"""

from __future__ import annotations

from dataclasses import dataclass

from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.presenters.emergency_block import EmergencyBlock, Group, emergency_block
from triage.web.presenters.sentences import EMERGENCIES


@dataclass(frozen=True)
class BlockElsewhere:
    """The areas that are told one thing, what is wrong there, and the services it changes."""

    where: str
    heading: str
    groups: tuple[Group, ...]
    said: frozenset[str]


def blocks_elsewhere(here: PageContext) -> tuple[BlockElsewhere, ...]:
    """What every area whose emergencies differ from this page's is told, areas told the same
    together, in the order of their names."""
    advised = (page_context.advice(here, need) for need in EMERGENCIES)
    areas = {area for advice in advised for part in advice.elsewhere for area in part.areas}
    found: dict[object, tuple[EmergencyBlock, list[str]]] = {}
    for slug in sorted(areas):
        there = here.elsewhere(slug)
        block = emergency_block(there)
        sense = block.kind, tuple(g.sense for v in block.variants for g in v.groups)
        found.setdefault(sense, (block, []))[1].append(there.area_name)
    return tuple(_told(block, names) for block, names in found.values())


def _told(block: EmergencyBlock, names: list[str]) -> BlockElsewhere:
    heading = f"{block.statement.heading}." if block.statement else ""
    changed = tuple(g for v in block.variants for g in v.groups)
    return BlockElsewhere(", ".join(names), heading, changed, block.said)
