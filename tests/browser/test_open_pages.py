"""Open pages follow a change, and say so when they cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Page, expect

from tests.browser.conftest import asked_by
from tests.browser.switch import fault

Opened = Callable[..., Page]
A_LOOK = 36_000  # milliseconds: the longest between two looks
ROUNDS = 2400  # of 25 milliseconds


def opened_with_a_clock(opened: Opened, path: str) -> Page:
    page = opened("/robots.txt")
    page.clock.install()
    page.goto(path)
    return page


def until_it_has_looked(page: Page, path: str) -> None:
    """Time passes until the page has asked for itself and was answered. It stands still while the
    page waits: that wait is ten seconds of this clock, and a busy machine may take them all."""
    own = urljoin(page.url, path)
    waiting, answers = [], []
    page.on("request", lambda request: waiting.append(request.url) if request.url == own else None)
    page.on("requestfailed", lambda request: waiting.clear())
    page.on("response", lambda got: answers.append(got.status) if got.url == own else None)
    for _ in range(ROUNDS):
        page.wait_for_timeout(25)
        if answers:
            return
        if not waiting:
            page.clock.run_for(1000)
    raise AssertionError(f"{path} did not ask for itself, or nobody answered")


def test_an_open_page_follows_a_change_and_keeps_the_focus(opened: Opened, live: Any) -> None:
    page = opened_with_a_clock(opened, "/in/leicestershire/advice/police-now/")
    link = page.locator("main a[href^='tel:']").first
    expect(link).to_have_attribute("href", "tel:999")
    page.locator("main details summary").first.focus()
    live(fault())
    until_it_has_looked(page, "/in/leicestershire/advice/police-now/")
    expect(page.locator("main a.call").first).to_have_attribute("href", "tel:101")
    expect(page.locator("#live")).to_have_text(
        "The advice on this page has changed. It is up to date now."
    )
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_an_open_page_of_another_area_says_nothing(opened: Opened, live: Any) -> None:
    page = opened_with_a_clock(opened, "/in/nottinghamshire/")
    live(fault())
    until_it_has_looked(page, "/in/nottinghamshire/")
    expect(page.locator("#live")).to_be_empty()


def test_a_hidden_page_asks_nothing(opened: Opened, live: Any) -> None:
    page = opened_with_a_clock(opened, "/now/")
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    asked = asked_by(page)
    page.clock.run_for(3 * A_LOOK)
    assert asked == []


def test_a_page_that_cannot_look_says_so_and_says_when_it_can_again(
    opened: Opened, live: Any
) -> None:
    page = opened_with_a_clock(opened, "/now/")
    page.route("**/now/", lambda route: route.abort())
    page.clock.run_for(130_000)
    expect(page.locator("#live")).to_contain_text("cannot check for changes")
    page.unroute("**/now/")
    until_it_has_looked(page, "/now/")
    expect(page.locator("#live")).to_contain_text("can check for changes again")
