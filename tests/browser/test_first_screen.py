"""The first screen of a phone of 320 by 568 px, under a banner too; whole numbers; paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.switch import fault
from tests.cast import incident

Opened = Callable[..., Page]
# Each call button, whose digits reach over its edge or break.
CUT = """() => [...document.querySelectorAll('.call .digits')].filter((d) => {
  const own = d.getBoundingClientRect(), box = d.closest('.call').getBoundingClientRect();
  return own.right > box.right || own.left < box.left || d.getClientRects().length > 1;
}).map((d) => d.textContent)"""


@pytest.mark.parametrize("place", ["/", "/in/leicestershire/"])
def test_a_banner_keeps_the_number_and_the_silent_and_deaf_ways_in_view(
    opened: Opened, live: Any, place: str
) -> None:
    live(fault())
    page = opened(place)
    prefix = place.rstrip("/")
    for link in ("tel:101", f"{prefix}/silent/", f"{prefix}/deaf/"):
        expect(page.locator(f'a[href="{link}"]').first).to_be_in_viewport(ratio=1)


# The longest banners, each with the channel and the state that bring it.
LONG = [("999", "on-backup"), ("999", "restored"), ("999", "many-failing"), ("101", "down")]
IN_VIEW = """(ends) => ends.map((end) => [...document.querySelectorAll(`a[href$="${end}"]`)]
  .map((a) => a.getBoundingClientRect()).some((r) => r.height && r.bottom <= innerHeight))"""


@pytest.mark.parametrize(("channel", "state"), LONG)
def test_the_longest_banners_keep_999_and_the_silent_and_deaf_ways_in_view(
    opened: Opened, live: Any, settings: Any, channel: str, state: str
) -> None:
    now = fault()
    live(incident(channel, state, published_at=now.published_at, review_at=now.review_at))
    settings.DEMO = True  # its ribbon takes room too
    page = opened("/robots.txt")
    for path in ("/", "/in/leicestershire/", "/cy/", "/cy/in/leicestershire/"):
        page.goto(path)
        assert page.evaluate(IN_VIEW, ["tel:999", "/silent/", "/deaf/"]) == [True] * 3, path


def test_a_banner_about_101_leaves_999_in_view(opened: Opened, live: Any) -> None:
    now = fault()
    live(incident("101", "down", published_at=now.published_at, review_at=now.review_at))
    page = opened("/in/leicestershire/")
    expect(page.locator('a[href="tel:999"]').first).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("path", ["/advice/k24/", "/power/", "/numbers/power-ni/", "/cy/power/"])
def test_no_number_is_cut_off_on_a_small_phone(opened: Opened, live: Any, path: str) -> None:
    page = opened(path)
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("path", ["/in/leicestershire/", "/in/leicestershire/advice/police-now/"])
def test_paper_is_white_though_the_screen_is_dark(opened: Opened, live: Any, path: str) -> None:
    live(replace(fault(), id="printed"))
    page = opened(path, color_scheme="dark")
    page.emulate_media(media="print")
    for part in (".banner", "main", "body"):
        colour = page.locator(part).first.evaluate("(e) => getComputedStyle(e).backgroundColor")
        assert colour in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), part


def test_what_is_wrong_with_a_form_has_the_focus(opened: Opened, live: Any) -> None:
    page = opened("/area/")
    page.get_by_role("button", name="Find my area").click()
    expect(page.locator(".wrong")).to_be_focused()
    expect(page.locator("#place")).to_have_attribute("aria-invalid", "true")
