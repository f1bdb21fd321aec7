"""How one is told: each person's own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from outage.models import OutboxMessage
from outage.notify.occasions import CHOICES
from outage.panel.access import done, page, staff
from outage.statements.actor import Actor
from outage.workflow import contacts

_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def told(request: HttpRequest, by: Actor) -> HttpResponse:
    """One's own address and choices, and what was sent lately."""
    post = request.POST
    if post.get("do") == "try":
        number = contacts.try_out(by)
        sentence = "A test is on its way." if number else "There is no address to send it to."
        return done(request, sentence, "staff:told")
    if request.method == "POST":
        quiet = (post.get("quiet_from", ""), post.get("quiet_until", ""))
        contacts.choose(by, post.get("mail", ""), post.getlist("occasions"), quiet)
        return done(request, "Saved.", "staff:told")
    choice, mail = contacts.choice_of(by), by.operator.user.email
    sent = OutboxMessage.objects.filter(receiver=mail).order_by("-pk")[:_SHOWN] if mail else ()
    context = {
        "choice": choice,
        "mail": mail,
        "occasions": [(str(o), label, o in choice.occasions) for o, label in CHOICES.items()],
        "sent": sent,
    }
    return page(request, "staff/told.html", context)
