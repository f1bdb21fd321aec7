"""Need by nation: who is first, by what number or address, when, and how sure. Never an empty cell:
where there is nothing to dial, the data says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from triage.engine.catalogue import Channel, Nation
from triage.engine.rulebook import Rulebook
from triage.seeds.source_rank import source_rank

BY_NATURE = "by nature: whoever it is gives the number"
BY_AREA = "by area: the police force's own"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one nation has for one need: its owner, how to reach it, its hours and their rank."""

    need: str
    nation: str
    owner: str
    channel: str
    reach: str
    hours: str
    sure: str


def nations_table(rulebook: Rulebook) -> Iterator[Cell]:
    """Every need in every nation, by what stands first in its route."""
    for need in rulebook.needs.values():
        for nation in Nation:
            route = need.routes[nation]
            known = rulebook.catalogue.channels
            first = next((known[c] for c in route if nation in known[c].nations), None)
            if first is not None:
                yield _cell(rulebook, need.id, nation, first)


def _cell(rulebook: Rulebook, need: str, nation: Nation, channel: Channel) -> Cell:
    catalogue = rulebook.catalogue
    number = catalogue.number(channel.id)
    words = channel.words(nation)
    reach = number or channel.email or words.url or _why_not(channel)
    field = "number" if channel.number else "url"
    fact = channel.facts.get(field) or channel.facts.get("nations")
    hours = "not known" if channel.hours is None else "always" if channel.hours.always else "a week"
    return Cell(
        need=need,
        nation=str(nation),
        owner=channel.org.en if channel.org else catalogue.label(channel.id, nation).en,
        channel=channel.id,
        reach=reach,
        hours=hours,
        sure=source_rank(fact, catalogue.sources).name.lower() if fact else "none",
    )


def _why_not(channel: Channel) -> str:
    return BY_AREA if channel.url_from else BY_NATURE if channel.by_nature else ""
