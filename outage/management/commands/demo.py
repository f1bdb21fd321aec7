"""The demonstration: pretend organisations, two operators and one pretend incident that is live.

Safe to run again: passwords stay, the incident's review time moves into the future, and an
incident that was stood down is declared anew. Refuses to run anywhere but in the demonstration.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from outage import bulletin
from outage.audit import archive
from outage.models import Incident, Operator, Organisation, Role, Stage
from outage.publish import loader
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.statements.stored import published
from outage.workflow import accounts, incidents
from triage import clock
from triage.rules import rulebook

ORGANISATIONS: tuple[Mapping[str, Any], ...] = (
    {
        "slug": "national-desk",
        "name": "National desk (pretend)",
        "name_cy": "Desg genedlaethol (ffug)",
        "kind": "government",
        "services": ["police", "fire", "ambulance", "coastguard"],
        "footprints": ["uk"],
    },
    {
        "slug": "pretend-telephone-company",
        "name": "Pretend telephone company",
        "name_cy": "Cwmni ffôn ffug",
        "kind": "carrier",
        "services": [],
        "footprints": ["uk"],
    },
)
OPERATORS = (
    ("leicestershire", "leicestershire-police", "one force"),
    ("national", "national-desk", "the whole UK"),
)
FORCE = "leicestershire-police"
# As long as a statement about 999 may stand unlooked at (limits.py).
REVIEW_IN = timedelta(hours=4)


class Command(BaseCommand):
    help = "Fill the demonstration: organisations, two operators, one live pretend incident."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("This fills a demonstration only: set WHICH_NUMBER_DEMO=1.")
        known = set(Organisation.objects.values_list("slug", flat=True))
        for values in (*ORGANISATIONS, *_services()):
            if values["slug"] not in known:
                accounts.set_organisation(values, rulebook(), "demo", clock.now())
        passwords = _passwords()
        for name, organisation, _ in OPERATORS:
            _operator(name, organisation, passwords[name])
        _pretend(clock.now())
        if (shown := bulletin.copied().version) > loader.bulletin_loader().version():
            # A demonstration begun anew beside the copy of an old one.
            archive.outrank(shown, "demo", clock.now())
        self._say(passwords)

    def _say(self, passwords: Mapping[str, str]) -> None:
        self.stdout.write(
            "DEMONSTRATION: every incident is pretend, and the staff panel signs in WITHOUT a "
            "second factor. Never put this on a network."
        )
        self.stdout.write("Staff panel: /staff/  Operators:")
        for name, _, what in OPERATORS:
            self.stdout.write(f"  {name:15} {passwords[name]:24} ({what})")


def _services() -> tuple[Mapping[str, Any], ...]:
    """An organisation for every police force, fire service and ambulance service."""
    ending = {"police": "police", "fire": "fire", "ambulance": "ambulance"}
    return tuple(
        {
            "slug": f"{body.slug}-{ending[service]}",
            "name": body.name.en,
            "name_cy": body.name.cy,
            "kind": "answering-service",
            "services": [str(service)],
            "footprints": [f"{service}:{body.slug}"],
        }
        for (service, _), body in rulebook().catalogue.bodies.items()
    )


def _passwords() -> Mapping[str, str]:
    """Random, made once for each data folder and readable by its owner alone."""
    path = Path(settings.DATA_DIR) / "demonstration-passwords.json"
    held: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    for name, _, _ in OPERATORS:
        held.setdefault(name, secrets.token_urlsafe(12))
    path.touch(mode=0o600)
    path.write_text(json.dumps(held))
    return held


def _operator(name: str, organisation: str, password: str) -> None:
    users = get_user_model()
    user = users.objects.filter(username=name).first()
    if user is None:
        made = users(username=name, email=f"{name}@example.org")
        user = accounts.set_account(made, "demo", clock.now())
    if not user.check_password(password):
        user.set_password(password)
        user.save()
    if not Operator.objects.filter(user=user).exists():
        owner = Organisation.objects.get(slug=organisation)
        accounts.set_operator(user, owner, Role.MANAGER, "demo", clock.now())


def _pretend(at: datetime) -> None:
    """The force says that many 999 calls fail: try 999 first, then 101."""
    by = Actor(Operator.objects.get(user__username="leicestershire"), at)
    live = Incident.objects.filter(
        organisation__slug=FORCE, stage=Stage.LIVE, channel="999", exercise=False
    )
    if (incident := live.first()) is None:
        slug = "pretend-999-leicestershire"
        free = not Incident.objects.filter(slug=slug).exists()
        proposal = incidents.draft(by, _content(at), slug=slug if free else "")
        incidents.publish(by, proposal.pk, proposal.version)
        return
    review = published(incident).content.review_at
    if review is not None and review < at + REVIEW_IN / 2:
        _renew(by, incident)


def _renew(by: Actor, incident: Incident) -> None:
    open_one = incident.proposals.filter(stage__in=[Stage.DRAFT, Stage.SUBMITTED]).first()
    if open_one is not None:
        incidents.withdraw(by, open_one.pk, open_one.version)
    proposal = incidents.amend(by, incident.slug, incident.version)
    renewed = proposal.content | {"review_at": (by.at + REVIEW_IN).isoformat()}
    proposal = incidents.edit(by, proposal.pk, proposal.version, renewed)
    try:
        incidents.publish(by, proposal.pk, proposal.version)
    except RefusedError:
        incidents.break_glass(by, proposal.pk, proposal.version, "The demonstration starts anew")


def _content(at: datetime) -> Mapping[str, Any]:
    return {
        "channel": "999",
        "state": "many-failing",
        "footprints": ["police:leicestershire"],
        "notices": [{"need": "police-emergency", "mode": "try-first", "to": ["101"]}],
        "review_at": (at + REVIEW_IN).isoformat(),
    }
