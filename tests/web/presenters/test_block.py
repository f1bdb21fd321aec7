"""The emergency block and the line of a fault: where they stand, and that they tell it once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from outage.bulletin import Story
from tests.cast import CARRIER, ago, incident, later, notice, scope
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER, Reader
from triage.engine.catalogue import Text


def text(reader: Client, path: str) -> str:
    return reader.get(path).content.decode()


def part(reader: Client, path: str, pattern: str) -> str:
    found = re.search(pattern, text(reader, path), re.S)
    return found[0] if found else ""


def block(reader: Client, path: str) -> str:
    return part(reader, path, r'<section class="(?:do emergency )?panel .*?</section>')


def faults(reader: Client, path: str) -> str:
    return part(reader, path, r'<ul class="faults".*?</ul>')


def words(html: str) -> str:
    return re.sub(r"\s+", " ", Reader.of(html).text)


def dials(html: str) -> list[str]:
    return re.findall(r'href="(tel:\d+)"', html)


def test_the_block_alone_tells_of_a_fault_and_once(reader: Client, live: Live) -> None:
    live(LEICESTER)
    for path in ("", "now/", "status/", "print/leicestershire/", "advice/police-now/"):
        main = text(reader, f"/in/leicestershire/{path}").split("<main")[1].split("</main")[0]
        own = main.split('class="rows"')[0] if path == "status/" else main
        assert own.count("Many 999 calls are failing") == 1, path
        assert "Many 999 calls are failing" in words(block(reader, f"/in/leicestershire/{path}"))


def test_a_page_that_the_fault_does_not_touch_has_one_line_and_its_own_number(
    reader: Client, live: Live
) -> None:
    live(LEICESTER)
    path = "/in/leicestershire/advice/gas-smell/"
    page = text(reader, path).split("<main")[1]
    assert dials(page)[0] == "tel:0800111999"
    assert page.index("tel:0800111999") < page.index("Many 999 calls are failing")
    assert "In an emergency, see what to do" in words(faults(reader, path))
    assert 'href="/in/leicestershire/now/"' in faults(reader, path)
    assert words(page).count("Many 999 calls") == 1


def test_a_page_of_another_area_says_nothing_of_it(reader: Client, live: Live) -> None:
    live(LEICESTER)
    for path in ("", "numbers/", "advice/burglary-past/", "privacy/"):
        assert "Many 999 calls" not in text(reader, f"/in/nottinghamshire/{path}")


@pytest.mark.parametrize("path", ["", "now/", "advice/police-now/", "privacy/"])
def test_without_an_area_a_fault_of_some_is_one_line_with_a_link_to_them(
    reader: Client, live: Live, path: str
) -> None:
    live(LEICESTER)
    said = faults(reader, f"/{path}")
    assert "Leicestershire and Rutland: Many 999 calls are failing. Are you there?" in words(said)
    assert f'href="/in/leicestershire/{path}"' in said
    assert "Many 999 calls" not in words(block(reader, f"/{path}"))


def test_a_fault_that_touches_everybody_takes_the_block(reader: Client, live: Live) -> None:
    live(incident("999", "down"))
    said = words(block(reader, "/"))
    assert "999 is not working" in said
    assert dials(block(reader, "/"))[0] == "tel:101"
    assert "Northern Ireland" in said
    assert faults(reader, "/") == ""


def test_northern_ireland_is_never_told_111_for_an_ambulance(reader: Client, live: Live) -> None:
    live(incident("999", "down"))
    assert "tel:111" not in text(reader, "/in/northern-ireland/")


def test_who_says_so_stands_once_with_since_and_next(reader: Client, live: Live) -> None:
    live(LEICESTER)
    said = words(block(reader, "/in/leicestershire/"))
    line = "Leicestershire Police said so. Since 11:50 GMT, 24 November. Next check: 12:30 GMT."
    assert line in said
    live(replace(LEICESTER, published_at=ago(days=400), starts_at=ago(days=400)))
    assert "20 October 2025" in words(block(reader, "/in/leicestershire/"))


def test_the_four_kinds_differ_in_words_and_shape(reader: Client, live: Live) -> None:
    kinds = (
        incident("999-bsl", "down"),
        incident("101", "down"),
        incident("101", "restored"),
        incident("101", "degraded", planned=True, ends_at=later(hours=2)),
    )
    seen = set()
    for one in kinds:
        live(one)
        shape = re.search(r"<svg.*?</svg>", said := faults(reader, "/in/kent/numbers/"), re.S)
        assert shape
        seen.add((shape[0], words(said).split(":")[0]))
    assert len({shape for shape, _ in seen}) == len({kind for _, kind in seen}) == 4


def test_the_gravest_leads_by_what_people_are_told_to_do(reader: Client, live: Live) -> None:
    london = incident(
        "999",
        "many-failing",
        id="london",
        scope=scope("police:metropolitan"),
        notices=(notice("police-emergency", "replace", "101"),),
        published_at=ago(minutes=30),
    )
    kent = incident("999", "many-failing", id="kent", scope=scope("police:kent"))
    live(kent, london, incident("101", "down", id="a"))
    said = words(faults(reader, "/"))
    assert said.index("London") < said.index("Kent")
    assert "1 more reported" in said


def test_an_overdue_one_says_so(reader: Client, live: Live) -> None:
    live(incident("999", "down", review_at=later(minutes=-5)))
    assert "was due at" in block(reader, "/")
    live(replace(LEICESTER, confirm_by=ago(minutes=5), review_at=later(hours=1)))
    assert "was due at 11:55 GMT" in block(reader, "/in/leicestershire/")


def test_a_network_is_asked_for_by_name_and_told_of_another_phone(
    reader: Client, live: Live
) -> None:
    live(incident("mobile-voice", "down", issuer=CARRIER, scope=scope("uk", networks=("ee",))))
    said = faults(reader, "/in/kent/")
    assert "BT Mobile" in said
    assert "BT Digital Voice" not in said
    assert 'href="/in/kent/?network=ee"' in said
    told = block(reader, "/in/kent/?network=ee")
    assert "Borrow another phone, then call 999" in words(told)
    assert dials(told) == []


def test_the_network_travels_in_every_link(reader: Client, live: Live) -> None:
    of_ee = scope("uk", networks=("ee",))
    live(LEICESTER, incident("mobile-voice", "down", issuer=CARRIER, scope=of_ee))
    alone = ("/static/", "/favicon", "/api/", "/embed/", "/elsewhere/")
    for path in ("", "now/", "advice/police-now/", "about/", "numbers/", "status/"):
        for start in ("/in/leicestershire/", "/"):
            page = text(reader, f"{start}{path}?network=ee")
            links = [h for h, _ in Reader.of(page).links if h.startswith("/")]
            own = [h for h in links if not h.startswith(alone)]
            assert own
            assert all(h.split("#")[0].endswith("?network=ee") for h in own), (path, own)


@pytest.mark.parametrize("prefix", ["", "/cy"])
@pytest.mark.parametrize("path", ["", "now/", "status/", "print/kent/", "advice/not-breathing/"])
def test_on_a_calm_day_the_list_goes_on_after_999(reader: Client, prefix: str, path: str) -> None:
    said = words(block(reader, f"{prefix}/in/kent/{path}"))
    assert (
        "If it does not connect at all" if not prefix else "Os nad yw'n cysylltu o gwbl"
    ) in said
    assert "111" in said
    assert ("orrow another phone" if not prefix else "fenthyg ffôn arall") in said


def test_without_an_area_the_ways_beyond_are_told_by_nation(reader: Client) -> None:
    said = words(block(reader, "/"))
    assert "101 Police, Ambulance (Northern Ireland), Fire, Coastguard" in said
    assert "111 Ambulance (England, Wales, Scotland)" in said


def test_101_for_a_fire_says_ask_for_the_fire_service(reader: Client, live: Live) -> None:
    live(incident("999", "down"))
    said = words(block(reader, "/in/kent/"))
    assert "On 101, ask for the fire service, or for the Coastguard." in said
    assert said.count("On 101, ask for") == 1


def test_dead_phones_send_no_fire_to_the_police_station(reader: Client, live: Live) -> None:
    live(incident("all-telecoms", "down"))
    groups = re.findall(r'<div class="group">.*?</div>', text(reader, "/in/kent/now/"), re.S)
    assert len(groups) == 4
    for group in groups:
        whom = Reader.of(group).text.strip()
        if whom.startswith(("Fire", "Ambulance")):
            assert "police station" not in group


def test_where_every_phone_is_dead_the_block_says_so_before_what_to_do(
    reader: Client, live: Live
) -> None:
    live(incident("all-telecoms", scope=scope("police:leicestershire")))
    for path in ("", "now/"):
        told = words(block(reader, f"/in/leicestershire/{path}"))
        assert "All phones and mobile internet: not working" in told
        assert "Emergency now" not in told


def test_slow_999_is_told_to_hold(reader: Client, live: Live) -> None:
    live(incident("999", "delayed"))
    assert "Stay on the line. Do not hang up." in words(block(reader, "/in/kent/"))


@pytest.mark.parametrize("state", ["down", "many-failing", "delayed", "degraded", "restored"])
def test_a_fault_reads_as_a_sentence_for_a_name_as_for_a_number(
    reader: Client, live: Live, state: str
) -> None:
    for channel in ("emergency-sms", "mobile-data", "gp-pharmacy", "999-bsl", "samaritans"):
        live(incident(channel, state))
        said = words(faults(reader, "/in/kent/"))
        assert said
        assert not re.search(r"many .* calls are|calls is", said)


def test_a_fault_of_a_way_without_voice_leads_to_the_page_for_it(
    reader: Client, live: Live
) -> None:
    live(incident("999-bsl", "down"))
    assert 'href="/in/kent/deaf/"' in faults(reader, "/in/kent/")
    assert "999 BSL" not in block(reader, "/in/kent/")


def test_the_issuers_own_words_stand_marked_as_theirs(reader: Client, live: Live) -> None:
    said = Text("Our lines are busy.", "Mae'n brysur.")
    live(LEICESTER, stories=(Story(LEICESTER.id, said, LEICESTER, (), said=said),))
    for path in ("", "advice/police-now/"):
        told = words(block(reader, f"/in/leicestershire/{path}"))
        assert "Leicestershire Police: “Our lines are busy.”" in told


def test_a_poster_tells_no_fault_and_a_sheet_offers_no_line_that_is_kept_free(
    reader: Client, live: Live
) -> None:
    poster = text(reader, "/poster/leicestershire/").split("<main")[1]
    live(LEICESTER)
    assert text(reader, "/poster/leicestershire/").split("<main")[1] == poster
    ways = text(reader, "/print/leicestershire/").split('<div class="ways">')
    assert "tel:101" not in ways[-1]


@pytest.mark.parametrize("path", ["/nosuch/", "/cy/nosuch/", "/in/kent/?network=nobody"])
def test_an_error_page_dials(reader: Client, path: str) -> None:
    assert dials(text(reader, path)) == ["tel:999", "tel:101", "tel:111"]
