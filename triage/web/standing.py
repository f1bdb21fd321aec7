"""How a channel stands in a place: the worst that is stated of it. What to do is advice."""

from __future__ import annotations

from triage.engine.catalogue import Channel
from triage.engine.situation import FAILING, State
from triage.rules import rulebook
from triage.web.gather import Here
from triage.web.say import word


def state(here: Here, channel: Channel) -> State | None:
    """The worst that is stated here of a channel or what it hangs on; None where nothing is.

    A fault of some networks only is not a fault of the channel: the banner names it.
    """
    own = rulebook().catalogue.ancestors[channel.id] | {channel.id, channel.call}
    found = [i.state for i in here.touching if i.channel in own and not i.scope.networks]
    return min(found, key=lambda s: s.rank, default=None)


def state_words(here: Here, channel: Channel) -> str:
    """How a channel stands now, in a few words; empty where nothing is stated."""
    found = state(here, channel)
    if found is None or found is State.RESOLVED:
        return ""
    return word(here, f"state-{found}")


def at_risk(here: Here, channel: Channel) -> bool:
    """Whether a channel that is only mentioned should carry a warning."""
    return state(here, channel) in FAILING
