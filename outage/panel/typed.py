"""What somebody types and has not kept: written down with the first key press, given back after a
lost connection, an ended session or a restart. Nobody but its author is shown it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, QueryDict

from outage.models import TypedForm

# Longer than any form that a person fills in, and shorter than what could be a nuisance.
LONGEST = 60_000
FORGOTTEN_AFTER = timedelta(days=7)
_CARRIED = "typed"
User = AbstractBaseUser | AnonymousUser


def new_key(user_id: int) -> str:
    """A key for one form of one person: sent again, it makes nothing new."""
    return f"{user_id}-{secrets.token_urlsafe(12)}"


def is_own(user_id: int, key: str) -> bool:
    return key.startswith(f"{user_id}-") and len(key) <= 80


def keep(user_id: int, key: str, path: str, body: str, at: datetime) -> None:
    """The form as it stands now, in place of what it was a moment ago."""
    if is_own(user_id, key) and len(body) <= LONGEST:
        TypedForm.objects.filter(changed_at__lt=at - FORGOTTEN_AFTER).delete()
        TypedForm.objects.update_or_create(
            key=key,
            defaults={"user_id": user_id, "path": path[:120], "body": body, "changed_at": at},
        )


def given(user_id: int, key: str) -> QueryDict | None:
    """What this person typed in a form; None where nothing is kept of it."""
    row = TypedForm.objects.filter(user_id=user_id, key=key).first()
    return QueryDict(row.body) if row else None


def drop(user_id: int, key: str) -> None:
    """It is kept elsewhere now, or nobody wants it."""
    TypedForm.objects.filter(user_id=user_id, key=key).delete()


def unfinished(user_id: int) -> Iterable[TypedForm]:
    return TypedForm.objects.filter(user_id=user_id)


def carry(request: HttpRequest) -> None:
    """Take a form that was sent after the session had ended along through the sign-in."""
    body = request.POST.urlencode()
    if "channel" in request.POST and len(body) <= LONGEST:
        request.session[_CARRIED] = [request.path, body]


def bring(request: HttpRequest, user_id: int, at: datetime) -> None:
    """After the sign-in: the form is its author's again. Whoever else signs in gets nothing."""
    path, body = request.session.pop(_CARRIED, ("", ""))
    if body:
        keep(user_id, QueryDict(body).get("key", ""), path, body, at)
