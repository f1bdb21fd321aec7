"""Where a phone is -> areas: both near a border, the nearest coast at sea, nothing abroad."""

from __future__ import annotations

import pytest

from triage import rules
from triage.places.boundaries import Boundaries, Fix, FixPlace


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return rules.boundaries()


@pytest.mark.parametrize(
    ("place", "lat", "lon", "area"),
    [
        ("Leicester", 52.634, -1.130, "leicestershire"),
        ("Berwick", 55.770, -2.005, "northumbria-northumberland"),
        ("Chester", 53.191, -2.892, "cheshire"),
        ("Newport, Isle of Wight", 50.700, -1.290, "hampshire-isle-of-wight"),
        ("Lerwick", 60.155, -1.145, "police-scotland"),
        ("Derry", 54.997, -7.320, "northern-ireland"),
        ("Swansea", 51.620, -3.940, "south-wales-mid-and-west-wales"),
        ("Exeter", 50.720, -3.530, "devon-and-cornwall-devon-and-somerset"),
        ("St Mary's, Scilly", 49.915, -6.315, "devon-and-cornwall-isles-of-scilly"),
        ("Bournemouth pier", 50.715, -1.875, "dorset"),
    ],
)
def test_a_point_well_inside_an_area_is_certain(
    boundaries: Boundaries, place: str, lat: float, lon: float, area: str
) -> None:
    assert boundaries.find(lat, lon, 30) == Fix(FixPlace.INSIDE, (area,))


@pytest.mark.parametrize(
    ("place", "lat", "lon", "areas"),
    [
        ("Hay-on-Wye", 52.074, -3.126, {"dyfed-powys", "west-mercia-hereford-and-worcester"}),
        ("Chepstow bridge", 51.642, -2.667, {"gwent", "gloucestershire"}),
        ("Bank, in the City", 51.5155, -0.092, {"city-of-london", "metropolitan"}),
    ],
)
def test_near_a_border_both_sides_are_offered(
    boundaries: Boundaries, place: str, lat: float, lon: float, areas: set[str]
) -> None:
    assert set(boundaries.find(lat, lon, 30).areas) == areas


def test_a_coarse_fix_offers_every_area_it_may_be_in(boundaries: Boundaries) -> None:
    exact, coarse = (boundaries.find(52.95, -1.15, metres) for metres in (20, 20_000))
    assert exact.areas == ("nottinghamshire",)
    assert {"derbyshire", "nottinghamshire", "leicestershire"} <= set(coarse.areas)


@pytest.mark.parametrize(
    ("place", "lat", "lon", "outside"),
    [
        ("Dublin", 53.35, -6.26, "ireland"),
        ("Letterkenny, near the line", 54.95, -7.73, "ireland"),
        ("Calais", 50.95, 1.85, "abroad"),
        ("Douglas", 54.15, -4.48, "isle-of-man"),
        ("St Helier", 49.18, -2.10, "jersey"),
        ("Paris", 48.85, 2.35, "abroad"),
        ("the pole", 90.0, 0.0, "abroad"),
    ],
)
def test_another_land_is_no_area_of_ours(
    boundaries: Boundaries, place: str, lat: float, lon: float, outside: str
) -> None:
    assert boundaries.find(lat, lon, 30) == Fix(FixPlace.OUTSIDE, outside=outside)


def test_at_sea_the_nearest_coast_is_offered(boundaries: Boundaries) -> None:
    assert boundaries.find(54.5, 0.0, 30) == Fix(FixPlace.SEA, ("north-yorkshire",))
