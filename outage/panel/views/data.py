"""The data as staff pages: what is due for another look and who keeps it, and the tree drawn.

Read only. The data itself is changed in seeds/, and facts.py says what is due.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from outage.panel.access import page, staff
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from triage import tree_diagram
from triage.engine.catalogue import Lang
from triage.places.postcodes import FILE, PostcodeStoreError, load
from triage.rules import rulebook
from triage.seeds import fact_register
from triage.seeds.fact_register import Held

SOON = timedelta(days=90)
MOST_LINES = 1000


@require_safe
@staff
def data(request: HttpRequest, by: Actor) -> HttpResponse:
    """What is due on a day (today unless one is named) and in the three months after it."""
    on = _day(request.GET.get("at"), by.at.date())
    facts = [*fact_register.held(rulebook()), *_postcodes()]
    due = fact_register.due(facts, on)
    coming = [fact for fact in fact_register.due(facts, on + SOON) if fact not in set(due)]
    welsh = Counter(item.weight for item in fact_register.welsh_to_read(rulebook(), {}))
    context = {
        "on": on,
        "total": len(facts),
        "due": due[:MOST_LINES],
        "due_in_all": len(due),
        "coming": sorted(Counter((fact.review_by, fact.owner) for fact in coming).items()),
        "kinds": sorted(fact_register.counts(facts)["kind"].items()),
        "welsh": [(weight.name.lower(), welsh[weight]) for weight in fact_register.Weight],
        "hardest": fact_register.reading_ages(rulebook())[:5],
        "branches": rulebook().questions[rulebook().start].options,
    }
    return page(request, "staff/data.html", context)


def _day(text: str | None, today: date) -> date:
    try:
        return date.fromisoformat(text) if text else today
    except ValueError as error:
        raise RefusedError(
            f'"{text[:20] if text else ""}" is not a date: write 2027-05-22.'
        ) from error


def _postcodes() -> list[Held]:
    """The import of postcodes, which ages too; none where nothing was imported."""
    try:
        store = load(settings.DATA_DIR / FILE, rulebook().catalogue)
    except (OSError, PostcodeStoreError):
        return []
    return [fact_register.postcodes_held(store.imported)]


@require_safe
@staff
def tree(request: HttpRequest, by: Actor) -> HttpResponse:
    """The tree of questions as a drawing: all of it, or the branch that is named."""
    start = request.GET.get("from") or rulebook().start
    lang = request.GET.get("lang") or "en"
    if start not in rulebook().questions or lang not in set(Lang):
        raise RefusedError(
            "There is no such branch or language. Choose one from the page of the data."
        )
    drawn = tree_diagram.svg(rulebook(), Lang(lang), start)
    return HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
