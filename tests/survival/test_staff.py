"""What was acknowledged is kept, and of two at once one wins and the other is told."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from tests.survival.conftest import Room
from tests.survival.machine import Hands
from tests.survival.readers import Readers, Truth

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]
KILLS = 4


def test_what_was_acknowledged_survives_kill_9_at_any_moment(room: Room, truth: Truth) -> None:
    """Publications in Kent, whose advice no reader here asks; the killer strikes at random."""
    choose, acknowledged = random.Random(9), []
    with Readers(room.nginx.port, truth, ("/in/leicestershire/",)).reading() as count:
        for turn in range(KILLS):
            hands = Hands(room.folder, room.env, f"victim-{turn}")
            hands.told()
            for n in range(40):
                hands.ask(do="declare", channel="101", area="police:kent", slug=f"k-{turn}-{n}")
            # The clock of the killer starts with the first that is stored.
            if told := hands.told(60):
                acknowledged.append(told["slug"])
            end = time.monotonic() + choose.uniform(0.1, 1.2)
            while time.monotonic() < end:
                if told := hands.told(0.02):
                    acknowledged.append(told["slug"])
            hands.kill()
    stored = room.hands.do(do="stored")
    lost = set(acknowledged) - set(stored["slugs"])
    print(f"\nkill -9: {KILLS} kills, {len(acknowledged)} acknowledged, {len(lost)} lost")
    count.say("readers meanwhile")
    assert acknowledged
    assert not lost
    assert stored["faults"] == []
    count.assert_all_well()


def pressed_at_once(pair: tuple[Hands, Hands], **order: Any) -> list[dict[str, Any]]:
    """What two who press at the same moment are told. Who hears that the database was not reached
    in time presses again, as a person would."""
    for hands in pair:
        hands.ask(**order)
    told = [hands.told() or {"lost": "no answer"} for hands in pair]
    return [
        hands.surely(**order) if "lost" in t else t for hands, t in zip(pair, told, strict=True)
    ]


def test_two_operators_at_once_one_wins_and_the_other_is_told(room: Room, truth: Truth) -> None:
    first, second = (Hands(room.folder, room.env, f"operator-{n}") for n in "ab")
    for hands in (first, second):
        hands.told()
    try:
        for _ in range(10):
            made = room.hands.do(do="declare", channel="101", area="police:kent")
            told = pressed_at_once((first, second), do="end", **made)
            # That it has changed since, or that it is over already: never that both did it.
            kinds = {next(iter(t)) for t in told}
            assert kinds in ({"changed", "slug"}, {"refused", "slug"})
    finally:
        first.stop()
        second.stop()
    assert room.hands.do(do="stored")["faults"] == []


def test_two_publications_at_once_are_both_kept_in_one_chain(room: Room, truth: Truth) -> None:
    pair = [Hands(room.folder, room.env, f"publisher-{n}") for n in "ab"]
    for hands in pair:
        hands.told()
    try:
        for n in range(10):
            for area, hands in zip(("kent", "sussex"), pair, strict=True):
                where = f"police:{area}"
                hands.ask(do="declare", channel="101", area=where, slug=f"two-{area}-{n}")
        told = [hands.told() for hands in pair for _ in range(10)]
    finally:
        for hands in pair:
            hands.stop()
    stored = room.hands.do(do="stored")
    assert all(answer and answer["slug"] in stored["slugs"] for answer in told)
    assert stored["faults"] == []
