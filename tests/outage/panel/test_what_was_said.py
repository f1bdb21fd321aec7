"""Eighteen statements of 25 June 2023, each said through the real form by who said it.

Whatever a statement needs must be offered: the walker refuses to choose anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from outage.models import Organisation, Proposal, Stage
from outage.statements import form_options
from tests.outage.conftest import operator, organisation
from tests.outage.panel.the_form import TheForm
from triage import clock
from triage.engine.rulebook import Rulebook
from triage.engine.situation import State

pytestmark = pytest.mark.django_db

ANSWERS = "answering-service"
# Who spoke: kind, services and land, as they stand in the admin.
WHO = {
    "metropolitan-police": (ANSWERS, ["police"], ["police:metropolitan", "police:city-of-london"]),
    "greater-manchester-police": (ANSWERS, ["police"], ["police:greater-manchester"]),
    "psni": (ANSWERS, ["police"], ["police:northern-ireland"]),
    "nhs-england": (ANSWERS, ["ambulance"], ["nation:england"]),
    "dorset-police": (ANSWERS, ["police"], ["police:dorset"]),
    "northamptonshire-police": (ANSWERS, ["police"], ["police:northamptonshire"]),
    "northumbria-police": (ANSWERS, ["police"], ["police:northumbria"]),
    "cumbria-police": (ANSWERS, ["police"], ["police:cumbria"]),
    "norfolk-police": (ANSWERS, ["police"], ["police:norfolk"]),
    "devon-and-somerset-fire": (ANSWERS, ["fire"], ["fire:devon-and-somerset"]),
    "scottish-fire": (ANSWERS, ["fire"], ["fire:scotland"]),
    "cheshire-fire": (ANSWERS, ["fire"], ["fire:cheshire"]),
    "secamb": (ANSWERS, ["ambulance"], ["ambulance:south-east-coast"]),
    "east-midlands-ambulance": (ANSWERS, ["ambulance"], ["ambulance:east-midlands"]),
    "bt": ("carrier", [], ["uk"]),
    "uk-government": ("government", ["police", "fire", "ambulance", "coastguard"], ["uk"]),
}
Notices = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Said:
    """What somebody said: `notices` are need -> mode and ways."""

    who: str
    state: str
    notices: Notices = field(default_factory=dict)
    broken: str = "front-door"
    services: tuple[str, ...] = ()
    fill: Callable[[TheForm], Any] = lambda form: form
    holds: dict[str, Any] = field(default_factory=dict)
    alone: bool = False


def moment(**ahead: float) -> str:
    return f"{clock.now() + timedelta(**ahead):%Y-%m-%dT%H:%M}"


def weak_location(form: TheForm) -> TheForm:
    return form.choose("degraded_features", "location")


def half_a_minute(form: TheForm) -> TheForm:
    return form.write("delay_seconds", "30")


def keep_101_free(form: TheForm) -> TheForm:
    return form.choose("keep_free", "101")


def for_lives_only(form: TheForm) -> TheForm:
    form.write("demand_note", "We are very busy. Call 999 for an ambulance if a life is in danger.")
    form.write("demand_until", moment(hours=6))
    return form.choose("urgent_without_welsh", "on")


# Three control rooms, each with its number (of Ofcom's drama range) for its own councils.
ROOMS = {
    "01632 960001": ("council:S12000049",),
    "01632 960002": ("council:S12000036",),
    "01632 960003": ("council:S12000042", "council:S12000041"),
}


def number_of_each_room(form: TheForm) -> TheForm:
    form.write("number", *ROOMS)
    for k, councils in enumerate(ROOMS.values()):
        form.choose(f"number_places-{k}", *councils)
    form.write("number_tested_by", *["the control room"] * 3)
    form.write("number_tested", *[moment(hours=-2)] * 3)
    return form.write("number_until", *[moment(days=2)] * 3)


POLICE, ROUTINE = "police-emergency", "police-nonemergency"
FIRE, MEDICAL, HEALTH = "fire-emergency", "medical-emergency", "medical-nonemergency"
ONLINE_THEN_WAIT = ("replace", "police-online", "wait")
SAID = {
    "the Met: 101 instead, hold what can wait": Said(
        "metropolitan-police", "many-failing",
        {POLICE: ("replace", "101"), ROUTINE: ("replace", "wait", "police-online")}),
    "the Met later: on back-up, say where you are": Said(
        "metropolitan-police", "on-backup", {POLICE: ("as-usual", "101")},
        fill=weak_location, holds={"degraded_features": ["location"]}, alone=True),
    "Greater Manchester: persevere": Said(
        "greater-manchester-police", "many-failing", {POLICE: ("hold",)},
        holds={"keep_free": []}),
    "PSNI: try 101 if trouble": Said(
        "psni", "many-failing", {POLICE: ("try-first", "101")}, alone=True),
    "PSNI: resolved, 101 for the rest": Said(
        "psni", "restored", {POLICE: ("as-usual", "101"), ROUTINE: ("as-usual", "101")}),
    "NHS England: 111 if you cannot reach 999": Said(
        "nhs-england", "many-failing", {MEDICAL: ("try-first", "111")}, broken="leg",
        services=("ambulance",), alone=True),
    "Dorset: as usual, 101 if still trouble, online or wait": Said(
        "dorset-police", "on-backup", {POLICE: ("as-usual", "101"), ROUTINE: ONLINE_THEN_WAIT},
        fill=keep_101_free, holds={"keep_free": ["101"]}),
    "Northamptonshire: report on the website": Said(
        "northamptonshire-police", "many-failing",
        {POLICE: ("replace", "101"), ROUTINE: ONLINE_THEN_WAIT}),
    "Northumbria: 101 if you cannot get through": Said(
        "northumbria-police", "many-failing",
        {POLICE: ("try-first", "101"), ROUTINE: ONLINE_THEN_WAIT}),
    "Cumbria: receiving again": Said("cumbria-police", "restored", alone=True),
    "Norfolk: able to receive, 101 if trouble, online": Said(
        "norfolk-police", "restored", {POLICE: ("as-usual", "101"), ROUTINE: ONLINE_THEN_WAIT}),
    "Devon and Somerset Fire: not working, 101 in any emergency": Said(
        "devon-and-somerset-fire", "down", {FIRE: ("replace", "101")},
        holds={"services": [], "footprints": ["fire:devon-and-somerset"]}),
    "Scottish Fire: the numbers of our control rooms": Said(
        "scottish-fire", "many-failing", {FIRE: ("replace", "local-number", "101")},
        fill=number_of_each_room),
    "Cheshire Fire: half a minute, hold": Said(
        "cheshire-fire", "delayed", {FIRE: ("hold",)}, fill=half_a_minute,
        holds={"typical_delay_seconds": 30}, alone=True),
    "South East Coast Ambulance: 111 online for the rest": Said(
        "secamb", "many-failing",
        {MEDICAL: ("try-first", "111"), HEALTH: ("replace", "111-online")}),
    "East Midlands Ambulance: busy, for lives only": Said(
        "east-midlands-ambulance", "restored",
        {MEDICAL: ("as-usual", "111"), HEALTH: ("replace", "111-online")},
        fill=for_lives_only),
    "BT: the back-up works": Said("bt", "on-backup", alone=True),
    "the Government: 999 first, then 101, or 111 for health": Said(
        "uk-government", "on-backup",
        {POLICE: ("try-first", "101"), FIRE: ("try-first", "101"), MEDICAL: ("try-first", "111")}),
}  # fmt: skip


def form_of(who: str) -> TheForm:
    kind, services, land = WHO[who]
    client = Client()
    client.force_login(operator(f"duty-{who}", organisation(who, kind, services, land)).user)
    return TheForm(client).open()


def filled(said: Said) -> TheForm:
    form = form_of(said.who)
    form.choose("broken", said.broken).choose("state", said.state)
    if said.services:
        form.choose("services", *said.services)
    form.look()
    for need, (mode, *ways) in said.notices.items():
        form.choose(f"mode-{need}", mode).choose(f"to-{need}", *ways)
    said.fill(form)
    return form


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_it_can_be_said(said: Said) -> None:
    form = filled(said)
    shown = form.look()
    assert 'class="problem"' not in shown, shown[:600]
    body = form.press("publish" if said.alone else "submit").content.decode()
    proposal = Proposal.objects.get()
    assert proposal.stage == (Stage.LIVE if said.alone else Stage.SUBMITTED), body[:3000]
    content = proposal.content
    told = {n["need"]: (n["mode"], *n["to"]) for n in content["notices"]}
    assert (content["channel"], content["state"], told) == ("999", said.state, said.notices)
    assert content["services"] == [*said.services]
    assert {name: content[name] for name in said.holds} == said.holds


def test_there_are_eighteen() -> None:
    assert len(SAID) == 18
    assert {said.who for said in SAID.values()} == {*WHO}


def test_each_control_room_has_its_number_where_it_answers() -> None:
    said = SAID["Scottish Fire: the numbers of our control rooms"]
    filled(said).press("keep")
    numbers = Proposal.objects.get().content["numbers"]
    kept = {(n["number"], n["footprint"]) for n in numbers}
    assert kept == {(number, place) for number, places in ROOMS.items() for place in places}


def test_a_kept_draft_comes_back_as_it_was_said() -> None:
    said = SAID["Scottish Fire: the numbers of our control rooms"]
    form = filled(said)
    form.press("keep")
    before = Proposal.objects.get()
    again = TheForm(form.client, f"/staff/drafts/{before.pk}/").open()
    again.press("keep")
    assert Proposal.objects.get().content == before.content


# --- what is broken, asked first --------------------------------------------------------------


def test_a_form_without_a_switch_asks_first_and_assumes_nothing() -> None:
    form = form_of("metropolitan-police")
    assert form.named("broken")[0].values == []
    assert list(form.offered("broken")) == [
        "front-door", "leg", "network", "line", "channel", "planned",
    ]  # fmt: skip
    assert "Say first what is broken" in form.look()
    assert form.press("publish").status_code == 422
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("?channel=999", "front-door"),
        ("?channel=101", "channel"),
        ("?channel=mobile-voice", "line"),
    ],
)
def test_a_switch_of_the_board_is_the_answer(query: str, answer: str) -> None:
    assert form_of("metropolitan-police").open(query).named("broken")[0].values == [answer]


@pytest.mark.parametrize(
    ("answer", "more", "holds"),
    [
        ("network", {"networks": ["ee"]}, {"channel": "999", "networks": ["ee"]}),
        ("line", {"line": ["mobile-voice"]}, {"channel": "mobile-voice", "networks": []}),
        ("line", {"line": ["mobile-voice"], "networks": ["three"]},
         {"channel": "mobile-voice", "networks": ["three"]}),
        ("line", {"line": ["relay-platform"]}, {"channel": "relay-platform"}),
        ("channel", {"channel": ["police-online"]}, {"channel": "police-online"}),
        ("leg", {"services": ["police"]}, {"channel": "999", "services": ["police"]}),
    ],
)  # fmt: skip
def test_each_answer_makes_its_kind_of_fault(
    answer: str, more: dict[str, list[str]], holds: dict[str, Any]
) -> None:
    form = form_of("metropolitan-police").choose("broken", answer)
    for name, values in more.items():
        form.choose(name, *values)
    assert 'class="problem"' not in form.look()
    form.press("keep")
    content = Proposal.objects.get().content
    assert {name: content[name] for name in holds} == holds


def test_planned_work_has_its_times_and_no_review() -> None:
    form = form_of("metropolitan-police").choose("broken", "planned").choose("channel", "101")
    form.write("starts_at", moment(days=1)).write("ends_at", moment(days=1, hours=2))
    form.press("keep")
    content = Proposal.objects.get().content
    assert content["planned"]
    assert content["channel"] == "101"
    assert content["review_at"] is None


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("network", "from which phone company"), ("line", "say which line"),
     ("channel", "Say first what is broken")],
)  # fmt: skip
def test_half_an_answer_is_asked_about_and_stays_chosen(answer: str, sentence: str) -> None:
    form = form_of("metropolitan-police").choose("broken", answer)
    assert sentence in form.look()
    answer_page = form.press("publish")
    assert answer_page.status_code == 422
    assert sentence in answer_page.content.decode()
    assert f'value="{answer}" checked' in answer_page.content.decode()


def test_what_was_ticked_under_another_answer_is_no_part_of_it() -> None:
    form = form_of("metropolitan-police").choose("broken", "network").choose("networks", "ee")
    form.choose("broken", "front-door").press("keep")
    assert Proposal.objects.get().content["networks"] == []


def test_who_owns_one_channel_is_asked_of_that_one(rulebook: Rulebook) -> None:
    owner = Organisation(slug="gas", kind="other", footprints=["uk"], channels=["gas-gb"])
    shown = form_options.broken_options(owner, rulebook, {"channel": ""})
    assert [a.value for a in shown.answers] == ["channel", "planned"]


# --- alternatives that can be told apart, and only what is carried out ---------------------------


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("state", [str(s) for s in form_options.STATES])
def test_no_two_ways_have_one_name(rulebook: Rulebook, who: str, state: str) -> None:
    kind, services, land = WHO[who]
    owner = Organisation(slug=who, name=who, kind=kind, services=services, footprints=land)
    for channel in form_options.MAIN:
        for row in form_options.need_rows(rulebook, owner, channel, state, ()):
            labels = [way.label for way in row.ways[0]]
            assert len(set(labels)) == len(labels), (channel, row.need)
            assert all(labels)


def test_nothing_is_offered_while_it_is_down_but_to_go_elsewhere() -> None:
    modes = form_options.modes(State.DOWN, "")
    assert [m.value for m in modes] == ["replace"]


def test_a_force_is_not_offered_the_ambulance_s_needs() -> None:
    form = form_of("devon-and-somerset-fire").open("?channel=999&state=down")
    assert form.named("need") != []
    assert {v for c in form.named("need") for v in c.values} == {FIRE}
