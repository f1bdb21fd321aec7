"""Every number: the searchable directory, and one page a channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse

from triage.engine.catalogue import Channel, ChannelKind, Nation
from triage.places.name_forms import plain as plain_words
from triage.rules import directory, rulebook
from triage.seeds.source_rank import source_name
from triage.web.context import page_context
from triage.web.context.page_context import PageContext, WrongAddressError
from triage.web.context.search_query import LONGEST, search
from triage.web.context.site_pages import SITE_PAGES
from triage.web.http.cache_headers import private
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.presenters.channel_state import kept_free
from triage.web.presenters.contact import Contact, channel_contact, state_words
from triage.web.presenters.how_to_pages import FAILED
from triage.web.presenters.sentences import shaky
from triage.web.presenters.taps import tap_buttons

_FILTERED = 3  # results of which the filter shows the lines


@dataclass(frozen=True)
class Listed:
    """A channel as the directory lists it, and how it stands now."""

    way: Contact
    state: str

    def begins(self, words: Iterable[str]) -> bool:
        """Whether each of these begins a word of it."""
        number = self.way.number or ""
        said = (self.way.label, self.way.hint, number, number.replace(" ", ""))
        text = f" {plain_words(' '.join(said))}"
        return all(f" {word}" in text for word in words)


@dataclass(frozen=True)
class Family:
    """A group of the directory."""

    key: str
    listed: list[Listed]

    @property
    def words(self) -> str:
        return f"family-{self.key}"


@page("GET", "HEAD", "POST")
def numbers(here: PageContext, request: HttpRequest) -> HttpResponse:
    """Every channel that exists here, by family; for words that are sent, those that they lead
    to: their ids as JSON where that is asked for, else the page with nothing else on it."""
    if request.method != "POST":
        return show(here, "public/numbers.html", {"families": _families(here)})
    words = request.POST.get("q", "").strip()[:LONGEST]
    if request.accepts("text/html"):
        found = {"families": _found(here, words), "searched": words}
        return private(show(here, "public/numbers.html", found))
    return private(JsonResponse(_led_to(here, words), safe=False))


def _families(here: PageContext) -> list[Family]:
    """The groups with what exists here; none that would be empty."""
    nation = page_context.nation(here)
    every = [
        Family(key, [_listed(here, c) for c in own if nation is None or nation in c.nations])
        for key, own in directory().groups.items()
    ]
    return [family for family in every if family.listed]


def _found(here: PageContext, words: str) -> list[Family]:
    """The families with what words lead to, and with what begins like them."""
    led, begun = set(_led_to(here, words)), plain_words(words).split()
    found = []
    for family in _families(here):
        fits = [x for x in family.listed if x.way.channel in led or x.begins(begun)]
        if fits:
            found.append(Family(family.key, fits))
    return found


def _led_to(here: PageContext, words: str) -> list[str]:
    """The channels of the outcomes that words lead to, in every nation that is meant: their
    routes, and those that they name as worth knowing."""
    nation = page_context.nation(here)
    found = search(words, nation, here.lang, here.at).results[:_FILTERED]
    book = rulebook()
    outcomes = [book.outcomes[r.id] for r in found if r.kind == "outcome"]
    nations = [nation] if nation else list(Nation)
    needs = [book.needs[outcome.needs[n]] for outcome in outcomes for n in nations]
    routes = [channel for need in needs for n in nations for channel in need.routes[n]]
    beside = [channel for o in outcomes for n in nations for channel in o.words(n).also or ()]
    pages = [SITE_PAGES[r.id].channel for r in found if r.kind == "page"]
    return list(dict.fromkeys([*routes, *beside, *(channel for channel in pages if channel)]))


def _listed(here: PageContext, channel: Channel) -> Listed:
    return Listed(channel_contact(here, channel.id), state_words(here, channel))


@page()
def number(here: PageContext, request: HttpRequest, channel: str) -> HttpResponse:
    """One channel: what it is for, how it is used, its forms, its facts."""
    found = rulebook().catalogue.channels.get(channel)
    if found is None or found.kind is ChannelKind.INFRASTRUCTURE:
        raise WrongAddressError(404, "error-no-channel")
    words = found.words(page_context.nation(here))
    context = {
        "channel": found,
        "way": (way := channel_contact(here, channel, even_kept=True)),
        "taps": tap_buttons((way,)) if way.number or way.href else (),
        "how": words.how or (),
        "failed": (failed := FAILED.get(channel)),
        "failed_title": f"{failed}-title",
        "state": state_words(here, found),
        "kept": channel in kept_free(here),
        "shaken": found.emergency and shaky(here),
        "here_too": page_context.nation(here) is None or page_context.nation(here) in found.nations,
        "nations": [f"nation-{n}" for n in Nation if n in found.nations],
        "forms": _forms(here, found),
        "facts": _facts(found),
    }
    return show(here, "public/number.html", context)


def _forms(here: PageContext, channel: Channel) -> list[Contact]:
    """The text and sign-language forms of a voice line."""
    known = rulebook().catalogue.channels.values()
    ids = [c.id for c in known if c.relay_of == channel.id]
    ids += ["text-relay-999"] if channel.id == "999" else []
    ids += [channel.sign] if channel.sign else []
    return [channel_contact(here, c) for c in ids]


def _facts(channel: Channel) -> list[dict[str, object]]:
    """Each fact with its source's address, the day it was checked, and how sure it is."""
    sources = rulebook().catalogue.sources
    return [
        {
            "words": f"fact-{field}",
            "url": sources[f.source].url if f.source in sources else None,
            "source": source_name(sources[f.source]) if f.source in sources else f.source,
            "checked": f.checked,
            "sure": f"fact-{f.certainty.lower()}",
        }
        for field, f in channel.facts.items()
    ]
