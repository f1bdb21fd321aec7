"""One incident for its operators: what it says, what happened, and what may be done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outage.audit.record import read
from outage.models import Event, Incident, Stage
from outage.panel.access import done, page, staff
from outage.panel.forms.values import moment, whole
from outage.panel.views.board import live
from outage.panel.views.declare import preview, preview_context
from outage.statements import approval, operator_text, rights, timeline_entries, timeline_text
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.statements.impact import fingerprint
from outage.statements.statement import PublishedStatement, Statement, plain
from outage.workflow import additions, endings, incidents, publishing, telling, templates
from outage.workflow import rows as w
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
        "writes": rights.refusal(by.rights, row.organisation) is None,
        "kinds": timeline_entries.KINDS,
        "longest": timeline_entries.LONGEST,
        "asked": _unanswered(events).items(),
        "may_take_back": endings.stopped_lately(by, row) is not None,
        "may_reopen": row.stage == Stage.ENDED and row.published is not None and not open_one,
        "additions": row.additions.filter(stage=Stage.SUBMITTED),
        "longest_ago": int(endings.TAKE_BACK.total_seconds() / 60),
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
    return whole(request.POST.get("version", "")) or 0


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
    if not publishing.why_two(by, proposal.incident, content):
        incidents.publish(by, proposal.pk, proposal.version)
        return done(request, "Still so: the next check is set.", "staff:incident", slug)
    found, _ = preview(by, content, proposal.incident)
    incidents.submit(by, proposal.pk, proposal.version, fingerprint(found))
    sentence = "A second person must approve it: it waits on their board."
    return done(request, sentence, "staff:draft", proposal.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def adopt(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    """What adopting another's statement would change in one's own area; then one press."""
    _check_known(by, slug)
    source = w.any_incident(slug)
    content = incidents.adoption(by, source)
    held = w.adopted_before(by.operator.organisation, slug)
    if request.method != "POST":
        context = {
            "source": source,
            "title": timeline_text.title(content, rulebook().catalogue).en,
            "said": operator_text.lines(content, rulebook()),
            **preview_context(by, plain(content), held),
        }
        return page(request, "staff/adopt.html", context)
    found, _ = preview(by, content, held)
    row = incidents.adopt(by, slug, version_in(request), fingerprint(found))
    waits = row.proposals.filter(stage=Stage.SUBMITTED).first()
    if waits is not None:
        return done(
            request,
            telling.told(by.at),
            "staff:draft",
            waits.pk,
        )
    return done(request, "Adopted for your area. It is live.", "staff:incident", row.slug)


@require_POST
@staff
def take_back(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    """What this person has just stopped goes on as it was."""
    find(by, slug)
    row = endings.take_back(by, slug)
    return done(request, "It is live again, as it was.", "staff:incident", row.slug)


@require_POST
@staff
def reopen(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    """Report again what is over."""
    find(by, slug)
    proposal = endings.reopen(by, slug, version_in(request))
    return redirect("staff:draft", proposal.pk)


@require_POST
@staff
def template(request: HttpRequest, by: Actor, slug: str) -> HttpResponse:
    """Keep what it says under a name, for the next time."""
    row = find(by, slug)
    templates.keep(by, request.POST.get("name", ""), endings.last_fault(row))
    return done(request, "Kept as a template. It is offered where a fault is reported.",
                "staff:incident", slug)  # fmt: skip


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
    row = endings.stand_down(by, slug, version_in(request), footprints, watch, _update(request))
    sentence = "Over." if row.stage == Stage.ENDED else "Done. The public sees it now."
    if row.exercise:
        sentence = "Done, in the exercise. Nobody in public sees it."
    return done(request, sentence, "staff:incident", slug)


def _update(request: HttpRequest) -> dict[str, Any]:
    """Only what was filled in."""
    post = request.POST
    update: dict[str, Any] = {
        name: moment(post.get(name, ""), name)
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
    if when := moment(post.get("at", ""), "when"):
        entry["at"] = when
    asked = additions.ask(by, slug, version_in(request), post.get("kind", ""), entry)
    return done(
        request,
        telling.told(by.at),
        "staff:addition",
        asked.pk,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def addition(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """What waits to join a timeline: read it, then approve it, or refuse it."""
    if request.method == "POST" and request.POST.get("do") == "approve":
        row = additions.approve(by, number, request.POST.get("seal", ""))
        return done(request, "Approved. It is on the timeline.", "staff:incident", row.slug)
    if request.method == "POST":
        row = additions.drop(by, number)
        return done(request, "Dropped. Nobody in public read it.", "staff:incident", row.slug)
    found = next((a for a in additions.waiting(by) if a.pk == number), None)
    if found is None:
        raise RefusedError("Somebody has dealt with this already, or it is not yours to see.")
    approves = by.rights.writes and by.name != found.author
    context = {"addition": found, "seal": additions.seal(found), "approves": approves,
               "entry": sorted(found.entry.items())}  # fmt: skip
    return page(request, "staff/addition.html", context)
