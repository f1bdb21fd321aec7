"""Data of a form, of the API or of the record -> a Statement, judged: every problem at once.

What a statement is stands in statement.py; who may say it is rights.py; how many people it takes is
approval.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from outage.statements import free_words, limits
from outage.statements.statement import Statement, own_words, plain
from triage import scenario
from triage.engine.catalogue import Catalogue
from triage.engine.rulebook import Rulebook
from triage.incident_checks import not_followed


class InvalidStatementError(Exception):
    """The content has problems; `problems` holds each as a sentence that says where and what."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def read(data: object, rulebook: Rulebook, at: datetime) -> Statement:
    """Content from JSON or a form. Raises InvalidStatementError with every problem at once."""
    try:
        content = Statement.model_validate(data)
    except ValidationError as error:
        raise InvalidStatementError(tuple(_sentence(e) for e in error.errors())) from error
    if problems := tuple(_problems(content, rulebook, at)):
        raise InvalidStatementError(problems)
    return content


def _sentence(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "content"
    return f"{where}: {error['msg']}"


def _problems(content: Statement, rulebook: Rulebook, at: datetime) -> Iterator[str]:
    yield from _unknown_ids(content, rulebook, at)
    yield from limits.problems(content, at, rulebook.catalogue)
    if content.planned and content.starts_at is None:
        yield "starts_at: planned work has a start: say when"
    if missing_welsh(content) and content.welsh_due is None:
        yield "words_cy: the Welsh is missing: write it, or mark it urgent, to follow by a time"
    for where in _with_a_number(content, rulebook.catalogue):
        yield f"{where}: no telephone number in words: give it as a local number, with its test"
    if content.demand_note and content.demand_until is None:
        yield "demand_until: a note about demand has an end: say when"
    for n, number in enumerate(content.numbers):
        if number.verified_at > at:
            yield f"numbers.{n}.verified_at: a test call cannot lie in the future"
        if number.valid_until <= at:
            yield f"numbers.{n}.valid_until: has already passed"


def _with_a_number(content: Statement, catalogue: Catalogue) -> Iterator[str]:
    """Words that carry a telephone number: nobody would see whether it was tested, or its end."""
    known = known_numbers(catalogue)
    yield from (name for name, words in own_words(content) if free_words.has_number(words, known))


def known_numbers(catalogue: Catalogue) -> frozenset[str]:
    """The numbers of the catalogue: they are right in words, since everybody knows them."""
    return frozenset(n for c in catalogue.channels if (n := catalogue.number(c)))


def missing_welsh(content: Statement) -> bool:
    """Whether something was written in English only."""
    pairs = [(content.words_en, content.words_cy), (content.cause_en, content.cause_cy)]
    pairs += [(n.words_en, n.words_cy) for n in content.notices]
    return any(en and not cy for en, cy in pairs)


def _unknown_ids(content: Statement, rulebook: Rulebook, at: datetime) -> Iterator[str]:
    """Ids, footprints and times are checked where scenarios are: one rule, one place."""
    try:
        read_in = scenario.IncidentIn.model_validate(_as_scenario(content, at))
    except ValidationError as error:
        yield from (_sentence(e) for e in error.errors())
        return
    whole = scenario.ScenarioIn(now=at, need=next(iter(rulebook.needs)), incidents=[read_in])
    problems = [*scenario.problems_of(whole, rulebook)]
    yield from (p.removeprefix("incidents.0.").removeprefix("scope.") for p in problems)
    if not problems:
        yield from not_followed(scenario.incident(read_in), rulebook)


def _as_scenario(content: Statement, at: datetime) -> dict[str, Any]:
    data = plain(content)
    kept = set(scenario.IncidentIn.model_fields) & set(data)
    scope = {k: data[k] for k in ("footprints", "services", "networks", "lines")}
    return {k: data[k] for k in kept - {"notices", "numbers"}} | {
        "id": "this",
        "status": "draft",
        "scope": scope,
        "issuer": {"name": "-", "kind": "other", "footprint": "uk", "entitled": True},
        "published_at": at.isoformat(),
        "notices": [{k: n[k] for k in ("need", "mode", "to")} for n in data["notices"]],
        "numbers": [{k: v for k, v in n.items() if k != "verified_by"} for n in data["numbers"]],
    }
