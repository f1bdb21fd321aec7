"""The outage banner: what every page shows first while something in force touches its area.

One a page however many incidents, most serious first. What it tells people to do is read off the
same advice as the page's own answer, so the two cannot contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from triage.engine.catalogue import ChannelKind, FootprintKind, Lang
from triage.engine.scope import is_overdue
from triage.engine.situation import FAILING, OVER, Code, Incident, PhoneLine, State
from triage.rules import rulebook
from triage.seeds.enum_words import of_state
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.presenters import banner_other
from triage.web.presenters.banner_text import BannerLine, capital, dials, do, emergencies
from triage.web.presenters.emergency_panel import PanelVariant, groups, panel
from triage.web.presenters.incident_phase import look_at
from triage.web.presenters.scope_text import phones_of, where
from triage.web.presenters.sentences import EMERGENCIES, channel_name, name, plain
from triage.web.wording import dates


class BannerKind(StrEnum):
    """Four kinds, told apart by words and shape as well as colour. Most serious first."""

    EMERGENCY = "emergency"
    OTHER = "other"
    WATCH = "watch"
    PLANNED = "planned"

    @property
    def words(self) -> WordKey:
        match self:
            case BannerKind.EMERGENCY:
                return "kind-emergency"
            case BannerKind.OTHER:
                return "kind-other"
            case BannerKind.WATCH:
                return "kind-watch"
            case BannerKind.PLANNED:
                return "kind-planned"
            case _:
                assert_never(self)


@dataclass(frozen=True)
class Banner:
    """What a template shows, in the order of public.md."""

    kind: BannerKind
    heading: BannerLine
    lines: tuple[BannerLine, ...]
    where: str
    who: str
    review: str
    overdue: bool
    incident: str
    emergency: bool
    deaf: bool
    more: int
    # The issuer's own words, as theirs.
    said: str

    @property
    def kind_key(self) -> str:
        return f"kind-{self.kind}"


# A fault of every phone of a kind: whoever has one uses another.
_OF_ONE_LINE = {"mobile-voice": PhoneLine.MOBILE, "landline": PhoneLine.LANDLINE}


def banner(here: PageContext) -> Banner | None:
    """The banner of a page, or None where nothing in force touches its area."""
    live = sorted(told(here), key=lambda i: _weight(here, i))
    if not live:
        return None
    lead = live[0]
    lines = tuple(_lines(here, lead))
    return Banner(
        kind=kind(lead),
        heading=_placed(here, lead, lines[0]),
        lines=lines[1:],
        where="" if _is_elsewhere(here, lead) else where(here, lead, phones=not _is_access(lead)),
        who=plain(here, "banner-who", who=issuer(here, lead), since=_short(here, lead)),
        review=review(here, lead),
        overdue=is_overdue(lead, here.at),
        incident=lead.id,
        emergency=touches_emergency(lead),
        deaf=touches_emergency(lead) and lead.state not in OVER,
        more=len(live) - 1,
        said=_said(here, lead),
    )


def _said(here: PageContext, incident: Incident) -> str:
    """Their own words, marked as theirs: Kent Police: “Go to the front desk.”"""
    story = here.bulletin.stories.get(incident.id)
    if story is None or not story.said.en:
        return ""
    words = story.said.lang(here.lang)
    return plain(here, "banner-said", who=issuer(here, incident), words=words)


def _placed(here: PageContext, incident: Incident, heading: BannerLine) -> BannerLine:
    """On a page of no area, a fault of some places names them first: it is not everybody's."""
    if not _is_elsewhere(here, incident):
        return heading
    return BannerLine(f"{where(here, incident)}: {heading.text}", heading.ways)


def _is_elsewhere(here: PageContext, incident: Incident) -> bool:
    """Whether the page is of no area and the fault of some."""
    uk = any(f.kind is FootprintKind.UK for f in incident.scope.footprints)
    return here.area is None and not uk


def told(here: PageContext) -> list[Incident]:
    """What the public is told of: a fault that is over only while it still says something."""
    return [i for i in here.touching if i.state is not State.RESOLVED or speaks(here, i)]


def speaks(here: PageContext, incident: Incident) -> bool:
    """Whether a fault that is over still asks people to answer a call-back or to hold off."""
    calling = incident.callbacks_until is not None and here.at < incident.callbacks_until
    return calling or bool(incident.demand_note)


def _weight(here: PageContext, incident: Incident) -> tuple[int, int, float, str]:
    rank = list(BannerKind).index(kind(incident))
    return rank, incident.state.rank, -incident.published_at.timestamp(), incident.id


def kind(incident: Incident) -> BannerKind:
    """Which of the four kinds an incident is told as."""
    if incident.planned:
        return BannerKind.PLANNED
    if incident.state in OVER or incident.state is State.ON_BACKUP:
        return BannerKind.WATCH
    failing = incident.state in FAILING or bool(incident.notices)
    return BannerKind.EMERGENCY if failing and touches_emergency(incident) else BannerKind.OTHER


def touches_emergency(incident: Incident) -> bool:
    """Whether it is about an emergency channel, or about what one hangs on."""
    catalogue = rulebook().catalogue
    needs = rulebook().needs
    channel = catalogue.channels[incident.channel]
    if channel.takes or channel.emergency:
        return True
    if any(needs[n.need].is_emergency for n in incident.notices):
        return True
    return any(
        incident.channel in catalogue.ancestors[c.id]
        for c in catalogue.channels.values()
        if c.emergency
    )


def _lines(here: PageContext, incident: Incident) -> Iterator[BannerLine]:
    if _is_access(incident):
        yield from _access_lines(here, incident)
    elif touches_emergency(incident):
        yield from _emergency_lines(here, incident)
    else:
        yield BannerLine(capital(fault(here, incident)) + ".")
        yield from banner_other.lines(here, incident)


def fault(here: PageContext, incident: Incident) -> str:
    """The fault as half a sentence: "many 999 calls are failing", "999 BSL: not working"."""
    if _is_named(incident):
        channel = rulebook().catalogue.channels[incident.channel]
        label = channel.words(page_context.nation(here)).label or channel.label
        sentence = plain(here, of_state(incident.state).failing, channel=name(here, label))
    else:
        number = channel_name(here, incident.channel)
        sentence = plain(here, of_state(incident.state).fault, channel=number)
    return plain(here, "fault-planned", fault=sentence) if incident.planned else sentence


def _is_named(incident: Incident) -> bool:
    """Whether people know the channel by a name and not by three digits. A name may be a plural."""
    channel = rulebook().catalogue.channels[incident.channel]
    return channel.kind is not ChannelKind.VOICE or len(channel.number or "long") > 3


def _is_access(incident: Incident) -> bool:
    """Whether some phones are touched and not the others: the heading names them."""
    limited = bool(incident.scope.networks or incident.scope.lines)
    return limited or incident.channel in _OF_ONE_LINE


def _emergency_lines(here: PageContext, incident: Incident) -> Iterator[BannerLine]:
    key: WordKey = "do-because-named" if _is_named(incident) else "do-because"
    yield from emergencies(here, _variants(here, incident), fault(here, incident), key)
    for code in (Code.LOCATION_READY, Code.ONLY_IF_LIFE_THREATENING, Code.ANSWER_CALLBACKS):
        if page_context.advice(_there_of(here, incident), "police-emergency").says(code):
            yield BannerLine(name(here, rulebook().codes[code]), small=True)


def _variants(here: PageContext, incident: Incident) -> list[PanelVariant]:
    """What the banner speaks of: the page's area; else the nations or the area that it is about."""
    variants = panel(here)
    if here.area is not None:
        return [variants[0]]
    kinds = {f.kind for f in incident.scope.footprints}
    if FootprintKind.UK in kinds:
        return [v for v in variants if v.area is None]
    if FootprintKind.NATION in kinds:
        named = {f.value for f in incident.scope.footprints}
        own = [v for v in variants if named & set(v.nations)]
        return own or [variants[0]]
    there = _there_of(here, incident)
    told = {need: page_context.advice(there, need) for need in EMERGENCIES}
    return [PanelVariant("", groups(there, told), there.slug)]


def _access_lines(here: PageContext, incident: Incident) -> Iterator[BannerLine]:
    """A fault of some phones: whoever has one of them uses another."""
    visitor = replace(
        here.visitor,
        network=incident.scope.networks[0] if incident.scope.networks else None,
        line=incident.scope.lines[0]
        if incident.scope.lines
        else _OF_ONE_LINE.get(incident.channel),
    )
    there = replace(_there_of(here, incident), visitor=visitor)
    told = groups(there, {need: page_context.advice(there, need) for need in EMERGENCIES})
    because = capital(fault(here, incident))
    first = told[0].first
    # Whoever reads this on a mobile has what a dead landline is to be exchanged for.
    ways = (first,) if first.channel == "999-from-mobile" else ()
    instead = BannerLine(plain(here, "access-do", way=first.label or first.number), ways)
    if not (phones := phones_of(here, incident)):
        yield BannerLine(because + ".")
        yield instead
        return
    yield BannerLine(plain(here, "access-heading", phones=phones, fault=because))
    yield instead
    usual = _variants(here, incident)[0].groups
    if len(usual) == 1 and usual[0].sense != told[0].sense:
        yield BannerLine(do(here, usual[0], plain(here, "access-others")) + ".", dials(usual[0]))


def _there_of(here: PageContext, incident: Incident) -> PageContext:
    """A place that the incident covers, for a page that has none."""
    if here.place is not None:
        return here
    catalogue = rulebook().catalogue
    places = (catalogue.place(a) for a in catalogue.areas)
    covered = (p for p in places if any(f.covers(p) for f in incident.scope.footprints))
    found = next(covered, None)
    return here.elsewhere(found.area if found else "metropolitan")


def issuer(here: PageContext, incident: Incident) -> str:
    """Who says so."""
    own = incident.issuer
    return own.name_cy if here.lang is Lang.CY and own.name_cy else own.name


def _short(here: PageContext, incident: Incident) -> str:
    return dates.short(incident.since, here.lang)


def review(here: PageContext, incident: Incident) -> str:
    """When it is next looked at, or that this is overdue, or when it ends by itself.

    The date is left out where it is the one beside it: that of what is said.
    """
    look = look_at(incident, here.at)
    said = (incident.since, incident.published_at)
    if incident.planned or look is None:
        ends = incident.ends_at or incident.callbacks_until
        return plain(here, "banner-ends", at=dates.beside(said, ends, here.lang)) if ends else ""
    key: WordKey = "banner-overdue" if is_overdue(incident, here.at) else "banner-review"
    return plain(here, key, at=dates.beside(said, look, here.lang))
