"""Whose word counts for a channel, and what people are told to do about it (rule 5).

Takes the impact of one channel and gives its treatment: a mode and the alternatives, with the
statements behind them. Putting treatments together into a list is ordering.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from triage.engine.catalogue import Nation, Place
from triage.engine.entitlement import has_word, is_carrier, is_government
from triage.engine.impact import Impact
from triage.engine.rulebook import Need, Preset, Rulebook
from triage.engine.scope import ReachingIncident, number_is_good
from triage.engine.situation import FAILING, Mode, Notice, PublishedNumber, State

DEFAULT_MODES: Mapping[State, Mode] = {
    State.DOWN: Mode.REPLACE,
    State.MANY_FAILING: Mode.TRY_FIRST,
    State.DELAYED: Mode.HOLD,
    State.DEGRADED: Mode.AS_USUAL,
    State.ON_BACKUP: Mode.AS_USUAL,
    State.RESTORED: Mode.AS_USUAL,
    State.RESOLVED: Mode.AS_USUAL,
}
# Gentlest last: what is decided for somebody who has not said which service is the last of them.
STRENGTH: Mapping[Mode, int] = {mode: n for n, mode in enumerate(Mode)}
SENDING = frozenset({Mode.REPLACE, Mode.TRY_FIRST})


@dataclass(frozen=True)
class Treatment:
    """What to do about one channel: a mode, where to go instead, and why."""

    mode: Mode
    to: tuple[str, ...]
    rule: str
    by: ReachingIncident | None
    state: State | None = None
    # The number published with the notice, for this need in this place (rule 8).
    number: PublishedNumber | None = None


@dataclass(frozen=True)
class Judge:
    """Decides for one need in one place: what is said to it, by whom, and what follows."""

    rulebook: Rulebook
    place: Place
    at: datetime
    published: str
    # Ids whose notices speak to the person: that of how they ask, then the hearing need.
    names: tuple[str, ...]
    need: Need

    @property
    def nation(self) -> Nation:
        return self.place.nation

    def treatment(self, impact: Impact) -> Treatment | None:
        """What to do about a channel; None where nothing is stated that matters."""
        stated = [s for s in impact.touching if s.state is not State.RESOLVED]
        stated = [s for s in stated if not s.on_own_phone]
        if not stated:
            return None
        if word := self._best_word(stated):
            return self._lapsed(self._of_notice(impact, *word), impact)
        return self._lapsed(self._of_state(impact, stated), impact)

    def aside(self, statements: Iterable[ReachingIncident]) -> Treatment | None:
        """What the best word on this need says, in statements about channels it does not use."""
        word = self._best_word([s for s in statements if s.state is not State.RESOLVED])
        if word is None or not word[1].to:
            return None
        s, notice = word
        mode = Mode.TRY_FIRST if s.overdue and notice.mode is Mode.REPLACE else notice.mode
        rule = "mode.overdue" if s.overdue else "mode.notice"
        return Treatment(mode, notice.to, rule, s, s.state, self._number(s))

    def _best_word(
        self, stated: Iterable[ReachingIncident]
    ) -> tuple[ReachingIncident, Notice] | None:
        words = [(self._rank(s, n), s, n) for s in stated for n in self.notices(s)]
        if not words:
            return None
        _, s, notice = min(words, key=lambda word: word[0])
        return s, notice

    def notices(self, s: ReachingIncident) -> Iterator[Notice]:
        """The notices of a statement for this need, whose issuer has a word on it."""
        for notice in s.incident.notices:
            if notice.need in self.names and has_word(s.incident, self.need, self.rulebook):
                yield notice

    def _rank(self, s: ReachingIncident, notice: Notice) -> tuple[bool, int, float, str, int]:
        """The service's own before a government's; narrowest, then newest (rule 5)."""
        when = -s.incident.published_at.timestamp()
        nearer = self.names.index(notice.need)
        return is_government(s.incident), s.narrowness, when, s.incident.id, nearer

    def _of_notice(self, impact: Impact, s: ReachingIncident, notice: Notice) -> Treatment:
        """The governing notice; the preset's alternatives stand behind its own."""
        down = impact.down
        mode = Mode.REPLACE if down else notice.mode
        preset = self._preset(s, State.DOWN if down else s.state)
        behind = preset.to if preset else ()
        to = tuple(dict.fromkeys((*notice.to, *behind)))
        return Treatment(mode, to, "mode.notice", s, s.state, self._number(s))

    def _of_state(self, impact: Impact, stated: Iterable[ReachingIncident]) -> Treatment:
        """No service of this need has given it a notice: the preset of what is stated, and for the
        word of another service try-first, said to be theirs."""
        return max(
            (self._of_preset(impact, s) for s in stated),
            key=lambda t: (-STRENGTH[t.mode], t.by is not None and _weight(t.by)),
        )

    def _of_preset(self, impact: Impact, s: ReachingIncident) -> Treatment:
        state = State.DOWN if impact.down and s in impact.direct else s.state_for(impact.services)
        preset = self._preset(s, state)
        mode = preset.mode if preset else DEFAULT_MODES[state]
        rule = "mode.preset" if preset else "mode.default"
        if s in impact.direct and s.is_another_service(self.need.services):
            rule = "mode.another-service"
            mode = Mode.TRY_FIRST if state in {*FAILING, State.DELAYED} else mode
            preset = preset or self._preset(s, State.MANY_FAILING)
        elif s not in impact.direct:
            # What carries it fails, or what it hangs on: at risk, not gone (rule 3).
            rule = "dependents.at-risk"
            mode = Mode.TRY_FIRST if mode is Mode.REPLACE and not impact.dead else mode
        return Treatment(mode, preset.to if preset else (), rule, s, state)

    def _preset(self, s: ReachingIncident, state: State) -> Preset | None:
        return self.rulebook.preset(s.channel, state, self.need, self.nation)

    def _number(self, s: ReachingIncident) -> PublishedNumber | None:
        """The number of this very notice that is good here and now: narrowest, then newest."""
        found = [
            (n.footprint.narrowness, -n.verified_at.timestamp(), n.number, n)
            for n in s.incident.numbers
            if number_is_good(n, self.at) and n.footprint.covers(self.place)
            if self._is_mine(s, n)
        ]
        return min(found, default=(0, 0.0, "", None))[3]

    def _is_mine(self, s: ReachingIncident, number: PublishedNumber) -> bool:
        needs = number.needs or [n.need for n in s.incident.notices if self.published in n.to]
        return any(name in needs for name in self.names)

    def _lapsed(self, t: Treatment, impact: Impact) -> Treatment:
        """Overdue and disputed statements fall to try-first with both routes (rules 5 and 12)."""
        late = t.by is not None and t.by.overdue
        if late and not impact.down and t.mode is Mode.REPLACE:
            return replace(t, mode=Mode.TRY_FIRST, rule="mode.overdue")
        doubted = t.by is not None and impact.is_disputed(t.by)
        if doubted and not impact.down and t.mode in (Mode.REPLACE, Mode.HOLD):
            return replace(t, mode=Mode.TRY_FIRST, rule="mode.disputed")
        return t

    def sends(self, s: ReachingIncident) -> tuple[tuple[str, ...], PublishedNumber | None]:
        """Where a statement itself sends the people of this emergency, and by which number: only
        that is kept free (rule 7). A preset stands in where its issuer gave no notice; not where
        some phones fail, whose cure is another phone (rule 2)."""
        notices = list(self.notices(s))
        if notices:
            to = [c for n in notices if n.mode in SENDING for c in n.to]
            return tuple(to), self._number(s)
        speaks = not s.on_own_phone and (
            is_carrier(s.incident) or has_word(s.incident, self.need, self.rulebook)
        )
        preset = self._preset(s, s.state) if speaks else None
        return (preset.to if preset and preset.mode in SENDING else ()), None


def _weight(s: ReachingIncident) -> tuple[bool, int, float, str]:
    return not s.overdue, -s.state.rank, s.incident.published_at.timestamp(), s.incident.id


def gentlest(treatments: Iterable[Treatment | None]) -> Treatment | None:
    """For somebody who has not said which service: the gentlest mode in force, with whatever any
    of that mode names (rule 6). None where a service says nothing at all."""
    found = list(treatments)
    if len(found) == 1:
        return found[0]
    if not found or any(t is None for t in found):
        return None
    known = [t for t in found if t is not None]
    best = max(known, key=lambda t: STRENGTH[t.mode])
    to = [c for t in known if t.mode is best.mode for c in t.to]
    return replace(best, to=tuple(dict.fromkeys(to)), number=None)
