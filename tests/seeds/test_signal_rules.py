"""seeds/signals.toml: each fault is named, and the thresholds say how often they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spoiled import SEEDS, change, copied
from triage import rules
from triage.seeds.problems import SeedsError
from triage.seeds.signal_rules import read_signal_rules
from triage.signals.detection import SignalRules


def read(folder: Path) -> SignalRules:
    return read_signal_rules(folder, rules.rulebook().catalogue)


def test_what_we_ship_has_three_windows_shortest_first() -> None:
    assert [w.minutes for w in read(SEEDS).windows] == [5, 10, 30]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dispersion =", "dispersal =", "dispersal"),
        ("chance = ", "chance = 2 # ", "chance"),
        ("floor = 4\n", "", "floor"),
        ('"112" = "999"', '"112" = "9999"', 'channel "9999" is unknown'),
        ("[usual]", "[usual", "is not TOML"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = copied(tmp_path)
    change(folder / "signals.toml", old, new)
    with pytest.raises(SeedsError) as refused:
        read(folder)
    assert any(said in str(fault) for fault in refused.value.faults)
