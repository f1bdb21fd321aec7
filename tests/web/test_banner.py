"""The outage banner: where it stands, what it says, and that it agrees with the page's answer."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from tests.api.conftest import Live
from tests.cast import CARRIER, ago, incident, later, notice, scope
from tests.web.kinds import LEICESTER, Reader
from triage.templatetags.which_number import dialled
from triage.web.presenters.banner_text import BannerLine
from triage.web.presenters.contact import Contact


def banner(reader: Client, path: str) -> str:
    found = re.search(r'<section class="banner (.*?)</section>', text(reader, path), re.S)
    return found[0] if found else ""


def text(reader: Client, path: str) -> str:
    return reader.get(path).content.decode()


def test_it_stands_on_every_page_of_its_area_and_on_none_outside(
    reader: Client, live: Live
) -> None:
    live(LEICESTER)
    for path in ("", "numbers/", "advice/burglary-past/", "privacy/"):
        assert "Many 999 calls are failing" in banner(reader, f"/in/leicestershire/{path}")
        assert banner(reader, f"/in/nottinghamshire/{path}") == ""


def test_a_page_without_an_area_shows_it_whatever_the_area(reader: Client, live: Live) -> None:
    live(LEICESTER)
    assert "Leicestershire Police" in banner(reader, "/")


def test_it_stands_above_the_heading_and_once(reader: Client, live: Live) -> None:
    live(LEICESTER, incident("101", "down", id="b"), incident("111", "delayed", id="c"))
    page = text(reader, "/in/leicestershire/advice/police-now/")
    assert page.count('<section class="banner') == 1
    assert page.index('<section class="banner') < page.index("<h1")
    assert "2 more reported" in page


def test_it_says_what_to_do_then_where_who_since_and_when_next(reader: Client, live: Live) -> None:
    live(LEICESTER)
    words = Reader.of(banner(reader, "/in/leicestershire/")).text
    told = ["call 101 first", "Leicestershire", "said so", "11:50 GMT", "Next check: 12:30 GMT"]
    places = [words.index(part) for part in told]
    assert places == sorted(places)


def test_its_number_is_the_one_the_page_gives(reader: Client, live: Live) -> None:
    live(incident("999", "down", notices=(notice("police-emergency", "replace", "101"),)))
    path = "/in/leicestershire/advice/police-now/"
    dials = re.findall(r'href="(tel:\d+)"', text(reader, path).split("<main")[1])
    assert dials[0] == re.findall(r'href="(tel:\d+)"', banner(reader, path))[0] == "tel:101"


def test_deaf_people_are_told_where_999_is_touched(reader: Client, live: Live) -> None:
    live(LEICESTER)
    assert 'href="/in/leicestershire/deaf/"' in banner(reader, "/in/leicestershire/")
    live(incident("101", "down"))
    assert "/deaf/" not in banner(reader, "/in/leicestershire/")


def test_the_four_kinds_differ_in_words_and_shape(reader: Client, live: Live) -> None:
    kinds = (
        incident("999", "down"),
        incident("101", "down"),
        incident("999", "restored"),
        incident("101", "degraded", planned=True, ends_at=later(hours=2)),
    )
    seen = set()
    for one in kinds:
        live(one)
        shown = banner(reader, "/")
        shape = re.search(r"<svg.*?</svg>", shown, re.S)
        assert shape
        seen.add((shape[0], Reader.of(shown).text.split("\n")[1]))
    assert len({shape for shape, _ in seen}) == len({words for _, words in seen}) == 4


def test_the_most_serious_leads(reader: Client, live: Live) -> None:
    live(incident("101", "down", id="a"), LEICESTER, incident("111", "down", id="c"))
    assert "banner emergency" in banner(reader, "/in/leicestershire/")


def test_an_overdue_one_says_so(reader: Client, live: Live) -> None:
    live(incident("999", "down", review_at=later(minutes=-5)))
    assert "was due at" in banner(reader, "/")


def test_a_network_fault_names_the_brands_and_another_phone(reader: Client, live: Live) -> None:
    live(incident("mobile-voice", "down", issuer=CARRIER, scope=scope("uk", networks=("ee",))))
    shown = banner(reader, "/")
    assert "BT Mobile" in shown
    assert "another phone" in shown
    assert "BT Digital Voice" not in shown


def test_with_no_area_northern_ireland_is_never_told_111_for_an_ambulance(
    reader: Client, live: Live
) -> None:
    live(incident("999", "down"))
    lines = [x for x in Reader.of(banner(reader, "/")).text.split("\n") if "111" in x]
    assert lines
    assert all("Northern Ireland" not in line for line in lines)
    assert "111" not in banner(reader, "/in/northern-ireland/")


def test_a_local_fault_is_told_with_its_own_advice_though_a_nation_has_another(
    reader: Client, live: Live
) -> None:
    live(LEICESTER, incident("999", "restored", id="w", scope=scope("nation:wales")))
    assert "call 101 first" in Reader.of(banner(reader, "/")).text


def lines(reader: Client, path: str) -> str:
    return re.sub(r"\s+", " ", Reader.of(banner(reader, path)).text)


@pytest.mark.parametrize("channel", ["101", "police-online"])
def test_a_fault_of_the_police_lines_sends_nobody_to_a_helpline(
    reader: Client, live: Live, channel: str
) -> None:
    live(incident(channel, "down"))
    for path in ("/", "/in/leicestershire/", "/cy/in/gwent/", "/in/northern-ireland/"):
        dials = re.findall(r'href="(tel:\d+)"', banner(reader, path))
        assert set(dials) <= {"tel:101"}, path
    assert "Police, not an emergency:" in lines(reader, "/in/leicestershire/")


def test_a_line_that_many_needs_share_names_its_fault_and_no_other_line(
    reader: Client, live: Live
) -> None:
    live(incident("childline", "down"))
    assert "Childline: not working." in lines(reader, "/in/kent/")
    assert "tel:" not in banner(reader, "/in/kent/")


def test_a_slow_line_is_told_to_hold_not_to_call_now(reader: Client, live: Live) -> None:
    live(incident("111", "delayed"))
    assert "call 111 and stay on the line" in lines(reader, "/in/kent/")


def test_with_every_phone_dead_a_fire_is_never_sent_to_the_police_station(
    reader: Client, live: Live
) -> None:
    live(incident("all-telecoms", "down"))
    shown = text(reader, "/in/kent/now/")
    for part in re.split(r'<p class="line">|<div class="group">', shown):
        said = re.split("</div>|</section>", part)[0]
        whom = Reader.of(said).text.strip()[:30]
        if "Fire" in whom or "Ambulance" in whom:
            assert "police station" not in said
    assert "Get out and stay out" in lines(reader, "/in/kent/")
    assert "hospital" in lines(reader, "/in/kent/")


def test_dead_landlines_are_told_of_a_mobile_not_to_call_as_usual(
    reader: Client, live: Live
) -> None:
    live(incident("landline", "down", issuer=CARRIER))
    assert "999 from a mobile" in lines(reader, "/in/kent/")
    assert "as usual" not in lines(reader, "/in/kent/")


@pytest.mark.parametrize("state", ["down", "many-failing", "delayed", "degraded", "restored"])
def test_a_fault_reads_as_a_sentence_for_a_name_as_for_a_number(
    reader: Client, live: Live, state: str
) -> None:
    for channel in ("emergency-sms", "mobile-data", "gp-pharmacy", "999-bsl", "samaritans"):
        live(incident(channel, state))
        assert not re.search(r"many .* calls are|calls is", lines(reader, "/in/kent/"))


def test_what_nobody_confirmed_in_time_is_told_as_due_then_and_not_at_its_next_look(
    reader: Client, live: Live
) -> None:
    live(replace(LEICESTER, confirm_by=ago(minutes=5), review_at=later(hours=1)))
    assert "was due at 11:55 GMT" in banner(reader, "/in/leicestershire/")


def test_the_panel_says_to_hold_where_999_is_slow(reader: Client, live: Live) -> None:
    live(incident("999", "delayed"))
    panel = text(reader, "/in/kent/").split('<section class="panel"')[1]
    assert "Stay on the line. Do not hang up." in panel.split("</section>")[0]


def test_another_line_is_named_and_not_called_usual(reader: Client, live: Live) -> None:
    live(incident("mh-111", "down"))
    assert (
        "Mental health crisis: call 116\N{NO-BREAK SPACE}123 (Samaritans)."
        in Reader.of(banner(reader, "/in/kent/")).text
    )


@pytest.mark.parametrize("state", ["on-backup", "many-failing", "restored"])
def test_where_all_call_the_same_first_it_is_said_once_and_then_what_stands_behind(
    reader: Client, live: Live, state: str
) -> None:
    live(incident("999", state))
    said = lines(reader, "/in/kent/")
    assert said.count("In an emergency call 999") == 1
    assert "Police, Fire, Coastguard: if that does not connect, call 101." in said
    assert "Ambulance: if that does not connect, call 111." in said
    alone = lines(reader, "/in/northern-ireland/")
    assert alone.count("connect") == 1
    assert "If that does not connect, call 101." in alone


def test_what_nations_are_told_alike_is_said_once_and_the_rest_by_nation(
    reader: Client, live: Live
) -> None:
    live(incident("999", "down"))
    said = lines(reader, "/")
    assert "Police, Fire, Coastguard: call 101 first. England, Wales, Scotland. Amb" in said
    assert "Northern Ireland. Ambulance: call 101 first." in said
    assert said.count("Police") == 1


def test_a_network_fault_tells_every_other_phone_to_call_as_usual(
    reader: Client, live: Live
) -> None:
    live(incident("mobile-voice", "down", issuer=CARRIER, scope=scope("uk", networks=("ee",))))
    assert "Any other phone: call 999 as usual." in lines(reader, "/in/kent/")


def test_the_date_of_the_next_look_is_told_where_it_is_another_day(
    reader: Client, live: Live
) -> None:
    live(LEICESTER)
    assert "Next check: 12:30 GMT." in lines(reader, "/in/leicestershire/")
    live(replace(LEICESTER, review_at=later(hours=20)))
    assert "Next check: 08:00 GMT, 25 November." in lines(reader, "/in/leicestershire/")


def test_a_local_number_that_holds_999_is_dialled_whole() -> None:
    ways = [Contact("", "", "Call", n, f"tel:{n[:5]}", "") for n in ("999", "01632 960999")]
    said = dialled(BannerLine("If that does not connect, call 01632 960999.", tuple(ways)))
    assert said.endswith('call <a class="num" href="tel:01632">01632 960999</a>.')
