"""With no signal a phone has the essentials, never as if they were current; "forget this" takes
them off. Its worker is the real one, in a real browser; its clock is put on by the stamp."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.switch import fault
from triage.web.http.cache_headers import PRIVATE
from triage.web.pages.views import offline as views

Opened = Callable[..., Page]
BOTH = ("/offline/kept.json", "/cy/offline/kept.json")
# What is kept, by address, once the worker has asked for all of it and answers for the page.
READY = """async () => {
  if (!navigator.serviceWorker.controller) return null;
  const cache = await caches.open("essentials");
  const held = (await cache.keys()).map((one) => new URL(one.url).pathname).sort();
  return held.length > 3 ? held : null;
}"""
# The same pages, asked for so many milliseconds before now.
AGED = """async (milliseconds) => {
  const cache = await caches.open("essentials");
  for (const one of await cache.keys()) {
    const box = await cache.match(one), headers = new Headers(box.headers);
    if (!headers.has("X-Kept-At")) continue;
    headers.set("X-Kept-At", String(Date.now() - milliseconds));
    await cache.put(one, new Response(await box.text(), { headers }));
  }
}"""
LEFT = """async () => [
  (await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length
]"""
TEXTS = """async () => Object.fromEntries(await Promise.all(
  (await (await caches.open("essentials")).keys()).map(
    async (one) => [new URL(one.url).pathname, await (await caches.match(one)).text()])))"""
MINUTE = 60_000


def visited(opened: Opened, path: str = "/", **more: Any) -> Page:
    """A page whose visit has kept the essentials."""
    page = opened(path, service_workers="allow", **more)
    until_kept(page)
    return page


def until_kept(page: Page) -> None:
    for _ in range(200):
        if page.evaluate(READY):
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was kept")


def offline(page: Page, path: str, minutes: int = 0) -> Page:
    page.evaluate(AGED, minutes * MINUTE)
    page.context.set_offline(True)
    page.goto(path)
    return page


@pytest.mark.parametrize(
    "path", ["/", "/cy/in/gwent/", "/advice/police-now/", "/status/", "/never-opened/"]
)
def test_any_page_gives_the_essentials_when_there_is_no_signal(
    opened: Opened, live: Any, path: str
) -> None:
    page = offline(visited(opened), path)
    welsh = path.startswith("/cy/")
    said = "Rydych chi all-lein" if welsh else "You are offline. This is what we said as of"
    expect(page.locator("aside.late")).to_contain_text(said)
    expect(page.locator("a.call").first).to_have_attribute("href", "tel:999")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    # Its own policy holds, and its scripts are there: the grid reference needs no signal.
    assert page.evaluate("getComputedStyle(document.querySelector('a.call')).display") != "inline"


@pytest.mark.parametrize(
    ("path", "has"),
    [
        ("/signal/", "h1"),
        ("/cy/in/gwent/silent/", "h1"),
        ("/deaf/", "main a[href='/deaf/police-emergency/']"),
        ("/deaf/police-emergency/", "main a.call"),
        ("/where/", "#locate button"),
        ("/languages/", ".tongues"),
        ("/languages/pl/", "[lang=pl] a.call[href='tel:999']"),
    ],
)
def test_what_is_kept_is_itself_when_there_is_no_signal(
    opened: Opened, live: Any, path: str, has: str
) -> None:
    page = offline(visited(opened), path)
    expect(page.locator(has).first).to_be_visible()
    expect(page.locator("aside.late")).to_be_visible()


@pytest.mark.parametrize(
    ("minutes", "note", "first"),
    [
        (5, "as of", ["101"]),
        (11, "11 minutes ago", ["999", "101"]),
        (25 * 60, "more than a day ago", None),
    ],
)
def test_a_diversion_is_kept_for_ten_minutes_and_after_a_day_only_what_never_changes(
    opened: Opened, live: Any, minutes: int, note: str, first: list[str] | None
) -> None:
    live(fault())
    page = offline(visited(opened), "/in/leicestershire/", minutes)
    expect(page.locator("aside.late")).to_contain_text(note)
    there = page.locator("section.elsewhere", has_text="Leicestershire").first
    if first is None:
        expect(page.locator("section.elsewhere")).to_have_count(0)
        return
    group = there.locator(".group", has_text="police").or_(
        there.locator(".group", has_text="Police")
    )
    links = group.first.locator("a[href^='tel:']")
    dialled = [links.nth(n).get_attribute("href") for n in range(links.count())]
    assert dialled[: len(first)] == [f"tel:{number}" for number in first]


def test_an_incident_during_a_visit_changes_what_is_kept(opened: Opened, live: Any) -> None:
    page = opened("/robots.txt", service_workers="allow")
    page.clock.install()
    page.goto("/in/leicestershire/")
    page.clock.run_for(2000)
    until_kept(page)
    assert "panel elsewhere" not in page.evaluate(TEXTS)[BOTH[0]]
    page.evaluate(AGED, MINUTE)
    live(fault())
    for _ in range(200):
        page.clock.run_for(2000)
        page.wait_for_timeout(50)
        if all("panel elsewhere" in page.evaluate(TEXTS)[box] for box in BOTH):
            return
    pytest.fail("what is kept did not follow")


def test_a_page_read_with_no_signal_becomes_itself_when_there_is_one_again(
    opened: Opened, live: Any
) -> None:
    page = offline(visited(opened), "/in/kent/")
    expect(page.locator("aside.late")).to_be_visible()
    live(fault())
    page.context.set_offline(False)
    expect(page.locator(".place")).to_contain_text("Kent")
    expect(page.locator("aside.late")).to_have_count(0)


def test_nothing_of_a_visitor_is_kept(opened: Opened, live: Any) -> None:
    page = visited(opened, "/in/leicestershire/advice/police-now/")
    page.goto("/in/leicestershire/")
    page.locator("#q").fill("somebody stole my bike")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/search/")
    kept = page.evaluate(TEXTS)
    own = [path for path in kept if not path.startswith("/static/public/")]
    assert sorted(own) == sorted(BOTH)
    assert not any("leicestershire" in text.lower() or "bike" in text for text in
                   (kept[path] for path in BOTH))  # fmt: skip
    assert page.context.cookies() == []


def test_forget_this_takes_all_of_it_off_and_it_stays_off_for_the_visit(
    opened: Opened, live: Any
) -> None:
    page = visited(opened, "/privacy/")
    page.locator("main a[href='/offline/']").click()
    page.get_by_role("button", name="Forget this").click()
    expect(page.get_by_role("button", name="Forgotten")).to_be_disabled()
    assert page.evaluate(LEFT) == [0, 0]
    page.goto("/now/")
    page.wait_for_timeout(1500)
    assert page.evaluate(LEFT) == [0, 0]


def test_forget_this_works_with_no_signal_too(opened: Opened, live: Any) -> None:
    page = offline(visited(opened), "/offline/")
    page.get_by_role("button", name="Forget this").click()
    expect(page.get_by_role("button", name="Forgotten")).to_be_disabled()
    assert page.evaluate(LEFT) == [0, 0]


@pytest.mark.parametrize("path", ["/silent/", "/embed/full/uk/", "/never-opened/"])
def test_no_sensitive_page_no_frame_and_no_error_starts_it(
    opened: Opened, live: Any, path: str
) -> None:
    page = opened(path, service_workers="allow")
    page.wait_for_timeout(1500)
    assert page.evaluate(LEFT) == [0, 0]


def test_a_walk_through_a_sensitive_branch_ends_on_the_essentials(
    opened: Opened, live: Any
) -> None:
    page = visited(opened)
    page.goto("/ask/k1/")
    page.context.set_offline(True)
    page.locator("main .options a").first.click()
    expect(page.locator("aside.late")).to_contain_text("You are offline")


def test_a_page_that_is_left_open_with_no_signal_grows_old(opened: Opened, live: Any) -> None:
    live(fault())
    page = visited(opened)
    # Ten minutes are over in six seconds.
    page = offline(page, "/in/leicestershire/", 0)
    page.evaluate(AGED, 10 * MINUTE - 6000)
    page.goto("/in/leicestershire/")
    expect(page.locator("aside.late")).to_contain_text("as of")
    expect(page.locator("aside.late")).to_contain_text("10 minutes ago", timeout=20_000)


def test_what_only_stands_in_for_an_answer_is_not_kept(
    opened: Opened, live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "KEPT_FOR", PRIVATE)
    page = opened("/", service_workers="allow")
    page.wait_for_timeout(2000)
    assert not set(BOTH) & set(page.evaluate(TEXTS))
