"""What is broken, as an operator answers it first (advice.md, "Fault"). Pure.

The answer says of which kind a fault is, and with it whom it touches; a statement itself holds only
channel, services and networks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from outage.models import Organisation
from outage.statements import channel_rights
from triage.engine.catalogue import Catalogue, Channel, ChannelKind, ChannelRole, Service
from triage.engine.situation import IssuerKind


class Broken(StrEnum):
    """The answers, in the order in which they are offered."""

    FRONT_DOOR = "front-door"
    LEG = "leg"
    NETWORK = "network"
    LINE = "line"
    CHANNEL = "channel"
    PLANNED = "planned"

    @property
    def label(self) -> str:
        return _WORDS[self][0]

    @property
    def example(self) -> str:
        return _WORDS[self][1]


_WORDS = {
    Broken.FRONT_DOOR: (
        "999, for everybody",
        "“999 is down”: police, fire and ambulance, from any phone",
    ),
    Broken.LEG: (
        "999 calls to one service only",
        "“BT answers, and cannot put callers through to our control room”",
    ),
    Broken.NETWORK: (
        "999 from one phone company only",
        "“999 fails on EE”; its other calls connect",
    ),
    Broken.LINE: (
        "Phones or internet in a place",
        "“Mobiles are dead in the valley”, landlines, text relay; of all companies or one",
    ),
    Broken.CHANNEL: (
        "One number, page or service",
        "“101 is busy”, “our website is down”",
    ),
    Broken.PLANNED: ("Nothing yet: planned work", "“101 is off on Sunday from two to four”"),
}


def broken(data: Mapping[str, Any], catalogue: Catalogue) -> Broken | None:
    """Which answer some data stand for; None where they name no channel."""
    known = catalogue.channels.get(str(data.get("channel", "")))
    if known is None:
        return None
    if data.get("planned"):
        return Broken.PLANNED
    if known.kind is ChannelKind.INFRASTRUCTURE:
        return Broken.LINE
    if known.id != front_door(catalogue):
        return Broken.CHANNEL
    if data.get("services"):
        return Broken.LEG
    return Broken.NETWORK if data.get("networks") else Broken.FRONT_DOOR


def front_door(catalogue: Catalogue) -> str:
    return catalogue.playing(ChannelRole.FRONT_DOOR)


def answers(owner: Organisation, catalogue: Catalogue) -> list[Broken]:
    """The answers that an organisation may give."""
    own = [c for c in catalogue.channels.values() if channel_rights.may_state(owner, c)]
    door = any(c.id == front_door(catalogue) for c in own)
    open_to = {
        Broken.FRONT_DOOR: door,
        Broken.LEG: door,
        Broken.NETWORK: door,
        Broken.LINE: any(map(_is_line, own)),
        Broken.CHANNEL: not all(_is_line(c) or c.id == front_door(catalogue) for c in own),
        Broken.PLANNED: True,
    }
    return [answer for answer in Broken if open_to[answer]]


def lines(owner: Organisation, catalogue: Catalogue) -> list[str]:
    """The lines whose faults an organisation may state."""
    known = catalogue.channels.values()
    return [c.id for c in known if _is_line(c) and channel_rights.may_state(owner, c)]


def legs(owner: Organisation) -> list[Service]:
    """Whose calls an organisation may say fail alone: its own; anybody's for who answers none."""
    if IssuerKind(owner.kind) is IssuerKind.ANSWERING_SERVICE:
        return [s for s in Service if s in owner.services]
    return list(Service)


def _is_line(channel: Channel) -> bool:
    return channel.kind is ChannelKind.INFRASTRUCTURE


def problem(answer: str, data: Mapping[str, Any]) -> str:
    """What the answer still lacks, as a sentence; empty where it is whole."""
    if answer == Broken.LEG and not data.get("services"):
        return "What is broken: say whose 999 calls fail."
    if answer == Broken.NETWORK and not data.get("networks"):
        return "What is broken: say from which phone company 999 fails."
    if answer == Broken.LINE and not data.get("channel"):
        return "What is broken: say which line: mobiles, landlines, internet or text relay."
    if not data.get("channel"):
        return "Say first what is broken."
    return ""


def narrowed(
    answer: str,
    services: Collection[str],
    networks: Collection[str],
    *,
    with_services: str = "",
    with_networks: str = "",
) -> dict[str, Any]:
    """Whom a fault touches by the answer that was given. What was ticked under another answer, and
    is out of sight now, is no part of it. `with_`: an answer whose form showed them all the same,
    since its statement had them."""
    legs = answer in (Broken.LEG, with_services)
    some = answer in (Broken.NETWORK, Broken.LINE, Broken.PLANNED, with_networks)
    return {"services": [*services] if legs else [], "networks": [*networks] if some else []}
