"""The tile map: every area stands on it once; a wrong map is named with its faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.engine.rulebook import Rulebook
from triage.seeds import SeedsError
from triage.web.presenters.tile_map import read_tiles, tiles

AREAS = ("kent", "essex")
FAULTS = {
    "map = 'K E'\n[areas]\nK = 'kent'": '"E" is on the map and names no area',
    "map = 'K'\n[areas]\nK = 'kent'\nE = 'essex'": '"E" stands on the map 0 times',
    "map = 'K K E'\n[areas]\nK = 'kent'\nE = 'essex'": '"K" stands on the map 2 times',
    "map = 'K E'\n[areas]\nK = 'kent'\nE = 'kant'": 'area "kant" is unknown. Did you mean "kent"?',
    "map = 'K E'\n[areas]\nK = 'kent'\nE = 'kent'": 'area "essex" has 0 short names',
    "map = '. . . . . . . . K E'\n[areas]\nK = 'kent'\nE = 'essex'": '"K" is off the map',
    "areas = 1": 'key "map" is missing',
    "map = ": "cannot be read",
}


def test_every_area_has_its_tile_and_none_stands_on_another(rulebook: Rulebook) -> None:
    assert {tile.area for tile in tiles()} == set(rulebook.catalogue.areas)
    assert len({(tile.column, tile.row) for tile in tiles()}) == len(tiles())


@pytest.mark.parametrize(("wrong", "said"), FAULTS.items())
def test_a_wrong_map_is_named_with_its_file(tmp_path: Path, wrong: str, said: str) -> None:
    path = tmp_path / "tiles.toml"
    path.write_text(wrong)
    with pytest.raises(SeedsError) as refused:
        read_tiles(path, AREAS)
    assert said in str(refused.value)
    assert "tiles.toml" in str(refused.value)


def test_a_map_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match="cannot be read"):
        read_tiles(tmp_path / "tiles.toml", AREAS)


def test_every_fault_of_a_map_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "tiles.toml"
    path.write_text("map = 'X Y'\n[areas]\n")
    with pytest.raises(SeedsError) as refused:
        read_tiles(path, AREAS)
    assert len(refused.value.faults) == 4
