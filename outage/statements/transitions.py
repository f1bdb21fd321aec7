"""What a content becomes when it is stood down, narrowed or adopted. Pure.

Which move is allowed when, and the writing, is incidents.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from outage.models import Organisation, Stage
from outage.statements.errors import TransitionError
from outage.statements.statement import Statement, sense
from triage.engine.catalogue import Catalogue, Footprint, FootprintKind, Nation, Service
from triage.engine.rulebook import Rulebook
from triage.engine.situation import OVER, State

# What was said of a fault is not said again of its end.
_NO_WORDS = {"words_en": "", "words_cy": "", "welsh_due": None}


class Move(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    SEND_BACK = "return"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    APPROVE = "approve"
    BREAK_GLASS = "publish alone"
    AMEND = "amend"
    CONFIRM = "confirm"
    STAND_DOWN = "stand down"
    ADOPT = "adopt"
    ADD = "add to"
    REOPEN = "report again"


# The stages a move may start from: of the proposal for the first seven, of the incident for the
# rest. There is no way from an exercise to the real thing.
TABLE: Mapping[Move, frozenset[Stage]] = {
    Move.EDIT: frozenset({Stage.DRAFT, Stage.SUBMITTED}),
    Move.SUBMIT: frozenset({Stage.DRAFT}),
    Move.SEND_BACK: frozenset({Stage.SUBMITTED}),
    Move.WITHDRAW: frozenset({Stage.DRAFT, Stage.SUBMITTED}),
    Move.PUBLISH: frozenset({Stage.DRAFT, Stage.SUBMITTED}),
    Move.APPROVE: frozenset({Stage.SUBMITTED}),
    Move.BREAK_GLASS: frozenset({Stage.DRAFT, Stage.SUBMITTED}),
    Move.AMEND: frozenset({Stage.LIVE}),
    # An exercise is confirmed, narrowed and ended like the real thing, and stays an exercise.
    Move.CONFIRM: frozenset({Stage.LIVE}),
    Move.STAND_DOWN: frozenset({Stage.LIVE}),
    Move.ADOPT: frozenset({Stage.LIVE}),
    Move.ADD: frozenset({Stage.LIVE, Stage.ENDED}),
    Move.REOPEN: frozenset({Stage.ENDED}),
}


def narrowed(content: Statement, footprints: tuple[str, ...]) -> Statement | None:
    """The content without these footprints; None where nothing is left.

    Raises TransitionError for a place the statement does not name. The UK splits into its nations.
    """
    left = _split(content.footprints, footprints)
    if unknown := [f for f in footprints if f not in left]:
        named = ", ".join(content.footprints)
        raise TransitionError(
            f"The statement names {named}, not {', '.join(unknown)}. Stand down what it names, "
            "or publish a statement of your own for your area."
        )
    rest = tuple(f for f in left if f not in footprints)
    if not rest:
        return None
    numbers = tuple(n for n in content.numbers if n.footprint not in footprints)
    return content.model_copy(update={"footprints": rest, "numbers": numbers})


def _split(held: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    nations = tuple(f"nation:{n}" for n in Nation)
    if "uk" in held and set(wanted) & set(nations):
        return nations
    return held


def watched(content: Statement, at: datetime, watch: timedelta) -> Statement:
    """Working again, but "still trouble" stays until the watch is over."""
    until = at + watch
    update = {
        "state": State.RESTORED,
        "notices": (),
        "keep_free": (),
        "numbers": (),
        "review_at": until,
        "ends_at": None,
        "planned": False,
        "watch_until": until,
        **_NO_WORDS,
    }
    return content.model_copy(update=update)


def over(content: Statement, at: datetime) -> Statement | None:
    """What is left to say when the fault is over: a call-back line or a note about demand."""
    moments = [m for m in (content.callbacks_until, content.demand_until) if m and m > at]
    if not moments:
        return None
    update = {
        "state": State.RESOLVED,
        "notices": (),
        "keep_free": (),
        "numbers": (),
        "review_at": None,
        "planned": False,
        "watch_until": None,
        "ends_at": max(moments),
        **_NO_WORDS,
    }
    return content.model_copy(update=update)


def is_over(content: Statement) -> bool:
    return content.state in OVER


def adopted(
    content: Statement, source: str, version: int, organisation: Organisation, rulebook: Rulebook
) -> Statement:
    """Another organisation's content, for this organisation's own territory, and its own needs.

    Raises TransitionError for who covers everything: there is no own area to say it for.
    """
    if "uk" in organisation.footprints:
        raise TransitionError("You speak for the whole UK: report it, or change that statement.")
    own = _ground(organisation, content.footprints, rulebook.catalogue)
    narrow = any(f.startswith("council:") for f in own) and organisation.services
    services = tuple(map(Service, organisation.services))
    needs = rulebook.needs
    update = {
        "footprints": own,
        "services": services if narrow or content.services else (),
        "notices": tuple(
            n for n in content.notices
            if not needs[n.need].services or needs[n.need].services & {*services}
        ),
        "numbers": (),
        "supersedes": None,
        "adopted_from": source,
        "adopted_version": version,
        "adopted_sense": sense(content),
        "words_en": "",
        "words_cy": "",
        "welsh_due": None,
    }  # fmt: skip
    return content.model_copy(update=update)


def with_own_words(content: Statement, held: Statement) -> Statement:
    """What is adopted anew, with the local words that were added to it before."""
    names = ("words_en", "words_cy", "welsh_due")
    return content.model_copy(update={name: getattr(held, name) for name in names})


def _ground(
    organisation: Organisation, theirs: tuple[str, ...], catalogue: Catalogue
) -> tuple[str, ...]:
    """Where an adopted statement holds: one's own places that it reaches, or else one's own area.
    What speaks of single councils within it is adopted for those councils."""
    councils = [f for f in theirs if Footprint.parse(f).kind is FootprintKind.COUNCIL]
    wide = tuple(f for f in theirs if f not in councils)
    own = tuple(f for f in organisation.footprints if meets(f, wide, catalogue))
    if own:
        return own
    held = organisation.footprints
    within = tuple(c for c in councils if any(meets(f, (c,), catalogue) for f in held))
    return within or tuple(held)


def meets(own: str, theirs: tuple[str, ...], catalogue: Catalogue) -> bool:
    """Whether some place lies in both. A council counts as the area around it."""
    mine = Footprint.parse(own)
    places = [catalogue.place(slug) for slug in catalogue.areas]
    councils = [*catalogue.place_of_council.values()]
    others = [Footprint.parse(f) for f in theirs]
    for other in others:
        among = councils if FootprintKind.COUNCIL in (mine.kind, other.kind) else places
        if any(mine.covers(p) and other.covers(p) for p in among):
            return True
    return False
