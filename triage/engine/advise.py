"""Rulebook + situation -> Advice: the one function that decides what the public is told.

The steps of advice.md for a place that is known: ordering.py orders, codes.py adds the words, and
here the result is put together with its notices and its reasons. Where the place is not known,
unknown_place.py asks here for each place and says what differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from triage.engine.advice import Advice, AdviceNotice, Avoided, Because, Entry
from triage.engine.catalogue import Channel, ChannelKind, Place
from triage.engine.codes import ShownAdvice, say
from triage.engine.forms import form_channels, forms, href, number
from triage.engine.need_context import NeedContext, VisitorContext
from triage.engine.ordering import RouteStep, arrange
from triage.engine.rulebook import Rulebook
from triage.engine.scope import INFRASTRUCTURE, ReachingIncident, is_carrier
from triage.engine.situation import Mode, Situation, State

# What each emergency asks for on a call that is answered for more than one service.
ASK_FOR = {
    "police-emergency": "police",
    "medical-emergency": "ambulance",
    "fire-emergency": "fire",
    "coastguard": "coastguard",
}


def advise_at(rulebook: Rulebook, situation: Situation, place: Place) -> Advice:
    """The advice for a place that is known."""
    return advise_here(VisitorContext.of(rulebook, situation, place), situation.need)


def advise_here(here: VisitorContext, need: str) -> Advice:
    """The advice for one need, of a visitor whose place and moment are given."""
    local, place = here.local(need), here.place
    lines = arrange(local)
    entries = [entry(local, line) for line in lines]
    related = _related(local, lines, entries)
    own = [s for s in local.field.statements if _matters(local, s, related)]
    shaped = _once([*own, *_relayed(local, entries), *_keeping(local)])
    maybe = [s for s in local.field.maybe if s in shaped or _could_touch(local, s)]
    return Advice(
        need=local.need.id,
        urgency=local.urgency,
        area=place.area,
        council=place.council,
        nation=str(place.nation),
        as_of=here.at,
        edition=here.edition,
        first=entries[0],
        then=tuple(entries[1:]),
        avoid=tuple(_avoid(local, lines)),
        say=say(ShownAdvice(local, lines, entries, shaped, maybe)),
        notices=tuple(_told(s) for s in dict.fromkeys((*shaped, *maybe))),
        because=tuple(_because(local, lines)),
    )


def entry(local: NeedContext, line: RouteStep) -> Entry:
    """A line as it is shown: its number and its dial link are one and the same (rule 7)."""
    channel = local.channel(line.channel)
    digits = number(local, line.channel)
    label = local.rulebook.catalogue.label(line.channel, local.place.nation)
    if line.channel == "in-person":
        label = local.rulebook.catalogue.fill(local.need.in_person)
    return Entry(
        channel=line.channel,
        label=label,
        number=digits,
        href=href(local, channel, digits),
        mode=line.mode,
        at_risk=local.impact(line.channel).at_risk,
        state=local.impact(line.channel).worst,
        ask_for=_ask_for(local, channel),
        forms=tuple(forms(local, line.channel)),
    )


def _ask_for(local: NeedContext, channel: Channel) -> str | None:
    many = channel.call in ("999", "101") and channel.kind is ChannelKind.VOICE
    return ASK_FOR.get(local.need.id) if many else None


def _avoid(local: NeedContext, lines: Sequence[RouteStep]) -> Iterator[Avoided]:
    """What people might think of and must not use: what is down or replaced here."""
    shown = {line.channel for line in lines}
    others = [c for t in local.treatments.values() for c in t.to if local.exists(c)]
    for channel in dict.fromkeys((*local.route, *others)):
        impact = local.impact(channel)
        t = local.treatments.get(channel)
        replaced = t is not None and t.mode is Mode.REPLACE
        said = [s for s in (*impact.direct, *impact.carried) if s.state is not State.RESOLVED]
        if channel not in shown and said and (impact.down or replaced) and impact.worst:
            yield Avoided(channel, impact.worst, min(s.incident.since for s in said))


def _related(local: NeedContext, lines: Sequence[RouteStep], entries: Sequence[Entry]) -> set[str]:
    """Every channel this advice is about: shown or not, with its forms and alternatives."""
    named = {line.channel for line in lines} | set(local.route)
    named |= {c for t in local.treatments.values() for c in t.to}
    named |= {"999"} if local.need.is_emergency else set()
    named |= {f for e in entries for f in form_channels(local, e.channel)}
    return named


def _matters(local: NeedContext, s: ReachingIncident, related: set[str]) -> bool:
    """Whether a statement shaped this advice, or still says something after the fault."""
    touches = any(s in local.impact(channel).touching for channel in related)
    if s.state is not State.RESOLVED:
        return touches or any(s is t.by for t in local.asides)
    return touches and _still_speaks(local, s)


def _relayed(local: NeedContext, entries: Sequence[Entry]) -> Iterator[ReachingIncident]:
    """What is the matter with 18001 calls, where one would stand beside a number."""
    if not local.need.without_voice and any(_has_relay(local, e) for e in entries):
        yield from (s for s in local.field.relay_form.touching if s.state is not State.RESOLVED)


def _has_relay(local: NeedContext, entry: Entry) -> bool:
    """Whether a text relay call is made by 18001 before this number; 999 has a number for it."""
    channel = local.channel(entry.channel)
    return channel.kind is ChannelKind.VOICE and entry.number is not None and channel.call != "999"


def _keeping(local: NeedContext) -> Iterator[ReachingIncident]:
    """What keeps a line of this route free, though it may be said of another service's needs."""
    for channel in local.route:
        for line in local.lines_of(channel) & set(local.kept_free):
            yield from local.kept_free[str(line)]


def _once(found: Iterable[ReachingIncident]) -> list[ReachingIncident]:
    """Each incident once, oldest first, as everything that is in force is ordered."""
    by_id: dict[str, ReachingIncident] = {}
    for s in found:
        by_id.setdefault(s.incident.id, s)
    return sorted(by_id.values(), key=lambda s: (s.incident.published_at, s.incident.id))


def _still_speaks(local: NeedContext, s: ReachingIncident) -> bool:
    """Whether a fault that is over has something left to say here."""
    if s.incident.callbacks_until and local.at < s.incident.callbacks_until:
        return True
    disputes = any(local.impact(channel).disputed for channel in local.route)
    return bool(s.incident.demand_note) or (disputes and is_carrier(s.incident))


def _could_touch(local: NeedContext, s: ReachingIncident) -> bool:
    """Whether a statement about some networks would touch this route, were it the visitor's."""
    kinds = INFRASTRUCTURE.get(s.incident.channel, frozenset())
    return s.state is not State.RESOLVED and any(
        local.channel(c).access in kinds or s.incident.channel in {c, local.channel(c).call}
        for c in local.route
    )


def _told(s: ReachingIncident) -> AdviceNotice:
    incident = s.incident
    return AdviceNotice(
        incident=incident.id,
        channel=incident.channel,
        state=incident.state,
        issuer=incident.issuer.name,
        published_at=incident.published_at,
        review_at=incident.review_at,
        overdue=s.overdue,
        networks=incident.scope.networks,
    )


def _because(local: NeedContext, lines: Sequence[RouteStep]) -> Iterator[Because]:
    """The trace: the rule, incident and notice behind each line (rule 12)."""
    yield Because("route", f"{local.need.id} in {local.place.nation}: {', '.join(local.route)}")
    for channel, t in local.treatments.items():
        detail = f"{channel}: {t.mode} to {', '.join(t.to) or 'nothing else'}"
        yield Because(t.rule, detail, t.by.incident.id if t.by else None)
    for t in local.asides:
        detail = f"{local.need.id}: {t.mode} to {', '.join(t.to)}"
        yield Because(t.rule, detail, t.by.incident.id if t.by else None)
    yield from _because_of_impacts(
        local, dict.fromkeys((*local.route, *(x.channel for x in lines)))
    )
    for channel, why in local.kept_free.items():
        yield Because("keep-free", f"{channel} carries emergencies here", why[0].incident.id)
    for s in local.field.sure:
        if is_carrier(s.incident) and s.incident.notices:
            yield Because("carrier.notice-ignored", "a carrier owns only the state", s.incident.id)
    for s in local.field.maybe:
        if not _could_touch(local, s):
            continue
        yield Because("scope.unknown", "the visitor's network or line is not known", s.incident.id)


def _because_of_impacts(local: NeedContext, channels: Iterable[str]) -> Iterator[Because]:
    for channel in channels:
        if local.impact(channel).down:
            yield Because("route.down", f"{channel} is down here")
        elif local.impact(channel).at_risk:
            yield Because("dependents.at-risk", f"{channel} hangs on what is failing")
