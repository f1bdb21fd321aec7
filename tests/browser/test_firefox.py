"""The widget on somebody else's page in Firefox: what it must hold in Chromium, it holds here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings

from tests.browser import firefox as browser
from tests.browser.firefox import Firefox
from tests.browser.test_embed import OPENED, STORED, Show, failing, script, tag
from tests.web.widget.hosts import Host, Site, hosting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not browser.PROGRAM, reason="this machine has no Firefox"),
]
FRAME = "return document.querySelector('which-number').shadowRoot?.querySelector('iframe')"
BOX = "const tag = document.querySelector('which-number'); return tag.offsetHeight"
HEADING = "return document.querySelector('main h2')?.innerText"
LINK = "return document.querySelector('#link').checkVisibility()"
FAULT = "Many 999 calls are failing"
PATIENCE = 30.0
STRICT = "default-src 'none'; script-src {0}; frame-src {0}; require-trusted-types-for 'script'"


@dataclass
class Around:
    """Our site, somebody's page, and what is in force."""

    site: Site
    host: Host
    show: Show

    def page(self, body: str = "", attributes: str = 'area="leicestershire"') -> str:
        marked = tag(attributes)
        return self.host.page(script(self.site) + (body or "{}").format(marked))


@pytest.fixture
def around(socket_enabled: None) -> Iterator[Around]:
    with hosting() as host, ExitStack() as stack, override_settings(DEMO=False):
        site, show = Site(), Show(stack, host)
        show()
        site.start()
        yield Around(site, host, show)
        site.stop()


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    folder: Path = tmp_path_factory.mktemp("firefox")
    with browser.firefox(folder) as found:
        yield found


def heading(window: Firefox) -> str:
    return str(window.within(FRAME, HEADING) or "")


def shows(window: Firefox, words: str, within: float = PATIENCE) -> float:
    """Seconds until the frame says so."""
    return window.until(lambda: words in heading(window), within)


def link_alone(window: Firefox) -> bool:
    return bool(window.run(LINK)) and window.run(FRAME) is None


def test_it_shows_live_advice_at_its_height_and_keeps_nothing(
    window: Firefox, around: Around
) -> None:
    around.show(failing())
    window.goto(around.page())
    shows(window, FAULT)
    window.until(lambda: window.run(BOX) > 100, PATIENCE)
    assert not window.run(LINK)
    inside = "return Math.ceil(document.body.getBoundingClientRect().height)"
    assert abs(window.run(BOX) - window.within(FRAME, inside)) <= 1
    assert window.within(FRAME, f"return ({STORED})()") == 0
    assert all(not h["HTTP_COOKIE"] for h in around.site.heard)


def test_a_strict_policy_with_trusted_types_needs_the_two_lines_and_no_more(
    window: Firefox, around: Around
) -> None:
    around.host.policy = STRICT.format(around.site.address)
    window.goto(around.page())
    shows(window, "Emergency now")


@pytest.mark.parametrize(
    ("hiding", "opens"),
    [
        ('<div id="t" style="display:none">{}</div>', "t.style.display = 'block'"),
        ('<details id="t"><summary>More</summary>{}</details>', "t.open = true"),
        (
            '<div id="t" style="content-visibility:hidden">{}</div>',
            "t.style.contentVisibility = 'visible'",
        ),
        ('<template id="t">{}</template>', "document.body.append(t.content)"),
    ],
)
def test_hidden_is_not_failed(window: Firefox, around: Around, hiding: str, opens: str) -> None:
    around.show(failing())
    window.goto(around.page(hiding))
    window.until(lambda: len(around.site.heard) > 0, PATIENCE)
    window.run(opens)
    assert shows(window, FAULT, OPENED / 1000) < OPENED / 1000


def test_a_line_takes_no_room_on_a_calm_day_and_sixty_pixels_at_most(
    window: Firefox, around: Around
) -> None:
    page = around.page('<div style="width:320px">{}</div>', 'area="leicestershire" view="line"')
    window.goto(page)
    window.until(lambda: not window.run(LINK), PATIENCE)
    assert window.run(BOX) == 0
    around.show(failing())
    window.goto(page)
    window.until(lambda: 20 < window.run(BOX) <= 60, PATIENCE)


def test_a_frame_that_the_browser_had_kept_looks_at_once(window: Firefox, around: Around) -> None:
    """Loaded again within three seconds, it would else say the old for half a minute."""
    page = around.page()
    window.goto(page)
    shows(window, "Emergency now")
    around.show(failing())
    window.goto(page)
    shows(window, FAULT, OPENED / 1000)


def test_a_page_of_ours_that_the_browser_had_kept_asks_at_once(
    window: Firefox, around: Around
) -> None:
    """Opened again within three seconds, or come back to, it would else wait for its next look."""
    page = f"{around.site.address}/in/leicestershire/"
    said = "return document.querySelector('main h2').innerText"
    window.goto(page)
    assert window.run(said) != FAULT
    around.show(failing())
    window.goto(page)
    window.until(lambda: window.run(said) == FAULT, OPENED / 1000)


def test_leaving_from_inside_blanks_the_widget_alone(window: Firefox, around: Around) -> None:
    window.goto(around.page())
    shows(window, "Emergency now")
    window.until(lambda: window.run(BOX) > 100, PATIENCE)
    window.within(FRAME, "document.querySelector('#leave').click()")
    window.until(lambda: window.run(FRAME) is None and not window.run(BOX), PATIENCE)
    assert window.run("return document.title") == "Host"


def test_a_host_that_is_struck_off_keeps_its_link(window: Firefox, around: Around) -> None:
    around.show(failing(), hosts=frozenset())
    window.goto(around.page())
    window.until(lambda: any("/banner/" in h["PATH_INFO"] for h in around.site.heard), PATIENCE)
    assert window.run(LINK)
    window.until(lambda: link_alone(window), PATIENCE)


def test_while_our_server_is_down_the_link_stands(window: Firefox, around: Around) -> None:
    page = around.page()
    around.site.stop()
    window.goto(page)
    assert window.run("const link = document.querySelector('#link'); return link.offsetHeight") > 0


def test_an_element_that_its_page_takes_away_has_no_frame_and_comes_back(
    window: Firefox, around: Around
) -> None:
    window.goto(around.page('<div id="a">{}</div><div id="b"></div>'))
    shows(window, "Emergency now")
    window.run("window.kept = document.querySelector('which-number'); kept.remove()")
    assert window.run("return kept.shadowRoot.querySelector('iframe')") is None
    window.run("b.append(kept)")
    shows(window, "Emergency now")
