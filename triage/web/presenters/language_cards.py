"""A card of another language: the digits of the live advice, under the words of its language.

What has no number, and the names of nations, stand in English: whoever answers speaks it. No rule
lives here.
"""

from __future__ import annotations

from dataclasses import dataclass

from triage.engine.catalogue import Text
from triage.rules import rulebook
from triage.seeds.languages import LanguageCard
from triage.web.context.page_context import PageContext
from triage.web.presenters.channel_state import is_down, kept_free
from triage.web.presenters.contact import Contact
from triage.web.presenters.emergency_block import EmergencyBlock, Group, emergency_block
from triage.web.presenters.sentences import name


@dataclass(frozen=True)
class CardGroup:
    """Services that are told the same, named in the card's language."""

    whom: str
    first: Contact
    then: tuple[Contact, ...]


@dataclass(frozen=True)
class CardPlace:
    """The groups of one place; `where` names nations, where they differ."""

    where: str
    groups: tuple[CardGroup, ...]


@dataclass(frozen=True)
class CardBeyond:
    """A number for when nothing connects, and who answers it: services, each with its nations."""

    number: str
    href: str
    whom: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ShownCard:
    """What the page of a language shows. `everyday` are the lines of numbers that are open."""

    words: LanguageCard
    block: EmergencyBlock
    places: tuple[CardPlace, ...]
    beyond: tuple[CardBeyond, ...]
    everyday: tuple[str, ...]


def language_card(here: PageContext, card: LanguageCard) -> ShownCard:
    """A card with what is advised here and now."""
    block = emergency_block(here)
    places = tuple(
        CardPlace(variant.where, tuple(_group(card, group) for group in variant.groups))
        for variant in block.variants
    )
    beyond = tuple(
        CardBeyond(
            b.number, b.href, tuple((_spoken(card, need), names) for need, names in b.services)
        )
        for b in block.beyond
    )
    return ShownCard(card, block, places, beyond, _everyday(here, card))


def _group(card: LanguageCard, group: Group) -> CardGroup:
    return CardGroup(_spoken(card, *group.needs), group.first, group.then)


def _spoken(card: LanguageCard, *needs: str) -> str:
    """The services of needs, in the card's language."""
    spoken = card.services.model_dump()
    services = [s for need in needs for s in rulebook().needs[need].services]
    return ", ".join(spoken[str(s)] for s in services)


def _everyday(here: PageContext, card: LanguageCard) -> tuple[str, ...]:
    """The lines of no emergency, but those whose number may not be called now."""
    channels = rulebook().catalogue.channels
    lines = (("101", card.police), ("111", card.health))
    return tuple(
        name(here, Text(line, line))
        for channel, line in lines
        if channel not in kept_free(here) and not is_down(here, channels[channel])
    )
