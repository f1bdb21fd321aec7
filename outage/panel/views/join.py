"""Joining by an invitation: the one page of the panel that opens without an account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from outage.panel.access import page, refused
from outage.statements.errors import RefusedError
from outage.workflow import invitations
from triage import clock


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A name, an address and a password of one's own; then the sign-in."""
    post, at = request.POST, clock.now()
    try:
        held = invitations.find(token, at)
    except RefusedError as error:
        return refused(request, str(error))
    name, mail = post.get("name", ""), post.get("mail", "")
    context = {"invitation": held, "name": name, "mail": mail}
    if request.method != "POST":
        return page(request, "staff/join.html", context)
    try:
        if post.get("password") != post.get("again"):
            raise RefusedError("The two passwords differ: type them again.")
        invitations.accept(token, name, mail, post.get("password", ""), at)
    except RefusedError as error:
        return page(request, "staff/join.html", {**context, "problem": str(error)}, 422)
    messages.success(request, "Your account is made. Sign in, and set up a second factor.")
    return redirect("account_login")
