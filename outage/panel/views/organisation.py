"""An organisation's own details, changed by its managers: hosts of its widget, local numbers, and
what its operators may do.

What it may speak about (services, territory) is set by whoever runs the site (admin.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from outage.models import ApiKey, LocalNumber, Role, Webhook
from outage.notify.occasions import CHOICES
from outage.panel.access import done, page, staff
from outage.panel.forms.values import moment, whole
from outage.statements import timeline_text
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import accounts, api_keys, contacts, invitations
from triage.rules import rulebook

# They all stand in one header of each frame.
MOST_HOSTS = 20
_HOST = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def organisation(request: HttpRequest, by: Actor) -> HttpResponse:
    """See the details; a manager changes them."""
    if request.method == "POST":
        return done(request, _done(request, by), "staff:organisation")
    return page(request, "staff/organisation.html", _shown(by))


def _shown(by: Actor) -> dict[str, Any]:
    owner = by.operator.organisation
    catalogue = rulebook().catalogue
    numbers = LocalNumber.objects.filter(organisation=owner)
    return {
        "organisation": owner,
        "manages": by.rights.manages,
        "hosts": "\n".join(owner.widget_hosts),
        "numbers": [(n, n.valid_until <= by.at) for n in numbers],
        "places": [(f, timeline_text.place(f, catalogue).en) for f in owner.footprints],
        "operators": owner.operators.select_related("user").filter(api_key=None),
        "roles": Role.choices,
        "hooks": Webhook.objects.filter(organisation=owner),
        "occasions": CHOICES.items(),
        "keys": ApiKey.objects.filter(account__organisation=owner),
        "scopes": api_keys.SCOPES.items(),
    }


def _done(request: HttpRequest, by: Actor) -> str:
    """What was asked for, and the sentence that says so. What is shown once checks by itself."""
    do = request.POST.get("do", "")
    if do in _SHOWN_ONCE:
        return _SHOWN_ONCE[do](request, by)
    if not by.rights.manages:
        raise RefusedError("Only a manager of your organisation changes its details.")
    if do not in _MOVES:
        raise RefusedError("There is nothing to keep.")
    _MOVES[do](request, by)
    return "Kept."


def _new_hook(request: HttpRequest, by: Actor) -> str:
    post = request.POST
    secret = contacts.add_webhook(by, post.get("url", ""), post.getlist("occasions"))
    return f"Added. Its secret, shown this once: {secret}"


def _new_key(request: HttpRequest, by: Actor) -> str:
    post = request.POST
    days = whole(post.get("days", "")) or 0
    networks = post.get("networks", "").split()
    made = api_keys.make(by, post.get("name", ""), post.getlist("scopes"), networks, days)
    return f"The key, shown this once: {made}"


def _new_colleague(request: HttpRequest, by: Actor) -> str:
    token = invitations.invite(by, request.POST.get("role", ""))
    link = request.build_absolute_uri(reverse("staff:join", args=[token]))
    return f"Send this link to your colleague. It opens once, for two days: {link}"


def _hook(post: QueryDict) -> int:
    return whole(post.get("hook", "")) or 0


def _set_open(request: HttpRequest, by: Actor) -> None:
    is_open = request.POST["do"] == "open"
    accounts.set_open(by, request.POST.get("name", ""), is_open=is_open)


def _set_role(request: HttpRequest, by: Actor) -> None:
    accounts.set_role(by, request.POST.get("name", ""), request.POST.get("role", ""))


def _hosts(text: str) -> list[str]:
    """One origin a line. Raises RefusedError for what is none."""
    hosts = [line.strip().rstrip("/") for line in text.splitlines() if line.strip()]
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise RefusedError(f'"{host}" is not an origin like https://www.example.police.uk')
    if len(found := list(dict.fromkeys(hosts))) > MOST_HOSTS:
        raise RefusedError(f"At most {MOST_HOSTS} sites: this names {len(found)}.")
    return found


def _number(request: HttpRequest) -> dict[str, str]:
    post = request.POST
    names = ("number", "footprint", "what_for", "tested_by")
    values = {name: post.get(name, "").strip() for name in names}
    times = {name: moment(post.get(name, ""), name) for name in ("tested_at", "valid_until")}
    missing = [name for name, value in {**values, **times}.items() if not value]
    if missing:
        raise RefusedError(f"These are needed too: {', '.join(missing)}.")
    return values | {name: value for name, value in times.items() if value}


_SHOWN_ONCE: Mapping[str, Callable[[HttpRequest, Actor], str]] = {
    "hook": _new_hook,
    "key": _new_key,
    "invite": _new_colleague,
}
_MOVES: Mapping[str, Callable[[HttpRequest, Actor], object]] = {
    "hosts": lambda request, by: accounts.set_hosts(by, _hosts(request.POST.get("hosts", ""))),
    "number": lambda request, by: accounts.keep_number(by, _number(request)),
    "drop": lambda request, by: accounts.drop_number(by, request.POST.get("number", "")),
    "role": _set_role,
    "factors": lambda request, by: accounts.drop_factors(by, request.POST.get("name", "")),
    "close": _set_open,
    "open": _set_open,
    "hook-drop": lambda request, by: contacts.drop_webhook(by, _hook(request.POST)),
    "hook-on": lambda request, by: contacts.switch_on(by, _hook(request.POST)),
    "key-revoke": lambda request, by: api_keys.revoke(by, whole(request.POST.get("key", "")) or 0),
    "hook-try": lambda request, by: contacts.try_webhooks(by),
}
