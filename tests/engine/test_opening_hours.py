"""When a line is answered: weeks, nights, bank holidays and the two days the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import Cast
from triage.engine.catalogue import Nation
from triage.engine.opening_hours import Answered, OpeningHours, uk_time
from triage.rules import rulebook
from triage.seeds.opening_hours import hours_problems, opening_hours

CHRISTMAS = frozenset({date(2026, 12, 25)})
OFFICE = ["mon-fri 09:00-17:00"]
LONDON = ZoneInfo("Europe/London")


def week(*lines: str) -> OpeningHours:
    found = opening_hours(list(lines))
    assert found is not None
    return found


def at(text: str) -> datetime:
    """A moment by the UK's clocks: 2026-12-01 09:00."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-12-01 08:59", Answered.SHUT),
        ("2026-12-01 09:00", Answered.OPEN),
        ("2026-12-01 16:59", Answered.OPEN),
        ("2026-12-01 17:00", Answered.SHUT),
        ("2026-12-05 12:00", Answered.SHUT),
        ("2026-12-25 12:00", Answered.UNKNOWN),
        ("2026-07-01 09:00", Answered.OPEN),
        ("2026-07-01 08:59", Answered.SHUT),
    ],
)
def test_an_office_is_open_in_its_hours(moment: str, state: Answered) -> None:
    assert week(*OFFICE).state(at(moment), CHRISTMAS) is state


def test_a_holiday_that_is_named_is_known() -> None:
    assert week(*OFFICE, "holiday shut").state(at("2026-12-25 12:00"), CHRISTMAS) is Answered.SHUT
    night = week("sat-sun,holiday 00:00-24:00")
    assert night.state(at("2026-12-25 03:00"), CHRISTMAS) is Answered.OPEN


def test_day_and_night_never_changes() -> None:
    always = opening_hours("always")
    assert always is not None
    assert always.state(at("2026-12-25 03:00"), CHRISTMAS) is Answered.ALWAYS
    assert always.changes_after(at("2026-12-25 03:00"), CHRISTMAS) is None


def test_hours_that_nobody_read_are_none() -> None:
    assert opening_hours("unknown") is None
    assert opening_hours(None) is None


@pytest.mark.parametrize(
    ("moment", "change"),
    [
        ("2026-12-01 08:00", "2026-12-01 09:00"),
        ("2026-12-01 10:00", "2026-12-01 17:00"),
        ("2026-12-04 18:00", "2026-12-07 09:00"),
        ("2026-12-24 18:00", "2026-12-25 00:00"),
        ("2026-12-25 12:00", "2026-12-26 00:00"),
    ],
)
def test_the_next_change_is_the_next_opening_closing_or_holiday(moment: str, change: str) -> None:
    assert week(*OFFICE).changes_after(at(moment), CHRISTMAS) == at(change)


def test_a_line_that_opens_on_the_day_the_clocks_change_opens_by_the_new_time() -> None:
    spring, autumn = week("sun 09:00-12:00"), week("sun 09:00-12:00")
    assert spring.changes_after(at("2027-03-28 00:30"), frozenset()) == at("2027-03-28 09:00")
    assert autumn.changes_after(at("2026-10-25 00:30"), frozenset()) == at("2026-10-25 09:00")


def test_the_clocks_of_the_uk_are_those_of_the_time_zone_database() -> None:
    moment = datetime(2023, 1, 1, tzinfo=UTC)
    while moment.year < 2031:
        assert uk_time(moment) == moment.astimezone(LONDON).replace(tzinfo=None)
        moment += timedelta(hours=1, minutes=1)


@pytest.mark.parametrize("line", ["mon 17:00-09:00", "sun-mon 09:00-17:00", "mon 09:00-25:00"])
def test_hours_that_run_backwards_are_a_fault(line: str) -> None:
    assert [*hours_problems([line])]


# --- what follows for the advice


def test_what_is_shut_stands_behind_what_is_open(cast: Cast) -> None:
    night = cast.ask("child-worry", cast.belfast, at=at("2026-12-01 23:00"))
    assert night.first.channel == "reswn-ni"
    day = cast.ask("child-worry", cast.belfast, at=at("2026-12-01 11:00"))
    assert day.first.channel == "gateway-ni"
    assert day.entries[-1].channel == "reswn-ni"


@pytest.mark.parametrize(
    ("channel", "nation", "moment", "known"),
    [
        ("999", None, "2026-12-25 03:00", True),
        ("consumer-ew", Nation.WALES, "2026-12-01 09:00", True),
        ("consumer-ew", Nation.WALES, "2026-12-01 17:00", False),
        ("consumer-ew", Nation.WALES, "2026-12-25 12:00", None),
        # 30 November 2026 is a bank holiday of Scotland alone (St Andrew's Day).
        ("forced-marriage", None, "2026-11-30 12:00", None),
        ("forced-marriage", Nation.ENGLAND, "2026-11-30 12:00", True),
        ("in-person", None, "2026-12-01 12:00", None),
    ],
)
def test_programs_are_told_whether_somebody_answers_or_that_it_is_not_known(
    channel: str, nation: Nation | None, moment: str, known: bool | None
) -> None:
    catalogue = rulebook().catalogue
    nations = [nation] if nation else catalogue.channels[channel].nations
    assert catalogue.timetable.open_now(channel, nations, at(moment)) is known


def test_the_edition_closes_when_a_line_opens(cast: Cast) -> None:
    before = cast.ask("child-worry", cast.belfast, at=at("2026-12-01 16:59")).edition
    after = cast.ask("child-worry", cast.belfast, at=at("2026-12-01 17:00")).edition
    assert before != after
    assert cast.rulebook.catalogue.timetable.next_change(at("2026-12-01 16:59")) == at(
        "2026-12-01 17:00"
    )


def test_an_emergency_route_is_never_put_in_another_order(cast: Cast) -> None:
    for need in cast.rulebook.emergencies:
        for route in cast.rulebook.needs[need].routes.values():
            assert not cast.rulebook.catalogue.timetable.timed & set(route)


def test_holidays_differ_by_nation(cast: Cast) -> None:
    known = cast.rulebook.catalogue.holidays
    assert date(2026, 11, 30) in known[Nation.SCOTLAND]
    assert date(2026, 11, 30) not in known[Nation.ENGLAND]
    assert date(2027, 7, 12) in known[Nation.NORTHERN_IRELAND]


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        ("2026-12-01 11:00", "phone-first-belfast"),
        ("2026-12-01 23:00", "phone-first-western"),
        ("2026-12-26 11:00", "phone-first-western"),
        ("2026-12-02 03:00", "gp-ooh-ni"),
    ],
)
def test_a_small_injury_in_northern_ireland_is_sent_to_a_line_that_answers(
    cast: Cast, moment: str, first: str
) -> None:
    assert cast.ask("minor-injury", cast.belfast, at=at(moment)).first.channel == first


@pytest.mark.parametrize(
    ("place", "holiday", "ordinary"),
    [
        ("leeds", "2027-05-03 11:00", "2027-05-04 11:00"),
        ("cardiff", "2027-05-03 11:00", "2027-05-04 11:00"),
        ("glasgow", "2026-11-30 11:00", "2026-12-01 11:00"),
        ("belfast", "2027-07-12 11:00", "2027-07-13 11:00"),
    ],
)
def test_no_office_is_said_to_be_open_on_its_nations_bank_holiday_or_at_night(
    cast: Cast, place: str, holiday: str, ordinary: str
) -> None:
    """Where the hours do not speak of bank holidays, the card says that they are not known."""
    table, nation = cast.rulebook.catalogue.timetable, getattr(cast, place).nation

    def answering(moment: str) -> set[str]:
        states = {c: table.state(c, nation, at(moment)) for c in table.timed}
        return {c for c, state in states.items() if state is Answered.OPEN}

    offices = answering(ordinary) - answering(holiday)
    assert offices
    assert not offices & answering("2026-12-02 03:00")
