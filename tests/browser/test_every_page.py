"""Every kind of page in Chromium: both languages, light and dark, 320 and 1280 px."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.switch import fault, story
from tests.web.kinds import KINDS, OF_AN_AREA

Opened = Callable[..., Page]
AXE = Axe()
ORDINARY = [f"/{k}" for k in KINDS] + [f"/in/leicestershire/{k}" for k in ("status/", *OF_AN_AREA)]
FAILING = [
    f"/in/leicestershire/{k}"
    for k in ("", "now/", "status/", "deaf/", "silent/", "advice/police-now/", "numbers/")
] + ["/", "/status/", "/incident/leicester-999/", "/advice/burglary-past/"]
# Two looks show both widths and both schemes to every rule. Contrast alone hangs on the two
# together, as a scheme changes colours only (tests/web/http/test_style.py): CI sees it in all four.
LOOKS = [(320, "light"), (1280, "dark")]
IN_COLOUR = [(320, "dark"), (1280, "light")] if os.environ.get("CI") == "true" else []
# What passed is not described: that takes axe half of its time.
EVERY_RULE: dict[str, Any] = {"resultTypes": ["violations"]}
CONTRAST = EVERY_RULE | {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
}
# What the browser says because these tests keep no worker (tests/browser/test_offline.py does).
NO_WORKER = "Service Worker registration blocked by Playwright"
# Whoever reads by touch needs a target of 24 px at least (WCAG 2.2, 2.5.8), outside sentences.
SMALL = """() => [...document.querySelectorAll('a, button, summary, input, select')]
  .filter((e) => e.getClientRects().length && !e.closest('p, li p, dd, .skip, small'))
  .filter((e) => e.getBoundingClientRect().height < 24)
  .map((e) => e.outerHTML.slice(0, 90))"""
# What a tap opens must be as good.
OPEN = "() => { for (const d of document.querySelectorAll('details')) d.open = true; }"
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(page: Page, width: int, scheme: Any, rules: dict[str, Any] = EVERY_RULE) -> None:
    page.set_viewport_size({"width": width, "height": 568})
    # A change of scheme must not be measured half way through its fading.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = AXE.run(page, options=rules)
    assert found.violations_count == 0, f"{width} {scheme}: {found.generate_report()}"
    assert page.evaluate(WIDE) <= 0, f"{width}: wider than the screen"
    assert page.evaluate(SMALL) == []


def walk(opened: Opened, path: str) -> None:
    page = opened("/robots.txt")
    errors: list[str] = []
    asked: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.text != NO_WORKER else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path)
    page.evaluate(OPEN)
    for width, scheme in LOOKS:
        look(page, width, scheme)
    for width, scheme in IN_COLOUR:
        look(page, width, scheme, CONTRAST)
    home = page.url.split("/", 3)[2]
    assert errors == []
    assert [url for url in asked if url.split("/", 3)[2] != home] == []
    assert page.evaluate("() => window.stored") == []
    assert page.context.cookies() == []


@pytest.mark.parametrize("lang", ["", "/cy"])
@pytest.mark.parametrize("path", ORDINARY)
def test_a_page_is_clean_on_an_ordinary_day(
    opened: Opened, live: Any, path: str, lang: str
) -> None:
    walk(opened, lang + path)


@pytest.mark.parametrize("lang", ["", "/cy"])
@pytest.mark.parametrize("path", FAILING)
def test_a_page_is_clean_while_999_fails(opened: Opened, live: Any, path: str, lang: str) -> None:
    live(fault(), stories=(story(),))
    walk(opened, lang + path)
