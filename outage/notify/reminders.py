"""Tells of a check that is due: five minutes before, at its time, then every quarter of an hour.

The clock alone asks for these, so deliver asks here. Each is written once; what a deliverer missed
while it was away is told once, by its newest.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from outage.models import Incident, Stage
from outage.notify import outbox
from outage.notify.occasions import Letter, Occasion
from outage.statements import timeline_text
from outage.statements.operator_text import when
from outage.statements.stored import published
from triage.rules import rulebook

BEFORE = timedelta(minutes=5)
EVERY = timedelta(minutes=15)


def remind(at: datetime) -> int:
    """Write the reminders that are due now; how many people are told."""
    rows = Incident.objects.select_related("organisation").filter(stage=Stage.LIVE, exercise=False)
    return sum(_remind(row, at) for row in rows)


def _remind(row: Incident, at: datetime) -> int:
    content = published(row).content
    if content.review_at is None or content.watch_until or content.planned:
        return 0
    step = _step(content.review_at, at)
    if step is None:
        return 0
    title = timeline_text.title(content, rulebook().catalogue).en
    due = when(content.review_at)
    subject = f"Check due at {due[-5:]}: {title}" if step < 0 else f"Overdue: {title}"
    so_far = "After that, the public reads “try the usual first”." if step < 0 else (
        "The public now reads “try the usual first”, with the age of what you said."
    )  # fmt: skip
    letter = Letter(
        subject,
        (title, f"The next check was set for {due}, UK time. {so_far}",
         "Still so? One press on the page. Over? Two."),
        f"incidents/{row.slug}/",
    )  # fmt: skip
    about = f"{row.slug}:{content.review_at.isoformat()}:{step}"
    people = outbox.writers(row.organisation)
    return outbox.tell(Occasion.OVERDUE, about, letter, people, (row.organisation,), at, row.slug)


def _step(review: datetime, at: datetime) -> int | None:
    """-1 before it is due, 0 at its time, then one more each quarter of an hour."""
    if at < review - BEFORE:
        return None
    return -1 if at < review else int((at - review) / EVERY)
