"""The laws of advice.md, proved over the whole rulebook and counted in the summary.

That each law would notice a fault is test_laws.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

from triage import rules
from triage.engine import proof, scope
from triage.engine.proof import (
    Proof,
    prove_issuers,
    prove_parity,
    prove_silence,
    prove_singles,
    prove_tree,
)
from triage.engine.proof_pairs import Pairs
from triage.engine.rulebook import Rulebook
from triage.engine.scope import ReachingIncident
from triage.engine.situation import PhoneLine, Visitor

Proved = Callable[[str, Proof], None]
# Pairs are dealt out into parts, so that two workers share them evenly.
PARTS = 6
VISITORS = {
    "on EE": Visitor(network="ee"),
    "on a landline, with a mobile": Visitor(line=PhoneLine.LANDLINE, has_mobile=True),
    "on a broadband phone, without": Visitor(line=PhoneLine.DIGITAL_LANDLINE, has_mobile=False),
    "on a mobile, registered to text": Visitor(line=PhoneLine.MOBILE, registered_for_sms=True),
    "afloat, with a radio": Visitor(afloat=True, has_radio=True),
}


@lru_cache(maxsize=1)
def pairs() -> Pairs:
    return Pairs(rules.rulebook())


def test_the_question_tree_keeps_its_laws(rulebook: Rulebook, proved: Proved) -> None:
    proved("questions and outcomes", prove_tree(rulebook))


def test_every_single_incident_keeps_the_laws(rulebook: Rulebook, proved: Proved) -> None:
    proved("single incidents", prove_singles(rulebook))


def test_whoever_states_it_the_laws_are_kept(rulebook: Rulebook, proved: Proved) -> None:
    proved("of carriers, governments and nobody", prove_issuers(rulebook))


def test_what_does_not_count_changes_nothing(rulebook: Rulebook, proved: Proved) -> None:
    proved("out of scope, unsaid or stood down", prove_silence(rulebook))


def test_how_somebody_communicates_weakens_no_answer(rulebook: Rulebook, proved: Proved) -> None:
    proved("parity: fault x service x nation, by text, sign and silence", prove_parity(rulebook))


def _at_stake() -> list[str]:
    return sorted({c for _, classes in proof.by_place(rules.rulebook())
                   for c in proof.at_stake(classes)})  # fmt: skip


@pytest.mark.parametrize("channel", _at_stake())
def test_an_engine_that_is_blind_to_a_channel_does_not_start(
    channel: str, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The laws see with their own eyes: what scope.py drops, the check at the start misses."""
    sees = scope.reaching

    def blind(*given: Any) -> tuple[ReachingIncident, ...]:
        return tuple(s for s in sees(*given) if s.incident.channel != channel)

    monkeypatch.setattr("triage.engine.need_context.reaching", blind)
    assert prove_singles(rulebook, every_mode=False, channels=(channel,)).findings


@pytest.mark.parametrize("who", VISITORS)
def test_the_laws_are_kept_for_a_visitor(who: str, rulebook: Rulebook, proved: Proved) -> None:
    proof = prove_singles(rulebook, VISITORS[who], every_mode=False)
    proved("single incidents, by visitor", proof)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_pair_of_incidents_keeps_the_laws(part: int, proved: Proved) -> None:
    proved("pairs of incidents", pairs().part(part, PARTS))
