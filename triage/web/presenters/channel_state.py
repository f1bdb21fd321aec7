"""How a channel stands in a place: the worst that is stated of it, whether it may be offered.

What to do is advice. The words for it are contact.py's.
"""

from __future__ import annotations

from triage.engine.catalogue import Channel, FootprintKind
from triage.engine.scope import is_overdue
from triage.engine.situation import FAILING, Incident, State
from triage.rules import rulebook
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.presenters.incident_phase import touched

# A need that is no emergency: what its advice keeps free, nothing on its pages may offer.
EVERYDAY = "police-nonemergency"


def state(here: PageContext, channel: Channel) -> State | None:
    """The worst that is stated here of a channel or what it hangs on; None where nothing is.

    A fault of some networks or lines only is not a fault of the channel: the page names it apart.
    """
    return min((i.state for i in stated(here, channel)), key=lambda s: s.rank, default=None)


def stated(here: PageContext, channel: Channel) -> list[Incident]:
    """What is stated here of a channel, or of what it hangs on."""
    if not here.touching:
        return []
    own = rulebook().catalogue.ancestors[channel.id] | {channel.id, channel.call}
    return [
        i for i in here.touching if i.channel in own and not (i.scope.networks or i.scope.lines)
    ]


def holds(here: PageContext, incident: Incident) -> bool:
    """Whether an incident is about the reader's place for certain, and not of some other place."""
    return here.area is not None or is_everywhere(incident)


def is_everywhere(incident: Incident) -> bool:
    return any(f.kind is FootprintKind.UK for f in incident.scope.footprints)


def is_down(here: PageContext, channel: Channel) -> bool:
    """Whether a channel is marked down here, so that no link may dial it. Overdue marks lapse."""
    return any(
        i.state is State.DOWN and not is_overdue(i, here.at) and holds(here, i)
        for i in stated(here, channel)
    )


def at_risk(here: PageContext, channel: Channel) -> bool:
    """Whether a channel that is only mentioned should carry a warning. On a page of no area a
    fault of a few areas is one line with a link, and warns nobody else."""
    return any(i.state in FAILING and _reaches(here, i) for i in stated(here, channel))


def _reaches(here: PageContext, incident: Incident) -> bool:
    """Whether an incident is about most readers of a page."""
    if holds(here, incident):
        return True
    return 2 * len(touched(rulebook(), incident)) > len(rulebook().catalogue.areas)


def kept_free(here: PageContext) -> frozenset[str]:
    """The channels that carry emergencies here and are offered for nothing else, with every form
    of them (rule 7)."""
    return here.once("kept-free", _kept_free) if here.in_force else frozenset()


def _kept_free(here: PageContext) -> frozenset[str]:
    advice = page_context.advice(here, EVERYDAY)
    lines = set(advice.kept_free).intersection(*(a.kept_free for a in advice.nations))
    if not lines:
        return frozenset()
    known = rulebook().catalogue.channels.values()
    return frozenset(c.id for c in known if lines & {c.id, c.call, c.relay_of or c.id, *c.parents})
