"""Counting taps in memory: blocks, not people; no address; a bound on what is kept."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count

import pytest

from triage.signals import blocks, tally
from triage.signals.blocks import BlockMemory, block_of
from triage.signals.tally import Count, Tally, Tap

AT = 1_800_000_000.0
TAP = Tap("999", "kent", "england")
BLOCK = block_of("192.0.2.1")


@pytest.fixture
def counted() -> Tally:
    return Tally()


def row(counted: Tally, place: str = "uk", channel: str = "999", now: float = AT) -> Count:
    return counted.take(now)[(int(AT // 60), channel, place)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.250", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("no address", "", True),
    ],
)
def test_a_block_is_what_a_household_or_a_cell_shares(one: str, other: str, same: bool) -> None:
    assert (block_of(one) == block_of(other)) is same


def test_a_block_counts_once_at_a_place_in_ten_minutes(counted: Tally) -> None:
    for second in range(9):
        counted.add(TAP, f"192.0.2.{second}", AT + second)
    found = row(counted)
    assert (found.taps, found.blocks) == (18, 2)


def test_after_ten_minutes_it_counts_again(counted: Tally) -> None:
    counted.add(TAP, "192.0.2.1", AT)
    counted.add(TAP, "192.0.2.1", AT + 60 * blocks.MINUTES)
    assert sum(c.blocks for (_, _, place), c in counted.take(AT).items() if place == "uk") == 4


def test_it_counts_once_too_across_the_change_of_the_key() -> None:
    keys = count()
    memory = BlockMemory(lambda: bytes([next(keys)]) * 16)
    before = memory.hashes(BLOCK, AT)
    assert memory.is_new(before, "999 uk", AT)
    change = AT + blocks.HOUR - 5
    memory.is_new(memory.hashes(BLOCK, change), "999 uk", change)
    after = memory.hashes(BLOCK, AT + blocks.HOUR)
    assert not set(before) & {after[0]}
    assert not memory.is_new(after, "999 uk", AT + blocks.HOUR)


def test_the_key_before_is_forgotten_too() -> None:
    memory = BlockMemory()
    before = memory.hashes(BLOCK, AT)
    later = AT + blocks.HOUR + 60 * blocks.MINUTES + 1
    memory.hashes(BLOCK, AT + blocks.HOUR)
    assert not set(before) & set(memory.hashes(BLOCK, later))


def test_each_place_of_a_tap_is_counted(counted: Tally) -> None:
    counted.add(TAP, "192.0.2.1", AT)
    assert {place for _, _, place in counted.take(AT)} == {"area:kent", "nation:england", "uk"}


def test_one_block_is_one_of_the_uk_however_many_areas_it_names(counted: Tally) -> None:
    for area in ("kent", "essex", "surrey"):
        counted.add(Tap("999", area, "england"), "192.0.2.1", AT)
    assert row(counted).blocks == 2


def test_words_that_were_searched_for_are_half_a_tap(counted: Tally) -> None:
    counted.add(Tap("999", adds=tally.HALF), "192.0.2.1", AT)
    assert (row(counted)).taps == 1


def test_a_phone_that_is_told_counts_for_its_network_and_no_second_time_for_the_place(
    counted: Tally,
) -> None:
    counted.add(TAP, "192.0.2.1", AT)
    counted.add(Tap("999", "kent", "england", "ee", "mobile", adds=0), "192.0.2.1", AT + 9)
    found = counted.take(AT)
    minute = int(AT // 60)
    assert found[(minute, "999", "area:kent")].taps == tally.WHOLE
    assert found[(minute, "999", "area:kent")].told == {"ee": 1, "mobile": 1}
    assert found[(minute, "999", "network:ee")].blocks == tally.WHOLE


def test_what_looks_like_a_machine_is_seen(counted: Tally) -> None:
    for n in range(5):
        counted.add(Tap("999", from_page=False), f"192.0.{n}.1", AT)
    found = row(counted)
    assert (found.bare, found.rush) == (5, 5)


def test_what_could_not_be_stored_is_counted_with_what_came_since(counted: Tally) -> None:
    counted.add(TAP, "192.0.2.1", AT)
    taken = counted.take(AT)
    counted.add(TAP, "192.0.3.1", AT + 1)
    counted.put_back(taken.items())
    assert row(counted).taps == 2 * tally.WHOLE


def _reachable(of: object, seen: set[int]) -> Iterator[object]:
    if id(of) in seen or isinstance(of, type):
        return
    seen.add(id(of))
    yield of
    inside = [*of, *of.values()] if isinstance(of, dict) else []
    inside += list(of) if isinstance(of, list | tuple | set) else []
    inside += list(vars(of).values()) if hasattr(of, "__dict__") else []
    inside += [getattr(of, n) for n in getattr(type(of), "__slots__", ()) if hasattr(of, n)]
    for value in inside:
        yield from _reachable(value, seen)


def test_nothing_in_memory_holds_an_address(counted: Tally) -> None:
    counted.add(TAP, "198.51.100.77", AT)
    held = [*_reachable(counted, set())]
    texts = [v for v in held if isinstance(v, str | bytes)]
    assert not any("198.51.100" in str(v) or bytes([198, 51, 100]) in _bytes(v) for v in texts)
    numbers = [v for v in held if isinstance(v, int)]
    assert int.from_bytes(bytes([198, 51, 100])) not in numbers
    assert len(held) > 10


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def test_a_hundred_thousand_blocks_an_hour_stay_within_8_mb(counted: Tally) -> None:
    for n in range(100_000):
        address = f"{10 + n // 65_536}.{n // 256 % 256}.{n % 256}.1"
        counted.add(TAP, address, AT + n * 0.036)
    held = {id(v): sys.getsizeof(v) for v in _reachable(counted, set())}
    assert sum(held.values()) < 8_000_000


def test_a_flood_fills_no_more_than_the_memory_has() -> None:
    memory = BlockMemory()
    for n in range(blocks.MOST + 10):
        memory.is_new((n,), "999 uk", AT)
    assert len(memory) == blocks.MOST
    assert not memory.is_new((blocks.MOST + 99,), "999 uk", AT)
