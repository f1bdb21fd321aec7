"""How somebody uses a channel: its number, its link, and its forms for who types or signs.

The number and the link of an entry are made here, from one value (rule 8); which entries there
are is ordering.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from triage.engine.advice import Form
from triage.engine.catalogue import RELAY_PREFIX, Access, ChannelKind, ChannelRole, dial
from triage.engine.need_context import NeedContext
from triage.engine.situation import LocalNumber

# The form of a voice call whose number is made here, not written in the data.
TEXT_RELAY = "text-relay"


def number(local: NeedContext, channel: str, published: LocalNumber | None) -> str | None:
    """The number people read for a channel, here and now: by text relay for who types."""
    given = published.number if _is_published(local, channel) and published else None
    digits = given or local.catalogue.number(channel)
    return f"{RELAY_PREFIX} {digits}" if digits and local.by_relay(channel) else digits


def _is_published(local: NeedContext, channel: str) -> bool:
    return local.channel(channel).role is ChannelRole.PUBLISHED_NUMBER


def href(local: NeedContext, channel: str, digits: str | None) -> str | None:
    """Where a channel's button leads: to its own number, else to its address.

    A borrowed phone is not the one this is read on: its number is read, never linked (rule 2).
    """
    known = local.channel(channel)
    if known.access is Access.OTHER_PHONE:
        return None
    if digits and known.kind is ChannelKind.SMS:
        return dial(digits).replace("tel:", "sms:")
    return dial(digits) if digits else local.catalogue.url(channel, local.place)


def forms(local: NeedContext, channel_id: str, published: LocalNumber | None) -> Iterator[Form]:
    """The text and the sign form of a voice channel, those that are not down."""
    channel, digits = local.channel(channel_id), number(local, channel_id, published)
    if channel.kind is not ChannelKind.VOICE or not digits or not local.asked.by_voice:
        return
    relay = local.field.relay_form
    if channel.call != local.door and not relay.unusable and channel.access is Access.VOICE:
        text = f"{RELAY_PREFIX} {digits}"
        yield Form(TEXT_RELAY, text, dial(text), relay.at_risk)
    for form in form_channels(local, channel_id):
        yield from _own_form(local, form)


def form_channels(local: NeedContext, channel_id: str) -> Iterator[str]:
    """The channels that somebody who types or signs would use instead, shown or down."""
    channel = local.channel(channel_id)
    if not local.asked.by_voice or channel.kind is not ChannelKind.VOICE:
        return
    typed = local.rulebook.typed_door(local.place.nation)
    if typed and channel.call == local.door:
        yield typed
    if sign := local.catalogue.sign(channel_id, local.place.nation):
        yield sign


def _own_form(local: NeedContext, channel: str) -> Iterator[Form]:
    impact = local.impact(channel)
    if not impact.unusable:
        digits = number(local, channel, None)
        yield Form(channel, digits, href(local, channel, digits), impact.at_risk)
