"""Other languages: the list of the cards, and one page a card."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from triage.rules import languages, rulebook
from triage.seeds.languages import LanguageCard
from triage.web.context import page_context
from triage.web.context.page_context import PageContext, WrongAddressError
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.presenters.emergency_block import emergency_block
from triage.web.presenters.how_to_pages import LANGUAGES
from triage.web.presenters.language_cards import language_card
from triage.web.wording.catalogue import words


@page()
def every_language(here: PageContext, request: HttpRequest) -> HttpResponse:
    """Each language by its own name, and what to say in English."""
    return every_language_page(here)


def every_language_page(here: PageContext) -> HttpResponse:
    assert LANGUAGES.outcome
    outcome = rulebook().outcomes[LANGUAGES.outcome]
    context = {
        "cards": languages().values(),
        "calls": emergency_block(here),
        "words": outcome.words(page_context.nation(here)),
        "sections": words().sections(LANGUAGES.key),
    }
    return show(here, "public/languages.html", context)


@page()
def language(
    here: PageContext, request: HttpRequest, code: str, thanks: bool = False
) -> HttpResponse:
    """One card, with the digits of the live advice; after a tap with thanks before it."""
    card = languages().get(code)
    if card is None:
        raise WrongAddressError(404, "error-not-found")
    return language_page(here, card, thanks=thanks)


def language_page(here: PageContext, card: LanguageCard, *, thanks: bool = False) -> HttpResponse:
    shown = language_card(here, card)
    context = {
        "card": shown,
        "thanks": thanks,
        "said_of": shown.block.said,
        "others": languages().values(),
    }
    return show(here, "public/language.html", context)
