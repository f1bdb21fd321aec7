"""How somebody uses a channel: its number, its link, and its forms for who types or signs.

The number and the link of an entry are made here, from one value (rule 8); which entries there
are is ordering.py.
"""

from __future__ import annotations

from triage.engine.advice import Form
from triage.engine.catalogue import RELAY_PREFIX, Access, ChannelKind, ChannelRole, dial
from triage.engine.need_context import NeedContext
from triage.engine.situation import PublishedNumber

# The form of a voice call whose number is made here, not written in the data.
TEXT_RELAY = "text-relay"


def number(local: NeedContext, channel: str, published: PublishedNumber | None) -> str | None:
    """The number people read for a channel, here and now: by text relay for who types."""
    is_published = published and local.channels[channel].role is ChannelRole.PUBLISHED_NUMBER
    given = published.number if published and is_published else None
    digits = given or local.catalogue.number(channel)
    if not digits or local.asked.by_voice or not local.by_relay(channel):
        return digits
    return f"{RELAY_PREFIX} {digits}"


def href(local: NeedContext, channel: str, digits: str | None) -> str | None:
    """Where a channel's button leads: to its own number, else to its address.

    A borrowed phone is not the one this is read on: its number is read, never linked (rule 2).
    """
    known = local.channels[channel]
    if known.access is Access.OTHER_PHONE:
        return None
    if digits and known.kind is ChannelKind.SMS:
        return dial(digits).replace("tel:", "sms:")
    return dial(digits) if digits else local.catalogue.url(channel, local.place)


def forms(
    local: NeedContext, channel_id: str, published: PublishedNumber | None
) -> tuple[Form, ...]:
    """The text and the sign form of a voice channel, those that are not down."""
    known, key = local.known_forms, (channel_id, published)
    if key not in known:
        known[key] = _forms(local, channel_id, published)
    return known[key]


def _forms(
    local: NeedContext, channel_id: str, published: PublishedNumber | None
) -> tuple[Form, ...]:
    channel = local.channels[channel_id]
    if channel.kind is not ChannelKind.VOICE or not local.asked.by_voice:
        return ()
    digits = number(local, channel_id, published)
    if not digits:
        return ()
    own = [_own_form(local, c) for c in form_channels(local, channel_id)
           if not local.impacts[c].unusable]  # fmt: skip
    relay = local.field.relay_form
    if channel.call == local.door or relay.unusable or channel.access is not Access.VOICE:
        return tuple(own)
    text = f"{RELAY_PREFIX} {digits}"
    return Form(TEXT_RELAY, text, dial(text), relay.at_risk), *own


def form_channels(local: NeedContext, channel_id: str) -> tuple[str, ...]:
    """The channels that somebody who types or signs would use instead, shown or down."""
    if not local.asked.by_voice:
        return ()
    return local.rulebook.forms_of(channel_id, local.place.nation)


def _own_form(local: NeedContext, channel: str) -> Form:
    digits = number(local, channel, None)
    return Form(channel, digits, href(local, channel, digits), local.impacts[channel].at_risk)
