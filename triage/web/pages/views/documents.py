"""Pages of prose: about the data, safety, privacy, accessibility, licence. No rule."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from triage.engine.catalogue import Source
from triage.rules import rulebook
from triage.seeds import fact_register
from triage.seeds.source_rank import page_rank, source_name
from triage.web.context.page_context import PageContext
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.wording import dates
from triage.web.wording.catalogue import words

PAGES = ("safety", "privacy", "accessibility")
# The pages of ours that a section sends people to, by their words: what is named must be in reach.
LINKS = {
    "safety-2": (("silent/", "foot-silent"),),
    "privacy-2": (("feedback/", "feedback-title"), ("offline/", "offline-title")),
    "privacy-3": (("safety/", "foot-safety"),),
    "accessibility-4": (("feedback/", "feedback-title"),),
}


@page()
def prose(here: PageContext, request: HttpRequest, key: str) -> HttpResponse:
    """A page that is all words."""
    sections = [(s, LINKS.get(s.key, ())) for s in words().sections(key)]
    context = {"title_key": f"{key}-title", "sections": sections, "contact": contact(key)}
    return show(here, "public/prose.html", context)


def contact(key: str) -> dict[str, str] | None:
    """Who can be written to about accessibility, where whoever runs this copy says so."""
    if key != "accessibility":
        return None
    return {"text": settings.CONTACT, "href": contact_link()}


def contact_link() -> str:
    """Where whoever runs this copy can be written to, as a link; empty where none is given."""
    address: str = settings.CONTACT
    return address if not address or address.startswith("https:") else f"mailto:{address}"


@page()
def about(here: PageContext, request: HttpRequest) -> HttpResponse:
    """Where the facts come from, when they were checked, and when that is due again.

    The page is kept for as long as nothing changes, so it names days and never says "today".
    """
    book = rulebook()
    checked = [o.checked for o in book.outcomes.values() if o.checked]
    context = {
        "sections": words().sections("about"),
        "checked_on": dates.day(max(checked), here.lang),
        "digest": book.digest[:12],
        "due": _due(here),
    }
    return show(here, "public/about.html", context)


def _due(here: PageContext) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Each day that facts are due on, how many they are, and how many each role keeps."""
    days = fact_register.schedule(fact_register.held(rulebook()))
    return [
        (
            dates.day(day, here.lang),
            sum(owners.values()),
            [(f"owner-{owner.split()[0]}", number) for owner, number in owners.items()],
        )
        for day, owners in days.items()
    ]


@page()
def sources(here: PageContext, request: HttpRequest) -> HttpResponse:
    """Every source: the body whose page it is, its date, and what sort of page."""
    known = [s for s in rulebook().catalogue.sources.values() if s.url]
    rows = [(source_name(s), s, f"rank-{page_rank(s):d}") for s in known]
    return show(here, "public/sources.html", {"sources": sorted(rows, key=by_name)})


def by_name(row: tuple[str, Source, str]) -> tuple[str, str]:
    return row[0].casefold(), row[1].date


@page()
def licence(here: PageContext, request: HttpRequest) -> HttpResponse:
    """The licence of the program, as it stands in the repository."""
    text = Path(settings.BASE_DIR / "LICENSE").read_text(encoding="utf-8")
    return show(here, "public/licence.html", {"text": text})
