"""The finder: what people type -> candidate areas. Nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from triage import rules
from triage.engine.catalogue import Catalogue
from triage.places.finder import Finder, FoundPlaces, Postcodes, as_json
from triage.places.postcode_files import read
from triage.places.postcodes import Store

REAL = Path(settings.BASE_DIR).parent / "shared" / "data"


@pytest.fixture(scope="module")
def letters_only() -> Finder:
    """A finder before any import."""
    return Finder(rules.rulebook().catalogue, Postcodes())


@pytest.fixture(scope="module")
def real() -> Finder:
    """A finder over the real tables, where they stand beside the project."""
    if not REAL.is_dir():
        pytest.skip("the real tables are not here")
    catalogue = rules.rulebook().catalogue
    tables = read(REAL, catalogue).tables
    return Finder(catalogue, Store(tables, "prepared", "2026-11-22", tables.letters))


def areas(found: FoundPlaces) -> list[str]:
    return [place.area for place in found.places]


# --- by name


def test_newport_is_four_places_and_the_city_comes_first(letters_only: Finder) -> None:
    found = letters_only.find("Newport")
    assert areas(found) == [
        "gwent",
        "hampshire-isle-of-wight",
        "west-mercia-shropshire",
        "dyfed-powys",
    ]
    assert found.called[2] == "Newport (Shropshire)"


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("Newport (Isle of Wight)", "hampshire-isle-of-wight"),
        ("Newport, Shropshire", "west-mercia-shropshire"),
        ("newport gwent", "gwent"),
        ("Whitchurch, Hampshire", "hampshire-south-central"),
        ("12 High Street, Taunton, Somerset", "avon-and-somerset-devon-and-somerset"),
    ],
)
def test_a_qualifier_settles_a_shared_name(letters_only: Finder, typed: str, area: str) -> None:
    assert areas(letters_only.find(typed)) == [area]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Bristol", "E06000023"),
        ("City of Edinburgh", "S12000036"),
        ("Edinburgh", "S12000036"),
        ("Hull", "E06000010"),
        ("Leeds City Council", "E08000035"),
        ("City of London", "E09000001"),
        ("Caerdydd", "W06000015"),
        ("Ynys Môn", "W06000001"),
        ("Rutland", "E06000017"),
        ("Durham", "E06000047"),
    ],
)
def test_a_council_is_found_with_its_code(letters_only: Finder, typed: str, code: str) -> None:
    assert [place.council for place in letters_only.find(typed).places] == [code]


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("Glossop", "derbyshire"),
        ("Berwick", "northumbria-northumberland"),
        ("Berwick-upon-Tweed", "northumbria-northumberland"),
        ("Chepstow", "gwent"),
        ("Cas-gwent", "gwent"),
        ("Heathrow", "metropolitan"),
        ("Oakham", "leicestershire"),
    ],
)
def test_a_border_town_is_found_on_its_own_side(
    letters_only: Finder, typed: str, area: str
) -> None:
    assert areas(letters_only.find(typed)) == [area]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Gwent Police", ["gwent"]),
        ("Heddlu Gogledd Cymru", ["north-wales"]),
        ("PSNI", ["northern-ireland"]),
        ("the met", ["metropolitan"]),
        ("Sussex Police", ["sussex-east-sussex", "sussex-west-sussex"]),
        ("London Ambulance Service", ["city-of-london", "metropolitan"]),
        ("Mid and West Wales Fire", ["dyfed-powys", "south-wales-mid-and-west-wales"]),
    ],
)
def test_a_service_is_found_by_its_name(
    letters_only: Finder, typed: str, expected: list[str]
) -> None:
    assert areas(letters_only.find(typed)) == expected


def test_london_offers_the_square_mile_too(letters_only: Finder) -> None:
    assert areas(letters_only.find("London")) == ["metropolitan", "city-of-london"]


def test_case_accents_hyphens_and_saints_do_not_matter(letters_only: Finder) -> None:
    for one, other in (("st ives", "Saint Ives"), ("BERWICK UPON TWEED", "Berwick-upon-Tweed")):
        assert areas(letters_only.find(one)) == areas(letters_only.find(other)) != []


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("Manchster", "greater-manchester"),
        ("Shefield", "south-yorkshire"),
        ("Wrexam", "north-wales"),
        ("Abertwae", "south-wales-mid-and-west-wales"),
        ("cardif", "south-wales-south-wales"),
    ],
)
def test_a_slip_of_the_finger_is_offered_never_taken(
    letters_only: Finder, typed: str, area: str
) -> None:
    found = letters_only.find(typed)
    assert areas(found) == [area]
    assert found.by == "like"
    with pytest.raises(ValueError, match=f"Did you mean {area}"):
        letters_only.only(typed)


@pytest.mark.parametrize(
    "typed", ["", "   ", "a", "asdfgh", "💥", "(((", "'; drop table", "x" * 5000]
)
def test_what_is_unknown_gives_no_candidates(letters_only: Finder, typed: str) -> None:
    found = letters_only.find(typed)
    assert (found.places, found.outside) == ((), None)


def test_every_town_council_and_service_is_found_in_its_own_area(letters_only: Finder) -> None:
    for area in letters_only.catalogue.areas.values():
        councils = [n for c in area.councils for n in (c.name.en, c.name.cy)]
        for name in (*area.towns, *area.towns_cy, *councils, area.name.en, area.name.cy):
            assert area.slug in areas(letters_only.find(name)), name


# --- outside


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [
        ("JE2 3AB", "JE"),
        ("gy1 1aa", "GY"),
        ("IM1", "IM"),
        ("GX11 1AA", "GX"),
        ("BF1 2AA", "BF"),
        ("Jersey", "JE"),
        ("St Helier, Jersey", "JE"),
        ("Sark", "GY"),
        ("Ynys Manaw", "IM"),
        ("BFPO 57", "BF"),
    ],
)
def test_a_place_without_a_uk_force_is_said_to_be_outside(
    letters_only: Finder, typed: str, prefix: str
) -> None:
    found = letters_only.find(typed)
    assert found.outside is not None
    assert (found.outside.prefix, found.places) == (prefix, ())


def test_the_one_place_meant_refuses_a_place_outside(letters_only: Finder) -> None:
    with pytest.raises(ValueError, match="outside the UK's force areas: Jersey"):
        letters_only.only("JE2 3AB")


def test_the_one_place_meant_lists_the_candidates(letters_only: Finder) -> None:
    with pytest.raises(ValueError, match=r"may be any of: gwent \(Newport\), hampshire"):
        letters_only.only("Newport")


# --- postcodes by their letters, before an import


def test_without_an_import_the_letters_give_candidates(letters_only: Finder) -> None:
    assert areas(letters_only.find("EC2V 7HH")) == ["city-of-london", "metropolitan"]
    assert letters_only.find("EC2V 7HH").by == "postcode letters"


def test_belfast_is_certain_from_its_letters(letters_only: Finder) -> None:
    assert areas(letters_only.find("BT1 5GS")) == ["northern-ireland"]


def test_letters_of_no_postcode_are_unknown(letters_only: Finder) -> None:
    assert letters_only.find("ZZ9 9ZZ").places == ()


# --- the real tables


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("EC2V 7HH", ["city-of-london"]),
        ("ec2v7hh", ["city-of-london"]),
        (" Ec2V-7hH. ", ["city-of-london"]),
        ("Guildhall, London EC2V 7HH", ["city-of-london"]),
        ("EC1", ["metropolitan", "city-of-london"]),
        ("EC1V", ["metropolitan"]),
        ("EC1A", ["city-of-london", "metropolitan"]),
        ("SK13 8", ["derbyshire"]),
        ("TD15", ["northumbria-northumberland", "police-scotland"]),
        ("TD15 2AA", ["northumbria-northumberland"]),
        ("NP16", ["gwent", "gloucestershire"]),
        ("NP16 5", ["gwent"]),
        ("TW6 1", ["metropolitan"]),
        ("TW6 3", ["metropolitan", "surrey"]),
        ("LE15 6", ["leicestershire"]),
        ("LE15", ["leicestershire", "northamptonshire"]),
        ("M1 1", ["greater-manchester"]),
        ("BT99 9ZZ", ["northern-ireland"]),
        ("EC9 9ZZ", []),
    ],
)
def test_a_postcode_is_settled_by_as_much_as_is_typed(
    real: Finder, typed: str, expected: list[str]
) -> None:
    assert areas(real.find(typed)) == expected


def test_a_unit_settles_a_sector_on_the_border(real: Finder) -> None:
    straddling = real.find("NP16 7")
    one = real.find("NP16 7AA")
    assert len(straddling.places) == 2
    assert len(one.places) == 1
    assert one.places[0] in straddling.places


def test_a_new_unit_on_the_border_stays_several_candidates(real: Finder) -> None:
    assert areas(real.find("NP16 7ZZ")) == areas(real.find("NP16 7"))


def test_a_letter_o_typed_for_a_nought_is_understood(real: Finder) -> None:
    assert areas(real.find("SW1A OAA")) == areas(real.find("SW1A 0AA")) == ["metropolitan"]


def test_the_letters_of_the_data_hold_every_area_of_the_tables(
    real: Finder, letters_only: Finder
) -> None:
    for letters in {a for area in real.catalogue.areas.values() for a in area.postcode_letters}:
        missing = set(areas(real.find(letters))) - set(areas(letters_only.find(letters)))
        assert not missing, letters


# --- the contract, and places that change


def test_the_answer_has_the_shape_of_the_contract(letters_only: Finder) -> None:
    services = {"police": "gwent", "fire": "south-wales", "ambulance": "wales"}
    expected = {"area": "gwent", **services, "nation": "wales"}
    assert as_json(letters_only.find("Chepstow")) == {"candidates": [expected], "outside": None}
    assert as_json(letters_only.find("Jersey")) == {"candidates": [], "outside": "Jersey"}


def test_services_that_together_leave_one_area(letters_only: Finder) -> None:
    place = letters_only.by_services(police="avon-and-somerset", fire="devon-and-somerset")
    assert place.area == "avon-and-somerset-devon-and-somerset"


def test_a_renamed_area_is_found_by_its_old_slug(letters_only: Finder) -> None:
    catalogue: Catalogue = replace(letters_only.catalogue, moved={"old-gwent": "gwent"})
    assert Finder(catalogue, Postcodes()).by_services(area="old-gwent").area == "gwent"
    assert catalogue.area_now("old-gwent") == "gwent"
    assert catalogue.area_now("never-was") is None
