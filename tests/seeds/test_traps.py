"""The traps that anybody falls into who writes about these numbers, each held by a test.

What pages do with them (a tap that dials, digits beside a link, no free text before 999) is held
by the tests of the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

import pytest

from tests.cast import Cast, channels, codes, incident, on
from triage.engine.catalogue import Channel, ChannelKind, Nation, Text
from triage.engine.rulebook import Rulebook, Urgency
from triage.engine.situation import Code

GB = {Nation.ENGLAND, Nation.WALES, Nation.SCOTLAND}


def texts(value: object) -> Iterator[Text]:
    """Every text in a value, however deep."""
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts(part)


@pytest.fixture(scope="session")
def words(rulebook: Rulebook) -> list[str]:
    """Every sentence the public may read from the rulebook, in English."""
    parts: Iterable[object] = (
        *rulebook.catalogue.channels.values(),
        *rulebook.needs.values(),
        *rulebook.questions.values(),
        *rulebook.outcomes.values(),
        *rulebook.codes.values(),
    )
    return [rulebook.catalogue.fill(t).en for part in parts for t in texts(part)]


@pytest.fixture
def known(rulebook: Rulebook) -> dict[str, Channel]:
    return dict(rulebook.catalogue.channels)


def says(rulebook: Rulebook, channel: str) -> str:
    """All that is said about a channel in itself, in English."""
    found = texts(rulebook.catalogue.channels[channel])
    return " ".join(rulebook.catalogue.fill(t).en for t in found)


def about(words: list[str], pattern: str) -> list[str]:
    return [sentence for sentence in words if re.search(pattern, sentence, re.IGNORECASE)]


# Silence and 55


def test_trap_1_55_is_said_only_when_asked_and_never_on_101(
    rulebook: Rulebook, words: list[str]
) -> None:
    assert "Press 55 when the message asks you" in says(rulebook, "silent-solution")
    assert "Pressing 55 does nothing" in says(rulebook, "101")
    assert not about(words, r"(101|111)\W+(and|then)\W+(press|dial)?\W*55")


def test_trap_2_nobody_is_told_to_dial_999_then_55(words: list[str]) -> None:
    assert not about(words, r"999 ?(,|and|then|followed by)? ?(press|dial)? ?55\b")


def test_trap_3_a_landline_has_no_55_and_its_45_seconds_are_no_promise(rulebook: Rulebook) -> None:
    told = says(rulebook, "999-landline")
    assert "Do not press 55" in told
    assert "may stay open for 45 seconds" in told
    assert "will stay open" not in told


def test_trap_4_55_does_not_tell_where_you_are(rulebook: Rulebook) -> None:
    told = says(rulebook, "silent-solution")
    assert "does not tell the police where you are" in told
    assert "may send your place by itself" in told


# Text, relay and sign


def test_trap_5_a_text_to_999_works_only_for_who_signed_up(rulebook: Rulebook, cast: Cast) -> None:
    assert "only if you signed up before" in says(rulebook, "emergency-sms")
    told = cast.ask("cannot-speak", cast.leeds, incident("999"))
    assert told.first.channel != "emergency-sms"


def test_trap_6_the_999_desk_takes_text_relay_and_sign_with_it(rulebook: Rulebook) -> None:
    for channel in ("emergency-sms", "text-relay-999", "999-bsl", "silent-solution"):
        assert "999" in rulebook.catalogue.ancestors[channel]


def test_trap_7_18001_does_not_go_before_999(cast: Cast, rulebook: Rulebook) -> None:
    assert "Do not dial 18001 before 999" in says(rulebook, "text-relay-999")
    forms = cast.ask("police-emergency", cast.leeds).first.forms
    assert "18000" in {f.number for f in forms}
    assert not [f for f in forms if f.number and f.number.startswith("18001")]


def test_trap_41_999_bsl_needs_data_and_an_open_app(rulebook: Rulebook) -> None:
    told = says(rulebook, "999-bsl")
    assert "need the internet" in told
    assert "Keep the app open" in told


def test_trap_48_dead_sign_language_services_are_not_linked(
    known: dict[str, Channel], words: list[str]
) -> None:
    links = " ".join(filter(None, (c.url for c in known.values())))
    assert not re.search(r"interpreternow|bslhealthaccess", links)
    assert not about(words, "InterpreterNow|BSL Health Access")


# Health


def test_trap_8_there_is_no_111_in_northern_ireland(rulebook: Rulebook) -> None:
    calls = [c for c in rulebook.catalogue.channels.values() if c.call == "111" or "111" in c.id]
    assert all(Nation.NORTHERN_IRELAND not in c.nations for c in calls)
    for need in rulebook.needs.values():
        assert "111" not in need.routes[Nation.NORTHERN_IRELAND]


def test_trap_9_111_online_is_for_five_and_over(rulebook: Rulebook) -> None:
    assert "aged 5 and over" in says(rulebook, "111-online")
    route = rulebook.needs["health-young-child"].routes[Nation.ENGLAND]
    assert route[0] == "111"
    assert "111-online" not in route


def test_trap_10_the_mental_health_choice_is_named_not_numbered_in_england(
    rulebook: Rulebook,
) -> None:
    channel = rulebook.catalogue.channels["mh-111"]
    label = rulebook.catalogue.label("mh-111", Nation.ENGLAND).en
    assert "mental health" in label
    assert "2" not in label
    assert "press 2" in rulebook.catalogue.label("mh-111", Nation.WALES).en
    assert channel.same_call == "111"


def test_trap_31_no_ambulance_is_promised_in_minutes(words: list[str]) -> None:
    assert not about(words, r"ambulance.{0,40}\b(with)?in \d+ minutes")


def test_trap_35_one_sign_of_a_stroke_is_enough(words: list[str]) -> None:
    assert not about(words, r"all (three|of these) signs")


def test_trap_37_the_poisons_line_of_professionals_is_never_listed(words: list[str]) -> None:
    assert not about(words, "National Poisons|TOXBASE")


def test_trap_46_a_caller_in_belfast_is_never_sent_to_111(cast: Cast) -> None:
    told = cast.ask("medical-emergency", cast.belfast, incident("999"))
    assert "111" not in channels(told)


# Police


def test_trap_12_101_is_free(rulebook: Rulebook, words: list[str]) -> None:
    cost = rulebook.catalogue.channels["101"].cost
    assert cost is not None
    assert cost.en == "Free"
    assert not about(words, r"\b15p\b|\b15 ?pence")


def test_trap_13_101_does_not_work_from_abroad(rulebook: Rulebook) -> None:
    assert "does not work from outside the UK" in says(rulebook, "101")


def test_traps_14_and_15_from_abroad_nobody_is_sent_to_999_or_to_a_form(
    rulebook: Rulebook,
) -> None:
    for nation in Nation:
        assert rulebook.needs["from-abroad"].routes[nation] == ("police-site",)
    assert "its number from abroad" in rulebook.outcomes["from-abroad"].lead.en


def test_trap_16_the_railway_police_are_not_on_101_nor_in_northern_ireland(
    rulebook: Rulebook, known: dict[str, Channel]
) -> None:
    for channel in ("btp-text", "btp-phone", "btp-online"):
        assert known[channel].nations == GB
    assert "101" not in rulebook.needs["railway"].routes[Nation.ENGLAND]
    assert "101" in rulebook.needs["railway"].routes[Nation.NORTHERN_IRELAND]


def test_trap_16_nobody_in_northern_ireland_reads_of_the_railway_police(
    rulebook: Rulebook,
) -> None:
    for outcome in rulebook.outcomes.values():
        said = " ".join(t.en for t in texts(outcome.words(Nation.NORTHERN_IRELAND)))
        assert not re.search("railway police|British Transport", said, re.IGNORECASE), outcome.id


def test_trap_17_report_fraud_is_not_for_scotland_and_has_its_new_name(
    rulebook: Rulebook, known: dict[str, Channel], words: list[str]
) -> None:
    assert Nation.SCOTLAND not in known["report-fraud"].nations
    assert rulebook.needs["fraud"].routes[Nation.SCOTLAND][0] == "101"
    assert known["report-fraud"].number == "0300 123 2040"
    assert not about(words, "Action Fraud helpline")


def test_trap_29_nobody_waits_24_hours_to_report_someone_missing(words: list[str]) -> None:
    waits = about(words, "24 hours")
    assert any("do not have to wait 24 hours" in w for w in waits)
    assert not about(words, r"(must|should|(?<!no )need to) wait 24 hours")


def test_trap_32_a_charity_a_text_and_a_form_are_no_emergency_channels(
    rulebook: Rulebook, known: dict[str, Channel]
) -> None:
    for channel in ("crimestoppers", "btp-text", "police-chat", "police-online"):
        assert not known[channel].emergency
        for need in rulebook.needs.values():
            if need.urgency is Urgency.EMERGENCY:
                assert channel not in need.routes[Nation.ENGLAND]


def test_trap_33_lost_property_starts_away_from_the_phone(rulebook: Rulebook) -> None:
    lost = rulebook.outcomes["lost-property"]
    for nation in Nation:
        assert rulebook.needs["lost-property"].routes[nation][0] != "101"
    assert "do not take reports" in lost.lead.en
    assert "tell Police Scotland" in _lead(rulebook, "lost-property", Nation.SCOTLAND)


def _lead(rulebook: Rulebook, outcome: str, nation: Nation) -> str:
    lead = rulebook.outcomes[outcome].words(nation).lead
    return rulebook.catalogue.fill(lead).en if lead else ""


def test_trap_49_a_chat_is_not_called_an_officer(rulebook: Rulebook, words: list[str]) -> None:
    assert "A computer may answer you" in says(rulebook, "police-chat")
    assert not about(words, r"chat (to|with) an officer|speak to an officer online")


def test_trap_50_danger_to_trains_is_an_emergency_and_the_rest_not_for_101(
    rulebook: Rulebook,
) -> None:
    assert rulebook.needs["network-rail"].routes[Nation.ENGLAND] == ("network-rail",)


# Homes, animals, water


def test_trap_18_105_and_the_gas_number_are_not_for_northern_ireland(
    known: dict[str, Channel],
) -> None:
    assert known["power-105"].nations == GB
    assert known["gas-gb"].nations == GB
    assert known["power-ni"].nations == known["gas-ni"].nations == {Nation.NORTHERN_IRELAND}


def test_trap_19_each_nation_has_its_own_animal_charity(
    rulebook: Rulebook, known: dict[str, Channel]
) -> None:
    assert known["rspca"].nations == {Nation.ENGLAND, Nation.WALES}
    assert known["sspca"].nations == {Nation.SCOTLAND}
    assert (known["rspca"].number, known["sspca"].number) == ("0300 1234 999", "03000 999 999")
    assert "animals-council-ni" in rulebook.needs["animals-cruelty"].routes[Nation.NORTHERN_IRELAND]


def test_trap_20_floodline_the_hotline_and_northern_ireland_are_three_numbers(
    known: dict[str, Channel],
) -> None:
    lines = {known[c].number for c in ("floodline", "env-hotline", "env-wales", "flood-ni")}
    assert len(lines) == 4
    assert known["floodline"].nations == GB


def test_trap_26_a_broadband_phone_dies_with_the_power(rulebook: Rulebook) -> None:
    assert "does not work in a power cut" in says(rulebook, "999-landline")


# Numbers


LOOK_ALIKES = {
    "0800 111 999": "gas-gb",
    "0800 1111": "childline",
    "0800 555 111": "crimestoppers",
    "116 000": "missing-people",
    "116 123": "samaritans",
    "101": "101",
    "105": "power-105",
    "111": "111",
    "112": "112",
    "159": "bank-159",
    "999": "999",
    "18000": "text-relay-999",
    "18001": "relay-prefix",
    "61016": "btp-text",
    "7726": "scam-text-7726",
    "85258": "shout",
    "0300 1234 999": "rspca",
    "03000 999 999": "sspca",
    "0808 500 2222": "rape-ew",
    "0808 2000 247": "da-england",
    "0300 123 2040": "report-fraud",
}


@pytest.mark.parametrize(("number", "channel"), LOOK_ALIKES.items())
def test_trap_21_a_number_that_looks_like_others_stands_once(
    known: dict[str, Channel], number: str, channel: str
) -> None:
    digits = number.replace(" ", "")
    owners = [c.id for c in known.values() if c.number and c.number.replace(" ", "") == digits]
    assert owners == [channel]
    assert known[channel].number == number


def test_trap_36_hours_that_nobody_is_sure_of_are_not_shown(known: dict[str, Channel]) -> None:
    for channel in ("rspca", "nspcc", "missing-people", "modern-slavery", "mens-advice"):
        assert known[channel].hours is None


def test_every_shown_hour_price_and_number_has_a_source(known: dict[str, Channel]) -> None:
    for c in known.values():
        shown = {f for f in ("number", "hours", "cost", "url") if getattr(c, f) is not None}
        assert shown <= set(c.facts), c.id


# Phones and places


def test_trap_22_a_phone_without_a_sim_is_no_advice(rulebook: Rulebook, words: list[str]) -> None:
    assert "must have a working SIM card" in says(rulebook, "999")
    assert not about(words, r"(remove|take out|without) (the|your|a) SIM")


def test_traps_23_and_24_a_borrowed_network_cannot_ring_back(rulebook: Rulebook) -> None:
    told = says(rulebook, "999")
    assert "may use another network" in told
    assert "may not be able to call you back" in told


def test_trap_28_112_is_no_better_than_999(rulebook: Rulebook, cast: Cast) -> None:
    assert "not stronger, faster or better" in says(rulebook, "112")
    told = cast.ask("police-emergency", cast.leeds, incident("999"))
    assert "112" not in channels(told)


def test_trap_30_the_coastguard_must_be_asked_for(rulebook: Rulebook, cast: Cast) -> None:
    told = says(rulebook, "999")
    assert "where the tide comes up a river, ask for the coastguard" in told
    assert "ask for the police, then mountain rescue" in told
    assert cast.ask("coastguard", cast.leeds).first.ask_for == "coastguard"


def test_trap_42_three_words_are_never_the_only_place(words: list[str]) -> None:
    for sentence in about(words, "what3words"):
        assert re.search(r"spell|also|too|as well|landmark|road", sentence, re.IGNORECASE)


def test_traps_25_and_27_a_dead_line_is_cured_by_another_phone(cast: Cast) -> None:
    visitor = on(line="digital-landline", has_mobile=True)
    told = cast.ask("police-emergency", cast.leeds, incident("landline"), visitor=visitor)
    assert told.first.channel == "999-from-mobile"
    assert "check-on-alarm-users" in codes(told)


# The day 999 failed


def test_trap_38_advice_is_time_stamped_and_is_taken_back(cast: Cast) -> None:
    told = cast.ask("police-emergency", cast.leeds, incident("999"))
    assert told.says(Code.LAST_UPDATED_AND_NEXT_REVIEW)
    over = cast.ask("police-emergency", cast.leeds, incident("999", "resolved"))
    assert over == cast.ask("police-emergency", cast.leeds)


def test_traps_39_and_40_the_rulebook_counts_no_lost_calls(words: list[str]) -> None:
    assert not about(words, r"12,?392|9,?641|14,?000")


def test_trap_34_immediate_risk_to_life_is_still_an_emergency(rulebook: Rulebook) -> None:
    for nation in Nation:
        now = rulebook.needs[rulebook.outcomes["welfare-now"].needs[nation]]
        assert now.routes[nation][0] == "999"
        assert "call 999" in _lead(rulebook, "worried-about-adult", nation)


def test_what_can_only_fail_is_on_no_route(rulebook: Rulebook) -> None:
    routed = {c for n in rulebook.needs.values() for route in n.routes.values() for c in route}
    kinds = {rulebook.catalogue.channels[c].kind for c in routed}
    assert ChannelKind.INFRASTRUCTURE not in kinds


def test_trap_11_in_scotland_the_own_doctor_comes_first_and_long_calls_may_end(
    rulebook: Rulebook,
) -> None:
    assert rulebook.needs["health-young-child"].routes[Nation.SCOTLAND][0] == "gp"
    assert "If your GP is open" in _lead(rulebook, "health-urgent", Nation.SCOTLAND)
    told = says(rulebook, "111")
    assert "call your own doctor" in told
    assert "call over Wi-Fi" in told


def test_trap_47_without_a_place_no_nation_is_guessed(cast: Cast) -> None:
    told = cast.ask("gas", None)
    assert {a.nation: a.first.channel for a in told.nations} == {
        "england": "gas-gb",
        "wales": "gas-gb",
        "scotland": "gas-gb",
        "northern-ireland": "gas-ni",
    }
