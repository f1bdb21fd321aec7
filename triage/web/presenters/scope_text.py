"""For whom and where an incident is, as people know the places and the phones. No rule."""

from __future__ import annotations

from triage.engine.catalogue import Brand, Footprint, FootprintKind, Nation
from triage.engine.situation import Incident, PhoneLine
from triage.rules import rulebook
from triage.seeds.enum_words import of_line, of_nation, of_service
from triage.web.context.page_context import PageContext
from triage.web.presenters.sentences import plain

# So many areas are still named one by one; beyond, the service is named that covers them.
_FEW = 3


def where(here: PageContext, incident: Incident, *, phones: bool = True) -> str:
    """For whom and where, as people know the places; without its phones where they are named."""
    places = ", ".join(dict.fromkeys(place(here, f) for f in incident.scope.footprints))
    legs = ", ".join(plain(here, of_service(s)[0]) for s in incident.scope.services)
    sentence = plain(here, "where-legs", places=places, legs=legs) if legs else places
    named = phones_of(here, incident) if phones else ""
    return plain(here, "where-phones", where=sentence, phones=named) if named else sentence


def where_gone(here: PageContext, codes: frozenset[str]) -> str:
    """The places of councils that are out of an incident, a few by name."""
    names = [name for name, _ in by_name(here, codes)]
    more = [plain(here, "staff-place-and-more")] if len(names) > _FEW else []
    return ", ".join([*names[:_FEW], *more])


def by_name(here: PageContext, codes: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    """Councils by the largest names that fit them whole: nations, areas, else their own."""
    found: list[tuple[str, frozenset[str]]] = []
    areas = rulebook().catalogue.areas.values()
    for nation in Nation:
        own = frozenset(c.code for a in areas if a.nation is nation for c in a.councils)
        if own <= codes:
            found.append((plain(here, of_nation(nation)), own))
            codes -= own
    for area in areas:
        held = frozenset(c.code for c in area.councils) & codes
        if len(held) == len(area.councils):
            found.append((area.name.lang(here.lang), held))
        else:
            found += [
                (c.name.lang(here.lang), frozenset({c.code}))
                for c in area.councils
                if c.code in held
            ]
    return found


def place(here: PageContext, footprint: Footprint) -> str:
    """A footprint in words, as residents would call it: a nation, a council, a few areas.

    A territory of many areas goes by the name of its service.
    """
    catalogue = rulebook().catalogue
    if footprint.kind is FootprintKind.UK:
        return plain(here, "place-uk")
    if footprint.kind is FootprintKind.NATION:
        return plain(here, of_nation(Nation(footprint.value)))
    if footprint.kind is FootprintKind.COUNCIL:
        return catalogue.council_names[footprint.value].lang(here.lang)
    service = footprint.service
    assert service is not None  # the three kinds left are services
    own = [a for a in catalogue.areas.values() if getattr(a, service) == footprint.value]
    if len(own) <= _FEW:
        return ", ".join(a.name.lang(here.lang) for a in own)
    return catalogue.bodies[(service, footprint.value)].name.lang(here.lang)


def phones_of(here: PageContext, incident: Incident) -> str:
    """The networks and lines a fault is limited to, as people know them."""
    brands = rulebook().catalogue.brands
    named: list[str] = []
    for slug in incident.scope.networks:
        brand = brands[slug]
        own = [b.name for b in brands.values() if b.network == brand.network and _fits(b, incident)]
        named += own if brand.leads else [brand.name]
    named += [plain(here, of_line(line)) for line in incident.scope.lines]
    return ", ".join(dict.fromkeys(named))


def _fits(brand: Brand, incident: Incident) -> bool:
    """Whether a brand's lines are of the kind that the fault is about."""
    mobile = brand.line == PhoneLine.MOBILE
    return {"mobile-voice": mobile, "landline": not mobile}.get(incident.channel, True)
