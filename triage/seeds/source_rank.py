"""How good the source of a fact is, and what follows: shown, shown with a mark, or not shown.

A fact says how it was read (V on its owner's page, O on another official page, S elsewhere, K
nowhere); its source says what sort of page that is. The worse of the two is the rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from urllib.parse import urlsplit

from triage.engine.catalogue import Channel, Fact, Source


class SourceRank(IntEnum):
    """Best first."""

    OWNER = 0
    OFFICIAL = 1
    SECONDARY = 2
    OLD = 3
    NONE = 4

    @property
    def confirmed(self) -> bool:
        """Whether whoever runs the service, or another public body, says so."""
        return self <= SourceRank.OFFICIAL


_OF_FACT = {
    "V": SourceRank.OWNER,
    "O": SourceRank.OFFICIAL,
    "S": SourceRank.SECONDARY,
    "K": SourceRank.NONE,
}
_OF_PAGE = {
    "official": SourceRank.OWNER,
    "official-copy": SourceRank.SECONDARY,
    "secondary": SourceRank.SECONDARY,
    "old": SourceRank.OLD,
}


def page_rank(source: Source) -> SourceRank:
    """What sort of page a source is, whatever was read there."""
    return _OF_PAGE[source.quality]


def source_name(source: Source) -> str:
    """The body whose page it is; the host of its address where nobody has named it."""
    host = urlsplit(source.url or "").hostname or source.id
    return source.name or host.removeprefix("www.").rstrip(".")


def source_rank(fact: Fact, sources: Mapping[str, Source]) -> SourceRank:
    """The rank of a fact. A source that is not held counts as none."""
    page = sources.get(fact.source)
    of_page = page_rank(page) if page else SourceRank.NONE
    return max(_OF_FACT[fact.certainty], of_page)


def number_rank(channel: Channel, sources: Mapping[str, Source]) -> SourceRank | None:
    """The rank of a channel's own number; None where it has none of its own."""
    fact = channel.facts.get("number")
    return source_rank(fact, sources) if channel.number and fact else None
