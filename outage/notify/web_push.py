"""Web push to one browser: encrypted for it alone (RFC 8291), signed by this site (RFC 8292).

The push service that carries it reads neither the words nor whom they are for; it learns when,
how long and how urgent. No state is kept here: what a phone is, is phones.py's; where a message may
be posted, webhook.py's.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from outage.notify import sealing, webhook

_CURVE = ec.SECP256R1()
# One record holds all there is (RFC 8188); a push service need not take more (RFC 8030, 7.2).
_RECORD = 4096
MOST_BYTES = 3993
# Half of the day that RFC 8292 allows.
_HOLDS = 12 * 3600
# How a push service says that a browser is no more (RFC 8030, 7.3).
_GONE = frozenset({404, 410})
_LONGEST = 4000


class PhoneGoneError(Exception):
    """This browser takes no message any more, and never will."""


@dataclass(frozen=True)
class PushSubscription:
    """Where one browser is reached, and its keys: a point of P-256 (65 bytes), and 16 bytes."""

    endpoint: str
    point: bytes
    auth: bytes


@dataclass(frozen=True)
class Carriage:
    """What a push service is told of a message: seconds that it keeps it, whether it wakes a phone,
    and a name (32 characters at most) under which a newer one takes its place."""

    seconds: int
    urgent: bool
    topic: str


def read_subscription(text: str) -> PushSubscription:
    """What a browser gave, as its PushSubscription writes itself. Raises ValueError."""
    found = _parsed(text) if len(text) <= _LONGEST else None
    if found is None or len(found.point) != 65 or len(found.auth) != 16:
        raise ValueError("this is no subscription of a browser")
    if reason := webhook.problem(found.endpoint):
        raise ValueError(reason)
    return found


def _parsed(text: str) -> PushSubscription | None:
    try:
        given = json.loads(text)
        keys = given["keys"]
        point, auth = _bytes(keys["p256dh"]), _bytes(keys["auth"])
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
        return PushSubscription(str(given["endpoint"]), point, auth)
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def public_key() -> str:
    """By what a browser knows this site again: the applicationServerKey, in base64url."""
    return base64url(_point(_own_key()))


def send(to: PushSubscription, words: bytes, carriage: Carriage, at: int) -> None:
    """Hand one message over, at a moment in seconds. Raises PhoneGoneError, or WebhookError where
    it was not taken this time."""
    body = encrypt(words, to, ec.generate_private_key(_CURVE), os.urandom(16))
    status = webhook.call(to.endpoint, body, _headers(to.endpoint, carriage, at))
    if status in _GONE:
        raise PhoneGoneError(f"it answered {status}")
    if not 200 <= status < 300:
        raise webhook.WebhookError(f"it answered {status}")


def _headers(endpoint: str, carriage: Carriage, at: int) -> Mapping[str, str]:
    return {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(carriage.seconds),
        "Urgency": "high" if carriage.urgent else "normal",
        "Topic": carriage.topic,
        "Authorization": f"vapid t={_token(endpoint, at)}, k={public_key()}",
        "User-Agent": "which-number",
    }


def encrypt(
    words: bytes, to: PushSubscription, own: ec.EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """A message as one record of aes128gcm (RFC 8291, 3.4). `own` and `salt` serve once."""
    if len(words) > MOST_BYTES:
        raise ValueError(f"a message of {len(words)} bytes is too long to push")
    other = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, to.point)
    shared, own_point = own.exchange(ec.ECDH(), other), _point(own)
    both = _derived(shared, to.auth, b"WebPush: info\0" + to.point + own_point, 32)
    key = _derived(both, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(both, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(own_point)]) + own_point
    return head + AESGCM(key).encrypt(nonce, words + b"\x02", None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _token(endpoint: str, at: int) -> str:
    """Who sends, as RFC 8292 has it: for this push service, for half a day, with whom to ask."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": at + _HOLDS,
        "sub": _contact(),
    }
    signed = ".".join(
        base64url(json.dumps(v).encode()) for v in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(_own_key().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _contact() -> str:
    """Whom a push service asks when something is wrong with what this site sends."""
    if settings.CONTACT:
        return settings.CONTACT if "@" not in settings.CONTACT else f"mailto:{settings.CONTACT}"
    return settings.ORIGIN or f"mailto:{settings.DEFAULT_FROM_EMAIL}"


def _own_key() -> ec.EllipticCurvePrivateKey:
    """The site's own (VAPID) key. Made of its secret, as what seals the phones is: with another
    secret neither holds, so that one key alone has to be kept."""
    drawn = int.from_bytes(sealing.derived("web-push"), "big")
    return ec.derive_private_key(drawn % (_CURVE.group_order - 1) + 1, _CURVE)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def base64url(raw: bytes) -> str:
    """As RFC 7515 writes bytes: without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
