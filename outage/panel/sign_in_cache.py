"""The table of sign-in counters, and of one-time codes that were used.

allauth remembers a used code for one period, and takes codes of the period before and after: such a
code opened the door twice. Here it is remembered for as long as any clock takes it.
"""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.db import DatabaseCache

# The period that a code belongs to, and one on either side; and a moment for slow clocks.
CODE_IS_GOOD_FOR = 120
_USED_CODE = "allauth.mfa.totp.used"


class SignInCache(DatabaseCache):
    """Django's own, but that no one-time code is forgotten while it still opens the door."""

    def add(self, key: Any, value: Any, timeout: Any = None, version: int | None = None) -> bool:
        if str(key).startswith(_USED_CODE):
            timeout = CODE_IS_GOOD_FOR
        return bool(super().add(key, value, timeout, version))
