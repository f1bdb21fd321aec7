"""Orders in, one JSON line each; what came of them out, once it is safely stored.

Runs as a process of its own, so that it can be killed at any moment.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.config.settings")
    django.setup()
    # The demonstration's messages to colleagues are printed: not among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(_done(json.loads(line))), file=answers, flush=True)


def _done(order: dict[str, Any]) -> Mapping[str, Any]:
    from django.db import Error, connection

    from outage.statements.errors import ConflictError, RefusedError

    try:
        return _DO[order.pop("do")](**order)
    except ConflictError as error:
        return {"changed": str(error)}
    except RefusedError as error:
        return {"refused": str(error)}
    except Error as error:
        connection.close()
        return {"lost": str(error)}


def declare(channel: str = "999", area: str = "", slug: str = "") -> Mapping[str, Any]:
    """999 (or 101) down, straight to 101 (or online): published alone, in an emergency. What this
    organisation said there before is ended first: of two statements one would be refused."""
    from outage.models import Incident
    from outage.statements.errors import AlreadyLiveError
    from outage.workflow import incidents
    from triage import clock

    by = _by("national", clock.now())
    other = {"999": ("police-emergency", "101"), "101": ("police-nonemergency", "police-online")}
    need, to = other[channel]
    content = {
        "channel": channel,
        "state": "down",
        "footprints": [area or "uk"],
        "notices": [{"need": need, "mode": "replace", "to": [to]}],
        "review_at": (by.at + timedelta(hours=1)).isoformat(),
    }
    proposal = incidents.draft(by, content, slug=slug)
    try:
        incident = incidents.break_glass(by, proposal.pk, proposal.version, "A survival test")
    except AlreadyLiveError as error:
        before = Incident.objects.get(slug=error.slug)
        end(before.slug, before.version)
        incident = incidents.break_glass(by, proposal.pk, proposal.version, "A survival test")
    return {"slug": incident.slug, "version": incident.version}


def end(slug: str, version: int) -> Mapping[str, Any]:
    from outage.workflow import endings
    from triage import clock

    incident = endings.stand_down(_by("national", clock.now()), slug, version)
    return {"slug": incident.slug, "version": incident.version}


def behind(slug: str) -> Mapping[str, Any]:
    """Changes what is stored without publishing it, as nobody may: no node learns of it."""
    from outage.models import Incident

    row = Incident.objects.get(slug=slug)
    assert row.published is not None
    row.published["content"] |= {"state": "on-backup", "notices": []}
    row.save()
    return {"slug": slug}


def register(bodies: int, hosts: int) -> Mapping[str, Any]:
    """So many organisations with so many hosts for the widget in all, every fifth of them for the
    whole UK, the others each for one force's area."""
    from outage.models import Organisation
    from outage.workflow import accounts
    from triage import clock
    from triage.rules import rulebook

    areas = sorted(rulebook().catalogue.areas)
    rows = []
    for n in range(bodies):
        mine = [f"https://www.force-number-{h:03}.police.uk" for h in range(n, hosts, bodies)]
        where = "uk" if n % 5 == 0 else f"police:{areas[n % len(areas)]}"
        rows.append(
            Organisation(
                slug=f"body-{n}", name=f"Body {n}", name_cy=f"Corff {n}", kind="force",
                services=["police"], footprints=[where], widget_hosts=mine,
            )
        )  # fmt: skip
    Organisation.objects.bulk_create(rows)
    by = _by("national", clock.now())
    accounts.set_hosts(by, ["https://www.national.police.uk"])
    return {"areas": areas}


def unregister() -> Mapping[str, Any]:
    from outage.models import Organisation
    from outage.workflow import accounts
    from triage import clock

    Organisation.objects.filter(slug__startswith="body-").delete()
    accounts.set_hosts(_by("national", clock.now()), [])
    return {}


def session(name: str, reads: bool = False) -> Mapping[str, Any]:
    """The key of a session of somebody who has signed in; or of a colleague who only reads."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    from outage.models import Operator, Role

    user, store = User.objects.get(username=name), SessionStore()
    if reads:
        theirs = Operator.objects.get(user=user).organisation
        user, _ = User.objects.get_or_create(username=f"{name}-reads")
        Operator.objects.get_or_create(user=user, organisation=theirs, role=Role.VIEWER)
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return {"key": store.session_key}


def tidy() -> Mapping[str, Any]:
    """Ends everything that is live: an ordinary day."""
    from outage.models import Incident

    found = list(Incident.objects.filter(stage="live").values_list("slug", "version"))
    return {"ended": [end(slug, version)["slug"] for slug, version in found]}


def stored() -> Mapping[str, Any]:
    """What the record holds: every incident that was published, and every fault of the chain."""
    from outage.audit import record
    from outage.models import Event, Incident

    slugs = list(Incident.objects.exclude(published=None).values_list("slug", flat=True))
    return {"slugs": slugs, "faults": list(record.faults(Event.objects.all()))}


def _by(name: str, at: Any) -> Any:
    from outage.models import Operator
    from outage.statements.actor import Actor

    return Actor(Operator.objects.get(user__username=name), at)


_DO: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "behind": behind,
    "declare": declare,
    "end": end,
    "register": register,
    "session": session,
    "stored": stored,
    "tidy": tidy,
    "unregister": unregister,
}

if __name__ == "__main__":
    main()
