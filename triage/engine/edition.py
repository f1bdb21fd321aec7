"""The edition of an area: a hash of the rulebook and of what is in force there.

What happens elsewhere does not change it. Pages, caches and ETags hang on it; that a review or
an end has passed closes it as a publication does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from triage.engine.catalogue import Nation
from triage.engine.entitlement import is_carrier
from triage.engine.rulebook import Rulebook
from triage.engine.scope import corrects, in_force, is_overdue, number_is_good
from triage.engine.situation import OVER, Incident, State

# Which edition of the rules of advice this engine decides by. It stands in every event of the
# record: what was decided by other rules is never worked out again by these.
CONTRACT = 2


def edition(
    rulebook: Rulebook,
    incidents: Iterable[Incident],
    at: datetime,
    area: str | None,
    counting: tuple[Incident, ...] | None = None,
) -> str:
    """Sixteen hexadecimal digits. `incidents` may be all that are known, or those in force;
    `counting` are those in force, where somebody knows already."""
    known = tuple(incidents)
    facts = [str(CONTRACT), rulebook.digest, area or "-"]
    facts += _shut(rulebook, at, area)
    live = touching(rulebook, in_force(known, at) if counting is None else counting, area)
    facts += [_mark(i, known, at) for i in live if _speaks(i, live, at)]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def _shut(rulebook: Rulebook, at: datetime, area: str | None) -> list[str]:
    """What nobody answers now, in the nation of an area; in each nation for no area."""
    catalogue = rulebook.catalogue
    nations = [catalogue.areas[area].nation] if area else list(Nation)
    return [_shut_in(n, catalogue.timetable.shut(n, at)) for n in nations]


@lru_cache(maxsize=256)
def _shut_in(nation: Nation, shut: frozenset[str]) -> str:
    return f"{nation} shut: {' '.join(sorted(shut))}"


def touching(
    rulebook: Rulebook, incidents: Iterable[Incident], area: str | None
) -> tuple[Incident, ...]:
    """The incidents whose footprint meets an area, for any service; all of them for no area."""
    if area is None:
        return tuple(incidents)
    own = rulebook.catalogue.footprints[area]
    return tuple([i for i in incidents if not own.isdisjoint(i.scope.footprints)])


def _speaks(incident: Incident, live: Iterable[Incident], at: datetime) -> bool:
    """Whether it still says anything. What is over does only until its own ends, and a carrier's
    all-clear while somebody else still states a fault: then the two disagree (rule 5)."""
    if incident.state is not State.RESOLVED or incident.demand_note or _callbacks(incident, at):
        return True
    return is_carrier(incident) and any(i.state not in OVER for i in live if not is_carrier(i))


def _callbacks(incident: Incident, at: datetime) -> bool:
    return incident.callbacks_until is not None and at < incident.callbacks_until


def _mark(incident: Incident, known: tuple[Incident, ...], at: datetime) -> str:
    stale = [number.number for number in incident.numbers if not number_is_good(number, at)]
    flags = (
        is_overdue(incident, at),
        _callbacks(incident, at),
        corrects(incident, known, at),
        tuple(stale),
    )
    return f"{incident.mark} {flags}"
