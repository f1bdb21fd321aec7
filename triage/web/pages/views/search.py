"""The search page: plain words, sent by POST, lead to outcomes, questions and pages.

What people type is the most telling thing about them: it stands in no address, in no log and in
no cache. What the words mean is search_query.py; Back shows the hits again out of the tab's own
memory (site.js), and without script the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from triage.engine.catalogue import ChannelRole, Text
from triage.engine.rulebook import Option, Urgency
from triage.rules import languages, rulebook, signal_rules
from triage.search.finding import AskBack, Certainty
from triage.seeds.word_keys import WordKey
from triage.signals.spoken import said_to_fail
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.context.place_in_words import nation_in, place_in
from triage.web.context.search_query import LONGEST, Result, languages_of, search
from triage.web.http.cache_headers import private
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.pages.views.did_not_connect import count_search
from triage.web.presenters.emergency_block import emergency_block
from triage.web.presenters.how_to_pages import FAILED
from triage.web.presenters.sentences import plain
from triage.web.presenters.taps import short_numbers

SHOWN = 300  # characters of a long message that are said back
_URGENCY: dict[Urgency, WordKey] = {
    Urgency.EMERGENCY: "urgency-emergency",
    Urgency.URGENT: "urgency-urgent",
    Urgency.ROUTINE: "urgency-routine",
    Urgency.NOT_POLICE: "urgency-not-police",
}


@dataclass(frozen=True)
class HitLink:
    """A result as the page lists it. `tone` is its urgency for the eye."""

    path: str
    title: str
    words: WordKey
    tone: str
    quiet: bool


@dataclass(frozen=True)
class BackQuestion:
    """A question that parts what the words may mean, with at most four of its answers."""

    title: Text
    path: str
    answers: tuple[tuple[Text, str], ...]


@page("GET", "HEAD", "POST")
def ask(here: PageContext, request: HttpRequest) -> HttpResponse:
    """The form, or what the words lead to. Emergency words show the emergency block first."""
    if request.method != "POST":
        return show(here, "public/search.html", {"hits": None, "walks": True})
    typed = request.POST.get("q", "").strip()
    words = typed[:LONGEST]
    named = place_in(words)
    if named and named.sure and here.area is None:
        here = here.elsewhere(named.area.slug)
    if failing := said_to_fail(words, short_numbers(), signal_rules().failing):
        count_search(here, request, failing)
    found = search(words, page_context.nation(here), here.lang, here.at)
    back = _back(found.back) if found.back else None
    context = {
        "asked": words,
        "said": words if len(words) <= SHOWN else "…" + words[-SHOWN:],
        "too_long": len(typed) > LONGEST,
        "longest": f"{LONGEST:,}",
        "hits": [*_of_failure(here, failing), *_different(map(_hit, found.results), back)],
        "cards": [languages()[code] for code in languages_of(words)],
        "back": back,
        "nobody": found.certainty is Certainty.NONE,
        "perhaps": found.certainty is Certainty.UNSURE,
        "named": named.area if named and here.area != named.area else None,
        "nation": None if here.area or named else nation_in(words),
        "walks": True,
        "calls": emergency_block(here) if found.emergency_panel or failing == _door() else None,
        "danger": _danger(),
    }
    # The words may be about a sensitive branch: the page is named neutrally whatever they are.
    return private(show(here, "public/search.html", context, sensitive=True))


def _door() -> str:
    """Whose 999 failed may be in danger: the block stands before the page about it."""
    return rulebook().catalogue.playing(ChannelRole.FRONT_DOOR)


def _danger() -> Option:
    """The first answer of the first question. Words that nobody has thought of may mean danger
    too: the way to help stands before all results, also those that come up while one types."""
    book = rulebook()
    return book.questions[book.start].options[0]


def _hit(result: Result) -> HitLink:
    book = rulebook()
    if result.kind == "page":
        return HitLink(result.address, result.title, "search-page", "page", quiet=False)
    if result.kind == "question":
        quiet = book.questions[result.id].sensitive
        return HitLink(f"ask/{result.address}/", result.title, "search-question", "ask", quiet)
    quiet = book.outcomes[result.id].sensitive
    urgency = result.urgency or Urgency.ROUTINE
    path = f"advice/{result.address}/"
    return HitLink(path, result.title, _URGENCY[urgency], str(urgency), quiet)


def _of_failure(here: PageContext, failing: str) -> list[HitLink]:
    """The page about a line that somebody says has failed, before all else."""
    key = FAILED.get(failing)
    if key is None or failing == _door():
        return []
    return [HitLink(f"{key}/", plain(here, "unanswered-title"), "search-page", "page", quiet=False)]


def _different(hits: Iterable[HitLink], back: BackQuestion | None) -> list[HitLink]:
    """Each answer once: what the question asked back offers, and what a title said, is there."""
    paths = {path for _, path in back.answers} | {back.path} if back else set()
    found = {hit.title: hit for hit in reversed([*hits]) if hit.path not in paths}
    return [*reversed(found.values())]


def _back(asked: AskBack) -> BackQuestion:
    question = rulebook().questions[asked.question]
    answers = [option for option in question.options if option.id in asked.options]
    answers.sort(key=lambda option: asked.options.index(option.id))
    path = f"ask/{question.address}/"
    return BackQuestion(question.title, path, tuple((o.label, _path_of(o.to)) for o in answers))


def _path_of(ident: str) -> str:
    book = rulebook()
    if question := book.questions.get(ident):
        return f"ask/{question.address}/"
    return f"advice/{book.outcomes[ident].address}/"
