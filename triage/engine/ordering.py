"""The order of the list: modes, lines, keep-free, at risk, nothing left (rules 2 to 11).

Gives the channels in order, each with the mode it stands under. How each is shown, and what is
said beside it, is advise.py and codes.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from triage.engine.catalogue import ChannelKind, ChannelRole
from triage.engine.forms import forms
from triage.engine.need_context import ANSWERED, NeedContext, is_conditional
from triage.engine.rulebook import Urgency
from triage.engine.scope import FIXED_LINES, line_of
from triage.engine.situation import FAILING, Mode, PublishedNumber, State, Uses
from triage.engine.treatment import Treatment

_WAYS_ROUND = frozenset({ChannelRole.IN_PERSON, ChannelRole.WAIT, ChannelRole.HELPER})
_SPOKEN = frozenset({ChannelKind.VOICE, ChannelKind.RADIO})


@dataclass(frozen=True)
class RouteStep:
    """A channel in the list, with the treatment that brought it there, if one did.

    `dials` is the channel whose number a borrowed phone calls. `beyond` marks what stands there
    on the calmest day, for when nothing connects at all.
    """

    channel: str
    mode: Mode = Mode.AS_USUAL
    treatment: Treatment | None = None
    usual: bool = True
    dials: str | None = None
    number: PublishedNumber | None = None
    beyond: bool = False


Steps = list[RouteStep]


def arrange(local: NeedContext) -> Steps:
    """The channels to show, best first. Never empty."""
    steps = _by_mode(local)
    if local.need.is_emergency:
        steps = _once(steps + _second_ways(local) + _half_working(local, steps))
    else:
        steps = _keep_free(local, steps)
    steps = _from_this_phone(local, _once(steps))
    steps = _sure_first(local, steps)
    steps = _close(local, steps)
    return _with_helper(local, _led_by_what_may(local, steps))


def _by_mode(local: NeedContext) -> Steps:
    """Rule 5: alternatives before the route under `replace`, behind their channel otherwise."""
    lead: Steps = []
    body: Steps = []
    for channel in local.route:
        t = local.treatments.get(channel)
        if t is None:
            body += _allowed(local, RouteStep(channel))
            continue
        others = _others(local, channel, t)
        usual = _allowed(local, RouteStep(channel, t.mode, t))
        if t.mode is not Mode.REPLACE:
            body += usual + others
            continue
        first = [x for x in others if not local.need.is_emergency or local.answers_all(x.channel)]
        lead += first
        body += _still_of_use(local, usual) + [x for x in others if x not in first]
    for t in local.asides:
        place = lead if t.mode is Mode.REPLACE else body
        place += _others(local, "", t)
    return lead + body


def _still_of_use(local: NeedContext, usual: Steps) -> Steps:
    """Who types or signs keeps their form of a replaced 999, behind its alternatives: they have
    fewer ways than others, and what hangs on it may still work (rule 3)."""
    if local.asked.by_voice or not local.need.is_emergency:
        return []
    return [replace(step, mode=Mode.TRY_FIRST) for step in usual]


def _others(local: NeedContext, channel: str, t: Treatment) -> Steps:
    """The alternatives of a treatment that this person can use, here and now."""
    forms = dict.fromkeys(local.form(c) for c in t.to)
    steps = (RouteStep(c, t.mode, t, usual=False, number=_number(local, c, t)) for c in forms)
    return [s for step in steps if step.channel != channel for s in _allowed(local, step)]


def _number(local: NeedContext, channel: str, t: Treatment) -> PublishedNumber | None:
    return t.number if local.channels[channel].role is ChannelRole.PUBLISHED_NUMBER else None


def _allowed(local: NeedContext, step: RouteStep) -> Steps:
    return [step] if local.is_allowed(step.channel, step.number) else []


def _second_ways(local: NeedContext) -> Steps:
    """Rule 11: never a bare 999. What every emergency's list goes on with, on calm days too."""
    phones = _cures(local) if local.asked.by_voice and local.door in local.route else ()
    second = local.rulebook.second_ways
    ways = [
        local.form(c)
        for n in local.asked.hearing
        for c in second.get((n.id, local.place.nation), ())
    ]
    steps = [RouteStep(c, usual=False, beyond=True) for c in dict.fromkeys((*phones, *ways))]
    all_of_them = [s for s in steps if s.channel in phones or local.answers_all(s.channel)]
    return [s for s in all_of_them if s.channel in phones or _allowed(local, s)]


def _cures(local: NeedContext) -> tuple[str, ...]:
    """The very call from another phone, unless 999 itself fails or all those phones are dead."""
    if local.field.front_door_fails:
        return ()
    fixed = line_of(local.visitor, local.catalogue) in FIXED_LINES
    own, *others = local.catalogue.cures
    found = [own] if fixed and local.visitor.has_mobile is not False else []
    return tuple(c for c in (*found, *others) if not _is_dead(local, c))


def _is_dead(local: NeedContext, cure: str) -> bool:
    """Whether a phone of that kind is dead, too, whatever 999 itself does."""
    impact = local.impacts[cure]
    return impact.dead or impact.own_dead or bool(impact.own)


def _half_working(local: NeedContext, steps: Steps) -> Steps:
    """Rule 11: what half works comes before in person, as long as nothing better is left."""
    if not local.asked.by_voice or any(_is_better(local, s) for s in steps if not s.beyond):
        return []
    half = [c for c, t in local.treatments.items() if t.mode is Mode.REPLACE]
    return [RouteStep(c, Mode.TRY_FIRST, local.treatments[c]) for c in half if local.is_allowed(c)]


def _is_better(local: NeedContext, step: RouteStep) -> bool:
    impact = local.impacts[step.channel]
    ordinary = impact.worst in (None, State.RESTORED) and not impact.unusable
    known = local.channels[step.channel]
    return ordinary and known.role not in _WAYS_ROUND and not is_conditional(known, local.visitor)


def _from_this_phone(local: NeedContext, steps: Steps) -> Steps:
    """Rule 2: where the visitor's own line is dead, the number is dialled from another phone."""
    if not any(s.on_own_phone for s in local.field.statements):
        return steps
    if not local.asked.by_voice:
        return [s for s in steps if not local.impacts[s.channel].own_dead]
    if not local.need.is_emergency:
        return _behind_what_works(local, steps)
    found = [s for step in steps for s in _emergency_from_here(local, step)]
    cures = set(local.catalogue.cures)
    if any(s.channel in cures for s in found):
        found = [s for s in found if s.dials is None]
    return _once(found)


def _emergency_from_here(local: NeedContext, step: RouteStep) -> Iterator[RouteStep]:
    """One step of an emergency's list, as somebody with a troubled phone does it."""
    impact = local.impacts[step.channel]
    is_door = step.channel == local.door
    if not (impact.own_dead or (is_door and _is_sent_off(local))):
        trouble = is_door and any(s.state is not State.RESOLVED for s in impact.own)
        yield replace(step, mode=Mode.TRY_FIRST) if trouble and step.mode is Mode.AS_USUAL else step
        if trouble:
            yield from _borrowed(local, Mode.TRY_FIRST)
    elif is_door:
        yield from _borrowed(local, Mode.REPLACE)
    else:
        yield from _from_another_phone(local, step)


def _is_sent_off(local: NeedContext) -> bool:
    """Whether the word on the visitor's own network is to use another phone at once."""
    own = [s for s in local.impacts[local.door].own if not s.overdue]
    judges = [local.here.judge(n, local.need.id) for n in local.asked.hearing]
    notices = (n for s in own for j in judges for n in j.notices(s))
    return any(n.mode is Mode.REPLACE for n in notices)


def _borrowed(local: NeedContext, mode: Mode) -> Iterator[RouteStep]:
    return (RouteStep(c, mode, usual=False) for c in _cures(local))


def _from_another_phone(local: NeedContext, step: RouteStep) -> Iterator[RouteStep]:
    other = local.catalogue.playing(ChannelRole.OTHER_PHONE)
    has_number = step.number or local.catalogue.number(step.channel)
    if (
        has_number
        and not local.impacts[other].unusable
        and not local.channels[step.channel].emergency
    ):
        yield replace(step, channel=other, mode=Mode.REPLACE, usual=False, dials=step.channel)


def _behind_what_works(local: NeedContext, steps: Steps) -> Steps:
    """What still works from here; then the number that does not, from another phone."""
    dead = [s for s in steps if local.impacts[s.channel].own_dead]
    works = [s for s in steps if s not in dead]
    ways = [s for s in works if local.channels[s.channel].role not in _WAYS_ROUND]
    closing = [s for s in works if s not in ways]
    return _once(ways + [s for d in dead for s in _from_another_phone(local, d)] + closing)


def _once(steps: Iterable[RouteStep]) -> Steps:
    """Each channel once, where it stands first."""
    first: dict[str, RouteStep] = {}
    for step in steps:
        first.setdefault(step.channel, step)
    return list(first.values())


def _keep_free(local: NeedContext, steps: Steps) -> Steps:
    """Rule 7: what carries emergencies is not shown to others; online, then wait.

    Whoever needs help today still sees it, last, and so does who has no other way at all.
    """
    kept = [s for s in steps if local.is_kept(s.channel, s.number)]
    if not kept:
        return steps
    rest = [s for s in steps if s not in kept]
    if local.need.urgency is Urgency.URGENT:
        return rest + kept
    return rest or ([] if local.asked.by_voice else kept)


def _sure_first(local: NeedContext, steps: Steps) -> Steps:
    """Rule 3: at risk leads only where nothing unaffected can be used by the person alone."""
    steps = sorted(steps, key=lambda s: local.channels[s.channel].role is ChannelRole.WAIT)
    if not steps or not _is_doubtful(local, steps[0]):
        return steps
    sure = [s for s in steps if _stands_alone(local, s)]
    if sure:
        return [sure[0]] + [s for s in steps if s is not sure[0]]
    steps = sorted(steps, key=lambda s: _waits(local, s))
    round_it = (local.catalogue.playing(r) for r in (ChannelRole.HELPER, ChannelRole.IN_PERSON))
    return _once(steps + [RouteStep(channel) for channel in round_it])


def _is_doubtful(local: NeedContext, step: RouteStep) -> bool:
    return local.impacts[step.channel].at_risk or _waits(local, step)


def _waits(local: NeedContext, step: RouteStep) -> bool:
    """Whether it may not lead: what works only for some; and for who types or signs, another line
    than 999's while hearing people are still told to try that first (rule 6)."""
    led_off = local.need.is_emergency and not step.usual and step.mode is not Mode.REPLACE
    conditional = is_conditional(local.channels[step.channel], local.visitor)
    return conditional or (led_off and not local.asked.by_voice)


def _stands_alone(local: NeedContext, step: RouteStep) -> bool:
    """Whether it is help that this person can use alone, and that may lead. To wait is none; what
    is there only for when nothing connects is none; nor is sign language to who types."""
    known = local.channels[step.channel]
    aside = local.is_kept(step.channel, step.number) or local.impacts[step.channel].down
    led_off = local.need.is_emergency and not step.usual and step.mode is not Mode.REPLACE
    signs = known.kind is not ChannelKind.VIDEO or local.asked.uses is Uses.SIGN
    whole = not local.need.is_emergency or step.usual or local.answers_all(step.channel)
    alone = known.role not in _WAYS_ROUND and signs and whole and not led_off
    return alone and not aside and not _is_doubtful(local, step)


def _led_by_what_may(local: NeedContext, steps: Steps) -> Steps:
    """Nothing that is kept free leads, from whatever phone it is dialled (rule 7)."""
    aside = [s for s in steps if local.is_kept(s.dials or s.channel, s.number)]
    if steps[0] not in aside:
        return steps
    rest = [s for s in steps if s not in aside]
    role = ChannelRole.WAIT if local.need.may_wait else ChannelRole.IN_PERSON
    return (rest or [RouteStep(local.catalogue.playing(role))]) + aside


def _close(local: NeedContext, steps: Steps) -> Steps:
    """In person closes every emergency's list; waiting closes what can wait, after the counter
    where every phone is dead (rule 11)."""
    if local.need.is_emergency:
        return _last(local, steps, ChannelRole.IN_PERSON)
    if _is_cut_off(local, steps):
        steps = _last(local, steps, ChannelRole.IN_PERSON)
    if not local.need.may_wait:
        lost = _line_is_lost(local) or all(_fails(local, s) for s in steps)
        return _last(local, steps, ChannelRole.IN_PERSON) if lost else steps
    closes = not steps or _line_is_lost(local) or _line_is_kept(local)
    return _last(local, steps, ChannelRole.WAIT) if closes else steps


def _is_cut_off(local: NeedContext, steps: Steps) -> bool:
    """Whether nothing is left that this person could ring, write or go to."""
    ways = (s for s in steps if local.channels[s.channel].role not in _WAYS_ROUND)
    return (
        bool(local.field.statements)
        and not any(True for _ in ways)
        and any(local.impacts[c].dead for c in local.route)
    )


def _fails(local: NeedContext, step: RouteStep) -> bool:
    """Whether some who try it do not get through: whoever cannot wait needs a place as well."""
    return local.impacts[step.channel].worst in FAILING


def _with_helper(local: NeedContext, steps: Steps) -> Steps:
    """Nobody who cannot hear or speak is left with a number alone: somebody may ring for them.

    That is said where every way shown is a voice call and neither its text nor its sign form is
    left (advice.md, "Deaf and speech-impaired people, every need").
    """
    closers = (ChannelRole.IN_PERSON, ChannelRole.WAIT)
    ways = [s.channel for s in steps if local.channels[s.channel].role not in closers]
    voice = [c for c in ways if local.channels[c].kind in _SPOKEN]
    if local.asked.by_voice:
        if not voice or len(voice) < len(ways) or any(_has_form(local, c) for c in voice):
            return steps
    elif set(ways) - set(voice) or any(local.by_relay(c) for c in voice):
        return steps
    helper = local.catalogue.playing(ChannelRole.HELPER)
    closing = [s for s in steps[1:] if local.channels[s.channel].role in closers]
    if not ways:
        return [
            *steps[:1],
            *(s for s in steps[1:] if s not in closing),
            RouteStep(helper),
            *closing,
        ]
    return _once([*(s for s in steps if s not in closing), RouteStep(helper), *closing])


def _has_form(local: NeedContext, channel: str) -> bool:
    """Whether a voice channel's text or sign form is left beside it."""
    return bool(forms(local, channel, None))


def _last(local: NeedContext, steps: Steps, role: ChannelRole) -> Steps:
    """The channel at the end of the list, unless it leads."""
    channel = local.catalogue.playing(role)
    if steps and steps[0].channel == channel:
        return steps
    own = [s for s in steps if s.channel == channel]
    return [s for s in steps if s.channel != channel] + (own or [RouteStep(channel)])


def _line_is_lost(local: NeedContext) -> bool:
    """Whether a line of this need, or the line it is a form of, is down or replaced."""
    return any(
        local.impacts[c].down
        or (c in local.treatments and local.treatments[c].mode is Mode.REPLACE)
        for c in _lines_of(local)
    )


def _line_is_kept(local: NeedContext) -> bool:
    return any(local.is_kept(c) for c in _lines_of(local))


def _lines_of(local: NeedContext) -> set[str]:
    answered = [c for c in local.route if local.channels[c].kind in ANSWERED]
    return {line for c in answered for line in (c, *local.channels[c].parents)}
