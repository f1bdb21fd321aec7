"""One draft: go on writing, see what it changes, and every move that may be made with it.

The form itself is declare.py's; the writing is incidents.py's. What was typed is never lost: where
a colleague was faster, the page comes back with it, and with what stands now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from outage.models import Incident, Organisation, Proposal, Stage
from outage.panel import typed
from outage.panel.access import done, page, staff
from outage.panel.forms import posted
from outage.panel.forms.values import whole
from outage.panel.views.declare import (
    FRAMES,
    find,
    form_context,
    now_live,
    preview,
    preview_context,
    seen,
)
from outage.statements import approval, operator_text, rights
from outage.statements.actor import Actor
from outage.statements.errors import ConflictError, RefusedError
from outage.statements.impact import fingerprint
from outage.statements.operator_text import DetailLine
from outage.statements.statement import Statement, plain
from outage.statements.stored import published
from outage.statements.validation import InvalidStatementError
from outage.statements.validation import read as read_content
from outage.workflow import incidents, telling
from outage.workflow import rows as w
from triage.rules import rulebook

Done = tuple[str, str, object]
Data = Mapping[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update(FRAMES)
@staff
def draft(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """One proposal: go on writing, see what it changes, and what may be done with it."""
    proposal = find(by, number)
    if request.method == "POST":
        return _post(request, by, proposal)
    held = typed.given(by.operator.user.pk, _key(by, proposal))
    if held is not None and w.is_open(proposal):
        return _show(request, by, proposal, data=posted.told(held, by, proposal), given_back=True)
    return _show(request, by, proposal)


def _key(by: Actor, proposal: Proposal) -> str:
    """Of what this person types in this version of a draft."""
    return f"{by.operator.user.pk}-draft-{proposal.pk}-{proposal.version}"


def _show(
    request: HttpRequest,
    by: Actor,
    proposal: Proposal,
    problem: str = "",
    data: Data | None = None,
    status: int = 422,
    *,
    given_back: bool = False,
) -> HttpResponse:
    """The page of a proposal; with what was posted in the form, where that could not be kept."""
    shown = data or proposal.content
    # Who changes it sees what the change does, and approves nothing meanwhile.
    changes_it = data is not None or "edit" in request.GET
    context = {
        "proposal": proposal,
        "incident": proposal.incident,
        "problem": problem,
        "said": operator_text.lines(Statement.model_validate(proposal.content), rulebook()),
        "writes": _may_write(by, proposal.incident.organisation),
        "approves": _may_approve(by, proposal) and not changes_it,
        "submitted": proposal.stage == Stage.SUBMITTED,
        "open": w.is_open(proposal),
        "key": _key(by, proposal),
        "given_back": given_back,
        "exercise": proposal.incident.exercise,
        **_overtaken(by, proposal, None if given_back else data, overtaken=status == 409),
        **form_context(by, shown, keep=True, answer=_answer(request, data)),
        **preview_context(by, shown, proposal.incident),
    }
    if "fingerprint" in context:
        context["seal"] = approval.seal(proposal.content, str(context["fingerprint"]))
    return page(request, "staff/draft.html", context, status if problem else 200)


def _answer(request: HttpRequest, data: Data | None) -> str:
    """What was said to be broken in the form that comes back."""
    return request.POST.get("broken", "") if data is not None else ""


def _overtaken(
    by: Actor, proposal: Proposal, data: Data | None, *, overtaken: bool
) -> dict[str, Any]:
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


def _live(by: Actor, incident: Incident) -> tuple[DetailLine, ...]:
    return _lines(by, plain(published(incident).content))


def _lines(by: Actor, data: Data) -> tuple[DetailLine, ...]:
    """What some data say; nothing where they are not right yet."""
    try:
        return operator_text.lines(read_content(data, rulebook(), by.at), rulebook())
    except InvalidStatementError:
        return ()


def _may_write(by: Actor, organisation: Organisation) -> bool:
    return rights.refusal(by.rights, organisation) is None


def _may_approve(by: Actor, proposal: Proposal) -> bool:
    content = Statement.model_validate(proposal.content)
    owner = proposal.incident.organisation.slug
    allowed = rights.may_approve(by.rights, owner, content, rulebook().catalogue) is None
    return allowed and by.name not in proposal.authors and proposal.stage == Stage.SUBMITTED


def _post(request: HttpRequest, by: Actor, proposal: Proposal) -> HttpResponse:
    """One of the moves, or a new content. A refusal shows the page again, with the reason."""
    data: Data | None = None
    try:
        if "channel" in request.POST:
            data = posted.told(request.POST, by, proposal)
            data = posted.posted(request.POST, by, proposal)
        answer = _done(request, by, proposal, data)
        typed.drop(by.operator.user.pk, request.POST.get("key", ""))
        return answer
    except ConflictError as error:
        stands = find(by, proposal.pk)
        if _is_what_was_asked(by, stands, data):
            return done(request, "It is live. It was not published twice.", "staff:incident",
                        stands.incident.slug)  # fmt: skip
        return _show(request, by, stands, str(error), data, 409)
    except RefusedError as error:
        return _show(request, by, find(by, proposal.pk), str(error), data)


def _is_what_was_asked(by: Actor, proposal: Proposal, data: Data | None) -> bool:
    """Whether the button was pressed twice: this person published just that."""
    own = by.name in proposal.authors and proposal.stage == Stage.LIVE
    return own and (data is None or not _differs(by, proposal, data))


def _done(request: HttpRequest, by: Actor, proposal: Proposal, data: Data | None) -> HttpResponse:
    version = whole(request.POST.get("version", "")) or 0
    do = request.POST.get("do", "")
    if do == "again":
        onto = request.POST.get("onto", "")
        new = incidents.again(by, proposal.pk, data or proposal.content, onto)
        return done(request, "Kept. Nobody in public sees it yet.", "staff:draft", new.pk)
    if do not in _MOVES:
        incidents.edit(by, proposal.pk, version, data or {})
        return done(request, "Kept. Nobody in public sees it yet.", "staff:draft", proposal.pk)
    if data is not None and _differs(by, proposal, data):
        proposal = incidents.edit(by, proposal.pk, version, data)
        version = proposal.version
        if do not in _AT_ONCE or not _was_seen(request, by, proposal):
            messages.warning(
                request, "What you wrote is kept now. Look at it, then press once more."
            )
            return redirect("staff:draft", proposal.pk)
    sentence, to, key = _MOVES[do](request, by, proposal, version)
    return done(request, sentence, to, *([key] if key else []))


def _was_seen(request: HttpRequest, by: Actor, proposal: Proposal) -> bool:
    """Whether the preview beside the button showed exactly what would be done now."""
    content = Statement.model_validate(proposal.content)
    found, _ = preview(by, content, proposal.incident)
    return request.POST.get("seen", "") == seen(content, fingerprint(found))


def _differs(by: Actor, proposal: Proposal, data: Data) -> bool:
    """Whether the form says more than what is kept: nobody publishes without what they typed."""
    said = plain(w.content_of(by, proposal.incident.organisation, data))
    return bool(said != proposal.content)


def _publish(request: HttpRequest, by: Actor, proposal: Proposal, version: int) -> Done:
    incident = incidents.publish(by, proposal.pk, version)
    return now_live(incident), "staff:incident", incident.slug


def _submit(request: HttpRequest, by: Actor, proposal: Proposal, version: int) -> Done:
    found, _ = preview(by, Statement.model_validate(proposal.content), proposal.incident)
    incidents.submit(by, proposal.pk, version, fingerprint(found))
    return (
        telling.told(by.at),
        "staff:draft",
        proposal.pk,
    )


def _approve(request: HttpRequest, by: Actor, proposal: Proposal, version: int) -> Done:
    content = Statement.model_validate(proposal.content)
    found, _ = preview(by, content, proposal.incident)
    signed = request.POST.get("seal", "")
    incident = incidents.approve(by, proposal.pk, version, signed, fingerprint(found))
    return f"Approved. {now_live(incident)}", "staff:incident", incident.slug


def _send_back(request: HttpRequest, by: Actor, proposal: Proposal, version: int) -> Done:
    incidents.send_back(by, proposal.pk, version, request.POST.get("reason", ""))
    return "Returned to its author.", "staff:board", ""


def _break_glass(request: HttpRequest, by: Actor, proposal: Proposal, version: int) -> Done:
    incident = incidents.break_glass(by, proposal.pk, version, request.POST.get("reason", ""))
    sentence = "It is live. Everyone is told. Without a second person it lapses in 30 minutes."
    return sentence, "staff:incident", incident.slug


def _withdraw(request: HttpRequest, by: Actor, proposal: Proposal, version: int) -> Done:
    incidents.withdraw(by, proposal.pk, version)
    return "Dropped. What is live stays as it is.", "staff:board", ""


_MOVES: Mapping[str, Callable[[HttpRequest, Actor, Proposal, int], Done]] = {
    "publish": _publish,
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "break-glass": _break_glass,
    "withdraw": _withdraw,
}
# What may be done in the same press as keeping what was typed, where its preview was seen.
_AT_ONCE = ("publish", "submit")
