"""The note for the next shift, and the page of what was learned after an end."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from outage.audit.record import read
from outage.audit.response_times import measures
from outage.models import Event, HandOver, IncidentReview
from outage.panel.access import done, page, staff
from outage.panel.views.incident import find, version_in
from outage.statements.actor import Actor
from outage.workflow import shifts


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def hand_over(request: HttpRequest, by: Actor) -> HttpResponse:
    """Write a note for the next shift; read the last ones."""
    if request.method == "POST":
        shifts.hand_over(by, request.POST.get("words", ""))
        return done(request, "Your colleagues read it first when they sign in.", "staff:board")
    notes = HandOver.objects.filter(organisation=by.operator.organisation)[:20]
    return page(request, "staff/hand_over.html", {"notes": notes, "writes": by.rights.writes})


@require_POST
@staff
def read_note(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    shifts.read(by, number)
    return redirect("staff:board")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def review(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    """Times, what was said when, and what was learned."""
    row = find(by, slug)
    post = request.POST
    if request.method == "POST":
        shifts.learn(by, slug, post.get("lessons_en", ""), post.get("lessons_cy", ""))
        if post.get("do") == "publish":
            asked = shifts.publish_lessons(by, slug, version_in(request))
            return done(request, "A second person is asked.", "staff:addition", asked.pk)
        return done(request, "Saved, for your colleagues.", "staff:review", slug)
    events = Event.objects.filter(incident=slug).order_by("number")
    told = [(e.at, p) for e in events if (p := read(e)["data"].get("public"))]
    context = {
        "incident": row,
        "told": told,
        "measures": list(measures(events, by.at)),
        "review": IncidentReview.objects.filter(incident=row).first(),
        "writes": by.rights.writes,
    }
    return page(request, "staff/review.html", context)
