"""Who asks: the address at the far end, whether a proxy of ours stands between or not.

The one rule for what counts requests by address and for what is open to this machine alone. Nobody
is believed but our own proxy: one on this machine, or one that settings.PROXIES names.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Address, IPv6Network
from typing import Any

from django.conf import settings

# A proxy that connects through a unix socket has no address.
LOOPBACK = ("127.0.0.1", "::1", "")


def address(given: Mapping[str, Any]) -> str:
    """The address of whoever asks, from the META of a request or its WSGI environment.

    A proxy that keeps X-Forwarded-For puts what it saw last. Ours (deploy/nginx.conf) empties that
    header, and names the reader in X-Real-IP.
    """
    direct = str(given.get("REMOTE_ADDR", ""))
    if direct not in LOOPBACK and direct not in settings.PROXIES:
        return direct
    seen = str(given.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return seen or str(given.get("HTTP_X_REAL_IP", "")).strip() or direct or "127.0.0.1"


def block(of: str) -> str:
    """What one household or phone holds of addresses: an IPv4 one alone, or an IPv6 /64."""
    if ":" not in of:
        return of
    try:
        known = IPv6Address(of)
    except ValueError:
        return of
    return str(known.ipv4_mapped or IPv6Network((known, 64), strict=False))
