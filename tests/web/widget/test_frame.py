"""The pages inside the frame: who may frame them, what they say, and that they keep nothing."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.test import Client

from tests.cast import incident, scope
from tests.web.api.test_api import LEICESTER
from tests.web.conftest import Live
from triage import rules
from triage.engine.rulebook import Rulebook
from triage.web.widget.loader import VIEWS


def page(reader: Client, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def may_frame(reader: Client, path: str) -> list[str]:
    policy = reader.get(path)["Content-Security-Policy"]
    (line,) = [d for d in policy.split(";") if d.strip().startswith("frame-ancestors")]
    return line.split()[1:]


@pytest.mark.parametrize("view", VIEWS)
def test_an_outage_is_shown_in_its_area_and_nowhere_else(
    reader: Client, live: Live, view: str
) -> None:
    before = page(reader, f"/embed/{view}/nottinghamshire/")
    live(LEICESTER)
    assert "Many 999 calls are failing" in page(reader, f"/embed/{view}/leicestershire/")
    assert page(reader, f"/embed/{view}/nottinghamshire/") == before


def test_a_line_says_nothing_at_all_on_a_calm_day(reader: Client, live: Live) -> None:
    empty = '<main id="main" tabindex="-1"></main>'
    assert empty in page(reader, "/embed/line/kent/")
    live(LEICESTER)
    assert empty in page(reader, "/embed/line/kent/")
    said = page(reader, "/embed/line/leicestershire/").split("<main")[1].split("</main>")[0]
    assert 'href="tel:101"' in said
    assert 'href="/in/leicestershire/"' in said


def test_a_line_that_could_not_be_checked_is_not_calm(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    live()
    later_on = time.monotonic() + 700
    monkeypatch.setattr("triage.clock.steady", lambda: later_on)
    said = "We have not been able to check for faults since"
    assert said in page(reader, "/embed/line/kent/")


def test_a_host_that_is_struck_off_loses_the_frame_with_the_next_page(
    reader: Client, live: Live, settings: Any
) -> None:
    settings.DEMO = False
    live(hosts={"kent": frozenset({"www.force.example"})})
    assert "https://www.force.example" in may_frame(reader, "/embed/line/kent/")
    live(hosts={})
    assert may_frame(reader, "/embed/line/kent/") == ["'self'"]


def test_a_fault_of_999_tells_deaf_people_what_the_public_page_tells_them(
    reader: Client, live: Live
) -> None:
    live(LEICESTER)
    for path, start in (
        ("/in/leicestershire/", '<p class="beside">'),
        ("/embed/banner/leicestershire/", '<p class="small links">'),
    ):
        line = page(reader, path).split(start)[1].split("</p>")[0]
        assert re.findall(r'href="([^"]*)"', line) == [
            "/in/leicestershire/silent/",
            "/in/leicestershire/deaf/",
        ]


AT_RISK = "May not work now. Use another way as well."


@pytest.mark.parametrize("address", ["deaf-emergency-bsl", "deaf-emergency-text", "deaf-emergency"])
def test_what_may_not_work_is_named_as_often_as_on_the_public_page(
    reader: Client, live: Live, address: str
) -> None:
    live(LEICESTER)
    framed = page(reader, f"/embed/ask/leicestershire/advice/{address}/from/deaf/")
    public = page(reader, f"/in/leicestershire/advice/{address}/")
    assert framed.count(AT_RISK) == public.count(AT_RISK) > 0


def test_for_the_uk_it_says_that_another_place_is_told_otherwise(
    reader: Client, live: Live
) -> None:
    live(LEICESTER)
    for path in ("/embed/ask/uk/", "/"):
        html = page(reader, path)
        assert "Leicestershire and Rutland: Many 999 calls are failing." in html
        assert 'href="/in/leicestershire/"' in html


def test_what_to_do_comes_before_the_signs_to_read(reader: Client) -> None:
    text = page(reader, "/embed/ask/kent/advice/police-now/from/danger/")
    assert text.index('href="tel:999"') < text.index("if any of these is true")


def test_a_number_in_a_list_is_named(reader: Client) -> None:
    text = page(reader, "/embed/ask/kent/advice/burglary-past/from/break-in/")
    assert re.search(r"<b>101</b></a> <span>101, the police [^<]*</span>", text)


@pytest.mark.usefixtures("merged")
def test_a_tag_from_before_a_merger_shows_the_area_of_today(reader: Client) -> None:
    for path in ("/embed/ask/{}/", "/cy/embed/banner/{}/"):
        old, new = (page(reader, path.format(s)) for s in ("rutland-of-old", "leicestershire"))
        assert old == new


def test_the_frame_dials_what_the_advice_puts_first(reader: Client, live: Live) -> None:
    assert 'href="tel:999"' in page(reader, "/embed/banner/leicestershire/")
    live(LEICESTER)
    first = re.findall(r'href="(tel:[^"]*)"', page(reader, "/embed/banner/leicestershire/"))[0]
    assert first == "tel:101"


def test_every_dial_link_is_the_number_beside_it(reader: Client, live: Live) -> None:
    live(LEICESTER)
    for path in ("/embed/full/leicestershire/", "/cy/embed/full/uk/"):
        ways = re.findall(r'href="tel:([0-9]+)"[^>]*>[^<]*<b>([^<]*)</b>', page(reader, path))
        assert ways
        assert all(number == re.sub(r"\D", "", shown) for number, shown in ways)


def test_welsh_is_welsh(reader: Client) -> None:
    text = page(reader, "/cy/embed/full/gwent/")
    assert '<html lang="cy">' in text
    assert "Ffoniwch" in text
    assert 'href="/embed/full/gwent/" lang="en"' in text


def test_the_other_language_is_the_same_page(reader: Client) -> None:
    for path in ("ask/crime/", "advice/burglary-past/from/break-in/"):
        text = page(reader, f"/embed/ask/gwent/{path}?accent=003366")
        assert f'href="/cy/embed/ask/gwent/{path}?accent=003366" lang="cy"' in text


def test_without_an_area_it_is_for_the_uk(reader: Client) -> None:
    assert page(reader, "/embed/banner/") == page(reader, "/embed/banner/uk/")


def test_nobody_but_registered_hosts_may_frame_it(
    reader: Client, live: Live, settings: Any
) -> None:
    settings.DEMO = False
    assert may_frame(reader, "/embed/full/kent/") == ["'self'"]
    live(hosts={"kent": frozenset({"www.force.example", "https://b.example:8443"})})
    assert may_frame(reader, "/embed/full/kent/") == [
        "'self'",
        "https://b.example:8443",
        "https://www.force.example",
    ]
    assert "X-Frame-Options" not in reader.get("/embed/full/kent/")


def test_the_hosts_of_other_areas_stand_in_no_header(
    reader: Client, live: Live, settings: Any
) -> None:
    settings.DEMO = False
    everywhere = {
        area: frozenset(f"https://{area}-{n}.police.uk" for n in range(20))
        for area in rules.rulebook().catalogue.areas
    }
    live(hosts={**everywhere, "": frozenset({"https://national.example"})})
    framing = may_frame(reader, "/embed/full/kent/")
    assert len(framing) == 22
    assert {"https://kent-3.police.uk", "https://national.example"} < set(framing)
    assert may_frame(reader, "/embed/full/") == ["'self'", "https://national.example"]


@pytest.mark.parametrize("host", ["*", "a; script-src *", "a b", "'self'", "https:", "data:", ""])
def test_a_host_that_is_none_opens_nothing(
    reader: Client, live: Live, settings: Any, host: str
) -> None:
    settings.DEMO = False
    live(hosts={"kent": frozenset({host})})
    assert may_frame(reader, "/embed/full/kent/") == ["'self'"]


def test_the_banner_alone_may_be_open_to_all(reader: Client, settings: Any) -> None:
    settings.DEMO = False
    settings.OPEN_BANNER = True
    assert may_frame(reader, "/embed/banner/kent/") == ["'self'", "*"]
    assert may_frame(reader, "/embed/ask/kent/") == ["'self'"]


def test_other_pages_may_not_be_framed(reader: Client) -> None:
    for path in ("/embed/", "/api/v1/status", "/embed/banner/knet/"):
        assert may_frame(reader, path) == ["'none'"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/embed/banner/knet/", 404),
        ("/embed/all/kent/", 404),
        ("/embed/ask/kent/ask/nothing/", 404),
        ("/embed/ask/kent/advice/nothing/from/crime/", 404),
        ("/embed/ask/kent/advice/burglary-past/from/nothing/", 404),
        ("/embed/banner/kent/?x=1", 400),
        ("/embed/banner/kent/?network=eee", 400),
        ("/embed/banner/kent/?line=string", 400),
    ],
)
def test_a_wrong_address_gives_the_essentials(reader: Client, path: str, status: int) -> None:
    answer = reader.get(path)
    assert answer.status_code == status
    assert b"999" in answer.content


def test_a_post_is_refused(reader: Client) -> None:
    assert reader.post("/embed/banner/kent/").status_code == 405


def test_a_readable_theme_is_worn_and_a_faint_one_is_not(reader: Client) -> None:
    assert "--accent:#003366" in page(reader, "/embed/banner/kent/?accent=003366")
    assert "#eeeeee" not in page(reader, "/embed/banner/kent/?accent=eeeeee")
    assert "url(" not in page(reader, "/embed/banner/kent/?accent=url(x)")


def test_every_style_in_the_page_is_allowed_by_its_hash(reader: Client) -> None:
    answer = reader.get("/embed/banner/kent/?accent=003366")
    assert answer.content.count(b"<style>") == 2
    assert answer["Content-Security-Policy"].count("'sha256-") == 2
    assert b"style=" not in answer.content
    assert b"onclick" not in answer.content


def test_every_question_and_outcome_can_be_reached_inside_the_frame(
    reader: Client, rulebook: Rulebook
) -> None:
    seen: set[str] = set()
    queue = ["/embed/ask/kent/"]
    while queue:
        path = queue.pop()
        if path not in seen:
            seen.add(path)
            text = page(reader, path)
            queue += re.findall(r'href="(/embed/ask/kent/(?:ask|advice)/[^"]*)"', text)
    outcomes = {p.split("/advice/")[1].split("/")[0] for p in seen if "/advice/" in p}
    assert outcomes == {o.address for o in rulebook.outcomes.values()}


def test_a_sensitive_branch_leaves_no_trace(reader: Client, rulebook: Rulebook) -> None:
    asked = next(q for q in rulebook.questions.values() if q.sensitive)
    answer = reader.get(f"/embed/ask/kent/ask/{asked.address}/")
    assert answer["Cache-Control"] == "no-store"
    assert "<title>Which number to call</title>" in answer.content.decode()


def test_a_fault_of_some_phones_asks_which_one(reader: Client, live: Live) -> None:
    live(incident("mobile-voice", "down", scope=scope(networks=("ee",))))
    path = "/embed/ask/kent/advice/police-now/from/danger/"
    assert '<select name="network"' in page(reader, path)
    assert "another phone" in page(reader, f"{path}?network=ee&line=mobile")


def test_nothing_is_set_on_the_readers_device(reader: Client, live: Live) -> None:
    live(LEICESTER)
    for view in VIEWS:
        answer = reader.get(f"/embed/{view}/leicestershire/")
        assert not answer.cookies
        fetched = re.findall(r'(?:src|<link[^>]*href)="([^"]*)"', answer.content.decode())
        assert all(address.startswith("/static/") for address in fetched)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("start", ["", "/cy"])
def test_what_is_pretend_cannot_be_mistaken(reader: Client, start: str, view: str) -> None:
    answer = reader.get(f"{start}/sandbox/embed/{view}/kent/")
    text = answer.content.decode()
    mark = "Pretend, for testing." if not start else "Ffug, at ddibenion profi."
    # A line has room for one word of it, before what it says.
    assert text.count(mark) == (0 if view == "line" else 2)
    assert view != "line" or re.search('class="words">(PRETEND|FFUG): ', text)
    assert "tel:" not in text
    assert "<title>PRETEND:" in text or "<title>FFUG:" in text
    assert answer["Cache-Control"] == "no-store"


def test_what_is_pretend_shows_an_outage_and_touches_nothing_real(
    reader: Client, live: Live
) -> None:
    before = page(reader, "/embed/banner/kent/")
    shown = page(reader, "/sandbox/embed/banner/kent/")
    assert "Many 999 calls are failing" in shown
    assert "Call <b>101</b>" in shown
    assert page(reader, "/embed/banner/kent/") == before
    assert "pretend" not in reader.get("/api/v1/status").json()["in_force"]


def test_the_frame_says_since_when_nothing_could_be_checked(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    later_on = time.monotonic() + 700
    monkeypatch.setattr("triage.clock.steady", lambda: later_on)
    text = page(reader, "/embed/full/kent/")
    assert "We have not been able to check for faults since" in text
    assert 'href="tel:101"' in text


def test_what_is_about_any_emergency_sends_nobody_to_one_service(
    reader: Client, live: Live
) -> None:
    live()
    told = page(reader, "/embed/full/kent/advice/little-english/from/other/")
    assert "Ask for the police" not in told
    assert 'class="danger calm"' in told
