"""The search page: plain words, sent by POST, lead to outcomes and questions.

What people type is the most telling thing about them: it stands in no address, in no log and in
no cache. What the words mean is search_query.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from triage.engine.rulebook import Option
from triage.rules import rulebook
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.context.search_query import LONGEST, Result, search
from triage.web.http.cache_headers import private
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.presenters.emergency_panel import panel


@dataclass(frozen=True)
class HitLink:
    """A result as the page lists it."""

    path: str
    title: str
    urgency: str
    quiet: bool


@page("GET", "HEAD", "POST")
def ask(here: PageContext, request: HttpRequest) -> HttpResponse:
    """The form, or what the words lead to. Emergency words show the emergency panel first."""
    if request.method != "POST":
        return show(here, "public/search.html", {"hits": None, "walks": True})
    words = request.POST.get("q", "").strip()[:LONGEST]
    found = search(words, page_context.nation(here), here.lang, here.at)
    hits = [_hit(result) for result in found.results]
    context = {
        "asked": words,
        "hits": hits,
        "walks": True,
        "panel": panel(here) if found.emergency_panel else None,
        "danger": _danger(),
    }
    # The words may be about a sensitive branch: the page is named neutrally whatever they are.
    return private(show(here, "public/search.html", context, sensitive=True))


def _danger() -> Option:
    """The first answer of the first question. Words that nobody has thought of may mean danger
    too: the way to help stands before all results, also those that come up while one types."""
    book = rulebook()
    return book.questions[book.start].options[0]


def _hit(result: Result) -> HitLink:
    book = rulebook()
    if result.kind == "question":
        quiet = book.questions[result.id].sensitive
        return HitLink(f"ask/{result.address}/", result.title, "", quiet)
    quiet = book.outcomes[result.id].sensitive
    urgency = f"urgency-{result.urgency}" if result.urgency else ""
    return HitLink(f"advice/{result.address}/", result.title, urgency, quiet)
