"""Faults in the data: each is named with its file, its place and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.spoiled import SEEDS, change, copied
from triage.seeds import SeedsError, read

Break = Callable[[str, str, str], list[str]]


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


def test_an_unknown_key_is_refused_with_what_was_meant(faults: Break) -> None:
    said = faults("needs/core.toml", "urgency =", "urgancy =")
    place = 'seeds/needs/core.toml need "police-emergency"'
    assert f'{place}: key "urgancy" is unknown. Did you mean "urgency"?' in said


def test_a_missing_key_is_named(faults: Break) -> None:
    said = faults("needs/core.toml", 'urgency = "emergency"\n', "")
    assert any('key "urgency" is missing' in fault for fault in said)


def test_an_unknown_nation_is_refused_with_what_was_meant(faults: Break) -> None:
    said = faults("channels.toml", '"wales"', '"walse"')
    assert any("walse" in fault and 'Did you mean "wales"?' in fault for fault in said)


def test_a_dead_reference_in_a_route_is_named(faults: Break) -> None:
    said = faults("needs/core.toml", 'route.default = ["999"]', 'route.default = ["9999"]')
    assert any('channel "9999" is unknown' in fault for fault in said)


def test_a_dead_reference_in_the_tree_is_named(faults: Break) -> None:
    said = faults("tree/start.toml", 'to = "money"', 'to = "monney"')
    assert any('"monney" is unknown. Did you mean "money"?' in fault for fault in said)


def test_a_dead_reference_in_a_preset_is_named(faults: Break) -> None:
    said = faults("presets.toml", 'to = ["111"]', 'to = ["1111"]')
    assert any('channel "1111" is unknown' in fault for fault in said)


def test_a_number_typed_into_words_is_refused(faults: Break) -> None:
    said = faults("codes.toml", "Do not ring just to test it.", "Do not ring 999 to test it.")
    assert any('"999" is typed' in fault for fault in said)


def test_a_missing_welsh_text_is_refused(faults: Break) -> None:
    said = faults("codes.toml", "cy = ", "cymraeg = ")
    assert any('key "cy" is missing' in fault for fault in said)


def test_different_numbers_in_the_two_languages_are_refused(faults: Break) -> None:
    said = faults("channels.toml", "{999}, y rhif argyfwng", "{112}, y rhif argyfwng")
    assert any("the Welsh" in fault for fault in said)


def test_a_number_that_stands_twice_is_refused(faults: Break) -> None:
    said = faults("channels.toml", 'number = "0800 1111"', 'number = "116 123"')
    assert any('number "116123" stands in' in fault for fault in said)


def test_an_id_that_stands_twice_is_refused(faults: Break) -> None:
    said = faults("needs/core.toml", 'id = "fire-emergency"', 'id = "police-emergency"')
    assert any('id "police-emergency" stands in' in fault for fault in said)


def test_an_unknown_source_is_refused(faults: Break) -> None:
    said = faults("needs/core.toml", 'source = "S35"', 'source = "S9999"')
    assert any('source "S9999" is unknown' in fault for fault in said)


def test_a_form_in_an_emergency_route_is_refused(faults: Break) -> None:
    old, new = 'route.default = ["999"]', 'route.default = ["police-online", "999"]'
    said = faults("needs/core.toml", old, new)
    assert any("not for an emergency" in fault for fault in said)


def test_an_emergency_channel_in_a_routine_route_is_refused(faults: Break) -> None:
    old, new = '["police-online", "101"]', '["police-online", "999"]'
    said = faults("needs/core.toml", old, new)
    assert any("is for emergencies: this need is none" in fault for fault in said)


def test_a_route_that_has_nothing_in_a_nation_is_refused(faults: Break) -> None:
    said = faults("needs/home.toml", 'route.northern-ireland = ["gas-ni"]\n', "")
    assert any("no channel that exists in northern-ireland" in fault for fault in said)


def test_what_is_not_toml_is_named(faults: Break) -> None:
    said = faults("presets.toml", "[[preset]]", "[[preset")
    assert any(fault.startswith("seeds/presets.toml: is not TOML") for fault in said)


def test_a_missing_code_is_named(faults: Break) -> None:
    said = faults("codes.toml", "[code.at-risk]", "[code.at-rsik]")
    assert any('code "at-risk" has no words' in fault for fault in said)
    assert any('Did you mean "at-risk"?' in fault for fault in said)


def test_every_fault_is_named_at_once(faults: Break) -> None:
    old = 'route.default = ["999"]\nsource = "S35"'
    said = faults("needs/core.toml", old, 'route.default = ["9999"]\nsource = "S9999"')
    assert len(said) >= 2


def test_an_empty_folder_is_no_rulebook(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match="no seeds here"):
        read(tmp_path)
