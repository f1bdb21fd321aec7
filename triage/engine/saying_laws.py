"""The laws of what is said beside the list: codes, reasons, and who is named (rules 1, 7, 14, 15).

As advice_laws.py, which has the laws of the list itself: each looks at a finished Advice beside
the raw statements, and yields what is wrong in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator

from triage.engine.catalogue import ChannelRole, Service
from triage.engine.forms import TEXT_RELAY
from triage.engine.law_case import LawCase
from triage.engine.situation import Code, State


def kept_free_is_said(case: LawCase) -> Iterator[str]:
    """Rule 7: keep-off goes with a channel that somebody sends emergencies to, and nothing else."""
    said = case.advice.says(Code.KEEP_OFF)
    if said and not case.advice.notices:
        yield "keep-off is said, and nobody is named who says so"
    for channel in said:
        published = channel and case.channel(channel).role is ChannelRole.PUBLISHED_NUMBER
        if channel not in case.moment.kept_free and not published:
            yield f"keep-off is said of {channel}, and nobody is sent there"
    if case.need.is_emergency:
        return
    for channel in case.moment.kept_free & set(case.route):
        if channel not in said and case.channel(channel).relay_of not in said:
            yield f"keep-off is not said of {channel}"


def _said(case: LawCase, code: Code, channels: set[str]) -> Iterator[str]:
    heard = set(case.advice.says(code))
    yield from (f"{code} is not said of {channel}" for channel in channels - heard)
    yield from (f"{code} is said of {channel}" for channel in heard - channels)


def services_are_asked_for(case: LawCase) -> Iterator[str]:
    """Rule 14: whoever rings the police's line for a fire, or from the sea, is told whom to ask."""
    named = {c for e in case.advice.entries for c in (e.channel, e.dials) if c}
    theirs = {c for c in named if case.channel(c).owner is Service.POLICE}
    codes = {Service.FIRE: Code.ASK_FOR_FIRE, Service.COASTGUARD: Code.ASK_FOR_COASTGUARD}
    for service, code in codes.items():
        mine = case.need.is_emergency and case.services == {service}
        yield from _said(case, code, theirs if mine else set())


def risk_and_trouble_are_said(case: LawCase) -> Iterator[str]:
    """Rule 14: each channel at risk that is shown is named; so is what to use on trouble."""
    marked = {e.channel for e in case.advice.entries if e.at_risk}
    forms = {f.channel for e in case.advice.entries for f in e.forms if f.at_risk}
    yield from _said(case, Code.AT_RISK, marked | (forms - {TEXT_RELAY}))
    heard = set(case.advice.says(Code.IF_STILL_TROUBLE_USE))
    for entry in case.advice.then:
        if entry.beyond and entry.channel not in heard:
            yield f"if-still-trouble-use is not said of {entry.channel}"


def test_calls_are_discouraged(case: LawCase) -> Iterator[str]:
    """Rule 14: any emergency while 999 is not ordinary, until it is resolved."""
    about = [i for i in case.moment.live if i.channel == case.door and case.touches(i)]
    about = [i for i in about if i.state is not State.RESOLVED]
    heard = bool(case.advice.says(Code.DO_NOT_TEST_CALL))
    if case.need.is_emergency and about and not heard:
        yield "do-not-test-call is not said"
    if heard and not (case.need.is_emergency and case.moment.stated):
        yield "do-not-test-call is said"


def holding_is_said(case: LawCase) -> Iterator[str]:
    """Rule 14: who holds, or waits for a slow line, is told to stay on it."""
    for entry in case.advice.entries:
        slow = any(i.state is State.DELAYED for i in case.about(entry.channel))
        if slow and entry.channel not in case.advice.says(Code.STAY_ON_LINE):
            yield f"stay-on-line is not said of {entry.channel}"


def the_source_is_said(case: LawCase) -> Iterator[str]:
    """Rule 15: what is stated of the route is named, with its issuer and its next review."""
    named = {n.incident for n in case.advice.notices}
    heard = bool(case.advice.says(Code.LAST_UPDATED_AND_NEXT_REVIEW))
    if heard and not named:
        yield "last-updated-and-next-review is said, and nobody is named"
    route = case.open_to_them
    routes = {case.channel(c).call for c in route} | set(route)
    over = {c for r in route for c in case.rulebook.catalogue.travelled(r)}
    for i in case.moment.live:
        about = i.channel in routes | over or _takes(case, i.channel)
        if about and i.state is not State.RESOLVED and case.touches(i):
            if i.id not in named:
                yield f"{i.id} is about this and is not named"
            elif not heard:
                yield "last-updated-and-next-review is not said"
    for avoided in case.advice.avoid:
        if avoided.channel in case.shown:
            yield f"{avoided.channel} is shown and to be avoided"


def an_unknown_line_is_named(case: LawCase) -> Iterator[str]:
    """Rule 1: a fault of some networks or lines changes nothing for who has not named theirs, and
    is named, with the question."""
    visitor = case.moment.visitor
    if visitor.network or visitor.line:
        return
    named = {n.incident for n in case.advice.notices}
    calls = {case.channel(c).call for c in case.route}
    for i in case.moment.reaching:
        if i in case.moment.live or i.state is State.RESOLVED or not case.touches(i):
            continue
        about = case.channel(i.channel).call in calls or _takes(case, i.channel)
        if about and not (i.id in named and case.advice.says(Code.WHICH_NETWORK)):
            yield f"{i.id} may be about this phone, and is not named"


def _takes(case: LawCase, line: str) -> bool:
    takes = case.channel(line).takes
    return any(case.channel(c).access in takes for c in case.route)


SAYING_LAWS = (
    kept_free_is_said,
    services_are_asked_for,
    risk_and_trouble_are_said,
    test_calls_are_discouraged,
    holding_is_said,
    the_source_is_said,
    an_unknown_line_is_named,
)
