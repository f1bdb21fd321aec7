"""How a channel stands in a place: the worst that is stated of it. What to do is advice."""

from __future__ import annotations

from triage.engine.catalogue import Channel, FootprintKind
from triage.engine.scope import is_overdue
from triage.engine.situation import FAILING, Incident, State
from triage.rules import rulebook
from triage.seeds.enum_words import of_state
from triage.web.context.page_context import PageContext
from triage.web.presenters.sentences import word


def state(here: PageContext, channel: Channel) -> State | None:
    """The worst that is stated here of a channel or what it hangs on; None where nothing is.

    A fault of some networks or lines only is not a fault of the channel: the banner names it.
    """
    return min((i.state for i in _stated(here, channel)), key=lambda s: s.rank, default=None)


def _stated(here: PageContext, channel: Channel) -> list[Incident]:
    own = rulebook().catalogue.ancestors[channel.id] | {channel.id, channel.call}
    return [i for i in here.touching if i.channel in own and not _is_limited(i)]


def _is_limited(incident: Incident) -> bool:
    return bool(incident.scope.networks or incident.scope.lines)


def state_words(here: PageContext, channel: Channel) -> str:
    """How a channel stands now, in a few words; empty where nothing is stated.

    On a page of no area a fault of some places says that it is: most readers are elsewhere.
    """
    stated = _stated(here, channel)
    found = state(here, channel)
    if found is None or found is State.RESOLVED:
        return ""
    words = word(here, of_state(found).listed)
    if all(_holds(here, i) for i in stated if i.state is found):
        return words
    return word(here, "state-somewhere", state=words)


def _holds(here: PageContext, incident: Incident) -> bool:
    """Whether an incident is about the reader's place for certain, and not of some other place."""
    uk = any(f.kind is FootprintKind.UK for f in incident.scope.footprints)
    return here.area is not None or uk


def is_down(here: PageContext, channel: Channel) -> bool:
    """Whether a channel is marked down here, so that no link may dial it. Overdue marks lapse."""
    return any(
        i.state is State.DOWN and not is_overdue(i, here.at) and _holds(here, i)
        for i in _stated(here, channel)
    )


def at_risk(here: PageContext, channel: Channel) -> bool:
    """Whether a channel that is only mentioned should carry a warning."""
    return state(here, channel) in FAILING
