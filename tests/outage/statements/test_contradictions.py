"""Where statements contradict each other: presets count, equal words do not."""

from __future__ import annotations

from typing import Any

import pytest

from outage.statements.contradictions import clashes
from tests.cast import NOON, incident, issuer, later, notice, scope
from triage.engine.catalogue import Service
from triage.engine.situation import Incident
from triage.rules import rulebook

MET = issuer("Metropolitan Police", of="police:metropolitan")
NHS = issuer("NHS England", of="nation:england")
FIRE = issuer("London Fire", of="fire:london")


def stated(ident: str, **more: Any) -> Incident:
    return incident("999", more.pop("state", "many-failing"), id=ident, **more)


def why(other: Incident, this: Incident) -> list[str]:
    return [c.why for c in clashes(rulebook(), [other, this], this, NOON)]


def replace_(need: str, *to: str) -> Any:
    return notice(need, "replace", *to)


def test_a_preset_is_a_statement_where_a_force_says_replace() -> None:
    """Live on the board of finding N6: the UK by preset, the Met by its own notice."""
    uk = stated("uk")
    met = stated("met", issuer=MET, scope=scope("police:metropolitan"),
                 notices=(replace_("police-emergency", "101"),))  # fmt: skip
    (said,) = why(uk, met)
    assert said.startswith("Police emergency: they say “Try the usual first")
    assert "(the usual advice), you say “Go straight to the alternative”" in said


def test_the_same_words_are_no_contradiction() -> None:
    notices = (replace_("police-emergency", "101"),)
    uk = stated("uk", notices=notices)
    met = stated("met", issuer=MET, scope=scope("police:metropolitan"), notices=notices)
    assert why(uk, met) == []


def test_who_does_not_answer_a_need_contradicts_nobody_on_it() -> None:
    fire = stated("fire", issuer=FIRE, scope=scope("fire:london"))
    met = stated("met", issuer=MET, scope=scope("police:metropolitan"),
                 notices=(replace_("police-emergency", "101"),))  # fmt: skip
    assert why(fire, met) == []


def test_another_state_is_one() -> None:
    fire = stated("fire", issuer=FIRE, scope=scope("fire:london"), state="on-backup")
    met = stated("met", issuer=MET, scope=scope("police:metropolitan"))
    assert why(fire, met) == ["they say “on back-up”, you say “many failing”"]


@pytest.mark.parametrize("state", ["restored", "resolved"])
def test_what_is_over_contradicts_nothing(state: str) -> None:
    over = stated("over", state=state, review_at=None)
    met = stated("met", issuer=MET, scope=scope("police:metropolitan"))
    assert why(over, met) == []
    assert why(met, over) == []


def test_a_force_does_not_contradict_itself() -> None:
    one = stated("one", issuer=MET, scope=scope("police:metropolitan"), state="delayed")
    two = stated("two", issuer=MET, scope=scope("police:metropolitan"))
    assert why(one, two) == []


def leg(service: str) -> Any:
    return scope("nation:england", services=(Service(service),))


def test_another_leg_is_another_fault() -> None:
    """NHS England of the ambulance's leg, beside the Met of its own on 25 June 2023."""
    nhs = stated("nhs", issuer=NHS, scope=leg("ambulance"),
                 notices=(notice("medical-emergency", "try-first", "111"),))  # fmt: skip
    met = stated("met", state="down", issuer=MET,
                 scope=scope("police:metropolitan", services=(Service("police"),)),
                 notices=(replace_("police-emergency", "101"),))  # fmt: skip
    assert why(nhs, met) == []


def test_who_speaks_for_a_nation_has_no_word_on_others_calls() -> None:
    nhs = stated("nhs", issuer=NHS, scope=scope("nation:england"))
    met = stated("met", issuer=MET, scope=scope("police:metropolitan"),
                 notices=(replace_("police-emergency", "101"),))  # fmt: skip
    assert why(nhs, met) == []


def test_999_on_one_network_is_not_999_on_all() -> None:
    ee = stated("ee", state="down", issuer=FIRE, scope=scope("fire:london", networks=("ee",)))
    met = stated("met", issuer=MET, scope=scope("police:metropolitan"))
    assert why(ee, met) == []


def test_planned_work_contradicts_nothing_that_fails_now() -> None:
    work = stated("work", state="down", planned=True, review_at=None, ends_at=later(hours=1))
    met = stated("met", issuer=MET, scope=scope("police:metropolitan"))
    assert why(work, met) == []


def test_one_way_more_behind_the_first_is_no_contradiction() -> None:
    uk = stated("uk", notices=(replace_("police-emergency", "101"),))
    met = stated("met", issuer=MET, scope=scope("police:metropolitan"),
                 notices=(replace_("police-emergency", "101", "in-person"),))  # fmt: skip
    assert why(uk, met) == []
