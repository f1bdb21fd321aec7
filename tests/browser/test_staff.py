"""The staff panel in a real browser: from a tap on the board to what the public reads."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from outage import bulletin
from outage.bulletin import Bulletin
from outage.models import Event, Operator, Organisation, Role
from outage.publish import loader
from outage.workflow import accounts
from tests.conftest import Say
from triage import clock
from triage.rules import rulebook

pytestmark = pytest.mark.django_db(transaction=True)

# Playwright keeps a loop running in this thread, which Django takes for asynchronous code.
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
HERE = "/in/leicestershire/"
PASSWORD = "a long enough pass phrase"


class Desk:
    """Browsers of signed-in operators, and what the public reads meanwhile."""

    def __init__(self, browser: Browser, url: str, stack: ExitStack) -> None:
        self.browser, self.url, self.stack = browser, url, stack
        self.complaints: list[str] = []

    def context(self) -> BrowserContext:
        size: Any = {"width": 320, "height": 640}
        return self.stack.enter_context(self.browser.new_context(viewport=size))

    def page(self, operator: Operator | None = None) -> Page:
        context = self.context()
        if operator is not None:
            client = Client()
            client.force_login(operator.user)
            cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value,
                           "url": f"{self.url}/staff/"}  # fmt: skip
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.goto(f"{self.url}/staff/")
        return page

    def public(self, path: str = HERE) -> str:
        bulletin.refresh()
        return Client().get(path).content.decode()


@pytest.fixture
def desk(chromium: Browser, live_server: Any, settings: Any, tmp_path: Path) -> Iterator[Desk]:
    settings.DATA_DIR = tmp_path
    loader.bulletin_loader().forget()
    with ExitStack() as stack, bulletin.showing(Bulletin()):
        found = Desk(chromium, live_server.url, stack)
        yield found
    assert not [c for c in found.complaints if "Content Security Policy" in c]


@pytest.fixture
def force(db: None) -> Organisation:
    values = {"slug": "leicestershire-police", "name": "Leicestershire Police",
              "name_cy": "Heddlu Swydd Gaerlŷr", "kind": "answering-service",
              "services": ["police"], "footprints": ["police:leicestershire"]}  # fmt: skip
    return accounts.set_organisation(values, rulebook(), "test", clock.now())


def operator(name: str, organisation: Organisation) -> Operator:
    user = get_user_model().objects.create_user(name, f"{name}@example.org", PASSWORD)
    return accounts.set_operator(user, organisation, Role.EDITOR, "test", clock.now())


@pytest.fixture
def ann(force: Organisation) -> Operator:
    return operator("ann", force)


@pytest.fixture
def bob(force: Organisation) -> Operator:
    return operator("bob", force)


def later(monkeypatch: pytest.MonkeyPatch, **span: float) -> None:
    """The clock of the whole process goes on by this much."""
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(**span))


def switch(page: Page) -> None:
    page.get_by_role("link", name="Report a fault of 999", exact=False).first.click()


def say_replace(page: Page) -> None:
    page.locator("details.need", has_text="Police emergency").locator("summary").click()
    page.locator("[name=mode-police-emergency]").select_option("replace")
    page.locator("[name=to-police-emergency]").first.select_option("101")


def keep(page: Page) -> None:
    page.get_by_role("button", name="Save as a draft").click()


def approved_live(desk: Desk, ann: Operator, bob: Operator) -> Page:
    """101 replaces 999 in Leicestershire: written by one, approved by another."""
    writer = desk.page(ann)
    switch(writer)
    say_replace(writer)
    keep(writer)
    writer.get_by_role("button", name="Ask a second person").click()
    approver = desk.page(bob)
    approver.get_by_role("link", name=re.compile("many attempts are failing")).first.click()
    approver.get_by_role("button", name="Approve and publish").click()
    expect(approver.get_by_role("status")).to_contain_text("It is live")
    return approver


def warned(desk: Desk, operator: Operator) -> Page:
    """A form in which something was written, 26 minutes later."""
    page = desk.page(operator)
    page.clock.install()
    page.goto(f"{desk.url}/staff/declare/")
    page.locator("[name=words_en]").fill("Half a sentence")
    with page.expect_response(re.compile("/changes/")):
        page.keyboard.press("Tab")
    page.clock.fast_forward("26:00")
    expect(page.get_by_role("alertdialog")).to_contain_text("You will be signed out at")
    return page


def test_the_idle_warning_lets_an_operator_stay(desk: Desk, ann: Operator) -> None:
    page = warned(desk, ann)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    expect(page.locator("[name=words_en]")).to_have_value("Half a sentence")
    expect(page.locator("[name=words_cy]").first).to_be_focused()


def test_a_lost_connection_loses_no_words(desk: Desk, ann: Operator) -> None:
    page = warned(desk, ann)
    page.context.set_offline(True)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("cannot be reached")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)


def test_who_is_signed_out_is_told_and_may_copy_their_words(desk: Desk, ann: Operator) -> None:
    page = warned(desk, ann)
    page.context.clear_cookies()
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("You are signed out")
    expect(page.locator("[name=words_en]")).to_have_value("Half a sentence")
    # The answer to what was kept as one typed may have come since, and brought the cookie back.
    page.context.clear_cookies()
    page.get_by_role("button", name="Sign in again").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_board_nobody_looks_at_shows_the_sign_in(desk: Desk, ann: Operator) -> None:
    page = desk.page(ann)
    page.clock.install()
    page.goto(f"{desk.url}/staff/")
    page.clock.fast_forward("26:00")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.context.clear_cookies()
    page.clock.fast_forward("05:00")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_open_board_says_that_it_has_changed(desk: Desk, ann: Operator, bob: Operator) -> None:
    board = desk.page(bob)
    board.clock.install()
    board.goto(f"{desk.url}/staff/")
    writer = desk.page(ann)
    switch(writer)
    writer.get_by_role("button", name="Publish", exact=True).click()
    expect(writer.get_by_role("status")).to_contain_text("It is live")
    board.clock.fast_forward("00:31")
    expect(board.locator("#news")).to_contain_text("This board has changed")
    board.get_by_role("button", name="Show it").click()
    expect(board.locator(".card").first).to_contain_text("many attempts are failing")


def test_down_is_put_to_a_second_person_from_the_form(desk: Desk, ann: Operator) -> None:
    page = desk.page(ann)
    switch(page)
    page.get_by_label("Down: nothing connects").check()
    expect(page.locator("#changes")).to_contain_text("Needs a second person")
    page.get_by_role("button", name="Ask a second person").click()
    expect(page.get_by_role("status")).to_contain_text("A second person is asked")


def test_the_commonest_case_takes_two_taps(desk: Desk, ann: Operator, say: Say) -> None:
    ordinary = desk.public()
    page = desk.page(ann)
    began = time.monotonic()
    switch(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("It is live")
    took = time.monotonic() - began
    assert desk.public() != ordinary
    say(f"from the board to live: 2 taps, {took:.1f} s")


def test_the_preview_follows_the_form(desk: Desk, ann: Operator) -> None:
    page = desk.page(ann)
    switch(page)
    expect(page.locator("#changes")).to_contain_text("One person may publish this")
    page.get_by_label("Down: nothing connects").check()
    expect(page.locator("#changes")).to_contain_text("Needs a second person")


def test_the_public_page_stands_beside_the_form_before_anything_is_kept(
    desk: Desk, ann: Operator
) -> None:
    page = desk.page(ann)
    switch(page)
    page.get_by_text("As it will look in public").click()
    frame = page.frame_locator("iframe[name=look]")
    page.get_by_role("button", name="Page, Welsh").click()
    expect(frame.locator("html")).to_have_attribute("lang", "cy")
    expect(frame.locator("main")).to_contain_text("999")
    page.get_by_role("button", name="Widget", exact=True).click()
    expect(frame.locator("body")).to_contain_text("999")
    assert not Event.objects.filter(kind="draft").exists()


def test_two_people_replace_999_and_the_record_says_so(
    desk: Desk, ann: Operator, bob: Operator
) -> None:
    approver = approved_live(desk, ann, bob)
    assert "101" in desk.public(f"{HERE}now/")
    approver.get_by_role("link", name="Record").click()
    expect(approver.locator("table").first).to_contain_text("declared")
    approver.get_by_role("link", name="Prove the chain").click()
    expect(approver.get_by_role("status")).to_contain_text("The chain holds")


def test_an_author_finds_no_way_to_approve(desk: Desk, ann: Operator) -> None:
    page = desk.page(ann)
    switch(page)
    say_replace(page)
    keep(page)
    page.get_by_role("button", name="Ask a second person").click()
    expect(page.get_by_role("button", name="Approve and publish")).to_have_count(0)
    expect(page.locator("body")).to_contain_text("A second person is asked")


def test_an_edit_takes_the_approval_away(desk: Desk, ann: Operator, bob: Operator) -> None:
    writer = desk.page(ann)
    switch(writer)
    say_replace(writer)
    keep(writer)
    writer.get_by_role("button", name="Ask a second person").click()
    approver = desk.page(bob)
    approver.get_by_role("link", name=re.compile("many attempts are failing")).first.click()
    writer.get_by_role("button", name="Save changes").click()
    expect(writer.get_by_role("status")).to_contain_text("Kept")
    approver.get_by_role("button", name="Approve and publish").click()
    expect(approver.get_by_role("alert")).to_contain_text("A colleague changed this")
    assert not Event.objects.filter(kind="declared").exists()


def test_two_editors_at_once_the_second_is_told(desk: Desk, ann: Operator, bob: Operator) -> None:
    first = desk.page(ann)
    switch(first)
    keep(first)
    second = desk.page(bob)
    second.goto(first.url)
    first.get_by_role("button", name="Save changes").click()
    expect(first.get_by_role("status")).to_contain_text("Kept")
    second.get_by_role("button", name="Save changes").click()
    expect(second.get_by_role("alert")).to_contain_text("Nothing was overwritten")


def test_broken_glass_lapses_and_stands_on_every_board(
    desk: Desk, ann: Operator, bob: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.page(ann)
    switch(page)
    say_replace(page)
    keep(page)
    page.get_by_text("It cannot wait for a second person").click()
    page.get_by_label("Why").fill("Nobody else is here")
    page.get_by_role("button", name="Publish alone now").click()
    expect(page.get_by_role("status")).to_contain_text("Everyone is told")
    board = desk.page(bob)
    expect(board.locator(".alarm").first).to_contain_text("one person in an emergency")
    later(monkeypatch, minutes=31)
    board.reload()
    expect(board.locator(".alarm").first).to_contain_text("lapsed to try-first")


def test_overdue_stands_on_the_board(
    desk: Desk, ann: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.page(ann)
    switch(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    later(monkeypatch, minutes=31)
    page.goto(f"{desk.url}/staff/")
    expect(page.locator(".alarm").first).to_contain_text("Overdue")


def test_a_stand_down_brings_the_ordinary_page_back(desk: Desk, ann: Operator) -> None:
    ordinary = desk.public()
    page = desk.page(ann)
    switch(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("It is live")
    assert desk.public() != ordinary
    page.get_by_text("It is over: all as usual").click()
    page.get_by_role("button", name="Yes, it is over").click()
    expect(page.get_by_role("status")).to_contain_text("Over")
    assert desk.public() == ordinary


def test_a_replay_tells_what_was_told(desk: Desk, ann: Operator, bob: Operator) -> None:
    page = approved_live(desk, ann, bob)
    page.get_by_role("link", name="Replay").click()
    page.get_by_label("Area").select_option("leicestershire")
    moment = (clock.now() + timedelta(minutes=1)).astimezone().isoformat()[:16]
    page.get_by_label("Time, UK").fill(moment)
    page.get_by_role("button", name="Replay").click()
    expect(page.locator(".told li").first).to_contain_text("101")


def test_a_tampered_event_is_found_by_the_page(desk: Desk, ann: Operator) -> None:
    page = desk.page(ann)
    switch(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("It is live")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER record_no_update")
        else:
            cursor.execute("ALTER TABLE outage_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE outage_event SET actor = 'eve' WHERE kind = 'declared'")
    page.goto(f"{desk.url}/staff/record/?prove=1")
    expect(page.get_by_role("alert").first).to_contain_text("was changed")


def test_a_passkey_signs_in_by_itself(desk: Desk, ann: Operator, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True
    page = desk.page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True}})  # fmt: skip
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("second factor")
    page.goto(f"{desk.url}/staff/account/2fa/webauthn/add/")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(re.compile("recovery-codes|webauthn/$|2fa/$"))
    page.goto(f"{desk.url}/staff/")
    expect(page.get_by_role("heading", name="Board")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Board")).to_be_visible()


PAGES = ["", "declare/", "record/", "replay/", "organisation/", "account/2fa/", "told/",
         "hand-over/", "practise/", "account/2fa/webauthn/"]  # fmt: skip


def test_every_staff_page_is_accessible_and_fits_a_phone(
    desk: Desk, ann: Operator, bob: Operator
) -> None:
    page = approved_live(desk, ann, bob)
    incident = page.url.removeprefix(f"{desk.url}/staff/")
    for path in [*PAGES, incident]:
        page.goto(f"{desk.url}/staff/{path}")
        found = Axe().run(page, options=WCAG).response["violations"]
        assert not found, (path, [(v["id"], v["nodes"][0]["html"]) for v in found])
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_sign_in_is_accessible(desk: Desk) -> None:
    page = desk.page()
    found = Axe().run(page, options=WCAG).response["violations"]
    assert not found, [(v["id"], v["nodes"][0]["html"]) for v in found]


def test_what_is_typed_survives_a_lost_connection_and_a_new_page(desk: Desk, ann: Operator) -> None:
    page = desk.page(ann)
    switch(page)
    words = page.locator("[name=words_en]")
    page.context.set_offline(True)
    words.fill("Go to Mansfield House")
    expect(page.locator("form .hint[role=status]")).to_contain_text("no connection")
    page.context.set_offline(False)
    expect(page.locator("form .hint[role=status]")).to_contain_text("kept here", timeout=10_000)
    address = page.url
    page.close()
    again = desk.page(ann)
    again.goto(address)
    expect(again.locator("[name=words_en]")).to_have_value("Go to Mansfield House")
    expect(again.get_by_role("status").first).to_contain_text("what you typed before")


def test_publish_back_publish_makes_one(desk: Desk, ann: Operator) -> None:
    page = desk.page(ann)
    switch(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("It is live")
    page.go_back()
    expect(page.locator("#act")).to_contain_text("says this already")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    assert Event.objects.filter(kind="declared").count() == 1


def test_what_was_stopped_is_taken_back_by_one_press(desk: Desk, ann: Operator) -> None:
    page = desk.page(ann)
    switch(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    live = desk.public()
    page.get_by_text("It is over: all as usual").click()
    page.get_by_role("button", name="Yes, it is over").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status")).to_contain_text("live again")
    assert "999" in live
    assert Event.objects.latest("number").kind == "taken-back"


def test_the_bar_says_the_truth_on_a_draft(desk: Desk, ann: Operator) -> None:
    page = desk.page(ann)
    switch(page)
    keep(page)
    expect(page.locator("#act")).to_contain_text("One person may publish this")
    say_replace(page)
    expect(page.locator("#act")).to_contain_text("Needs a second person")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Ask a second person").click()
    expect(page.get_by_role("status").first).to_contain_text("A second person is asked")
