"""A page as it is kept: ready bytes for each encoding asked for, each with its own strong ETag.

A page is packed in the one way that its first reader takes, and in another when somebody takes
that: packing both at once was a third of what a new page cost.

Bytes and headers only. When a page may still be served is wsgi.py's business.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial

import brotli

Headers = list[tuple[str, str]]

IDENTITY, GZIP, BROTLI = "", "gzip", "br"
# A new page is packed while a reader waits: the middle levels cost half a millisecond each and are
# within a few per cent of the highest.
_PACK: dict[str, Callable[[bytes], bytes]] = {
    IDENTITY: bytes,
    GZIP: partial(gzip.compress, compresslevel=6, mtime=0),
    BROTLI: partial(brotli.compress, quality=5),
}
_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    IDENTITY: bytes,
    GZIP: gzip.decompress,
    BROTLI: brotli.decompress,
}
_TEXTUAL = ("text/", "application/json", "application/atom+xml", "application/xml", "image/svg")
# What a page costs beside its bodies: two lists of headers and the places it is filed under.
_OVERHEAD = 3_000
# The cache says these itself; a public page's bytes depend on nothing else.
_OWN = frozenset({"content-length", "content-encoding", "etag", "vary", "x-edition-area"})
# A program of another origin may read a 304 where it may read the page.
_NOT_MODIFIED = frozenset(
    {"cache-control", "etag", "vary", "content-security-policy", "access-control-allow-origin"}
)


@lru_cache(maxsize=1024)
def encoding_for(accepted: str) -> str:
    """The best encoding a reader takes: br, gzip or none, by the Accept-Encoding given."""
    good = {name for name, weight in map(_weighed, accepted.lower().split(",")) if weight > 0}
    if BROTLI in good:
        return BROTLI
    return GZIP if GZIP in good else IDENTITY


def _weighed(part: str) -> tuple[str, float]:
    name, _, parameters = part.partition(";")
    key, _, weight = parameters.strip().partition("=")
    try:
        return name.strip(), float(weight) if key.strip() == "q" else 1.0
    except ValueError:
        return name.strip(), 0.0


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """A page in one encoding: what is sent with it, and what is sent to those who have it."""

    headers: Headers
    body: tuple[bytes, ...]
    etag: str
    unchanged: Headers

    def is_held_by(self, wanted: str) -> bool:
        """Whether an If-None-Match names this very representation."""
        if wanted == self.etag or wanted == "*":
            return True
        given = {part.strip().removeprefix("W/") for part in wanted.split(",")}
        return self.etag.removeprefix("W/") in given or "*" in given


@dataclass(frozen=True, slots=True)
class Made:
    """When a page was made, what was in force there (a hash), and whether that was anything."""

    at: datetime
    in_force: str
    diverts: bool


@dataclass(eq=False)
class StoredPage:
    """One page of one edition. `good_for` is the serial of the last snapshot it was good for."""

    area: str | None
    edition: str
    good_for: int
    variants: dict[str, EncodedBody]
    tag: str
    size: int
    made: Made
    _plain: Headers = field(default_factory=list)

    def variant(self, encoding: str) -> EncodedBody:
        """Headers and body in an encoding, made when it is first asked for. Plain bytes of what can
        be packed are not kept."""
        return self.variants.get(encoding) or self.variants.get(IDENTITY) or self._made(encoding)

    def body(self) -> bytes:
        """The page as it was rendered."""
        return self.variant(IDENTITY).body[0]

    @property
    def is_html(self) -> bool:
        return any(
            n.lower() == "content-type" and v.startswith("text/html") for n, v in self._plain
        )

    @property
    def is_packed(self) -> bool:
        """Whether it is text, which every encoding makes smaller."""
        return IDENTITY not in self.variants

    def _made(self, encoding: str) -> EncodedBody:
        held, packed = next(iter(self.variants.items()))
        body = _PACK[encoding](_UNPACK[held](packed.body[0]))
        made = _variant(self._plain, self.tag, encoding, body)
        if encoding:
            self.variants = {**self.variants, encoding: made}
        return made


def keep(
    answer: tuple[Headers, bytes],
    area: str | None,
    edition: str,
    serial: int,
    made: Made,
    encoding: str = GZIP,
) -> StoredPage:
    """A rendered page, made ready for who takes an encoding. Any 200 answer can be kept."""
    headers, body = answer
    plain = [(name, value) for name, value in headers if name.lower() not in _OWN]
    plain.append(("Vary", "Accept-Encoding"))
    own = next((value for name, value in headers if name.lower() == "etag"), "")
    # A weak tag of the view's own says which bytes differ without meaning anything.
    tag = own if own.startswith("W/") else _digest(plain, body)
    first = (encoding or GZIP) if _is_textual(plain) else IDENTITY
    packed = _PACK[first](body)
    # Counted as if packed twice already, so that no later reader makes it larger than was counted.
    size = _OVERHEAD + len(packed) * (2 if first else 1)
    variants = {first: _variant(plain, tag, first, packed)}
    return StoredPage(area, edition, serial, variants, tag, size, made, plain)


def _digest(headers: Headers, body: bytes) -> str:
    """The headers count: a page whose policy has changed must be fetched again."""
    return hashlib.sha256(body + repr(sorted(headers)).encode()).hexdigest()[:20]


def _is_textual(headers: Iterable[tuple[str, str]]) -> bool:
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    return kind.startswith(_TEXTUAL)


def _variant(plain: Headers, tag: str, encoding: str, body: bytes) -> EncodedBody:
    etag = tag if tag.startswith("W/") else f'"{tag}-{encoding or "plain"}"'
    own = [("Content-Length", str(len(body))), ("ETag", etag)]
    if encoding:
        own.append(("Content-Encoding", encoding))
    headers = plain + own
    unchanged = [(name, value) for name, value in headers if name.lower() in _NOT_MODIFIED]
    return EncodedBody(headers, (body,), etag, unchanged)
