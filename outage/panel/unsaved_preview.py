"""A form that nobody has kept, as a bulletin: the preview beside it, before anything is written.

The page itself is rendered by triage/config/staff_preview.py, which knows both sides.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import QueryDict

from outage.models import Incident, Operator
from outage.panel.forms.posted import posted
from outage.publish.loader import bulletin_with
from outage.statements import rights
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.statements.public_values import Bulletin
from outage.statements.validation import InvalidStatementError, read
from triage.rules import rulebook


def bulletin(user_id: int, post: QueryDict, at: datetime) -> Bulletin | None:
    """What the form would make of the bulletin; None where it is not right, or not theirs."""
    found = Operator.objects.select_related("user", "organisation").filter(user_id=user_id)
    operator = found.first()
    held = rights.of(operator) if operator else None
    if operator is None or held is None or not held.writes:
        return None
    try:
        content = read(posted(post, Actor(operator, at)), rulebook(), at)
    except (RefusedError, InvalidStatementError):
        return None
    row = Incident(slug="new", organisation=operator.organisation, pretend=settings.DEMO)
    return bulletin_with(row, content, at)
