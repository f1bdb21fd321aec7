"""Finding a place in a real browser: by postcode, town and phone, on a small screen, with and
without script, in both languages; and where am I, no more exact than the phone is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import asked_by

Opened = Callable[..., Page]
FITS = "document.documentElement.scrollWidth <= innerWidth"
# A frightened person in each: postcode, town, where the phone is, the area. Hay is on the border.
PEOPLE = {
    "Berwick": ("TD15 1BN", "Berwick-upon-Tweed", (55.770, -2.005), "northumbria-northumberland"),
    "Hay": ("HR3 5DB", "Hay-on-Wye", (52.074, -3.126), "dyfed-powys"),
    "Chester": ("CH1 2HT", "Chester", (53.191, -2.892), "cheshire"),
    "Isle of Wight": ("PO30 1UD", "Ventnor", (50.700, -1.290), "hampshire-isle-of-wight"),
}
POINTS = {
    (52.634, -1.130): "leicestershire",
    (55.770, -2.005): "northumbria-northumberland",
    (53.191, -2.892): "cheshire",
    (50.700, -1.290): "hampshire-isle-of-wight",
    (54.997, -7.320): "northern-ireland",
    (57.477, -4.224): "police-scotland",
    (51.620, -3.940): "south-wales-mid-and-west-wales",
}
BORDERS = {
    (52.074, -3.126): ("dyfed-powys", "west-mercia-hereford-and-worcester"),
    (51.642, -2.667): ("gwent", "gloucestershire"),
    (51.5155, -0.092): ("city-of-london", "metropolitan"),
}


def at(opened: Opened, point: tuple[float, float], path: str = "/area/", near: int = 20) -> Page:
    where = {"latitude": point[0], "longitude": point[1], "accuracy": near}
    return opened(path, geolocation=where, permissions=["geolocation"])


def arrived(page: Page, area: str) -> None:
    """The page of the area, at once or with one tap on the choice that is offered."""
    if f"/in/{area}/" not in page.url:
        page.locator(f'main .note a[href*="/in/{area}/"]').click()
    expect(page.locator(f'html[data-area="{area}"]')).to_be_attached()
    assert page.evaluate(FITS)


@pytest.mark.parametrize("lang", ["", "/cy"])
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("person", PEOPLE)
def test_a_person_finds_the_area_by_postcode_and_by_town(
    opened: Opened, live: Any, person: str, script: bool, lang: str
) -> None:
    postcode, town, _, area = PEOPLE[person]
    page = opened(f"{lang}/area/", java_script_enabled=script)
    for words in (postcode, town):
        page.goto(f"{lang}/area/")
        page.locator("#place").fill(words)
        page.locator(".ask-form button").click()
        arrived(page, area)
        assert page.url.partition("/in/")[0].endswith(lang)


@pytest.mark.parametrize("lang", ["", "/cy"])
@pytest.mark.parametrize("person", PEOPLE)
def test_a_person_finds_the_area_by_phone(
    opened: Opened, live: Any, person: str, lang: str
) -> None:
    _, _, point, area = PEOPLE[person]
    page = at(opened, point, f"{lang}/area/")
    with page.expect_navigation():
        page.locator(".locate-form button").click()
    arrived(page, area)


@pytest.mark.parametrize("point", POINTS)
def test_a_phone_well_inside_an_area_goes_straight_on(
    opened: Opened, live: Any, point: tuple[float, float]
) -> None:
    page = at(opened, point)
    page.locator(".locate-form button").click()
    page.wait_for_url(f"**/in/{POINTS[point]}/")


@pytest.mark.parametrize("point", BORDERS)
def test_a_phone_on_a_border_is_offered_both_sides(
    opened: Opened, live: Any, point: tuple[float, float]
) -> None:
    page = at(opened, point)
    page.locator(".locate-form button").click()
    for area in BORDERS[point]:
        expect(page.locator(f'main .note a[href="/in/{area}/"]')).to_be_visible()
    expect(page.get_by_text("You are near a border")).to_be_visible()


@pytest.mark.parametrize(
    ("point", "said"),
    [((54.5, 0.0), "ask for the Coastguard"), ((48.85, 2.35), "You are not in the UK")],
)
def test_at_sea_and_abroad_it_says_so(
    opened: Opened, live: Any, point: tuple[float, float], said: str
) -> None:
    page = at(opened, point)
    page.locator(".locate-form button").click()
    expect(page.get_by_text(said)).to_be_visible()


def test_a_refused_location_has_words_and_the_form_stays(opened: Opened, live: Any) -> None:
    page = opened("/area/")
    page.context.clear_permissions()
    page.locator(".locate-form button").click()
    said = page.locator(".locate-form [role=status]")
    expect(said).to_contain_text("Type a town or a postcode", timeout=25_000)
    expect(page.locator("#place")).to_be_visible()


@pytest.mark.parametrize("path", ["advice/theft-past/", "ask/crime/"])
def test_a_page_without_an_area_offers_the_location_and_is_come_back_to(
    opened: Opened, live: Any, path: str
) -> None:
    page = at(opened, (52.634, -1.130), f"/{path}")
    page.locator(".locate-form button").click()
    page.wait_for_url(f"**/in/leicestershire/{path}")


def test_without_script_a_question_leads_to_the_finder_and_back(opened: Opened, live: Any) -> None:
    page = opened("/ask/crime/", java_script_enabled=False)
    expect(page.locator(".locate-form")).to_be_hidden()
    page.locator('a[href="/area/for/ask/crime/"]').first.click()
    page.locator("#place").fill("Leicester")
    page.locator(".ask-form button").click()
    page.wait_for_url("**/in/leicestershire/c/leicester/ask/crime/")


def test_places_are_suggested_and_chosen_by_keyboard(opened: Opened, live: Any) -> None:
    page = opened("/area/")
    field = page.get_by_role("combobox")
    field.press_sequentially("watto")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    field.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    assert page.url.endswith("/area/")
    field.press_sequentially("n")
    expect(page.get_by_role("option").first).to_have_text("Watton, Norfolk")
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/in/norfolk/**")


def test_a_suggestion_can_be_tapped_and_fits_a_small_screen(opened: Opened, live: Any) -> None:
    page = opened("/area/")
    page.get_by_role("combobox").press_sequentially("llanfair")
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    box = option.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert page.evaluate(FITS)
    option.click()
    page.wait_for_url("**/in/**")
    assert page.evaluate("window.stored") == []


def test_where_am_i_spells_nothing_that_is_right_to_three_kilometres(
    opened: Opened, live: Any
) -> None:
    page = at(opened, (52.634, -1.130), "/where/", near=3000)
    asked = asked_by(page)
    page.get_by_role("button", name="Show my place").click()
    expect(page.locator("#locate [role=status]")).to_contain_text("only to within 3 km")
    expect(page.locator("#locate dl")).to_be_hidden()
    assert asked == []


@pytest.mark.parametrize(
    ("near", "reference", "said"),
    [(8, "SK 5897 0438", "10 metres"), (90, "SK 589 043", "90 metres")],
)
def test_where_am_i_gives_as_many_figures_as_the_phone_knows(
    opened: Opened, live: Any, near: int, reference: str, said: str
) -> None:
    page = at(opened, (52.634, -1.130), "/where/", near=near)
    page.get_by_role("button", name="Show my place").click()
    expect(page.locator("#locate .grid")).to_have_text(reference)
    expect(page.locator("#locate .accuracy")).to_have_text(said)


def test_where_am_i_gets_better_while_it_waits(opened: Opened, live: Any) -> None:
    page = at(opened, (52.634, -1.130), "/where/", near=3000)
    page.get_by_role("button", name="Show my place").click()
    expect(page.locator("#locate [role=status]")).to_contain_text("still looking")
    better = {"latitude": 52.634, "longitude": -1.130, "accuracy": 8}
    page.context.set_geolocation(better)  # type: ignore[arg-type]
    expect(page.locator("#locate .grid")).to_have_text("SK 5897 0438")
    expect(page.locator("#locate [role=status]")).to_have_text("")


@pytest.mark.parametrize("path", ["/in/police-scotland/local/", "/cy/in/north-wales/local/"])
def test_the_services_of_a_place_fit_a_small_screen(opened: Opened, live: Any, path: str) -> None:
    assert opened(path).evaluate(FITS)
