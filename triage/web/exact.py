"""Exact pages, by the facts: each one way of reaching help, with its steps and its live state.

The steps are the channels' own (seeds/channels.toml), the answer is the engine's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse

from triage.engine.catalogue import Channel, Nation, Text
from triage.rules import rulebook
from triage.web import gather
from triage.web.door import page
from triage.web.gather import Here
from triage.web.outcome import Shown, choices, councils, told
from triage.web.panel import panel
from triage.web.present import Way, channel_way
from triage.web.render import show
from triage.web.signed import allow, film
from triage.web.standing import state_words
from triage.web.words import words


@dataclass(frozen=True)
class Exact:
    """What an exact page is made of: needs shown live, an outcome's words, channels' steps.

    `whoever`: it is about any emergency, so that the panel of all services is its answer; with
    one service's advice, somebody hurt would be told to ask for the police.
    """

    key: str
    needs: tuple[str, ...] = ()
    outcome: str | None = None
    channels: tuple[str, ...] = ()
    whoever: bool = False


PAGES = {
    "silent": Exact(
        "silent", ("cannot-speak",), None, ("silent-solution", "999-landline", "emergency-sms")
    ),
    "deaf": Exact(
        "deaf",
        ("deaf-bsl", "deaf-text"),
        None,
        ("999-bsl", "text-relay-999", "emergency-sms", "101-bsl", "101-text-relay", "111-bsl",
         "111-text-relay"),
    ),
    "accident": Exact("accident", (), "called-by-accident"),
    "languages": Exact("languages", (), "little-english", ("999", "101", "111"), whoever=True),
    "signal": Exact("signal", (), "no-signal", ("999-other-phone",), whoever=True),
    "power": Exact("power", (), "digital-landline-power-cut", ("999-from-mobile", "999-landline")),
}  # fmt: skip
# The outcomes of such pages: their own pages in the tree answer in the same way.
OF_WHOEVER = frozenset(p.outcome for p in PAGES.values() if p.whoever)


@dataclass(frozen=True)
class Steps:
    """A channel with its steps and how it stands here."""

    way: Way
    how: tuple[Text, ...]
    state: str


@page()
def exact(here: Here, request: HttpRequest, key: str) -> HttpResponse:
    """One exact page. The key comes from the address table, never from the visitor."""
    found = PAGES[key]
    outcome = rulebook().outcomes[found.outcome] if found.outcome else None
    views = told(here, outcome.needs) if outcome else []
    needs = [v for need in found.needs for v in _need(here, need)]
    context = {
        "title_key": f"{key}-title",
        "intro_key": f"{key}-intro",
        "sections": words().sections(key),
        "outcome": outcome,
        "words": outcome.words(gather.nation(here)) if outcome else None,
        "views": [] if found.whoever else views,
        "panel": panel(here) if found.whoever else None,
        "said": views[0].said if views else (),
        "needs": needs,
        "steps": [_steps(here, c) for c in _existing(here, found.channels)],
        "choices": choices(here, [*views, *needs]),
        "councils": councils(here),
    }
    shown = film(here, key)
    response = show(
        here, "public/exact.html", {**context, "film": shown}, sensitive=key == "silent"
    )
    return allow(response) if shown else response


def _need(here: Here, need: str) -> list[Shown]:
    """The advice of a need under its name, with the places that are told something else."""
    name = rulebook().needs[need].name.lang(here.lang)
    views = told(here, dict.fromkeys(Nation, need))
    return [replace(v, title=f"{name}: {v.where}" if v.where else name) for v in views]


def _existing(here: Here, channels: tuple[str, ...]) -> list[Channel]:
    known = rulebook().catalogue.channels
    nation = gather.nation(here)
    return [known[c] for c in channels if nation is None or nation in known[c].nations]


def _steps(here: Here, channel: Channel) -> Steps:
    how = channel.words(gather.nation(here)).how or ()
    return Steps(channel_way(here, channel.id), how, state_words(here, channel))


@page()
def where(here: Here, request: HttpRequest) -> HttpResponse:
    """Where am I: what to tell the call handler. The phone itself does the reckoning."""
    return show(here, "public/where.html", {"sections": words().sections("where")})
