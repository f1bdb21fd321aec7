"""A manager invites a colleague: a link that opens once, and makes one account of the manager's own
organisation. Nobody tells anybody a password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from outage.audit import record
from outage.models import Invitation, Operator, Role
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import accounts
from outage.workflow import rows as w

OPEN_FOR = timedelta(hours=48)


def invite(by: Actor, role: str) -> str:
    """A new invitation; gives the token of its link, which is shown this once."""
    if not by.rights.manages:
        raise RefusedError("Only a manager of your organisation invites colleagues.")
    if role not in Role.values:
        raise RefusedError(f'There is no role "{role[:20]}".')
    token = secrets.token_urlsafe(24)
    with record.writing():
        Invitation.objects.create(
            token_hash=_hash(token),
            organisation=by.operator.organisation,
            role=role,
            invited_by=by.name,
            invited_at=by.at,
            expires_at=by.at + OPEN_FOR,
        )
        w.organisation_event(by, "invited", {"role": role})
    return token


def find(token: str, at: datetime) -> Invitation:
    """An invitation that is still open. Raises RefusedError for any other, used, late or false."""
    found = Invitation.objects.select_related("organisation").filter(token_hash=_hash(token))
    held = found.first()
    if held is None or held.used_at or held.expires_at <= at or not held.organisation.active:
        raise RefusedError(
            "This invitation is not open: it was used, or is over two days old. Ask the manager "
            "who sent it for a new one."
        )
    return held


def accept(token: str, name: str, mail: str, password: str, at: datetime) -> Operator:
    """Make the account. Its owner sets up a second factor at the first sign-in."""
    name, mail = name.strip(), mail.strip()
    _check(name, mail, password)
    with record.writing():
        held = find(token, at)
        if get_user_model().objects.filter(username__iexact=name).exists():
            raise RefusedError("Somebody has this name already: choose another.")
        user = get_user_model()(username=name, email=mail)
        user.set_password(password)
        accounts.set_account(user, held.invited_by, at)
        held.used_at = at
        held.save()
        return accounts.set_operator(user, held.organisation, Role(held.role), held.invited_by, at)


def _check(name: str, mail: str, password: str) -> None:
    try:
        UnicodeUsernameValidator()(name)
        validate_email(mail)
        validate_password(password)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from error
    if not 2 <= len(name) <= 60:
        raise RefusedError("A name has 2 to 60 characters.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
