"""The rows as the record says they were: incidents, open drafts, organisations, people, numbers.

For the restore (archive.py), which has proved the chain before. Secrets are in no record: whoever
had an account needs a new password and a new second factor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model

from outage.audit.record import read
from outage.models import (
    Addition,
    Event,
    Incident,
    LocalNumber,
    Operator,
    Organisation,
    Proposal,
    Stage,
)
from outage.statements.statement import PublishedStatement
from triage.engine.situation import Status

_BEGUN = ("draft", "amendment-started")
_MOVES = ("edited", "submitted", "returned")
_NUMBER_TIMES = ("tested_at", "valid_until")


@dataclass
class _Open:
    """A proposal that nobody has published or dropped yet."""

    begun: Event
    changed: Event
    base_version: int
    content: Mapping[str, Any]
    authors: list[str]
    submitted: Event | None = None
    seal: str = ""
    returned_because: str = ""


@dataclass
class _Case:
    """One incident, as far as the events were read."""

    first: Event
    channel: str
    exercise: bool
    version: int = 1
    published: PublishedStatement | None = None
    withdrawn: Event | None = None
    open: _Open | None = field(default=None)
    additions: dict[int, Event] = field(default_factory=dict)


def rows(events: Iterable[Event]) -> None:
    """Write every row that the events tell of. Call inside the restore's transaction."""
    cases: dict[str, _Case] = {}
    for event in events:
        data = read(event)["data"]
        if event.incident:
            _follow(cases, event, data)
        else:
            # The words of the public log stay in the event alone.
            own = {k: v for k, v in data.items() if k != "public"}
            _STAFF.get(event.kind, _nothing)(event, own)
    owners = {o.slug: o for o in Organisation.objects.all()}
    for slug, case in cases.items():
        _write(slug, case, owners[case.first.organisation])


def _follow(cases: dict[str, _Case], event: Event, data: Mapping[str, Any]) -> None:
    if event.incident not in cases:
        channel, exercise = data["content"]["channel"], bool(data.get("exercise"))
        cases[event.incident] = _Case(event, channel, exercise)
    case = cases[event.incident]
    if event.kind in _BEGUN:
        authors = data.get("authors", [event.actor])
        case.open = _Open(event, event, case.version, data["content"], authors)
    elif "published" in data:
        case.published = PublishedStatement.model_validate(data["published"])
        case.version += 1
        case.open = None if _was_a_proposal(event.kind) else case.open
    elif event.kind == "withdrawn":
        case.open, case.withdrawn = None, event
    elif event.kind == "addition-asked":
        case.additions[event.number] = event
    elif "asked" in data:
        case.additions.pop(data["asked"], None)
    elif case.open is not None and event.kind in _MOVES:
        _move(case.open, event, data)


def _was_a_proposal(kind: str) -> bool:
    return kind in ("declared", "amended", "planned", "adopted", "reopened", "taken-back")


def _move(proposal: _Open, event: Event, data: Mapping[str, Any]) -> None:
    proposal.changed, proposal.seal = event, ""
    if event.kind == "edited":
        proposal.content = data["content"]
        proposal.authors = list(dict.fromkeys([*proposal.authors, event.actor]))
    elif event.kind == "submitted":
        proposal.submitted, proposal.seal, proposal.returned_because = event, data["seal"], ""
    elif event.kind == "returned":
        proposal.returned_because = data["reason"]


def _write(slug: str, case: _Case, owner: Organisation) -> None:
    said, dropped = case.published, case.withdrawn
    incident = Incident.objects.create(
        slug=slug,
        organisation=owner,
        stage=_stage(case),
        channel=said.content.channel if said else case.channel,
        published=said.model_dump(mode="json") if said else None,
        version=case.version,
        exercise=case.exercise,
        pretend=said.pretend if said else settings.DEMO,
        created_by=case.first.actor,
        created_at=case.first.at,
        ended_at=said.ended_at if said else dropped.at if dropped else None,
    )
    if case.open is not None:
        _write_proposal(incident, case.open)
    for event in case.additions.values():
        _write_addition(incident, event)


def _write_addition(incident: Incident, event: Event) -> None:
    data = read(event)["data"]
    Addition.objects.create(
        incident=incident, kind=data["kind"], entry=data["entry"], author=event.actor,
        at=event.at, event=event.number,
    )  # fmt: skip


def _stage(case: _Case) -> Stage:
    if case.published is None:
        return Stage.DRAFT if case.open else Stage.ENDED
    return Stage.ENDED if case.published.status is Status.ENDED else Stage.LIVE


def _write_proposal(incident: Incident, held: _Open) -> None:
    asked = held.submitted
    Proposal.objects.create(
        incident=incident,
        stage=Stage.SUBMITTED if held.seal else Stage.DRAFT,
        content=dict(held.content),
        seal=held.seal,
        base_version=held.base_version,
        authors=held.authors,
        created_at=held.begun.at,
        changed_at=held.changed.at,
        submitted_at=asked.at if asked else None,
        submitted_by=asked.actor if asked else "",
        returned_because=held.returned_because,
    )


# ---- who may speak


def _organisation(event: Event, data: Mapping[str, Any]) -> None:
    Organisation.objects.update_or_create(slug=event.organisation, defaults=dict(data))


def _hosts(event: Event, data: Mapping[str, Any]) -> None:
    Organisation.objects.filter(slug=event.organisation).update(widget_hosts=data["after"])


def _account(event: Event, data: Mapping[str, Any]) -> None:
    user = _user(data["account"])
    user.is_active = data["active"]
    user.is_staff = user.is_superuser = data["runs_site"]
    user.save()


def _user(name: str) -> Any:
    """The account has no password: nobody signs in with it before somebody sets one."""
    user, new = get_user_model().objects.get_or_create(username=name)
    if new:
        user.set_unusable_password()
        user.save()
    return user


def _operator(event: Event, data: Mapping[str, Any]) -> None:
    owner = Organisation.objects.get(slug=event.organisation)
    Operator.objects.update_or_create(
        user=_user(data["operator"]), defaults={"organisation": owner, "role": data["role"]}
    )


def _number_kept(event: Event, data: Mapping[str, Any]) -> None:
    times = {name: datetime.fromisoformat(data[name]) for name in _NUMBER_TIMES}
    owner = Organisation.objects.get(slug=event.organisation)
    LocalNumber.objects.create(organisation=owner, **{**data, **times})


def _number_dropped(event: Event, data: Mapping[str, Any]) -> None:
    held = LocalNumber.objects.filter(organisation__slug=event.organisation)
    held.filter(number=data["number"]).delete()


def _nothing(event: Event, data: Mapping[str, Any]) -> None:
    """An event that left no row."""


_STAFF = {
    "organisation-set": _organisation,
    "hosts-set": _hosts,
    "account-set": _account,
    "operator-set": _operator,
    "number-kept": _number_kept,
    "number-dropped": _number_dropped,
}
