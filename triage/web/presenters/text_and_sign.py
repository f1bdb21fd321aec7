"""The ways of somebody who signs or types, for one service or for whoever has not said which.

How somebody communicates is a property of the visitor, so that the engine sends them to the same
service as a hearing person (advice.md, rule 6). No rule lives here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypedDict

from triage.engine.advice import Advice
from triage.engine.catalogue import ChannelKind, Nation
from triage.engine.situation import Uses
from triage.rules import rulebook
from triage.seeds.enum_words import of_nation
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.presenters.contact import Contact
from triage.web.presenters.emergency_block import SERVICES
from triage.web.presenters.outcome import NoticeLine, OutcomePage, shown
from triage.web.presenters.sentences import plain
from triage.web.presenters.taps import TapButton, tap_buttons

_TITLES: Mapping[Uses, WordKey] = {Uses.TEXT: "deaf-by-text", Uses.SIGN: "deaf-by-sign"}
# What a way needs before it works, by its kind.
_REQUIRED: Mapping[ChannelKind, WordKey] = {
    ChannelKind.RELAY: "requires-relay",
    ChannelKind.VIDEO: "requires-video",
    ChannelKind.SMS: "requires-sms",
}


@dataclass(frozen=True)
class ServiceLink:
    """A service to choose."""

    path: str
    label: str
    chosen: bool


def service_links(here: PageContext, chosen: str | None) -> tuple[ServiceLink, ...]:
    """The four emergency services, as the first question of the page."""
    return tuple(
        ServiceLink(f"deaf/{need}/", plain(here, label), need == chosen)
        for need, label in SERVICES.items()
    )


@dataclass(frozen=True)
class SilentBlock:
    """One place's ways: the first by sign and by text, and what stands behind either."""

    where: str
    firsts: tuple[tuple[str, Contact], ...]
    then: tuple[Contact, ...]
    said: tuple[str, ...]
    avoid: tuple[str, ...]
    views: tuple[OutcomePage, ...]

    @property
    def statement(self) -> NoticeLine | None:
        return next((view.statement for view in self.views if view.statement), None)

    @property
    def more(self) -> int:
        return max(view.more for view in self.views)


class TypingOrSigning(TypedDict):
    """What the template of these ways needs: one place makes them for every page."""

    blocks: list[SilentBlock]
    required: dict[str, str]
    taps: tuple[TapButton, ...]


def typing_or_signing(here: PageContext, need: str | None) -> TypingOrSigning:
    """The ways of somebody who types or signs, for a service or for whoever has not said which."""
    told = blocks(here, need)
    firsts = (way for block in told for _, way in block.firsts)
    return TypingOrSigning(blocks=told, required=required(here), taps=tap_buttons(firsts))


def blocks(here: PageContext, need: str | None) -> list[SilentBlock]:
    """What a service tells those who sign or type; each nation's own where nations differ."""
    told = {uses: _advised(here, uses, need) for uses in _TITLES}
    if here.place is not None:
        return [_block(here, {uses: one[0] for uses, one in told.items()}, "")]
    groups: dict[tuple[object, ...], tuple[dict[Uses, Advice], list[str]]] = {}
    for number, nation in enumerate(Nation):
        own = {uses: every[number] for uses, every in told.items()}
        sense = tuple((a.sense, tuple(e.href for e in a.entries)) for a in own.values())
        groups.setdefault(sense, (own, []))[1].append(plain(here, of_nation(nation)))
    several = len(groups) > 1
    return [_block(here, own, ", ".join(names) * several) for own, names in groups.values()]


def _advised(here: PageContext, uses: Uses, need: str | None) -> list[Advice]:
    """The advice of a way to communicate: one, or each nation's where no area is known."""
    there = replace(here, visitor=replace(here.visitor, uses=uses))
    found = page_context.advice(there, need or _unsaid(uses))
    return [found] if here.place else list(found.nations) or [found] * len(Nation)


def _block(here: PageContext, own: Mapping[Uses, Advice], where: str) -> SilentBlock:
    views = {uses: shown(here, advice) for uses, advice in own.items()}
    firsts = tuple((plain(here, _TITLES[uses]), view.first) for uses, view in views.items())
    taken = {way.channel for _, way in firsts}
    sign, text = (views[uses].then for uses in (Uses.SIGN, Uses.TEXT))
    return SilentBlock(
        where=where,
        firsts=firsts,
        then=tuple(way for way in _merged(text, sign) if way.channel not in taken),
        said=tuple(dict.fromkeys(line for view in views.values() for line in view.said)),
        avoid=tuple(dict.fromkeys(line for view in views.values() for line in view.avoid)),
        views=tuple(views.values()),
    )


def _merged(one: tuple[Contact, ...], other: tuple[Contact, ...]) -> list[Contact]:
    """Both lists in one, each in its own order: what only the second has stands before what
    follows it there."""
    found = list(one)
    for n, way in enumerate(other):
        if way.channel in {known.channel for known in found}:
            continue
        after = {later.channel for later in other[n:]}
        place = next((k for k, known in enumerate(found) if known.channel in after), len(found))
        found.insert(place, way)
    return found


def _unsaid(uses: Uses) -> str:
    """The need of whoever communicates so and has not said which service."""
    own = (n for n in rulebook().needs.values() if n.uses is uses and n.is_emergency)
    return next(n.id for n in own if len(n.stands_for) > 1)


def required(here: PageContext) -> dict[str, str]:
    """What each kind of way needs, in words, by the kind."""
    return {str(kind): plain(here, key) for kind, key in _REQUIRED.items()}
