"""Secrets and addresses at rest: sealed with the site's key, each purpose with its own."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(text: str, purpose: str) -> str:
    return _fernet(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """Raises ValueError for what another key sealed."""
    try:
        return _fernet(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise ValueError("it was sealed with another key of the site") from error


def derived(purpose: str) -> bytes:
    """32 bytes that only this site can make, for each purpose its own."""
    return hashlib.sha256(purpose.encode() + settings.SECRET_KEY.encode()).digest()


def _fernet(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived(purpose)))
