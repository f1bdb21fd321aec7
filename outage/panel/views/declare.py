"""Declaring: the form and the preview beside it. Going on with what is kept is draft.py.

The writing is incidents.py's; what may be chosen is form_options.py's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from outage.models import Incident, LocalNumber, Proposal, Stage
from outage.panel import typed
from outage.panel.access import done, page, staff
from outage.panel.forms import posted, shown
from outage.panel.forms.values import whole
from outage.panel.preview_slots import PreviewBusyError, slot
from outage.publish.loader import bulletin_loader, proposed
from outage.statements import operator_text, rights, timeline_text
from outage.statements.actor import Actor
from outage.statements.contradictions import Clash, clashes
from outage.statements.errors import RefusedError
from outage.statements.impact import Change, changes, fingerprint, with_this
from outage.statements.reach import reach
from outage.statements.statement import Statement, digest, plain, sense, to_incidents
from outage.statements.stored import published
from outage.statements.validation import InvalidStatementError
from outage.statements.validation import read as read_content
from outage.workflow import endings, incidents, publishing, telling, templates
from outage.workflow import rows as w
from triage.rules import postcodes, rulebook

# What is looked at before it is published: the address, with the area in it, and its name.
LOOKS = (
    ("in/{}/", "Page"),
    ("cy/in/{}/", "Page, Welsh"),
    ("embed/banner/{}/", "Widget"),
    ("cy/embed/banner/{}/", "Widget, Welsh"),
)


# The form and the draft frame our own public pages, as they will look.
FRAMES = {"frame-src": [SELF]}


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update(FRAMES)
@staff
def new(request: HttpRequest, by: Actor) -> HttpResponse:
    """A new statement: prefilled from the switch, then published, put to a second or kept."""
    if request.method == "POST":
        return _new(request, by)
    if not by.rights.writes:
        raise RefusedError("Your role reads only: a fault is reported by an editor.")
    user, get = by.operator.user.pk, request.GET
    if (held := typed.given(user, get.get("typed", ""))) is not None:
        return _show_new(request, by, posted.told(held, by), post=held, key=get["typed"])
    return _show_new(request, by, _begin(by, get), exercise="training" in get)


def _begin(by: Actor, get: QueryDict) -> Mapping[str, Any]:
    """What the form begins with: a template, a statement that is like it, or a switch."""
    if number := whole(get.get("template", "")):
        return templates.begin(by, number)
    if slug := get.get("like", ""):
        row = w.any_incident(slug)
        if rights.may_see(by.rights, row.organisation.slug) and row.published:
            return plain(endings.afresh(endings.last_fault(row), by))
    return shown.start(
        by.rights, get.get("channel", ""), get.get("state", ""), get.get("place", ""), by.at
    )


def _show_new(
    request: HttpRequest,
    by: Actor,
    data: Mapping[str, Any],
    problem: str = "",
    status: int = 200,
    *,
    post: QueryDict | None = None,
    key: str = "",
    exercise: bool = False,
) -> HttpResponse:
    exercise = exercise or (post is not None and "exercise" in post)
    answer = post.get("broken", "") if post is not None else ""
    context = form_context(by, data, keep=bool(problem or post), answer=answer)
    context |= {
        "problem": problem,
        "key": key or typed.new_key(by.operator.user.pk),
        "exercise": exercise,
        "training": "training" in request.GET,
        "given_back": post is not None and not problem,
        "on_new_form": True,
        "templates": templates.of(by),
        **preview_context(by, data, exercise=exercise),
    }
    return page(request, "staff/declare.html", context, status)


def form_context(
    by: Actor, data: Mapping[str, Any], *, keep: bool, review: str = "", answer: str = ""
) -> dict[str, Any]:
    owner = by.operator.organisation
    kept = LocalNumber.objects.filter(organisation=owner, valid_until__gt=by.at)
    fields = shown.fields(
        by.rights, owner, rulebook(), data, by.at, keep=keep, review=review, answer=answer
    )
    return {"fields": fields, "data": data, "kept_numbers": kept}


def _new(request: HttpRequest, by: Actor) -> HttpResponse:
    post = request.POST
    key = post.get("key", "") if typed.is_own(by.operator.user.pk, post.get("key", "")) else ""
    try:
        data = posted.posted(post, by)
        proposal = incidents.draft(by, data, exercise="exercise" in post, key=key)
    except RefusedError as error:
        return _show_new(request, by, posted.told(post, by), str(error), 422, post=post, key=key)
    typed.drop(by.operator.user.pk, key)
    if proposal.stage == Stage.LIVE:
        return done(request, "It is live. It was not published twice.", "staff:incident",
                    proposal.incident.slug)  # fmt: skip
    return _go_on(request, by, proposal)


def _go_on(request: HttpRequest, by: Actor, proposal: Proposal) -> HttpResponse:
    """What the button asked for. What cannot be done is kept as a draft, and said."""
    do = request.POST.get("do", "")
    try:
        if do == "again":
            proposal = incidents.again(by, proposal.pk, proposal.content, _onto(request))
        elif do == "submit" and proposal.stage == Stage.DRAFT:
            content = Statement.model_validate(proposal.content)
            found, _ = preview(by, content, proposal.incident)
            incidents.submit(by, proposal.pk, proposal.version, fingerprint(found))
            return done(
                request,
                telling.told(by.at),
                "staff:draft",
                proposal.pk,
            )
        elif do == "publish":
            incident = incidents.publish(by, proposal.pk, proposal.version)
            return done(request, now_live(incident), "staff:incident", incident.slug)
    except RefusedError as error:
        messages.error(request, f"{error} It is kept as a draft: nobody in public sees it yet.")
    return redirect("staff:draft", proposal.pk)


def _onto(request: HttpRequest) -> str:
    return request.POST.get("onto", "")


def now_live(incident: Incident) -> str:
    """What is said after publishing. Nobody may take an exercise for the real thing."""
    if incident.exercise:
        return "The exercise runs. Nobody in public sees it."
    if published(incident).content.planned:
        return "It is published. Planned work counts from its start to its end."
    return "It is live."


@require_POST
@staff
def changed(request: HttpRequest, by: Actor) -> HttpResponse:
    """The preview beside the form, for what is in the form now. Nothing is kept."""
    try:
        number = whole(request.POST.get("draft", ""))
        proposal = find(by, number) if number else None
        data: Mapping[str, Any] = posted.posted(request.POST, by, proposal)
    except RefusedError as error:
        return page(request, "staff/_changes.html", {"preview_problem": str(error), "oob": True})
    exercise = "exercise" in request.POST
    row = proposal.incident if proposal else None
    context = preview_context(by, data, row, exercise=exercise)
    kept = "review_kept" in request.POST and request.POST.get("review") == posted.KEPT
    review = posted.chosen_review(request.POST)
    context |= form_context(by, data, keep=kept, review=review)
    context |= {"on_new_form": proposal is None, "oob": True, "exercise": exercise, "open": True}
    context |= {"proposal": proposal, "incident": row}
    context["swap_rows"] = "rows" in request.GET
    context["review_exact"] = request.POST.get("review_exact", "")
    return page(request, "staff/_changes.html", context)


@require_POST
@staff
def keep_typed(request: HttpRequest, by: Actor) -> HttpResponse:
    """What somebody types, with every pause: nothing is judged, and nobody else is shown it."""
    post = request.POST.copy()
    path = post.pop("typed_on", [""])[0]
    typed.keep(by.operator.user.pk, post.get("key", ""), path, post.urlencode(), by.at)
    return HttpResponse(status=204)


@require_POST
@staff
def drop_typed(request: HttpRequest, by: Actor) -> HttpResponse:
    typed.drop(by.operator.user.pk, request.POST.get("key", ""))
    return redirect("staff:board")


@require_POST
@staff
def drop_template(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    templates.drop(by, number)
    return done(request, "The template is gone.", "staff:declare")


def find(by: Actor, number: int) -> Proposal:
    """A proposal this person may look at. Raises RefusedError for any other, existing or not."""
    rows = Proposal.objects.select_related("incident__organisation")
    proposal = rows.filter(pk=number).first()
    if proposal is not None:
        content = Statement.model_validate(proposal.content)
        owner = proposal.incident.organisation.slug
        if rights.may_look(by.rights, owner, content, rulebook().catalogue):
            return proposal
    raise RefusedError("There is no such draft, or it is not yours to see.")


def preview_context(
    by: Actor, data: Mapping[str, Any], row: Incident | None = None, *, exercise: bool = False
) -> dict[str, Any]:
    """What would change, where it would contradict, and how many people it needs."""
    if not by.rights.writes:
        return {"preview_problem": "Your role reads only: what would change is for who writes."}
    if not data.get("channel"):
        return {"preview_problem": "Say first what is broken."}
    owner = row or Incident(slug="new", organisation=by.operator.organisation, exercise=exercise)
    try:
        content = read_content(data, rulebook(), by.at)
        w.check_content(owner.organisation, content)
    except InvalidStatementError as error:
        return {"preview_problem": " ".join(f"{p}." for p in error.problems)}
    except RefusedError as error:
        return {"preview_problem": str(error)}
    try:
        with slot():
            found, against = preview(by, content, row)
    except PreviewBusyError as error:
        return {"preview_problem": str(error)}
    live = publishing.already_live(owner, content, by.at)
    return {
        "already": publishing.already(live, by.at) if live else "",
        "onto": live.slug if live else "",
        "reach": reach(content.footprints, rulebook().catalogue, postcodes().counts).words,
        "changes": found,
        "look_at": (area := next((a for c in found for a in c.areas), None)),
        "looks": [(path.format(area), name) for path, name in LOOKS],
        "shown": tuple(operator_text.change(c, rulebook()) for c in found),
        "clashes": against,
        "title": timeline_text.title(content, rulebook().catalogue).en,
        "why_two": publishing.why_two(by, owner, content),
        "fingerprint": (print_ := fingerprint(found)),
        "seen": seen(content, print_),
    }


def seen(content: Statement, print_: str) -> str:
    """What a preview showed, as a hash: a button that comes with it may be obeyed at once."""
    return digest([sense(content), print_])


def preview(
    by: Actor, content: Statement, row: Incident | None
) -> tuple[tuple[Change, ...], tuple[Clash, ...]]:
    """The changes and the contradictions that publishing this content now would bring."""
    now = bulletin_loader().bulletin(by.at).incidents
    owner = row or Incident(slug="new", organisation=by.operator.organisation)
    this = to_incidents(proposed(owner, content, by.at))
    at = max(by.at, content.starts_at or by.at)
    found = changes(rulebook(), now, with_this(now, this), at)
    return _gravest_first(found), clashes(rulebook(), now, this[0], at)


def _gravest_first(found: Sequence[Change]) -> tuple[Change, ...]:
    """Where people are told to begin with something else, before what only follows; in each the
    emergencies first, and what most answers hang on."""
    return tuple(sorted(found, key=_gravity))


def _gravity(change: Change) -> tuple[bool, bool, int, str]:
    need = change.need
    return _begins_alike(change), not need.is_emergency, -len(change.outcomes), need.id


def _begins_alike(change: Change) -> bool:
    old, new = change.old.entries[:1], change.new.entries[:1]
    return [(e.channel, e.mode) for e in old] == [(e.channel, e.mode) for e in new]
