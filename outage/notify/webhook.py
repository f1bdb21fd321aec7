"""Posts a signed message to an address that an organisation named, and to nowhere else.

The name is looked up once and the very address found is called, so that it cannot become another
one in between. No private, loopback or link-local address is called, no redirect followed, no
proxy used. Settings.WEBHOOK_PRIVATE_ADDRESSES is for tests alone.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

_SECONDS = 5
_MOST_BYTES = 65_536
SIGNATURE = "Which-Number-Signature"


class WebhookError(Exception):
    """The receiver did not take it, or may not be called; the message says why."""


def signature(secret: str, stamp: int, body: bytes) -> str:
    """`t=...,v1=...`: HMAC-SHA256 over the moment, a dot and the body. A receiver refuses what is
    older than five minutes, and an id that it has had."""
    signed = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={signed}"


def problem(url: str) -> str:
    """Why an address cannot be a webhook; empty where it may be one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is not an address."
    if parts.scheme != "https" and not settings.WEBHOOK_PRIVATE_ADDRESSES:
        return "The address begins with https://."
    if not parts.hostname or parts.username or parts.fragment or (port is not None and port < 1):
        return "Give a host and a path, without a name or password."
    return ""


def post(url: str, secret: str, ident: str, content: Mapping[str, Any], stamp: int) -> None:
    """Deliver once. Raises WebhookError where it was not taken."""
    body = json.dumps({"id": ident, **content}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "which-number",
        "Which-Number-Id": ident,
        SIGNATURE: signature(secret, stamp, body),
    }
    status = call(url, body, headers)
    if not 200 <= status < 300:
        raise WebhookError(f"it answered {status}")


def call(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST once to an address on the internet, and give the status of the answer. Raises
    WebhookError where it may not be called, or does not answer."""
    if reason := problem(url):
        raise WebhookError(reason)
    parts = urlsplit(url)
    connection = _Pinned(parts, _address(parts))
    target = parts.path or "/"
    try:
        connection.request(
            "POST", f"{target}?{parts.query}" if parts.query else target, body, dict(headers)
        )
        answer = connection.getresponse()
        answer.read(_MOST_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise WebhookError(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    return answer.status


def _address(parts: SplitResult) -> str:
    """The address behind the name, if everybody on the internet could call it. A name with one
    private address among its addresses is refused."""
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except OSError as error:
        raise WebhookError(f"the name is not found: {error}") from error
    addresses = [str(info[4][0]) for info in found]
    if not settings.WEBHOOK_PRIVATE_ADDRESSES and not all(map(_is_public, addresses)):
        raise WebhookError("it stands at a private address, which is not called")
    return addresses[0]


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inside = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inside is None or inside.is_global)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, under the name that it was looked up by."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(parts.hostname or "", _port(parts), timeout=_SECONDS)
        self._address = address
        self._secure = parts.scheme == "https"

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
