"""Who may state which fault, and whose word counts for which need (rules 1 and 5).

Pure questions about one incident and the data. What is stated without a right has no effect and
is traced; the staff panel refuses it where it is written.
"""

from __future__ import annotations

from triage.engine.catalogue import Catalogue, Channel, ChannelKind, ChannelRole, Service
from triage.engine.rulebook import Need, Rulebook
from triage.engine.situation import Incident, IssuerKind


def services_of(incident: Incident, catalogue: Catalogue) -> frozenset[Service]:
    """Whose needs the issuer of an incident answers: as stated, by its land, or by its name.

    An answering service of which nothing says whose it is speaks for the legs it names, or for
    all four.
    """
    issuer = incident.issuer
    if issuer.services or issuer.kind is not IssuerKind.ANSWERING_SERVICE:
        return frozenset(issuer.services)
    if issuer.footprint.service is not None:
        return frozenset([issuer.footprint.service])
    named = catalogue.services_named(issuer.name)
    return named or frozenset(incident.scope.services or Service)


def makes_front_door_call(channel: Channel, catalogue: Catalogue) -> bool:
    """Whether a channel is the front door, or the very same call."""
    return channel.call == catalogue.playing(ChannelRole.FRONT_DOOR)


def may_state(
    incident: Incident, catalogue: Catalogue, own: frozenset[Service] | None = None
) -> bool:
    """Whether its issuer has a right to state a fault of this channel (fine print, "Footprints").

    Where it may is a matter of place: a statement reaches only the land that its issuer covers.
    `own` is what services_of says, where somebody knows already.
    """
    channel = catalogue.channels[incident.channel]
    is_line = channel.kind is ChannelKind.INFRASTRUCTURE
    match incident.issuer.kind:
        case IssuerKind.GOVERNMENT:
            return True
        case IssuerKind.CARRIER:
            return channel.carried
        case IssuerKind.OTHER:
            return not (channel.carried or channel.emergency)
        case IssuerKind.ANSWERING_SERVICE:
            own = services_of(incident, catalogue) if own is None else own
            if makes_front_door_call(channel, catalogue) and incident.scope.services:
                return bool(own & set(incident.scope.services))
            return is_line or channel.emergency or bool(own & channel.stated_by)


def has_word(incident: Incident, need: Need, rulebook: Rulebook) -> bool:
    """Whether a notice of this incident for a need counts: its service's own, a government's
    until the service speaks, or that of who answers the channel the fault is of."""
    match incident.issuer.kind:
        case IssuerKind.CARRIER:
            return False
        case IssuerKind.GOVERNMENT:
            return True
        case IssuerKind.ANSWERING_SERVICE:
            own = services_of(incident, rulebook.catalogue)
            if need.services or need.spoken_of_by:
                return bool(own & (need.services | need.spoken_of_by))
            return _is_of_its_route(incident, need, rulebook)
        case IssuerKind.OTHER:
            return _is_of_its_route(incident, need, rulebook)


def _is_of_its_route(incident: Incident, need: Need, rulebook: Rulebook) -> bool:
    return any(incident.channel in rulebook.touched_by(need.id, n) for n in need.routes)


def is_carrier(incident: Incident) -> bool:
    return incident.issuer.kind is IssuerKind.CARRIER


def is_government(incident: Incident) -> bool:
    return incident.issuer.kind is IssuerKind.GOVERNMENT
