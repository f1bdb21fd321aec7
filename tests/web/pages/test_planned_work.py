"""Planned work on the status pages: told before it begins, calmly, and apart from faults."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from html import unescape

import pytest
from django.test import Client

from outage.bulletin import Stated, Story, StoryEntry
from tests.cast import ago, incident, issuer, later, notice, scope
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER
from triage.engine.catalogue import Text
from triage.engine.situation import Incident, Status

WORK = incident(
    "101",
    id="work",
    planned=True,
    review_at=None,
    starts_at=later(days=5, hours=14),
    ends_at=later(days=5, hours=16),
    scope=scope("police:leicestershire"),
    issuer=issuer("Leicestershire Police", of="police:leicestershire"),
    notices=(notice("police-nonemergency", "replace", "police-online"),),
)
BEFORE = ago(minutes=9)
SAID = Text("We will work on our phones.", "Byddwn yn gweithio ar ein ffonau.")


def told(work: Incident, at: datetime = BEFORE, kind: str = "planned") -> Story:
    entry = StoryEntry(at, kind, SAID, work.issuer.name)
    return Story(work.id, Text("101 is down", "Mae 101"), work, (entry,), work.ends_at,
                 stated=(Stated(at, kind, work),))  # fmt: skip


def page(reader: Client, path: str) -> str:
    return unescape(reader.get(path).content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def section(reader: Client, path: str) -> str:
    whole = page(reader, path)
    return whole.split('<section class="work">')[1].split("</section>")[0]


@pytest.mark.parametrize("path", ["/status/", "/in/leicestershire/status/"])
def test_work_to_come_says_what_where_when_and_what_to_do(
    reader: Client, live: Live, path: str
) -> None:
    live(WORK, stories=(told(WORK),))
    work = section(reader, path)
    assert "Planned work: 101" in work
    assert "From 02:00 GMT, Monday 30 November 2026, until 04:00 GMT." in work
    assert "Leicestershire" in work
    assert "While it lasts: 101 is not working." in work
    assert SAID.en in work


def test_the_same_stands_in_welsh(reader: Client, live: Live) -> None:
    live(WORK, stories=(told(WORK),))
    work = section(reader, "/cy/in/leicestershire/status/")
    assert "O 02:00 GMT, dydd Llun 30 Tachwedd 2026, tan 04:00 GMT." in work
    assert SAID.cy in work


def test_work_to_come_is_no_fault(reader: Client, live: Live) -> None:
    live(WORK, stories=(told(WORK),))
    for path in ("/status/", "/in/leicestershire/status/"):
        assert "No fault is reported to us" in page(reader, path), path
        assert "Faults reported now" not in page(reader, path), path
    assert "101 is not working (planned work)" not in page(reader, "/in/leicestershire/")


def test_work_elsewhere_is_not_told(reader: Client, live: Live) -> None:
    live(WORK, stories=(told(WORK),))
    assert 'class="work"' not in page(reader, "/in/kent/status/")


def test_work_under_way_is_counted_apart_from_faults(reader: Client, live: Live) -> None:
    under_way = replace(WORK, starts_at=ago(hours=1), ends_at=later(hours=1))
    live(under_way, LEICESTER, stories=(told(under_way, ago(days=1)),))
    whole = page(reader, "/in/leicestershire/status/")
    assert "Faults reported now: 1. Planned work now: 1." in whole
    assert '<li class="planned">' in whole
    assert 'class="work"' not in whole


def test_work_that_was_called_off_or_is_done_stands_there_no_more(
    reader: Client, live: Live
) -> None:
    off = replace(told(WORK), incident=replace(WORK, status=Status.ENDED))
    live(stories=(off,))
    assert 'class="work"' not in page(reader, "/status/")
    done = replace(WORK, starts_at=ago(hours=3), ends_at=ago(hours=1))
    live(stories=(told(done, ago(days=1)),))
    assert 'class="work"' not in page(reader, "/status/")


def test_the_soonest_stands_first_and_an_open_end_is_said(reader: Client, live: Live) -> None:
    sooner = replace(WORK, id="sooner", channel="111", starts_at=later(hours=3), ends_at=None)
    live(stories=(told(WORK), told(sooner)))
    work = section(reader, "/status/")
    assert work.index("Planned work: 111") < work.index("Planned work: 101")
    assert "We were not told when it ends." in work


def test_its_own_page_says_from_when_and_not_that_it_is_down(reader: Client, live: Live) -> None:
    live(WORK, stories=(told(WORK),))
    whole = page(reader, "/incident/work/")
    assert "<h1>Planned work: 101</h1>" in whole
    assert "<dt>From</dt>" in whole
    assert "Nothing has changed yet." in whole
