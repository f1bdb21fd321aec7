"""How one is told: each person's own page."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from outage.models import OutboxMessage
from outage.notify import outbox, web_push
from outage.notify.occasions import CHOICES
from outage.panel.access import done, page, staff
from outage.panel.forms.values import whole
from outage.statements.actor import Actor
from outage.workflow import contacts, enrolment

_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def told(request: HttpRequest, by: Actor) -> HttpResponse:
    """One's own address, phones and choices, and what was sent lately."""
    if request.method == "POST":
        return done(request, _done(request.POST, by), "staff:told")
    choice, mail = contacts.choice_of(by), by.operator.user.email
    context = {
        "choice": choice,
        "mail": mail,
        "occasions": [(str(o), label, o in choice.occasions) for o, label in CHOICES.items()],
        "on_phones": [(str(o), label, o in choice.phone_occasions) for o, label in CHOICES.items()],
        "phones": enrolment.own_phones(by),
        "most_phones": enrolment.MOST,
        "push_key": web_push.public_key(),
        "sent": _sent(by),
    }
    return page(request, "staff/told.html", context)


def _done(post: QueryDict, by: Actor) -> str:
    """What was asked for, and the sentence that says so."""
    match post.get("do", ""):
        case "try":
            number = contacts.try_out(by)
            return "A test is on its way." if number else "There is no way to send it to you."
        case "enrol":
            enrolment.enrol(by, post.get("name", ""), post.get("subscription", ""))
            return "This phone is enrolled. A test is on its way to it."
        case "drop":
            enrolment.drop(by, whole(post.get("phone", "")) or 0)
            return "Taken away: that phone is told nothing more."
    quiet = (post.get("quiet_from", ""), post.get("quiet_until", ""))
    on_phones = post.getlist("phone_occasions")
    contacts.choose(by, post.get("mail", ""), post.getlist("occasions"), quiet, on_phones)
    return "Saved."


def _sent(by: Actor) -> QuerySet[OutboxMessage]:
    phones = [str(phone.pk) for phone in enrolment.own_phones(by)]
    own = Q(way=outbox.PHONE, receiver__in=phones)
    if mail := by.operator.user.email:
        own |= Q(way=outbox.MAIL, receiver=mail)
    return OutboxMessage.objects.filter(own).order_by("-pk")[:_SHOWN]


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows what a phone is sent. It stands here, not with the static files: a
    worker speaks for the folder that it stands in. It holds nothing of anybody."""
    return render(request, "staff/worker.js", content_type="text/javascript")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What makes the panel an app of a home screen: iPhones push to those alone."""
    return render(request, "staff/manifest.json", content_type="application/manifest+json")
