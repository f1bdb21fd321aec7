"""Wrong addresses, and what pages say when the server cannot check."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from outage import bulletin
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER
from triage.engine.catalogue import Lang
from triage.web.pages import errors

BAD = {
    "/nothing/": 404,
    "/ask/nothing/": 404,
    "/advice/nothing/": 404,
    "/numbers/nothing/": 404,
    "/numbers/voice-calls/": 404,
    "/incident/nothing/": 404,
    "/incident/%00/": 404,
    "/in/atlantis/": 404,
    "/print/atlantis/": 404,
    "/?network=nobody": 400,
    "/?line=wire": 400,
    "/?council=E99": 400,
    "/in/kent/?council=W06000015": 400,
    "/?mobile=maybe": 400,
    "/cy/nothing/": 404,
    "/cy/?sms=%ff": 400,
}


@pytest.mark.parametrize(("path", "status"), BAD.items())
def test_a_wrong_address_gets_the_essentials(reader: Client, path: str, status: int) -> None:
    answer = reader.get(path)
    page = answer.content.decode()
    assert answer.status_code == status
    assert "999" in page
    assert "55" in page
    assert "technical problem" not in page.lower()


def test_another_method_is_refused_with_what_is_allowed(reader: Client) -> None:
    answer = reader.put("/status/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert b"999" in answer.content


def test_a_trackers_key_leads_to_the_clean_address(reader: Client) -> None:
    assert reader.get("/now/?fbclid=x&network=ee")["Location"] == "/now/?network=ee"


def test_a_council_alone_brings_its_area(reader: Client) -> None:
    answer = reader.get("/now/?council=E08000035")
    assert answer["Location"] == "/in/west-yorkshire/c/leeds/now/"


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 503])
def test_every_error_says_what_stands_in_for_999(lang: Lang, status: int) -> None:
    page = errors.problem(lang, status, errors.WORDS[status]).content.decode()
    assert {"999", "101", "111"} <= set(re.findall(r"\b\d{3}\b", page))


@pytest.fixture
def unchecked(live: Live, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    def since(seconds: float) -> None:
        now = bulletin.reading()
        old = replace(now, checked_steady=now.checked_steady - seconds)
        monkeypatch.setattr(bulletin, "reading", lambda: old)

    return since


def test_after_two_minutes_a_page_says_since_when(
    reader: Client, unchecked: Callable[[float], None]
) -> None:
    assert "not been able to check" not in reader.get("/").content.decode()
    unchecked(130)
    page = reader.get("/").content.decode()
    assert "not been able to check for faults since 12:00 GMT" in page
    assert 'href="tel:999"' in page


def test_after_ten_minutes_a_page_gives_both_ways(
    reader: Client, unchecked: Callable[[float], None]
) -> None:
    unchecked(610)
    page = reader.get("/in/kent/advice/police-now/").content.decode().split("<main")[1]
    assert page.index("tel:999") < page.index("tel:101")
    belfast = reader.get("/in/northern-ireland/advice/ambulance-now/").content.decode()
    assert "tel:111" not in belfast


def test_after_ten_minutes_a_fault_falls_to_trying_first_with_both(
    reader: Client, live: Live, unchecked: Callable[[float], None]
) -> None:
    live(LEICESTER)
    unchecked(610)
    page = reader.get("/in/leicestershire/advice/police-now/").content.decode().split("<main")[1]
    assert page.index("tel:999") < page.index("tel:101")


def test_what_cannot_be_checked_is_never_all_clear(
    reader: Client, unchecked: Callable[[float], None]
) -> None:
    unchecked(130)
    page = reader.get("/in/kent/status/").content.decode()
    assert "No fault is reported" not in page
    assert "Not known now" in page
