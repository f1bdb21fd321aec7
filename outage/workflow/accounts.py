"""The only writer of who may speak: organisations, accounts, rights, local numbers. Each move is an
event; what is an organisation's own is told in public too (public_log.py).

Incidents are incidents.py's. Like there, each function is one transaction and raises RefusedError.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from outage.audit import record
from outage.models import LocalNumber, Operator, Organisation, Role
from outage.notify import outbox
from outage.notify.occasions import Letter, Occasion
from outage.statements import public_log
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import rows as w
from triage.engine.catalogue import Footprint, FootprintKind, Service
from triage.engine.rulebook import Rulebook
from triage.rules import rulebook as current
from triage.scenario import known_values

# ---- accounts and rights


def set_account(user: User, actor: str, at: datetime) -> User:
    """An account as it is from now on: open or closed, and whether it runs the site. Closing one
    ends its sessions. Passwords and mail addresses are in no record."""
    with record.writing():
        check_account(user)
        user.is_staff = user.is_superuser
        user.save()
        data = {"active": user.is_active, "runs_site": user.is_superuser}
        _account_event("account-set", user, data, actor, at)
        return user


def check_account(user: User) -> None:
    """Raises RefusedError where nobody would be left who runs the site."""
    runs = get_user_model().objects.filter(is_active=True, is_superuser=True)
    left = (user.is_active and user.is_superuser) or runs.exclude(pk=user.pk).exists()
    if runs.filter(pk=user.pk).exists() and not left:
        raise RefusedError(
            "Nobody would be left who runs the site. Let another account run it first."
        )


def password_set(user: User, actor: str, at: datetime) -> None:
    """Somebody who runs the site gave an account another password."""
    with record.writing():
        _account_event("password-set", user, {}, actor, at)


def note(kind: str, user: User, data: Mapping[str, Any], at: datetime) -> None:
    """What somebody did with their own account, or tried to: on the record."""
    with record.writing():
        _account_event(kind, user, data, user.get_username(), at)


def drop_factors(by: Actor, name: str) -> None:
    """A manager takes away every second factor of a colleague who lost theirs: at the next sign-in
    they set up another. They are told by mail."""
    user = _colleague(by, name).user
    factors = list(Authenticator.objects.filter(user=user))
    if not factors:
        raise RefusedError("They have no second factor to take away.")
    with record.writing():
        for factor in factors:
            drop_factor(factor, by.name, by.at)
        line = f"{by.name} took away your second factors, as you had lost them. If not, tell them."
        letter = Letter("Your second factor was taken away", (line,))
        about = f"{user.pk}:{by.at.isoformat()}"
        outbox.tell(Occasion.ACCOUNT, about, letter, [user.operator], (), by.at)


def drop_factor(factor: Authenticator, actor: str, at: datetime) -> None:
    """Take away a second factor that was lost: its owner sets up another."""
    with record.writing():
        kind = str(factor.type)
        factor.delete()
        _account_event("second-factor-dropped", factor.user, {"type": kind}, actor, at)


def _account_event(
    kind: str, user: User, data: Mapping[str, Any], actor: str, at: datetime
) -> None:
    operator = Operator.objects.select_related("organisation").filter(user=user).first()
    owner = operator.organisation.slug if operator else ""
    data = {"account": user.get_username(), **data}
    record.append(record.EventData(kind, "", owner, actor, data), at)


def set_operator(
    user: User, organisation: Organisation, role: Role, actor: str, at: datetime
) -> Operator:
    """Who works for whom, as what. Their open sessions end (middleware.py)."""
    with record.writing():
        operator, _ = Operator.objects.update_or_create(
            user=user, defaults={"organisation": organisation, "role": role}
        )
        data = {"operator": user.get_username(), "role": str(role)}
        record.append(record.EventData("operator-set", "", organisation.slug, actor, data), at)
        return operator


def set_role(by: Actor, name: str, role: str) -> None:
    """A manager gives a colleague another role."""
    operator = _colleague(by, name)
    if role not in Role.values:
        raise RefusedError(f'There is no role "{role[:20]}".')
    set_operator(operator.user, operator.organisation, Role(role), by.name, by.at)


def set_open(by: Actor, name: str, *, is_open: bool) -> None:
    """A manager closes a colleague's account, or opens it again."""
    user = _colleague(by, name).user
    if user.is_superuser:
        raise RefusedError("This account runs the site: whoever else runs it closes it.")
    user.is_active = is_open
    set_account(user, by.name, by.at)


def _colleague(by: Actor, name: str) -> Operator:
    """Somebody else of the manager's own organisation. Raises RefusedError for whoever is not."""
    if not by.rights.manages:
        raise RefusedError("Only a manager of your organisation changes its details.")
    found = Operator.objects.select_related("user", "organisation").filter(
        organisation=by.operator.organisation, user__username=name
    )
    operator = found.first()
    if operator is None:
        raise RefusedError("There is no such operator in your organisation.")
    if operator.pk == by.operator.pk:
        raise RefusedError("Another manager changes your own account.")
    return operator


# ---- organisations


def set_organisation(
    values: Mapping[str, Any], rulebook: Rulebook, actor: str, at: datetime
) -> Organisation:
    """A new organisation."""
    check_organisation(values, rulebook)
    return save_organisation(Organisation(**values), actor, at)


def save_organisation(organisation: Organisation, actor: str, at: datetime) -> Organisation:
    with record.writing():
        held = Organisation.objects.filter(pk=organisation.pk).values(*public_log.DETAILS).first()
        organisation.save()
        data = {name: getattr(organisation, name) for name in public_log.DETAILS}
        told = public_log.organisation(held, data, current().catalogue)
        data |= public_log.public("organisation-set", told)
        record.append(record.EventData("organisation-set", "", organisation.slug, actor, data), at)
        w.bump(at)
        return organisation


def check_organisation(values: Mapping[str, Any], rulebook: Rulebook) -> None:
    """Raises RefusedError for a service or a footprint that the rulebook does not know."""
    for service in values.get("services") or []:
        if service not in set(Service):
            raise RefusedError(f'There is no service "{service}".')
    for channel in values.get("channels") or []:
        if channel not in rulebook.catalogue.channels:
            raise RefusedError(f'There is no channel "{channel}".')
    if not values.get("footprints"):
        raise RefusedError("An organisation has a territory: at least one footprint.")
    for text in values["footprints"]:
        _check_footprint(str(text), rulebook)


def _check_footprint(text: str, rulebook: Rulebook) -> None:
    try:
        footprint = Footprint.parse(text)
    except ValueError as error:
        raise RefusedError(str(error)) from error
    known = known_values(footprint.kind, rulebook)
    if footprint.kind is not FootprintKind.UK and footprint.value not in (known or ()):
        raise RefusedError(f'There is no place "{text}".')


# ---- an organisation's own fields


def set_hosts(by: Actor, hosts: list[str]) -> None:
    """The origins that may frame this organisation's widget. They travel in the bulletin."""
    with record.writing():
        owner = Organisation.objects.get(pk=by.operator.organisation.pk)
        before, owner.widget_hosts = owner.widget_hosts, hosts
        owner.save()
        told = public_log.public("hosts-set", public_log.hosts(before, hosts))
        w.organisation_event(by, "hosts-set", {"before": before, "after": hosts, **told})
        w.bump(by.at)


def keep_number(by: Actor, values: Mapping[str, str]) -> LocalNumber:
    """A local number for the day 999 fails: kept, and shown only when a statement publishes it."""
    number = w.local_number(by, values)
    with record.writing():
        number.save()
        words = public_log.number_kept(number.footprint, current().catalogue)
        w.organisation_event(
            by, "number-kept", {**values, **public_log.public("number-kept", words)}
        )
        w.bump(by.at)
        return number


def drop_number(by: Actor, number: str) -> None:
    """Forget a local number that was kept."""
    with record.writing():
        found = LocalNumber.objects.filter(
            organisation=by.operator.organisation, number=number
        ).delete()[0]
        if not found:
            raise RefusedError("There is no such number.")
        told = public_log.public("number-dropped", public_log.number_dropped())
        w.organisation_event(by, "number-dropped", {"number": number, **told})
        w.bump(by.at)
