"""Forces and areas are dated data: a merger, a new name, a council taken in by another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.spoiled import change, copied
from triage.places.finder import Finder
from triage.places.postcodes import Postcodes
from triage.seeds import SeedsError, read

BEFORE, AFTER = date(2028, 3, 31), date(2028, 4, 1)
NEW = """
[[area]]
slug = "severnside"
name = { en = "Severnside", cy = "Glannau Hafren", review = true }
nation = "england"
region = "South West"
police = "gloucestershire"
fire = "gloucestershire"
ambulance = "south-western"
councils = [{ code = "E07000080", name = "Forest of Dean", was = ["E07000999"] }]
towns = ["Lydney"]
postcode_letters = ["GL"]
source = "areas"
checked = 2026-11-22
since = 2028-04-01
"""
ENDS = 'slug = "gloucestershire"\nuntil = 2028-04-01\nmerged_into = "severnside"\nname ='


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """The seeds, with a merger written ahead of its day."""
    return copied(tmp_path)


def edit(folder: Path, old: str, new: str) -> None:
    change(folder / "areas.toml", old, new)


def merge(folder: Path, new: str = NEW, ends: str = ENDS) -> None:
    edit(folder, 'slug = "gloucestershire"\nname =', ends)
    first = "\n[[outside]]"
    edit(folder, first, new + first)


def test_before_its_day_a_merger_changes_nothing(seeds: Path) -> None:
    merge(seeds)
    catalogue = read(seeds, BEFORE).catalogue
    assert "gloucestershire" in catalogue.areas
    assert "severnside" not in catalogue.areas


def test_from_its_day_the_old_slug_leads_to_the_new_area(seeds: Path) -> None:
    merge(seeds)
    catalogue = read(seeds, AFTER).catalogue
    assert "gloucestershire" not in catalogue.areas
    assert catalogue.area_now("gloucestershire") == "severnside"
    found = Finder(catalogue, Postcodes()).find("Forest of Dean")
    assert [place.area for place in found.places] == ["severnside"]


def test_the_code_of_a_council_taken_in_still_finds_it(seeds: Path) -> None:
    merge(seeds)
    finder = Finder(read(seeds, AFTER).catalogue, Postcodes())
    assert finder.by_services(council="E07000999").area == "severnside"


def test_a_new_slug_keeps_the_old_one_alive(seeds: Path) -> None:
    edit(seeds, 'slug = "gwent"\nname =', 'slug = "south-east-wales"\nwas = ["gwent"]\nname =')
    assert read(seeds).catalogue.moved == {"gwent": "south-east-wales"}


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ('slug = "gloucestershire"\nuntil = 2028-04-01\nname =', "until and merged_into belong"),
        (ENDS.replace("severnside", "severnsyde"), 'area "severnsyde" is unknown. Did you mean'),
        (ENDS.replace("until = 2028-04-01", "until = 2029-04-01"), "council E07000080 is in area"),
    ],
)
def test_a_merger_that_does_not_add_up_is_refused(seeds: Path, ends: str, told: str) -> None:
    merge(seeds, ends=ends)
    with pytest.raises(SeedsError, match=told):
        read(seeds)


def test_an_old_slug_that_another_area_has_is_refused(seeds: Path) -> None:
    edit(seeds, 'slug = "gwent"\nname =', 'slug = "gwent"\nwas = ["kent"]\nname =')
    with pytest.raises(SeedsError, match="another area has that slug"):
        read(seeds)
