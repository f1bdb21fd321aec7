"""Whose word counts for a channel, and what people are told to do about it (rule 5).

Takes the impact of one channel and gives its treatment: a mode and the alternatives, with the
statements behind them. Putting treatments together into a list is advise.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from triage.engine.catalogue import Nation, Service
from triage.engine.impact import CURES, Impact
from triage.engine.rulebook import Need, Rulebook
from triage.engine.scope import ReachingIncident, is_carrier
from triage.engine.situation import FAILING, OVER, IssuerKind, Mode, Notice, State

DEFAULT_MODES: Mapping[State, Mode] = {
    State.DOWN: Mode.REPLACE,
    State.MANY_FAILING: Mode.TRY_FIRST,
    State.DELAYED: Mode.HOLD,
}


@dataclass(frozen=True)
class Treatment:
    """What to do about one channel: a mode, where to go instead, and why."""

    mode: Mode
    to: tuple[str, ...]
    rule: str
    by: ReachingIncident | None
    state: State | None
    overdue: bool = False

    @property
    def keeps_free(self) -> bool:
        """Whether its alternatives carry emergencies now; it ends with `restored` (rule 6)."""
        return self.state is not None and self.state not in OVER


@dataclass(frozen=True)
class Word:
    """A notice for this need, with the statement that carries it and its rank (best first)."""

    statement: ReachingIncident
    notice: Notice
    rank: tuple[int, int, float, str]


def treatment(
    rulebook: Rulebook, need: Need, nation: Nation, impact: Impact, channel: str
) -> Treatment | None:
    """What to do about a channel; None where nothing is stated of it or of what it hangs on."""
    words = sorted(_words(need, impact), key=lambda word: word.rank)
    if words:
        found = _from_notice(rulebook, need, nation, impact, words[0])
    elif impact.worst is not None:
        found = _from_preset(rulebook, need, nation, impact)
    else:
        return _from_above(rulebook, need, nation, impact)
    return _lapsed(_with_cures(found, rulebook, channel), impact)


def aside(need: Need, statements: Iterable[ReachingIncident]) -> Treatment | None:
    """What the best word on this need says, of statements about channels it does not use."""
    own = frozenset({need.id, *need.hearing})
    words = [
        Word(s, n, _rank(s, need))
        for s in statements
        if s.state not in OVER and not is_carrier(s.incident)
        for n in s.incident.notices
        if n.need in own and n.to
    ]
    if not words:
        return None
    best = min(words, key=lambda word: (word.rank, word.notice.need != need.id))
    s, notice = best.statement, best.notice
    if s.overdue:
        return Treatment(Mode.TRY_FIRST, notice.to, "mode.overdue", s, s.state, True)
    return Treatment(notice.mode, notice.to, "mode.notice", s, s.state)


def _with_cures(t: Treatment, rulebook: Rulebook, channel: str) -> Treatment:
    """For a fault of the visitor's own line, another phone is the cure (rule 2)."""
    calls_999 = rulebook.catalogue.channels[channel].call == "999"
    if t.by is None or not (t.by.is_access and calls_999):
        return t
    return replace(t, to=tuple(dict.fromkeys((*t.to, *CURES))))


def _words(need: Need, impact: Impact) -> Iterator[Word]:
    """Every notice that speaks to this need: for a person without voice, hearing needs' too."""
    heard = need.hearing
    for s in impact.touching:
        if is_carrier(s.incident) or s.state is State.RESOLVED:
            continue
        own = [n for n in s.incident.notices if n.need == need.id]
        hearing = [n for n in s.incident.notices if n.need in heard]
        if notices := own or (hearing if s in impact.direct else []):
            yield Word(s, notices[0], _rank(s, need))


def _rank(s: ReachingIncident, need: Need) -> tuple[int, int, float, str]:
    tier = 0 if answers(s, need) else 1
    return tier, s.narrowness, -s.incident.published_at.timestamp(), s.incident.id


def answers(s: ReachingIncident, need: Need) -> bool:
    """Whether the issuer is the service that answers this need."""
    issuer = s.incident.issuer
    if issuer.kind is not IssuerKind.ANSWERING_SERVICE:
        return False
    if issuer.footprint.service is not None:
        return issuer.footprint.service in need.services
    legs: Iterable[Service] = s.incident.scope.services
    return not legs or bool(need.services & set(legs))


def _from_notice(
    rulebook: Rulebook, need: Need, nation: Nation, impact: Impact, word: Word
) -> Treatment:
    """The governing notice; the preset's alternatives stand behind its own."""
    s = word.statement
    mode = Mode.REPLACE if impact.down else word.notice.mode
    state = State.DOWN if impact.down else s.state
    behind = _preset_to(rulebook, need, nation, s.incident.channel, state)
    to = tuple(dict.fromkeys((*word.notice.to, *behind)))
    return Treatment(mode, to, "mode.notice", s, s.state, s.overdue)


def _from_preset(rulebook: Rulebook, need: Need, nation: Nation, impact: Impact) -> Treatment:
    s = min((*impact.direct, *impact.carried), key=_worst_first)
    state = State.DOWN if impact.down else s.state
    preset = rulebook.preset(s.incident.channel, state, need, nation)
    mode = preset.mode if preset else DEFAULT_MODES.get(state, Mode.AS_USUAL)
    if mode is Mode.REPLACE and not impact.down and s not in impact.direct:
        # What carries it fails for some: at risk, not gone (rule 3).
        mode = Mode.TRY_FIRST
    rule = "mode.preset" if preset else "mode.default"
    return Treatment(mode, preset.to if preset else (), rule, s, s.state, s.overdue)


def _from_above(rulebook: Rulebook, need: Need, nation: Nation, impact: Impact) -> Treatment | None:
    """At risk through a platform: the channel stays, beside what hearing people are told."""
    failing = [s for s in impact.above if s.state in FAILING]
    if not failing:
        return None
    s = min(failing, key=_worst_first)
    heard = need.hearing
    told = [
        channel
        for f in failing
        if not is_carrier(f.incident)
        for n in f.incident.notices
        if n.need in heard
        for channel in n.to
    ]
    behind = _preset_to(rulebook, need, nation, s.incident.channel, s.state)
    to = tuple(dict.fromkeys((*behind, *told)))
    return Treatment(Mode.TRY_FIRST, to, "dependents.at-risk", s, s.state, s.overdue)


def _preset_to(
    rulebook: Rulebook, need: Need, nation: Nation, channel: str, state: State
) -> tuple[str, ...]:
    preset = rulebook.preset(channel, state, need, nation)
    return preset.to if preset else ()


def _worst_first(s: ReachingIncident) -> tuple[bool, int, float, str]:
    return s.overdue, s.state.rank, -s.incident.published_at.timestamp(), s.incident.id


def _lapsed(t: Treatment, impact: Impact) -> Treatment:
    """Overdue and disputed statements fall to try-first with both routes (rules 5 and 9).

    A disputed `down` still does not lead: adding a statement never puts first a channel that
    another marks down; advise.py shows it behind the alternative.
    """
    if t.overdue and not impact.down:
        return Treatment(Mode.TRY_FIRST, t.to, "mode.overdue", t.by, t.state, True)
    if impact.disputed and t.mode in (Mode.REPLACE, Mode.HOLD):
        return Treatment(Mode.TRY_FIRST, t.to, "mode.disputed", t.by, t.state, t.overdue)
    return t
