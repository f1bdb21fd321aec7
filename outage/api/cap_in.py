"""A message of the Common Alerting Protocol 1.2 -> the data of a draft, which a person publishes.

Taken over are the channel and the state (parameters of those names, as our own messages have them),
the places (geocodes of ours, or GSS codes of councils) and the times. Words are not: another's text
is nobody's approved words here, and may hold numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from outage.models import Organisation
from outage.statements import approval
from outage.statements.errors import RefusedError
from triage.engine.situation import State

_NS = "{urn:oasis:names:tc:emergency:cap:1.2}"
LONGEST = 200_000


def read(text: bytes, owner: Organisation, at: datetime) -> dict[str, Any]:
    """The data of a draft. Raises RefusedError for what is no message, or has no channel."""
    info = _info(text)
    said = dict(_pairs(info, "parameter"))
    if "channel" not in said:
        raise RefusedError('The message names no channel: give a parameter "channel", like 999.')
    state = State(said["state"]) if said.get("state") in set(State) else State.MANY_FAILING
    places = list(dict.fromkeys(_places(info)))
    return {
        "channel": said["channel"],
        "state": str(state),
        "footprints": places or [*owner.footprints],
        "areas_unknown": not places,
        "review_at": (at + approval.review_after(said["channel"], state)).isoformat(),
        "networks": [v for n, v in _pairs(info, "parameter") if n == "network"],
        "services": [v for n, v in _pairs(info, "parameter") if n == "service"],
    }


def _info(text: bytes) -> ET.Element:
    if len(text) > LONGEST or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise RefusedError("This is no message of CAP 1.2: it is too long, or has a document type.")
    try:
        root = ET.fromstring(text)  # noqa: S314  # without a document type nothing is expanded
    except (ET.ParseError, ValueError, LookupError) as error:
        raise RefusedError(f"This is not XML: {error}.") from error
    info = root.find(f"{_NS}info")
    if root.tag != f"{_NS}alert" or info is None:
        raise RefusedError("This is no alert of CAP 1.2 with an info.")
    if root.findtext(f"{_NS}msgType", "").strip() == "Cancel":
        raise RefusedError("A Cancel is no draft: stand the statement down.")
    return info


def _pairs(parent: ET.Element, name: str) -> Iterator[tuple[str, str]]:
    for pair in parent.iter(f"{_NS}{name}"):
        key, value = (pair.findtext(f"{_NS}{n}", "").strip() for n in ("valueName", "value"))
        yield key, value


def _places(info: ET.Element) -> Iterator[str]:
    for name, value in _pairs(info, "geocode"):
        if name == "footprint":
            yield value
        elif name.upper() == "GSS" or name.lower() == "council":
            yield f"council:{value}"
