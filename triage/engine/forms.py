"""How somebody uses a channel: its number, its link, and its forms for who types or signs.

The number and the link of an entry are made here, from one value (rule 7); which entries there
are is ordering.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from triage.engine.advice import Form
from triage.engine.catalogue import RELAY_PREFIX, Channel, ChannelKind, dial
from triage.engine.need_context import LOCAL_NUMBER, NeedContext


def number(local: NeedContext, channel: str) -> str | None:
    """The number people read for a channel, here and now."""
    if channel == LOCAL_NUMBER and local.number:
        return local.number.number
    return local.rulebook.catalogue.number(channel)


def href(local: NeedContext, channel: Channel, digits: str | None) -> str | None:
    """Where a channel's button leads: to its own number, else to its address."""
    if digits and channel.kind is ChannelKind.SMS:
        return dial(digits).replace("tel:", "sms:")
    return dial(digits) if digits else local.rulebook.catalogue.url(channel.id, local.place)


def forms(local: NeedContext, channel_id: str) -> Iterator[Form]:
    """The text and the sign form of a voice channel, those that are not down."""
    channel, digits = local.channel(channel_id), number(local, channel_id)
    if channel.kind is not ChannelKind.VOICE or not digits or local.need.without_voice:
        return
    if channel.call != "999" and not (relay := local.field.relay_form).down:
        text = f"{RELAY_PREFIX} {digits}"
        yield Form("text-relay", text, dial(text), relay.at_risk)
    for form in form_channels(local, channel_id):
        yield from _own_form(local, form)


def form_channels(local: NeedContext, channel_id: str) -> Iterator[str]:
    """The channels that somebody who types or signs would use instead, shown or down."""
    channel = local.channel(channel_id)
    if local.need.without_voice or channel.kind is not ChannelKind.VOICE:
        return
    if channel.call == "999":
        yield "text-relay-999"
    if sign := local.rulebook.catalogue.sign(channel_id, local.place.nation):
        yield sign


def _own_form(local: NeedContext, channel: str) -> Iterator[Form]:
    impact = local.impact(channel)
    if not impact.down:
        digits = number(local, channel)
        link = href(local, local.channel(channel), digits)
        yield Form(channel, digits, link, impact.at_risk)
