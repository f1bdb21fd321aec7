"""Publishes change after change of one incident, and says each only once it is committed.

Run as a process of its own, to be killed: python -m tests.survival.publisher [--begin URL PHONE]
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.survival.loopback_settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402

from outage.models import Incident, Operator, Organisation, Role, Webhook  # noqa: E402
from outage.notify import delivery, sealing  # noqa: E402
from outage.notify.occasions import CHOICES  # noqa: E402
from outage.statements.actor import Actor  # noqa: E402
from outage.workflow import enrolment, incidents  # noqa: E402
from triage import clock  # noqa: E402

STATES = ("many-failing", "on-backup")


def begin(url: str, phone: str) -> None:
    """A force of two, the webhook of their control room, one's phone, and one incident."""
    owner = Organisation.objects.create(
        slug="force", name="Force", name_cy="Heddlu", kind="answering-service",
        services=["police"], footprints=["police:kent"],
    )  # fmt: skip
    for name in ("ann", "bob"):
        user = get_user_model().objects.create_user(name, f"{name}@example.org")
        Operator.objects.create(user=user, organisation=owner, role=Role.EDITOR)
    sealed = sealing.seal("s", delivery.PURPOSE)
    Webhook.objects.create(
        organisation=owner, url=url, secret=sealed, occasions=[*CHOICES], added_by="ann"
    )
    by, other = (
        Actor(Operator.objects.get(user__username=name), clock.now()) for name in ("ann", "bob")
    )
    enrolment.enrol(other, "Work phone", phone)
    proposal = incidents.draft(by, stated(by, 0))
    incidents.publish(by, proposal.pk, proposal.version)


def stated(by: Actor, n: int) -> dict[str, object]:
    review = by.at + timedelta(hours=3, seconds=n)
    return {"channel": "999", "state": STATES[n % 2], "footprints": ["police:kent"],
            "review_at": review.isoformat()}  # fmt: skip


def go_on() -> None:
    n = 0
    while True:
        n += 1
        by = Actor(Operator.objects.get(user__username="ann"), clock.now())
        row = Incident.objects.get()
        left = row.proposals.filter(stage="draft").first()
        change = left or incidents.amend(by, row.slug, row.version)
        change = incidents.edit(by, change.pk, change.version, stated(by, n))
        row = incidents.publish(by, change.pk, change.version)
        print(row.version, flush=True)


if __name__ == "__main__":
    begin(*sys.argv[2:]) if "--begin" in sys.argv else go_on()
