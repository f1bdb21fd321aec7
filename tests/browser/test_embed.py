"""The widget on a page of somebody else's, in a real browser: hostile styles and messages, strict
policy, no script, no server. Whatever happens, there is advice or a link, and never a blank.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import override_settings
from playwright.sync_api import Browser, FrameLocator, Page, expect

from outage import bulletin
from outage.bulletin import Bulletin
from tests.cast import incident, issuer, notice, scope
from tests.survival.machine import until
from tests.web.widget.hosts import Host, Site, hosting
from triage import clock
from triage.engine.situation import Incident
from triage.web.widget import loader

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

HALF_A_MINUTE = 30_000
# Milliseconds that a busy machine may take: nothing waits so long where nothing is wrong.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
# A browser that keeps third parties from storing anything says so with an error.
STORED = "() => { try { return localStorage.length + sessionStorage.length } catch { return 0 } }"
# The rules of WCAG 2.2 AA; the frames of the widget are held to axe's own advice as well.
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), "")
EXIT = "https://www.bbc.co.uk/weather"
# Milliseconds from opening what was hidden to live advice in it.
OPENED = 2000


@pytest.fixture
def site(socket_enabled: None) -> Iterator[Site]:
    started = Site()
    started.start()
    yield started
    started.stop()


@pytest.fixture
def host(socket_enabled: None) -> Iterator[Host]:
    with hosting() as given:
        yield given


class Show:
    """What is in force from now on, and who may frame us."""

    def __init__(self, stack: ExitStack, host: Host) -> None:
        self._stack, self._host, self._version = stack, host, 0

    def __call__(self, *incidents: Incident, hosts: frozenset[str] | None = None) -> None:
        self._version += 1
        may = frozenset({self._host.address}) if hosts is None else hosts
        shown = Bulletin(self._version, incidents, clock.now(), hosts={"": may})
        self._stack.enter_context(bulletin.showing(shown))


@pytest.fixture
def show(host: Host) -> Iterator[Show]:
    with ExitStack() as stack, override_settings(DEMO=False):
        given = Show(stack, host)
        given()
        yield given


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 800, "height": 900})
    context.route(re.compile("^https://"), lambda route: route.fulfill(body="weather"))
    given = context.new_page()
    given.set_default_timeout(PATIENCE)
    yield given
    context.close()


@pytest.fixture
def told(page: Page) -> list[str]:
    """What the browser complains of."""
    heard: list[str] = []
    page.on("console", lambda m: heard.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def failing() -> Incident:
    now = clock.now()
    return incident(
        "999",
        "many-failing",
        id="leicester-999",
        scope=scope("police:leicestershire"),
        issuer=issuer("Leicestershire Police", of="police:leicestershire"),
        notices=(notice("police-emergency", "replace", "101"),),
        published_at=now - timedelta(minutes=5),
        review_at=now + timedelta(hours=2),
    )


QUIET = 'referrerpolicy="no-referrer"'
LINK = '<a id="link" href="https://site.example/">In an emergency call 999.</a>'


def script(site: Site, name: str = "") -> str:
    name = name or loader.NEWEST.name
    check = f'integrity="{loader.integrity(name)}" crossorigin' if name != "v1.js" else ""
    return f'<script src="{site.address}/embed/{name}" {check} {QUIET} async></script>'


def tag(given: str = 'area="leicestershire"') -> str:
    return f"<which-number {given}>{LINK}</which-number>"


def framed(page: Page, number: int = 0) -> FrameLocator:
    return page.frame_locator("which-number iframe").nth(number)


def box(page: Page, selector: str = "which-number iframe") -> dict[str, float]:
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return {side: float(found[side]) for side in ("x", "y", "width", "height")}


def test_a_strict_policy_needs_the_two_lines_and_no_more(
    page: Page, host: Host, site: Site, show: Show, told: list[str]
) -> None:
    show(failing())
    host.policy = (
        f"default-src 'none'; script-src {site.address}; frame-src {site.address}; "
        "require-trusted-types-for 'script'"
    )
    page.goto(host.page(script(site) + tag()))
    expect(framed(page).get_by_role("heading", name="Many 999 calls are failing")).to_be_visible()
    expect(page.locator("#link")).to_be_hidden()
    assert [t for t in told if "favicon" not in t and "404" not in t] == []


def test_its_height_is_what_it_shows(page: Page, host: Host, site: Site, show: Show) -> None:
    page.goto(host.page(script(site) + tag()))
    expect(framed(page).locator("main")).to_be_visible()
    before = box(page)["height"]
    inner = framed(page).locator("body").evaluate("b => b.scrollHeight")
    assert before == pytest.approx(inner, abs=2)
    page.set_viewport_size({"width": 260, "height": 900})
    page.wait_for_function(
        "h => document.querySelector('which-number').shadowRoot.querySelector('iframe')"
        ".getBoundingClientRect().height > h",
        arg=before,
    )


def test_hostile_styles_do_not_reach_it(page: Page, host: Host, site: Site, show: Show) -> None:
    host.files["/bad.css"] = (
        "* { display: none !important; width: 7px !important; height: 7px !important; "
        "max-height: 7px !important; opacity: 0 !important; position: absolute !important; "
        "left: -999px !important; transform: scale(.1) !important; float: right !important; "
        "overflow: hidden !important; color: red !important; visibility: hidden !important; "
        "clip-path: inset(50%) !important; font-size: 2px !important }"
        "html, body { all: revert !important }"
    )
    page.goto(host.page(script(site) + tag(), head='<link rel="stylesheet" href="/bad.css">'))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    shape = box(page)
    assert shape["width"] > 600
    assert shape["height"] > 150
    assert shape["x"] >= 0


@pytest.mark.parametrize(
    "junk",
    [
        "null",
        "'leave'",
        "{whichNumber: 1, type: 'leave'}",
        "{whichNumber: 1, type: 'withdraw'}",
        "{whichNumber: 1, type: 'size', height: 5, title: 'x'}",
        "{whichNumber: 1, type: 'size', height: 1e9, title: {}}",
        "{whichNumber: 1, type: 'hello'}",
        "[[[]]]",
    ],
)
def test_junk_messages_change_nothing(
    page: Page, host: Host, site: Site, show: Show, told: list[str], junk: str
) -> None:
    page.goto(host.page(script(site) + tag()))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    before, address = box(page), page.url
    page.evaluate(
        f"""() => {{
          const frame = document.querySelector('which-number').shadowRoot.querySelector('iframe');
          for (const to of [window, frame.contentWindow]) to.postMessage({junk}, '*');
        }}"""
    )
    page.wait_for_timeout(150)
    assert (box(page), page.url) == (before, address)
    expect(page.locator("#link")).to_be_hidden()
    assert [t for t in told if "404" not in t] == []


def test_another_frame_cannot_speak_for_it(page: Page, host: Host, site: Site, show: Show) -> None:
    host.page(
        "<script>for (const type of ['leave', 'withdraw'])"
        "parent.postMessage({whichNumber: 1, type}, '*')</script>",
        path="/evil",
    )
    page.goto(host.page(script(site) + tag() + f'<iframe src="{host.address}/evil"></iframe>'))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    assert page.url == host.address + "/"


def test_the_right_shape_from_the_right_origin_is_all_that_counts(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.goto(host.page(script(site) + tag()))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    before = box(page)["height"]
    for bad in ("{height: 3}", "{height: 'a', title: 'x'}", "{height: -1, title: 'x'}", "{}"):
        framed(page).locator("body").evaluate(
            f"() => parent.postMessage({{whichNumber: 1, type: 'size', ...{bad}}}, '*')"
        )
    page.wait_for_timeout(100)
    assert box(page)["height"] == before


def test_without_script_the_link_stands(page: Page, host: Host, site: Site, show: Show) -> None:
    host.policy = "script-src 'none'"
    page.goto(host.page(script(site) + tag()))
    expect(page.locator("#link")).to_be_visible()
    assert page.locator("iframe").count() == 0


def test_a_script_that_is_not_the_one_released_does_not_run(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.route(f"**/embed/{loader.NEWEST.name}", lambda r: r.fulfill(body="alert(1)", headers={
        "Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}))  # fmt: skip
    page.goto(host.page(script(site) + tag()))
    page.wait_for_timeout(200)
    expect(page.locator("#link")).to_be_visible()


@pytest.mark.parametrize("policy", ["frame-src 'none'", "child-src 'none'"])
def test_where_the_host_allows_no_frame_the_link_stands(
    page: Page, host: Host, site: Site, show: Show, policy: str
) -> None:
    host.policy = policy
    page.clock.install()
    page.goto(host.page(script(site) + tag()))
    page.wait_for_timeout(300)
    expect(page.locator("#link")).to_be_visible()
    page.clock.run_for(20_000)
    expect(page.locator("#link")).to_be_visible()
    assert page.locator("which-number iframe").count() == 0


def test_a_host_that_is_not_registered_keeps_its_link(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    show(hosts=frozenset({"www.other.example"}))
    page.clock.install()
    page.goto(host.page(script(site) + tag()))
    page.wait_for_timeout(300)
    expect(page.locator("#link")).to_be_visible()
    page.clock.run_for(20_000)
    expect(page.locator("#link")).to_be_visible()


def test_an_area_that_there_is_not_keeps_the_link(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.goto(host.page(script(site) + tag('area="leicestershir"')))
    page.wait_for_timeout(300)
    expect(page.locator("#link")).to_be_visible()


def test_a_server_that_does_not_answer_leaves_the_link_and_is_tried_again(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.clock.install()
    host.files["/w.js"] = (
        loader.source(loader.NEWEST.name)
        .decode()
        .replace("new URL(tag.src).origin", "(window.home || new URL(tag.src).origin)")
    )
    head = f"<script>window.home = '{site.address}'</script>"
    site.stop()
    page.goto(host.page('<script src="/w.js"></script>' + tag(), head=head))
    page.wait_for_timeout(300)
    expect(page.locator("#link")).to_be_visible()
    page.clock.run_for(20_000)
    expect(page.locator("#link")).to_be_visible()
    site.start()
    page.clock.run_for(61_000)
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()


def steps_until(page: Page, seen: Callable[[], bool]) -> int:
    """How many half minutes of the page's own time pass until something is seen."""
    for step in range(1, 30):
        page.clock.run_for(HALF_A_MINUTE)
        page.wait_for_timeout(100)
        if seen():
            return step
    return 0


def test_a_server_that_stops_is_told_after_two_minutes_and_withdrawn_after_ten(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.clock.install()
    show(failing())
    page.goto(host.page(script(site) + tag()))
    expect(framed(page).get_by_role("heading", name="Many 999 calls are failing")).to_be_visible()
    site.stop()
    assert steps_until(page, lambda: framed(page).locator("#old").is_visible()) in (4, 5)
    assert steps_until(page, lambda: page.locator("#link").is_visible()) in range(14, 19)
    assert page.get_by_text("Many 999 calls are failing").count() == 0


def test_a_server_that_hangs_is_told_as_one_that_stopped(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.clock.install()
    show(failing())
    page.goto(host.page(script(site) + tag()))
    expect(framed(page).get_by_role("heading", name="Many 999 calls are failing")).to_be_visible()
    page.route("**/embed/banner/**", lambda route: None)
    assert steps_until(page, lambda: framed(page).locator("#old").is_visible()) in (4, 5, 6)
    assert steps_until(page, lambda: page.locator("#link").is_visible()) in range(14, 19)


def test_while_our_server_is_down_the_host_s_page_stays_where_its_reader_is(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.clock.install()
    page.route("**/embed/banner/**", lambda route: route.abort())
    below = "<style>body { padding-bottom: 5000px }</style>"
    page.goto(host.page(script(site) + tag(), head=below))
    page.wait_for_timeout(200)
    page.evaluate("scrollTo(0, 3000)")
    for _ in range(5):
        page.clock.run_for(HALF_A_MINUTE)
        page.wait_for_timeout(100)
    assert page.evaluate("scrollY") == 3000


def test_another_area_in_the_tag_takes_the_old_advice_away_at_once(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    show(failing())
    page.goto(host.page(script(site) + tag()))
    expect(framed(page).get_by_role("heading", name="Many 999 calls are failing")).to_be_visible()
    page.evaluate("document.querySelector('which-number').setAttribute('area', 'kent')")
    expect(page.locator("#link")).to_be_visible()
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    assert framed(page).get_by_text("Many 999 calls are failing").count() == 0


def test_a_step_that_cannot_be_loaded_gives_way_to_the_link(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.clock.install()
    page.goto(host.page(script(site) + tag('area="kent" view="ask"')))
    option = framed(page).get_by_role("link", name="An animal")
    expect(option).to_be_visible()
    site.stop()
    option.click()
    page.wait_for_timeout(400)
    page.clock.run_for(20_000)
    expect(page.locator("#link")).to_be_visible()


def test_an_open_page_learns_of_a_change_and_keeps_its_focus(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.clock.install()
    page.goto(host.page(script(site) + tag('area="leicestershire" view="ask"')))
    option = framed(page).get_by_role("link", name="An animal")
    option.focus()
    show(failing())
    page.clock.run_for(HALF_A_MINUTE + 100)
    expect(framed(page).get_by_role("heading", name="Many 999 calls are failing")).to_be_visible()
    expect(framed(page).get_by_role("link", name="An animal")).to_be_focused()
    expect(framed(page).locator("#news")).to_have_text(
        "The advice on this page has changed. It is up to date now."
    )
    assert box(page)["height"] == pytest.approx(
        framed(page).locator("body").evaluate("b => b.scrollHeight"), abs=2
    )


def test_a_very_narrow_column_cuts_nothing_off(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    show(failing())
    column = '<div id="column">' + tag('area="leicestershire" view="full"') + "</div>"
    page.goto(host.page(script(site) + column, head="<style>#column { width: 120px }</style>"))
    expect(framed(page).get_by_role("link", name="Call 101", exact=True).first).to_be_visible()
    assert box(page)["width"] == 120
    wide = framed(page).locator("html").evaluate("h => h.scrollWidth")
    assert wide <= 120


def test_two_on_one_page_keep_to_themselves(page: Page, host: Host, site: Site, show: Show) -> None:
    show(failing())
    both = tag() + tag('area="nottinghamshire" lang="cy" view="ask"')
    page.goto(host.page(script(site) + script(site, "v1.js") + both))
    expect(
        framed(page, 0).get_by_role("heading", name="Many 999 calls are failing")
    ).to_be_visible()
    expect(framed(page, 1).get_by_role("link", name="Ffoniwch 999")).to_be_visible()
    assert framed(page, 1).get_by_text("101 first").count() == 0


def test_it_speaks_the_language_of_the_page_and_changes_it_inside(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.goto(host.page(script(site) + tag('area="gwent"'), lang="cy-GB"))
    expect(framed(page).get_by_role("link", name="Ffoniwch 999")).to_be_visible()
    expect(page.locator("which-number iframe")).to_have_attribute("title", "Pa rif i'w ffonio")
    framed(page).get_by_role("link", name="English").click()
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()


def test_it_wears_the_colours_of_its_tag(page: Page, host: Host, site: Site, show: Show) -> None:
    page.goto(host.page(script(site) + tag('area="kent" accent="#7a0055"')))
    link = framed(page).get_by_role("link", name="Which number should I call?")
    expect(link).to_have_css("color", "rgb(122, 0, 85)")


def test_no_colour_of_a_tag_changes_the_emergency_block(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.goto(host.page(script(site) + tag('area="kent" accent="#7a0055" ground="#ffffff"')))
    expect(framed(page).locator(".danger")).to_have_css("background-color", "rgb(143, 16, 24)")
    call = framed(page).get_by_role("link", name="Call 999")
    expect(call).to_have_css("background-color", "rgb(255, 255, 255)")


def test_the_keyboard_goes_in_through_it_and_out_again(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    body = '<button id="before">a</button>' + tag() + '<button id="after">b</button>'
    page.goto(host.page(script(site) + body))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    page.locator("#before").focus()
    page.keyboard.press("Tab")
    expect(framed(page).locator("#leave")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "after":
            break
    expect(page.locator("#after")).to_be_focused()


def leave(page: Page, how: str) -> None:
    inside = framed(page)
    inside.locator("#main").focus()
    if how == "button":
        inside.locator("#leave").click()
    for key in {"escape": ["Escape"], "shift": ["Shift"] * 3}.get(how, []):
        page.keyboard.press(key)


@pytest.mark.parametrize("how", ["escape", "shift", "button"])
def test_leaving_from_inside_blanks_the_widget_and_nothing_else(
    page: Page, host: Host, site: Site, show: Show, how: str
) -> None:
    page.goto(host.page("<p>The host's own words</p>" + script(site) + tag()))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    leave(page, how)
    expect(page.locator("which-number iframe")).to_have_count(0)
    expect(page.locator("#link")).to_be_hidden()
    expect(page.get_by_text("The host's own words")).to_be_visible()
    assert page.url == host.address + "/"
    page.evaluate("document.querySelector('which-number').setAttribute('area', 'kent')")
    page.wait_for_timeout(200)
    assert page.locator("which-number iframe").count() == 0


@pytest.mark.parametrize("how", ["escape", "shift", "button"])
def test_a_tag_that_says_so_leaves_the_whole_page_and_back_does_not_return(
    page: Page, host: Host, site: Site, show: Show, how: str
) -> None:
    page.goto(host.page("before", path="/before"))
    page.goto(host.page(script(site) + tag('area="leicestershire" exit="page"')))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    leave(page, how)
    page.wait_for_url(EXIT)
    page.go_back()
    assert page.url == host.address + "/before"


@pytest.mark.parametrize(
    "keys",
    [
        ["Shift", "Shift", "a", "Shift"],
        ["Shift", "Shift+a", "Shift"],
        ["Shift+Tab", "Shift+Tab", "Shift+Tab"],
        ["Shift", "a", "Shift", "a", "Shift"],
    ],
)
def test_only_presses_one_after_another_leave(
    page: Page, host: Host, site: Site, show: Show, keys: list[str]
) -> None:
    page.goto(host.page(script(site) + tag('area="kent" view="ask"')))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    framed(page).get_by_role("link", name="An animal").focus()
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(100)
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()


def test_a_click_between_the_presses_is_no_press(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.goto(host.page(script(site) + tag('area="kent" view="ask"')))
    main = framed(page).locator("#danger")
    expect(main).to_be_visible()
    for _ in range(3):
        main.click(modifiers=["Shift"])
    page.wait_for_timeout(100)
    expect(main).to_be_visible()


# How a host may hide the tag, and how somebody opens it: markup around the tag, and a script.
HIDINGS = {
    "tab": ('<div id="t" style="display:none">{}</div>', "t.style.display = 'block'"),
    "accordion": ('<details id="t"><summary>More</summary>{}</details>', "t.open = true"),
    "skipped": (
        '<div id="t" style="content-visibility:hidden">{}</div>',
        "t.style.contentVisibility = 'visible'",
    ),
    "far below": (
        '<div id="t" style="padding-top:9000px;content-visibility:auto">{}</div>',
        "t.querySelector('which-number').scrollIntoView()",
    ),
    "unseen": ('<div id="t" hidden>{}</div>', "t.hidden = false"),
    "late": ('<template id="t">{}</template>', "document.body.append(t.content)"),
}


@pytest.mark.parametrize("hidden_for", [300, 13_000])
def test_hidden_is_not_failed(
    page: Page, host: Host, site: Site, show: Show, hidden_for: int
) -> None:
    """However it was hidden and however long, live advice stands there two seconds after it is
    opened. All ways stand on one page, so that all are waited for at once."""
    show(failing())
    ways = {hiding: HIDINGS[hiding] for hiding in sorted(HIDINGS, key="far below".__eq__)}
    marked = (
        around.replace('id="t"', f'id="{hiding}"').format(
            tag(f'area="leicestershire" id="in {hiding}"')
        )
        for hiding, (around, _) in ways.items()
    )
    page.goto(host.page(script(site) + "".join(marked)))
    page.wait_for_timeout(hidden_for)
    for hiding, (_, opens) in ways.items():
        page.evaluate(f"const t = document.getElementById('{hiding}'); {opens}")
        own = page.locator(f"which-number[id='in {hiding}']")
        own.evaluate("tag => tag.scrollIntoView()")
        began = clock.steady()
        frame = own.locator("iframe").content_frame
        heading = frame.get_by_role("heading", name="Many 999 calls are failing")
        expect(heading).to_be_visible(timeout=OPENED)
        assert clock.steady() - began < OPENED / 1000


@pytest.mark.parametrize("hiding", ["tab", "accordion", "unseen"])
def test_what_was_closed_for_long_is_up_to_date_when_it_is_opened_again(
    page: Page, host: Host, site: Site, show: Show, hiding: str
) -> None:
    around, opens = HIDINGS[hiding]
    page.goto(host.page(script(site) + around.format(tag())))
    page.evaluate(opens)
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    shuts = {"tab": "t.style.display = 'none'", "accordion": "t.open = false",
             "unseen": "t.hidden = true"}  # fmt: skip
    page.evaluate(shuts[hiding])
    page.wait_for_timeout(3000)
    show(failing())
    page.evaluate(opens)
    heading = framed(page).get_by_role("heading", name="Many 999 calls are failing")
    expect(heading).to_be_visible(timeout=OPENED)


def test_a_page_that_comes_back_from_the_browser_s_memory_shows_live_advice(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.goto(host.page(script(site) + tag()))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    page.goto(host.page("elsewhere", path="/elsewhere"))
    page.wait_for_timeout(2500)
    show(failing())
    page.go_back(wait_until="commit")
    heading = framed(page).get_by_role("heading", name="Many 999 calls are failing")
    expect(heading).to_be_visible(timeout=OPENED)


# A page that the browser makes ready in advance, and goes to after three seconds.
PRERENDER = (
    '<script type="speculationrules">'
    '{"prerender": [{"source": "list", "urls": ["/next"], "eagerness": "immediate"}]}</script>'
    "<script>setTimeout(() => { location = '/next' }, 3000)</script>"
)
# It tells our site when it is made ready, when it is seen, and when the widget stands in it.
TELLS = """<script>
const tell = (what) => { new Image().src = "%s/robots.txt?" + what };
tell(document.prerendering ? "ready" : "no-prerender");
document.addEventListener("prerenderingchange", () => tell("seen"));
const look = setInterval(() => {
  const root = document.querySelector("which-number").shadowRoot;
  const frame = root && root.querySelector("iframe");
  if (frame && frame.offsetHeight > 50) { clearInterval(look); tell("stands") }
}, 20);
</script>"""


@pytest.mark.skipif(not CHROMIUM, reason="this machine has no Chromium of its own")
def test_a_page_that_is_made_ready_in_advance_asks_nothing_until_it_is_seen(
    host: Host, site: Site, show: Show, tmp_path: Path
) -> None:
    """In a browser that nobody steers: one that is steered makes nothing ready in advance."""
    host.page(script(site) + tag() + TELLS % site.address, path="/next")
    given = ("--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}")
    with subprocess.Popen(
        [CHROMIUM, *given, host.page(PRERENDER)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as browser:
        try:
            until(lambda: "stands" in _steps(site), 30, "the widget")
        finally:
            browser.terminate()
    steps = _steps(site)
    assert steps == ["ready", "seen", "frame", "stands"]
    # Our site heard of each when it was: the frame stood within two seconds of being seen.
    times = dict(zip(steps, _times(site), strict=True))
    assert times["stands"] - times["seen"] < OPENED / 1000


def _of_step(heard: dict[str, str]) -> str:
    return "frame" if "/banner/" in heard["PATH_INFO"] else heard["QUERY_STRING"]


def _steps(site: Site) -> list[str]:
    return [step for h in site.heard if (step := _of_step(h))]


def _times(site: Site) -> list[float]:
    return [float(h["at"]) for h in site.heard if _of_step(h)]


# Hosts that make it hard: what stands in their head, and around the tag.
HOSTS = {
    "right to left": ("", '<div dir="rtl" lang="ar">{}</div>'),
    "unset": (
        "<style>which-number, which-number *, iframe { all: unset !important }</style>",
        "<div>{}</div>",
    ),
    "hidden by style": (
        "<style>:not(html):not(body):not(#l) { content-visibility: hidden; zoom: 0.01 !important }"
        "#l { content-visibility: visible }</style>",
        '<div id="l" style="zoom:1 !important">{}</div>',
    ),
    "grid": (
        "<style>#g { display: grid; grid-template-columns: 1fr 1fr } </style>",
        '<div id="g">{}<p>aside</p></div>',
    ),
    "upright": ("<style>#u { writing-mode: vertical-rl }</style>", '<div id="u">{}</div>'),
}


@pytest.mark.parametrize("hard", HOSTS)
def test_it_stands_on_a_host_that_makes_it_hard(
    page: Page, host: Host, site: Site, show: Show, hard: str
) -> None:
    show(failing())
    head, around = HOSTS[hard]
    page.goto(host.page(script(site) + around.format(tag()), head=head))
    expect(framed(page).get_by_role("heading", name="Many 999 calls are failing")).to_be_visible()
    shape = box(page)
    assert shape["width"] > 150
    assert shape["height"] > 150


def test_a_module_script_works_as_any_other(page: Page, host: Host, site: Site, show: Show) -> None:
    module = script(site).replace("<script", '<script type="module"')
    page.goto(host.page(module + tag()))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()


def test_loaded_twice_in_two_versions_it_stands_once(
    page: Page, host: Host, site: Site, show: Show, told: list[str]
) -> None:
    twice = script(site) + script(site) + script(site, "v1.0.1.js") + script(site, "v1.js")
    page.goto(host.page(twice + tag()))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    assert page.locator("which-number iframe").count() == 1
    assert [t for t in told if "404" not in t] == []


def test_a_single_page_host_may_take_it_away_move_it_and_bring_it_back(
    page: Page, host: Host, site: Site, show: Show, told: list[str]
) -> None:
    page.goto(host.page(script(site) + '<div id="a">' + tag() + '</div><div id="b"></div>'))
    expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    page.evaluate("window.kept = document.querySelector('which-number'); kept.remove()")
    assert page.evaluate("kept.shadowRoot.querySelector('iframe')") is None
    for step in ("b.append(kept)", "a.append(kept)", "a.innerHTML = a.innerHTML"):
        page.evaluate(step)
        expect(framed(page).get_by_role("link", name="Call 999")).to_be_visible()
    assert page.locator("which-number iframe").count() == 1
    assert [t for t in told if "404" not in t] == []


def test_a_host_that_is_struck_off_loses_the_frame_at_its_next_look(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.clock.install()
    show(failing())
    page.goto(host.page(script(site) + tag()))
    expect(framed(page).get_by_role("heading", name="Many 999 calls are failing")).to_be_visible()
    show(failing(), hosts=frozenset())
    page.clock.run_for(HALF_A_MINUTE + 100)
    expect(page.locator("#link")).to_be_visible()
    assert page.locator("which-number iframe").count() == 0


@pytest.mark.parametrize("width", [320, 800])
def test_a_line_takes_no_room_on_a_calm_day_and_sixty_pixels_at_most(
    page: Page, host: Host, site: Site, show: Show, width: int
) -> None:
    page.clock.install()
    page.set_viewport_size({"width": width, "height": 600})
    page.goto(host.page(script(site) + tag('area="leicestershire" view="line"')))
    expect(page.locator("#link")).to_be_hidden()
    assert box(page, "which-number")["height"] == 0
    show(failing())
    page.clock.run_for(HALF_A_MINUTE + 100)
    expect(framed(page).get_by_role("link", name="101").first).to_be_visible()
    assert 20 < box(page)["height"] <= 60
    show()
    page.clock.run_for(HALF_A_MINUTE + 100)
    page.wait_for_function("!document.querySelector('which-number').offsetHeight")


def test_numbers_can_be_dialled_from_inside(
    page: Page, host: Host, site: Site, show: Show, told: list[str]
) -> None:
    page.goto(host.page(script(site) + tag()))
    framed(page).get_by_role("link", name="Call 999").click()
    page.wait_for_timeout(300)
    assert [t for t in told if "sandbox" in t.lower()] == []


def test_the_sandbox_lets_through_what_it_must_and_no_more(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.goto(host.page(script(site) + tag()))
    tokens = (page.locator("which-number iframe").get_attribute("sandbox") or "").split()
    assert set(tokens) == {
        "allow-scripts",
        "allow-same-origin",
        "allow-forms",
        "allow-popups",
        "allow-popups-to-escape-sandbox",
        "allow-top-navigation-to-custom-protocols",
    }


def test_it_keeps_nothing_and_tells_nobody_where_it_stands(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.goto(host.page(script(site) + tag('area="kent" view="ask"'), path="/secret-page"))
    framed(page).get_by_role("link", name="An animal").click()
    expect(framed(page).get_by_role("link", name="Back")).to_be_visible()
    assert page.context.cookies() == []
    for where in (page, page.frames[1]):
        assert where.evaluate(STORED) == 0
    asked = [h for h in site.heard if h["PATH_INFO"] != "/favicon.ico"]
    assert asked
    assert all("secret-page" not in str(h) and not h["HTTP_COOKIE"] for h in asked)
    # To our own pages a referrer would be our own; the host's never is one.
    assert all(host.address not in h["HTTP_REFERER"] for h in asked)


def test_the_pretend_edition_is_marked_and_dials_nothing(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    page.goto(host.page(script(site) + tag('area="kent" pretend')))
    expect(framed(page).get_by_text("Pretend, for testing.").first).to_be_visible()
    assert framed(page).locator("a[href^='tel:']").count() == 0


def test_a_host_that_isolates_itself_may_show_it(
    page: Page, host: Host, site: Site, show: Show
) -> None:
    answer = page.request.get(f"{site.address}/embed/banner/kent/")
    assert answer.headers["cross-origin-embedder-policy"] == "require-corp"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/embed/banner/leicestershire/",
        "/cy/embed/full/leicestershire/",
        "/embed/ask/leicestershire/advice/burglary-past/from/break-in/",
        "/sandbox/embed/full/kent/",
        "/embed/full/kent/?accent=7a0055",
    ],
)
def test_axe_finds_nothing_in_the_frame(
    page: Page, site: Site, show: Show, path: str, scheme: Any
) -> None:
    show(failing())
    page.emulate_media(color_scheme=scheme)
    page.goto(site.address + path)
    assert Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"] == []


@pytest.mark.parametrize("path", ["/embed/", "/cy/embed/?accent=eee", "/embed/demo/", "/api/"])
def test_axe_finds_nothing_on_the_pages_for_editors(
    page: Page, site: Site, show: Show, path: str
) -> None:
    page.goto(site.address + path)
    assert Axe().run(page, options=WCAG).response["violations"] == []


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("path", ["/embed/", "/embed/demo/", "/embed/changes/", "/api/"])
def test_the_pages_for_editors_fit_the_width(
    page: Page, site: Site, show: Show, path: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site.address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_builder_shows_a_choice_at_once(page: Page, site: Site, show: Show) -> None:
    page.goto(f"{site.address}/embed/")
    page.get_by_label("Your area").select_option("kent")
    expect(page.locator("#tag")).to_contain_text('area="kent"')
    expect(page.locator("iframe.look")).to_have_attribute("src", "/embed/banner/kent/")
    page.get_by_label("Links and buttons").fill("eee")
    expect(page.get_by_role("alert")).to_contain_text("1.2 to 1")


def test_the_builder_copies_the_tag_that_it_shows(page: Page, site: Site, show: Show) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site.address}/embed/")
    page.get_by_label("Your area").select_option("kent")
    expect(page.locator("#tag")).to_contain_text('area="kent"')
    page.get_by_role("button", name="Copy the tag").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    shown = page.locator("#tag").text_content()
    assert page.evaluate("navigator.clipboard.readText()") == shown


def test_where_nothing_may_be_copied_the_tag_is_marked(page: Page, site: Site, show: Show) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(f"{site.address}/embed/")
    page.get_by_role("button", name="Copy the tag").click()
    expect(page.locator("#copied")).to_have_text("The tag is marked. Copy it now.")
    assert page.evaluate("String(getSelection())").startswith("<script")


def test_the_builder_works_without_script(chromium: Browser, site: Site, show: Show) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}/embed/")
    page.get_by_label("Your area").select_option("kent")
    page.get_by_role("button", name="Show me").click()
    expect(page.locator("#tag")).to_contain_text('area="kent"')
    context.close()


def test_the_demonstration_shows_the_tag_at_work(
    page: Page, site: Site, show: Show, told: list[str]
) -> None:
    show(failing())
    page.goto(f"{site.address}/embed/demo/?area=leicestershire&view=banner")
    expect(framed(page).get_by_role("heading", name="Many 999 calls are failing")).to_be_visible()
    assert [t for t in told if "sandbox" not in t and "404" not in t] == []


def example(page: Page, site: Site, number: int) -> str:
    """A program as it stands on the page for programmers."""
    page.goto(f"{site.address}/api/")
    found = page.locator("pre.example").nth(number).text_content()
    assert found
    return found


def test_the_examples_of_the_page_for_programmers_run(
    page: Page, host: Host, site: Site, show: Show, tmp_path: Path
) -> None:
    show(failing())
    shell, script_, program = (example(page, site, n) for n in range(3))
    run: dict[str, Any] = {"capture_output": True, "text": True, "timeout": 60, "check": True}
    told = json.loads(subprocess.run(["sh", "-c", shell], **run).stdout)
    assert told["first"]["number"] == "101"
    (tmp_path / "example.py").write_text(program)
    said = subprocess.run([sys.executable, tmp_path / "example.py"], **run).stdout
    assert said.splitlines()[0].endswith(" 101")
    assert said.splitlines()[1] == "unchanged"
    # The page of another origin: what a browser lets it read is part of the promise.
    page.goto(host.page("a host"))
    with page.expect_console_message() as heard:
        page.evaluate(f"(async () => {{ {script_} }})()")
    assert heard.value.text.endswith(" 101")
