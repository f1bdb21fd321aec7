"""How alarming words sound: what the examples teach, and what that does to the panel.

words-unseen.json was written from the facts by a hand that had seen no topic, no example and no
other table. Before there were examples, 21 of its 110 emergencies had no panel and 34 of its 150
other rows had one: 60 of those were written to mislead ("drowning in paperwork"). The marks of
finding.py were set on other sentences; the share of this table was read a few times meanwhile, its
rows never.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outage import bulletin
from outage.bulletin import Bulletin
from tests.cast import NOON
from tests.conftest import Say
from triage.engine.catalogue import Lang, Nation
from triage.search.evidence import Evidence
from triage.search.tokens import tokens
from triage.search.topics import Topics
from triage.web.context.search_query import search, searching

UNSEEN = Path(__file__).parent / "sets" / "words-unseen.json"
MISSED, CRIED_WOLF = 0.05, 0.25


def sounds(words: str) -> float:
    found = searching()
    return found.evidence.sounds(found.spelling.out(tokens(words)))


def has_panel(words: str) -> bool:
    with bulletin.showing(Bulletin()):
        return search(words, Nation.ENGLAND, Lang.EN, NOON).emergency_panel


def test_words_nobody_has_tuned_for_find_the_panel(say: Say) -> None:
    rows = json.loads(UNSEEN.read_text(encoding="utf-8"))
    danger = [row["q"] for row in rows if row["panel"]]
    calm = [row["q"] for row in rows if not row["panel"]]
    missed = sum(not has_panel(q) for q in danger)
    wolf = sum(has_panel(q) for q in calm)
    say(f"unseen: {missed} of {len(danger)} emergencies without a panel")
    say(f"unseen: {wolf} of {len(calm)} ordinary rows with one")
    assert missed <= MISSED * len(danger)
    assert wolf <= CRIED_WOLF * len(calm)


@pytest.mark.parametrize(
    "words",
    [
        "grandads face has sagged and his arm just flops",
        "lad in the canal gone under twice",
        "hes got the door half off its hinges and hes shouting my name",
        "mae nain yn las ac yn gwichian am ei gwynt",
    ],
)
def test_danger_is_heard_in_words_that_no_flag_holds(words: str) -> None:
    assert has_panel(words)


@pytest.mark.parametrize("words", ["killer heels gave me blisters", "ddoe ges i ffein parcio"])
def test_calm_words_sound_calm(words: str) -> None:
    assert sounds(words) < 0
    assert not has_panel(words)


def test_words_nobody_has_said_weigh_nothing() -> None:
    assert sounds("zxqv wkrp") == 0.0
    assert not has_panel("zxqv wkrp")


@pytest.mark.parametrize(
    "words",
    [
        "i want to report a lost passport and my neighbour is stabbing someone",
        "how do i pay my parking fine, also my husband has chest pain",
        "yesterday i lost my bike and reported it online. now my wife cannot breathe",
        "i lost my licence and my bank card was stolen last week and i want to kill myself",
    ],
)
def test_a_calm_matter_in_the_same_breath_hides_no_danger(words: str) -> None:
    assert sounds(words) < -4
    assert has_panel(words)


@pytest.mark.parametrize(
    "words",
    [
        "quick question about my council tax he has a knife in his hand",
        "noise complaint neighbour gunshots",
        "parking ticket suicidal",
    ],
)
def test_a_red_flag_stands_though_the_rest_is_calm(words: str) -> None:
    assert has_panel(words)


def test_a_word_weighs_by_the_side_it_is_oftener_said_on() -> None:
    topics = Topics(
        danger={Lang.EN: ("the boat sinks", "a boat burns")},
        calm={Lang.EN: ("the boat sails", "a bill burns money", "the bill")},
    )
    weights = Evidence.of(topics, frozenset(), tokens).weights
    assert weights["boat"] > 0 > weights["bill"]
    assert weights["the boat"] == pytest.approx(weights["burn"])
