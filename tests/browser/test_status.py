"""The status pages in a browser: the map comes after the page, and no day is a wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from outage.audit import past_days
from tests.browser.switch import fault
from tests.browser.test_first_screen import LARGE
from tests.cast import incident, scope

Opened = Callable[..., Page]
DAY = past_days.all_stories()[0]
SHIFTS = """new PerformanceObserver((list) => {
  for (const e of list.getEntries()) window.shifted = (window.shifted || 0) + e.value;
}).observe({type: 'layout-shift', buffered: true});"""
DRAWN = "() => [...document.images].every((i) => i.complete && i.naturalWidth > 0)"


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("path", ["/status/", "/cy/incident/leicester-999/"])
def test_the_map_comes_in_its_own_time_and_moves_nothing(
    opened: Opened, live: Any, path: str, width: int
) -> None:
    live(fault())
    page = opened("/robots.txt", width=width)
    page.add_init_script(SHIFTS)
    page.goto(path)
    image = page.locator(".uk img")
    box = image.bounding_box()
    image.scroll_into_view_if_needed()
    page.wait_for_function(DRAWN)
    after = image.bounding_box()
    assert box
    assert after
    assert (box["width"], box["height"]) == (after["width"], after["height"])
    assert not page.evaluate("window.shifted")


def test_the_map_follows_what_happens_on_an_open_page(opened: Opened, live: Any) -> None:
    page = opened("/status/", width=1280)
    page.wait_for_function(DRAWN)
    before = page.locator(".uk img").get_attribute("src")
    live(fault())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".uk img")).not_to_have_attribute("src", before or "")
    page.wait_for_function(DRAWN)


def test_a_long_day_is_no_wall_and_reads_without_script(opened: Opened, live: Any) -> None:
    """15,563 px of a phone of 320 px in one list; its hours take five screens."""
    live(stories=(DAY,))
    page = opened(f"/incident/{DAY.id}/", java_script_enabled=False)
    assert page.locator("body").bounding_box()["height"] <= 2900  # type: ignore[index]
    page.get_by_text("08:00–09:00 BST").click()
    expect(page.locator(".story:visible")).to_have_count(1)
    page.get_by_role("link", name="111", exact=True).click()
    expect(page.locator(".story:visible > li")).to_have_count(
        len([e for e in DAY.entries if "111" in e.channels])
    )


@pytest.mark.parametrize("path", ["/status/", "/in/leicestershire/status/", f"/incident/{DAY.id}/"])
def test_twice_as_large_text_runs_over_no_edge(opened: Opened, live: Any, path: str) -> None:
    live(fault(), stories=(DAY,))
    page = opened(path)
    sideways, _ = page.evaluate(LARGE, "32px")
    assert sideways <= 0


KINDS: tuple[dict[str, Any], ...] = (
    {"channel": "999", "state": "down"},
    {"channel": "police-online", "state": "down"},
    {"channel": "999", "state": "restored"},
    {"channel": "101", "state": "down", "planned": True, "review_at": None},
)


def test_forced_colours_tell_the_four_kinds_apart_on_the_map(opened: Opened, live: Any) -> None:
    now, seen = fault(), set()
    page = opened("/robots.txt", width=1280, forced_colors="active")
    for given in KINDS:
        said = {"published_at": now.published_at, "review_at": now.review_at, **given}
        live(incident(**said, scope=scope("police:north-wales")))
        page.goto("/status/")
        image = page.locator(".uk img")
        image.scroll_into_view_if_needed()
        page.wait_for_function(DRAWN)
        seen.add(image.screenshot())
    assert len(seen) == len(KINDS)
