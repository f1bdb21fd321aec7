"""How-to pages: each one way of reaching help, with its steps and its live state.

The steps are the channels' own (seeds/channels.toml), the answer is the engine's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse

from triage.engine.catalogue import Channel, Nation, Text
from triage.rules import rulebook
from triage.web.context import page_context
from triage.web.context.page_context import PageContext, WrongAddressError
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.presenters.contact import Contact, channel_contact, state_words
from triage.web.presenters.emergency_block import SERVICES, emergency_block
from triage.web.presenters.how_to_pages import DEAF, DEAF_EVERYDAY, PAGES
from triage.web.presenters.outcome import OutcomePage, choices, councils, said_of, told
from triage.web.presenters.sign_video import SOURCES, film
from triage.web.presenters.text_and_sign import service_links, typing_or_signing
from triage.web.presenters.unread_welsh import welsh_unread
from triage.web.wording.catalogue import words


@dataclass(frozen=True)
class Steps:
    """A channel with its steps, how it stands here, and whether the page's advice names it."""

    way: Contact
    how: tuple[Text, ...]
    state: str
    shown: bool


@page()
def how_to(here: PageContext, request: HttpRequest, key: str) -> HttpResponse:
    """One how-to page. The key comes from the address table, never from the visitor."""
    return how_to_page(here, key)


def how_to_page(here: PageContext, key: str) -> HttpResponse:
    found = PAGES[key]
    outcome = rulebook().outcomes[found.outcome] if found.outcome else None
    views = told(here, outcome.needs) if outcome else []
    needs = [v for need in found.needs for v in _need(here, need)]
    context = {
        "title_key": f"{key}-title",
        "intro_key": f"{key}-intro",
        "sections": words().sections(key),
        "outcome": outcome,
        "welsh_unread": welsh_unread(here),
        "words": outcome.words(page_context.nation(here)) if outcome else None,
        "views": [] if found.whoever else views,
        "calls": emergency_block(here) if found.whoever else None,
        "said_of": said_of([*views, *needs]),
        "needs": needs,
        "steps": [_steps(here, c, [*views, *needs]) for c in _existing(here, found.channels)],
        "choices": choices(here, [*views, *needs]),
        "councils": councils(here),
    }
    shown = film(here, key)
    return show(
        here,
        "public/how_to.html",
        {**context, "film": shown},
        sensitive=key == "silent",
        sources=SOURCES if shown else {},
    )


def _need(here: PageContext, need: str) -> list[OutcomePage]:
    """The advice of a need under its name, with the places that are told something else."""
    name = rulebook().needs[need].name.lang(here.lang)
    views = told(here, dict.fromkeys(Nation, need))
    return [replace(v, title=f"{name}: {v.where}" if v.where else name) for v in views]


def _existing(here: PageContext, channels: tuple[str, ...]) -> list[Channel]:
    known = rulebook().catalogue.channels
    nation = page_context.nation(here)
    return [known[c] for c in channels if nation is None or nation in known[c].nations]


def _steps(here: PageContext, channel: Channel, views: list[OutcomePage]) -> Steps:
    how = channel.words(page_context.nation(here)).how or ()
    # What the advice of the page does not name is not to be done now: its steps stand folded.
    shown = not views or any(channel.id in view.channels for view in views)
    return Steps(channel_contact(here, channel.id), how, state_words(here, channel), shown)


@page()
def deaf(here: PageContext, request: HttpRequest, need: str | None = None) -> HttpResponse:
    """First which service, then one screen: by sign and by text, each with what it needs."""
    if need is not None and need not in SERVICES:
        raise WrongAddressError(404, "error-not-found")
    return deaf_page(here, need)


def deaf_page(here: PageContext, need: str | None = None) -> HttpResponse:
    ways = typing_or_signing(here, need)
    views = [view for block in ways["blocks"] for view in block.views]
    shown = film(here, DEAF.key)
    context = {
        "services": service_links(here, need),
        "chosen": need,
        **ways,
        "said_of": said_of(views),
        "steps": [_steps(here, c, views) for c in _existing(here, DEAF.channels)],
        "everyday": [channel_contact(here, c.id) for c in _existing(here, DEAF_EVERYDAY)],
        "sections": words().sections(DEAF.key),
        "choices": choices(here, views),
        "councils": councils(here),
        "welsh_unread": welsh_unread(here),
        "film": shown,
    }
    return show(here, "public/deaf.html", context, sources=SOURCES if shown else {})


# Each idea of the easy read page with its picture (templates/public/pictures).
EASY_CALLING = (
    ("answer", "easy-call-1"),
    ("who", "easy-call-2"),
    ("where", "easy-call-3"),
    ("wrong", "easy-call-4"),
    ("stay", "easy-call-5"),
)
EASY_SILENT = (("phone", "easy-silent-1"), ("cough", "easy-silent-2"), ("press", "easy-silent-3"))
EASY_EVERYDAY = (("phone", "easy-police"), ("phone", "easy-health"))


@page()
def easy(here: PageContext, request: HttpRequest) -> HttpResponse:
    """The same in easy words: one idea a line, each with its picture."""
    context = {
        "calls": emergency_block(here),
        "calling": EASY_CALLING,
        "silent": EASY_SILENT,
        "everyday": EASY_EVERYDAY,
    }
    return show(here, "public/easy.html", context)


@page()
def where(here: PageContext, request: HttpRequest) -> HttpResponse:
    """Where am I: what to tell the call handler. The phone itself does the reckoning."""
    return where_page(here)


def where_page(here: PageContext) -> HttpResponse:
    return show(here, "public/where.html", {"sections": words().sections("where")})
