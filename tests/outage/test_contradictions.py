"""Where statements contradict each other: presets count, equal words do not."""

from __future__ import annotations

from typing import Any

import pytest

from outage.statements.contradictions import clashes
from tests.cast import NOON, incident, issuer, notice, scope
from triage.engine.situation import Incident
from triage.rules import rulebook

MET = issuer("Metropolitan Police", of="police:metropolitan")
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
