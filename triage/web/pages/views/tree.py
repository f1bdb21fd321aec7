"""The pages of the question tree: start, question, advice, "I need 999 now".

Each view gathers, asks the engine, and shows. Other pages: area_finder.py (area finder), numbers.py
(numbers), status.py, how_to.py (silent, deaf, where), documents.py (about, safety and the like).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from triage.engine.catalogue import Text
from triage.engine.rulebook import Option, Outcome, Question, Urgency
from triage.rules import rulebook
from triage.seeds.source_rank import source_name
from triage.web.context import page_context
from triage.web.context.page_context import AddressMovedError, PageContext, WrongAddressError
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.presenters.contact import also
from triage.web.presenters.emergency_block import emergency_block
from triage.web.presenters.how_to_pages import DEAF, OF_WHOEVER
from triage.web.presenters.local_services import beside, served_by
from triage.web.presenters.outcome import (
    OutcomePage,
    asking,
    because,
    choices,
    councils,
    said_of,
    told,
)
from triage.web.presenters.sentences import lead
from triage.web.presenters.share_message import share
from triage.web.presenters.text_and_sign import typing_or_signing
from triage.web.presenters.unread_welsh import welsh_unread
from triage.web.wording import dates

# Questions whose options the visitor can answer only by saying who they are to the phone.
_ASKS_MOBILE = frozenset({"silent-solution"})
_ASKS_SMS = frozenset({"emergency-sms"})
# So many answers of the first question stand there at once; the rest open (public.md).
_AT_ONCE = 8
# A longer list of signs is folded where it is an emergency whatever they are: 999 stands above it.
LONGEST_LIST = 16


@lru_cache(maxsize=1)
def _questions() -> dict[str, Question]:
    return {q.address: q for q in rulebook().questions.values()}


@lru_cache(maxsize=1)
def _outcomes() -> dict[str, Outcome]:
    return {o.address: o for o in rulebook().outcomes.values()}


@page()
def start(here: PageContext, request: HttpRequest) -> HttpResponse:
    """The emergency block and the first question."""
    question = rulebook().questions[rulebook().start]
    options = _options(question)
    context = {
        "calls": emergency_block(here),
        "question": question,
        "options": options[:_AT_ONCE],
        "others": options[_AT_ONCE:],
        "walks": True,
    }
    return show(here, "public/start.html", context)


@page()
def question(here: PageContext, request: HttpRequest, address: str) -> HttpResponse:
    """One question and its options."""
    found = _questions().get(address)
    if found is None:
        raise WrongAddressError(404, "error-not-found")
    if found.id == rulebook().start:
        raise AddressMovedError(here.to(""))
    trail = rulebook().trail(found.id)
    options = _options(found)
    context = {
        "question": found,
        "options": options,
        "walks": any(quiet for _, _, quiet in options),
        "trail": trail,
        "back": trail[-1][0] if trail else None,
    }
    return show(here, "public/question.html", context, sensitive=found.sensitive)


def _options(question: Question) -> list[tuple[Option, str, bool]]:
    """Each option with the path it leads to, and whether that branch is sensitive."""
    return [(option, *_target(question, option)) for option in question.options]


def _target(question: Question, option: Option) -> tuple[str, bool]:
    book = rulebook()
    if option.to in book.questions:
        found = book.questions[option.to]
        return f"ask/{found.address}/", found.sensitive
    outcome = book.outcomes[option.to]
    return f"advice/{outcome.address}/from/{question.address}/{option.id}/", outcome.sensitive


@page()
def advice(here: PageContext, request: HttpRequest, address: str) -> HttpResponse:
    """An outcome by its own address, without the answers that led to it."""
    return _advice(here, _outcome(address), ())


@page()
def advice_from(
    here: PageContext, request: HttpRequest, address: str, asked: str, option: str
) -> HttpResponse:
    """An outcome with the answers that led to it."""
    outcome = _outcome(address)
    found = _questions().get(asked)
    chosen = next((o for o in found.options if o.id == option), None) if found else None
    if found is None or chosen is None or chosen.to != outcome.id:
        raise AddressMovedError(here.to(f"advice/{address}/"))
    return _advice(here, outcome, because(found, chosen))


def _outcome(address: str) -> Outcome:
    found = _outcomes().get(address)
    if found is None:
        raise WrongAddressError(404, "error-not-found")
    return found


def _advice(
    here: PageContext, outcome: Outcome, why: tuple[tuple[Question, Option], ...]
) -> HttpResponse:
    views = [asking(here, view, outcome) for view in told(here, outcome.needs)]
    sensitive = outcome.sensitive or any(q.sensitive for q, _ in why)
    words = outcome.words(page_context.nation(here))
    whoever = outcome.id in OF_WHOEVER
    first = views[0].first if len(views) == 1 and not whoever else None
    served = (*beside(here, outcome.beside), *served_by(here, _channels(views)))
    context = {
        "outcome": outcome,
        "views": views,
        "calls": emergency_block(here) if whoever else None,
        **_typing_or_signing(here, outcome),
        "said_of": said_of(views),
        "main": views[0],
        "words": words,
        "lead": lead(here, words.lead, views[0].emergency, first) if words.lead else "",
        "why": why,
        "steps": _steps(here, outcome, _channels(views)),
        "also": also(here, words.also or (), _channels(views)),
        "choices": choices(here, views),
        "councils": councils(here, _channels(views)),
        "folds_signs": views[0].emergency and len(outcome.signs) > LONGEST_LIST,
        "served": served,
        # Where the first way has no digits of its own, those of the place's services are it.
        "served_first": not views[0].first.number and any(group.dials for group in served),
        "sources": _sources(outcome),
        "checked_on": dates.day(outcome.checked, here.lang) if outcome.checked else "",
        "again_by": dates.day(outcome.review_by, here.lang) if outcome.review_by else "",
        "wrong": True,
        "welsh_unread": main_is_danger(views) and welsh_unread(here),
        "share": share(here, outcome, views[0], sensitive=sensitive),
        **_about_the_phone(here, views),
    }
    return show(here, "public/advice.html", context, sensitive=sensitive)


def _typing_or_signing(here: PageContext, outcome: Outcome) -> Mapping[str, object]:
    """The ways of the page for deaf people, where an outcome is about all of them."""
    return typing_or_signing(here, None) if outcome.id == DEAF.outcome else {}


def main_is_danger(views: list[OutcomePage]) -> bool:
    """Whether any place is told that this is an emergency."""
    return any(view.urgency == Urgency.EMERGENCY for view in views)


def _steps(
    here: PageContext, outcome: Outcome, shown: set[str]
) -> list[tuple[Text, tuple[Text, ...]]]:
    """How each channel works that the outcome wants explained, of those the advice shows: nobody
    is told to press 55 on a call that is not to be made now."""
    nation = page_context.nation(here)
    known = [rulebook().catalogue.channels[c].words(nation) for c in outcome.steps if c in shown]
    return [(words.label, words.how) for words in known if words.label and words.how]


def _channels(views: list[OutcomePage]) -> set[str]:
    return {channel for view in views for channel in view.channels}


def _about_the_phone(here: PageContext, views: list[OutcomePage]) -> dict[str, Any]:
    """Whether to ask for a mobile or for a registration: only where an answer changes the list."""
    shown = _channels(views)
    return {
        "ask_mobile": here.visitor.has_mobile is None and bool(shown & _ASKS_MOBILE),
        "ask_sms": here.visitor.registered_for_sms is None and bool(shown & _ASKS_SMS),
        "no_mobile": here.telling("mobile", "no"),
        "no_sms": here.telling("sms", "no"),
    }


def _sources(outcome: Outcome) -> list[tuple[str, str | None]]:
    known = rulebook().catalogue.sources
    found = [known[s] for s in outcome.sources if s in known]
    return [(source_name(source), source.canonical or source.url) for source in found if source.url]


@page()
def now(here: PageContext, request: HttpRequest) -> HttpResponse:
    """I need 999 now: the right number for each service, and what to say."""
    context = {"calls": emergency_block(here), "welsh_unread": welsh_unread(here)}
    return show(here, "public/now.html", context)
