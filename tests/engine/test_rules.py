"""The twelve rules of advice.md, each by its examples."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import (
    CALM,
    CARRIER,
    OWNER,
    Cast,
    ago,
    channels,
    codes,
    incident,
    issuer,
    later,
    notice,
    number,
    on,
    scope,
)
from triage.engine.catalogue import Service
from triage.engine.situation import (
    Code,
    Feature,
    Incident,
    IssuerKind,
    Mode,
    PhoneLine,
    Status,
    Uses,
    Visitor,
)

DOWN = incident("999")
REPLACE = notice("police-emergency", "replace", "101")


# Rule 1: in force


@pytest.mark.parametrize("status", [Status.DRAFT, Status.EXERCISE, Status.ENDED])
def test_what_is_not_live_changes_nothing(cast: Cast, status: Status) -> None:
    told = cast.ask("police-emergency", cast.leeds, incident("999", status=status))
    assert told == cast.ask("police-emergency", cast.leeds)


def test_an_issuer_without_a_say_changes_nothing(cast: Cast) -> None:
    nobody = incident("999", issuer=issuer("A parish", IssuerKind.OTHER, entitled=False))
    assert channels(cast.ask("police-emergency", cast.leeds, nobody)) == CALM


def test_what_has_not_started_changes_nothing(cast: Cast) -> None:
    tonight = incident("999", starts_at=later(hours=8))
    assert channels(cast.ask("police-emergency", cast.leeds, tonight)) == CALM


def test_what_was_superseded_no_longer_counts(cast: Cast) -> None:
    better = incident("999", "on-backup", id="after", supersedes=DOWN.id)
    assert channels(cast.ask("police-emergency", cast.leeds, DOWN, better))[0] == "999"


def test_all_stated_kinds_of_scope_must_match(cast: Cast) -> None:
    here = scope("nation:england", services=(Service.POLICE,), networks=("ee",))
    fault = incident("999", scope=here)
    assert channels(cast.ask("police-emergency", cast.leeds, fault, visitor=on("ee")))[0] != "999"
    assert channels(cast.ask("police-emergency", cast.leeds, fault, visitor=on("o2"))) == CALM
    assert channels(cast.ask("fire-emergency", cast.leeds, fault, visitor=on("ee"))) == CALM
    assert channels(cast.ask("police-emergency", cast.cardiff, fault, visitor=on("ee"))) == CALM


def test_an_unknown_network_changes_no_answer_and_is_asked_for(cast: Cast) -> None:
    told = cast.ask("police-emergency", cast.leeds, incident("999", scope=scope(networks=("ee",))))
    assert channels(told) == CALM
    assert "which-network" in codes(told)
    assert told.notices[0].networks == ("ee",)


# Rule 2: platform or access


def test_a_fault_of_999_itself_is_not_cured_by_another_phone(cast: Cast) -> None:
    say = notice("police-emergency", "replace", "999-other-phone", "112", "101")
    told = cast.ask("police-emergency", cast.leeds, incident("999", notices=(say,)))
    assert channels(told) == ["101", "in-person"]


def test_where_999_fails_on_one_network_other_calls_from_that_phone_connect(cast: Cast) -> None:
    fault = incident("999", scope=scope(networks=("ee",)), notices=(REPLACE,))
    told = channels(cast.ask("police-emergency", cast.leeds, fault, visitor=on("ee")))
    assert told == ["999-other-phone", "101", "in-person"]


def test_another_phone_is_an_instruction_and_no_link(cast: Cast) -> None:
    dead = incident("mobile-voice", scope=scope(networks=("ee",)))
    told = cast.ask("police-emergency", cast.leeds, dead, visitor=on("ee"))
    assert [(e.channel, e.number, e.href) for e in told.entries] == [
        ("999-other-phone", "999", None),
        ("in-person", None, None),
    ]
    assert not told.avoid


def test_a_dead_phone_names_the_number_of_any_need_and_calls_none_dead(cast: Cast) -> None:
    dead = incident("mobile-voice", scope=scope(networks=("ee",)))
    told = cast.ask("gas", cast.leeds, dead, visitor=on("ee"))
    assert (told.first.channel, told.first.number, told.first.href) == (
        "other-phone",
        "0800 111 999",
        None,
    )
    assert not told.avoid


def test_a_borrowed_phone_dials_what_still_answers(cast: Cast) -> None:
    dead = incident("mobile-voice", scope=scope(networks=("ee",)))
    told = cast.ask("police-emergency", cast.leeds, DOWN, dead, visitor=on("ee"))
    assert (told.first.channel, told.first.dials) == ("other-phone", "101")


# Rule 3: dependents


def test_the_channels_of_deaf_people_are_at_risk_with_999(cast: Cast) -> None:
    told = cast.ask("deaf-bsl", cast.leeds, DOWN)
    assert told.first.channel == "999-bsl"
    assert told.first.at_risk
    assert {"helper-call", "in-person"} <= set(channels(told))


def test_a_channel_at_risk_does_not_lead_where_another_is_sure(cast: Cast) -> None:
    told = cast.ask("deaf-text-police-nonemergency", cast.leeds, incident("relay-platform"))
    assert told.first.channel == "police-online"


# Rule 4: route


def test_northern_ireland_is_never_sent_to_111(cast: Cast) -> None:
    say = notice("medical-emergency", "replace", "111")
    told = cast.ask("medical-emergency", cast.belfast, incident("999", notices=(say,)))
    assert channels(told) == ["101", "in-person"]


def test_an_alternative_that_is_down_is_dropped(cast: Cast) -> None:
    told = cast.ask("police-emergency", cast.leeds, DOWN, incident("101"))
    assert channels(told) == ["in-person"]


# Rule 5: mode


def test_the_narrowest_word_of_the_service_wins(cast: Cast) -> None:
    wide = incident("999", "many-failing", id="wide", notices=(REPLACE,), published_at=ago(hours=0))
    hold = notice("police-emergency", "hold")
    force = issuer("West Yorkshire Police", of="police:west-yorkshire")
    narrow = incident(
        "999",
        "many-failing",
        id="narrow",
        issuer=force,
        scope=scope("police:west-yorkshire"),
        notices=(hold,),
        published_at=ago(hours=2),
    )
    told = cast.ask("police-emergency", cast.leeds, wide, narrow)
    assert (told.first.channel, told.first.mode) == ("999", Mode.HOLD)


def test_of_equally_narrow_words_the_newer_wins(cast: Cast) -> None:
    old = incident("999", "many-failing", id="old", notices=(REPLACE,), published_at=ago(hours=1))
    usual = notice("police-emergency", "as-usual", "101")
    new = incident("999", "on-backup", id="new", notices=(usual,), published_at=ago(minutes=5))
    assert cast.ask("police-emergency", cast.leeds, old, new).first.channel == "999"


def test_the_service_outranks_the_government(cast: Cast) -> None:
    state = issuer("UK Government", IssuerKind.GOVERNMENT)
    theirs = incident("999", "many-failing", id="gov", issuer=state, notices=(REPLACE,))
    hold = notice("police-emergency", "hold")
    ours = incident("999", "many-failing", notices=(hold,), published_at=ago(hours=2))
    assert cast.ask("police-emergency", cast.leeds, theirs, ours).first.mode is Mode.HOLD


def test_a_service_has_no_word_on_a_need_that_it_does_not_answer(cast: Cast) -> None:
    force = issuer("West Yorkshire Police", of="police:west-yorkshire")
    say = notice("medical-emergency", "replace", "111")
    fault = incident("999", "many-failing", issuer=force, notices=(say,))
    told = cast.ask("medical-emergency", cast.leeds, fault)
    assert [(e.channel, e.mode) for e in told.entries] == [
        ("999", Mode.TRY_FIRST),
        ("111", Mode.TRY_FIRST),
        ("in-person", Mode.AS_USUAL),
    ]
    assert told.notices[0].another_service
    assert "notice.ignored" in {b.rule for b in told.because}


def test_another_service_puts_the_front_door_down_for_nobody_else(cast: Cast) -> None:
    force = issuer("West Yorkshire Police", of="police:west-yorkshire")
    fault = incident("999", "down", issuer=force)
    assert cast.ask("police-emergency", cast.leeds, fault).first.channel == "101"
    assert cast.ask("fire-emergency", cast.leeds, fault).first.channel == "999"


def test_a_service_may_send_reports_elsewhere_while_999_fails(cast: Cast) -> None:
    say = notice("police-nonemergency", "replace", "police-counter")
    fault = incident("999", "many-failing", notices=(REPLACE, say))
    told = cast.ask("police-nonemergency", cast.leeds, fault)
    assert channels(told) == ["police-counter", "police-online", "wait"]
    assert ("mode.notice", fault.id) in {(b.rule, b.incident) for b in told.because}
    late = incident("999", "many-failing", notices=(REPLACE, say), review_at=ago(minutes=1))
    overdue = cast.ask("police-nonemergency", cast.leeds, late)
    assert channels(overdue) == ["police-online", "police-counter", "wait"]


def test_a_carriers_notice_is_ignored_and_the_trace_says_so(cast: Cast) -> None:
    say = notice("police-emergency", "replace", "in-person")
    told = cast.ask(
        "police-emergency",
        cast.leeds,
        incident("999", "many-failing", issuer=CARRIER, notices=(say,)),
    )
    assert told.first.channel == "999"
    assert "notice.ignored" in {b.rule for b in told.because}


def test_a_carriers_all_clear_does_not_close_a_services_notice(cast: Cast) -> None:
    theirs = incident("999", "many-failing", notices=(REPLACE,), published_at=ago(hours=2))
    clear = incident("999", "resolved", id="clear", issuer=CARRIER, published_at=ago(minutes=5))
    told = cast.ask("police-emergency", cast.leeds, theirs, clear)
    assert [(e.channel, e.mode) for e in told.entries][:2] == [
        ("999", Mode.TRY_FIRST),
        ("101", Mode.TRY_FIRST),
    ]


def test_where_supplier_and_service_disagree_both_ways_are_shown(cast: Cast) -> None:
    theirs = incident("999", "down", notices=(REPLACE,), published_at=ago(hours=2))
    clear = incident("999", "restored", id="clear", issuer=CARRIER, published_at=ago(minutes=5))
    told = cast.ask("police-emergency", cast.leeds, theirs, clear)
    assert [(e.channel, e.mode) for e in told.entries][:2] == [
        ("999", Mode.TRY_FIRST),
        ("101", Mode.TRY_FIRST),
    ]


def test_a_disputed_text_relay_stands_beside_its_alternative(cast: Cast) -> None:
    say = notice("deaf-text", "replace", "101-text-relay")
    theirs = incident("text-relay-999", notices=(say,), published_at=ago(hours=2))
    clear = incident("text-relay-999", "restored", issuer=CARRIER, published_at=ago(minutes=5))
    told = cast.ask("deaf-text", cast.belfast, theirs, clear)
    assert channels(told)[:2] == ["text-relay-999", "101-text-relay"]
    assert told.first.mode is Mode.TRY_FIRST


# Rule 6: keep free


def test_a_routine_report_goes_online_while_101_carries_emergencies(cast: Cast) -> None:
    told = cast.ask("police-nonemergency", cast.leeds, DOWN)
    assert channels(told) == ["police-online", "wait"]
    assert told.says(Code.KEEP_OFF) == ("101",)


def test_with_the_web_form_down_too_a_routine_report_waits(cast: Cast) -> None:
    told = cast.ask("police-nonemergency", cast.leeds, DOWN, incident("police-online"))
    assert told.first.channel == "wait"


def test_an_urgent_need_is_not_first_on_a_line_that_carries_emergencies(cast: Cast) -> None:
    told = cast.ask("missing", cast.leeds, DOWN, incident("police-online"))
    assert channels(told) == ["in-person", "101"]


def test_keep_free_outranks_the_alternative_of_a_lesser_incident(cast: Cast) -> None:
    told = cast.ask("police-nonemergency", cast.leeds, DOWN, incident("police-online", "down"))
    assert "101" not in channels(told)[:1]


def test_only_who_is_sent_somewhere_keeps_a_line_free(cast: Cast) -> None:
    hold = notice("police-emergency", "hold", "101")
    usual = notice("police-emergency", "as-usual", "101")
    for state, said in (("many-failing", hold), ("on-backup", usual), ("restored", usual)):
        fault = incident("999", state, notices=(said, notice("medical-emergency", "hold"),
                                                notice("fire-emergency", "hold"),
                                                notice("coastguard", "hold")))  # fmt: skip
        told = cast.ask("police-nonemergency", cast.leeds, fault)
        assert "101" in channels(told), state
        assert "keep-off" not in codes(told), state


def test_the_alternatives_of_other_services_needs_keep_nothing_free(cast: Cast) -> None:
    force = issuer("West Yorkshire Police", of="police:west-yorkshire")
    fault = incident("999", "many-failing", issuer=force, notices=(REPLACE,))
    assert "111" not in cast.ask("medical-nonemergency", cast.leeds, fault).kept_free
    assert cast.ask("police-nonemergency", cast.leeds, fault).kept_free == ("101",)


def test_a_line_that_is_to_be_kept_free_by_name_is(cast: Cast) -> None:
    told = cast.ask("police-nonemergency", cast.leeds, incident("999", keep_free=("101",)))
    assert "101" not in channels(told)


def test_what_keeps_a_line_free_is_named_to_people_on_other_networks_too(cast: Cast) -> None:
    ee = incident("999", scope=scope(networks=("ee",)), keep_free=("101",))
    told = cast.ask("police-nonemergency", cast.leeds, ee, visitor=on("o2"))
    assert told.says(Code.KEEP_OFF) == ("101",)
    assert [n.incident for n in told.notices] == [ee.id]


_ON_EE = incident("999", scope=scope(networks=("ee",)), notices=(REPLACE,))


@pytest.mark.parametrize("who", [None, on("ee"), on("vodafone")])
def test_a_line_that_some_phones_are_sent_to_is_kept_free_by_all(
    who: Visitor | None, cast: Cast
) -> None:
    told = cast.ask("police-nonemergency", cast.leeds, _ON_EE, visitor=who)
    assert "101" in told.kept_free
    assert "101" not in channels(told)
    assert [n.incident for n in told.notices] == [_ON_EE.id]


@pytest.mark.parametrize("uses", [None, *Uses])
def test_a_line_that_people_who_type_are_sent_to_is_kept_free_by_all(
    uses: Uses | None, cast: Cast
) -> None:
    """Text relay fails, and who types is sent to 101: it is the same line to whoever speaks."""
    told = notice("medical-emergency", "replace", "101")
    relay = incident("relay-platform", "many-failing", notices=(told,))
    asked = cast.ask("police-nonemergency", cast.leeds, relay, visitor=Visitor(uses=uses))
    assert asked.kept_free == ("101",)


def test_a_line_kept_free_does_not_lead_from_another_phone_either(cast: Cast) -> None:
    told = cast.ask("dental", cast.leeds, DOWN, incident("mobile-voice"), visitor=on("ee"))
    assert told.first.dials != "111"
    assert "111" in told.kept_free


def test_what_nobody_reviewed_is_dialled_from_another_phone_where_ones_own_is_dead(
    cast: Cast,
) -> None:
    late = incident("999", review_at=ago(minutes=5))
    dead = incident("mobile-voice")
    told = cast.ask("coastguard", cast.leeds, late, dead, visitor=on(line="mobile"))
    assert told.first.channel == "999-other-phone"


def test_where_some_phones_fail_no_preset_keeps_a_line_free(cast: Cast) -> None:
    """Another phone is their cure: nobody said that they should ring 101."""
    told = cast.ask("police-nonemergency", cast.leeds, replace(_ON_EE, notices=()))
    assert "101" in channels(told)


def test_a_carrier_keeps_nothing_free(cast: Cast) -> None:
    slow = incident("101", "degraded", issuer=CARRIER, keep_free=("101",))
    assert "101" in channels(cast.ask("police-nonemergency", cast.leeds, slow))


def test_a_published_number_for_fires_is_not_the_forces_own(cast: Cast) -> None:
    fire = incident(
        "999",
        scope=scope("fire:west-yorkshire"),
        notices=(notice("fire-emergency", "replace", "local-number"),),
        numbers=(number("01632 960111", "fire:west-yorkshire"),),
    )
    force = incident(
        "101",
        notices=(notice("police-nonemergency", "replace", "local-number"),),
        numbers=(number("01632 960222", "police:west-yorkshire"),),
    )
    told = cast.ask("police-nonemergency", cast.leeds, fire, force)
    assert (told.first.channel, told.first.number) == ("local-number", "01632 960222")


def test_a_published_number_that_carries_emergencies_is_kept_free(cast: Cast) -> None:
    shared = (number("01632 960333", "nation:england"),)
    crisis = incident(
        "999",
        notices=(notice("police-emergency", "replace", "local-number"),),
        numbers=shared,
    )
    force = incident(
        "101", notices=(notice("police-nonemergency", "replace", "local-number"),), numbers=shared
    )
    told = cast.ask("police-nonemergency", cast.leeds, crisis, force)
    assert told.first.channel != "local-number"


# Rule 7: never


@pytest.mark.parametrize(("days", "shown"), [(89, True), (91, False)])
def test_a_number_is_good_for_ninety_days(cast: Cast, days: int, shown: bool) -> None:
    fault = incident(
        "101",
        notices=(notice("police-nonemergency", "replace", "local-number"),),
        numbers=(number("01632 960444", "uk", days_old=days),),
    )
    told = channels(cast.ask("police-nonemergency", cast.leeds, fault))
    assert ("local-number" in told) is shown


def test_a_web_form_is_never_an_alternative_for_an_emergency(cast: Cast) -> None:
    say = notice("police-emergency", "replace", "police-online", "police-chat", "101")
    told = cast.ask("police-emergency", cast.leeds, incident("999", notices=(say,)))
    assert channels(told) == ["101", "in-person"]


def test_999_is_never_an_alternative_for_the_rest(cast: Cast) -> None:
    say = notice("police-nonemergency", "replace", "999")
    told = cast.ask("police-nonemergency", cast.leeds, incident("101", notices=(say,)))
    assert "999" not in channels(told)


def test_a_fire_is_never_sent_to_a_police_desk(cast: Cast) -> None:
    say = notice("fire-emergency", "replace", "police-counter")
    told = cast.ask("fire-emergency", cast.leeds, incident("999", notices=(say,)))
    assert "police-counter" not in channels(told)
    assert "police" not in next(e for e in told.entries if e.channel == "in-person").label.en


# Rules 8 to 12


def test_with_nothing_left_a_place_is_still_given(cast: Cast) -> None:
    told = cast.ask("gas", cast.leeds, incident("gas-gb", issuer=OWNER))
    assert channels(told) == ["in-person"]


def test_an_overdue_statement_shows_both_routes_and_its_age(cast: Cast) -> None:
    stale = incident("999", notices=(REPLACE,), review_at=ago(minutes=1))
    told = cast.ask("police-emergency", cast.leeds, stale)
    assert [(e.channel, e.mode) for e in told.entries][:2] == [
        ("999", Mode.TRY_FIRST),
        ("101", Mode.TRY_FIRST),
    ]
    assert told.notices[0].overdue


def test_a_carriers_fault_falls_due_too(cast: Cast) -> None:
    stale = incident("999", issuer=CARRIER, review_at=ago(minutes=1))
    assert cast.ask("police-emergency", cast.leeds, stale).first.channel == "999"


def test_a_break_glass_that_nobody_confirmed_falls_to_try_first(cast: Cast) -> None:
    glass = incident("999", notices=(REPLACE,), confirm_by=ago(minutes=1))
    told = cast.ask("police-emergency", cast.leeds, glass)
    assert channels(told)[:2] == ["999", "101"]


def test_planned_work_is_never_overdue_and_simply_ends(cast: Cast) -> None:
    work = incident("police-online", planned=True, review_at=ago(hours=1), ends_at=later(hours=1))
    assert channels(cast.ask("police-nonemergency", cast.leeds, work))[0] == "101"
    over = cast.ask("police-nonemergency", cast.leeds, work, at=later(hours=1))
    assert channels(over) == ["police-online", "101"]


def test_101_for_a_fire_says_ask_for_the_fire_service(cast: Cast) -> None:
    told = cast.ask("fire-emergency", cast.leeds, DOWN)
    assert told.says(Code.ASK_FOR_FIRE) == ("101",)


def test_the_trace_names_the_rule_and_the_incident(cast: Cast) -> None:
    told = cast.ask("police-emergency", cast.leeds, incident("999", notices=(REPLACE,)))
    assert ("mode.notice", DOWN.id) in {(b.rule, b.incident) for b in told.because}


def test_a_missing_55_puts_the_silent_solution_at_risk(cast: Cast) -> None:
    fault = incident("999", "degraded", degraded_features=(Feature.SILENT_55,))
    told = cast.ask("cannot-speak", cast.leeds, fault)
    assert told.first.channel != "silent-solution" or told.first.at_risk


# Rule 15: who says what


@pytest.mark.parametrize(
    ("need", "who", "fault"),
    [
        ("highways", Visitor(uses=Uses.SILENT), incident("all-telecoms")),
        ("child-helpline", Visitor(uses=Uses.SIGN), incident("voice-calls", "many-failing")),
        (
            "cannot-speak",
            Visitor(line=PhoneLine.DIGITAL_LANDLINE),
            incident("silent-solution", "on-backup"),
        ),
    ],
)
def test_a_fault_of_the_route_is_named_to_whoever_cannot_use_the_route(
    need: str, who: Visitor, fault: Incident, cast: Cast
) -> None:
    told = cast.ask(need, cast.leeds, fault, visitor=who)
    assert [n.incident for n in told.notices] == [fault.id]
