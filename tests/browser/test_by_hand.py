"""Using the pages: keyboard alone, script off, the phone's place, budgets, the first screen."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import asked_by
from tests.browser.switch import fault
from tests.web.kinds import KINDS

Opened = Callable[..., Page]
BUDGET = 14 * 1024
# Wide places in the middle of both grids, with their references from Ordnance Survey's own tables.
PLACES = {(52.65798, 1.71605): "TG 5140 1317", (56.79685, -5.0035): "NN 1667 7128"}


def focused(page: Page) -> Any:
    return page.evaluate(
        """() => { const e = document.activeElement, r = e.getBoundingClientRect();
        return { words: e.innerText || e.name, seen: r.top >= 0 && r.bottom <= innerHeight,
                 over: document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2) } }"""
    )


def test_the_keyboard_meets_skip_leave_and_help_first(opened: Opened, live: Any) -> None:
    page = opened("/ask/crime/")
    words = []
    for _ in range(3):
        page.keyboard.press("Tab")
        words.append(focused(page)["words"].strip())
    assert words == ["Skip to the main part", "Leave this site", "I need 999 now"]


def test_the_whole_way_by_keyboard(opened: Opened, live: Any) -> None:
    page = opened("/")
    page.locator('a[href="/ask/crime/"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask/crime/")
    page.locator('a[href="/ask/break-in/"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask/break-in/")
    page.locator("main .options a").nth(2).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/advice/burglary-past/**")


def test_the_focus_is_never_under_the_bar(opened: Opened, live: Any) -> None:
    page = opened("/sources/")
    for _ in range(40):
        page.keyboard.press("Tab")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        assert focused(page)["seen"]


def test_the_number_stands_in_the_first_screen_of_a_small_phone(opened: Opened, live: Any) -> None:
    page = opened("/")
    for link in ('a[href="tel:999"]', 'a[href="/silent/"]', 'a[href="/deaf/"]'):
        expect(page.locator(link).first).to_be_in_viewport(ratio=1)


def test_it_stands_there_while_999_fails_too(opened: Opened, live: Any) -> None:
    live(fault())
    page = opened("/in/leicestershire/")
    expect(page.locator('a[href="tel:101"]').first).to_be_in_viewport(ratio=1)


def test_the_finder_and_the_search_work_without_script(opened: Opened, live: Any) -> None:
    page = opened("/area/for/ask/crime/", java_script_enabled=False)
    page.get_by_label("Town, postcode").fill("Leicester")
    page.get_by_role("button", name="Find my area").click()
    assert page.url.partition("?")[0].endswith("/in/leicestershire/c/leicester/ask/crime/")
    page.goto("/")
    page.get_by_label("In your own words").fill("bike stolen")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("main .options a").first).to_be_visible()


def test_the_directory_filters_as_one_types(opened: Opened, live: Any) -> None:
    page = opened("/numbers/")
    page.get_by_label("Find in this list").fill("SMELL of gas")
    expect(page.locator('a[href="/numbers/gas-gb/"]')).to_be_visible()
    expect(page.locator('a[href="/numbers/rspca/"]')).to_be_hidden()


def test_the_directory_is_no_wall_and_opens_where_it_found(opened: Opened, live: Any) -> None:
    """Three screens of a small phone at most; emptied, the filter closes what it opened."""
    for path in ("/numbers/", "/cy/in/leicestershire/numbers/"):
        page = opened(path)
        assert page.evaluate("document.documentElement.scrollHeight") <= 1704
        expect(page.locator(".family[open]")).to_have_count(0)
    field = page.locator("#filter")
    field.fill("116123")
    expect(page.locator('a[href="tel:116123"]')).to_be_visible()
    expect(page.locator(".family:visible")).to_have_count(1)
    field.fill("")
    expect(page.locator(".family:visible")).to_have_count(page.locator(".family").count())
    expect(page.locator(".family[open]")).to_have_count(0)


@pytest.mark.parametrize(("place", "reference"), PLACES.items())
def test_the_phone_reckons_its_grid_reference(
    opened: Opened, live: Any, place: tuple[float, float], reference: str
) -> None:
    where = {"latitude": place[0], "longitude": place[1], "accuracy": 8}
    page = opened("/where/", geolocation=where, permissions=["geolocation"])
    asked = asked_by(page)
    page.get_by_role("button", name="Show my place").click()
    expect(page.locator(".grid")).to_have_text(reference)
    assert asked == []


def test_belfast_has_an_irish_reference_and_paris_none(opened: Opened, live: Any) -> None:
    page = opened("/where/")
    assert page.evaluate("whichNumberGrid(54.59646, -5.93015)")["square"] == "J"
    assert page.evaluate("whichNumberGrid(48.85, 2.35)") is None


def test_a_refused_place_is_all_right(opened: Opened, live: Any) -> None:
    page = opened("/where/")
    page.context.clear_permissions()
    page.get_by_role("button", name="Show my place").click()
    expect(page.locator(".locate [role=status]")).to_contain_text(
        "say what you can see", timeout=35000
    )


@pytest.mark.parametrize("path", ["/", "/in/leicestershire/", "/cy/in/leicestershire/"])
def test_a_first_view_is_one_request_of_14_kb(opened: Opened, live: Any, path: str) -> None:
    live(fault())
    page = opened("/robots.txt")
    blocking: list[str] = []
    page.on(
        "request",
        lambda r: blocking.append(r.url) if r.resource_type in ("stylesheet", "font") else None,
    )
    answer = page.goto(path)
    assert answer
    headers = sum(len(k) + len(v) + 4 for k, v in answer.headers.items())
    assert len(gzip.compress(answer.body(), 6)) + headers <= BUDGET
    assert blocking == []
    assert page.locator("script:not([defer])").count() == 0


def test_no_page_breaks_the_budget(opened: Opened, live: Any) -> None:
    page = opened("/robots.txt")
    live(fault())
    long = {"numbers/", "sources/"}  # lists whose first screen comes in the first round
    for kind in KINDS:
        if kind not in long:
            body = page.request.get(f"/in/leicestershire/{kind}").body()
            assert len(gzip.compress(body, 6)) <= BUDGET - 700, kind


def test_back_from_a_hit_shows_the_hits_again(opened: Opened, live: Any) -> None:
    page = opened("/in/kent/")
    page.locator("#q").fill("loud music next door every night")
    page.locator(".ask-form button").click()
    hit = page.locator("#hits a[href*='/advice/']").first
    expect(hit).to_be_visible()
    assert page.url.endswith("/in/kent/search/")
    assert "loud" not in page.evaluate("JSON.stringify(history.state)")
    where = hit.get_attribute("href")
    hit.click()
    page.wait_for_url(f"**{where}")
    page.go_back()
    expect(page.locator(f"#hits a[href='{where}']").first).to_be_visible()
    assert page.url.endswith("/in/kent/search/")


def test_back_from_a_quiet_hit_shows_the_hits_again(opened: Opened, live: Any) -> None:
    page = opened("/in/kent/")
    page.locator("#q").fill("my husband controls my money and shouts at me, not in danger now")
    page.locator(".ask-form button").click()
    quiet = page.locator("#hits a[data-hx-get]").first
    where = quiet.get_attribute("href")
    quiet.click()
    expect(page.locator("h1")).not_to_have_text("What you may need")
    assert page.url.endswith("/in/kent/search/")
    page.go_back()
    expect(page.locator(f"#hits a[href='{where}']").first).to_be_visible()


def test_search_answers_while_one_types(opened: Opened, live: Any) -> None:
    page = opened("/cy/in/kent/")
    asked = asked_by(page)
    page.locator("#q").press_sequentially("beic wedi ei ddwyn")
    expect(page.locator("#hits .options a").first).to_have_attribute(
        "href", "/cy/in/kent/advice/theft-past/"
    )
    expect(page.locator("#hits .danger a")).to_be_visible()
    assert page.url.endswith("/cy/in/kent/")
    assert {url.split("/", 3)[3] for url in asked} == {"cy/in/kent/search/"}
    page.locator("#q").fill("")
    expect(page.locator("#hits .options")).to_have_count(0)


def test_danger_that_is_typed_shows_the_call_at_once(opened: Opened, live: Any) -> None:
    page = opened("/in/leicestershire/")
    live(fault())
    page.locator("#q").press_sequentially("he has stopped breathing")
    expect(page.locator("#hits > .panel a.call").first).to_have_attribute("href", "tel:101")
    assert page.evaluate("document.querySelectorAll('[id=panel-h]').length") == 1
