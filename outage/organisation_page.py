"""An organisation's own details, changed by its managers: hosts of its widget, local numbers, and
what its operators may do.

What it may speak about (services, territory) is set by whoever runs the site (admin.py).
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from outage import form, staffing, stories
from outage.door import done, page, staff
from outage.models import LocalNumber, Role
from outage.writing import By, Refused
from triage.rules import rulebook

_HOST = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def organisation(request: HttpRequest, by: By) -> HttpResponse:
    """See the details; a manager changes them."""
    if request.method == "POST":
        _change(request, by)
        return done(request, "Kept.", "staff:organisation")
    owner = by.operator.organisation
    catalogue = rulebook().catalogue
    numbers = LocalNumber.objects.filter(organisation=owner)
    context = {
        "organisation": owner,
        "manages": by.rights.manages,
        "hosts": "\n".join(owner.widget_hosts),
        "numbers": [(n, n.valid_until <= by.at) for n in numbers],
        "places": [(f, stories.place(f, catalogue).en) for f in owner.footprints],
        "operators": owner.operators.select_related("user"),
        "roles": Role.choices,
    }
    return page(request, "staff/organisation.html", context)


def _change(request: HttpRequest, by: By) -> None:
    if not by.rights.manages:
        raise Refused("Only a manager of your organisation changes its details.")
    post = request.POST
    if post.get("do") == "hosts":
        staffing.set_hosts(by, _hosts(post.get("hosts", "")))
    elif post.get("do") == "number":
        staffing.keep_number(by, _number(request))
    elif post.get("do") == "role":
        staffing.set_role(by, post.get("name", ""), post.get("role", ""))
    elif post.get("do") in ("close", "open"):
        staffing.set_open(by, post.get("name", ""), is_open=post["do"] == "open")
    elif post.get("do") == "drop":
        staffing.drop_number(by, post.get("number", ""))
    else:
        raise Refused("There is nothing to keep.")


def _hosts(text: str) -> list[str]:
    """One origin a line. Raises Refused for what is none."""
    hosts = [line.strip().rstrip("/") for line in text.splitlines() if line.strip()]
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise Refused(f'"{host}" is not an origin like https://www.example.police.uk')
    return list(dict.fromkeys(hosts))


def _number(request: HttpRequest) -> dict[str, str]:
    post = request.POST
    names = ("number", "footprint", "what_for", "tested_by")
    values = {name: post.get(name, "").strip() for name in names}
    times = {name: form.moment(post.get(name, ""), name) for name in ("tested_at", "valid_until")}
    missing = [name for name, value in {**values, **times}.items() if not value]
    if missing:
        raise Refused(f"These are needed too: {', '.join(missing)}.")
    return values | {name: value for name, value in times.items() if value}
