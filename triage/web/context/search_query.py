"""The one search that pages, the API and the command call: words -> results with today's first.

Thin: triage/search finds, the engine says what comes first today. What people type is the most
telling thing about them: nothing is stored, logged or remembered here, and no word of it is a key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from django.conf import settings

from outage import bulletin
from triage.engine.advice import Advice
from triage.engine.catalogue import Lang, Nation, Text
from triage.engine.edition import edition
from triage.engine.rulebook import Outcome, Rulebook, Urgency
from triage.engine.situation import Situation
from triage.engine.unknown_place import advise_nation
from triage.rules import languages, rulebook
from triage.rules import words as catalogue_words
from triage.search.explaining import explain
from triage.search.finding import (
    NOBODY,
    AskBack,
    Certainty,
    QueryTooLongError,
    Search,
    SearchHits,
    dangers,
)
from triage.search.model import StaleModelError, unpack
from triage.search.other_languages import OtherLanguages
from triage.search.reading import LONGEST
from triage.seeds.problems import SeedProblem, SeedsError, unknown
from triage.seeds.says import fingerprint, read_flags, read_other_languages
from triage.web.context.place_in_words import without_places
from triage.web.context.site_pages import SITE_PAGES
from triage.web.context.staleness import Staleness, cautious, staleness

__all__ = ["LONGEST", "First", "QueryTooLongError", "Result", "Results", "as_json", "search", "why"]

TRAINED = "trained.bin"  # beside the sentences that it was learnt from


@dataclass(frozen=True, slots=True)
class First:
    """The channel an outcome's advice puts first; `ask_for` is the service to name there."""

    channel: str
    label: Text
    number: str | None
    href: str | None
    ask_for: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """A question, an outcome or a page of this site. `address` is its part of the address. Only an
    outcome has a `first`, and it has none where the nation is unknown and nations differ."""

    kind: Literal["outcome", "question", "page"]
    id: str
    address: str
    title: str
    urgency: Urgency | None = None
    first: First | None = None
    then: tuple[str, ...] = ()
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """Best first. With none, the page offers the start of the questions and the not-sure way.
    `back` is a question that parts the likeliest results, where the words leave them open."""

    emergency_panel: bool
    results: tuple[Result, ...]
    certainty: Certainty = Certainty.NONE
    back: AskBack | None = None


def ids_of_search() -> frozenset[str]:
    """Everything that words may lead to, and that they lead nowhere."""
    book = rulebook()
    return frozenset({*book.outcomes, *book.questions, *SITE_PAGES, NOBODY})


_SAYS = (Certainty.NONE, Certainty.UNSURE, Certainty.LIKELY, Certainty.SURE)


@lru_cache(maxsize=1)
def searching() -> Search:
    """The search of this process, built once. Raises SeedsError where what it was trained on is
    not what stands in seeds/says, or where it knows an outcome that is not there."""
    folder = settings.SEEDS_DIR / "says"
    place = f"seeds/says/{TRAINED}"
    try:
        model = unpack((folder / TRAINED).read_bytes(), fingerprint(folder))
    except (OSError, StaleModelError) as error:
        raise SeedsError([SeedProblem(place, "", str(error))]) from error
    known = ids_of_search()
    lost = [SeedProblem(place, "", unknown("outcome or question", i, known))
            for i in model.ids if i not in known]  # fmt: skip
    if lost:
        raise SeedsError(lost)
    book = rulebook()
    return Search.over(book, model, read_flags(folder, dangers(book)))


@lru_cache(maxsize=1)
def _other_languages() -> OtherLanguages:
    book = rulebook()
    said = read_other_languages(settings.SEEDS_DIR / "says")
    cards = {code: (*said.get(code, ()), c.emergency, c.call, *c.how[1:2], c.silent)
             for code, c in languages().items()}  # fmt: skip
    titles = [o.title for o in book.outcomes.values()] + [q.title for q in book.questions.values()]
    options = (o.label for q in book.questions.values() for o in q.options)
    names = (channel.label for channel in book.catalogue.channels.values())
    own = (
        t.lang(lang)
        for t in (*titles, *options, *names, *catalogue_words().texts.values())
        for lang in Lang
    )
    return OtherLanguages(cards, own)


def languages_of(words: str) -> tuple[str, ...]:
    """The codes of the cards to offer beside the results: of the language that this is in."""
    return _other_languages().of(words)


def search(words: str, nation: Nation | None, lang: Lang, at: datetime) -> Results:
    """Where these words lead, with what comes first in that nation at that moment.

    Raises QueryTooLongError for more than 4,000 characters.
    """
    found = heard(words)
    today = _today(at)
    results = tuple(_result(place.id, nation, lang, today) for place in found.places)
    return Results(found.panel, results, found.certainty, found.back)


def heard(words: str) -> SearchHits:
    """What is heard with the names of places or without them, whichever says more: a town takes
    nothing from what happened there, and never a panel."""
    whole = searching().find(words)
    rest = without_places(words)
    if rest == words.strip(" ,.") or not rest:
        return whole
    other = searching().find(rest)
    if not other.places or (whole.panel and not other.panel):
        return whole
    if other.panel and not whole.panel:
        return other
    return max(other, whole, key=_says)


def _says(hits: SearchHits) -> tuple[int, float]:
    """How much an answer says: how certain it is, and how likely its first place."""
    return _SAYS.index(hits.certainty), hits.places[0].share if hits.places else 0.0


def why(words: str) -> list[dict[str, Any]]:
    """Which words led where: what the first result and the danger would lose without each."""
    return [
        {"word": weight.word, "place": weight.place, "danger": weight.danger}
        for weight in explain(searching(), words)
    ]


def _result(ident: str, nation: Nation | None, lang: Lang, today: _Today) -> Result:
    book = rulebook()
    if page := SITE_PAGES.get(ident):
        return Result("page", ident, page.path, page.title(lang))
    if question := book.questions.get(ident):
        title = book.catalogue.fill(question.title).lang(lang)
        return Result("question", ident, question.address, title)
    outcome = book.outcomes[ident]
    told = [_told(outcome, n, today) for n in ([nation] if nation else Nation)]
    differs = len({advice.sense for advice in told}) > 1
    return Result(
        kind="outcome",
        id=ident,
        address=outcome.address,
        title=book.catalogue.fill(outcome.title).lang(lang),
        urgency=min((advice.urgency for advice in told), key=lambda urgency: urgency.rank),
        first=None if differs else _first(told[0]),
        then=() if differs else tuple(entry.channel for entry in told[0].then),
        differs=differs,
    )


def _first(advice: Advice) -> First:
    entry = advice.first
    return First(entry.channel, entry.label, entry.number, entry.href, entry.ask_for)


@dataclass(frozen=True)
class _Today:
    """What is in force, as it counts: two moments of one edition are the same."""

    edition: str
    careful: bool
    book: Rulebook
    situation: Situation

    def __hash__(self) -> int:
        return hash((self.edition, self.careful))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Today):
            return NotImplemented
        own = (self.edition, self.careful, self.book.digest)
        return own == (other.edition, other.careful, other.book.digest)


def _today(at: datetime) -> _Today:
    reading = bulletin.reading()
    live = reading.bulletin.incidents
    careful = staleness(reading) is Staleness.CAUTIOUS
    return _Today(
        edition(rulebook(), live, at, None),
        careful,
        rulebook(),
        Situation(at, "", None, incidents=live),
    )


def _told(outcome: Outcome, nation: Nation, today: _Today) -> Advice:
    return _advice(outcome.needs[nation], nation, today)


@lru_cache(maxsize=1024)
def _advice(need: str, nation: Nation, today: _Today) -> Advice:
    """A need's advice is worked out once an edition. It hangs on no word that was typed."""
    asked = _asked(need, today)
    return advise_nation(today.book, asked, nation)


def _asked(need: str, today: _Today) -> Situation:
    given = today.situation
    asked = Situation(given.at, need, None, given.visitor, given.incidents)
    return cautious(today.book, asked) if today.careful else asked


def as_json(results: Results) -> dict[str, Any]:
    """The results as the command and the API print them (embed-and-api.md)."""
    return {
        "emergency_panel": results.emergency_panel,
        "certainty": str(results.certainty),
        "results": list(_rows(results.results)),
    }


def _rows(results: Iterable[Result]) -> Iterable[dict[str, Any]]:
    for result in results:
        yield {
            "kind": result.kind,
            "id": result.id,
            "title": result.title,
            "urgency": str(result.urgency) if result.urgency else None,
            "first": _row(result.first) if result.first else None,
            "then": list(result.then),
        }


def _row(first: First) -> dict[str, Any]:
    return {"channel": first.channel, "number": first.number, "ask_for": first.ask_for}
