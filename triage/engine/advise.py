"""Rulebook + situation -> Advice: the one function that decides what the public is told.

The steps of advice.md for a place that is known: ordering.py orders, codes.py adds the words, and
here the result is put together with its notices and its reasons. Where the place is not known,
unknown_place.py asks here for each place and says what differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from triage.engine.advice import Advice, AdviceNotice, Avoided, Entry
from triage.engine.catalogue import ChannelKind, ChannelRole, Place
from triage.engine.codes import ShownAdvice, say
from triage.engine.entitlement import is_carrier
from triage.engine.forms import form_channels, forms, href, number
from triage.engine.impact import Impact
from triage.engine.need_context import NeedContext, VisitorContext
from triage.engine.ordering import RouteStep, arrange
from triage.engine.rulebook import Rulebook
from triage.engine.scope import ReachingIncident
from triage.engine.situation import Mode, Situation, State
from triage.engine.trace import could_touch, trace


def advise_at(rulebook: Rulebook, situation: Situation, place: Place) -> Advice:
    """The advice for a place that is known."""
    return advise_here(VisitorContext.of(rulebook, situation, place), situation.need)


def advise_here(here: VisitorContext, need: str) -> Advice:
    """The advice for one need, of a visitor whose place and moment are given."""
    local, place = here.local(need), here.place
    steps = arrange(local)
    entries = [entry(local, step) for step in steps]
    shaped = _shaping(local, steps, entries) if here.statements or local.kept_free else []
    maybe = [s for s in local.field.maybe if s in shaped or could_touch(local, s)]
    shown = ShownAdvice(local, steps, entries, shaped, maybe)
    return Advice(
        need=need,
        urgency=local.urgency,
        area=place.area,
        council=place.council,
        nation=str(place.nation),
        as_of=here.at,
        edition=here.edition,
        first=entries[0],
        then=tuple(entries[1:]),
        avoid=tuple(_avoid(local, steps)) if here.statements else (),
        say=say(shown),
        notices=tuple(_told(local, s) for s in dict.fromkeys((*shaped, *maybe))),
        because=tuple(trace(local, steps)),
        kept_free=tuple(local.kept_free),
    )


def entry(local: NeedContext, step: RouteStep) -> Entry:
    """A line as it is shown: its number and its dial link are one and the same (rule 8)."""
    dialled = step.dials or step.channel
    channel, impact = local.channels[step.channel], local.impacts[dialled]
    digits = number(local, dialled, step.number)
    label = local.catalogue.label_at(step.channel, local.place)
    if channel.role is ChannelRole.IN_PERSON:
        label = local.catalogue.fill(local.need.in_person)
    return Entry(
        channel=step.channel,
        label=label,
        number=digits,
        href=href(local, step.channel, digits),
        mode=step.mode,
        at_risk=impact.at_risk and step.dials is None,
        state=impact.worst,
        ask_for=_ask_for(local, dialled),
        forms=forms(local, step.channel, step.number),
        dials=step.dials,
        beyond=step.beyond,
    )


def _ask_for(local: NeedContext, channel: str) -> str | None:
    """Which service to ask for, on a call that is answered for more than one."""
    known = local.channels[channel]
    many = known.kind is ChannelKind.VOICE and len(known.answers) > 1 and known.number_of_all
    own = local.asked.services
    if not (many and local.need.is_emergency and local.asked.by_voice and len(own) == 1):
        return None
    return str(next(iter(own)))


def _avoid(local: NeedContext, steps: Sequence[RouteStep]) -> Iterator[Avoided]:
    """What people might think of and must not use: what is down or replaced here. A number that
    works is never named here because a phone is dead (rule 2)."""
    shown = {c for step in steps for c in (step.channel, step.dials)}
    others = [local.form(c) for t in local.treatments.values() for c in t.to if local.exists(c)]
    for channel in dict.fromkeys((*local.route, *others)):
        impact = local.impacts[channel]
        t = local.treatments.get(channel)
        replaced = t is not None and t.mode is Mode.REPLACE
        said = [s for s in impact.direct if s.state is not State.RESOLVED]
        marked = any(impact.is_marked_down_by(s) for s in said)
        if channel not in shown and (marked or replaced) and impact.worst:
            yield Avoided(channel, impact.worst, min(s.incident.since for s in said))
        elif channel not in shown and impact.down and (over := _over(local, channel, impact)):
            yield Avoided(channel, State.DOWN, min(s.incident.since for s in over))


def _over(local: NeedContext, channel: str, impact: Impact) -> list[ReachingIncident]:
    """What says that the platform or site a channel stands on is down."""
    over = local.catalogue.travelled(channel)
    return [s for s in impact.above if s.is_down and s.channel in over]


def _shaping(
    local: NeedContext, steps: Sequence[RouteStep], entries: Sequence[Entry]
) -> list[ReachingIncident]:
    """The statements that this advice hangs on, oldest first."""
    related = _related(local, steps, entries)
    own = [s for s in local.field.statements if _matters(local, s, related)]
    return _once([*own, *_aside(local), *_relayed(local, entries), *_keeping(local, entries)])


def _related(local: NeedContext, steps: Sequence[RouteStep], entries: Sequence[Entry]) -> set[str]:
    """Every channel this advice is about: shown or not, with its forms and alternatives.

    What stands there on the calmest day is what the advice falls back on, not what it is about;
    what is in the need's route is, also where this person cannot use it.
    """
    named = {step.channel for step in steps if not step.beyond}
    named |= {c for c in local.asked.routes[local.place.nation] if local.exists(c)}
    named |= {step.dials for step in steps if step.dials}
    named |= {local.form(c) for t in local.treatments.values() for c in t.to}
    named |= {local.door} if local.need.is_emergency else set()
    named |= {f for e in entries if not e.beyond for f in form_channels(local, e.channel)}
    return named


def _matters(local: NeedContext, s: ReachingIncident, related: set[str]) -> bool:
    """Whether a statement shaped this advice, or still says something after the fault."""
    touches = any(s in local.impacts[channel].touching for channel in related)
    return touches and (s.state is not State.RESOLVED or _still_speaks(local, s))


def _aside(local: NeedContext) -> Iterator[ReachingIncident]:
    yield from (t.by for t in local.asides if t.by)


def _relayed(local: NeedContext, entries: Sequence[Entry]) -> Iterator[ReachingIncident]:
    """What is the matter with 18001 calls, where one would stand beside a number."""
    if any(_has_relay(local, e) for e in entries if not e.beyond):
        touching = local.field.relay_form.touching
        yield from (s for s in touching if s.state is not State.RESOLVED)


def _has_relay(local: NeedContext, entry: Entry) -> bool:
    """Whether a text relay call is made by 18001 before this number; 999 has a number for it."""
    channel = local.channels[entry.channel]
    is_call = channel.kind is ChannelKind.VOICE and entry.number is not None
    return is_call and channel.call != local.door


def _keeping(local: NeedContext, entries: Sequence[Entry]) -> Iterator[ReachingIncident]:
    """What keeps a line of this route free, though it may be said of another service's needs."""
    for channel in dict.fromkeys((*local.route, *(e.channel for e in entries))):
        for line in local.lines_of(channel) & local.kept_free.keys():
            yield from local.kept_free[line]


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
    disputes = any(local.impacts[channel].disputed for channel in local.route)
    return bool(s.incident.demand_note) or (disputes and is_carrier(s.incident))


def _told(local: NeedContext, s: ReachingIncident) -> AdviceNotice:
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
        another_service=s.is_another_service(local.asked.services),
    )
