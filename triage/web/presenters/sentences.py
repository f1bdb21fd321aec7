"""Words as a page prints them: numbers for braces, in the visitor's language, with the aside.

Where 999 is not ordinary here, every 999 in ordinary words points to the top of the page, so
that no page says "call 999" unqualified while 999 fails. The list of advice itself does not.
"""

from __future__ import annotations

from datetime import datetime

from triage.engine.catalogue import Channel, ChannelKind, Text
from triage.engine.situation import Mode
from triage.rules import rulebook
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.context.staleness import Staleness
from triage.web.wording import dates
from triage.web.wording.catalogue import fill, words

EMERGENCIES = ("police-emergency", "medical-emergency", "fire-emergency", "coastguard")


def word(here: PageContext, key: WordKey, **values: object) -> str:
    """A sentence of the pages, in ordinary words."""
    return fill(words()[key], here.lang, aside(here), **values)


def plain(here: PageContext, key: WordKey, **values: object) -> str:
    """A sentence of the pages inside the advice itself: its 999 is meant as it stands."""
    return fill(words()[key], here.lang, **values)


def say(here: PageContext, text: Text, **values: object) -> str:
    """A sentence of the rulebook, in ordinary words."""
    return fill(text, here.lang, aside(here), **values)


def name(here: PageContext, text: Text, **values: object) -> str:
    """A name or a label, which takes no aside."""
    return fill(text, here.lang, **values)


def channel_name(here: PageContext, channel: str) -> str:
    """A channel in a sentence: its number where it is a voice call of its own, else its name."""
    found = rulebook().catalogue.channels[channel]
    if found.kind is ChannelKind.VOICE and found.number:
        return fill(Text(f"{{{channel}}}", f"{{{channel}}}"), here.lang)
    return label(here, found)


def label(here: PageContext, channel: Channel) -> str:
    """The name of a channel here: what its link leads to, where that hangs on the place."""
    if here.place:
        return name(here, rulebook().catalogue.label_at(channel.id, here.place))
    return name(here, channel.label)


def aside(here: PageContext) -> str:
    """What follows 999 in ordinary words while it is not ordinary here; empty otherwise."""
    if not here.in_force and here.fresh is not Staleness.CAUTIOUS:
        return ""
    return here.once("_aside", lambda: _aside(here))


def _aside(here: PageContext) -> str:
    return fill(words()["aside-999"], here.lang) if shaky(here) else ""


def shaky(here: PageContext) -> bool:
    """Whether any emergency here is told something else than to call 999 first."""
    return any(_changed(here, need) for need in EMERGENCIES)


def _changed(here: PageContext, need: str) -> bool:
    advice = page_context.advice(here, need)
    told = [advice, *advice.nations, *(e.advice for e in advice.elsewhere)]
    return any(a.first.channel != "999" or a.first.mode is not Mode.AS_USUAL for a in told)


def time(here: PageContext, moment: datetime) -> str:
    return dates.full(moment, here.lang)
