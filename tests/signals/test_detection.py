"""What rings and what does not, and the distribution behind it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from triage import rules
from triage.signals.blocks import MARKS, BlockMemory, distinct
from triage.signals.detection import Minute, SignalRules, Verdict, judge, least_ringing, tail
from triage.signals.usual import HOURS, Baseline, baseline, hour_of_week

SERIES = ("999", "area:leicestershire")
NOW = 30_000_000


@pytest.fixture(scope="module")
def tuned() -> SignalRules:
    return rules.signal_rules()


def empty(tuned: SignalRules) -> Baseline:
    return baseline({}, 0, tuned.lean_hours, tuned.least_an_hour)


def seen(tuned: SignalRules, blocks: int, ago: int = 0, marks: int = 0) -> Verdict:
    minutes = {NOW - ago: Minute(2 * blocks, 2 * blocks, marks)}
    return judge(SERIES, minutes, NOW, 0, empty(tuned), tuned)


def test_the_tail_is_that_of_a_negative_binomial() -> None:
    # Mean 3, dispersion 2: 1 - sum over n < 4 of C(n+1, n) 0.6^n 0.4^2, reckoned by hand.
    assert tail(4, 3.0, 2.0) == pytest.approx(1 - 0.16 * (1 + 2 * 0.6 + 3 * 0.36 + 4 * 0.216))
    assert tail(2, 3.0, 2.0) == pytest.approx(1 - 0.16 * (1 + 2 * 0.6))
    # Near Poisson where the dispersion is large: P(X >= 3), mean 1.
    assert tail(3, 1.0, 1e7) == pytest.approx(0.0803, abs=1e-4)


def test_the_floor_rings_where_nothing_is_usual(tuned: SignalRules) -> None:
    floor = tuned.windows[0].floor
    assert not seen(tuned, floor - 1).rings
    assert seen(tuned, floor).rings


def test_one_block_never_rings_however_many_processes_count_it(tuned: SignalRules) -> None:
    assert not seen(tuned, blocks=32, marks=0b1).rings
    assert seen(tuned, blocks=32, marks=0b1).looks[0].blocks == 1


def test_as_many_blocks_as_the_floor_ring_however_many_processes_count_them(
    tuned: SignalRules,
) -> None:
    floor = tuned.windows[0].floor
    assert seen(tuned, blocks=floor * 32, marks=2**floor - 1).looks[0].blocks == floor
    assert seen(tuned, blocks=floor, marks=2**floor - 1).rings
    assert not seen(tuned, blocks=floor * 32, marks=2 ** (floor - 1) - 1).rings


def test_a_block_that_taps_for_half_an_hour_is_one(tuned: SignalRules) -> None:
    minutes = {NOW - ago: Minute(4, 4, 0b11) for ago in (0, 12, 24)}
    assert judge(SERIES, minutes, NOW, 0, empty(tuned), tuned).looks[-1].blocks == 2


def test_a_flood_that_has_every_mark_is_counted_as_it_came(tuned: SignalRules) -> None:
    assert seen(tuned, blocks=50_000, marks=2**MARKS - 1).looks[0].blocks == 50_000


@pytest.mark.parametrize("blocks", [4, 100, 1_000, 10_000])
def test_marks_tell_how_many_blocks_there_were_to_a_twentieth(blocks: int) -> None:
    memory, marks = BlockMemory(), 0
    memory.shared = bytes(32)
    for n in range(blocks):
        marks |= memory.mark(bytes([10, n // 256, n % 256]), "999", 0.0)
    assert distinct(marks) == pytest.approx(blocks, rel=0.05)


def test_what_is_long_ago_rings_no_more(tuned: SignalRules) -> None:
    assert not seen(tuned, 50, ago=tuned.longest).rings


def test_what_is_usual_does_not_ring(tuned: SignalRules) -> None:
    busy = {SERIES: dict.fromkeys(range(HOURS), (240.0, 4.0))}
    usual = baseline(busy, 4, tuned.lean_hours, tuned.least_an_hour)
    minutes = {NOW - n: Minute(2, 2) for n in range(tuned.longest)}
    verdict = judge(SERIES, minutes, NOW, 0, usual, tuned)
    assert verdict.looks[-1].usual == pytest.approx(30, rel=0.01)
    assert not verdict.rings


def test_a_higher_usual_needs_more_to_ring(tuned: SignalRules) -> None:
    window = tuned.windows[0]
    needs = [least_ringing(mean, window, tuned.dispersion) for mean in (0.001, 0.1, 1, 10, 100)]
    assert needs == sorted(needs)
    assert needs[0] == window.floor
    assert needs[-1] > 600


def test_an_hour_of_the_week_is_that_of_clocks_in_the_uk() -> None:
    assert hour_of_week(datetime(2026, 11, 30, 0, 30, tzinfo=UTC)) == 0
    assert hour_of_week(datetime(2026, 7, 6, 23, 30, tzinfo=UTC)) == 24


def test_the_usual_of_an_hour_leans_on_the_average_of_the_place(tuned: SignalRules) -> None:
    once = {SERIES: {5: (8.0, 4.0)}}
    usual = baseline(once, 4, tuned.lean_hours, tuned.least_an_hour)
    assert usual.a_minute(SERIES, 5) > usual.a_minute(SERIES, 6)
    assert usual.a_minute(("101", "uk"), 5) == tuned.least_an_hour / 60


def test_looking_at_the_whole_uk_takes_at_most_50_ms(tuned: SignalRules) -> None:
    places = [f"area:{slug}" for slug in rules.rulebook().catalogue.areas]
    every = [(channel, place) for channel in ("999", "101", "111", "112", "a") for place in places]
    history = {s: dict.fromkeys(range(HOURS), (3.0, 4.0)) for s in every}
    usual = baseline(history, 4, tuned.lean_hours, tuned.least_an_hour)
    minutes = {NOW - n: Minute(2 * n, 2 * n, 3**n) for n in range(tuned.longest)}
    took = []
    for hour in range(3):
        begun = time.process_time()
        for series in every:
            judge(series, minutes, NOW, hour, usual, tuned)
        took.append(time.process_time() - begun)
    assert min(took) < 0.05, took
