"""Signing in, as far as it differs from allauth's own: who may have an account, from where, and
the second factor's secrets at rest. Which rights an account has is rights.py; the second factor
is asked for by middleware.py.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest

from outage.notify import outbox
from outage.workflow import accounts
from triage import client_address, clock


def from_this_machine(request: HttpRequest) -> bool:
    """Whether it comes from this very machine, through no proxy for anybody else."""
    return client_address.address(request.META) in client_address.LOOPBACK


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up: accounts are made by createoperator or in the admin."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "This name and password do not fit together.",
        "too_many_login_attempts": "Too many wrong tries. Use your passkey, or wait five minutes.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address.address(request.META)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses where too many wrong passwords were tried: from there, or from anywhere."""
        for key, most, _ in self._counters(request, credentials):
            if cache.get(key, 0) >= most:
                raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts a wrong password, where every node sees it; on the record for who has an
        account, and when it is locked."""
        user = _named(credentials)
        if user is not None:
            accounts.note("sign-in-failed", user, {}, clock.now())
        for key, most, seconds in self._counters(request, credentials):
            tries = cache.get(key, 0) + 1
            cache.set(key, tries, seconds)
            if tries == most and user is not None:
                accounts.note("sign-in-locked", user, {"seconds": seconds}, clock.now())

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> Any:
        accounts.note("signed-in", user, {}, clock.now())
        return super().post_login(request, user, **more)

    def set_password(self, user: Any, password: str) -> None:
        """Changed, or reset by mail: by its owner."""
        super().set_password(user, password)
        accounts.note("password-set", user, {}, clock.now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the outbox: whoever asks for a reset waits equally long, known or not."""
        mail = self.render_mail(template_prefix, email, context)
        outbox.write_mail(email, mail.subject, mail.body, clock.now())
        user = context.get("user")
        if template_prefix.endswith("password_reset_key") and user is not None:
            accounts.note("reset-asked", user, {}, clock.now())

    def _counters(
        self, request: HttpRequest, credentials: Mapping[str, Any]
    ) -> Iterator[tuple[str, int, int]]:
        """The key, the limit and the seconds of each counter that a try belongs to.

        By account and address: wrong passwords from elsewhere shut no operator out. And by account
        alone, for who guesses from many addresses: a wide limit.
        """
        account = str(credentials.get("email", credentials.get("username", ""))).lower()
        block = client_address.block(self.get_client_ip(request))
        limits = {"here": f"{account} {block}", "anywhere": account}
        for name, of in limits.items():
            most, seconds = settings.FAILED_SIGN_INS[name]
            window = int(clock.now().timestamp()) // seconds
            digest = hashlib.sha256(f"{of} {window}".encode()).hexdigest()
            yield f"login_failed_{name}:{digest}", most, seconds


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of authenticator apps and recovery codes are encrypted with the site's key."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def send_notification_mail(self, template_prefix: str, user: Any, context: Any = None) -> None:
        """A second factor was added, changed or taken away by its owner: told, and on record."""
        change = template_prefix.rpartition("/")[2]
        accounts.note("second-factor-set", user, {"change": change}, clock.now())
        super().send_notification_mail(template_prefix, user, context)


def _named(credentials: Mapping[str, Any]) -> User | None:
    name = str(credentials.get("username", ""))
    return get_user_model().objects.filter(username__iexact=name).first() if name else None


def _fernet() -> Fernet:
    key = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
