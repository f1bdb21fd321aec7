"""Keys of control rooms' own systems: made and revoked by managers, shown once, stored hashed."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from outage.audit import record
from outage.models import ApiAnswer, ApiKey, Role
from outage.statements.actor import Actor
from outage.statements.errors import ConflictError, RefusedError
from outage.statements.statement import digest
from outage.workflow import accounts
from outage.workflow import rows as w

SCOPES = {
    "draft": "write drafts and ask a second person",
    "publish": "publish what one person may, and confirm",
    "stop": "say that it is over",
    "signal": "warn operators of what its own monitoring sees; nothing is published",
}
LONGEST = timedelta(days=366)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,38}")
_PREFIX = "wn"


class KeyRefusedError(RefusedError):
    """The key is false, over, revoked, or used from elsewhere. It is not said which."""


def make(by: Actor, name: str, scopes: Sequence[str], networks: Sequence[str], days: int) -> str:
    """A new key of the manager's own organisation; gives it, to be shown this once."""
    if not by.rights.manages:
        raise RefusedError("Only a manager of your organisation makes keys.")
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise RefusedError("A key has a name like pager-1: small letters, digits and hyphens.")
    if not timedelta(0) < timedelta(days=min(days, 9999)) <= LONGEST:
        raise RefusedError(f"A key holds for 1 to {LONGEST.days} days.")
    if not scopes or set(scopes) - set(SCOPES):
        raise RefusedError("Say what it may do.")
    owner = by.operator.organisation
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    user = get_user_model()(username=f"key:{owner.slug}:{name}"[:150])
    if get_user_model().objects.filter(username=user.username).exists():
        raise RefusedError("There is, or was, a key of this name: choose another.")
    user.set_unusable_password()
    with record.writing():
        accounts.set_account(user, by.name, by.at)
        account = accounts.set_operator(user, owner, Role.EDITOR, by.name, by.at)
        ApiKey.objects.create(
            account=account,
            name=name,
            prefix=prefix,
            secret_hash=_hash(secret),
            scopes=sorted(set(scopes)),
            networks=[str(_network(text)) for text in networks],
            expires_at=by.at + timedelta(days=days),
            made_by=by.name,
        )
        data = {"name": name, "scopes": sorted(set(scopes)), "days": days}
        w.organisation_event(by, "key-made", data)
    return f"{_PREFIX}_{prefix}_{secret}"


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise RefusedError(f'"{text[:40]}" is no network like 192.0.2.0/24.') from error


def revoke(by: Actor, number: int) -> None:
    """It opens nothing from now on; its name stays in the record."""
    if not by.rights.manages:
        raise RefusedError("Only a manager of your organisation revokes keys.")
    with record.writing():
        found = ApiKey.objects.filter(account__organisation=by.operator.organisation, pk=number)
        if (key := found.first()) is None:
            raise RefusedError("There is no such key in your organisation.")
        key.revoked_at = by.at
        key.save()
        user = key.account.user
        user.is_active = False
        accounts.set_account(user, by.name, by.at)
        w.organisation_event(by, "key-revoked", {"name": key.name})


def opened(token: str, address: str, at: datetime) -> tuple[ApiKey, Actor]:
    """The key, and who acts by it. Raises KeyRefusedError for one that does not open."""
    parts = token.split("_", 2)
    prefix = parts[1] if len(parts) == 3 and parts[0] == _PREFIX else ""
    rows = ApiKey.objects.select_related("account__user", "account__organisation")
    key = rows.filter(prefix=prefix[:12]).first()
    held = key.secret_hash if key else _hash("")
    right = hmac.compare_digest(held, _hash(parts[2] if prefix else "-"))
    if key is None or not right or key.revoked_at or key.expires_at <= at:
        raise KeyRefusedError("This key opens nothing.")
    if key.networks and not any(_within(address, text) for text in key.networks):
        raise KeyRefusedError("This key opens nothing.")
    by = Actor(key.account, at)
    by.rights  # noqa: B018  # raises for a closed account or organisation
    return key, by


def _within(address: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network)
    except ValueError:
        return False


def once(
    key: ApiKey, call: str, request: Any, at: datetime, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Do it, or give what was answered the first time. In one transaction: a call that was not
    answered was not done. Raises ConflictError for another request under the same key."""
    asked = digest(request)
    with record.writing():
        held = ApiAnswer.objects.filter(key=key, idempotency_key=call).first()
        if held is not None and held.request_hash != asked:
            raise ConflictError("This Idempotency-Key was used for another request.")
        if held is not None:
            return dict(held.body)
        body = act()
        ApiAnswer.objects.create(
            key=key, idempotency_key=call, request_hash=asked, body=body, at=at
        )
        return body


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
