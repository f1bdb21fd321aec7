"""Which codes are said beside the list, and when (advice.md, rule 11 and "When each code is said").

The words for each code stand in seeds/codes.toml. One small function a code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from triage.engine.advice import Entry, Say
from triage.engine.catalogue import Access, Service
from triage.engine.forms import TEXT_RELAY
from triage.engine.lazy import lazy
from triage.engine.need_context import NeedContext
from triage.engine.ordering import RouteStep
from triage.engine.scope import FIXED_LINES, Reach, ReachingIncident, corrects, is_data_alone
from triage.engine.situation import FAILING, Code, Feature, Mode, State


@dataclass(frozen=True)
class ShownAdvice:
    """The list as it will be shown, and the statements that matter to it."""

    local: NeedContext
    lines: Sequence[RouteStep]
    entries: Sequence[Entry]
    statements: Sequence[ReachingIncident]
    maybe: Sequence[ReachingIncident]

    @property
    def channels(self) -> set[str]:
        return {e.channel for e in self.entries}

    @lazy
    def about_999(self) -> list[ReachingIncident]:
        """Statements about 999 or the lines that carry it, until resolved; emergencies only."""
        if not self.local.need.is_emergency:
            return []
        touching = self.local.impacts[self.local.door].touching
        return [s for s in touching if s.state is not State.RESOLVED]


Rule = Callable[[ShownAdvice], Iterator[str | None]]


def say(shown: ShownAdvice) -> tuple[Say, ...]:
    """Every code that applies, with its channel where it has one, in the order of `Code`."""
    return tuple(
        Say(code, channel) for code, rule in _IN_ORDER for channel in dict.fromkeys(rule(shown))
    )


def _stay_on_line(shown: ShownAdvice) -> Iterator[str | None]:
    for step in shown.lines:
        impact = shown.local.impacts[step.channel]
        held = step.usual and step.mode is Mode.HOLD
        if held or any(s.state is State.DELAYED for s in impact.direct):
            yield step.channel


def _ask_for(shown: ShownAdvice, service: Service) -> Iterator[str | None]:
    """On the line of another service, which one to ask for."""
    if shown.local.asked.services != {service} or not shown.local.need.is_emergency:
        return
    for step in shown.lines:
        for channel in (step.channel, step.dials):
            owner = shown.local.channels[channel].owner if channel else None
            if channel and owner is not None and owner is not service:
                yield channel


def _ask_for_fire(shown: ShownAdvice) -> Iterator[str | None]:
    yield from _ask_for(shown, Service.FIRE)


def _ask_for_coastguard(shown: ShownAdvice) -> Iterator[str | None]:
    yield from _ask_for(shown, Service.COASTGUARD)


def _if_still_trouble_use(shown: ShownAdvice) -> Iterator[str | None]:
    for line in shown.lines[1:]:
        if not line.usual and line.mode in (Mode.AS_USUAL, Mode.TRY_FIRST):
            yield line.channel


def _at_risk(shown: ShownAdvice) -> Iterator[str | None]:
    for entry in shown.entries:
        if entry.at_risk:
            yield entry.channel
        yield from (f.channel for f in entry.forms if f.at_risk and f.channel != TEXT_RELAY)


def _keep_off(shown: ShownAdvice) -> Iterator[str | None]:
    local = shown.local
    if not local.kept_free:
        return
    own = {line for c in local.route for line in local.lines_of(c)}
    own |= {line for step in shown.lines for line in local.lines_of(step.channel, step.number)}
    for line in local.kept_free:
        channel = line.partition(" ")[0]
        of = local.channels[channel].relay_of
        if line in own and of not in local.kept_free:
            yield channel


def _location_ready(shown: ShownAdvice) -> Iterator[str | None]:
    """Whoever answers may be somewhere else, or may not see where the call comes from."""
    impacts = [shown.local.impacts[line.channel] for line in shown.lines if not line.beyond]
    about_shown = [s for i in impacts for s in (*i.direct, *i.carried)]
    for s in (*shown.about_999, *about_shown):
        if s.state is State.RESOLVED:
            continue
        if s.state is State.ON_BACKUP or Feature.LOCATION in s.incident.degraded_features:
            yield None


def _only_if_life_threatening(shown: ShownAdvice) -> Iterator[str | None]:
    if not shown.local.need.is_emergency:
        return
    if any(s.incident.demand_note for s in shown.statements):
        yield None
    if any(s.state is State.RESTORED for s in shown.about_999):
        yield None


def _which_network(shown: ShownAdvice) -> Iterator[str | None]:
    if shown.maybe:
        yield None


def _no_data_needed(shown: ShownAdvice) -> Iterator[str | None]:
    field, catalogue = shown.local.field, shown.local.catalogue
    failing = any(
        s.state in FAILING and is_data_alone(catalogue, s.channel)
        for s in (*field.sure, *field.maybe)
    )
    needs_none = (Access.VOICE, Access.SMS, Access.MOBILE, Access.LANDLINE)
    for entry in shown.entries if failing else ():
        # What has no number here has one on a web page: it does need data.
        if entry.number and shown.local.channels[entry.channel].access in needs_none:
            yield entry.channel


def _answer_callbacks(shown: ShownAdvice) -> Iterator[str | None]:
    at = shown.local.at
    for s in shown.statements:
        if s.incident.callbacks_until and at < s.incident.callbacks_until:
            yield None


def _check_on_alarm_users(shown: ShownAdvice) -> Iterator[str | None]:
    """Said to everybody in the place: who has a mobile is the one who can go and look. Where 999
    alone fails from landlines, alarms still reach those who watch them."""
    for s in shown.local.field.statements:
        of_others = s.reach is Reach.ELSEWHERE and not s.takes
        alarms = Access.LANDLINE in s.takes or set(s.lines) & FIXED_LINES
        if s.state in FAILING and alarms and not of_others:
            yield None


def _do_not_test_call(shown: ShownAdvice) -> Iterator[str | None]:
    if shown.about_999:
        yield None


def _correction_notice(shown: ShownAdvice) -> Iterator[str | None]:
    incidents = shown.local.here.all_incidents
    if any(corrects(s.incident, incidents, shown.local.at) for s in shown.statements):
        yield None


def _last_updated(shown: ShownAdvice) -> Iterator[str | None]:
    if shown.statements:
        yield None


_RULES: dict[Code, Rule] = {
    Code.STAY_ON_LINE: _stay_on_line,
    Code.ASK_FOR_FIRE: _ask_for_fire,
    Code.ASK_FOR_COASTGUARD: _ask_for_coastguard,
    Code.IF_STILL_TROUBLE_USE: _if_still_trouble_use,
    Code.AT_RISK: _at_risk,
    Code.KEEP_OFF: _keep_off,
    Code.LOCATION_READY: _location_ready,
    Code.ONLY_IF_LIFE_THREATENING: _only_if_life_threatening,
    Code.WHICH_NETWORK: _which_network,
    Code.NO_DATA_NEEDED: _no_data_needed,
    Code.ANSWER_CALLBACKS: _answer_callbacks,
    Code.CHECK_ON_ALARM_USERS: _check_on_alarm_users,
    Code.DO_NOT_TEST_CALL: _do_not_test_call,
    Code.CORRECTION_NOTICE: _correction_notice,
    Code.LAST_UPDATED_AND_NEXT_REVIEW: _last_updated,
}
_IN_ORDER = tuple((code, _RULES[code]) for code in Code)
