"""Whether two statements of one organisation are about the same fault. Pure.

Two of them live at once mislead whoever stands one down: it would say "over" while the other goes
on. A fault of one network, or of one sort of line, is not the fault of all of them.
"""

from __future__ import annotations

from datetime import datetime

from outage.statements.statement import Statement
from outage.statements.transitions import meets
from triage.engine.catalogue import Catalogue
from triage.engine.situation import OVER, State


def same_fault(new: Statement, live: Statement, at: datetime, catalogue: Catalogue) -> bool:
    """Whether what is stated anew is what is live already: channel, line, place and time."""
    if new.channel != live.channel or _is_over(live, at) or new.state is State.RESOLVED:
        return False
    if new.planned != live.planned or not _meet_in_time(new, live, at):
        return False
    same = alike(new.networks, live.networks) and alike(new.lines, live.lines)
    legs = not (new.services and live.services) or bool({*new.services} & {*live.services})
    return same and legs and any(meets(f, live.footprints, catalogue) for f in new.footprints)


def _is_over(live: Statement, at: datetime) -> bool:
    if live.ends_at is not None and live.ends_at <= at:
        return True
    watched = live.watch_until is not None and live.watch_until <= at
    return watched or (live.state in OVER and live.state is not State.RESTORED)


def alike(ours: tuple[object, ...], theirs: tuple[object, ...]) -> bool:
    """Whether both name some of the same networks or lines, or neither names any."""
    return bool({*ours} & {*theirs}) if ours and theirs else not ours and not theirs


def _meet_in_time(new: Statement, live: Statement, at: datetime) -> bool:
    starts = max(new.starts_at or at, live.starts_at or at)
    ends = [e for e in (new.ends_at, live.ends_at) if e is not None]
    return not ends or starts < min(ends)
