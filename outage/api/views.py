"""/api/v1/staff/: declaring, for a control room's own systems. Rights, approvals, limits and the
record are those of the panel: the same functions, the same refusals.

Each call that changes something carries an Idempotency-Key: sent again, it is answered again, and
done once.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import Field

from outage.api import cap_in
from outage.models import ApiKey, Incident, Proposal, Stage
from outage.panel.views.declare import preview
from outage.signals import alarms, places
from outage.statements import timeline_text
from outage.statements.actor import Actor
from outage.statements.errors import AlreadyLiveError, ConflictError, RefusedError
from outage.statements.impact import fingerprint
from outage.statements.statement import Statement, plain
from outage.statements.stored import published
from outage.workflow import api_keys, endings, incidents, publishing
from triage import client_address, clock
from triage.rules import rulebook

Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=80)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Slug = Annotated[str, Field(max_length=120)]


class StaffProblem(Schema):
    """Why something was not done. `incident` is what is live already, where that is why."""

    problems: list[str]
    incident: str | None = None


class DraftIn(Schema):
    """What is stated, and whether it is an exercise."""

    statement: Statement
    exercise: bool = False


class EditIn(Schema):
    """What a draft says from now on, by whoever saw this version of it."""

    statement: Statement
    version: Version


class MoveIn(Schema):
    """A move by whoever saw this version."""

    version: Version


class SignalIn(Schema):
    """What another system sees: a channel, a place (area:SLUG, nation:SLUG, uk or network:ID) and
    what is the matter there; or that it is over. It tells operators, and publishes nothing."""

    channel: Slug
    place: Slug
    what: Literal["own-monitoring", "fewer-calls", "form-down"]
    over: bool = False


class SignalOut(Schema):
    """What was taken. It is over by itself half an hour after it was last sent."""

    channel: str
    place: str
    ringing: bool


class DraftOut(Schema):
    """A draft: `second_person` says why it needs one; where it is empty, one may publish it."""

    draft: int
    version: int
    stage: str
    title: str
    incident: str
    incident_version: int
    second_person: list[str]
    statement: dict[str, Any]


class OwnIncidentOut(Schema):
    """A statement of the organisation as it stands."""

    incident: str
    version: int
    stage: str
    exercise: bool
    title: str
    statement: dict[str, Any]


class _Bearer(HttpBearer):
    """The key: Authorization: Bearer wn_..."""

    def authenticate(self, request: HttpRequest, token: str) -> tuple[ApiKey, Actor] | None:
        try:
            return api_keys.opened(token, client_address.address(request.META), clock.now())
        except RefusedError:
            return None


api = NinjaAPI(
    title="Which Number: declaring",
    version="1.0.0",
    urls_namespace="api-staff",
    auth=_Bearer(),
    docs_url=None,
    description="For control rooms. Every change is on the record under the name of its key.",
)
WRONG = {400: StaffProblem, 401: StaffProblem, 403: StaffProblem, 409: StaffProblem}
ANSWERS: dict[int, Any] = {**WRONG, 404: StaffProblem, 422: StaffProblem}


@api.exception_handler(RefusedError)
def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    status = 409 if isinstance(error, (ConflictError, AlreadyLiveError)) else 403
    live = error.slug if isinstance(error, AlreadyLiveError) else None
    return _problem(request, status, [str(error)], live)


@api.exception_handler(AuthenticationError)
def _closed(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _problem(request, 401, ["Give a key that is open: Authorization: Bearer wn_..."])


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors]
    return _problem(request, 422, found)


@api.exception_handler(OperationalError)
def _away(request: HttpRequest, error: OperationalError) -> HttpResponse:
    said = "The database does not answer. This was most likely not done: send it again."
    return _problem(request, 503, [said])


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(request, error.status_code, [str(error)])


def _problem(
    request: HttpRequest, status: int, problems: list[str], live: str | None = None
) -> HttpResponse:
    body = {"problems": problems, "incident": live}
    return _private(api.create_response(request, body, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _held(request: HttpRequest, scope: str = "") -> tuple[ApiKey, Actor]:
    """Who acts. Raises HttpError 403 where the key may not do this."""
    key, by = request.auth  # type: ignore[attr-defined]
    if scope and scope not in key.scopes:
        raise HttpError(403, f'This key may not do that: it lacks the scope "{scope}".')
    return key, by


@api.get("incidents", response={200: list[OwnIncidentOut], **ANSWERS})
def listed(request: HttpRequest) -> Any:
    """What is live of one's own organisation, exercises too."""
    _, by = _held(request)
    rows = Incident.objects.filter(organisation=by.operator.organisation, stage=Stage.LIVE)
    return [_incident(row) for row in rows]


@api.post("drafts", response={200: DraftOut, **ANSWERS})
def draft(request: HttpRequest, given: DraftIn, key: Key) -> Any:
    """A draft, which nobody in public sees."""
    held, by = _held(request, "draft")
    data = plain(given.statement)
    asked = {"draft": data, "exercise": given.exercise}

    def act() -> dict[str, Any]:
        return _draft(by, incidents.draft(by, data, exercise=given.exercise))

    return api_keys.once(held, key, asked, by.at, act)


@api.post(
    "drafts/cap",
    response={200: DraftOut, **ANSWERS},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/cap+xml": {"schema": {"type": "string"}}},
        }
    },
)
def draft_of_cap(request: HttpRequest, key: Key) -> Any:
    """A message of CAP 1.2 as a draft, which a person reads, completes and publishes."""
    held, by = _held(request, "draft")
    data = cap_in.read(request.body, by.operator.organisation, by.at)
    asked = {"cap": request.body.decode(errors="replace")}
    return api_keys.once(held, key, asked, by.at, lambda: _draft(by, incidents.draft(by, data)))


@api.put("drafts/{number}", response={200: DraftOut, **ANSWERS})
def edit(request: HttpRequest, number: Version, given: EditIn, key: Key) -> Any:
    """New content of a draft; it takes back whatever was asked for the old one."""
    held, by = _held(request, "draft")
    data = plain(given.statement)

    def act() -> dict[str, Any]:
        return _draft(by, incidents.edit(by, number, given.version, data))

    asked = {"edit": number, "version": given.version, "data": data}
    return api_keys.once(held, key, asked, by.at, act)


@api.post("drafts/{number}/submit", response={200: DraftOut, **ANSWERS})
def submit(request: HttpRequest, number: Version, given: MoveIn, key: Key) -> Any:
    """Ask a second person, who reads and approves it in the panel."""
    held, by = _held(request, "draft")

    def act() -> dict[str, Any]:
        return _draft(by, incidents.submit(by, number, given.version, _shown(by, number)))

    return api_keys.once(held, key, ["submit", number, given.version], by.at, act)


@api.post("drafts/{number}/publish", response={200: OwnIncidentOut, **ANSWERS})
def publish(request: HttpRequest, number: Version, given: MoveIn, key: Key) -> Any:
    """Publish what one person may: 403 says why a second one is needed."""
    held, by = _held(request, "publish")

    def act() -> dict[str, Any]:
        return _incident(incidents.publish(by, number, given.version))

    return api_keys.once(held, key, ["publish", number, given.version], by.at, act)


@api.post("incidents/{slug}/confirm", response={200: OwnIncidentOut, **ANSWERS})
def confirm(request: HttpRequest, slug: Slug, given: MoveIn, key: Key) -> Any:
    """Still so: the same again, until the usual next check."""
    held, by = _held(request, "publish")

    def act() -> dict[str, Any]:
        again = incidents.renew(by, slug, given.version)
        return _incident(incidents.publish(by, again.pk, again.version))

    return api_keys.once(held, key, ["confirm", slug, given.version], by.at, act)


@api.post("incidents/{slug}/over", response={200: OwnIncidentOut, **ANSWERS})
def over(request: HttpRequest, slug: Slug, given: MoveIn, key: Key) -> Any:
    """It is over: as usual again. This wins over whatever was changed meanwhile."""
    held, by = _held(request, "stop")

    def act() -> dict[str, Any]:
        return _incident(endings.stand_down(by, slug, given.version))

    return api_keys.once(held, key, ["over", slug, given.version], by.at, act)


@api.post("signals", response={200: SignalOut, **ANSWERS})
def signal(request: HttpRequest, given: SignalIn, key: Key) -> Any:
    """Early warning by another system. Operators are told, the public is not."""
    held, by = _held(request, "signal")
    owner = by.operator.organisation
    if not places.is_known(given.channel, given.place):
        raise HttpError(422, "channel or place: there is none of this name.")
    if not places.may_mute(by.rights, owner, given.channel, given.place):
        raise HttpError(403, "Your organisation does not speak of this channel there.")

    def act() -> dict[str, Any]:
        if given.over:
            alarms.report_over(given.channel, given.place, by.name, by.at)
        else:
            alarms.report(given.channel, given.place, given.what, by.name, by.at)
        return {"channel": given.channel, "place": given.place, "ringing": not given.over}

    return api_keys.once(held, key, given.model_dump(), by.at, act)


def _shown(by: Actor, number: int) -> str:
    """What an approver will be shown of a draft, as a hash."""
    found = Proposal.objects.select_related("incident__organisation").filter(pk=number).first()
    if found is None:
        raise RefusedError("There is no such draft.")
    content = Statement.model_validate(found.content)
    return fingerprint(preview(by, content, found.incident)[0])


def _draft(by: Actor, row: Proposal) -> dict[str, Any]:
    content = Statement.model_validate(row.content)
    return {
        "draft": row.pk,
        "version": row.version,
        "stage": str(row.stage),
        "title": timeline_text.title(content, rulebook().catalogue).en,
        "incident": row.incident.slug,
        "incident_version": row.incident.version,
        "second_person": [*publishing.why_two(by, row.incident, content)],
        "statement": row.content,
    }


def _incident(row: Incident) -> dict[str, Any]:
    content = published(row).content
    return {
        "incident": row.slug,
        "version": row.version,
        "stage": str(row.stage),
        "exercise": row.exercise,
        "title": timeline_text.title(content, rulebook().catalogue).en,
        "statement": plain(content),
    }
