"""Which words a state, mode, nation, service or line asks for: one table for each closed set.

A new member is refused by mypy here, and by the start (web/ops/start_checks.py), until every table
knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from triage.engine.catalogue import Nation, Service
from triage.engine.situation import Mode, PhoneLine, State
from triage.seeds.word_keys import WordKey


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state: of a channel with a number, of a named one, in a feed's title, under "not now", in
    a list of channels, and to staff."""

    fault: WordKey
    failing: WordKey
    title: WordKey
    avoid: WordKey
    listed: WordKey
    staff: WordKey


_DOWN = StateWords(
    "fault-down",
    "failing-down",
    "feed-state-down",
    "avoid-down",
    "state-down",
    "staff-state-down",
)
_MANY_FAILING = StateWords(
    "fault-many-failing",
    "failing-many-failing",
    "feed-state-many-failing",
    "avoid-many-failing",
    "state-many-failing",
    "staff-state-many-failing",
)
_DELAYED = StateWords(
    "fault-delayed",
    "failing-delayed",
    "feed-state-delayed",
    "avoid-delayed",
    "state-delayed",
    "staff-state-delayed",
)
_DEGRADED = StateWords(
    "fault-degraded",
    "failing-degraded",
    "feed-state-degraded",
    "avoid-degraded",
    "state-degraded",
    "staff-state-degraded",
)
_ON_BACKUP = StateWords(
    "fault-on-backup",
    "failing-on-backup",
    "feed-state-on-backup",
    "avoid-on-backup",
    "state-on-backup",
    "staff-state-on-backup",
)
_RESTORED = StateWords(
    "fault-restored",
    "failing-restored",
    "feed-state-restored",
    "avoid-restored",
    "state-restored",
    "staff-state-restored",
)
_RESOLVED = StateWords(
    "fault-resolved",
    "failing-resolved",
    "feed-state-resolved",
    "avoid-resolved",
    "state-resolved",
    "staff-state-resolved",
)


def of_state(state: State) -> StateWords:
    match state:
        case State.DOWN:
            return _DOWN
        case State.MANY_FAILING:
            return _MANY_FAILING
        case State.DELAYED:
            return _DELAYED
        case State.DEGRADED:
            return _DEGRADED
        case State.ON_BACKUP:
            return _ON_BACKUP
        case State.RESTORED:
            return _RESTORED
        case State.RESOLVED:
            return _RESOLVED
        case _:
            assert_never(state)


def of_mode(mode: Mode) -> WordKey:
    """The name of a mode to staff."""
    match mode:
        case Mode.REPLACE:
            return "staff-mode-replace"
        case Mode.TRY_FIRST:
            return "staff-mode-try-first"
        case Mode.HOLD:
            return "staff-mode-hold"
        case Mode.AS_USUAL:
            return "staff-mode-as-usual"
        case _:
            assert_never(mode)


def of_nation(nation: Nation) -> WordKey:
    match nation:
        case Nation.ENGLAND:
            return "nation-england"
        case Nation.WALES:
            return "nation-wales"
        case Nation.SCOTLAND:
            return "nation-scotland"
        case Nation.NORTHERN_IRELAND:
            return "nation-northern-ireland"
        case _:
            assert_never(nation)


def of_service(service: Service) -> tuple[WordKey, WordKey]:
    """A service by its name, and as whom to ask for."""
    match service:
        case Service.POLICE:
            return "leg-police", "ask-police"
        case Service.FIRE:
            return "leg-fire", "ask-fire"
        case Service.AMBULANCE:
            return "leg-ambulance", "ask-ambulance"
        case Service.COASTGUARD:
            return "leg-coastguard", "ask-coastguard"
        case _:
            assert_never(service)


def of_line(line: PhoneLine) -> WordKey:
    match line:
        case PhoneLine.MOBILE:
            return "line-mobile"
        case PhoneLine.LANDLINE:
            return "line-landline"
        case PhoneLine.DIGITAL_LANDLINE:
            return "line-digital-landline"
        case _:
            assert_never(line)
