"""One draft: go on writing, see what it changes, and every move that may be made with it.

The form itself is declare.py's; the writing is lifecycle.py's. What was typed is never lost: where
a colleague was faster, the page comes back with it, and with what stands now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from outage import form, lifecycle, reading, rights
from outage import writing as w
from outage.content import Content, ContentRefused, plain
from outage.content import read as read_content
from outage.declare import (
    find,
    form_context,
    now_live,
    posted,
    preview,
    preview_context,
    with_frames,
)
from outage.door import done, page, staff
from outage.impact_preview import fingerprint
from outage.models import Incident, Organisation, Proposal, Stage
from outage.reading import Line
from outage.writing import By, Refused
from triage.rules import rulebook

Done = tuple[str, str, object]
Data = Mapping[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def draft(request: HttpRequest, by: By, number: int) -> HttpResponse:
    """One proposal: go on writing, see what it changes, and what may be done with it."""
    proposal = find(by, number)
    if request.method == "POST":
        return _post(request, by, proposal)
    return _show(request, by, proposal)


def _show(
    request: HttpRequest,
    by: By,
    proposal: Proposal,
    problem: str = "",
    data: Data | None = None,
    status: int = 422,
) -> HttpResponse:
    """The page of a proposal; with what was posted in the form, where that could not be kept."""
    shown = data or proposal.content
    # Who changes it sees what the change does, and approves nothing meanwhile.
    changes_it = data is not None or "edit" in request.GET
    context = {
        "proposal": proposal,
        "incident": proposal.incident,
        "problem": problem,
        "said": reading.lines(Content.model_validate(proposal.content), rulebook()),
        "writes": _may_write(by, proposal.incident.organisation),
        "approves": _may_approve(by, proposal) and not changes_it,
        "submitted": proposal.stage == Stage.SUBMITTED,
        "open": w.is_open(proposal),
        **_overtaken(by, proposal, data, overtaken=status == 409),
        **form_context(by, shown, keep=True),
        **preview_context(by, shown, proposal.incident),
    }
    if "fingerprint" in context:
        context["seal"] = lifecycle.seal(proposal.content, str(context["fingerprint"]))
    return with_frames(page(request, "staff/draft.html", context, status if problem else 200))


def _overtaken(by: By, proposal: Proposal, data: Data | None, *, overtaken: bool) -> dict[str, Any]:
    """What stands now, where a colleague was faster, and in what it differs from the form."""
    incident, is_open = proposal.incident, w.is_open(proposal)
    outdated = is_open and proposal.base_version != incident.version
    typed = data is not None and (overtaken or not is_open)
    if not (typed or outdated):
        return {"typed": False, "outdated": False}
    is_live = incident.stage == Stage.LIVE
    kept = is_open and not outdated
    stands = _lines(by, proposal.content) if kept else _live(by, incident) if is_live else ()
    own = _lines(by, data or proposal.content)
    labels = {line.label for line in stands}
    return {
        "typed": typed,
        "outdated": outdated,
        "kept": kept,
        "is_live": is_live,
        "stands": stands,
        "added": [line for line in own if stands and line.label not in labels],
        "differing": [line.label for line in stands if line not in own] if own else [],
    }


def _live(by: By, incident: Incident) -> tuple[Line, ...]:
    return _lines(by, plain(w.published(incident).content))


def _lines(by: By, data: Data) -> tuple[Line, ...]:
    """What some data say; nothing where they are not right yet."""
    try:
        return reading.lines(read_content(data, rulebook(), by.at), rulebook())
    except ContentRefused:
        return ()


def _may_write(by: By, organisation: Organisation) -> bool:
    return rights.refusal(by.rights, organisation, None) is None


def _may_approve(by: By, proposal: Proposal) -> bool:
    content = Content.model_validate(proposal.content)
    owner = proposal.incident.organisation.slug
    allowed = rights.may_approve(by.rights, owner, content, rulebook().catalogue) is None
    return allowed and by.name not in proposal.authors and proposal.stage == Stage.SUBMITTED


def _post(request: HttpRequest, by: By, proposal: Proposal) -> HttpResponse:
    """One of the moves, or a new content. A refusal shows the page again, with the reason."""
    data: Data | None = None
    try:
        if "channel" in request.POST:
            data = posted(request.POST, by, proposal)
        return _done(request, by, proposal, data)
    except lifecycle.Changed as error:
        return _show(request, by, find(by, proposal.pk), str(error), data, 409)
    except Refused as error:
        return _show(request, by, find(by, proposal.pk), str(error), data)


def _done(request: HttpRequest, by: By, proposal: Proposal, data: Data | None) -> HttpResponse:
    version = form.whole(request.POST.get("version", "")) or 0
    do = request.POST.get("do", "")
    if do == "again":
        new = lifecycle.again(by, proposal.pk, data or proposal.content)
        return done(request, "Kept. Nobody in public sees it yet.", "staff:draft", new.pk)
    if do not in _MOVES:
        lifecycle.edit(by, proposal.pk, version, data or {})
        return done(request, "Kept. Nobody in public sees it yet.", "staff:draft", proposal.pk)
    if data is not None and _differs(by, proposal, data):
        lifecycle.edit(by, proposal.pk, version, data)
        messages.warning(request, "What you wrote is kept now. Look at it, then press once more.")
        return redirect("staff:draft", proposal.pk)
    sentence, to, key = _MOVES[do](request, by, proposal, version)
    return done(request, sentence, to, *([key] if key else []))


def _differs(by: By, proposal: Proposal, data: Data) -> bool:
    """Whether the form says more than what is kept: nobody publishes without what they typed."""
    said = plain(w.content_of(by, proposal.incident.organisation, data))
    return bool(said != proposal.content)


def _publish(request: HttpRequest, by: By, proposal: Proposal, version: int) -> Done:
    incident = lifecycle.publish(by, proposal.pk, version)
    return now_live(incident), "staff:incident", incident.slug


def _submit(request: HttpRequest, by: By, proposal: Proposal, version: int) -> Done:
    shown = request.POST.get("fingerprint", "")
    lifecycle.submit(by, proposal.pk, version, shown)
    return "Waiting for a second person.", "staff:draft", proposal.pk


def _approve(request: HttpRequest, by: By, proposal: Proposal, version: int) -> Done:
    content = Content.model_validate(proposal.content)
    found, _ = preview(by, content, proposal.incident)
    signed = request.POST.get("seal", "")
    incident = lifecycle.approve(by, proposal.pk, version, signed, fingerprint(found))
    return f"Approved. {now_live(incident)}", "staff:incident", incident.slug


def _send_back(request: HttpRequest, by: By, proposal: Proposal, version: int) -> Done:
    lifecycle.send_back(by, proposal.pk, version, request.POST.get("reason", ""))
    return "Returned to its author.", "staff:board", ""


def _break_glass(request: HttpRequest, by: By, proposal: Proposal, version: int) -> Done:
    incident = lifecycle.break_glass(by, proposal.pk, version, request.POST.get("reason", ""))
    sentence = "It is live. Everyone is told. Without a second person it lapses in 30 minutes."
    return sentence, "staff:incident", incident.slug


def _withdraw(request: HttpRequest, by: By, proposal: Proposal, version: int) -> Done:
    lifecycle.withdraw(by, proposal.pk, version)
    return "Dropped. What is live stays as it is.", "staff:board", ""


_MOVES: Mapping[str, Callable[[HttpRequest, By, Proposal, int], Done]] = {
    "publish": _publish,
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "break-glass": _break_glass,
    "withdraw": _withdraw,
}
