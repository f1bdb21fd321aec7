"""A form that nobody has kept, as a bulletin: the preview beside it, before anything is written.

The page itself is rendered by triage/web/preview.py, through bulletin.preview_form.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import QueryDict

from outage import rights
from outage.content import ContentRefused, read
from outage.declare import posted
from outage.models import Incident, Operator
from outage.store import bulletin_with
from outage.values import Bulletin
from outage.writing import By, Refused
from triage.rules import rulebook


def bulletin(user_id: int, post: QueryDict, at: datetime) -> Bulletin | None:
    """What the form would make of the bulletin; None where it is not right, or not theirs."""
    found = Operator.objects.select_related("user", "organisation").filter(user_id=user_id)
    operator = found.first()
    held = rights.of(operator) if operator else None
    if operator is None or held is None or not held.writes:
        return None
    try:
        content = read(posted(post, By(operator, at)), rulebook(), at)
    except (Refused, ContentRefused):
        return None
    row = Incident(slug="new", organisation=operator.organisation, pretend=settings.DEMO)
    return bulletin_with(row, content, at)
