"""Practising on the real forms: every step of an exercise that can never become real."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from outage.models import Event, Incident
from outage.panel.access import page, staff
from outage.statements.actor import Actor


@dataclass(frozen=True)
class Step:
    """One thing to do, where, and whether this person did it in an exercise."""

    title: str
    how: str
    link: str
    done: bool


# What is done, how, and the event that shows it.
_STEPS = (
    ("Report that many 999 calls fail", "Choose 999, for everybody, and press Start the exercise.",
     ("declared",)),
    ("Change what it says", "Open it, press Change what it says, choose On back-up, and publish.",
     ("amended",)),
    ("Say that it works again, and watch it", "Open it, and press Working again.", ("watched",)),
    ("End it", "Press It is over, and say yes.", ("stood-down",)),
    ("Take that back", "On the same page, within ten minutes.", ("taken-back",)),
    ("Report 999 as down and ask a second person",
     "End the first, report anew, choose Down, and press Save as a draft: read who must approve.",
     ("draft", "submitted")),
)  # fmt: skip


@require_safe
@staff
def training(request: HttpRequest, by: Actor) -> HttpResponse:
    """The steps, each with where it is done, and which are done already."""
    own = Incident.objects.filter(exercise=True, created_by=by.name)
    slugs = [*own.values_list("slug", flat=True)]
    told = Event.objects.filter(incident__in=slugs, actor=by.name).order_by("number")
    kinds = [*told.values_list("kind", flat=True)]
    begin = f"{reverse('staff:declare')}?training=1"
    newest = own.order_by("-pk").first()
    there = reverse("staff:incident", args=[newest.slug]) if newest else begin
    steps = []
    for title, how, shown_by in _STEPS:
        again = shown_by[0] == "draft"
        done = kinds.count("draft") > 1 if again else shown_by[0] in kinds
        link = begin if again or shown_by[0] == "declared" else there
        steps.append(Step(title, how, link, done))
    context = {"steps": steps, "left": sum(not step.done for step in steps)}
    return page(request, "staff/training.html", context)
