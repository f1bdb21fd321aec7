"""The finder: what people type -> candidate areas. Nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from triage import rules
from triage.engine.catalogue import Catalogue
from triage.places.finder import Finder, FoundPlaces, as_json
from triage.places.postcodes import Postcodes


@pytest.fixture(scope="module")
def letters_only() -> Finder:
    """A finder without any store of postcodes."""
    return replace(rules.finder(), postcodes=Postcodes())


@pytest.fixture(scope="module")
def real() -> Finder:
    """A finder over the postcodes that ship with the project."""
    return rules.finder()


def areas(found: FoundPlaces) -> list[str]:
    return [place.area for place in found.places]


# --- by name


def test_every_newport_is_offered_and_the_city_comes_first(letters_only: Finder) -> None:
    found = letters_only.find("Newport")
    assert areas(found)[:3] == ["gwent", "hampshire-isle-of-wight", "west-mercia-shropshire"]
    assert "dyfed-powys" in areas(found)
    assert found.called[2] == "Newport, Shropshire"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Watton", ["norfolk", "humberside-yorkshire"]),
        ("Bury", ["greater-manchester", "cambridgeshire", "sussex-west-sussex"]),
        ("Gillingham", ["kent", "dorset", "norfolk"]),
        ("Holy Island", ["north-wales", "northumbria-northumberland", "police-scotland"]),
        ("Bangor", ["northern-ireland", "north-wales"]),
        ("Chester", ["cheshire", "durham"]),
        ("Taunton", ["avon-and-somerset-devon-and-somerset"]),
    ],
)
def test_namesakes_are_offered_with_what_tells_them_apart(
    letters_only: Finder, typed: str, expected: list[str]
) -> None:
    found = letters_only.find(typed)
    assert areas(found) == expected
    assert not found.guess
    assert len(set(found.called)) == len(expected)


def test_a_hamlet_with_the_first_name_of_a_town_does_not_hide_it(letters_only: Finder) -> None:
    assert areas(letters_only.find("Stansted"))[0] == "essex"
    assert areas(letters_only.find("Berwick"))[0] == "northumbria-northumberland"


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
    assert areas(letters_only.find("London"))[:2] == ["metropolitan", "city-of-london"]


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
    assert areas(found)[0] == area
    assert found.guess
    assert not found.certain
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
    with pytest.raises(ValueError, match=r"may be any of: gwent \(Newport, Wales\), hampshire"):
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


@pytest.mark.parametrize(
    ("typed", "part", "expected"),
    [
        ("SW99 9ZZ", "SW", ["metropolitan"]),
        ("EC9 9ZZ", "EC", ["metropolitan", "city-of-london"]),
        ("NP16 7ZZ", "NP16 7", ["gwent", "gloucestershire"]),
        ("ZZ9 9ZZ", "", []),
    ],
)
def test_a_postcode_that_does_not_exist_is_said_not_to_be_known(
    real: Finder, typed: str, part: str, expected: list[str]
) -> None:
    found = real.find(typed)
    assert (found.unknown, found.part, sorted(areas(found))) == (typed, part, sorted(expected))
    assert found.guess
    assert not found.certain


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("ＥＣ２Ｖ　７ＨＨ", "city-of-london"),
        ("S015 1AA", "hampshire-south-central"),
        ("B1O 5AA", "west-midlands"),
        ("W1A OAX", "metropolitan"),
        ("le1\u00a05fq", "leicestershire"),
        ("“LE1 5FQ”.", "leicestershire"),
        ("LEI 5FQ", "leicestershire"),
    ],
)
def test_a_postcode_is_read_as_it_was_meant(real: Finder, typed: str, area: str) -> None:
    found = real.find(typed)
    assert (areas(found), found.guess) == ([area], False)


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("Leics police", "leicestershire"),
        ("LE1", "leicestershire"),
        ("Bradgate Park", "leicestershire"),
        ("near Kings Cross", "metropolitan"),
        ("University of Warwick", "west-midlands"),
        ("Leicester Royal Infirmary", "leicestershire"),
        ("Edinburgh Waverley", "police-scotland"),
        ("Hope Valley", "derbyshire"),
        ("Isle of Lewis", "police-scotland"),
        ("Llanfairpwllgwyngyll", "north-wales"),
    ],
)
def test_what_people_call_where_they_are_is_known(real: Finder, typed: str, area: str) -> None:
    assert (areas(real.find(typed)), real.find(typed).certain) == ([area], True)


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("Edinborough", "police-scotland"),
        ("leicester university hospital", "leicestershire"),
        ("pizza place guildford", "surrey"),
    ],
)
def test_what_is_no_known_name_is_a_guess(real: Finder, typed: str, area: str) -> None:
    found = real.find(typed)
    assert (areas(found)[0], found.guess) == (area, True)


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
    whole = {"candidates": [expected], "outside": None, "guess": False}
    assert as_json(letters_only.find("Chepstow")) == whole
    assert as_json(letters_only.find("Chepstw")) == whole | {"guess": True}
    outside = {"candidates": [], "outside": "Jersey", "guess": False}
    assert as_json(letters_only.find("Jersey")) == outside


def test_services_that_together_leave_one_area(letters_only: Finder) -> None:
    place = letters_only.by_services(police="avon-and-somerset", fire="devon-and-somerset")
    assert place.area == "avon-and-somerset-devon-and-somerset"


def test_a_renamed_area_is_found_by_its_old_slug(letters_only: Finder) -> None:
    catalogue: Catalogue = replace(letters_only.catalogue, moved={"old-gwent": "gwent"})
    assert Finder(catalogue, Postcodes()).by_services(area="old-gwent").area == "gwent"
    assert catalogue.area_now("old-gwent") == "gwent"
    assert catalogue.area_now("never-was") is None
