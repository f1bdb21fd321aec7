"""The last good copy of the bulletin on disk: written whole or not at all, read only if whole.

A server that starts while the database is away serves this copy, with its age. The file's time
of change says when the bulletin was last found to be current.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from outage.statements.public_values import Bulletin

_BULLETIN = TypeAdapter(Bulletin)


class DiskCopyError(Exception):
    """The copy is missing, half-written or changed; the message says which."""


@dataclass(frozen=True)
class DiskCopy:
    bulletin: Bulletin
    checked_at: datetime


def write(path: Path, bulletin: Bulletin) -> None:
    """Replace the copy. Raises OSError where the disk is full; the old copy then stays."""
    body = _BULLETIN.dump_json(bulletin).decode()
    data = json.dumps({"sha256": _hash(body), "body": body}).encode()
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def touch(path: Path) -> None:
    """Note on the copy that the bulletin is still current now."""
    os.utime(path)


def read(path: Path) -> DiskCopy:
    """The copy and when it was last current. Raises DiskCopyError where it cannot be trusted."""
    try:
        outer = json.loads(path.read_bytes())
        checked_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError as error:
        raise DiskCopyError(f"there is no last good copy at {path}") from error
    except (OSError, ValueError) as error:
        raise DiskCopyError(f"the last good copy {path} cannot be read: {error}") from error
    return DiskCopy(_body(outer, path), checked_at)


def _body(outer: Any, path: Path) -> Bulletin:
    if not isinstance(outer, Mapping) or not isinstance(outer.get("body"), str):
        raise DiskCopyError(f"the last good copy {path} is not one: remove it and start again")
    if _hash(outer["body"]) != outer.get("sha256"):
        raise DiskCopyError(f"the last good copy {path} is damaged: its checksum does not fit")
    try:
        return _BULLETIN.validate_json(outer["body"])
    except ValidationError as error:
        raise DiskCopyError(f"the last good copy {path} is of another version: {error}") from error


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
