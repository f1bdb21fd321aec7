"""The laws of the question tree: what must hold of it whatever is in force (advice.md).

Each law yields the place and what is wrong there. The laws of advice are advice_laws.py.
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

    An answer's urgency is its own; the safe reading of a question is the most urgent answer that
    lies behind it.
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
    """The first option of the start is for an emergency, and nothing else lies behind it.

    It leads to the answer, or to the question of which service: the page of that question says
    999 already. ("I need 999 now", on every page, needs no tree.)
    """
    start = rulebook.questions.get(rulebook.start)
    if start is None or not start.options:
        return
    for nation in Nation:
        if _ranks(rulebook, start.options[0].to, nation) != {Urgency.EMERGENCY.rank}:
            yield rulebook.start, f"its first option is not for an emergency in {nation}"


def _most_urgent(rulebook: Rulebook, option: Option, nation: Nation) -> int:
    """The rank of the most urgent answer that lies behind an option: 0 is an emergency."""
    return min(_ranks(rulebook, option.to, nation), default=len(Urgency) - 1)


def _ranks(
    rulebook: Rulebook, to: str, nation: Nation, past: frozenset[str] = frozenset()
) -> set[int]:
    """The urgency of every answer that lies behind a question, or of the answer itself."""
    if to in rulebook.outcomes:
        return {_urgency(rulebook, rulebook.outcomes[to], nation)}
    question = rulebook.questions.get(to)
    if question is None or to in past:
        return set()
    return set().union(*(_ranks(rulebook, o.to, nation, past | {to}) for o in question.options))


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


def nothing_leads_nowhere(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """What stands first can be used from its card, whatever the hour: a number, an address, or a
    plain instruction that is one by nature."""
    for outcome in rulebook.outcomes.values():
        for nation, need in outcome.needs.items():
            for channel in _may_be_first(rulebook, need, nation) if need in rulebook.needs else ():
                for area in _nowhere(rulebook, channel, nation):
                    yield outcome.id, f'"{channel}" stands first and leads nowhere in {area}'


def _may_be_first(rulebook: Rulebook, need: str, nation: Nation) -> Iterator[str]:
    """The first channel of a route that is never shut, and those before it that may be open."""
    known = rulebook.catalogue.channels
    for channel in rulebook.needs[need].routes[nation]:
        if nation in known[channel].nations:
            yield channel
            if channel not in rulebook.catalogue.timetable.timed:
                return


def _nowhere(rulebook: Rulebook, channel: str, nation: Nation) -> Iterator[str]:
    """The areas of a nation where nobody can use a channel from its card."""
    catalogue = rulebook.catalogue
    known = catalogue.channels[channel]
    told = known.by_nature and bool(known.words(nation).how)
    if told or catalogue.number(channel) or known.email:
        return
    for area in catalogue.areas.values():
        if area.nation is nation and not catalogue.url(channel, catalogue.place(area.slug)):
            yield area.slug


TREE_LAWS: tuple[TreeLaw, ...] = (
    there_is_a_start,
    every_question_has_one_parent,
    there_is_no_dead_end,
    everything_is_reached,
    every_leaf_is_near,
    not_sure_goes_up,
    an_emergency_is_one_tap_away,
    nothing_leads_nowhere,
)
