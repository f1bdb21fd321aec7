"""The laws of the question tree: what must hold of it whatever is in force (advice.md).

Each law yields the place and what is wrong there. The laws of advice are laws.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from triage.engine.catalogue import Nation
from triage.engine.rulebook import Option, Outcome, Question, Rulebook, Urgency

MOST_TAPS = 5
TreeLaw = Callable[[Rulebook], Iterator[tuple[str, str]]]


def every_question_has_one_parent(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """A tree: one way to each question, none to the start."""
    leads = [o.to for q in rulebook.questions.values() for o in q.options]
    for question in rulebook.questions:
        ways = leads.count(question)
        wanted = 0 if question == rulebook.start else 1
        if ways != wanted:
            yield question, f"{ways} options lead to this question, not {wanted}"


def there_is_a_start(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    if rulebook.start not in rulebook.questions:
        yield rulebook.start, "there is no such question to start from"


def there_is_no_dead_end(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Every option leads on, and every outcome has a need that exists, in every nation."""
    for question in rulebook.questions.values():
        if not question.options:
            yield question.id, "this question has no option"
        for option in question.options:
            if option.to not in rulebook.questions and option.to not in rulebook.outcomes:
                yield question.id, f'option "{option.id}" leads nowhere: "{option.to}"'
    for outcome in rulebook.outcomes.values():
        for nation in Nation:
            if outcome.needs.get(nation) not in rulebook.needs:
                yield outcome.id, f"has no need in {nation}"


def everything_is_reached(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    depths = taps(rulebook)
    for ident in (*rulebook.questions, *rulebook.outcomes):
        if ident not in depths:
            yield ident, "nothing leads here from the start"


def every_leaf_is_near(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """At most five taps from the start to an answer, by every way."""
    for question, option in _options(rulebook):
        depth = len(rulebook.trail(question.id)) + 1
        if option.to in rulebook.outcomes and depth > MOST_TAPS:
            yield question.id, f'option "{option.id}" is tap {depth}, more than {MOST_TAPS}'


def not_sure_goes_up(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Not sure is never less urgent than the safe reading of its most urgent sibling.

    An answer's urgency is its own; a question's safe reading is the most urgent answer that its
    own "not sure" option, or else its first option, can bring about.
    """
    for question in rulebook.questions.values():
        sure = [o for o in question.options if not o.not_sure]
        for option in question.options:
            if not option.not_sure or not sure:
                continue
            for nation in Nation:
                most = min(_most_urgent(rulebook, o, nation) for o in sure)
                own = _most_urgent(rulebook, option, nation)
                if own > most:
                    wanted, given = list(Urgency)[most], list(Urgency)[own]
                    yield question.id, f"not sure is {given} in {nation}, a sibling {wanted}"


def an_emergency_is_one_tap_away(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """From the start, one tap leads to an emergency answer, or to the question of which."""
    for nation in Nation:
        options = rulebook.questions[rulebook.start].options if rulebook.questions else ()
        if not any(_all_emergencies(rulebook, o.to, nation) for o in options):
            yield rulebook.start, f"no option leads straight to an emergency in {nation}"


def _all_emergencies(rulebook: Rulebook, to: str, nation: Nation) -> bool:
    """An emergency answer, or a question about which emergency it is that opens with one."""
    if to in rulebook.outcomes:
        return _urgency(rulebook, rulebook.outcomes[to], nation) == 0
    question = rulebook.questions.get(to)
    return bool(question) and question is not None and _opens_with_one(rulebook, question, nation)


def _opens_with_one(rulebook: Rulebook, question: Question, nation: Nation) -> bool:
    first = question.options[0].to if question.options else ""
    return first in rulebook.outcomes and _urgency(rulebook, rulebook.outcomes[first], nation) == 0


def _most_urgent(rulebook: Rulebook, option: Option, nation: Nation) -> int:
    """The rank of the most urgent answer that lies behind an option: 0 is an emergency."""
    if option.to in rulebook.outcomes:
        return _urgency(rulebook, rulebook.outcomes[option.to], nation)
    question = rulebook.questions.get(option.to)
    ranks = [_most_urgent(rulebook, o, nation) for o in question.options] if question else []
    return min(ranks, default=len(Urgency) - 1)


def _urgency(rulebook: Rulebook, outcome: Outcome, nation: Nation) -> int:
    return rulebook.needs[outcome.needs[nation]].urgency.rank


def _options(rulebook: Rulebook) -> Iterator[tuple[Question, Option]]:
    for question in rulebook.questions.values():
        for option in question.options:
            yield question, option


def taps(rulebook: Rulebook) -> Mapping[str, int]:
    """How many taps from the start each question and outcome is, by the shortest way."""
    depths = {rulebook.start: 0}
    queue = [rulebook.start]
    while queue:
        question = rulebook.questions.get(queue.pop(0))
        for option in question.options if question else ():
            if option.to not in depths and question is not None:
                depths[option.to] = depths[question.id] + 1
                queue.append(option.to)
    return depths


TREE_LAWS: tuple[TreeLaw, ...] = (
    there_is_a_start,
    every_question_has_one_parent,
    there_is_no_dead_end,
    everything_is_reached,
    every_leaf_is_near,
    not_sure_goes_up,
    an_emergency_is_one_tap_away,
)
