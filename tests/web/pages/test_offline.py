"""What a phone keeps for when there is no signal: nothing of a visitor, and never as if current."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from outage import bulletin
from tests.cast import NOON, incident, notice, scope
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER, Reader
from triage.rules import languages
from triage.web.presenters.emergency_block import SERVICES

BOTH = ("/offline/kept.json", "/cy/offline/kept.json")
NOW, LATER, EVER = range(3)
PATHS = {"offline/", "signal/", "silent/", "deaf/", "where/", "languages/"}
PATHS |= {f"deaf/{need}/" for need in SERVICES}


def kept(reader: Client, address: str = BOTH[0]) -> dict[str, Any]:
    found: dict[str, Any] = reader.get(address).json()
    return found


def text(reader: Client, path: str, age: int) -> str:
    return Reader.of(kept(reader)["pages"][path][age]["main"]).text


@pytest.mark.parametrize("address", BOTH)
def test_the_same_few_pages_are_kept_for_everybody(reader: Client, address: str) -> None:
    whole = kept(reader, address)
    assert set(whole["pages"]) == PATHS | {f"languages/{code}/" for code in languages()}
    assert [age["until"] for age in whole["ages"]] == [600, 86400, None]
    assert all(len(page) == len(whole["ages"]) for page in whole["pages"].values())
    assert "/in/" not in whole["frame"]


@pytest.mark.parametrize("address", BOTH)
def test_it_is_small_and_no_old_copy_is_handed_out(reader: Client, address: str) -> None:
    answer = reader.get(address)
    assert len(gzip.compress(answer.content)) < 32 * 1024
    assert answer["Cache-Control"] == "public, max-age=1, stale-while-revalidate=2"
    assert not answer.cookies


@pytest.mark.parametrize("address", BOTH)
def test_every_page_that_is_kept_dials_and_says_that_it_is_old(
    reader: Client, address: str
) -> None:
    whole = kept(reader, address)
    for path, pages in whole["pages"].items():
        for one in pages:
            assert "999" in one["main"] or path == "where/", path
            assert one["title"], path
            assert one["main"].count("<main") == one["main"].count("</main>") == 1
    assert "[time]" in whole["ages"][NOW]["note"]
    assert "[time]" in whole["ages"][LATER]["note"]
    assert "[age]" in whole["ages"][LATER]["note"]
    assert all(mark in whole["frame"] for mark in ("[title]", "[note]", "[main]"))


def test_a_diversion_is_kept_for_ten_minutes_then_both_routes_then_the_ordinary_one(
    reader: Client, live: Live
) -> None:
    calm = kept(reader)["pages"]["offline/"]
    live(LEICESTER)
    told = kept(reader)["pages"]["offline/"]
    first = [re.findall(r'class="call" href="tel:(\d+)"', age["main"]) for age in told]
    assert "101" in first[NOW]
    assert "Leicestershire" in Reader.of(told[NOW]["main"]).text
    # Both routes: the diversion no longer stands alone or first.
    assert first[LATER].count("999") >= first[NOW].count("999")
    assert re.search(r"Leicestershire.*999.*101", Reader.of(told[LATER]["main"]).text, re.S)
    assert told[EVER] == calm[EVER] == calm[NOW]


def test_a_change_anywhere_changes_what_is_kept_and_a_stand_down_brings_it_back(
    reader: Client, live: Live
) -> None:
    before = reader.get(BOTH[0]).content
    live(LEICESTER)
    during = reader.get(BOTH[0]).content
    live()
    assert before != during
    assert reader.get(BOTH[0]).content == before


def test_whoever_is_to_hold_on_in_one_area_reads_so_with_no_signal(
    reader: Client, live: Live
) -> None:
    hold = notice("police-emergency", "hold")
    there = scope("police:leicestershire")
    live(incident("999", "delayed", scope=there, notices=(hold,)))
    elsewhere = text(reader, "offline/", NOW).split("Leicestershire")[1]
    assert "Stay on the line. Do not hang up." in elsewhere


def test_a_site_that_could_not_check_says_since_when(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept(reader)["unchecked"] is None
    reading = bulletin.reading()
    since = NOON - timedelta(minutes=5)
    old = type("Old", (), {"age": 300.0, "checked_at": since, "moment": NOON})()
    old.bulletin = reading.bulletin
    monkeypatch.setattr(bulletin, "reading", lambda: old)
    assert kept(reader)["unchecked"] == since.isoformat()


def test_only_a_page_that_tells_nothing_of_its_reader_starts_the_worker(reader: Client) -> None:
    for path in ("/", "/cy/", "/in/kent/", "/now/", "/offline/"):
        assert 'data-keep="/worker.js"' in reader.get(path).content.decode(), path
    for path in ("/ask/k1/", "/advice/k24/", "/silent/", "/embed/banner/uk/", "/none/"):
        assert "data-keep" not in reader.get(path).content.decode(), path
        assert "webmanifest" not in reader.get(path).content.decode(), path


def test_the_worker_stands_at_the_root_and_is_looked_at_again(reader: Client) -> None:
    answer = reader.get("/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert "connect-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_manifest_names_the_site_and_icons_that_are_there(reader: Client, lang: str) -> None:
    answer = reader.get("/site.webmanifest" if lang == "en" else "/cy/site.webmanifest")
    whole = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert whole["lang"] == lang
    assert whole["start_url"] == ("/" if lang == "en" else "/cy/")
    assert {icon["sizes"] for icon in whole["icons"]} == {"any", "192x192", "512x512"}
    assert reader.get(whole["start_url"]).status_code == 200


def test_the_privacy_page_names_what_is_kept_and_leads_to_forgetting_it(reader: Client) -> None:
    page = reader.get("/privacy/").content.decode()
    assert 'href="/offline/"' in page
    assert "no signal" in Reader.of(page).text
    assert "data-forget" in reader.get("/offline/").content.decode()


def test_what_is_kept_is_told_the_same_by_every_process(reader: Client) -> None:
    """So that a phone which asks again hears "unchanged", whichever of them answers."""
    first, again = (reader.get(BOTH[0]).content for _ in range(2))
    assert first == again
