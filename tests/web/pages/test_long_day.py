"""The archive of a long day: by the hour, and narrowed to an area or a channel by plain links."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from outage.audit import past_days
from outage.bulletin import Story, StoryEntry
from tests.cast import NOON
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER, Reader
from triage.engine.catalogue import Footprint, Text

DAY = past_days.all_stories()[0]
ADDRESS = f"incident/{DAY.id}/"


def page(reader: Client, path: str) -> str:
    return unescape(reader.get(path).content.decode())


def said(html: str) -> list[str]:
    return re.findall(r'<li value="\d+" class="k-.*?(?=<li value=|</ol>)', html, re.S)


def long(*, footprint: str, minutes: int = 20) -> Story:
    words = Text("a", "a")
    own = (Footprint.parse(footprint),)
    entries = tuple(
        StoryEntry(NOON - timedelta(minutes=m), "amended", words, "x", footprints=own)
        for m in range(minutes)
    )
    return Story(LEICESTER.id, words, LEICESTER, entries)


def test_the_day_is_read_by_the_hour_and_nothing_is_lost(reader: Client, live: Live) -> None:
    live(stories=(DAY,))
    html = page(reader, f"/{ADDRESS}")
    assert "<summary>09:00–10:00 BST <small>33" in html
    assert "<summary>July 2024 <small>2" in html
    assert len(said(html)) == len(DAY.entries)


def test_the_hours_are_told_in_welsh(reader: Client, live: Live) -> None:
    live(stories=(DAY,))
    assert "<summary>Gorffennaf 2024 <small>2" in page(reader, f"/cy/{ADDRESS}")


def test_an_area_reads_what_was_said_of_it_and_of_everywhere(reader: Client, live: Live) -> None:
    live(stories=(DAY,))
    html = page(reader, f"/in/leicestershire/{ADDRESS}")
    assert "Leicestershire Police" in html
    assert "Metropolitan Police" not in html
    assert 0 < len(said(html)) < len(DAY.entries)
    assert f"/{ADDRESS}" in set(Reader.of(html).own)


def test_every_area_that_is_spoken_of_is_one_link_away(reader: Client, live: Live) -> None:
    live(stories=(DAY,))
    links = set(Reader.of(page(reader, f"/{ADDRESS}")).own)
    assert {f"/in/kent/{ADDRESS}", f"/in/suffolk/{ADDRESS}"} & links == {f"/in/suffolk/{ADDRESS}"}


def test_a_channel_leaves_what_names_it(reader: Client, live: Live) -> None:
    live(stories=(DAY,))
    named = [e for e in DAY.entries if "111" in e.channels]
    html = page(reader, f"/{ADDRESS}111/")
    assert f"/{ADDRESS}111/" in set(Reader.of(page(reader, f"/{ADDRESS}")).own)
    assert len(said(html)) == len(named) > 0


@pytest.mark.parametrize("channel", ["101-bsl", "nothing", "local-number"])
def test_a_channel_that_it_does_not_name_is_no_page(
    reader: Client, live: Live, channel: str
) -> None:
    live(stories=(DAY,))
    assert reader.get(f"/{ADDRESS}{channel}/").status_code == 404


def test_the_newest_hour_of_a_day_that_goes_on_stands_open(reader: Client, live: Live) -> None:
    live(LEICESTER, stories=(long(footprint="police:leicestershire"),))
    html = page(reader, f"/incident/{LEICESTER.id}/")
    assert re.findall(r'<details class="fold"( open)?><summary>\d', html) == [" open", ""]


def ended(days: int) -> Story:
    return replace(DAY, id=f"over-{days}", ended_at=NOON - timedelta(days=days))


def test_a_long_archive_is_read_by_the_month(reader: Client, live: Live) -> None:
    live(stories=(DAY, *map(ended, (1, 2, 3, 40, 41, 42))))
    html = page(reader, "/status/")
    folds = re.findall(r'<details class="fold"( open)?><summary>(\w+ 20\d\d) <small>(\d)', html)
    assert folds == [(" open", "November 2026", "3"), ("", "October 2026", "3"),
                     ("", "June 2023", "1")]  # fmt: skip


def test_a_short_archive_is_one_list(reader: Client, live: Live) -> None:
    live(stories=(DAY, *map(ended, (1, 40))))
    assert "<summary>October 2026" not in page(reader, "/status/")
    assert page(reader, "/in/kent/status/").count('<li class="over">') == 3


def test_a_short_day_stays_one_list(reader: Client, live: Live) -> None:
    live(LEICESTER, stories=(long(footprint="uk", minutes=12),))
    html = page(reader, f"/incident/{LEICESTER.id}/")
    assert '<details class="fold"' not in html
    assert len(said(html)) == 12


def test_where_nothing_was_said_that_is_told(reader: Client, live: Live) -> None:
    live(LEICESTER, stories=(long(footprint="police:kent"),))
    assert "Nothing was said of this." in page(
        reader, f"/in/leicestershire/incident/{LEICESTER.id}/"
    )
