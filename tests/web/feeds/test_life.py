"""One incident's life as every feed tells it: what each entry is, who is out of it, what moved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from outage.bulletin import Stated, Story, StoryEntry
from tests.cast import NOON, ago, incident, issuer, later, notice, number, scope
from tests.web.conftest import Live
from triage.engine.catalogue import Lang, Text
from triage.engine.situation import Incident, State, Status
from triage.web.presenters.incident_life import LifeStage, LifeStep, life
from triage.web.presenters.incident_text import told

UK = incident(
    "999", "many-failing", id="one", notices=(notice("police-emergency", "replace", "101"),)
)
THREE = replace(UK, scope=scope("nation:england", "nation:scotland", "nation:northern-ireland"))
WORK = incident(
    "101", id="work", planned=True, review_at=None, starts_at=later(hours=1), ends_at=later(hours=3)
)
OWN = {
    "declared": "Do not call 101.",
    "narrowed": "Over in some places only.",
    "watched": "Working again. Do not call 101.",
    "stood-down": "Over. Do not call 101.",
}


def lived(*turns: tuple[str, datetime, Incident]) -> Story:
    """An incident that stated these in turn, as the desk keeps it."""
    entries = tuple(StoryEntry(at, kind, own(kind), "A force") for kind, at, _ in reversed(turns))
    stated = tuple(Stated(at, kind, said) for kind, at, said in turns)
    last = turns[-1][2]
    return Story(last.id, Text("Calls fail", "Galwadau"), last, entries, stated=stated)


def own(kind: str) -> Text:
    return Text(OWN.get(kind, kind), OWN.get(kind, kind))


DECLARED = ("declared", ago(minutes=10), UK)
NARROWED = ("narrowed", ago(minutes=8), THREE)
WATCHED = (
    "watched",
    ago(minutes=6),
    replace(THREE, state=State.RESTORED, notices=(), published_at=ago(minutes=6),
            starts_at=ago(minutes=10), ends_at=later(minutes=60)),
)  # fmt: skip
OVER = ("stood-down", ago(minutes=2), replace(WATCHED[2], status=Status.ENDED))
WHOLE = lived(DECLARED, NARROWED, WATCHED, OVER)


def entries(reader: Client, slug: str = "uk", lang: str = "") -> Any:
    parsed = feedparser.parse(reader.get(f"{lang}/feeds/{slug}.atom").content)
    assert not parsed.bozo
    return parsed.entries


def stages(story: Story, *areas: str, at: datetime = NOON) -> list[str]:
    return [str(step.stage) for step in life(story, at, frozenset(areas) or None)]


def test_a_life_is_told_step_by_step() -> None:
    assert stages(WHOLE) == ["live", "live", "live", "over"]
    assert stages(lived(("planned", ago(minutes=1), WORK)), at=later(hours=4)) == [
        "planned", "live", "over",
    ]  # fmt: skip


def test_who_is_out_of_it_has_an_end_and_hears_no_more() -> None:
    assert stages(WHOLE, "gwent") == ["live", "over"]
    assert stages(WHOLE, "kent") == ["live", "live", "live", "over"]


def test_who_comes_back_in_is_told_again() -> None:
    again = ("amended", ago(minutes=3), replace(UK, published_at=ago(minutes=3)))
    assert stages(lived(DECLARED, NARROWED, again), "gwent") == ["live", "over", "live"]


@pytest.mark.parametrize(("slug", "where"), [("wales", "Wales"), ("gwent", "Gwent")])
def test_those_who_left_a_narrowing_read_that_it_is_over_where_they_are(
    reader: Client, live: Live, slug: str, where: str
) -> None:
    live(THREE, stories=(lived(DECLARED, NARROWED),))
    (gone,) = entries(reader, slug)
    assert gone.title == f"Over: the fault of 999 is over ({where})"
    assert "goes on in other places" in gone.content[0].value
    assert gone.updated == "2026-11-24T11:52:00+00:00"
    (rest,) = entries(reader, "kent")
    assert rest.title.startswith("Live: many 999 calls are failing (England, ")


def test_what_happens_later_elsewhere_leaves_their_end_alone(reader: Client, live: Live) -> None:
    live(THREE, stories=(lived(DECLARED, NARROWED),))
    before = reader.get("/feeds/gwent.atom").content
    live(stories=(WHOLE,))
    assert reader.get("/feeds/gwent.atom").content == before


@pytest.mark.parametrize(
    ("turns", "first"),
    [
        ([DECLARED], "Live:"),
        ([DECLARED, NARROWED, WATCHED], "Live:"),
        ([DECLARED, OVER], "Over:"),
        ([DECLARED, ("superseded", ago(minutes=2), OVER[2])], "Corrected:"),
        ([("planned", ago(minutes=9), WORK)], "Planned:"),
    ],
)
def test_the_first_word_of_a_title_says_what_it_is(
    reader: Client, live: Live, turns: Any, first: str
) -> None:
    live(stories=(lived(*turns),))
    for feed in (entries(reader), entries(reader, "kent")):
        assert feed[0].title.split()[0] == first
    assert json.loads(reader.get("/feeds/uk.json").content)["items"][0]["title"].startswith(first)


@pytest.mark.parametrize(
    "turns", [[DECLARED, WATCHED], [DECLARED, WATCHED, OVER], [DECLARED, OVER]]
)
def test_what_was_said_before_is_not_said_again(reader: Client, live: Live, turns: Any) -> None:
    live(stories=(lived(*turns),))
    told = [reader.get(f"/feeds/uk.{kind}").content.decode() for kind in ("atom", "json", "ics")]
    assert all("Do not call 101" not in one for one in told)


def test_an_end_names_no_next_check(reader: Client, live: Live) -> None:
    live(stories=(lived(DECLARED, OVER),))
    assert "Next check" not in entries(reader)[0].content[0].value


def test_planned_work_says_that_nothing_has_changed_yet(reader: Client, live: Live) -> None:
    live(stories=(lived(("planned", ago(minutes=9), WORK)),))
    (entry,) = entries(reader)
    assert "Nothing has changed yet." in entry.content[0].value
    assert entry.title == "Planned: work on 101 from 13:00 GMT, 24 November (All of the UK)"


def test_a_correction_says_that_it_corrects(reader: Client, live: Live) -> None:
    live(replace(UK, id="two", supersedes="one"))
    assert "This corrects what was said before" in entries(reader)[0].content[0].value


def test_a_confirmation_of_the_unchanged_moves_nothing_but_the_next_look(
    reader: Client, live: Live
) -> None:
    live(UK, stories=(lived(DECLARED),))
    before = entries(reader)[0]
    live(UK, stories=(lived(DECLARED, ("confirmed", ago(minutes=4), UK)),))
    assert entries(reader)[0] == before
    renewed = replace(UK, review_at=later(minutes=50))
    live(renewed, stories=(lived(DECLARED, ("confirmed", ago(minutes=4), renewed)),))
    assert entries(reader)[0].updated == "2026-11-24T11:56:00+00:00"
    assert "Do not call 101." in entries(reader)[0].content[0].value


def test_a_call_back_line_that_ends_after_the_fault_moves_nothing(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = replace(UK, state=State.RESOLVED, review_at=None, notices=(), ends_at=later(hours=1),
                   callbacks_until=later(hours=1), published_at=ago(minutes=2))  # fmt: skip
    live(rest, stories=(lived(DECLARED, ("stood-down", ago(minutes=2), rest)),))
    before = reader.get("/feeds/uk.atom").content
    monkeypatch.setattr("triage.clock.now", lambda: later(hours=2))
    assert reader.get("/feeds/uk.atom").content == before


LOCAL = replace(
    UK,
    notices=(notice("police-emergency", "replace", "local-number"),),
    scope=scope("police:kent"),
    numbers=(number("01632 960123", "police:kent", valid_until=later(minutes=9)),),
    confirm_by=later(minutes=20),
    review_at=later(minutes=30),
)
LIVES = {
    "whole": WHOLE,
    "planned": lived(("planned", ago(minutes=9), WORK)),
    "lapsing": lived(("declared", ago(minutes=10), LOCAL)),
    "nobody named": lived(("declared", ago(minutes=10), replace(UK, issuer=issuer("")))),
}


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("name", LIVES)
def test_each_step_reads_differently_and_nothing_changes_between_them(
    live: Live, name: str, lang: Lang
) -> None:
    """What moves `updated` and what is read are the same, minute by minute."""
    live()
    steps = list(life(LIVES[name], later(hours=4)))
    texts = [told(step, lang, pretend=False) for step in steps]
    assert len(texts) > 1 or name == "nobody named"
    assert all(a != b for a, b in pairwise(texts))
    for step, text, until in zip(steps, texts, [*(s.at for s in steps[1:]), None], strict=True):
        for moment in _within(step, until):
            assert told(replace(step, at=moment), lang, pretend=False).do == text.do


def _within(step: LifeStep, until: datetime | None) -> Iterator[datetime]:
    end = until or step.at + timedelta(minutes=30)
    yield from (step.at + (end - step.at) * n / 3 for n in (1, 2))


RULES = {  # RFC 4287, 4.1.1 and 4.1.2: each element and how often it may stand
    "feed": {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "subtitle": (0, 1)},
    "entry": {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "published": (0, 1),
              "content": (0, 1), "author": (1, 9)},
}  # fmt: skip
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("path", ["/feeds/uk.atom", "/cy/feeds/wales.atom", "/feeds/kent.atom"])
def test_a_feed_keeps_the_rules_of_atom(reader: Client, live: Live, path: str) -> None:
    live(UK, stories=(lived(DECLARED, NARROWED), lived(("planned", ago(minutes=9), WORK))))
    root = ET.fromstring(reader.get(path).content)
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name, (least, most) in RULES[element.tag.removeprefix(ATOM)].items():
            assert least <= len(element.findall(ATOM + name)) <= most, name
        alternates = [
            link.get("type") for link in element.findall(f"{ATOM}link")
            if link.get("rel", "alternate") == "alternate"
        ]  # fmt: skip
        assert len(alternates) == len(set(alternates)) == 1
    ids = [e.findtext(f"{ATOM}id") for e in root.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) > 0
    moments = [e.text or "" for e in root.iter() if e.tag in (f"{ATOM}updated", f"{ATOM}published")]
    assert all(datetime.fromisoformat(moment).tzinfo for moment in moments)


def test_the_json_feed_tells_what_the_atom_feed_tells(reader: Client, live: Live) -> None:
    live(UK, stories=(WHOLE, lived(("planned", ago(minutes=9), WORK))))
    answer = reader.get("/cy/feeds/uk.json")
    found = json.loads(answer.content)
    assert answer["Content-Type"].startswith("application/feed+json")
    assert (found["version"], found["language"]) == ("https://jsonfeed.org/version/1.1", "cy")
    assert {"title", "home_page_url", "feed_url"} <= found.keys()
    atom = entries(reader, "uk", "/cy")
    told = [(i["id"], i["title"], i["date_modified"]) for i in found["items"]]
    assert told == [(e.id, e.title, e.updated) for e in atom]
    assert all(i["content_text"] and i["url"] for i in found["items"])


def events(reader: Client, path: str = "/feeds/uk.ics") -> list[dict[str, str]]:
    """The events of a calendar, read by the rules of RFC 5545: CRLF, folded lines, one value."""
    answer = reader.get(path)
    assert answer["Content-Type"].startswith("text/calendar")
    raw = answer.content
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    text = raw.decode().replace("\r\n ", "")
    found = []
    for block in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL):
        lines = [line.partition(":") for line in block.strip().split("\r\n")]
        assert len({name for name, _, _ in lines}) == len(lines)
        found.append({name: value for name, _, value in lines})
    return found


def test_planned_work_stands_in_the_calendar_when_it_takes_place(
    reader: Client, live: Live
) -> None:
    live(WORK)
    (work,) = events(reader)
    assert (work["DTSTART"], work["DTEND"]) == ("20261124T130000Z", "20261124T150000Z")
    assert work["SUMMARY"].startswith("Planned: work on 101")
    assert work["STATUS"] == "CONFIRMED"


def test_work_that_is_called_off_is_cancelled_under_its_own_id(reader: Client, live: Live) -> None:
    live(stories=(lived(("planned", ago(minutes=9), WORK)),))
    (before,) = events(reader)
    off = ("stood-down", ago(minutes=2), replace(WORK, status=Status.ENDED))
    live(stories=(lived(("planned", ago(minutes=9), WORK), off),))
    (after,) = events(reader)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["STATUS"] == "CANCELLED"


def test_a_fault_stands_in_the_calendar_when_it_is_next_looked_at(
    reader: Client, live: Live
) -> None:
    live(UK, stories=(lived(DECLARED),))
    (look,) = events(reader)
    assert (look["DTSTART"], look["STATUS"]) == ("20261124T123000Z", "CONFIRMED")
    assert look["SUMMARY"].startswith("Next check. Live: many 999 calls are failing")
    live(stories=(WHOLE,))
    assert events(reader)[0]["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("kind", ["atom", "json", "ics"])
def test_a_feed_of_nothing_is_a_feed(reader: Client, live: Live, kind: str) -> None:
    live()
    answer = reader.get(f"/cy/feeds/kent.{kind}")
    assert answer.status_code == 200
    assert reader.get(f"/feeds/knet.{kind}").status_code == 404


def test_every_stage_has_a_first_word_of_its_own() -> None:
    step = LifeStep(NOON, LifeStage.LIVE, UK)
    words = {
        told(replace(step, stage=s), Lang.CY, pretend=False).title.split()[0] for s in LifeStage
    }
    assert len(words) == len(LifeStage)


def test_the_api_tells_those_who_left_a_narrowing_that_it_is_over(
    reader: Client, live: Live
) -> None:
    live(THREE, stories=(lived(DECLARED, NARROWED),))
    for area, stage in (("gwent", "over"), ("kent", "live")):
        (told,) = reader.get(f"/api/v1/incidents?area={area}").json()["incidents"]
        assert told["stage"] == stage


def test_the_life_of_one_incident_is_printed_side_by_side() -> None:
    """Every medium, at every stage, for who is in it and for who is out of it: judged by its first
    word, so that nobody takes an end for a beginning."""
    printed = StringIO()
    call_command("incident_life", stdout=printed)
    scenes = printed.getvalue().split("\n# ")[1:]
    firsts = {
        "planned": ({"Planned:"}, {"Planned:"}),
        "live": ({"Live:"}, {"Live:"}),
        "narrowed": ({"Live:"}, {"Over:"}),
        "corrected": ({"Live:", "Corrected:"}, {"Over:"}),
        "over": ({"Over:", "Corrected:"}, {"Over:"}),
    }
    assert [scene.split(",")[0] for scene in scenes] == list(firsts)
    for scene, words in zip(scenes, firsts.values(), strict=True):
        for part, expected in zip(scene.split("## Readers of")[1:], words, strict=True):
            rows = [line.split(maxsplit=1) for line in part.splitlines()[1:] if line]
            assert {row[0] for row in rows} == {"Atom", "JSON", "Calendar", "CAP", "API", "Widget"}
            atom = {row[1].split()[0] for row in rows if row[0] == "Atom"}
            assert atom == expected
            json_feed = {row[1].removeprefix("Feed").split()[0] for row in rows if row[0] == "JSON"}
            assert json_feed == expected


def test_an_incident_that_is_not_published_is_not_printed() -> None:
    with pytest.raises(CommandError, match="not published here"):
        call_command("incident_life", "none")
