"""The fine print of advice.md, a paragraph each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import (
    CALM,
    CARRIER,
    NATIONAL,
    OWNER,
    Cast,
    ago,
    channels,
    codes,
    incident,
    issuer,
    later,
    notice,
    on,
    scope,
)
from triage.engine.catalogue import Service
from triage.engine.rulebook import Urgency
from triage.engine.situation import Code, Feature, Mode

REPLACE = notice("police-emergency", "replace", "101")


@pytest.mark.parametrize(
    ("state", "mode"),
    [
        ("many-failing", Mode.TRY_FIRST),
        ("delayed", Mode.HOLD),
        ("degraded", Mode.AS_USUAL),
        ("on-backup", Mode.AS_USUAL),
        ("restored", Mode.AS_USUAL),
    ],
)
def test_a_state_has_a_mode_of_its_own(cast: Cast, state: str, mode: Mode) -> None:
    assert cast.ask("gas", cast.leeds, incident("gas-gb", state, issuer=OWNER)).first.mode is mode


# Footprints


def test_a_services_territory_names_land(cast: Cast) -> None:
    fault = incident("999", scope=scope("police:west-yorkshire"))
    for need in ("police-emergency", "medical-emergency", "fire-emergency", "coastguard"):
        assert cast.ask(need, cast.leeds, fault).first.channel != "999"
        assert cast.ask(need, cast.cardiff, fault).first.channel == "999"


def test_nobody_speaks_beyond_their_own_land(cast: Cast) -> None:
    force = issuer("Kent Police", of="police:kent")
    told = cast.ask("police-emergency", cast.leeds, incident("999", issuer=force))
    assert channels(told) == CALM
    assert "right.none" in {b.rule for b in told.because}


@pytest.mark.parametrize("channel", ["111", "gas-gb", "samaritans"])
def test_nobody_states_a_fault_of_another_owners_channel(cast: Cast, channel: str) -> None:
    force = issuer("West Yorkshire Police", of="police:west-yorkshire")
    fault = incident(channel, issuer=force)
    for need in ("medical-nonemergency", "gas", "low-mood"):
        told = cast.ask(need, cast.leeds, fault)
        assert told.sense == cast.ask(need, cast.leeds).sense
        assert not told.notices


def test_a_place_matters_to_every_need(cast: Cast) -> None:
    fault = incident("999", scope=scope("nation:wales"))
    for need in ("police-emergency", "fire-emergency", "medical-emergency", "coastguard"):
        assert cast.ask(need, cast.cardiff, fault).first.channel != "999"
        assert cast.ask(need, cast.leeds, fault).first.channel == "999"


def test_services_narrow_a_place(cast: Cast) -> None:
    fault = incident("999", scope=scope("uk", services=(Service.AMBULANCE,)))
    assert cast.ask("medical-emergency", cast.leeds, fault).first.channel == "111"
    assert cast.ask("police-emergency", cast.leeds, fault).first.channel == "999"


def test_a_council_is_not_covered_while_it_is_unknown(cast: Cast) -> None:
    fault = incident("999", scope=scope("council:E08000035"))
    told = cast.ask("police-emergency", cast.place("west-yorkshire"), fault)
    assert told.first.channel == "999"
    assert [(e.councils, e.advice.first.channel) for e in told.elsewhere] == [
        (("E08000035",), "101")
    ]


def test_a_landline_is_a_broadband_phone_too(cast: Cast) -> None:
    fault = incident("999", scope=scope(lines=("landline",)))
    told = cast.ask("police-emergency", cast.leeds, fault, visitor=on(line="digital-landline"))
    assert told.first.channel != "999"


def test_a_fault_of_broadband_phones_leaves_copper_alone(cast: Cast) -> None:
    fault = incident("999", scope=scope(lines=("digital-landline",)))
    told = cast.ask("police-emergency", cast.leeds, fault, visitor=on(line="landline"))
    assert channels(told) == ["999", "999-from-mobile", *CALM[1:]]


def test_the_brand_tells_the_line(cast: Cast) -> None:
    fault = incident("landline")
    told = cast.ask("police-emergency", cast.leeds, fault, visitor=on("bt-digital-voice"))
    assert channels(told)[:1] == ["999-from-mobile"]


def test_a_network_carries_its_brands(cast: Cast) -> None:
    fault = incident("999", scope=scope(networks=("ee",)))
    told = cast.ask("police-emergency", cast.leeds, fault, visitor=on("1pmobile"))
    assert told.first.channel == "999-other-phone"


def test_a_fault_of_999_from_landlines_is_one_of_999_for_who_has_one(cast: Cast) -> None:
    fault = incident("999-landline")
    told = cast.ask("police-emergency", cast.leeds, fault, visitor=on(line="landline"))
    assert channels(told) == ["999-from-mobile", "999-other-phone", "101", "in-person"]
    mobile = cast.ask("police-emergency", cast.leeds, fault, visitor=on(line="mobile"))
    assert channels(mobile) == CALM
    unknown = cast.ask("police-emergency", cast.leeds, fault)
    assert channels(unknown) == CALM
    assert "which-network" in codes(unknown)


def test_a_fault_of_999_from_mobiles_is_one_of_999_for_who_has_one(cast: Cast) -> None:
    fault = incident("999-from-mobile", "many-failing")
    told = cast.ask("police-emergency", cast.leeds, fault, visitor=on(line="mobile"))
    assert channels(told) == CALM


# After the first


def test_in_person_closes_every_emergency_that_is_touched(cast: Cast) -> None:
    for state in ("down", "many-failing", "delayed", "degraded", "on-backup", "restored"):
        told = channels(cast.ask("police-emergency", cast.leeds, incident("999", state)))
        assert told[-1] == "in-person"


def test_under_replace_the_rest_of_the_route_follows(cast: Cast) -> None:
    afloat = on(afloat=True, has_radio=False)
    told = channels(cast.ask("coastguard", cast.leeds, incident("999"), visitor=afloat))
    assert told == ["101", "in-person"]


def test_under_try_first_a_later_channel_keeps_its_place(cast: Cast) -> None:
    told = cast.ask("police-nonemergency", cast.leeds, incident("101", "many-failing"))
    assert channels(told)[:2] == ["police-online", "101"]


def test_waiting_closes_a_report_only_where_101_is_lost(cast: Cast) -> None:
    lost = cast.ask("police-nonemergency", cast.leeds, incident("101"))
    online = cast.ask("police-nonemergency", cast.leeds, incident("police-online"))
    assert channels(lost)[-1] == "wait"
    assert channels(online) == ["101"]


def test_hearing_notices_hold_for_deaf_people_as_far_as_they_can_use_them(cast: Cast) -> None:
    told = channels(cast.ask("deaf-text", cast.leeds, incident("999", notices=(REPLACE,))))
    assert "101-text-relay" in told
    assert "101" not in told


def test_somebody_who_cannot_speak_is_not_sent_to_101(cast: Cast) -> None:
    told = channels(cast.ask("cannot-speak", cast.leeds, incident("999", notices=(REPLACE,))))
    assert "101" not in told
    assert {"helper-call", "in-person"} <= set(told)


# At risk


def test_mobile_data_down_for_everyone_puts_999_bsl_at_risk(cast: Cast) -> None:
    told = cast.ask("deaf-bsl", cast.leeds, incident("mobile-data"))
    bsl = next(e for e in told.entries if e.channel == "999-bsl")
    assert bsl.at_risk


def test_mobile_data_down_on_the_own_network_takes_999_bsl_away(cast: Cast) -> None:
    fault = incident("mobile-data", scope=scope(networks=("ee",)))
    told = channels(cast.ask("deaf-bsl", cast.leeds, fault, visitor=on("ee")))
    assert "999-bsl" not in told


def test_with_every_kind_of_phone_dead_every_number_is(cast: Cast) -> None:
    told = cast.ask("police-emergency", cast.leeds, incident("all-telecoms"))
    assert not [e for e in told.entries if e.number]
    both = cast.ask("police-emergency", cast.leeds, incident("mobile-voice"), incident("landline"))
    assert not [e for e in both.entries if e.number]


@pytest.mark.parametrize("line", [None, "mobile", "landline", "digital-landline"])
def test_with_mobiles_and_landlines_dead_nobody_is_sent_to_either(
    cast: Cast, line: str | None
) -> None:
    dead = (incident("mobile-voice"), incident("landline"))
    told = cast.ask("police-emergency", cast.leeds, *dead, visitor=on(line=line))
    assert channels(told) == ["in-person"]
    assert not told.avoid
    assert {n.incident for n in told.notices} == {i.id for i in dead}
    assert {"do-not-test-call", "last-updated-and-next-review"} <= codes(told)


def test_a_dead_landline_is_not_cured_by_mobiles_that_are_dead_too(cast: Cast) -> None:
    faults = (incident("landline"), incident("999-from-mobile"))
    told = channels(cast.ask("fire-emergency", cast.leeds, *faults, visitor=on(line="landline")))
    assert told == ["999-other-phone", "in-person"]


def test_a_silent_call_is_a_mobile_call_whatever_the_callers_line(cast: Cast) -> None:
    told = cast.ask("cannot-speak", cast.leeds, incident("mobile-voice"))
    assert channels(told) == ["helper-call", "emergency-sms", "in-person"]
    assert "which-network" in codes(told)
    assert [n.incident for n in told.notices] == ["mobile-voice-down"]


def test_with_voice_calls_down_texts_and_data_remain(cast: Cast) -> None:
    told = channels(cast.ask("deaf-text", cast.leeds, incident("voice-calls")))
    assert told[0] == "text-relay-999"


def test_a_dead_landline_is_cured_by_a_mobile(cast: Cast) -> None:
    visitor = on(line="landline", has_mobile=True)
    told = channels(cast.ask("police-emergency", cast.leeds, incident("landline"), visitor=visitor))
    assert told == ["999-from-mobile", "999-other-phone", "in-person"]


def test_where_the_only_line_fails_and_nobody_can_wait_a_place_is_shown(cast: Cast) -> None:
    for need, line in (("gas", "gas-gb"), ("power", "power-105"), ("network-rail", "network-rail")):
        told = cast.ask(need, cast.leeds, incident(line, "many-failing", issuer=OWNER))
        assert channels(told) == [line, "in-person"]


def test_where_a_line_is_lost_and_nobody_can_wait_a_place_closes_the_list(cast: Cast) -> None:
    for need in ("poisoning", "mental-health-crisis", "health-young-child"):
        assert channels(cast.ask(need, cast.leeds, incident("111")))[-1] == "in-person"
    assert channels(cast.ask("bank-fraud-now", cast.leeds, incident("bank-159", issuer=OWNER))) == [
        "bank-card",
        "in-person",
    ]


def test_a_call_whose_number_stands_on_a_card_fails_with_the_phones(cast: Cast) -> None:
    for need in ("bank-fraud-now", "fuel-leak", "water", "poisoning", "council-urgent"):
        assert channels(cast.ask(need, cast.leeds, incident("all-telecoms"))) == ["in-person"]


@pytest.mark.parametrize("always", ["in-person", "wait", "helper-call"])
def test_what_is_always_there_cannot_fail(cast: Cast, always: str) -> None:
    faults = (incident("999"), incident("101"), incident("police-online"))
    for need in ("police-emergency", "police-nonemergency", "deaf-bsl"):
        told = cast.ask(need, cast.leeds, *faults, incident(always))
        assert channels(told) == channels(cast.ask(need, cast.leeds, *faults))
        assert not [e for e in told.entries if e.channel == always and e.state]


# Keep free, call-backs and demand notes


def test_who_keeps_a_line_free_is_named_though_it_is_another_service(cast: Cast) -> None:
    fires = incident("999", scope=scope("fire:west-yorkshire"))
    told = cast.ask("police-nonemergency", cast.leeds, fires)
    assert channels(told) == ["police-online", "wait"]
    assert [n.incident for n in told.notices] == ["999-down"]
    assert {"keep-off", "last-updated-and-next-review"} <= codes(told)


def test_another_phone_is_no_line_to_keep_free(cast: Cast) -> None:
    fault = incident("mobile-voice", scope=scope(networks=("ee",)))
    told = cast.ask("gas", cast.leeds, fault, visitor=on("ee"))
    assert "keep-free" not in {b.rule for b in told.because}


def test_a_demand_note_keeps_speaking_after_the_fault(cast: Cast) -> None:
    over = incident("999", "resolved", demand_note="Very busy", ends_at=later(hours=1))
    assert "only-if-life-threatening" in codes(cast.ask("police-emergency", cast.leeds, over))
    after = cast.ask("police-emergency", cast.leeds, over, at=later(hours=2))
    assert codes(after) == {"if-still-trouble-use"}


def test_call_backs_are_announced_until_they_end(cast: Cast) -> None:
    over = incident("999", "resolved", callbacks_until=later(hours=1))
    assert codes(cast.ask("police-emergency", cast.leeds, over)) >= {"answer-callbacks"}
    after = cast.ask("police-emergency", cast.leeds, over, at=later(hours=2))
    assert "answer-callbacks" not in codes(after)


def test_degraded_alone_sends_nobody_away(cast: Cast) -> None:
    told = cast.ask("police-nonemergency", cast.leeds, incident("999", "degraded"))
    assert channels(told) == ["police-online", "101"]


def test_keep_free_covers_the_text_and_sign_forms(cast: Cast) -> None:
    for need in ("deaf-bsl-police-nonemergency", "deaf-text-police-nonemergency"):
        told = cast.ask(need, cast.leeds, incident("999"))
        assert told.first.channel == "police-online"


# When each code is said


def test_location_first_where_another_room_answers(cast: Cast) -> None:
    assert "location-ready" in codes(
        cast.ask("police-emergency", cast.leeds, incident("999", "on-backup"))
    )


def test_location_first_where_it_is_not_seen(cast: Cast) -> None:
    blind = incident("999", "degraded", degraded_features=(Feature.LOCATION,))
    assert "location-ready" in codes(cast.ask("police-emergency", cast.leeds, blind))


def test_life_threatening_only_after_a_fault_is_restored(cast: Cast) -> None:
    told = cast.ask("police-emergency", cast.leeds, incident("999", "restored"))
    assert "only-if-life-threatening" in codes(told)


@pytest.mark.parametrize("line", ["landline", "voice-calls", "all-telecoms"])
def test_people_with_alarms_are_looked_in_on(cast: Cast, line: str) -> None:
    assert "check-on-alarm-users" in codes(cast.ask("gas", cast.leeds, incident(line)))


def test_who_has_a_mobile_is_told_to_look_in_on_people_with_alarms(cast: Cast) -> None:
    told = cast.ask("police-emergency", cast.leeds, incident("landline"), visitor=on(line="mobile"))
    assert codes(told) == {"check-on-alarm-users", "if-still-trouble-use"}
    own = incident("999", scope=scope(lines=("landline",)))
    after = cast.ask("police-emergency", cast.leeds, own, visitor=on(line="mobile"))
    assert codes(after) == {"if-still-trouble-use"}


def test_what_needs_no_data_is_said_when_data_fails(cast: Cast) -> None:
    told = cast.ask("police-nonemergency", cast.leeds, incident("mobile-data"))
    assert told.says(Code.NO_DATA_NEEDED) == ("101",)


def test_a_correction_is_said_for_a_day(cast: Cast) -> None:
    wrong = incident("999", id="wrong", published_at=ago(hours=23))
    right = incident("999", id="right", supersedes="wrong")
    assert "correction-notice" in codes(cast.ask("police-emergency", cast.leeds, wrong, right))
    old = replace(wrong, published_at=ago(hours=25))
    assert "correction-notice" not in codes(cast.ask("police-emergency", cast.leeds, old, right))


def test_stay_on_line_where_a_line_is_slow(cast: Cast) -> None:
    told = cast.ask("police-emergency", cast.leeds, incident("999", "delayed"))
    assert told.says(Code.STAY_ON_LINE) == ("999",)


# No place


def test_without_a_place_the_same_everywhere_is_the_advice(cast: Cast) -> None:
    told = cast.ask("police-emergency", None, incident("999"))
    assert told.first.channel == "101"
    assert not told.nations
    assert not told.elsewhere


def test_without_a_place_nations_stand_side_by_side(cast: Cast) -> None:
    told = cast.ask("medical-emergency", None, incident("999"))
    first = {a.nation: a.first.channel for a in told.nations}
    assert first["northern-ireland"] == "101"
    assert first["england"] == first["wales"] == first["scotland"] == "111"


def test_without_a_place_what_differs_is_named_by_its_area(cast: Cast) -> None:
    told = cast.ask("police-emergency", None, incident("999", scope=scope("police:leicestershire")))
    assert told.first.channel == "999"
    assert [(e.areas, e.advice.first.channel) for e in told.elsewhere] == [
        (("leicestershire",), "101")
    ]


def test_without_a_place_no_forces_own_address_is_given(cast: Cast) -> None:
    assert cast.ask("police-nonemergency", None).first.href is None


# Deaf people, every need


@pytest.mark.parametrize("need", ["gas", "missing", "mental-health-crisis", "police-emergency"])
def test_advice_that_starts_with_a_call_shows_its_text_form(cast: Cast, need: str) -> None:
    forms = cast.ask(need, cast.leeds).first.forms
    wanted = "18000" if need == "police-emergency" else "18001"
    assert any(form.number and form.number.startswith(wanted) for form in forms)


def test_999_has_its_sign_form(cast: Cast) -> None:
    assert "999-bsl" in {f.channel for f in cast.ask("police-emergency", cast.leeds).first.forms}


@pytest.mark.parametrize("state", ["down", "many-failing"])
@pytest.mark.parametrize("need", ["gas", "police-emergency"])
def test_who_says_that_the_relay_fails_is_named(cast: Cast, need: str, state: str) -> None:
    told = cast.ask(need, cast.leeds, incident("relay-platform", state))
    assert [n.channel for n in told.notices] == ["relay-platform"]
    assert "last-updated-and-next-review" in codes(told)


def test_who_takes_a_form_away_is_named(cast: Cast) -> None:
    for form in ("text-relay-999", "999-bsl"):
        told = cast.ask("police-emergency", cast.leeds, incident(form))
        assert form not in {f.channel for f in told.first.forms}
        assert [n.channel for n in told.notices] == [form]


def test_with_the_relay_down_a_helper_is_shown(cast: Cast) -> None:
    told = cast.ask("gas", cast.leeds, incident("relay-platform"))
    assert channels(told) == ["gas-gb", "helper-call"]


# Editions


def test_what_happens_elsewhere_does_not_change_the_edition(cast: Cast) -> None:
    there = incident("999", scope=scope("nation:scotland"))
    ordinary = cast.ask("police-emergency", cast.leeds).edition
    assert cast.ask("police-emergency", cast.leeds, there).edition == ordinary


def test_a_stand_down_gives_the_ordinary_bytes_back(cast: Cast) -> None:
    over = incident("999", "resolved", notices=(REPLACE,))
    assert cast.ask("police-emergency", cast.leeds, over) == cast.ask(
        "police-emergency", cast.leeds
    )


def test_a_carriers_all_clear_changes_the_edition_while_it_disputes(cast: Cast) -> None:
    fault = incident("999", "many-failing", notices=(REPLACE,), issuer=NATIONAL)
    clear = incident("999", "resolved", id="clear", issuer=CARRIER, published_at=ago(minutes=1))
    before = cast.ask("police-emergency", cast.leeds, fault)
    after = cast.ask("police-emergency", cast.leeds, fault, clear)
    assert before.edition != after.edition
    assert before.first != after.first


def test_a_review_that_passes_changes_the_edition(cast: Cast) -> None:
    fault = incident("999", review_at=later(minutes=5))
    before = cast.ask("police-emergency", cast.leeds, fault)
    after = cast.ask("police-emergency", cast.leeds, fault, at=later(minutes=6))
    assert before.edition != after.edition


def test_a_force_may_be_told_of_by_name(cast: Cast) -> None:
    force = issuer("West Yorkshire Police", of="police:west-yorkshire")
    told = cast.ask("police-emergency", cast.leeds, incident("999", issuer=force))
    assert told.notices[0].issuer == "West Yorkshire Police"


# Urgency


def test_fraud_is_no_business_of_the_police_but_in_scotland(cast: Cast) -> None:
    assert cast.ask("fraud", cast.leeds).urgency is Urgency.NOT_POLICE
    assert cast.ask("fraud", cast.glasgow).urgency is Urgency.ROUTINE


def test_nothing_that_begins_with_the_police_is_called_not_theirs(cast: Cast) -> None:
    places = (cast.leeds, cast.cardiff, cast.glasgow, cast.belfast)
    told = [cast.ask(need, place) for need in cast.rulebook.needs for place in places]
    not_theirs = [a for a in told if a.urgency is Urgency.NOT_POLICE]
    known = cast.rulebook.catalogue.channels
    assert not_theirs
    assert [a.need for a in not_theirs if known[a.first.channel].owner is Service.POLICE] == []
