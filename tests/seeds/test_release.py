"""Ranks of sources and what follows: the mark on a card, what a release may lack, the nations'
table, the check of links, and the numbers that visitors call wrong."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.cast import Cast
from tests.spoiled import change, copied
from triage import links, reported_numbers
from triage.engine.catalogue import Fact, Nation
from triage.engine.proof import prove_tree
from triage.engine.rulebook import Rulebook, Urgency
from triage.engine.tree_laws import nothing_leads_nowhere
from triage.links import Link, check, shown_links
from triage.management.commands.release_check import open_points, refusals
from triage.seeds import SeedsError, fact_register, read
from triage.seeds.nations_table import nations_table
from triage.seeds.source_rank import SourceRank, number_rank, source_name, source_rank

TODAY = date(2026, 11, 30)


def run(name: str, *args: str) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.DATA_DIR = tmp_path
    reported_numbers._recent.clear()
    yield tmp_path
    reported_numbers._recent.clear()


# --- the law that nothing leads nowhere


def test_nothing_leads_nowhere(rulebook: Rulebook) -> None:
    assert not prove_tree(rulebook).findings
    assert not [*nothing_leads_nowhere(rulebook)]


@pytest.mark.parametrize(
    ("channel", "without"),
    [
        ("iwf", {"url": None}),
        ("bank-card", {"by_nature": False}),
        ("bank-card", {"how": ()}),
        ("scam-text-7726", {"number": None}),
        ("phishing-email", {"email": None}),
    ],
)
def test_a_first_card_without_a_way_is_told_with_its_areas(
    rulebook: Rulebook, channel: str, without: dict[str, Any]
) -> None:
    channels = dict(rulebook.catalogue.channels)
    channels[channel] = replace(channels[channel], **without)
    book = replace(rulebook, catalogue=replace(rulebook.catalogue, channels=channels))
    told = [what for _, what in nothing_leads_nowhere(book)]
    assert f'"{channel}" stands first and leads nowhere in northern-ireland' in told


def test_a_number_that_nobody_read_is_refused(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    old = 'facts.number = { source = "shout", checked = 2026-11-30, certainty = "V" }'
    change(seeds / "channels.toml", old, old.replace('"V"', '"K"'))
    with pytest.raises(SeedsError, match="read nowhere"):
        read(seeds)


def test_a_fact_marked_read_that_has_no_value_is_refused(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    change(seeds / "channels.toml", 'url = "https://111.wales.nhs.uk"\n', "")
    with pytest.raises(SeedsError, match="wales has no url"):
        read(seeds)


# --- ranks


@pytest.mark.parametrize(
    ("certainty", "source", "rank"),
    [
        ("V", "S62", SourceRank.OWNER),
        ("O", "S62", SourceRank.OFFICIAL),
        ("S", "S62", SourceRank.SECONDARY),
        ("K", "S62", SourceRank.NONE),
        ("V", "S35", SourceRank.OLD),
        ("V", "general", SourceRank.SECONDARY),
        ("V", "nobody", SourceRank.NONE),
    ],
)
def test_a_fact_is_as_good_as_its_reading_and_its_page(
    rulebook: Rulebook, certainty: str, source: str, rank: SourceRank
) -> None:
    assert source_rank(Fact(source, TODAY, certainty), rulebook.catalogue.sources) is rank


def test_no_number_rests_on_an_encyclopaedia(rulebook: Rulebook) -> None:
    sources = rulebook.catalogue.sources
    for channel in rulebook.catalogue.channels.values():
        fact = channel.facts.get("number")
        url = sources[fact.source].url if fact else None
        assert not any(w in (url or "") for w in ("wiki", "grokipedia", "forum")), channel.id


def test_every_source_carries_a_fact(rulebook: Rulebook) -> None:
    cited = {name for fact in fact_register.held(rulebook) for name in fact.sources}
    tables = {"codepoint", "ons", "bank-holidays"}
    assert set(rulebook.catalogue.sources) - cited == tables


# What stands first in a need that cannot wait although no public body's page was read. No health or
# safeguarding line is among them, and the card says that its owner has not confirmed it.
FIRST_UNCONFIRMED = {"bank-159", "env-wales", "traffic-wales", "uk-abroad"}
MOMENTS = ("2026-12-01 11:00", "2026-12-01 23:00", "2026-12-05 03:00", "2026-12-25 11:00")


def test_hardly_an_unconfirmed_number_stands_first_where_it_cannot_wait(cast: Cast) -> None:
    book = cast.rulebook
    urgent = [n.id for n in book.needs.values() if n.urgency is Urgency.URGENT]
    places = (cast.leeds, cast.cardiff, cast.glasgow, cast.belfast)
    firsts = {
        cast.ask(need, place, at=datetime.fromisoformat(f"{moment}+00:00")).first.channel
        for need in urgent
        for place in places
        for moment in MOMENTS
    }
    ranks = {f: number_rank(book.catalogue.channels[f], book.catalogue.sources) for f in firsts}
    assert {f for f, rank in ranks.items() if rank and not rank.confirmed} == FIRST_UNCONFIRMED


def test_a_source_is_named_by_its_body(rulebook: Rulebook) -> None:
    sources = rulebook.catalogue.sources
    assert source_name(sources["S62"]) == "Police Scotland"
    assert all(source_name(source) for source in sources.values())


# --- what a release may not lack


def test_this_release_may_go_out(rulebook: Rulebook) -> None:
    assert not [*refusals(rulebook, TODAY)]
    assert "Nothing stands against a release." in run("release_check")


def test_an_unconfirmed_emergency_number_stops_a_release(rulebook: Rulebook) -> None:
    channels = dict(rulebook.catalogue.channels)
    facts = {**channels["999"].facts, "number": Fact("general", TODAY, "S")}
    channels["999"] = replace(channels["999"], facts=facts)
    book = replace(rulebook, catalogue=replace(rulebook.catalogue, channels=channels))
    assert [*refusals(book, TODAY)] == ["999: 999 is an emergency number, secondary"]


def test_holidays_that_run_out_stop_a_release(rulebook: Rulebook) -> None:
    told = [*refusals(rulebook, date(2027, 12, 1))]
    assert len(told) == len(Nation)


def test_what_is_open_is_said(rulebook: Rulebook) -> None:
    told = [*open_points(rulebook, TODAY)]
    assert "links: never looked at" in told
    assert any(line.startswith("bank-159: ") for line in told)


def test_what_is_not_confirmed_is_due(rulebook: Rulebook) -> None:
    told = run("facts", "--due", "--at", "2026-11-30")
    for channel in rulebook.catalogue.channels.values():
        rank = number_rank(channel, rulebook.catalogue.sources)
        named = f"channel {channel.id}: number" in told
        assert named == (rank is not None and not rank.confirmed), channel.id


# --- nations in step


def test_every_need_has_a_way_or_a_reason_in_every_nation(rulebook: Rulebook) -> None:
    cells = list(nations_table(rulebook))
    assert len(cells) == len(rulebook.needs) * len(Nation)
    assert not [cell for cell in cells if not cell.reach]
    assert run("nations").startswith("need,nation,owner,channel,reach,hours,sure\n")


# --- links


def test_each_address_is_looked_at_once(rulebook: Rulebook) -> None:
    found = [link.url for link in shown_links(rulebook)]
    assert len(found) == len(set(found)) > 100
    assert all(url.startswith("https://") for url in found)


LINK = Link("https://www.service.test/page", "police content lead", "channel x")


@pytest.mark.parametrize(
    ("status", "end", "problem"),
    [
        (200, "https://www.service.test/page", ""),
        (200, "https://service.test/other", ""),
        (404, "https://www.service.test/page", "answers 404"),
        (200, "https://parked.test/", "leads to https://parked.test/"),
    ],
)
def test_a_link_is_right_where_its_own_body_answers(status: int, end: str, problem: str) -> None:
    assert [a.problem for a in check([LINK], lambda url: (status, end))] == [problem]


def test_a_link_that_does_not_answer_is_named() -> None:
    def silent(url: str) -> tuple[int, str]:
        raise OSError("no route")

    assert [a.problem for a in check([LINK], silent)] == ["does not answer: no route"]


def test_the_command_reports_by_owner_and_keeps_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "ask", lambda url: (200, url))
    assert "links answer" in run("links")
    assert links.last_checked()
    monkeypatch.setattr(links, "ask", lambda url: (500, url))
    with pytest.raises(CommandError, match="are wrong"):
        run("links")
    assert "links  last looked at: on" in run("facts", "--due")


# --- wrong numbers


def test_a_press_is_counted_by_channel_and_day(client: Client, folder: Path) -> None:
    answer = client.post("/in/leicestershire/wrong/", {"channel": "101"})
    assert answer.status_code == 303
    assert not answer.cookies
    client.post("/cy/wrong/", {"channel": "101"})
    assert [n for (_, c), n in reported_numbers.reported().items() if c == "101"] == [2]
    line = reported_numbers.store().read_text(encoding="utf-8").splitlines()[0]
    assert set(json.loads(line)) == {"day", "channel"}
    assert "101" in run("facts", "--reported")


def test_a_channel_that_is_none_is_refused_and_not_kept(client: Client) -> None:
    assert client.post("/wrong/", {"channel": "<script>"}).status_code == 404
    assert client.post("/wrong/").status_code == 404
    assert not reported_numbers.reported()


def test_a_flood_of_presses_is_thanked_and_not_counted(client: Client) -> None:
    for _ in range(reported_numbers.A_MINUTE + 5):
        reported_numbers.report("101", TODAY)
    assert sum(reported_numbers.reported().values()) == reported_numbers.A_MINUTE


def test_a_line_cut_short_is_passed_over() -> None:
    reported_numbers.report("101", TODAY)
    with reported_numbers.store().open("a", encoding="utf-8") as file:
        file.write('{"day": "2026-')
    assert reported_numbers.reported() == {("2026-11-30", "101"): 1}


def test_only_the_days_asked_for_are_counted() -> None:
    reported_numbers.report("101", TODAY)
    assert not reported_numbers.reported(date(2026, 12, 1))
    assert reported_numbers.reported(TODAY, TODAY)


def test_a_card_of_an_email_opens_a_message(client: Client) -> None:
    told = client.get("/in/leicestershire/advice/scam-email/").content.decode()
    assert 'href="mailto:report@phishing.gov.uk"' in told
    assert "Write to" in told


def test_every_card_has_the_button(client: Client) -> None:
    told = client.get("/in/leicestershire/advice/power-cut/").content.decode()
    assert 'form="wrong" name="channel" value="power-105"' in told
    assert '<form id="wrong" method="post"' in told
