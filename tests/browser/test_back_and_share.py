"""A page reached by Back is current at once; what is shared says where, when and its address; an
area that is not the reader's is left in two taps, on the same page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import asked_by
from tests.browser.switch import fault

Opened = Callable[..., Page]


@pytest.mark.parametrize("path", ["/in/leicestershire/", "/in/leicestershire/advice/police-now/"])
def test_a_page_reached_by_back_is_current_at_once(opened: Opened, live: Any, path: str) -> None:
    page = opened(path)
    expect(page.locator("main a.call").first).to_have_attribute("href", "tel:999")
    page.goto("/about/")
    live(fault())
    page.go_back()
    # Sooner than the next look of an open page, which is twenty seconds away.
    expect(page.locator("main a.call").first).to_have_attribute("href", "tel:101", timeout=5000)


def test_a_page_out_of_the_browser_s_memory_asks_at_once(opened: Opened, live: Any) -> None:
    page = opened("/in/leicestershire/")
    live(fault())
    asked = asked_by(page)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator("main a.call").first).to_have_attribute("href", "tel:101", timeout=5000)
    assert [url.split("/", 3)[3] for url in asked] == ["in/leicestershire/"]


def test_a_page_that_was_just_opened_does_not_ask_twice(opened: Opened, live: Any) -> None:
    page = opened("/about/")
    asked = asked_by(page)
    page.goto("/in/kent/now/")
    page.wait_for_timeout(1000)
    assert len([url for url in asked if url.endswith("/in/kent/now/")]) == 1


def test_without_script_a_page_says_when_its_advice_changed(opened: Opened, live: Any) -> None:
    live(fault())
    page = opened("/in/leicestershire/", java_script_enabled=False)
    page.goto("/about/")
    page.go_back()
    expect(page.locator("footer")).to_contain_text(re.compile(r"last changed: \d\d:\d\d"))


@pytest.mark.parametrize("broken", [False, True])
def test_what_is_shared_says_where_when_and_its_address(
    opened: Opened, live: Any, broken: bool
) -> None:
    live(*([fault()] if broken else []))
    page = opened("/in/kent/advice/theft-past/", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".share summary").click()
    page.get_by_role("button", name="Copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")
    link = page.locator(".share a[href^='sms:?']")
    link.click()
    for text in (copied, unquote(link.get_attribute("href") or "")):
        assert "Kent" in text
        assert re.search(r"\d\d:\d\d", text)
        assert "/in/kent/advice/theft-past/" in text


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_an_area_that_is_not_the_reader_s_is_left_on_the_same_page(
    opened: Opened, live: Any, prefix: str
) -> None:
    page = opened(f"{prefix}/in/kent/advice/theft-past/")
    page.locator("header .place").click()
    out = page.locator(f"main a[href='{prefix}/advice/theft-past/']")
    box = out.bounding_box()
    # Not under the list of every area: within two small screens.
    assert box
    assert box["y"] < 2 * 568
    out.click()
    page.wait_for_url(f"**{prefix}/advice/theft-past/")
    expect(page.locator("header .place")).not_to_contain_text("Kent")
