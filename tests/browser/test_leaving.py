"""Leaving quickly: the button, Escape, Shift three times. Blank at once; Back does not return."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import AWAY

Opened = Callable[..., Page]


def press(page: Page, how: str) -> None:
    if how == "button":
        page.locator(".leave").click()
    elif how == "escape":
        page.keyboard.press("Escape")
    else:
        for _ in range(3):
            page.keyboard.press("Shift")


@pytest.mark.parametrize("how", ["button", "escape", "shift"])
def test_leaving_replaces_the_page(opened: Opened, live: Any, how: str) -> None:
    page = opened("/privacy/")
    page.goto("/advice/k24/")
    press(page, how)
    page.wait_for_url(AWAY)
    page.go_back()
    assert "k24" not in page.url


def test_an_error_is_left_like_any_page(opened: Opened, live: Any) -> None:
    page = opened("/privacy/")
    page.goto("/advice/nothing/")
    press(page, "escape")
    page.wait_for_url(AWAY)
    page.go_back()
    assert "nothing" not in page.url


def test_the_page_is_blank_before_the_other_one_answers(opened: Opened, live: Any) -> None:
    page = opened("/ask/k1/")
    left = page.evaluate(
        """() => { dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
        return [document.body.children.length, document.title, location.pathname] }"""
    )
    assert left == [0, "\u200b", "/"]


def test_a_second_escape_does_not_call_it_off(opened: Opened, live: Any) -> None:
    page = opened("/ask/k1/")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url(AWAY)


def test_without_script_it_is_a_plain_link(opened: Opened, live: Any) -> None:
    page = opened("/ask/k1/", java_script_enabled=False)
    page.locator(".leave").click()
    page.wait_for_url(AWAY)


def test_it_stays_in_reach_when_the_page_is_scrolled(opened: Opened, live: Any) -> None:
    page = opened("/sources/")
    page.evaluate("scrollTo(0, 3000)")
    expect(page.locator(".leave")).to_be_in_viewport()


def test_a_sensitive_branch_leaves_no_entry_and_no_word_in_storage(
    opened: Opened, live: Any
) -> None:
    page = opened("/")
    before = page.evaluate("history.length")
    page.locator('a[href="/ask/k1/"]').click()
    expect(page.locator("#page")).to_have_attribute("data-here", "/ask/k1/")
    page.locator('#page a[href="/advice/k24/from/k1/g/"]').click()
    expect(page.locator("#page")).to_have_attribute("data-here", "/advice/k24/from/k1/g/")
    assert page.evaluate("history.length") == before
    assert page.title() == "Which Number"
    assert page.url.endswith("/")
    assert page.context.storage_state()["origins"] == []
    assert page.evaluate("window.stored") == []


def test_leaving_works_in_a_branch_that_was_walked(opened: Opened, live: Any) -> None:
    page = opened("/")
    page.locator('a[href="/ask/k1/"]').click()
    expect(page.locator("#page")).to_have_attribute("data-here", "/ask/k1/")
    page.keyboard.press("Escape")
    page.wait_for_url(AWAY)
