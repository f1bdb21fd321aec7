"""What is wrong, in words: the fault, its kind, who says so and when they look again.

A fault that a page's own advice does not tell of stands on it as one line (`fault_lines`). What to
do about one is never decided here: the line leads to where the advice stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from triage.engine.catalogue import Channel, ChannelKind, Lang
from triage.engine.scope import is_overdue, line_of, lines_of
from triage.engine.situation import FAILING, OVER, Incident, Mode, State
from triage.engine.treatment import DEFAULT_MODES, STRENGTH
from triage.rules import rulebook
from triage.seeds.enum_words import of_state
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.presenters.channel_state import holds
from triage.web.presenters.incident_phase import look_at, touched
from triage.web.presenters.scope_text import phones_of, where
from triage.web.presenters.sentences import EMERGENCIES, channel_name, name, plain
from triage.web.wording import dates

# So many faults have a line of their own on a page; the status page has the rest.
MOST = 2
# How somebody without voice reaches 999: a fault of these is theirs.
_WITHOUT_VOICE = frozenset({ChannelKind.RELAY, ChannelKind.VIDEO, ChannelKind.SMS})


class FaultKind(StrEnum):
    """Four kinds, told apart by words and shape as well as colour. Most serious first."""

    EMERGENCY = "emergency"
    OTHER = "other"
    WATCH = "watch"
    PLANNED = "planned"

    @property
    def words(self) -> WordKey:
        match self:
            case FaultKind.EMERGENCY:
                return "kind-emergency"
            case FaultKind.OTHER:
                return "kind-other"
            case FaultKind.WATCH:
                return "kind-watch"
            case FaultKind.PLANNED:
                return "kind-planned"
            case _:
                assert_never(self)


@dataclass(frozen=True)
class FaultLine:
    """One fault that a page's own advice does not tell of: what is wrong, and where to read on."""

    kind: FaultKind
    text: str
    link: str
    words: str


@dataclass(frozen=True)
class FaultLines:
    """The gravest faults, and how many more there are."""

    lines: tuple[FaultLine, ...]
    more: int


def fault_lines(here: PageContext, said: Iterable[str] = ()) -> FaultLines:
    """The faults in force here, but those that the page tells of (`said`), the gravest first."""
    own = frozenset(said)
    rest = [i for i in told(here) if i.id not in own] if here.in_force else []
    return FaultLines(tuple(_line(here, i) for i in rest[:MOST]), max(0, len(rest) - MOST))


def _line(here: PageContext, incident: Incident) -> FaultLine:
    of, said = kind(incident), capital(fault(here, incident))
    if not holds(here, incident):
        key: WordKey = "line-there"
        text = plain(here, "line-in", where=where(here, incident), fault=said)
        link = _there(here, incident)
    elif is_limited(here, incident):
        key, link = "line-yours", _telling(here, incident)
        phones = phones_of(here, incident)
        text = plain(here, "access-heading", phones=phones, fault=said) if phones else f"{said}."
    else:
        key, link = _reading(here, incident)
        text = f"{said}."
    return FaultLine(of, text, link, plain(here, key))


def _there(here: PageContext, incident: Incident) -> str:
    """This very page for the area a fault is in; the area finder, where it is in several. With no
    signal neither is there: every area's way stands on the essentials page."""
    if here.kept:
        return here.to("offline/")
    areas = touched(rulebook(), incident)
    if len(areas) != 1:
        return here.to(here.finder)
    return here.beyond(areas[0], here.path)


def _telling(here: PageContext, incident: Incident) -> str:
    """This very page for somebody on a network or line that the fault is about."""
    if incident.scope.networks and here.visitor.network is None:
        return here.telling("network", incident.scope.networks[0])
    return here.telling("line", str(lines_of(incident, rulebook().catalogue)[0]))


def _reading(here: PageContext, incident: Incident) -> tuple[WordKey, str]:
    """Where it is told what to do about it."""
    channel = rulebook().catalogue.channels[incident.channel]
    if channel.emergency and channel.kind in _WITHOUT_VOICE and here.path != "deaf/":
        return "line-deaf", here.to("deaf/")
    if kind(incident) is FaultKind.EMERGENCY and here.path != "now/":
        return "line-now", here.to("now/")
    return "banner-more", here.to(f"incident/{incident.id}/")


def told(here: PageContext) -> list[Incident]:
    """What the public is told of, the gravest for the reader first: a fault that is over only
    while it still says something."""
    return here.once("told", _told)


def _told(here: PageContext) -> list[Incident]:
    found = [i for i in here.touching if i.state is not State.RESOLVED or speaks(here, i)]
    return sorted(found, key=lambda i: gravity(here, i)) if len(found) > 1 else found


def speaks(here: PageContext, incident: Incident) -> bool:
    """Whether a fault that is over still asks people to answer a call-back or to hold off."""
    calling = incident.callbacks_until is not None and here.at < incident.callbacks_until
    return calling or bool(incident.demand_note)


def gravity(here: PageContext, incident: Incident) -> tuple[int, int, int, int, float, str]:
    """How faults are ordered, the gravest for the reader first (rule 13): what touches emergencies
    before the rest, for a web form that is replaced is no graver than 999 that may fail; then by
    mode, need, how many places, and time."""
    modes = [STRENGTH[n.mode] for n in incident.notices] or [
        STRENGTH[DEFAULT_MODES[incident.state]]
    ]
    weakest = STRENGTH[Mode.TRY_FIRST] if is_overdue(incident, here.at) else 0
    needs = [_NEEDS.get(n.need, len(EMERGENCIES)) for n in incident.notices]
    return (
        list(FaultKind).index(kind(incident)),
        max(min(modes), weakest),
        min(needs, default=0),
        -len(touched(rulebook(), incident)),
        -incident.published_at.timestamp(),
        incident.id,
    )


_NEEDS = {need: rank for rank, need in enumerate(EMERGENCIES)}


def kind(incident: Incident) -> FaultKind:
    """Which of the four kinds an incident is told as."""
    if incident.planned:
        return FaultKind.PLANNED
    if incident.state in OVER or incident.state is State.ON_BACKUP:
        return FaultKind.WATCH
    failing = incident.state in FAILING or bool(incident.notices)
    return FaultKind.EMERGENCY if failing and touches_emergency(incident) else FaultKind.OTHER


def touches_emergency(incident: Incident) -> bool:
    """Whether it is about an emergency channel, or about what one hangs on."""
    catalogue, needs = rulebook().catalogue, rulebook().needs
    channel = catalogue.channels[incident.channel]
    if channel.takes or channel.emergency:
        return True
    if any(needs[n.need].is_emergency for n in incident.notices):
        return True
    known = catalogue.channels.values()
    return any(incident.channel in catalogue.ancestors[c.id] for c in known if c.emergency)


def fault(here: PageContext, incident: Incident) -> str:
    """The fault as half a sentence: "many 999 calls are failing", "999 BSL: not working"."""
    channel = rulebook().catalogue.channels[incident.channel]
    words = of_state(incident.state)
    key = words.failing if _goes_by_name(channel) else words.fault
    sentence = plain(here, key, channel=channel_told(here, incident))
    return plain(here, "fault-planned", fault=sentence) if incident.planned else sentence


def channel_told(here: PageContext, incident: Incident) -> str:
    """The channel of a fault as people know it."""
    channel = rulebook().catalogue.channels[incident.channel]
    if not _goes_by_name(channel):
        return channel_name(here, channel.id)
    return name(here, channel.words(page_context.nation(here)).label or channel.label)


def _goes_by_name(channel: Channel) -> bool:
    """People know a channel by its name where it has no number of three digits."""
    return channel.kind is not ChannelKind.VOICE or len(channel.number or "long") > 3


def is_limited(here: PageContext, incident: Incident) -> bool:
    """Whether it is about some phones, and not known to be about this visitor's."""
    networks = bool(incident.scope.networks) and here.visitor.network is None
    known = line_of(here.visitor, rulebook().catalogue)
    lines = bool(lines_of(incident, rulebook().catalogue)) and known is None
    return networks or lines


def issuer(here: PageContext, incident: Incident) -> str:
    """Who says so."""
    own = incident.issuer
    return own.name_cy if here.lang is Lang.CY and own.name_cy else own.name


def said_by(here: PageContext, incident: Incident) -> str:
    """Who says so, and since when, with the year where it is not this one."""
    since = dates.short(incident.since, here.lang, here.at)
    return plain(here, "banner-who", who=issuer(here, incident), since=since)


def own_words(here: PageContext, incident: Incident) -> str:
    """Their own words, marked as theirs: Kent Police: “Go to the front desk.”"""
    story = here.bulletin.stories.get(incident.id)
    if story is None or not story.said.en:
        return ""
    words = story.said.lang(here.lang)
    return plain(here, "banner-said", who=issuer(here, incident), words=words)


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


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
