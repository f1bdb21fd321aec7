"""Who may state a fault of which channel. Pure.

An answering service speaks of its own channels, of 999 and of the lines; a carrier of 999, of the
lines and of the numbers it carries; anybody else of the channels that are entered as theirs; a
government of anything. Nobody declares another owner's line (advice.md, "Footprints").
"""

from __future__ import annotations

from collections.abc import Collection

from outage.models import Organisation
from triage.engine.catalogue import Catalogue, Channel, ChannelKind, Service
from triage.engine.situation import IssuerKind

# Other ways to make the call to 999, numbers of a notice and what people do: no line can fail.
NO_LINE = frozenset({"112", "999-other-phone", "local-number"})
_NEVER = (ChannelKind.ACTION, ChannelKind.PLACE)
BY_SERVICE = {
    Service.POLICE: ("999", "101", "police-online", "police-chat", "101-text-relay", "101-bsl"),
    Service.FIRE: ("999", "999-bsl", "text-relay-999"),
    Service.AMBULANCE: ("999", "111", "111-online", "111-text-relay", "111-bsl"),
    Service.COASTGUARD: ("999", "vhf-dsc"),
}


def can_fail(channel: Channel) -> bool:
    """Whether a fault of it can be stated at all."""
    return channel.id not in NO_LINE and channel.kind not in _NEVER


def may_state(organisation: Organisation, channel: Channel) -> bool:
    """Whether an organisation may state a fault of a channel, in its own territory."""
    if not can_fail(channel):
        return False
    match IssuerKind(organisation.kind):
        case IssuerKind.GOVERNMENT:
            return True
        case IssuerKind.ANSWERING_SERVICE:
            own = _of_services(organisation.services)
            return _shared(channel) or channel.id in own or channel.owner in organisation.services
        case IssuerKind.CARRIER:
            return channel.carried
        case IssuerKind.OTHER:
            return channel.id in organisation.channels


def _shared(channel: Channel) -> bool:
    """999 in all its forms, and the lines that everything travels over."""
    if channel.kind is ChannelKind.RADIO:
        return False
    return channel.emergency or channel.kind is ChannelKind.INFRASTRUCTURE


def _of_services(services: Collection[str]) -> frozenset[str]:
    return frozenset(c for s in Service if s in services for c in BY_SERVICE[s])


def refusal(organisation: Organisation, channel: str, catalogue: Catalogue) -> str | None:
    """Why an organisation may not state a fault of a channel; None where it may."""
    known = catalogue.channels.get(channel)
    if known is None or may_state(organisation, known) or channel in organisation.channels:
        return None
    if not can_fail(known):
        return f'"{channel}" is not a line that can fail: choose the number or page that does.'
    return not_theirs(organisation, known)


def not_theirs(organisation: Organisation, channel: Channel) -> str:
    """The sentence for a channel that is another's."""
    owner = channel.org.en if channel.org else channel.number or channel.id
    return f"{organisation.name} does not speak for {owner}. Its owner does."
