"""The services of a place, each with its own ways, as a page shows them. No rule: what may be
shown is triage/engine/local_service.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from triage.engine.catalogue import Place, dial
from triage.engine.local_service import LocalKind, LocalService, LocalUse, LocalWay
from triage.rules import rulebook, words
from triage.web.context.page_context import PageContext
from triage.web.presenters.sentences import name, plain, say
from triage.web.wording import dates


@dataclass(frozen=True)
class LocalLine:
    """One way: what it is called, where it leads, and how sure it is."""

    label: str
    number: str
    href: str
    hours: str
    note: str
    confirmed: bool
    as_of: str
    checked: str
    source: str


@dataclass(frozen=True)
class LocalCard:
    """A service with its ways."""

    name: str
    lines: tuple[LocalLine, ...]


@dataclass(frozen=True)
class LocalGroup:
    """The services of one kind; `one_of` where only one of several serves the visitor's street,
    and `folded` where they are so many that each opens by itself."""

    heading: str
    cards: tuple[LocalCard, ...]
    one_of: str
    folded: bool

    @property
    def dials(self) -> bool:
        return any(line.number for card in self.cards for line in card.lines)


def groups(
    here: PageContext, place: Place, kinds: Collection[LocalKind] = tuple(LocalKind)
) -> tuple[LocalGroup, ...]:
    """The services of a place by kind: every council of the area where its own is not known."""
    found = rulebook().catalogue.services_at(place)
    return tuple(
        group
        for kind, services in groupby(found, key=lambda s: s.kind)
        if kind in kinds and (group := _group(here, kind, services)).cards
    )


def served_by(here: PageContext, channels: Iterable[str]) -> tuple[LocalGroup, ...]:
    """Who a way is that only the visitor's bill names: the place's own services of that kind, where
    they are few enough to stand on the page."""
    known = rulebook().catalogue.channels
    kinds = frozenset(kind for channel in channels if (kind := known[channel].one_of))
    place = here.place
    if place is None or not kinds:
        return ()
    found = here.once(("served", kinds), lambda page: groups(page, place, kinds))
    return tuple(group for group in found if not group.folded)


def beside(here: PageContext, of: tuple[LocalKind, LocalUse] | None) -> tuple[LocalGroup, ...]:
    """The one way of the place's own service that an outcome asks for, where it may be shown."""
    service = rulebook().catalogue.service(of[0], here.place) if of and here.place else None
    way = service.way(of[1]) if service and of else None
    if service is None or way is None or not way.shown:
        return ()
    card = LocalCard(name(here, service.name), tuple(_lines(here, service, (way,))))
    return (LocalGroup("", (card,), "", folded=False),)


def _group(here: PageContext, kind: LocalKind, services: Iterable[LocalService]) -> LocalGroup:
    cards = tuple(card for s in services if (card := service_card(here, s)).lines)
    councils = len(cards) > 1 and kind is LocalKind.COUNCIL
    several = len(cards) > 1 and kind in (LocalKind.WATER, LocalKind.ELECTRICITY)
    one_of = plain(here, "local-which-council") if councils else ""
    return LocalGroup(
        heading=plain(here, words().known(f"local-{kind}")),
        cards=tuple(sorted(cards, key=lambda c: c.name)) if councils else cards,
        one_of=plain(here, "local-one-of") if several else one_of,
        folded=councils,
    )


def service_card(here: PageContext, service: LocalService) -> LocalCard:
    """A service with what may be shown of it; no lines where nothing may."""
    order = list(LocalUse)
    shown = sorted((w for w in service.ways if w.shown), key=lambda w: order.index(w.use))
    return LocalCard(name(here, service.name), tuple(_lines(here, service, shown)))


def _lines(
    here: PageContext, service: LocalService, ways: Iterable[LocalWay]
) -> Iterator[LocalLine]:
    site = service.way(LocalUse.SITE)
    for way in ways:
        url = way.url or (site.url if site and way.use is LocalUse.CHAT else None)
        label = rulebook().catalogue.local_label(way, service)
        yield line(here, way, name(here, label), url)


def line(here: PageContext, way: LocalWay, label: str, url: str | None) -> LocalLine:
    """One way under its label."""
    return LocalLine(
        label=label,
        number=(way.number or "").replace(" ", "\N{NO-BREAK SPACE}"),
        href=dial(way.number) if way.number else url or "",
        hours=name(here, way.hours) if way.hours else "",
        note=say(here, way.note) if way.note else "",
        confirmed=way.confirmed,
        as_of=way.as_of,
        checked=dates.day(way.fact.checked, here.lang),
        source=way.fact.source if way.fact.source.startswith("https:") else "",
    )
