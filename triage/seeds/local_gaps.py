"""What is not known of local services, by owner, and what each force's card for a report opens.

The facts that are known are fact_register.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from triage.engine.local_service import WANTED, LocalService, LocalUse
from triage.engine.rulebook import Rulebook
from triage.seeds.fact_register import OWNER_OF_LOCAL


@dataclass(frozen=True, slots=True)
class MissingWay:
    """A way that people would look for and that is not known, or not well enough to be shown."""

    owner: str
    kind: str
    slug: str
    name: str
    use: str
    certainty: str


def missing_ways(rulebook: Rulebook) -> tuple[MissingWay, ...]:
    """What is not known of each local service: the next person's work list, by owner."""
    found = [
        MissingWay(OWNER_OF_LOCAL[s.kind], s.kind, s.slug, s.name.en, use, _known(s, use))
        for s in rulebook.catalogue.local.values()
        for use in dict.fromkeys((*WANTED[s.kind], *(w.use for w in s.ways)))
        if not s.way(use)
    ]
    return tuple(sorted(found, key=lambda m: (m.owner, m.kind, m.use, m.slug)))


def forces_table(rulebook: Rulebook) -> str:
    """What the card for a report online is called and opens in each police force, as Markdown."""
    catalogue = rulebook.catalogue
    channel = catalogue.channels["police-online"]
    places = {a.police: catalogue.place(a.slug) for a in catalogue.areas.values()}
    rows = ["| force | the card says | it opens | certainty |", "|---|---|---|---|"]
    for force in sorted(places):
        way = catalogue.own_way(channel, places[force])
        label = catalogue.label_at(channel.id, places[force]).en
        opens, sure = (way.url, way.fact.certainty) if way else ("", "")
        rows.append(f"| {force} | {label} | {opens} | {sure} |")
    return "\n".join(rows) + "\n"


def _known(service: LocalService, use: LocalUse) -> str:
    """How sure it is what is held and not shown; empty where nothing is held."""
    return next((w.fact.certainty for w in service.ways if w.use is use), "")
