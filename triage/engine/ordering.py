"""The order of the list: modes, keep-free, at risk, nothing left (rules 3 to 8).

Gives the channels in order, each with the mode it stands under. How each is shown, and what is
said beside it, is advise.py and codes.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from triage.engine.catalogue import ChannelKind
from triage.engine.forms import forms
from triage.engine.need_context import ANSWERED, NeedContext, alternatives, is_allowed, is_kept
from triage.engine.rulebook import Urgency
from triage.engine.situation import FAILING, Mode, State
from triage.engine.treatment import Treatment

IN_PERSON = "in-person"
WAIT = "wait"
HELPER = "helper-call"
BESIDE = (HELPER, IN_PERSON)


@dataclass(frozen=True)
class RouteStep:
    """A channel in the list, with the treatment that brought it there, if one did."""

    channel: str
    mode: Mode = Mode.AS_USUAL
    treatment: Treatment | None = None
    usual: bool = True


def arrange(local: NeedContext) -> list[RouteStep]:
    """The channels to show, best first. Never empty."""
    lines = _by_mode(local)
    lines = _keep_free(local, lines)
    lines = _sure_first(local, lines)
    lines = _close(local, lines)
    lines = _led_by_what_may(local, lines)
    return _with_helper(local, lines)


def _by_mode(local: NeedContext) -> list[RouteStep]:
    """Rule 5: alternatives before the route under `replace`, behind their channel otherwise."""
    lead: list[RouteStep] = []
    body: list[RouteStep] = []
    for channel in local.route:
        t = local.treatments.get(channel)
        if t is None:
            body += _allowed(local, RouteStep(channel))
            continue
        others = _others(local, channel, t)
        usual = _allowed(local, RouteStep(channel, t.mode, t))
        if t.mode is Mode.REPLACE:
            lead += others
            body += _last_resort(local, usual, others)
        elif _is_disputed_down(local, channel, t):
            lead += others
            body.append(RouteStep(channel, t.mode, t))
        else:
            body += usual + others
    for t in local.asides:
        place = lead if t.mode is Mode.REPLACE else body
        place += _others(local, "", t)
    return _once(lead + body)


def _others(local: NeedContext, channel: str, t: Treatment) -> list[RouteStep]:
    """The alternatives of a treatment that this person can use, here and now."""
    lines = [RouteStep(c, t.mode, t, usual=False) for c in alternatives(local, t) if c != channel]
    return [line for line in lines if _allowed(local, line)]


def _allowed(local: NeedContext, line: RouteStep) -> list[RouteStep]:
    return [line] if is_allowed(local, line.channel, line.treatment) else []


def _is_disputed_down(local: NeedContext, channel: str, t: Treatment) -> bool:
    """Its service calls it down, its supplier calls it working: shown, but not first."""
    return t.rule == "mode.disputed" and local.impact(channel).worst is State.DOWN


def _last_resort(
    local: NeedContext, usual: list[RouteStep], others: list[RouteStep]
) -> list[RouteStep]:
    """A replaced channel that some calls still reach is better than no voice at all (rule 8).

    Only in an emergency where every alternative has failed too, and never first.
    """
    remote = [line for line in others if line.channel not in BESIDE]
    if remote or not usual or not local.need.is_emergency or local.need.without_voice:
        return []
    return [RouteStep(IN_PERSON, Mode.REPLACE), replace(usual[0], mode=Mode.TRY_FIRST)]


def _once(lines: list[RouteStep]) -> list[RouteStep]:
    """Each channel once, where it stands first."""
    first: dict[str, RouteStep] = {}
    for line in lines:
        first.setdefault(line.channel, line)
    return list(first.values())


def _keep_free(local: NeedContext, lines: list[RouteStep]) -> list[RouteStep]:
    """Rule 6: no other need has first what carries emergencies; online, then wait.

    Somebody who signs, types or needs help today still sees the way in, last.
    """
    kept = [line for line in lines if is_kept(local, line.channel)]
    rest = [line for line in lines if line not in kept]
    shown_last = local.need.without_voice or local.need.urgency is Urgency.URGENT
    return rest + kept if shown_last else rest


def _sure_first(local: NeedContext, lines: list[RouteStep]) -> list[RouteStep]:
    """Rule 3: at risk leads only where nothing unaffected can be used by the person alone."""
    lines = sorted(lines, key=lambda line: line.channel == WAIT)
    if not lines or not _is_doubtful(local, lines[0]):
        return lines
    sure = [line for line in lines if _stands_alone(local, line)]
    if sure:
        return [sure[0]] + [line for line in lines if line is not sure[0]]
    lines = sorted(lines, key=lambda line: _is_conditional(local, line.channel))
    return _once(lines + [RouteStep(channel) for channel in BESIDE])


def _led_by_what_may(local: NeedContext, lines: list[RouteStep]) -> list[RouteStep]:
    """Last of all: nothing that is kept free leads, nor what is shown though it is down.

    The latter is what its service calls down and its supplier calls working (rules 5 and 6).
    """
    aside = [x for x in lines if is_kept(local, x.channel) or local.impact(x.channel).down]
    if lines[0] not in aside:
        return lines
    rest = [line for line in lines if line not in aside]
    return (rest or [RouteStep(WAIT if local.need.may_wait else IN_PERSON)]) + aside


def _is_doubtful(local: NeedContext, line: RouteStep) -> bool:
    return local.impact(line.channel).at_risk or _is_conditional(local, line.channel)


def _is_conditional(local: NeedContext, channel: str) -> bool:
    """What works only for some leads only where it is known that this visitor is one of them.

    Emergency SMS wants a phone registered before, a marine radio a boat with one.
    """
    visitor = local.visitor
    if channel == "emergency-sms":
        return not visitor.registered_for_sms
    return channel == "vhf-dsc" and not (visitor.afloat and visitor.has_radio)


def _stands_alone(local: NeedContext, line: RouteStep) -> bool:
    """Whether it is help that this person can use alone, and that may lead. To wait is none."""
    aside = is_kept(local, line.channel) or local.impact(line.channel).down
    return line.channel not in (*BESIDE, WAIT) and not aside and not _is_doubtful(local, line)


def _close(local: NeedContext, lines: list[RouteStep]) -> list[RouteStep]:
    """In person closes every emergency's list that is touched; waiting closes what can wait."""
    if local.need.is_emergency:
        closes = not lines or is_touched(local)
        return _last(lines, IN_PERSON) if closes else lines
    if local.need.may_wait:
        closes = not lines or _line_is_lost(local) or _line_is_kept(local)
        return _last(lines, WAIT) if closes else lines
    if _line_is_lost(local) or all(_fails(local, line) for line in lines):
        return _last(lines, IN_PERSON)
    return lines


def _fails(local: NeedContext, line: RouteStep) -> bool:
    """Whether some who try it do not get through: whoever cannot wait needs a place as well."""
    return local.impact(line.channel).worst in FAILING


def _with_helper(local: NeedContext, lines: list[RouteStep]) -> list[RouteStep]:
    """Nobody who cannot hear or speak is left with a number alone: somebody may ring for them.

    That is said where every way shown is a voice call and neither its text nor its sign form is
    left (advice.md, "Deaf and speech-impaired people, every need").
    """
    ways = [line.channel for line in lines if line.channel not in (IN_PERSON, WAIT)]
    voice = [c for c in ways if local.channel(c).kind in (ChannelKind.VOICE, ChannelKind.RADIO)]
    if not voice or len(voice) < len(ways) or any(_has_forms(local, c) for c in voice):
        return lines
    closing = [line for line in lines[1:] if line.channel in (IN_PERSON, WAIT)]
    return [line for line in lines if line not in closing] + [RouteStep(HELPER), *closing]


def _has_forms(local: NeedContext, channel: str) -> bool:
    return any(True for _ in forms(local, channel))


def _last(lines: list[RouteStep], channel: str) -> list[RouteStep]:
    """The channel at the end of the list, unless it leads."""
    if lines and lines[0].channel == channel:
        return lines
    own = [line for line in lines if line.channel == channel]
    return [line for line in lines if line.channel != channel] + (own or [RouteStep(channel)])


def is_touched(local: NeedContext) -> bool:
    """Whether anything stated reaches a channel of this need's route."""
    return any(s.state is not State.RESOLVED for c in local.route for s in local.impact(c).touching)


def _line_is_lost(local: NeedContext) -> bool:
    """Whether a line of this need, or the line it is a form of, is down or replaced."""
    return any(
        local.impact(c).down or (c in local.treatments and local.treatments[c].mode is Mode.REPLACE)
        for c in _lines_of(local)
    )


def _line_is_kept(local: NeedContext) -> bool:
    return any(is_kept(local, c) for c in _lines_of(local))


def _lines_of(local: NeedContext) -> set[str]:
    answered = [c for c in local.route if local.channel(c).kind in ANSWERED]
    return {line for c in answered for line in (c, *local.channel(c).parents)}
