"""Whose business a channel at a place is, and what both are called. Reads; decides no right."""

from __future__ import annotations

from collections.abc import Iterable

from outage.models import Incident, Organisation, Stage
from outage.statements import channel_rights, timeline_text
from outage.statements.rights import Rights
from outage.statements.stored import published
from triage.engine.catalogue import Footprint, Nation, Place
from triage.engine.situation import IssuerKind
from triage.rules import rulebook
from triage.signals.tally import UK


def channel_name(channel: str) -> str:
    catalogue = rulebook().catalogue
    return catalogue.number(channel) or timeline_text.name(channel, catalogue).en


def place_name(place: str) -> str:
    kind, _, value = place.partition(":")
    catalogue = rulebook().catalogue
    if kind == "area" and value in catalogue.areas:
        return catalogue.areas[value].name.en
    if kind == "network":
        named = [b.name for b in catalogue.brands.values() if b.network == value and b.leads]
        return f"{named[0] if named else value}, anywhere in the UK"
    known = place == UK or value in set(Nation)
    return timeline_text.place(place, catalogue).en if known else place


def is_known(channel: str, place: str) -> bool:
    """Whether there is such a channel that can fail, and such a place."""
    catalogue, (kind, _, value) = rulebook().catalogue, place.partition(":")
    found = catalogue.channels.get(channel)
    known = {
        "area": value in catalogue.areas,
        "nation": value in set(Nation),
        "network": value in {b.network for b in catalogue.brands.values()},
        UK: not value,
    }
    return found is not None and channel_rights.can_fail(found) and known.get(kind, False)


def _area(place: str) -> Place | None:
    kind, _, value = place.partition(":")
    return rulebook().catalogue.place(value) if kind == "area" else None


def told(channel: str, place: str, *, uk_rings: bool = False) -> list[Organisation]:
    """Who may declare it there. Of an area and a nation its own; the national ones where there is
    none, and for the UK and a network. A nation's is theirs only while the UK does not ring."""
    known = rulebook().catalogue.channels[channel]
    every = Organisation.objects.filter(active=True)
    able = [o for o in every if channel_rights.may_state(o, known)]
    wide = [o for o in able if UK in o.footprints]
    if place == UK or place.startswith("network:"):
        carriers = [o for o in wide if o.kind == IssuerKind.CARRIER]
        return _first([o for o in wide if o not in carriers], carriers) if place == UK else wide
    own = [o for o in able if o not in wide and footprint(o.footprints, place)]
    if place.startswith("nation:") and not own and uk_rings:
        return []
    return _first(own, [o for o in wide if o.kind != IssuerKind.CARRIER])


def _first(these: list[Organisation], others: list[Organisation]) -> list[Organisation]:
    return these or others


def footprint(own: Iterable[str], place: str) -> str:
    """The footprint by which an organisation speaks of a place; empty where it does not."""
    area = _area(place)
    for text in own:
        found = Footprint.parse(text)
        if found.value and (text == place or (area is not None and found.covers(area))):
            return text
    if UK not in own:
        return ""
    if area is not None:
        return f"police:{area.police}"
    return UK if place.startswith("network:") else place


def may_mute(rights: Rights, organisation: Organisation, channel: str, place: str) -> bool:
    """Whoever may declare it there."""
    known = rulebook().catalogue.channels.get(channel)
    if known is None or not channel_rights.may_state(organisation, known):
        return False
    return rights.writes and bool(footprint(organisation.footprints, place))


def may_see(organisation: Organisation, channel: str) -> bool:
    """Whether a channel is one that this organisation may speak of."""
    known = rulebook().catalogue.channels.get(channel)
    return known is not None and channel_rights.may_state(organisation, known)


def declared(channel: str, place: str) -> str:
    """The incident by which this is in public already; empty where it is not."""
    area = _area(place)
    rows = Incident.objects.filter(stage=Stage.LIVE, exercise=False, channel=channel)
    for row in rows:
        prints = published(row).content.footprints
        inside = area is not None and any(Footprint.parse(f).covers(area) for f in prints)
        if inside or place in prints or UK in prints:
            return row.slug
    return ""
