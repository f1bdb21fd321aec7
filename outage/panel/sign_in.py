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
from django.core.cache import cache
from django.http import HttpRequest

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
        """Counts a wrong password, where every node sees it."""
        for key, _, seconds in self._counters(request, credentials):
            cache.set(key, cache.get(key, 0) + 1, seconds)

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


def _fernet() -> Fernet:
    key = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
