"""A real browser and a server on a free port, in this process, so that a test can switch what is
in force. Skipped with the reason where no browser can be had; never where CI=true."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import urljoin
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.templatetags.static import static
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Playwright,
    Request,
    ViewportSize,
    sync_playwright,
)

from outage import bulletin
from outage.bulletin import Bulletin, Story
from triage.engine.situation import Incident
from triage.rules import rulebook
from triage.web.wording.catalogue import words

# Playwright runs a loop in this thread; Django then takes every query for one of the loop's.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
HERE = Path(__file__).parent
AWAY = "https://www.bbc.co.uk/**"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Loopback is what these tests are about; everything else of theirs stays in the browser."""
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker("browser")
            item.add_marker("enable_socket")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """A test has nothing to say about requests that went well."""


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the site, served in this process."""
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium: the one Playwright brought, or the machine's own. One a process: two would meet."""
    # The data is read once, before any page waits for it.
    rulebook()
    words()
    with sync_playwright() as play:
        browser = _launch(play)
        yield browser
        browser.close()


def _launch(play: Playwright) -> Browser:
    # The shell without a window of its own first: it takes a quarter of the processor time.
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    own = next(filter(None, map(shutil.which, names)), None)
    try:
        return play.chromium.launch(executable_path=own, args=["--no-sandbox"])
    except Error as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no browser here: {str(error).splitlines()[0]}. See README.md, Tests")


Opened = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, site: str) -> Iterator[Opened]:
    """opened("/now/", width=320, …): a page in a context of its own. Leaving goes to a stand-in."""
    with ExitStack() as held:

        def open_(path: str, *, width: int = 320, **more: Any) -> Page:
            size = ViewportSize(width=width, height=568 if width == 320 else 900)
            # What is asked for through a worker is seen by no route of a test's.
            more.setdefault("service_workers", "block")
            context = chromium.new_context(viewport=size, base_url=site, **more)
            held.callback(context.close)
            page = _watched(context)
            page.goto(path)
            return page

        yield open_


def asked_by(page: Page) -> list[str]:
    """The addresses the page asks for from now on, growing as it does. Without the site's icon and
    the line on other areas, which come when a busy machine finds the time."""
    asked: list[str] = []
    icon = urljoin(page.url, static("public/icon.svg"))

    def note(request: Request) -> None:
        if request.url != icon and "/elsewhere/" not in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


def _watched(context: BrowserContext) -> Page:
    """A page that keeps what went wrong on it: errors, requests elsewhere, writes to storage."""
    page = context.new_page()
    page.route(AWAY, lambda route: route.fulfill(body="<title>Weather</title>elsewhere"))
    page.add_init_script(
        "window.stored = [];"
        "for (const s of [localStorage, sessionStorage]) {"
        "  const set = s.setItem.bind(s);"
        "  Object.getPrototypeOf(s).setItem = (k, v) => { window.stored.push(k); set(k, v); };"
        "}"
    )
    return page


@pytest.fixture
def live() -> Iterator[Callable[..., None]]:
    """live(incident, …): what is in force from now on, in the server too."""
    with ExitStack() as shown:

        def show(*incidents: Incident, stories: tuple[Story, ...] = ()) -> None:
            told = {story.id: story for story in stories}
            shown.enter_context(bulletin.showing(Bulletin(1, incidents, stories=told)))

        show()
        yield show
