"""25 June 2023, replayed: what this site would have said, against what each authority had told."""

from __future__ import annotations

from datetime import datetime

import pytest

from outage.audit import past_days
from tests.cast import channels, codes
from triage.engine.advice import Advice
from triage.engine.catalogue import Place
from triage.places.finder import Finder
from triage.rules import finder

PLACES = {
    "London": "Westminster",
    "Glasgow": "Glasgow",
    "Exeter": "Exeter",
    "Kettering": "Kettering",
}
P, F, M, N = "police-emergency", "fire-emergency", "medical-emergency", "police-nonemergency"

# Place, time, need: the channels that lead, and why. Minutes that are not on record are assumed
# in seeds/history/2023-06-25.toml and marked there.
TOLD = [
    # London: the Met's "101" of 08:40 and its all-clear of 09:50; NHS England's 111 from 08:55.
    # The Met took routine calls on 101 again from 09:50: nobody was sent there any more.
    ("London", "08:45", P, ["101"]),
    ("London", "08:45", F, ["999"]),
    ("London", "08:45", M, ["999"]),
    ("London", "08:45", N, ["police-online"]),
    ("London", "09:30", P, ["101"]),
    ("London", "09:30", F, ["999"]),
    ("London", "09:30", M, ["999", "111"]),
    ("London", "09:30", N, ["police-online"]),
    ("London", "10:15", P, ["999", "101"]),
    ("London", "10:15", F, ["999", "101"]),
    ("London", "10:15", M, ["999", "111"]),
    ("London", "10:15", N, ["police-online", "101"]),
    ("London", "12:00", P, ["999", "101"]),
    ("London", "12:00", F, ["999", "101"]),
    ("London", "12:00", M, ["999", "111"]),
    ("London", "12:00", N, ["police-online"]),
    # Glasgow: nothing stated by 08:45; Police Scotland 08:55, the fire service 09:15; BT's
    # "working" of 10:00 against services still in trouble gives both.
    ("Glasgow", "08:45", P, ["999"]),
    ("Glasgow", "08:45", F, ["999"]),
    ("Glasgow", "08:45", M, ["999"]),
    ("Glasgow", "08:45", N, ["police-online", "101"]),
    ("Glasgow", "09:30", P, ["101"]),
    ("Glasgow", "09:30", F, ["101"]),
    ("Glasgow", "09:30", M, ["999"]),
    ("Glasgow", "09:30", N, ["police-online"]),
    ("Glasgow", "10:15", P, ["999", "101"]),
    ("Glasgow", "10:15", F, ["999", "101"]),
    ("Glasgow", "10:15", M, ["999", "111"]),
    ("Glasgow", "10:15", N, ["police-online"]),
    ("Glasgow", "12:00", P, ["999", "101"]),
    ("Glasgow", "12:00", F, ["999", "101"]),
    ("Glasgow", "12:00", M, ["999", "111"]),
    ("Glasgow", "12:00", N, ["police-online"]),
    # Exeter: Devon and Cornwall Police 09:00, Devon and Somerset Fire "not working" 09:10.
    ("Exeter", "08:45", P, ["999"]),
    ("Exeter", "08:45", F, ["999"]),
    ("Exeter", "08:45", M, ["999"]),
    ("Exeter", "08:45", N, ["police-online", "101"]),
    ("Exeter", "09:30", P, ["101"]),
    ("Exeter", "09:30", F, ["101"]),
    ("Exeter", "09:30", M, ["999", "111"]),
    ("Exeter", "09:30", N, ["police-online"]),
    ("Exeter", "10:15", P, ["999", "101"]),
    # Devon and Somerset Fire took its "not working" back only later; BT says since 10:00 that it
    # works: the two disagree, and both ways are shown, 999 first.
    ("Exeter", "10:15", F, ["999", "101"]),
    ("Exeter", "10:15", M, ["999", "111"]),
    ("Exeter", "10:15", N, ["police-online", "wait"]),
    ("Exeter", "12:00", P, ["999", "101"]),
    ("Exeter", "12:00", F, ["999", "101"]),
    ("Exeter", "12:00", M, ["999", "111"]),
    ("Exeter", "12:00", N, ["police-online", "wait"]),
    # Kettering: Northamptonshire Police 09:00, who also sent the rest to its website.
    ("Kettering", "08:45", P, ["999"]),
    ("Kettering", "08:45", F, ["999"]),
    ("Kettering", "08:45", M, ["999"]),
    ("Kettering", "08:45", N, ["police-online", "101"]),
    ("Kettering", "09:30", P, ["101"]),
    ("Kettering", "09:30", F, ["999"]),
    ("Kettering", "09:30", M, ["999", "111"]),
    ("Kettering", "09:30", N, ["police-online"]),
    ("Kettering", "10:15", P, ["999", "101"]),
    ("Kettering", "10:15", F, ["999", "101"]),
    ("Kettering", "10:15", M, ["999", "111"]),
    ("Kettering", "10:15", N, ["police-online"]),
    ("Kettering", "12:00", P, ["999", "101"]),
    ("Kettering", "12:00", F, ["999", "101"]),
    ("Kettering", "12:00", M, ["999", "111"]),
    ("Kettering", "12:00", N, ["police-online"]),
]


def _place(town: str, found: Finder) -> Place:
    return found.find(PLACES[town]).places[0]


def said(town: str, time: str, need: str) -> Advice:
    at = datetime.fromisoformat(f"2023-06-25T{time}:00+01:00")
    return past_days.replay(past_days.day("2023-06-25"), at, _place(town, finder()), need)


@pytest.mark.parametrize(("town", "time", "need", "leads"), TOLD)
def test_what_this_site_would_have_said(town: str, time: str, need: str, leads: list[str]) -> None:
    assert channels(said(town, time, need))[: len(leads)] == leads


def test_every_place_time_and_need_is_replayed() -> None:
    times = ("08:45", "09:30", "10:15", "12:00")
    wanted = {(town, time, need) for town in PLACES for time in times for need in (P, F, M, N)}
    assert {told[:3] for told in TOLD} == wanted


def test_after_the_all_clear_999_leads_everywhere() -> None:
    for town in PLACES:
        assert said(town, "21:10", P).first.channel == "999"


@pytest.mark.parametrize("town", ["London", "Glasgow", "Exeter", "Kettering"])
def test_101_is_kept_free_while_it_carries_emergencies(town: str) -> None:
    assert "keep-off" in codes(said(town, "09:30", N))
    assert "keep-off" not in codes(said(town, "08:00", N))


def test_fire_callers_sent_to_101_are_told_to_ask_for_fire() -> None:
    assert said("Exeter", "09:30", F).first.ask_for == "fire"


def test_a_replay_of_the_day_is_the_same_twice() -> None:
    assert said("London", "08:45", P) == said("London", "08:45", P)


def test_assumed_times_are_marked_in_the_story() -> None:
    past = past_days.day("2023-06-25")
    story = past_days.story(past)
    marked = [e for e in story.entries if "exact time is not known" in e.words.en]
    assumed = [s for s in past.statement if s.assumed] + [e for e in past.entry if e.assumed]
    assert len(marked) == len(assumed) > 20


def test_claims_that_disagree_stand_side_by_side() -> None:
    words = " ".join(e.words.en for e in past_days.story(past_days.day("2023-06-25")).entries)
    for claim in ("90 minutes", "10 hours and 32 minutes", "9,641", "12,392", "14,000"):
        assert claim in words


def test_the_regulators_steps_and_an_open_assurance_are_told() -> None:
    kinds = [e.kind for e in past_days.story(past_days.day("2023-06-25")).entries]
    assert kinds.count("regulator") == 2
    assert "assurance" in kinds


def test_every_statement_has_a_source_with_an_address() -> None:
    past = past_days.day("2023-06-25")
    assert all(past.sources[s.source].url.startswith("http") for s in past.statement)


def test_an_unknown_day_is_refused_with_those_there_are() -> None:
    with pytest.raises(past_days.UnknownDayError, match="2023-06-25"):
        past_days.day("2023-06-26")
