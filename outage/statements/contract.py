"""Statements that were approved under older rules: what today's would refuse, and how they count.

The edition of the rules stands in each event (triage/engine/edition.py, CONTRACT).
"""

from __future__ import annotations

from dataclasses import replace

from outage.statements.statement import PublishedStatement, to_incidents
from triage.engine.edition import CONTRACT
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Incident
from triage.incident_checks import impossible, not_followed


def outdated(published: PublishedStatement, rulebook: Rulebook) -> tuple[str, ...]:
    """What today's rules would refuse in a statement that was approved under older ones."""
    if published.contract == CONTRACT:
        return ()
    main = to_incidents(published)[0]
    if main.channel not in rulebook.catalogue.channels:
        return (f'channel: "{main.channel}" is no longer known',)
    return (*impossible(main, rulebook), *not_followed(main, rulebook))


def in_effect(published: PublishedStatement, rulebook: Rulebook) -> tuple[Incident, ...]:
    """The engine's values, as they may count today: what today's rules would refuse is overdue
    until somebody states it again (rule 12: both ways, and its age)."""
    found = to_incidents(published)
    if not outdated(published, rulebook):
        return found
    return tuple(replace(i, confirm_by=i.published_at) for i in found)
