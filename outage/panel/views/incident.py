"""One incident for its operators: what it says, what happened, and what may be done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from outage.audit.record import read
from outage.models import Event, Incident, Stage
from outage.panel import forms
from outage.panel.access import done, page, staff
from outage.panel.views.board import live
from outage.panel.views.declare import preview
from outage.statements import approval, operator_text, rights, timeline_entries, timeline_text
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.statements.impact import fingerprint
from outage.statements.statement import PublishedStatement, Statement
from outage.workflow import incidents
from triage.rules import rulebook


@require_safe
@staff
def incident(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    """The page of one incident. Another organisation's is refused like one that is not there."""
    row = find(by, slug)
    shown = next((item for item in live(by) if item.row.slug == slug), None)
    published = PublishedStatement.model_validate(row.published) if row.published else None
    open_one = row.proposals.filter(stage__in=[Stage.DRAFT, Stage.SUBMITTED]).first()
    events = [(event, read(event)["data"]) for event in Event.objects.filter(incident=slug)]
    context = {
        "incident": row,
        "published": published,
        "title": _title(published),
        "said": operator_text.lines(published.content, rulebook()) if published else (),
        "places": _places(published),
        "item": shown,
        "open_proposal": open_one,
        "history": list(reversed(events)),
        "writes": rights.refusal(by.rights, row.organisation, None) is None,
        "kinds": timeline_entries.KINDS,
        "longest": timeline_entries.LONGEST,
        "asked": _unanswered(events).items(),
        "watch_minutes": int(approval.WATCH.total_seconds() / 60),
    }
    return page(request, "staff/incident.html", context)


def _unanswered(events: list[tuple[Event, Any]]) -> dict[int, str]:
    told = [(event.number, data["public"]) for event, data in events if data.get("public")]
    return timeline_entries.unanswered(told)


def find(by: Actor, slug: str) -> Incident:
    row = Incident.objects.select_related("organisation").filter(slug=slug).first()
    if row is None or not rights.may_see(by.rights, row.organisation.slug):
        raise RefusedError("There is no such incident, or it is not yours to see.")
    return row


def _check_known(by: Actor, slug: str) -> None:
    """What nobody published, and an exercise, is another organisation's own: refused like one that
    is not there. What is public may be named; incidents.py says why it is not theirs to move."""
    row = Incident.objects.filter(slug=slug).first()
    if row is None or row.published is None or row.exercise:
        find(by, slug)


def _title(published: PublishedStatement | None) -> str:
    return timeline_text.title(published.content, rulebook().catalogue).en if published else "Draft"


def _places(published: PublishedStatement | None) -> list[tuple[str, str]]:
    if published is None:
        return []
    catalogue, found = rulebook().catalogue, published.content.footprints
    if found == ("uk",):
        found = ("nation:england", "nation:wales", "nation:scotland", "nation:northern-ireland")
    return [(f, timeline_text.place(f, catalogue).en) for f in found]


def version_in(request: HttpRequest) -> int:
    """The version the page showed; 0, which never fits, where it is missing."""
    return forms.whole(request.POST.get("version", "")) or 0


@require_POST
@staff
def amend(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    _check_known(by, slug)
    proposal = incidents.amend(by, slug, version_in(request))
    return redirect("staff:draft", proposal.pk)


@require_POST
@staff
def renew(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    """Still so: live at once where one person is enough, and put to a second one otherwise."""
    _check_known(by, slug)
    proposal = incidents.renew(by, slug, version_in(request))
    content = Statement.model_validate(proposal.content)
    if not approval.why_two(content, by.rights, rulebook()):
        incidents.publish(by, proposal.pk, proposal.version)
        return done(request, "Renewed. The next look is set.", "staff:incident", slug)
    found, _ = preview(by, content, proposal.incident)
    incidents.submit(by, proposal.pk, proposal.version, fingerprint(found))
    sentence = "A second person must approve it: it waits on their board."
    return done(request, sentence, "staff:draft", proposal.pk)


@require_POST
@staff
def adopt(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    _check_known(by, slug)
    row = incidents.adopt(by, slug, version_in(request))
    return done(request, "Adopted for your area. It is live.", "staff:incident", row.slug)


@require_POST
@staff
def confirm(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    _check_known(by, slug)
    incidents.confirm(by, slug, version_in(request))
    return done(request, "Confirmed.", "staff:board")


@require_POST
@staff
def stand_down(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    """Over at once, over in some places, or watched for a while."""
    _check_known(by, slug)
    post = request.POST
    footprints = tuple(post.getlist("over_in")) if post.get("do") == "part" else ()
    if post.get("do") == "part" and not footprints:
        raise RefusedError("Say where it is over.")
    watch = approval.WATCH if post.get("do") == "watch" else None
    row = incidents.stand_down(by, slug, version_in(request), footprints, watch, _update(request))
    sentence = "Over." if row.stage == Stage.ENDED else "Done. The public sees it now."
    if row.exercise:
        sentence = "Done, in the exercise. Nobody in public sees it."
    return done(request, sentence, "staff:incident", slug)


def _update(request: HttpRequest) -> dict[str, Any]:
    """Only what was filled in."""
    post = request.POST
    update: dict[str, Any] = {
        name: forms.moment(post.get(name, ""), name)
        for name in ("callbacks_until", "demand_until")
        if post.get(name)
    }
    if post.get("demand_note"):
        update["demand_note"] = post["demand_note"].strip()
        update.setdefault("demand_until", None)
    return update


@require_POST
@staff
def add(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    """A claim, assurance, regulator's step or comment on the public timeline."""
    _check_known(by, slug)
    post = request.POST
    names = ("en", "cy", "source", "source_url", "issuer", "asked_of", "answers")
    entry = {name: post.get(name, "").strip() for name in names if post.get(name, "").strip()}
    if when := forms.moment(post.get("at", ""), "when"):
        entry["at"] = when
    incidents.add(by, slug, version_in(request), post.get("kind", ""), entry)
    return done(request, "Added to the timeline.", "staff:incident", slug)
