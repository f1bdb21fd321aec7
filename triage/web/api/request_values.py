"""What a request to the API means: its need, its place, its visitor. Raises Wrong where it means
nothing, or may mean several things.

Areas and councils may be named as they were before a merger: an address that worked goes on
working. The addresses themselves are views.py.
"""

from __future__ import annotations

import re
from typing import Any

from triage.engine.catalogue import Nation, Place
from triage.engine.situation import Visitor
from triage.places.finder import as_json
from triage.rules import finder, rulebook
from triage.seeds.problems import did_you_mean
from triage.web.api.framework import ApiError, ApiProblem
from triage.web.api.schemas.requests import AdviceQuery

_WHOLE_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9OI][A-Z]{2}$")
SERVICES = ("police", "fire", "ambulance")


def need(query: AdviceQuery, place: Place | None, where: str) -> str:
    """The need asked for, by its own id or as the outcome has it in that nation."""
    book = rulebook()
    _known(where, "need", query.need, book.needs)
    _known(where, "outcome", query.outcome, book.outcomes)
    if query.outcome is None:
        if query.need is None:
            raise ApiError(409, ApiProblem("nothing is asked", where, "Give a need or an outcome."))
        return query.need
    needs = book.outcomes[query.outcome].needs
    if place is None and len(set(needs.values())) > 1:
        what = f'what outcome "{query.outcome}" needs differs by nation'
        each = ", ".join(f"{nation}: {need}" for nation, need in needs.items())
        raise ApiError(409, ApiProblem(what, where, f"Give a place, or one of the needs ({each})."))
    need = needs[place.nation if place else Nation.ENGLAND]
    if query.need not in (None, need):
        what = f'outcome "{query.outcome}" has the need "{need}", not "{query.need}"'
        raise ApiError(409, ApiProblem(what, f"{where}.need", "Give one of the two."))
    return need


def _known(where: str, key: str, value: str | None, known: Any) -> None:
    if value is not None and value not in known:
        hint = did_you_mean(value, known).strip() or "GET /api/v1/openapi.json lists them."
        raise ApiError(400, ApiProblem(f'{key} "{value}" is unknown', f"{where}.{key}", hint))


def place(query: AdviceQuery, where: str) -> Place | None:
    """The one place that is named. Raises Wrong where it is none, or may be several."""
    given = query.model_dump(include={"area", "council", *SERVICES}, exclude_none=True)
    catalogue = rulebook().catalogue
    known: dict[str, Any] = {
        "area": {*catalogue.areas, *catalogue.moved},
        "council": catalogue.council_now,
        **{s: [slug for kind, slug in catalogue.bodies if kind == s] for s in SERVICES},
    }
    for key, value in given.items():
        _known(where, key, value, known[key])
    if query.find is not None:
        if given:
            what = "find stands beside another place"
            raise ApiError(
                409, ApiProblem(what, f"{where}.find", f"Give find or {', '.join(given)}.")
            )
        return _find(query.find, where)
    try:
        return finder().by_services(**given) if given else None
    except ValueError as error:
        raise ApiError(409, ApiProblem(str(error), where, "Give one area.")) from error


def _find(words: str, where: str) -> Place:
    found = finder().find(words)
    if found.certain:
        return found.places[0]
    try:
        return finder().only(words)
    except ValueError as error:
        status, todo = (409, "Give one of them as area.") if found.places else (404, "Try a town.")
        problem = ApiProblem(str(error), f"{where}.find", todo)
        candidates: Any = as_json(found)["candidates"]
        raise ApiError(status, problem, candidates=candidates) from error


def is_postcode(words: str) -> bool:
    return _WHOLE_POSTCODE.search(words.upper().replace(" ", "")) is not None


def visitor(query: AdviceQuery, where: str) -> Visitor:
    _known(where, "network", query.network, rulebook().catalogue.brands)
    return Visitor(
        uses=query.uses,
        network=query.network,
        line=query.line,
        has_mobile=query.has_mobile,
        registered_for_sms=query.registered_for_sms,
        afloat=query.afloat,
        has_radio=query.has_radio,
    )


def area(slug: str | None) -> str | None:
    """The slug of today of the area that an address names; None where it names none."""
    if slug is None:
        return None
    catalogue = rulebook().catalogue
    _known("query", "area", slug, {*catalogue.areas, *catalogue.moved})
    return catalogue.area_now(slug)
