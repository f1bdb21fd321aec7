"""Early warning: what is stored, when it rings, who is told, and that the public reads nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client

from outage.models import (
    Event,
    Organisation,
    OutboxMessage,
    SignalAlarm,
    SignalCount,
    SignalDay,
)
from outage.signals import alarms, handing_over, places, summing
from outage.signals import board as signal_board
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from tests.cast import NOON
from tests.outage.panel.test_panel import signed_in
from tests.outage.said import published
from triage import clock
from triage.rules import rulebook, signal_rules
from triage.signals.detection import Minute, judge
from triage.signals.tally import WHOLE, Tally, Tap
from triage.signals.usual import hour_of_week

pytestmark = pytest.mark.django_db
HERE = "area:leicestershire"


@pytest.fixture(autouse=True)
def nothing_usual() -> Iterator[None]:
    summing.forget_usual()
    yield
    summing.forget_usual()


def tapped(
    blocks: int,
    area: str = "leicestershire",
    at: datetime = NOON,
    channel: str = "999",
    **more: Any,
) -> Tally:
    """Taps from so many blocks, one a second, handed over at once."""
    tally = Tally()
    tally.share(b"one secret of a whole site")
    nation = str(rulebook().catalogue.areas[area].nation) if area else ""
    for n in range(blocks):
        tap = Tap(channel, area, nation, **more)
        tally.add(tap, f"198.51.{n}.7", at.timestamp() + n % 50)
    handing_over.hand_over(tally, "0a1b2c3d", at)
    return tally


def rang() -> set[tuple[str, str]]:
    return {(a.channel, a.place) for a in SignalAlarm.objects.filter(quiet_at=None)}


def receivers() -> set[str]:
    return set(OutboxMessage.objects.filter(occasion="signal").values_list("receiver", flat=True))


def test_what_is_stored_is_minute_channel_place_and_counts() -> None:
    tapped(3, network="ee")
    row = SignalCount.objects.get(place=HERE)
    assert (row.minute, row.channel, row.taps, row.blocks) == (NOON, "999", 3 * WHOLE, 3 * WHOLE)
    assert {f.name for f in SignalCount._meta.fields} == {
        "id", "minute", "channel", "place", "process", "taps", "blocks", "bare", "rush", "told",
        "marks",
    }  # fmt: skip


def test_a_database_that_is_away_loses_nothing_of_the_last_half_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*args: object) -> None:
        raise DatabaseError("away")

    with monkeypatch.context() as patch:
        patch.setattr(SignalCount.objects, "bulk_create", away)
        patch.setattr("outage.signals.handing_over.connection", SimpleNamespace(close=lambda: None))
        tally = tapped(2)
    assert handing_over.hand_over(tally, "0a1b2c3d", NOON + timedelta(minutes=29)) == 3
    assert SignalCount.objects.get(place=HERE).taps == 2 * WHOLE


def test_fourteen_blocks_in_leicestershire_tell_those_who_may_declare_there(
    ann: Actor, viv: Actor, kim: Actor, nat: Actor, cab: Actor
) -> None:
    tapped(14)
    alarms.watch(NOON)
    assert ("999", HERE) in rang()
    assert ("999", "uk") not in rang()
    assert receivers() == {"ann@example.org"}
    message = OutboxMessage.objects.get(occasion="signal")
    said = "14 people in 14 address blocks in Leicestershire and Rutland in five minutes; usual"
    assert said in message.content["subject"]
    link = "/staff/declare/?channel=999&place=police%3Aleicestershire"
    assert message.content["link"].endswith(link)


def test_one_block_and_a_floor_less_one_tell_nobody(ann: Actor) -> None:
    tally = Tally()
    for n in range(500):
        tally.add(
            Tap("999", "leicestershire", "england"), f"198.51.100.{n % 256}", NOON.timestamp()
        )
    handing_over.hand_over(tally, "0a1b2c3d", NOON)
    tapped(signal_rules().windows[0].floor - 2)
    alarms.watch(NOON)
    assert not rang()
    assert not receivers()


def test_a_block_that_every_process_counted_is_one_and_tells_nobody(ann: Actor) -> None:
    """A rule of so many blocks means so many over every process of every node."""
    floor = signal_rules().windows[0].floor
    by_process(floor - 1, processes=16)
    alarms.watch(NOON)
    assert not rang()
    by_process(floor, processes=16)
    alarms.watch(NOON)
    assert receivers() == {"ann@example.org"}
    assert SignalAlarm.objects.get(place=HERE).blocks == floor


def test_as_many_blocks_as_processes_tell_whoever_may_declare(ann: Actor) -> None:
    """Sixteen people, each at a process of their own."""
    for number in range(16):
        by_process(1, processes=1, first=number)
    alarms.watch(NOON)
    assert SignalAlarm.objects.get(place=HERE).blocks == 16


def by_process(blocks: int, processes: int, first: int = 0) -> None:
    """Each of so many blocks taps at each process; all know one secret, as all of a site do."""
    for number in range(processes):
        tally = Tally()
        tally.share(b"one secret of a whole site")
        for n in range(first, first + blocks):
            tap = Tap("999", "leicestershire", "england")
            tally.add(tap, f"198.51.{n}.{number}", NOON.timestamp())
        handing_over.hand_over(tally, f"{number:08x}", NOON)


def test_what_tells_blocks_apart_is_empty_after_half_an_hour() -> None:
    tapped(3)
    longest = timedelta(minutes=signal_rules().longest)
    alarms.watch(NOON + longest - timedelta(minutes=1))
    assert all(SignalCount.objects.values_list("marks", flat=True))
    alarms.watch(NOON + longest)
    assert not any(SignalCount.objects.values_list("marks", flat=True))
    tapped(3)
    summing.purge(NOON + timedelta(days=1))
    assert not any(SignalCount.objects.values_list("marks", flat=True))


def test_an_area_that_rings_leaves_the_uk_what_the_others_counted() -> None:
    by_process(9, processes=2)
    leicestershire = summing.recent(NOON)["999", HERE]
    assert _left(leicestershire) == 0
    by_process(2, processes=2, first=40)
    assert _left(leicestershire) == 2


def _left(gone: Mapping[int, Minute]) -> float:
    """Blocks of the UK in five minutes, without those of an area."""
    left = summing.without(summing.recent(NOON)["999", "uk"], [gone])
    now, hour = int(NOON.timestamp() // 60), hour_of_week(NOON)
    verdict = judge(("999", "uk"), left, now, hour, summing.usual(NOON), signal_rules())
    return verdict.looks[0].blocks


def test_of_three_areas_the_national_operators_are_told(ann: Actor, nat: Actor) -> None:
    for area in ("kent", "leicestershire"):
        tapped(6, area)
    alarms.watch(NOON)
    # Nobody of Kent is there to be told: then the national operators are.
    assert OutboxMessage.objects.filter(receiver="nat@example.org").count() == 1
    tapped(6, "gwent")
    alarms.watch(NOON + timedelta(seconds=10))
    told = OutboxMessage.objects.filter(receiver="nat@example.org").order_by("pk")
    subjects = [m.content["subject"] for m in told]
    assert any("18 people" in said and "UK" in said for said in subjects), subjects
    assert any("Areas that ring: " in line for m in told for line in m.content["lines"])


def test_people_of_no_known_place_ring_for_the_uk(nat: Actor) -> None:
    tapped(8, "")
    alarms.watch(NOON)
    assert rang() == {("999", "uk")}
    assert receivers() == {"nat@example.org"}


def test_a_network_rings_by_itself_and_tells_carriers_too(nat: Actor, cab: Actor) -> None:
    tapped(8, "", network="o2")
    alarms.watch(NOON)
    assert ("999", "network:o2") in rang()
    assert "cab@example.org" in receivers()


def test_it_rings_once_and_is_quiet_again(ann: Actor) -> None:
    tapped(9)
    for seconds in (0, 10, 20):
        alarms.watch(NOON + timedelta(seconds=seconds))
    assert OutboxMessage.objects.filter(occasion="signal").count() == 1
    for minutes in (10, 20, 29, 35):
        alarms.watch(NOON + timedelta(minutes=minutes))
    assert ("999", HERE) in rang()
    alarms.watch(NOON + timedelta(minutes=40))
    assert not rang()
    kinds = [*Event.objects.values_list("kind", flat=True)]
    assert kinds.count("signal-rang") == kinds.count("signal-quiet") == 1


def test_what_is_declared_already_wakes_nobody(ann: Actor, bob: Actor) -> None:
    published(ann)
    tapped(9)
    alarms.watch(NOON)
    assert ("999", HERE) in rang()
    assert not receivers()


def test_a_mute_holds_for_an_hour_with_its_reason_on_the_record(ann: Actor) -> None:
    alarms.mute(ann, "999", HERE, "A drill at  the hospital")
    tapped(9)
    alarms.watch(NOON)
    assert not receivers()
    event = Event.objects.get(kind="signal-muted")
    assert "A drill at the hospital" in event.body
    assert alarms.muted("999", HERE, NOON + timedelta(minutes=59))
    assert not alarms.muted("999", HERE, NOON + timedelta(minutes=60))


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_mute_without_a_reason_is_refused(ann: Actor, reason: str) -> None:
    with pytest.raises(RefusedError):
        alarms.mute(ann, "999", HERE, reason)


def test_whoever_may_not_declare_there_may_not_mute(ann: Actor, viv: Actor, kim: Actor) -> None:
    for by, place in ((viv, HERE), (kim, HERE), (ann, "uk"), (ann, "area:nowhere")):
        with pytest.raises(RefusedError):
            alarms.mute(by, "999", place, "No")


def test_the_usual_is_learnt_from_the_weeks_before(ann: Actor) -> None:
    for week in range(1, 5):
        for minute in range(60):
            at = NOON - timedelta(weeks=week) + timedelta(minutes=minute)
            SignalCount.objects.create(
                minute=at, channel="999", place=HERE, process="p", taps=2, blocks=2
            )
    tapped(9)
    alarms.watch(NOON)
    assert ("999", HERE) not in rang()
    verdict = next(v for v in summing.look(NOON) if v.series == ("999", HERE))
    assert verdict.looks[-1].usual == pytest.approx(20, rel=0.5)


def test_an_hour_in_which_it_rang_is_not_usual() -> None:
    before = NOON - timedelta(weeks=1)
    SignalCount.objects.create(
        minute=before, channel="999", place=HERE, process="p", taps=400, blocks=400
    )
    SignalAlarm.objects.create(
        channel="999", place=HERE, rang_at=before, last_at=before, quiet_at=before
    )
    tapped(9)
    alarms.watch(NOON)
    assert ("999", HERE) in rang()


def test_explain_says_why_it_rings_and_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    tapped(9)
    tapped(1, "kent")
    out = StringIO()
    call_command("signals", "--explain", stdout=out)
    said = out.getvalue()
    assert "999, Leicestershire and Rutland [area:leicestershire]: rings" in said
    assert "[area:kent]: does not ring" in said
    assert "5 min: 1 blocks, 1 people; usual 0.00167; rings from 4: 3 too few" in said


def test_purge_makes_days_of_what_is_over_a_month_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    tapped(3, at=NOON - timedelta(days=40))
    tapped(2)
    call_command("signals", "--purge", stdout=StringIO())
    assert SignalDay.objects.get(place=HERE).taps == 3 * WHOLE
    assert SignalCount.objects.get(place=HERE).taps == 2 * WHOLE
    call_command("signals", "--purge", "--all", stdout=StringIO())
    assert not SignalCount.objects.exists()
    assert not SignalDay.objects.exists()


def test_the_board_has_a_line_with_a_chart_a_form_and_a_mute(ann: Actor, kim: Actor) -> None:
    at = clock.now()
    tapped(9, at=at)
    alarms.watch(at + timedelta(seconds=51))
    client = signed_in(ann)
    board = client.get("/staff/").content.decode()
    assert "9 people in 9 address blocks in Leicestershire" in board
    assert '<svg class="day"' in board
    assert "/staff/declare/?channel=999&amp;place=police%3Aleicestershire" in board
    assert "9 people in" not in signed_in(kim).get("/staff/").content.decode()
    given = {"channel": "999", "place": HERE, "reason": "A drill"}
    assert "Muted for an hour" in client.post("/staff/mute/", given, follow=True).content.decode()
    assert "by ann: A drill" in client.get("/staff/").content.decode()


def test_an_open_board_learns_of_it(ann: Actor) -> None:
    client = signed_in(ann)
    before = client.get("/staff/mark/").content
    at = clock.now()
    tapped(9, at=at)
    alarms.watch(at + timedelta(seconds=51))
    assert client.get("/staff/mark/").content != before


def test_a_viewer_sees_it_and_is_offered_nothing(viv: Actor) -> None:
    at = clock.now()
    tapped(9, at=at)
    alarms.watch(at + timedelta(seconds=51))
    board = signed_in(viv).get("/staff/").content.decode()
    assert "9 people in 9 address blocks" in board
    assert "Mute for an hour" not in board


def test_the_form_it_opens_has_channel_and_place_and_no_words(ann: Actor) -> None:
    alarm = SignalAlarm(channel="999", place=HERE, rang_at=NOON, last_at=NOON)
    page = signed_in(ann).get(f"/staff/{alarms.form(ann.operator.organisation, alarm)}")
    body = page.content.decode()
    assert '<option value="999" selected>' in body
    assert 'value="police:leicestershire" checked' in body


def test_the_chart_has_a_bar_for_each_quarter_with_taps() -> None:
    tapped(4, at=NOON - timedelta(hours=23))
    tapped(8)
    bars, most = signal_board.chart("999", HERE, NOON + timedelta(minutes=1))
    assert most == 8
    assert [(b.x, b.height) for b in bars] == [(3, 20.0), (95, 40.0)]


def test_a_report_rings_until_it_is_over_or_nobody_renews_it(ann: Actor) -> None:
    alarms.report("999", HERE, "own-monitoring", "key:carrier:pager", NOON)
    assert receivers() == {"ann@example.org"}
    alarms.watch(NOON + timedelta(minutes=29))
    assert rang() == {("999", HERE)}
    alarms.report_over("999", HERE, "key:carrier:pager", NOON + timedelta(minutes=29))
    assert not rang()


@pytest.mark.parametrize(
    ("channel", "place", "what"),
    [("nonsense", HERE, "form-down"), ("999", "area:nowhere", "form-down"), ("999", HERE, "x")],
)
def test_a_report_of_what_is_unknown_is_refused(channel: str, place: str, what: str) -> None:
    with pytest.raises(RefusedError):
        alarms.report(channel, place, what, "key", NOON)


def without_moment(body: bytes) -> bytes:
    """An answer without the moment at which it was given."""
    return re.sub(rb'"as_of":"[^"]+"', b"", body)


def test_no_public_byte_changes_and_no_incident_is_opened(ann: Actor, client: Client) -> None:
    paths = ("/", "/in/leicestershire/", "/status/", "/api/v1/status", "/feeds/record.json")
    before = {p: without_moment(client.get(p).content) for p in paths}
    tapped(200)
    alarms.watch(NOON)
    assert ("999", HERE) in rang()
    after = {p: without_moment(client.get(p).content) for p in paths}
    assert after == before


def test_neither_database_nor_messages_hold_an_address(ann: Actor) -> None:
    tapped(14, network="ee")
    alarms.watch(NOON)
    rows = [*SignalCount.objects.values(), *SignalAlarm.objects.values(),
            *OutboxMessage.objects.values(), *Event.objects.values()]  # fmt: skip
    assert rows
    assert not any("198.51" in str(row) for row in rows)


def test_looking_at_the_whole_uk_is_quick(say: Any) -> None:
    at = NOON
    for area in rulebook().catalogue.areas:
        for channel in ("999", "101", "111"):
            tapped(2, area, at, channel)
    summing.usual(at)
    found = summing.recent(at)
    base, rules = summing.usual(at), signal_rules()
    took = []
    for _ in range(5):
        begun = datetime.now(UTC)
        summing.judged(found, at, base, rules)
        took.append((datetime.now(UTC) - begun).total_seconds())
    say(f"judging {len(found)} series: {min(took) * 1000:.1f} ms")
    assert min(took) < 0.05


def test_each_place_has_a_name_and_somebody_to_tell(force: Organisation, nat: Actor) -> None:
    assert places.place_name(HERE) == "Leicestershire and Rutland"
    assert places.place_name("nation:wales") == "Wales"
    assert places.place_name("network:o2").startswith("O2")
    assert [o.slug for o in places.told("999", HERE)] == ["leicestershire-police"]
    assert [o.slug for o in places.told("999", "area:kent")] == ["national-desk"]
