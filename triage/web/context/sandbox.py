"""The sandbox's pretend incident, so that a web editor sees an outage on an ordinary day. Pure.

Nothing here touches the bulletin; what is shown with it wears its marks on every page (frame.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from outage.bulletin import Bulletin
from triage.engine.catalogue import Area, Footprint, FootprintKind
from triage.engine.situation import Incident, Issuer, IssuerKind, Mode, Notice, Scope, State, Status
from triage.web.context.page_context import PageContext
from triage.web.context.staleness import Staleness

ISSUER = ("PRETEND: nobody", "FFUG: neb")


def pretending(here: PageContext) -> PageContext:
    """The same visitor while the sandbox's incident is in force, and nothing else is."""
    shown = Bulletin(incidents=(_incident(here.area, here.at),), hosts=here.bulletin.hosts)
    return replace(here, bulletin=shown, fresh=Staleness.FRESH)


def _incident(area: Area | None, at: datetime) -> Incident:
    """Many 999 calls failing since the full hour, with the police sending people to 101."""
    since = at.replace(minute=0, second=0, microsecond=0)
    footprint = Footprint(FootprintKind.POLICE, area.police) if area else Footprint.parse("uk")
    return Incident(
        id="pretend",
        channel="999",
        state=State.MANY_FAILING,
        status=Status.LIVE,
        scope=Scope((footprint,)),
        issuer=Issuer(ISSUER[0], IssuerKind.ANSWERING_SERVICE, footprint, True, ISSUER[1]),
        published_at=since,
        notices=(Notice("police-emergency", Mode.REPLACE, ("101",)),),
        review_at=since + timedelta(hours=1),
    )
