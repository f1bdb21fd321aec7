"""Every number: the searchable directory, and one page a channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from triage.engine.catalogue import Channel, Kind, Nation
from triage.rules import rulebook
from triage.web import gather
from triage.web.door import page
from triage.web.gather import Here, Refused
from triage.web.present import Way, channel_way
from triage.web.render import show
from triage.web.say import shaky
from triage.web.standing import state_words

# The families of the directory, by who answers, in the order people need them. A channel that
# no family names stands under "more", so that a new one is never lost.
FAMILIES: dict[str, tuple[str, ...]] = {
    "emergency": (),
    "police": ("police content lead",),
    "health": ("health content lead",),
    "harm": ("safeguarding content lead",),
    "home": ("utilities content lead",),
    "roads": ("roads content lead",),
    "animals": ("animals content lead",),
    "council": ("council content lead",),
}
_HIDDEN = frozenset({"local-number", "wait", "in-person", "helper-call"})


@dataclass(frozen=True)
class Listed:
    """A channel as the directory lists it, and how it stands now."""

    way: Way
    state: str


@page()
def numbers(here: Here, request: HttpRequest) -> HttpResponse:
    """Every channel that exists here, by family."""
    families = [
        {"key": key, "words": f"family-{key}", "listed": listed}
        for key in (*FAMILIES, "more")
        if (listed := _family(here, key))
    ]
    return show(here, "public/numbers.html", {"families": families})


def _family(here: Here, key: str) -> list[Listed]:
    return [_listed(here, c) for c in channels(here) if family(c) == key]


def channels(here: Here) -> Iterable[Channel]:
    """The channels that are listed: those that exist here and can be advised."""
    nation = gather.nation(here)
    for channel in rulebook().catalogue.channels.values():
        listed = channel.kind is not Kind.INFRASTRUCTURE and channel.id not in _HIDDEN
        if listed and (nation is None or nation in channel.nations):
            yield channel


def family(channel: Channel) -> str:
    if channel.emergency:
        return "emergency"
    return next((k for k, who in FAMILIES.items() if channel.responsible in who), "more")


def _listed(here: Here, channel: Channel) -> Listed:
    return Listed(channel_way(here, channel.id), state_words(here, channel))


@page()
def number(here: Here, request: HttpRequest, channel: str) -> HttpResponse:
    """One channel: what it is for, how it is used, its forms, its facts."""
    found = rulebook().catalogue.channels.get(channel)
    if found is None or found.kind is Kind.INFRASTRUCTURE:
        raise Refused(404, "error-no-channel")
    words = found.words(gather.nation(here))
    context = {
        "channel": found,
        "way": channel_way(here, channel),
        "how": words.how or (),
        "state": state_words(here, found),
        "shaky": found.emergency and shaky(here),
        "here_too": gather.nation(here) is None or gather.nation(here) in found.nations,
        "nations": [f"nation-{n}" for n in Nation if n in found.nations],
        "forms": _forms(here, found),
        "facts": _facts(found),
    }
    return show(here, "public/number.html", context)


def _forms(here: Here, channel: Channel) -> list[Way]:
    """The text and sign-language forms of a voice line."""
    known = rulebook().catalogue.channels.values()
    ids = [c.id for c in known if c.relay_of == channel.id]
    ids += ["text-relay-999"] if channel.id == "999" else []
    ids += [channel.sign] if channel.sign else []
    return [channel_way(here, c) for c in ids]


def _facts(channel: Channel) -> list[dict[str, object]]:
    """Each fact with its source's address, the day it was checked, and how sure it is."""
    sources = rulebook().catalogue.sources
    return [
        {
            "words": f"fact-{field}",
            "url": sources[f.source].url if f.source in sources else None,
            "source": f.source,
            "checked": f.checked,
            "sure": f"fact-{f.certainty.lower()}",
        }
        for field, f in channel.facts.items()
    ]
