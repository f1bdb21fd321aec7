"""Faults in the data: each is named with its file, its place and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.spoiled import SEEDS, change, copied
from triage.seeds import SeedsError, read

Break = Callable[[str, str, str], list[str]]
ROUTE = 'route.default = ["999"]'


@pytest.fixture
def faults(tmp_path: Path) -> Break:
    """Changes one thing in a copy of seeds/ and gives what is said about it."""
    folder = copied(tmp_path)

    def spoil(file: str, old: str, new: str) -> list[str]:
        change(folder / file, old, new)
        with pytest.raises(SeedsError) as refused:
            read(folder)
        return [str(fault) for fault in refused.value.faults]

    return spoil


def test_what_we_ship_has_no_fault() -> None:
    assert read(SEEDS).needs


# What is changed in which file, and what is said about it.
SPOILT = {
    "an unknown key, with what was meant": (
        "needs/core.toml", "urgency =", "urgancy =",
        ['seeds/needs/core.toml need "police-emergency": key "urgancy" is unknown. '
         'Did you mean "urgency"?'],
    ),
    "a missing key": (
        "needs/core.toml", 'urgency = "emergency"\n', "", ['key "urgency" is missing'],
    ),
    "an unknown nation, with what was meant": (
        "channels.toml", '"wales"', '"walse"', ["walse", 'Did you mean "wales"?'],
    ),
    "a dead reference in a route": (
        "needs/core.toml", ROUTE, 'route.default = ["9999"]', ['channel "9999" is unknown'],
    ),
    "a dead reference in the tree": (
        "tree/start.toml", 'to = "money"', 'to = "monney"',
        ['"monney" is unknown. Did you mean "money"?'],
    ),
    "a dead reference in a preset": (
        "presets.toml", 'to = ["111"]', 'to = ["1111"]', ['channel "1111" is unknown'],
    ),
    "a number typed into words": (
        "codes.toml", "Do not ring just to test it.", "Do not ring 999 to test it.",
        ['"999" is typed'],
    ),
    "a missing Welsh text": ("codes.toml", "cy = ", "cymraeg = ", ['key "cy" is missing']),
    "different numbers in the two languages": (
        "channels.toml", "{999}, y rhif argyfwng", "{112}, y rhif argyfwng", ["the Welsh"],
    ),
    "a number that stands twice": (
        "channels.toml", 'number = "0800 1111"', 'number = "116 123"',
        ['number "116123" stands in'],
    ),
    "an id that stands twice": (
        "needs/core.toml", 'id = "fire-emergency"', 'id = "police-emergency"',
        ['id "police-emergency" stands in'],
    ),
    "an unknown source": (
        "needs/core.toml", 'source = "S35"', 'source = "S9999"', ['source "S9999" is unknown'],
    ),
    "a form in an emergency route": (
        "needs/core.toml", ROUTE, 'route.default = ["police-online", "999"]',
        ["not for an emergency"],
    ),
    "an emergency channel in a routine route": (
        "needs/core.toml", '["police-online", "101"]', '["police-online", "999"]',
        ["is for emergencies: this need is none"],
    ),
    "a route that has nothing in a nation": (
        "needs/home.toml", 'route.northern-ireland = ["gas-ni"]\n', "",
        ["no channel that exists in northern-ireland"],
    ),
    "what is not TOML": (
        "presets.toml", "[[preset]]", "[[preset", ["seeds/presets.toml: is not TOML"],
    ),
    "a missing code": (
        "codes.toml", "[code.at-risk]", "[code.at-rsik]",
        ['code "at-risk" has no words', 'Did you mean "at-risk"?'],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_a_fault_is_named_with_its_place(faults: Break, what: str) -> None:
    file, old, new, told = SPOILT[what]
    said = "\n".join(faults(file, old, new))
    assert [words for words in told if words not in said] == []


def test_every_fault_is_named_at_once(faults: Break) -> None:
    old = 'route.default = ["999"]\nsource = "S35"'
    said = faults("needs/core.toml", old, 'route.default = ["9999"]\nsource = "S9999"')
    assert len(said) >= 2


def test_an_empty_folder_is_no_rulebook(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match="no seeds here"):
        read(tmp_path)
