"""Atom: one entry an incident for life, and `updated` moves when and only when it says more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import feedparser
import pytest
from django.test import Client

from outage.bulletin import Story, StoryEntry
from tests.cast import ago, incident, issuer, later, notice, number, scope
from tests.web.conftest import Live
from triage.engine.catalogue import Text
from triage.engine.situation import Incident, State, Status

FAULT = incident(
    "999",
    "many-failing",
    id="a fault/1",
    scope=scope("police:leicestershire"),
    notices=(notice("police-emergency", "replace", "101"),),
)


def line(at: datetime, kind: str, words: str) -> StoryEntry:
    return StoryEntry(at, kind, Text(words, f"{words} yn Gymraeg"), "Leicestershire Police")


def story(told: Incident, *lines: StoryEntry, **more: Any) -> Story:
    return Story(told.id, Text("Calls fail", "Galwadau'n methu"), told, lines, **more)


DECLARED = line(ago(minutes=10), "declared", "declared")
AMENDED = line(ago(minutes=5), "amended", "amended")


def read(reader: Client, path: str = "feeds/uk.atom") -> Any:
    answer = reader.get(f"/{path}")
    assert answer.status_code == 200
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def entry(reader: Client, path: str = "feeds/uk.atom") -> Any:
    (only,) = read(reader, path).entries
    return only


def test_an_incident_is_an_entry_of_the_uk_its_nation_and_its_area(
    reader: Client, live: Live
) -> None:
    live(FAULT, stories=(story(FAULT, DECLARED),))
    ids = {entry(reader, f"feeds/{s}.atom").id for s in ("uk", "england", "leicestershire")}
    assert len(ids) == 1
    assert read(reader, "feeds/wales.atom").entries == []


@pytest.mark.usefixtures("merged")
def test_a_feed_from_before_a_merger_leads_to_the_one_of_today(reader: Client) -> None:
    answer = reader.get("/cy/feeds/rutland-of-old.atom")
    assert (answer.status_code, answer["Location"]) == (301, "/cy/feeds/leicestershire.atom")


def test_a_feed_repeats_nothing_of_a_query(reader: Client) -> None:
    assert reader.get("/feeds/uk.atom?x=1").content == reader.get("/feeds/uk.atom").content


def test_a_feed_with_nothing_to_tell_has_not_changed(reader: Client, live: Live) -> None:
    before = reader.get("/feeds/kent.atom").content
    live(FAULT)
    assert reader.get("/feeds/kent.atom").content == before


def test_the_welsh_feed_tells_it_in_welsh_under_its_own_id(reader: Client, live: Live) -> None:
    live(FAULT, stories=(story(FAULT, DECLARED),))
    welsh = entry(reader, "cy/feeds/leicestershire.atom")
    assert welsh.title.startswith("Cyfredol: mae llawer o alwadau 999 yn methu")
    assert welsh.id != entry(reader).id
    assert read(reader, "cy/feeds/uk.atom").feed.language == "cy"


def test_an_entry_says_what_to_do(reader: Client, live: Live) -> None:
    live(FAULT)
    said = entry(reader).content[0].value
    assert "Police emergency: use 101." in said
    assert "Leicestershire" in said


def test_a_fault_with_no_notice_says_what_the_preset_tells(reader: Client, live: Live) -> None:
    live(incident("999", "down", id="bare"))
    said = entry(reader).content[0].value
    assert "Police emergency: use 101" in said
    assert "In Northern Ireland:" in said


def test_updated_moves_when_what_is_said_does(reader: Client, live: Live) -> None:
    live(FAULT, stories=(story(FAULT, DECLARED),))
    first = entry(reader)
    live(FAULT, stories=(story(FAULT, AMENDED, DECLARED),))
    second = entry(reader)
    assert (first.id, first.published) == (second.id, second.published)
    assert second.updated > first.updated
    assert read(reader).feed.updated == second.updated


@pytest.mark.parametrize("minutes", [1, 15, 29])
def test_the_clock_alone_changes_no_byte(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    live(FAULT, stories=(story(FAULT, DECLARED),))
    before = reader.get("/feeds/uk.atom").content
    monkeypatch.setattr("triage.clock.now", lambda: later(minutes=minutes))
    assert reader.get("/feeds/uk.atom").content == before


@pytest.mark.parametrize(
    "due", [{"review_at": later(minutes=20)}, {"confirm_by": later(minutes=20)}]
)
def test_what_lapses_no_longer_diverts_and_moves_its_entry(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch, due: dict[str, Any]
) -> None:
    live(replace(FAULT, **due))
    assert "Police emergency: use 101." in entry(reader).content[0].value
    monkeypatch.setattr("triage.clock.now", lambda: later(minutes=21))
    lapsed = entry(reader)
    assert lapsed.updated == "2026-11-24T12:20:00+00:00"
    assert "Police emergency: use 999. If that does not work: 101" in lapsed.content[0].value
    assert "was due at 12:20 GMT" in lapsed.content[0].value


def test_a_local_number_is_gone_from_its_entry_at_its_end(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = number("01632 960123", "police:leicestershire", valid_until=later(minutes=9))
    told = replace(FAULT, notices=(notice("police-emergency", "replace", "local-number"),))
    live(replace(told, numbers=(own,), review_at=later(hours=3)))
    assert "01632 960123" in entry(reader).content[0].value
    monkeypatch.setattr("triage.clock.now", lambda: later(minutes=9))
    assert "01632" not in entry(reader).content[0].value
    assert entry(reader).updated == "2026-11-24T12:09:00+00:00"


def test_an_entry_says_that_it_is_about_one_fault_alone(reader: Client, live: Live) -> None:
    live(FAULT)
    assert "for this fault alone" in entry(reader).content[0].value


@pytest.mark.parametrize("kind", ["claim", "assurance", "regulator", "comment"])
def test_a_figure_added_to_the_record_alerts_nobody(reader: Client, live: Live, kind: str) -> None:
    live(FAULT, stories=(story(FAULT, DECLARED),))
    before = reader.get("/feeds/uk.atom").content
    live(FAULT, stories=(story(FAULT, line(ago(minutes=1), kind, "14,000 calls"), DECLARED),))
    assert reader.get("/feeds/uk.atom").content == before


def test_the_end_is_an_update_that_says_so(reader: Client, live: Live) -> None:
    live(FAULT, stories=(story(FAULT, DECLARED),))
    first = entry(reader)
    over = replace(FAULT, state=State.RESOLVED, status=Status.ENDED)
    end = line(ago(minutes=2), "stood-down", "over")
    live(stories=(story(over, end, DECLARED, ended_at=ago(minutes=2)),))
    last = entry(reader)
    assert last.id == first.id
    assert last.updated > first.updated
    assert last.title == "Over: the fault of 999 is over (Leicestershire and Rutland)"
    assert "Over since 11:58 GMT" in last.content[0].value
    assert "use 101" not in last.content[0].value


def test_planned_work_is_told_and_moves_when_it_starts(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(incident("101", planned=True, starts_at=later(hours=1), ends_at=later(hours=2)))
    first = entry(reader)
    assert "Planned:" in first.content[0].value
    monkeypatch.setattr("triage.clock.now", lambda: later(minutes=61))
    started = entry(reader)
    assert started.updated > first.updated
    monkeypatch.setattr("triage.clock.now", lambda: later(minutes=121))
    assert entry(reader).updated > started.updated


@pytest.mark.parametrize("status", [Status.DRAFT, Status.EXERCISE])
def test_a_draft_and_an_exercise_are_in_no_feed(reader: Client, live: Live, status: Status) -> None:
    live(replace(FAULT, status=status))
    assert read(reader).entries == []


def test_ids_do_not_hang_on_the_name_we_are_asked_by(
    reader: Client, live: Live, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    live(FAULT)
    other = reader.get("/feeds/uk.atom", headers={"host": "mirror.example"}).content
    assert feedparser.parse(other).entries[0].id == entry(reader).id


def test_words_that_xml_cannot_carry_do_not_break_a_feed(reader: Client, live: Live) -> None:
    live(FAULT, stories=(story(FAULT, line(ago(minutes=10), "declared", "a\x0bb <&> \ufffe")),))
    assert "<&>" in entry(reader).content[0].value.replace("&lt;&amp;&gt;", "<&>")


def test_a_demonstration_says_so_in_every_title(reader: Client, live: Live, settings: Any) -> None:
    settings.DEMO = True
    live(FAULT)
    assert read(reader).feed.title.startswith("PRETEND:")
    assert entry(reader).title.startswith("Live: PRETEND: ")
    over = replace(FAULT, state=State.RESOLVED, status=Status.ENDED)
    live(stories=(story(over, ended_at=ago(minutes=1)),))
    assert "PRETEND" not in entry(reader).title


def test_a_record_that_names_no_issuer_is_told_by_us(reader: Client, live: Live) -> None:
    live(replace(FAULT, issuer=issuer("", of="uk")))
    assert entry(reader).author == "Which Number"


def test_a_feed_is_open_and_not_sent_twice(reader: Client, live: Live) -> None:
    answer = reader.get("/feeds/uk.atom")
    assert answer["Access-Control-Allow-Origin"] == "*"
    again = reader.get("/feeds/uk.atom", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["feeds/knet.atom", "feeds/cap/none.xml", "cy/feeds/x.atom"])
def test_a_feed_of_nothing_is_not_there(reader: Client, path: str) -> None:
    assert reader.get(f"/{path}").status_code == 404


@pytest.mark.parametrize("slug", ["uk", "england", "wales", "scotland", "northern-ireland"])
def test_each_nation_has_a_feed_in_each_language(reader: Client, slug: str) -> None:
    assert read(reader, f"feeds/{slug}.atom").version == "atom10"
    assert read(reader, f"cy/feeds/{slug}.atom").version == "atom10"
