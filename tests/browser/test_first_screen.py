"""The first screen of a phone of 320 by 488 px, whatever is wrong; whole numbers; paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.switch import fault
from tests.cast import incident, notice, scope
from triage.rules import rulebook

Opened = Callable[..., Page]
# Each call button, whose digits reach over its edge or break.
CUT = """() => [...document.querySelectorAll('.call .digits')].filter((d) => {
  const own = d.getBoundingClientRect(), box = d.closest('.call').getBoundingClientRect();
  return own.right > box.right || own.left < box.left || d.getClientRects().length > 1;
}).map((d) => d.textContent)"""


# Every preset; the pages on which people in danger arrive; two phones under a browser's own bars.
PATHS = (
    "/",
    "/cy/",
    "/in/leicestershire/",
    "/cy/in/leicestershire/",
    "/in/kent/now/",
    "/in/leicestershire/advice/not-breathing/",
    "/cy/in/leicestershire/advice/burglary-now/",
)
PHONES = ((320, 488), (390, 664))
FIRST = """() => { const box = document.querySelector('main .panel .call').getBoundingClientRect();
  return [box.bottom, box.height, document.documentElement.scrollWidth - innerWidth]; }"""


@pytest.mark.parametrize("phone", PHONES)
def test_the_first_button_stands_wholly_in_the_first_screen(
    opened: Opened, live: Any, phone: tuple[int, int]
) -> None:
    """Within 400 px, at least 44 px high, nothing sideways: for every preset, in both languages."""
    now, page, wrong = fault(), opened("/robots.txt"), []
    page.set_viewport_size({"width": phone[0], "height": phone[1]})
    for channel, state in dict.fromkeys((p.channel, str(p.state)) for p in rulebook().presets):
        live(incident(channel, state, published_at=now.published_at, review_at=now.review_at))
        for path in PATHS:
            page.goto(path)
            bottom, height, sideways = page.evaluate(FIRST)
            if bottom > 400 or height < 44 or sideways > 0:
                wrong.append((channel, state, path, bottom, height, sideways))
    assert not wrong


@pytest.mark.parametrize("path", ["from-abroad"])
def test_the_number_of_the_places_own_service_is_in_the_first_screen(
    opened: Opened, live: Any, settings: Any, path: str
) -> None:
    settings.DEMO = False
    number = opened(f"/in/kent/advice/{path}/").locator('main a[href^="tel:"]').first
    box = number.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 568


CALM = ("/", "/cy/", "/in/leicestershire/", "/cy/in/leicestershire/")
WORDS = "() => document.querySelector('main').innerText.split(/\\s+/).filter(Boolean).length"


@pytest.mark.parametrize("path", CALM)
def test_on_a_calm_day_the_search_box_stands_within_700_px(
    opened: Opened, live: Any, path: str
) -> None:
    box = opened(path).locator("#q").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 700


@pytest.mark.parametrize("path", ["/", "/in/leicestershire/"])
def test_the_start_page_has_150_words_at_most(opened: Opened, live: Any, path: str) -> None:
    page = opened(path)
    assert page.evaluate(WORDS) <= 150
    assert page.locator(".matters > .options > li:visible").count() <= 8


UNHEARD = ("deaf/", "deaf/medical-emergency/", "silent/")


@pytest.mark.parametrize("start", CALM)
def test_deaf_and_silent_people_have_one_screen_of_300_words(
    opened: Opened, live: Any, start: str
) -> None:
    """Their first button within 400 px too: on a calm day, and while 999 fails. Welsh says the
    same in a fifth more words: they are counted in English."""
    page, wrong, now = opened("/robots.txt"), [], fault()
    page.set_viewport_size({"width": 320, "height": 488})
    uk = incident("999", "down", published_at=now.published_at, review_at=now.review_at)
    for said in ((), (now,), (uk,)):
        live(*said)
        for path in UNHEARD:
            page.goto(start + path)
            button = page.locator("main .panel .call").first.bounding_box()
            assert button
            counted = page.evaluate(WORDS)
            if button["y"] + button["height"] > 400 or (counted > 300 and "/cy/" not in start):
                wrong.append((said, path, button, counted))
    assert not wrong


TALL = """() => [document.body.getBoundingClientRect().height,
  document.documentElement.scrollWidth - innerWidth]"""


@pytest.mark.parametrize("width", [320, 390])
def test_the_banner_takes_320_px_of_a_phone_and_the_line_60(
    opened: Opened, live: Any, settings: Any, width: int
) -> None:
    """For every preset, in both languages, for the UK and for an area; nothing sideways."""
    settings.DEMO = False
    now, page, wrong = fault(), opened("/robots.txt"), []
    page.set_viewport_size({"width": width, "height": 320})
    presets = dict.fromkeys((p.channel, str(p.state)) for p in rulebook().presets)
    every = [incident(c, s, published_at=now.published_at, review_at=now.review_at)
             for c, s in presets]  # fmt: skip
    lines = {"police-emergency": "101", "medical-emergency": "111"}
    notices = tuple(notice(n, "replace", to) for n, to in lines.items())
    apart = incident("999", "many-failing", scope=scope("police:leicestershire"), notices=notices,
                     published_at=now.published_at, review_at=now.review_at)  # fmt: skip
    for said in ((), (now,), (apart,), *((one,) for one in every)):
        live(*said)
        for path in ("banner/uk", "banner/leicestershire", "line/uk", "line/leicestershire"):
            for start in ("", "/cy"):
                page.goto(f"{start}/embed/{path}/")
                height, sideways = page.evaluate(TALL)
                if height > (60 if "line" in path else 320) or sideways > 0:
                    wrong.append((said, start, path, height, sideways))
    assert not wrong


LARGE = """(size) => { document.documentElement.style.setProperty('font-size', size, 'important');
  return [document.documentElement.scrollWidth - innerWidth,
    document.querySelector('.bar').getBoundingClientRect().height]; }"""


@pytest.mark.parametrize("size", ["24px", "32px"])
def test_large_text_runs_over_no_edge_and_the_bar_stays_small(
    opened: Opened, live: Any, size: str
) -> None:
    """150 % and 200 % of text at 320 px."""
    live(fault())
    page, wrong = opened("/robots.txt"), []
    area = ("", "status/", "deaf/", "silent/", "advice/theft-past/", "now/")
    everywhere = ("status/", "languages/ar/", "easy/", "numbers/", "where/", "area/", "privacy/")
    for path in (*(f"/in/leicestershire/{p}" for p in area), *(f"/{p}" for p in everywhere)):
        page.goto(path)
        sideways, bar = page.evaluate(LARGE, size)
        if sideways > 0 or bar > 64:
            wrong.append((path, sideways, bar))
    assert not wrong


@pytest.mark.parametrize("place", ["/", "/in/leicestershire/"])
def test_the_silent_and_deaf_ways_stand_under_the_button(
    opened: Opened, live: Any, place: str
) -> None:
    live(fault())
    page = opened(place)
    for link in ("silent/", "deaf/"):
        expect(page.locator(f'main a[href="{place}{link}"]').first).to_be_visible()


@pytest.mark.parametrize("path", ["/advice/k24/", "/power/", "/numbers/power-ni/", "/cy/power/"])
def test_no_number_is_cut_off_on_a_small_phone(opened: Opened, live: Any, path: str) -> None:
    page = opened(path)
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("path", ["/in/leicestershire/", "/in/leicestershire/advice/police-now/"])
def test_paper_is_white_though_the_screen_is_dark(opened: Opened, live: Any, path: str) -> None:
    live(replace(fault(), id="printed"))
    page = opened(path, color_scheme="dark")
    page.emulate_media(media="print")
    for part in (".panel", "main", "body"):
        colour = page.locator(part).first.evaluate("(e) => getComputedStyle(e).backgroundColor")
        assert colour in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), part


def test_what_is_wrong_with_a_form_has_the_focus(opened: Opened, live: Any) -> None:
    page = opened("/area/")
    page.get_by_role("button", name="Find my area").click()
    expect(page.locator(".wrong")).to_be_focused()
    expect(page.locator("#place")).to_have_attribute("aria-invalid", "true")
