"""Words as a page prints them: numbers for braces, in the visitor's language, with asides.

No sentence sends anybody where the advice of its page does not: a number that is shaky here, down
or kept free for emergencies says so beside itself, and a lead names what the advice puts first.
The list of advice itself takes no aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from triage.engine.catalogue import Channel, ChannelKind, ChannelRole, Lang, Text
from triage.engine.situation import Mode
from triage.rules import rulebook
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.context.staleness import Staleness
from triage.web.presenters.channel_state import is_down, kept_free
from triage.web.wording import dates
from triage.web.wording.catalogue import PLAIN, Asides, Numbered, fill, valued, words

EMERGENCIES = ("police-emergency", "medical-emergency", "fire-emergency", "coastguard")
_NAMED = re.compile(r"\{([a-z0-9-]+)\}")
_SENTENCE = re.compile(r"(?<=[.!?]) ")


class FirstWay(Protocol):
    """What a lead must agree with: the way that the advice of its page puts first."""

    @property
    def channel(self) -> str: ...
    @property
    def verb(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def label(self) -> str: ...


def word(here: PageContext, key: WordKey, **values: object) -> str:
    """A sentence of the pages, in ordinary words."""
    text = words().texts[key]
    sentence = ordinary(here)[text.cy if here.lang is Lang.CY else text.en]
    return valued(sentence, values) if values else sentence


def plain(here: PageContext, key: WordKey, **values: object) -> str:
    """A sentence of the pages inside the advice itself: its 999 is meant as it stands."""
    text = words().texts[key]
    sentence = PLAIN[text.cy if here.lang is Lang.CY else text.en]
    return valued(sentence, values) if values else sentence


def say(here: PageContext, text: Text, **values: object) -> str:
    """A sentence of the rulebook, in ordinary words."""
    sentence = ordinary(here)[text.cy if here.lang is Lang.CY else text.en]
    return valued(sentence, values) if values else sentence


def name(here: PageContext, text: Text, **values: object) -> str:
    """A name or a label, which takes no aside."""
    sentence = PLAIN[text.cy if here.lang is Lang.CY else text.en]
    return valued(sentence, values) if values else sentence


def lead(here: PageContext, text: Text, emergency: bool, first: FirstWay | None) -> str:
    """The first words of an outcome, naming what its advice puts first.

    `first` is None where nations or services are told different things: then it is the list below
    that says whom to call.
    """
    marked = dict(asides(here))
    if not marked and not (emergency and (first is None or first.channel != _door())):
        return fill(text, here.lang)
    spoken = (
        _agreeing(here, part, emergency, first, marked)
        for part in _SENTENCE.split(text.lang(here.lang))
    )
    return " ".join(dict.fromkeys(spoken))


def _agreeing(
    here: PageContext,
    part: str,
    emergency: bool,
    first: FirstWay | None,
    marked: dict[str, str],
) -> str:
    """One sentence of a lead. An emergency's own call becomes that of the advice."""
    named, door = set(_NAMED.findall(part)), _door()
    sentence = Text(part, part)
    if emergency and door in named:
        if first is None:
            return plain(here, "lead-below")
        if first.number:
            own = part.replace(f"{{{door}}}", first.number)
            return fill(Text(own, own), here.lang)
        return f"{first.label.rstrip('.')}."
    if first is not None and (named - {door, first.channel}) & marked.keys():
        said = f"{first.verb} {first.number}".strip() if first.number else first.label
        return f"{said.rstrip('.')}."
    return fill(sentence, here.lang, ordinary(here))


def _door() -> str:
    return rulebook().catalogue.playing(ChannelRole.FRONT_DOOR)


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


def asides(here: PageContext) -> Asides:
    """What follows a number in ordinary words while it may not simply be called here."""
    return here.once("asides", _asides)


def ordinary(here: PageContext) -> Numbered:
    """Ordinary words with their numbers and asides. Every sentence of a page asks for them."""
    found: Numbered | None = here.shared.get("ordinary")
    if found is None:
        marked, door = asides(here), _door()
        same = (c.id for c in rulebook().catalogue.channels.values() if c.call == door)
        found = Numbered(marked, frozenset(same)) if marked else PLAIN
        here.shared["ordinary"] = found
    return found


def _asides(here: PageContext) -> Asides:
    if not here.in_force and here.fresh is not Staleness.CAUTIOUS:
        return ()
    return tuple(_marked(here))


def _marked(here: PageContext) -> Iterator[tuple[str, str]]:
    kept, shaken, door = kept_free(here), shaky(here), _door()
    for channel in rulebook().catalogue.channels.values():
        if channel.call == door:
            if shaken and channel.kind is ChannelKind.VOICE:
                yield channel.id, plain(here, "aside-999")
        elif channel.id in kept:
            yield channel.id, plain(here, "aside-kept")
        elif channel.number and is_down(here, channel):
            yield channel.id, plain(here, "aside-down")


def shaky(here: PageContext) -> bool:
    """Whether any emergency here is told something else than to call 999 first."""
    return here.once("shaky", lambda page: any(_changed(page, need) for need in EMERGENCIES))


def _changed(here: PageContext, need: str) -> bool:
    advice = page_context.advice(here, need)
    return any(
        a.first.channel != _door() or a.first.mode is not Mode.AS_USUAL
        for a in (advice, *advice.nations)
    )


def time(here: PageContext, moment: datetime) -> str:
    return dates.full(moment, here.lang)
