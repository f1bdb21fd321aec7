"""The tree of questions, and what a search in it gave."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from triage.engine.catalogue import Nation
from triage.engine.rulebook import Outcome, Question, Rulebook, Urgency
from triage.search.finding import Certainty
from triage.web.api.schemas.shared import Out, TextOut


class OptionOut(Out):
    id: str
    label: TextOut
    to: str
    not_sure: bool


class QuestionOut(Out):
    id: str
    title: TextOut
    hint: TextOut | None
    options: list[OptionOut]

    @classmethod
    def of(cls, asked: Question) -> QuestionOut:
        return cls(
            id=asked.id,
            title=TextOut.of(asked.title),
            hint=TextOut.maybe(asked.hint),
            options=[
                OptionOut(id=o.id, label=TextOut.of(o.label), to=o.to, not_sure=o.not_sure)
                for o in asked.options
            ],
        )


class OutcomeOut(Out):
    id: str
    title: TextOut
    lead: TextOut
    needs: dict[Nation, str]
    urgency: Urgency

    @classmethod
    def of(cls, rulebook: Rulebook, given: Outcome) -> OutcomeOut:
        """An outcome; its urgency is the most urgent that any nation's need gives it."""
        urgencies = [rulebook.needs[need].urgency for need in given.needs.values()]
        return cls(
            id=given.id,
            title=TextOut.of(given.title),
            lead=TextOut.of(given.lead),
            needs=dict(given.needs),
            urgency=min(urgencies, key=lambda urgency: urgency.rank),
        )


class QuestionsOut(Out):
    """The whole tree: options lead to a question or to an outcome, by id."""

    start: str
    questions: list[QuestionOut]
    outcomes: list[OutcomeOut]


class SearchFirst(Out):
    channel: str
    number: str | None
    ask_for: str | None


class SearchResult(Out):
    kind: Annotated[str, Field(json_schema_extra={"enum": ["outcome", "question", "page"]})]
    id: str
    title: str
    urgency: Urgency | None
    first: SearchFirst | None
    then: list[str]


class SearchOut(Out):
    emergency_panel: bool
    certainty: Certainty
    results: list[SearchResult]
