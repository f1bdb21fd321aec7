"""What an incident may not say, wherever it is written: one rule for scenarios and for the staff.

`impossible` is what is malformed or could never be right: a scenario refuses it, and so does the
form. `not_followed` is what the engine would not carry out: it is refused where statements are
written (advice.md, rule 10). Both yield "path: what is wrong, what to do".
"""

from __future__ import annotations

from collections.abc import Iterator

from triage.engine.catalogue import Access, ChannelKind, ChannelRole
from triage.engine.proof_classes import can_be_stated
from triage.engine.rulebook import Need, Rulebook
from triage.engine.situation import Incident, Mode, Notice, State
from triage.engine.telephone import is_ringable

_WRITTEN = frozenset({ChannelKind.WEB, ChannelKind.CHAT, ChannelKind.EMAIL})


def impossible(i: Incident, rulebook: Rulebook) -> Iterator[str]:
    """What no incident may say. Its ids have been checked."""
    if not can_be_stated(rulebook, i.channel):
        yield f"channel: {_no_fault_of(i.channel, rulebook)}"
    for k, notice in enumerate(i.notices):
        if notice.need in [n.need for n in i.notices[:k]]:
            yield f'notices.{k}.need: "{notice.need}" has a notice already: keep one of them'
        for m, channel in enumerate(notice.to):
            if what := _refused(i, notice, channel, rulebook):
                yield f"notices.{k}.to.{m}: {what}"
        yield from _without_alternative(k, i, notice, rulebook)
    yield from _numbers(i, rulebook)


def not_followed(i: Incident, rulebook: Rulebook) -> Iterator[str]:
    """What the engine would not do though nothing is wrong with it by itself."""
    for k, notice in enumerate(i.notices):
        if i.state is State.DOWN and notice.mode is not Mode.REPLACE:
            yield (
                f"notices.{k}.mode: nothing connects, so nobody can be told to try or to wait: "
                "say where to go instead, or that many calls fail"
            )
        cures = [c for c in notice.to if c in rulebook.catalogue.cures]
        if cures and not (i.scope.networks or i.scope.lines) and i.channel == _door(rulebook):
            yield f'notices.{k}.to: "{cures[0]}" is no way round a fault of 999 itself'


def _no_fault_of(channel: str, rulebook: Rulebook) -> str:
    known = rulebook.catalogue.channels[channel]
    if known.same_call:
        return f'"{channel}" is the very same call as {known.same_call}: state it of that'
    return f'"{channel}" cannot fail: state what is broken'


def _refused(i: Incident, notice: Notice, channel: str, rulebook: Rulebook) -> str | None:
    if channel == i.channel and not (i.scope.networks or i.scope.lines):
        return f'"{channel}" is what has failed: it cannot stand in for itself'
    return no_way(rulebook.needs[notice.need], channel, rulebook)


def no_way(need: Need, channel: str, rulebook: Rulebook) -> str | None:
    """Why people with a need may never be sent to a channel; None where they may (rule 9)."""
    known = rulebook.catalogue.channels[channel]
    if known.kind is ChannelKind.INFRASTRUCTURE:
        return f'"{channel}" can only fail: name a way to get help'
    if known.same_call == _door(rulebook) and known.access is Access.VOICE:
        return f'"{channel}" is the very same call as {known.same_call}'
    return _unfit(need, channel, rulebook)


def _unfit(need: Need, channel: str, rulebook: Rulebook) -> str | None:
    known = rulebook.catalogue.channels[channel]
    if not need.is_emergency:
        return f'"{channel}" is for emergencies: "{need.id}" is none' if known.emergency else None
    if known.kind in _WRITTEN:
        return f'"{channel}" is a form, a chat or a mailbox: never for an emergency'
    if known.role is ChannelRole.WAIT:
        return "nobody with an emergency is told to wait and call later"
    if not known.answers & need.services:
        return f'"{channel}" does not answer "{need.id}"'
    return None


def _without_alternative(k: int, i: Incident, notice: Notice, rulebook: Rulebook) -> Iterator[str]:
    published = rulebook.catalogue.playing(ChannelRole.PUBLISHED_NUMBER)
    if notice.mode is Mode.REPLACE and not notice.to and rulebook.needs[notice.need].is_emergency:
        yield f"notices.{k}.to: is empty: say where to go instead"
    given = any(not n.needs or notice.need in n.needs for n in i.numbers)
    if published in notice.to and not given:
        yield f'notices.{k}.to: "{published}" is named without a number: give it in numbers'


def _numbers(i: Incident, rulebook: Rulebook) -> Iterator[str]:
    catalogue = rulebook.catalogue
    own = {catalogue.number(c.id) for c in catalogue.channels.values() if c.emergency}
    for k, number in enumerate(i.numbers):
        path = f"numbers.{k}.number: {number.number}"
        if number.number.replace(" ", "") in own:
            yield f"{path} is no local number: name its channel"
        elif not is_ringable(number.number):
            yield f"{path} is no UK number that anybody can ring: 01, 02, 03, 0800 or 0808"


def _door(rulebook: Rulebook) -> str:
    return rulebook.catalogue.playing(ChannelRole.FRONT_DOOR)
