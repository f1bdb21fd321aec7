"""Enrolling a phone in a real browser, and what its worker shows and opens. A headless browser has
no push service: its subscription is stood in for, and a message is handed to the worker as one
would come."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext, Error, Page, Worker, expect

from outage.models import Operator, OutboxMessage, Phone
from outage.notify import sealing, web_push
from tests.browser.test_staff import WCAG, Desk, ann, desk, force
from triage import clock

__all__ = ["ann", "desk", "force"]
pytestmark = pytest.mark.django_db(transaction=True)
ENDPOINT = "https://push.example.net/of-this-browser"
ENROL = "Tell me on this phone too"


@pytest.fixture(scope="module")
def chromium(chromium: Browser) -> Iterator[Browser]:
    """The whole browser: the shell that other tests use refuses every notice."""
    whole = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    try:
        browser = chromium.browser_type.launch(
            executable_path=whole, channel=None if whole else "chromium", args=["--no-sandbox"]
        )
    except Error as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no whole browser here: {str(error).splitlines()[0]}")
    yield browser
    browser.close()


def stand_in(subscribe: str) -> str:
    """A push service for a browser that has none; it keeps what it was asked with."""
    return (
        "PushManager.prototype.subscribe = async function (options) { window.asked = options;"
        f" {subscribe} }};"
        "Notification.requestPermission = async () => 'granted';"
    )


def subscription() -> str:
    """What a browser gives, with a key that is a point of the curve."""
    point = (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    keys = {"p256dh": web_push.base64url(point), "auth": web_push.base64url(bytes(16))}
    return json.dumps({"endpoint": ENDPOINT, "expirationTime": None, "keys": keys})


def told_page(desk: Desk, operator: Operator, script: str) -> Page:
    page = desk.page(operator)
    page.context.grant_permissions(["notifications"])
    page.add_init_script(script)
    page.goto(f"{desk.url}/staff/told/")
    return page


def enrolled(desk: Desk, operator: Operator) -> Page:
    page = told_page(desk, operator, stand_in(f"return {subscription()};"))
    page.get_by_label("Name of this phone").fill("Work phone")
    page.get_by_role("button", name=ENROL).click()
    expect(page.get_by_role("status").first).to_contain_text("This phone is enrolled")
    return page


def test_a_phone_is_enrolled_by_one_press(desk: Desk, ann: Operator) -> None:
    page = enrolled(desk, ann)
    expect(page.locator("main")).to_contain_text("Work phone")
    kept = json.loads(sealing.unseal(Phone.objects.get(operator=ann).subscription, "phone"))
    assert kept["endpoint"] == ENDPOINT
    assert OutboxMessage.objects.get(way="phone").content["subject"].endswith("Work phone")
    worker = page.evaluate("navigator.serviceWorker.ready.then(w => [w.scope, w.active.scriptURL])")
    assert worker == [f"{desk.url}/staff/", f"{desk.url}/staff/worker.js"]
    page.get_by_role("button", name=re.compile("Take it away")).click()
    expect(page.get_by_role("status").first).to_contain_text("Taken away")
    assert not Phone.objects.exists()


def test_the_browser_is_asked_with_the_sites_key(desk: Desk, ann: Operator) -> None:
    page = told_page(desk, ann, stand_in("throw new DOMException('none', 'AbortError');"))
    page.get_by_role("button", name=ENROL).click()
    expect(page.locator("#enrol-words")).to_contain_text("could not be enrolled (AbortError)")
    expect(page.get_by_role("button", name=ENROL)).to_be_enabled()
    asked = page.evaluate(
        "[asked.userVisibleOnly, btoa(String.fromCharCode(...asked.applicationServerKey))]"
    )
    assert asked[0]
    key = asked[1].replace("+", "-").replace("/", "_").rstrip("=")
    assert key == web_push.public_key()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("delete window.PushManager;", "This browser cannot be told this way"),
        ("Object.defineProperty(Notification, 'permission', {get: () => 'denied'});",
         "Allow them in its settings"),
        ("Notification.requestPermission = async () => 'denied';", "Allow them in its settings"),
    ],
)  # fmt: skip
def test_where_it_cannot_be_the_page_says_why(
    desk: Desk, ann: Operator, script: str, words: str
) -> None:
    page = told_page(desk, ann, script)
    if "requestPermission" in script:
        page.get_by_role("button", name=ENROL).click()
    expect(page.locator("#enrol-words")).to_contain_text(words)
    assert not Phone.objects.exists()


def test_without_a_script_the_page_says_so(desk: Desk, ann: Operator) -> None:
    signed_in = desk.page(ann).context
    context: BrowserContext = desk.stack.enter_context(
        desk.browser.new_context(java_script_enabled=False)
    )
    context.add_cookies(signed_in.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{desk.url}/staff/told/")
    expect(page.locator("#enrol-words")).to_contain_text("must run a small script")
    expect(page.get_by_role("button", name=ENROL)).to_be_hidden()


def test_a_browser_knows_itself_in_the_list(desk: Desk, ann: Operator) -> None:
    page = enrolled(desk, ann)
    page.add_init_script(
        f"PushManager.prototype.getSubscription = async () => ({{ endpoint: '{ENDPOINT}' }});"
    )
    page.reload()
    expect(page.get_by_role("heading", name="Work phone (this one)")).to_be_visible()
    expect(page.get_by_role("button", name=ENROL)).to_be_hidden()


def test_the_page_with_phones_is_accessible_and_fits_a_phone(desk: Desk, ann: Operator) -> None:
    page = enrolled(desk, ann)
    Phone.objects.update(gone_at=clock.now())
    page.reload()
    expect(page.get_by_role("button", name=ENROL)).to_be_visible()
    expect(page.locator("main")).to_contain_text("It takes no message any more")
    found = Axe().run(page, options=WCAG).response["violations"]
    assert not found, [(v["id"], v["nodes"][0]["html"]) for v in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


# ---- the worker


class Pushed:
    """A browser with its worker, which is handed messages as a push service would."""

    def __init__(self, desk: Desk, operator: Operator) -> None:
        self.url = desk.url
        self.page = enrolled(desk, operator)
        self.session = self.page.context.new_cdp_session(self.page)
        self.numbers: list[str] = []
        self.session.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self.session.send("ServiceWorker.enable")
        self.worker: Worker = self.page.context.service_workers[0]

    def _note(self, found: Any) -> None:
        self.numbers += [r["registrationId"] for r in found["registrations"]]

    def push(self, said: str) -> None:
        before = self.shown()
        self.session.send("ServiceWorker.deliverPushMessage", {
            "origin": self.url, "registrationId": self.numbers[0], "data": said})  # fmt: skip
        for _ in range(100):
            if self.shown() != before:
                return
            self.page.wait_for_timeout(50)

    def shown(self) -> list[list[Any]]:
        """Title, text, tag and whether it rings anew, of each notice that stands."""
        return list(self.worker.evaluate(
            "registration.getNotifications().then(all => all.map(n =>"
            " [n.title, n.body, n.tag, n.data.id]))"
        ))  # fmt: skip

    def pressed(self) -> str:
        """The page that a press on the only notice opens."""
        return str(self.worker.evaluate(
            "(async () => { const [notification] = await registration.getNotifications();"
            " let opened = ''; clients.openWindow = async (url) => { opened = url; };"
            " dispatchEvent(new NotificationEvent('notificationclick', { notification }));"
            " for (let n = 0; n < 100 && !opened; n++) await new Promise(r => setTimeout(r, 20));"
            " return opened; })()"
        ))  # fmt: skip


def message(**more: Any) -> str:
    said = {"id": "a", "tag": "t", "title": "Second person wanted", "about": "999: down",
            "page": "/staff/drafts/1/", "urgent": True}  # fmt: skip
    return json.dumps(said | more)


def test_a_message_is_shown_and_a_press_opens_the_page_it_is_about(
    desk: Desk, ann: Operator
) -> None:
    phone = Pushed(desk, ann)
    phone.push(message())
    assert phone.shown() == [["Second person wanted", "999: down", "t", "a"]]
    assert phone.pressed() == f"{desk.url}/staff/drafts/1/"


def test_the_same_again_stands_once(desk: Desk, ann: Operator) -> None:
    phone = Pushed(desk, ann)
    phone.push(message())
    phone.push(message(id="b", about="999: still down"))
    assert phone.shown() == [["Second person wanted", "999: still down", "t", "b"]]


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "/in/kent/", "//evil.example/staff/", ""]
)
def test_nothing_but_the_panel_is_opened(desk: Desk, ann: Operator, page: str) -> None:
    phone = Pushed(desk, ann)
    phone.push(message(page=page))
    assert phone.pressed() == f"{desk.url}/staff/"


def test_what_cannot_be_read_still_says_look(desk: Desk, ann: Operator) -> None:
    phone = Pushed(desk, ann)
    phone.push("nonsense")
    assert "look at the board" in phone.shown()[0][1]
    assert phone.pressed() == f"{desk.url}/staff/"


def test_a_phone_whose_address_changed_says_so(desk: Desk, ann: Operator) -> None:
    phone = Pushed(desk, ann)
    phone.worker.evaluate("dispatchEvent(new ExtendableEvent('pushsubscriptionchange'))")
    phone.page.wait_for_timeout(300)
    assert phone.shown()[0][0] == "This phone is not told any more"
