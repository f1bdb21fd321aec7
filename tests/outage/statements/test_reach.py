"""How far a statement reaches, as who writes and approves it reads it."""

from __future__ import annotations

import pytest

from outage.statements.actor import Actor
from outage.statements.reach import reach
from tests.outage.panel.test_panel import posted, signed_in
from triage.engine.rulebook import Rulebook
from triage.rules import postcodes


def words(rulebook: Rulebook, *footprints: str) -> str:
    return reach(footprints, rulebook.catalogue, postcodes().counts).words


def test_all_postcodes_of_great_britain_are_counted_for_the_uk(rulebook: Rulebook) -> None:
    found = reach(("uk",), rulebook.catalogue, postcodes().counts)
    assert found.areas == len(rulebook.catalogue.areas)
    assert 1_600_000 < found.postcodes < 1_900_000
    assert found.uncounted == 1
    assert found.words.endswith("Postcodes of Northern Ireland are not counted.")


def test_the_nations_add_up_to_the_uk(rulebook: Rulebook) -> None:
    counts, catalogue = postcodes().counts, rulebook.catalogue
    nations = ("england", "wales", "scotland", "northern-ireland")
    each = [reach((f"nation:{n}",), catalogue, counts).postcodes for n in nations]
    assert sum(each) == reach(("uk",), catalogue, counts).postcodes
    assert each[3] == 0


def test_of_a_council_only_the_most_is_known(rulebook: Rulebook) -> None:
    whole = reach(("police:leicestershire",), rulebook.catalogue, postcodes().counts)
    said = words(rulebook, "council:E06000016")
    assert said == f"Reaches 1 area, 1 of them in part: at most {whole.postcodes:,} postcodes."


def test_the_same_land_twice_counts_once(rulebook: Rulebook) -> None:
    assert words(rulebook, "police:kent", "fire:kent") == words(rulebook, "police:kent")


def test_nowhere_is_nothing(rulebook: Rulebook) -> None:
    assert words(rulebook) == ""


@pytest.mark.django_db
def test_it_stands_in_the_preview(ann: Actor) -> None:
    body = signed_in(ann).post("/staff/declare/changes/", posted()).content.decode()
    assert "Reaches 1 area: " in body
    assert " postcodes." in body
