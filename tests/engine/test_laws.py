"""That the laws would notice: a law over a rulebook, or advice, in which something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import NOON, Cast, ago, incident, issuer, later, notice, on, scope
from triage.engine import advice_laws, saying_laws
from triage.engine.advice import Advice, Entry, Say
from triage.engine.catalogue import Nation
from triage.engine.law_case import LawCase, LawMoment
from triage.engine.proof import prove_singles, prove_tree
from triage.engine.rulebook import Option, Rulebook
from triage.engine.situation import Code, Incident, Mode, Uses, Visitor

Twist = Callable[[Advice], Advice]


def told(cast: Cast, need: str, *stated: Incident, twist: Twist | None = None) -> LawCase:
    """What somebody in Leeds is told, put wrong by `twist`."""
    moment = LawMoment(cast.rulebook, cast.leeds, NOON, stated, Visitor())
    known, advice = cast.rulebook.needs[need], cast.ask(need, cast.leeds, *stated)
    right = LawCase(moment, known, known.uses or Uses.VOICE, advice)
    return replace(right, advice=twist(right.advice)) if twist else right


def first(cast: Cast, channel: str, **more: Any) -> Twist:
    """Advice whose first channel is another one."""
    label = cast.rulebook.catalogue.label(channel, Nation.ENGLAND)
    number = cast.rulebook.catalogue.number(channel)
    href = f"tel:{number}" if number else None
    entry = Entry(channel, label, number, href, Mode.AS_USUAL)
    return lambda a: replace(a, first=replace(entry, **more), then=())


def silent(code: Code) -> Twist:
    """Advice without one of its codes."""
    return lambda a: replace(a, say=tuple(s for s in a.say if s.code is not code))


def test_a_channel_marked_down_is_noticed(cast: Cast) -> None:
    wrong = told(cast, "police-emergency", incident("999"), twist=first(cast, "999"))
    assert [*advice_laws.nothing_down_is_shown(wrong)]


def test_a_channel_of_another_nation_is_noticed(cast: Cast) -> None:
    wrong = told(cast, "gas", twist=first(cast, "gas-ni"))
    assert [*advice_laws.what_is_shown_exists(wrong)]


def test_a_link_that_dials_another_number_is_noticed(cast: Cast) -> None:
    wrong = told(cast, "gas", twist=first(cast, "gas-gb", href="tel:08001111"))
    assert [*advice_laws.every_link_dials_its_number(wrong)]


def test_a_form_for_an_emergency_is_noticed(cast: Cast) -> None:
    wrong = told(cast, "police-emergency", twist=first(cast, "police-online"))
    assert [*advice_laws.never(wrong)]


def test_999_for_a_routine_need_is_noticed(cast: Cast) -> None:
    assert [*advice_laws.never(told(cast, "lost-property", twist=first(cast, "999")))]


def test_112_round_a_999_fault_is_noticed(cast: Cast) -> None:
    wrong = told(cast, "police-emergency", incident("999"), twist=first(cast, "112"))
    assert [*advice_laws.never(wrong)]


def test_a_police_desk_for_a_fire_is_noticed(cast: Cast) -> None:
    assert [*advice_laws.never(told(cast, "fire-emergency", twist=first(cast, "police-counter")))]


def test_a_number_that_nobody_published_is_noticed(cast: Cast) -> None:
    wrong = first(cast, "local-number", number="01632 960999", href="tel:01632960999")
    case = told(cast, "police-emergency", incident("999"), twist=wrong)
    assert [*advice_laws.every_link_dials_its_number(case)]


def test_another_phone_for_a_fault_of_999_itself_is_noticed(cast: Cast) -> None:
    wrong = told(cast, "police-emergency", incident("999"), twist=first(cast, "999-other-phone"))
    assert [*advice_laws.another_phone_cures_only_a_line(wrong)]


def test_a_mobile_while_every_mobile_is_dead_is_noticed(cast: Cast) -> None:
    dead = incident("mobile-voice")
    wrong = told(cast, "police-emergency", dead, twist=first(cast, "999-from-mobile"))
    assert [*advice_laws.no_dead_kind_of_phone_is_shown(wrong)]


def test_a_line_kept_free_by_nobody_is_noticed(cast: Cast) -> None:
    def unsigned(a: Advice) -> Advice:
        return replace(a, notices=())

    wrong = told(cast, "lost-property", incident("999"), twist=unsigned)
    assert [*saying_laws.kept_free_is_said(wrong)]


def test_a_line_that_some_phones_are_sent_to_and_nobody_keeps_free_is_noticed(cast: Cast) -> None:
    told_101 = (notice("police-emergency", "replace", "101"),)
    on_ee = incident("999", scope=scope(networks=("ee",)), notices=told_101)
    wrong = told(cast, "police-nonemergency", on_ee, twist=silent(Code.KEEP_OFF))
    assert [*saying_laws.kept_free_is_said(wrong)]


def test_a_line_that_no_statement_about_some_phones_names_is_not_kept_free(cast: Cast) -> None:
    def kept(a: Advice) -> Advice:
        return replace(a, say=(*a.say, Say(Code.KEEP_OFF, "101")))

    on_ee = incident("999", scope=scope(networks=("ee",)))
    wrong = told(cast, "police-nonemergency", on_ee, twist=kept)
    assert [*saying_laws.kept_free_is_said(wrong)]


@pytest.mark.parametrize("late", [True, False])
def test_a_force_keeps_no_line_free_for_the_ambulance(cast: Cast, late: bool) -> None:
    """What follows for others from a force's word of the front door keeps nothing free (rule 7)."""
    review_at = ago(minutes=5) if late else later(minutes=30)
    force = issuer("A force", of="police:west-yorkshire")
    case = told(cast, "adult-worry", incident("999", issuer=force, review_at=review_at))
    assert case.moment.kept_free == {"101"}
    assert not list(saying_laws.kept_free_is_said(case))
    wrong = replace(case, advice=replace(case.advice, say=(Say(Code.KEEP_OFF, "111"),)))
    assert list(saying_laws.kept_free_is_said(wrong))


def test_a_force_has_no_word_on_111(cast: Cast) -> None:
    """What its issuer has no right to say has no effect (rule 10): the laws know it too."""
    force = issuer("A force", of="police:west-yorkshire")
    stated = incident("111", issuer=force, review_at=ago(minutes=5))
    case = told(cast, "medical-nonemergency", stated)
    assert not case.moment.reaching
    assert not [law.__name__ for law in advice_laws.LAWS for _ in law(case)]
    assert told(cast, "medical-nonemergency", incident("111")).moment.reaching


def test_routine_calls_on_an_emergency_line_are_noticed(cast: Cast) -> None:
    wrong = told(cast, "lost-property", incident("999"), twist=first(cast, "101"))
    assert [*advice_laws.what_carries_emergencies_is_kept_free(wrong)]


def test_voice_alone_is_noticed(cast: Cast) -> None:
    assert [*advice_laws.no_voice_is_the_sole_way(told(cast, "gas", twist=first(cast, "gas-gb")))]


def test_a_channel_at_risk_alone_is_noticed(cast: Cast) -> None:
    wrong = told(cast, "deaf-bsl", incident("999"), twist=first(cast, "999-bsl", at_risk=True))
    assert [*advice_laws.at_risk_is_not_alone(wrong)]


def test_a_channel_at_risk_without_a_mark_is_noticed(cast: Cast) -> None:
    wrong = told(cast, "deaf-bsl", incident("999"), twist=first(cast, "999-bsl"))
    assert [*advice_laws.at_risk_is_marked(wrong)]


def test_a_bare_999_is_noticed_on_the_calmest_day(cast: Cast) -> None:
    bare = told(cast, "police-emergency", twist=lambda a: replace(a, then=()))
    assert [*advice_laws.there_is_a_second_way(bare)]


def test_a_link_over_a_dead_line_is_noticed(cast: Cast) -> None:
    visitor = on("ee", "mobile")
    dead = incident("mobile-voice", scope=scope(networks=("ee",)))
    right = told(cast, "gas", dead)
    moment = replace(right.moment, visitor=visitor)
    wrong = replace(right, moment=moment, advice=first(cast, "gas-gb")(right.advice))
    assert [*advice_laws.no_link_leads_over_a_dead_line(wrong)]


def test_a_place_instead_of_what_half_works_is_noticed(cast: Cast) -> None:
    half = (incident("999", "many-failing"), incident("101"))
    assert not [*advice_laws.what_half_works_is_kept(told(cast, "police-emergency", *half))]
    wrong = told(cast, "police-emergency", *half, twist=first(cast, "in-person"))
    assert [*advice_laws.what_half_works_is_kept(wrong)]


def test_an_owner_who_does_not_answer_is_noticed(cast: Cast) -> None:
    wrong = told(cast, "police-emergency", twist=first(cast, "samaritans"))
    assert [*advice_laws.never(wrong)]


def test_the_weaker_answer_of_who_types_is_noticed(cast: Cast) -> None:
    hearing = told(cast, "medical-emergency", incident("999", "many-failing"))
    moment = replace(hearing.moment, visitor=Visitor(uses=Uses.TEXT))
    typed = replace(hearing, moment=moment, uses=Uses.TEXT)
    police = first(cast, "101-text-relay", mode=Mode.TRY_FIRST)(hearing.advice)
    assert [*advice_laws.parity(hearing, replace(typed, advice=police))]


def test_a_missing_source_is_noticed(cast: Cast) -> None:
    wrong = told(cast, "police-emergency", incident("999"), twist=lambda a: replace(a, notices=()))
    assert [*saying_laws.the_source_is_said(wrong)]


@pytest.mark.parametrize(
    ("code", "law", "need"),
    [
        (Code.ASK_FOR_FIRE, saying_laws.services_are_asked_for, "fire-emergency"),
        (Code.ASK_FOR_COASTGUARD, saying_laws.services_are_asked_for, "coastguard"),
        (Code.AT_RISK, saying_laws.risk_and_trouble_are_said, "deaf-bsl"),
        (Code.DO_NOT_TEST_CALL, saying_laws.test_calls_are_discouraged, "police-emergency"),
        (Code.KEEP_OFF, saying_laws.kept_free_is_said, "lost-property"),
        (Code.LAST_UPDATED_AND_NEXT_REVIEW, saying_laws.the_source_is_said, "police-emergency"),
    ],
)
def test_a_code_that_is_not_said_is_noticed(
    cast: Cast, code: Code, law: advice_laws.Law, need: str
) -> None:
    assert not [*law(told(cast, need, incident("999")))]
    assert [*law(told(cast, need, incident("999"), twist=silent(code)))]


def test_a_slow_line_without_hold_on_is_noticed(cast: Cast) -> None:
    slow = incident("999", "delayed")
    wrong = told(cast, "police-emergency", slow, twist=silent(Code.STAY_ON_LINE))
    assert [*saying_laws.holding_is_said(wrong)]


def _with_route(rulebook: Rulebook, need: str, *route: str) -> Rulebook:
    old = rulebook.needs[need]
    new = replace(old, routes=dict.fromkeys(Nation, route))
    return replace(rulebook, needs={**rulebook.needs, need: new})


def _only(rulebook: Rulebook, *needs: str) -> Rulebook:
    return replace(rulebook, needs={n: rulebook.needs[n] for n in needs})


def test_a_route_over_112_fails_the_proof(rulebook: Rulebook) -> None:
    small = _only(rulebook, "police-emergency")
    wrong = _with_route(small, "police-emergency", "112", "999")
    assert not prove_singles(small, every_mode=False).findings
    assert {f.law for f in prove_singles(wrong, every_mode=False).findings} == {"never"}


def _with_option(rulebook: Rulebook, question: str, *options: Option) -> Rulebook:
    old = rulebook.questions[question]
    new = replace(old, options=(*old.options, *options))
    return replace(rulebook, questions={**rulebook.questions, question: new})


def _laws(rulebook: Rulebook) -> set[str]:
    return {finding.law for finding in prove_tree(rulebook).findings}


def _option(rulebook: Rulebook, to: str, *, not_sure: bool = False) -> Option:
    return Option("more", rulebook.questions["start"].title, to, not_sure)


def test_a_second_way_to_a_question_is_noticed(rulebook: Rulebook) -> None:
    twice = _with_option(rulebook, "money", _option(rulebook, "crime"))
    assert "every_question_has_one_parent" in _laws(twice)


def test_an_option_that_leads_nowhere_is_noticed(rulebook: Rulebook) -> None:
    lost = _with_option(rulebook, "money", _option(rulebook, "nowhere"))
    assert "there_is_no_dead_end" in _laws(lost)


def test_an_outcome_that_nothing_leads_to_is_noticed(rulebook: Rulebook) -> None:
    some = next(iter(rulebook.outcomes.values()))
    orphan = replace(some, id="orphan")
    assert "everything_is_reached" in _laws(
        replace(rulebook, outcomes={**rulebook.outcomes, "orphan": orphan})
    )


def test_a_not_sure_that_goes_down_is_noticed(rulebook: Rulebook) -> None:
    calm = next(o.id for o in rulebook.outcomes.values() if set(o.needs.values()) == {"council"})
    down = _with_option(rulebook, "danger", _option(rulebook, calm, not_sure=True))
    assert "not_sure_goes_up" in _laws(down)


def test_a_leaf_beyond_five_taps_is_noticed(rulebook: Rulebook) -> None:
    far = rulebook
    calm = next(iter(rulebook.outcomes))
    leaf = rulebook.questions["money"]
    for n in range(6):
        new = replace(leaf, id=f"far-{n}", options=(_option(far, calm),))
        far = replace(far, questions={**far.questions, new.id: new})
    for n in range(5):
        far = _with_option(far, f"far-{n}", _option(far, f"far-{n + 1}"))
    assert "every_leaf_is_near" in _laws(_with_option(far, "money", _option(far, "far-0")))


def test_a_start_without_an_emergency_is_noticed(rulebook: Rulebook) -> None:
    start = rulebook.questions["start"]
    without = tuple(o for o in start.options if o.to != "danger")
    questions = {**rulebook.questions, "start": replace(start, options=without)}
    assert "an_emergency_is_one_tap_away" in _laws(replace(rulebook, questions=questions))
