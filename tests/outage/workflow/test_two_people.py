"""Two people for what the public reads in somebody's own words, or is sent by; and how far ahead
anything may stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from outage.models import Event, Incident, Organisation, Proposal, Stage
from outage.statements import channel_rights, free_words, limits, phone_numbers, stored
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import additions, endings, incidents
from tests.cast import NOON, incident
from tests.outage.conftest import operator, organisation
from tests.outage.panel.test_panel import now, posted, signed_in, soon
from tests.outage.said import approved, at, content, published, replacing
from triage.engine.catalogue import ChannelKind, Footprint, Service
from triage.engine.entitlement import may_state
from triage.engine.situation import Issuer, IssuerKind
from triage.rules import rulebook

pytestmark = pytest.mark.django_db

WORDS: dict[str, dict[str, Any]] = {
    "words_en": {"words_en": "Go to the desk", "words_cy": "Ewch i'r ddesg"},
    "words_cy": {"words_cy": "Ewch i'r ddesg"},
    "cause_en": {"cause_en": "A cable", "cause_cy": "Cebl"},
    "cause_cy": {"cause_cy": "Cebl"},
    "cause_by": {"cause_by": "Ofcom"},
    "starts_source": {"starts_source": "Ofcom"},
    "demand_note": {"demand_note": "Very busy", "demand_until": "2026-11-24T15:00:00+00:00"},
    "notice words": {"notices": [{"need": "police-emergency", "mode": "try-first", "to": ["101"],
                                  "words_en": "Ask for the desk", "words_cy": "Y ddesg"}]},
}  # fmt: skip


@pytest.mark.parametrize("field", WORDS)
def test_own_words_in_any_field_need_a_second_person(ann: Actor, field: str) -> None:
    proposal = incidents.draft(ann, content(**WORDS[field]))
    with pytest.raises(RefusedError, match="words of your own"):
        incidents.publish(ann, proposal.pk, proposal.version)


@pytest.mark.parametrize("do", ["end", "watch", "part"])
def test_a_note_of_a_stand_down_is_read_by_a_second_person_first(nat: Actor, do: str) -> None:
    row = published(now(nat), soon(footprints=["police:kent", "police:essex"]))
    until = (now(nat).at + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    post = {"version": row.version, "do": do, "over_in": ["police:kent"],
            "demand_note": "Ring the other desk", "demand_until": until}  # fmt: skip
    signed_in(nat).post(f"/staff/incidents/{row.slug}/stand-down/", post)
    assert stored.published(Incident.objects.get()).content.demand_note == ""
    assert Proposal.objects.get(stage=Stage.SUBMITTED).content["demand_note"]


def test_an_addition_to_the_timeline_is_read_by_a_second_person_first(ann: Actor) -> None:
    row = published(now(ann), soon())
    entry = {"kind": "comment", "en": "It rained", "cy": "Bu glaw", "issuer": "Ofcom"}
    address = f"/staff/incidents/{row.slug}/add/"
    signed_in(ann).post(address, {"version": row.version, **entry})
    assert not Event.objects.filter(kind="comment").exists()
    (waiting,) = additions.waiting(now(ann))
    with pytest.raises(RefusedError, match="You wrote this"):
        additions.approve(now(ann), waiting.pk, additions.seal(waiting))


def test_and_nobody_of_another_force_approves_it(ann: Actor, kim: Actor) -> None:
    row = published(ann)
    entry = {"en": "It rained", "cy": "Bu glaw", "issuer": "Ofcom"}
    asked = additions.ask(ann, row.slug, row.version, "comment", entry)
    with pytest.raises(RefusedError, match="not yours to see"):
        additions.approve(kim, asked.pk, additions.seal(asked))


# ---- numbers in words

NUMBERS = [
    "0116 496 0000", "0116.496.0000", "0116/496/0000", "0116‑496‑0000", "0116\u00a0496\u00a00000",
    "０１１６４９６００００", "O116 496 OOOO", "118 118", "60999", "116 123 4567", "1-800-555-0100",
    "(0116) 496 0000", "+44 116 496 0000", "+1 911", "0116\u200b4960000", "0 1 1 6 4 9 6 0 0 0 0",
    "oh one one six four nine six", "nought double one six, four nine six",
    "dim un un chwech pedwar",
    "٠١١٦٤٩٦٠٠٠٠", "0116·496·0000", "0116 496 oooo",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_seen_however_it_is_written(number: str) -> None:
    assert free_words.has_number(f"Ring {number} now", {"101", "116 123"})


@pytest.mark.parametrize(
    "words",
    ["14,000 calls in 10 h 32 min", "since 08:30, 350 of them", "on 24/11/2026 at 9",
     "Use 101, 999", "ring 116 123", "101 111 and 999",
     "two or three of one hundred", "Solo, oil, Ill, hello",
     "25 June 2023: 9,641 calls"],
)  # fmt: skip
def test_figures_times_and_known_numbers_are_none(words: str) -> None:
    assert not free_words.has_number(words, {"101", "111", "999", "116 123"})


@pytest.mark.parametrize("field", [f for f in WORDS if f != "notice words"])
def test_no_field_of_words_carries_a_number(ann: Actor, field: str) -> None:
    more = dict.fromkeys(WORDS[field], "Ring 0911.111.1111")
    more |= {"demand_until": "2026-11-24T15:00:00+00:00"} if field == "demand_note" else {}
    with pytest.raises(RefusedError, match="no telephone number in words"):
        incidents.draft(ann, content(**more))


def test_what_turns_the_direction_is_taken_out_and_what_nobody_sees_refused(ann: Actor) -> None:
    words = {"words_en": "Go\u202e back\u2069", "words_cy": "Ewch yn ôl"}
    assert incidents.draft(ann, content(**words)).content["words_en"] == "Go back"
    with pytest.raises(RefusedError, match="cannot be seen"):
        incidents.draft(ann, content("101", words_en="a\x00b", words_cy="b"))


@pytest.mark.parametrize(
    "number",
    ["0900 123 4567", "+1 809 555 0100", "+1 911", "118 118", "0909 8790000", "0116 222 222",
     "0116 222 22222", "07700 900000", "070 0000 0000", "0845 000 0000"],
)  # fmt: skip
def test_a_number_that_not_everybody_can_ring_is_refused(number: str) -> None:
    assert phone_numbers.why_not(number)


@pytest.mark.parametrize(
    "number", ["01632 960001", "020 7946 0000", "0300 123 4567", "0800 555 111", "0808 157 0000",
               "+44 1632 960001", "(01632) 960001"],
)  # fmt: skip
def test_a_number_that_everybody_can_ring_is_taken(number: str) -> None:
    assert not phone_numbers.why_not(number)


def number(**more: Any) -> dict[str, Any]:
    given = {"number": "01632 960123", "footprint": "police:leicestershire", "verified_by": "ann",
             "verified_at": NOON.isoformat()}  # fmt: skip
    return {**given, "valid_until": (NOON + timedelta(days=1)).isoformat(), **more}


# ---- how far ahead

FAR = ["2026-11-25T13:00:00+00:00", "2027-11-24T12:30:00+00:00", "2099-01-01T00:00:00+00:00",
       "9999-12-31T23:59:00+00:00"]  # fmt: skip


@pytest.mark.parametrize("when", FAR)
@pytest.mark.parametrize("field", ["review_at", "callbacks_until", "demand_until", "welsh_due"])
def test_no_time_stands_further_ahead_than_somebody_looks(
    ann: Actor, field: str, when: str
) -> None:
    more = {field: when, **({"demand_note": "busy"} if field == "demand_until" else {})}
    with pytest.raises(RefusedError, match=rf"{field}: .* 20\d\d|{field}: .* 9999"):
        incidents.draft(ann, content(**more))


@pytest.mark.parametrize("when", FAR[1:])
def test_no_end_and_no_number_stands_for_years(ann: Actor, when: str) -> None:
    for more in ({"ends_at": when}, {"numbers": [number(valid_until=when)]}):
        with pytest.raises(RefusedError, match="too far away"):
            incidents.draft(ann, content(**more))


@pytest.mark.parametrize(
    ("channel", "hours"),
    [("999", 4), ("999-bsl", 4), ("emergency-sms", 4), ("101", 12), ("101-text-relay", 12),
     ("111", 12), ("police-online", 24), ("mobile-voice", 24)],
)  # fmt: skip
def test_a_look_is_due_within_hours(channel: str, hours: int) -> None:
    assert limits.review_limit(channel, rulebook().catalogue) == timedelta(hours=hours)


def test_the_limit_holds_when_it_is_published_not_only_when_it_is_written(ann: Actor) -> None:
    later = content("101", review_at=(NOON + timedelta(hours=12)).isoformat())
    proposal = incidents.draft(ann, later)
    row = incidents.publish(at(ann, hours=1), proposal.pk, proposal.version)
    assert row.stage == Stage.LIVE


def test_a_callback_line_of_a_stand_down_has_a_limit(ann: Actor) -> None:
    row = published(ann)
    with pytest.raises(RefusedError, match="2099"):
        endings.stand_down(ann, row.slug, row.version, update={"callbacks_until": FAR[2]})


# ---- whose line it is

OWN = {
    ("answering-service", "police"): {"999", "101", "police-online", "police-chat", "landline"},
    ("answering-service", "fire"): {"999", "999-bsl", "mobile-voice"},
    ("answering-service", "ambulance"): {"999", "111", "111-online", "relay-platform"},
    ("carrier", ""): {"999", "101", "text-relay-999", "relay-platform", "mobile-data"},
    ("other", ""): set(),
}
FOREIGN = {
    ("answering-service", "police"): {"111", "gas-gb", "samaritans", "childline", "vhf-dsc", "112"},
    ("answering-service", "fire"): {"101", "111", "police-online", "local-number"},
    ("answering-service", "ambulance"): {"101", "gas-gb", "police-online"},
    ("carrier", ""): {"gas-gb", "samaritans", "police-online", "111", "111-online", "shout"},
    ("other", ""): {"999", "101", "gas-gb", "mobile-voice"},
}


@pytest.mark.parametrize("who", OWN)
def test_every_line_is_stated_by_who_may_speak_of_it_and_by_nobody_else(
    who: tuple[str, str],
) -> None:
    known = rulebook().catalogue.channels
    owner = Organisation(kind=who[0], services=[who[1]] if who[1] else [], footprints=["uk"])
    may = {c.id for c in known.values() if channel_rights.may_state(owner, c)}
    assert may >= OWN[who]
    assert not may & FOREIGN[who]


@pytest.mark.parametrize("who", OWN)
def test_the_engine_follows_whatever_may_be_stated(who: tuple[str, str]) -> None:
    known = rulebook().catalogue
    kind, services = IssuerKind(who[0]), (Service(who[1]),) if who[1] else ()
    owner = Organisation(kind=who[0], services=list(services), footprints=["uk"])
    said_by = Issuer("-", kind, Footprint.parse("uk"), True, services=services)
    offered = [c.id for c in known.channels.values() if channel_rights.may_state(owner, c)]
    assert not [c for c in offered if not may_state(incident(c, issuer=said_by), known)]


def test_nobody_states_what_cannot_fail() -> None:
    owner = Organisation(kind="government", services=["police"], footprints=["uk"])
    known = rulebook().catalogue.channels.values()
    may = [c for c in known if channel_rights.may_state(owner, c)]
    assert not {c.id for c in may} & {"112", "local-number", "999-other-phone"}
    assert not [c for c in may if c.kind in (ChannelKind.ACTION, ChannelKind.PLACE)]


def test_a_body_of_its_own_states_the_channels_that_are_entered_as_its_own(db: None) -> None:
    owner = organisation("gas-emergency", "other", [], ["uk"])
    owner.channels = ["gas-gb"]
    owner.save()
    gus = Actor(operator("gus", owner), NOON)
    assert published(gus, content("gas-gb", footprints=["uk"])).stage == Stage.LIVE
    with pytest.raises(RefusedError, match="does not speak for"):
        incidents.draft(gus, content("samaritans", footprints=["uk"]))


def test_a_leg_that_another_service_answers_is_refused_with_the_way_out(ann: Actor) -> None:
    with pytest.raises(RefusedError, match=r"does not answer ambulance calls.*Name your own"):
        incidents.draft(ann, content(services=["ambulance"], notices=[]))


def test_a_number_that_is_entered_for_a_carrier_is_refused_where_the_engine_is_deaf_to_it(
    db: None,
) -> None:
    owner = organisation("carrier-x", "carrier", [], ["uk"])
    owner.channels = ["111"]
    owner.save()
    with pytest.raises(RefusedError, match="does not speak for"):
        incidents.draft(Actor(operator("cat", owner), NOON), content("111", notices=[]))


@pytest.mark.parametrize("channel", ["111", "gas-gb", "112", "local-number"])
@pytest.mark.parametrize("do", ["publish", "submit", "keep"])
def test_a_line_of_others_is_refused_whatever_the_form_says(
    ann: Actor, channel: str, do: str
) -> None:
    answer = signed_in(ann).post("/staff/declare/", posted(channel=channel, do=do))
    assert answer.status_code == 422
    assert not Incident.objects.exists()


def test_and_in_an_edit_of_a_draft(ann: Actor) -> None:
    proposal = incidents.draft(ann, content())
    with pytest.raises(RefusedError, match="does not speak for"):
        incidents.edit(ann, proposal.pk, proposal.version, content("gas-gb"))


# ---- one person is enough


def test_one_person_confirms_what_two_approved_until_it_changes(ann: Actor, bob: Actor) -> None:
    row = approved(ann, bob)
    same = incidents.renew(at(ann, minutes=20), row.slug, row.version)
    row = incidents.publish(at(ann, minutes=20), same.pk, same.version)
    changed = incidents.amend(ann, row.slug, row.version)
    other = replacing(state="down")
    changed = incidents.edit(ann, changed.pk, changed.version, other)
    with pytest.raises(RefusedError, match="second person"):
        incidents.publish(ann, changed.pk, changed.version)


def test_what_one_person_published_in_an_emergency_is_not_renewed_by_them(ann: Actor) -> None:
    proposal = incidents.draft(ann, replacing())
    row = incidents.break_glass(ann, proposal.pk, proposal.version, "Nobody is here")
    same = incidents.renew(at(ann, minutes=5), row.slug, row.version)
    with pytest.raises(RefusedError, match="second person"):
        incidents.publish(at(ann, minutes=5), same.pk, same.version)


@pytest.mark.parametrize(
    ("more", "button"),
    [({}, 'value="publish"'), ({"state": "down"}, 'value="submit"'),
     ({"words_en": "x", "words_cy": "y"}, 'value="submit"'),
     ({"state": "down", "exercise": "on"}, 'value="publish"')],
)  # fmt: skip
def test_the_bar_offers_what_may_be_done_with_what_is_in_the_form(
    ann: Actor, more: dict[str, str], button: str
) -> None:
    for draft in ({}, {"draft": incidents.draft(now(ann), soon()).pk}):
        if draft and "exercise" in more:
            continue
        body = signed_in(ann).post("/staff/declare/changes/", posted(**more, **draft))
        assert f'class="primary" name="do" {button}' in body.content.decode()


def test_one_press_asks_the_second_person(ann: Actor) -> None:
    signed_in(ann).post("/staff/declare/", posted(state="down", do="submit"))
    assert Proposal.objects.get().stage == Stage.SUBMITTED
