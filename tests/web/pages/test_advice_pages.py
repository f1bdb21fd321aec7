"""The question tree as people walk it: start, questions, advice, and what changes them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import CARRIER, NOON, incident, notice, number, scope
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER, Reader
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Situation, Uses, Visitor
from triage.engine.unknown_place import advise
from triage.web.presenters.sentences import EMERGENCIES


def text(reader: Client, path: str) -> str:
    return reader.get(path).content.decode()


def main(reader: Client, path: str) -> str:
    return text(reader, path).split("<main", 1)[1].split("</main>")[0]


def first_dial(html: str) -> str:
    found = re.search(r'class="call[^"]*" href="([^"]+)"', html)
    return found[1] if found else ""


def test_the_start_gives_999_with_no_tap(reader: Client) -> None:
    page = main(reader, "/")
    assert first_dial(page) == "tel:999"
    assert page.index("tel:999") < page.index("/silent/") < page.index("/ask/")


def test_the_start_changes_in_leicestershire_alone(reader: Client, live: Live) -> None:
    live(LEICESTER)
    assert first_dial(main(reader, "/in/leicestershire/")) == "tel:101"
    assert first_dial(main(reader, "/in/nottinghamshire/")) == "tel:999"
    everywhere = main(reader, "/")
    assert first_dial(everywhere) == "tel:999"
    assert "Leicestershire and Rutland: Many 999 calls are failing." in Reader.of(everywhere).text
    assert 'href="/in/leicestershire/"' in everywhere


def test_every_option_of_every_question_leads_to_a_page(reader: Client, rulebook: Rulebook) -> None:
    for question in rulebook.questions.values():
        path = "/" if question.id == "start" else f"/ask/{question.address}/"
        page = main(reader, path)
        links = re.findall(r'<li><a href="([^"]+)"', page)
        assert len(links) >= len(question.options), path


@pytest.mark.parametrize("nation", ["", "/in/kent", "/in/police-scotland", "/in/northern-ireland"])
def test_every_outcome_has_its_page_in_every_nation(
    reader: Client, rulebook: Rulebook, nation: str
) -> None:
    for outcome in rulebook.outcomes.values():
        assert reader.get(f"{nation}/advice/{outcome.address}/").status_code == 200, outcome.id


def test_a_burglary_in_progress_in_leicester(reader: Client) -> None:
    page = main(reader, "/in/leicestershire/advice/burglary-now/from/break-in/now/")
    assert first_dial(page) == "tel:999"
    assert "Ask for the police" in page


def test_a_stolen_bike_in_cardiff_in_welsh(reader: Client) -> None:
    page = text(reader, "/cy/in/south-wales-south-wales/advice/theft-past/from/theft/past/")
    assert '<html lang="cy"' in page
    assert "tel:101" in page
    assert "Ffoniwch" in page


def test_fraud_in_glasgow_and_in_leeds(reader: Client) -> None:
    assert "0300" in main(reader, "/in/west-yorkshire/advice/fraud-past/")
    glasgow = main(reader, "/in/police-scotland/advice/fraud-past/")
    assert "tel:101" in glasgow
    assert "Report Fraud" not in glasgow


def test_a_heart_attack_in_belfast_is_never_sent_to_111(reader: Client, live: Live) -> None:
    live(incident("999", "down"))
    page = main(reader, "/in/northern-ireland/advice/ambulance-now/")
    assert first_dial(page) == "tel:101"
    assert "tel:111" not in page


def test_a_non_emergency_goes_online_while_101_is_kept_free(reader: Client, live: Live) -> None:
    live(LEICESTER)
    page = main(reader, "/in/leicestershire/advice/burglary-past/")
    assert "Keep 101 free" in page
    assert first_dial(page).startswith("https://")
    assert "tel:101" not in page


def test_a_deaf_person_is_told_of_the_risk_and_of_another_way(reader: Client, live: Live) -> None:
    live(incident("999", "down"))
    page = main(reader, "/in/leicestershire/deaf/")
    assert "May not work now" in page
    assert "Ask someone you trust" in page


def test_only_one_way_is_to_be_tried_first(reader: Client, live: Live) -> None:
    live(incident("999", "many-failing", scope=scope("police:leicestershire")))
    for answer in ("police-now", "deaf-emergency-text", "cannot-speak"):
        page = main(reader, f"/in/leicestershire/advice/{answer}/")
        assert page.count("Try this first.") == 1, answer


def test_a_published_number_is_said_as_it_is_and_a_place_is_no_line(
    reader: Client, live: Live
) -> None:
    say = notice("police-emergency", "try-first", "local-number", "in-person")
    own = number("01632 960001", "police:leicestershire")
    here = scope("police:leicestershire")
    live(incident("999", "many-failing", scope=here, notices=(say,), numbers=(own,)))
    page = main(reader, "/in/leicestershire/advice/police-now/")
    ways = re.findall(
        r'<div class="way">.*?</p>', page.split('class="thens"')[1].split("</ol>")[0], re.S
    )
    said = [re.sub(r"\s+", " ", Reader.of(way).text.strip()) for way in ways]
    assert "01632 960001" in said[0]
    assert "101" in said[1]
    assert "police station" in said[-1]


def test_who_reports_online_is_told_which_line_is_slow(reader: Client, live: Live) -> None:
    live(incident("101", "delayed", scope=scope("police:leicestershire")))
    page = main(reader, "/in/leicestershire/advice/burglary-past/")
    assert "On 101, stay on the line." in page


def test_ordinary_words_point_to_help_while_999_fails_and_not_otherwise(
    reader: Client, live: Live
) -> None:
    path = "/in/leicestershire/advice/burglary-past/"
    assert "it has a fault" not in text(reader, path)
    assert "I need 999 now" in text(reader, path)
    live(LEICESTER)
    assert "Call 999 (it has a fault: use “I need help now”)" in main(reader, path)
    assert "I need help now</a>" in text(reader, path)


def test_no_outcome_says_call_999_unqualified_while_999_fails(
    reader: Client, live: Live, rulebook: Rulebook
) -> None:
    live(LEICESTER)
    for outcome in rulebook.outcomes.values():
        page = main(reader, f"/in/leicestershire/advice/{outcome.address}/")
        # A lead says what the button beside it says: test_rendered_laws.py holds it to that.
        answer = (
            r'<section class="(?:do |panel).*?</section>|<details.*?</details>'
            r'|<p class="lead.*?</p>|<h1.*?</h1>'
        )
        ordinary = re.sub(answer, "", page, flags=re.S)
        ways = re.findall(r'<div class="way">.*?</div>', ordinary, re.S)
        assert all("May not work now" in way for way in ways if ">999<" in way)
        for way in ways:
            ordinary = ordinary.replace(way, "")
        bare = re.findall(r"[Cc]all 999(?! \(it has a fault)", Reader.of(ordinary).text)
        assert not bare, outcome.id


def test_because_you_said_with_a_way_to_change_it(reader: Client) -> None:
    page = main(reader, "/advice/burglary-past/from/break-in/past/")
    assert "A crime: break-in, theft, damage, threats" in page
    assert {"/ask/crime/", "/ask/break-in/"} <= set(Reader.of(page).own)


def test_wrong_answers_in_the_address_lead_to_the_plain_advice(reader: Client) -> None:
    answer = reader.get("/advice/burglary-past/from/break-in/now/")
    assert answer["Location"] == "/advice/burglary-past/"


def test_a_changed_advice_says_who_changed_it_and_when_they_look_again(
    reader: Client, live: Live
) -> None:
    live(LEICESTER)
    page = main(reader, "/in/leicestershire/advice/police-now/")
    assert "Leicestershire Police said so. Since 11:50 GMT, 24 November." in page
    assert "Next check: 12:30 GMT" in page


def test_the_network_is_asked_only_while_it_matters(reader: Client, live: Live) -> None:
    assert "<select" not in text(reader, "/advice/police-now/")
    live(incident("mobile-voice", "down", issuer=CARRIER, scope=scope("uk", networks=("ee",))))
    page = text(reader, "/in/kent/advice/police-now/")
    assert 'name="network"' in page
    assert "A fault of some phones" in page
    told = main(reader, "/in/kent/advice/police-now/?network=ee")
    assert "Borrow another phone, then call 999" in told
    assert 'class="call" href' not in told
    assert "Emergency calls changed" in told
    assert 'name="network"' not in told


@pytest.mark.parametrize("channel", ["landline", "999-landline"])
def test_the_line_is_asked_while_landlines_fail(reader: Client, live: Live, channel: str) -> None:
    live(incident(channel, scope=scope("police:kent")))
    page = text(reader, "/in/kent/advice/police-now/")
    assert 'name="line"' in page
    assert "999 from a mobile" in main(reader, "/in/kent/advice/police-now/?line=landline")


def test_nothing_is_asked_where_every_phone_is_dead(reader: Client, live: Live) -> None:
    here = scope("nation:england")
    live(incident("landline", scope=here), incident("mobile-voice", scope=here))
    page = main(reader, "/in/kent/advice/police-now/")
    assert "<select" not in page
    assert "A fault of some phones" not in page
    assert "999: it is not working" not in page
    assert 'class="call" href' not in page


def test_the_council_is_asked_only_while_it_matters(reader: Client, live: Live) -> None:
    live(incident("101", "down", scope=scope("council:E07000064")))
    assert 'name="council"' in text(reader, "/in/sussex-east-sussex/advice/burglary-past/")
    assert 'name="council"' not in text(reader, "/in/kent/advice/burglary-past/")


@pytest.mark.parametrize("path", ["/ask/k1/", "/advice/k24/", "/advice/k24/from/k1/g/", "/silent/"])
def test_a_sensitive_page_is_neutral_and_on_no_disk(reader: Client, path: str) -> None:
    answer = reader.get(path)
    assert answer["Cache-Control"] == "no-store"
    assert Reader.of(answer.content.decode()).title == "Which Number"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_links_into_a_sensitive_branch_write_no_history(reader: Client) -> None:
    link = re.search(r'<a href="/ask/k1/"[^>]*>', text(reader, "/"))
    assert link
    # htmx writes an entry where it is told to push, and wherever it boosts.
    assert 'hx-get="/ask/k1/"' in link[0]
    assert not re.search("hx-push-url|hx-boost", link[0])


def test_the_steps_of_a_silent_call_stand_there_while_it_is_to_be_made(
    reader: Client, live: Live
) -> None:
    path = "/in/leicestershire/advice/cannot-speak/"
    assert "Press 55 when the message asks you" in reader.get(path).content.decode()
    live(incident("silent-solution", "down"))
    assert "Press 55" not in reader.get(path).content.decode()


@pytest.mark.parametrize(
    "path", ["signal/", "languages/", "advice/no-signal/", "advice/little-english/"]
)
def test_what_is_about_any_emergency_sends_nobody_to_one_service(
    reader: Client, live: Live, path: str
) -> None:
    live()
    page = reader.get(f"/in/kent/{path}").content.decode()
    main = page.split("<main")[1].split("</main")[0]
    assert "Ask for the police" not in main
    assert "Police, Ambulance, Fire, Coastguard" in main
    live(incident("999", "down"))
    panel = reader.get(f"/in/kent/{path}").content.decode().split('class="panel ')[1]
    button = panel[panel.index("tel:111") :].split("</a>")[0]
    assert "Ambulance" in button


@pytest.mark.parametrize("need", EMERGENCIES)
def test_a_deaf_person_is_told_what_the_engine_tells_them_of_their_service(
    reader: Client, live: Live, rulebook: Rulebook, need: str
) -> None:
    live(LEICESTER)
    page = main(reader, f"/in/leicestershire/deaf/{need}/")
    place = rulebook.catalogue.place("leicestershire")
    for uses in (Uses.SIGN, Uses.TEXT):
        asked = Situation(NOON, need, place, Visitor(uses=uses), (LEICESTER,))
        told = advise(rulebook, asked)
        assert f'<a class="call{" web" * (not told.first.number)}" href="{told.first.href}"' in page
        assert all(e.href in page for e in told.then if e.href)
    assert "Relay UK app" in page
    assert 'aria-current="page"' in page


@pytest.mark.parametrize("prefix", ["", "/in/leicestershire", "/cy/in/leicestershire"])
def test_deaf_people_are_told_the_same_by_question_and_by_their_own_page(
    reader: Client, live: Live, prefix: str
) -> None:
    """The ways, their order and their warnings."""
    live(LEICESTER)
    section = re.compile(r'<section class="do emergency.*?</section>', re.S)
    own, asked = (
        Reader.of("".join(section.findall(main(reader, f"{prefix}/{path}/")))).text
        for path in ("deaf", "advice/deaf-emergency")
    )
    assert own == asked != ""
    assert own.index("18000") < own.index("999 BSL")


def test_each_way_of_deaf_people_that_may_fail_says_so(reader: Client, live: Live) -> None:
    live(LEICESTER)
    ways = main(reader, "/in/leicestershire/deaf/").split('class="groups"')[1].split("<details")[0]
    after = ways.split('href="tel:18001101"', 1)[1].split("<li>")[0]
    assert "May not work now" in after
    assert "May not work now" not in ways.split("Ask someone you trust")[1].split("<li>")[0]


@pytest.mark.parametrize("path", ["heart-stroke", "not-breathing"])
def test_without_an_area_the_way_of_each_nation_stands_there_when_nothing_connects(
    reader: Client, path: str
) -> None:
    then = main(reader, f"/advice/{path}/").split('class="thens"')[1].split("</ol>")[0]
    assert "(England, Wales, Scotland)" in then.split('href="tel:111"')[1].split("<li>")[0]
    assert "(Northern Ireland)" in then.split('href="tel:101"')[1].split("<li>")[0]
    assert "emergency department" in then.split("<li>")[-1]


def test_without_an_area_the_fault_of_one_warns_nobody_else(reader: Client, live: Live) -> None:
    for path in ("/advice/k10/", "/advice/police-now/", "/deaf/"):
        live(LEICESTER)
        assert "May not work now" not in main(reader, path), path
        live(incident("999", "many-failing"))
        assert "May not work now" in main(reader, path), path


@pytest.mark.parametrize("path", ["from-abroad", "no-water"])
def test_a_number_of_the_places_own_service_stands_before_what_has_none(
    reader: Client, path: str
) -> None:
    page = main(reader, f"/in/kent/advice/{path}/")
    assert page.index('href="tel:') < page.index('<section class="do')


def test_a_card_with_nothing_to_tap_says_the_way(reader: Client, live: Live) -> None:
    page = main(reader, "/in/northern-ireland/advice/k15/")
    card = page.split("Sexual assault referral centre</p>")[1].split("<li>")[0]
    assert "Call 0808\N{NO-BREAK SPACE}802\N{NO-BREAK SPACE}1414" in card


def test_a_service_that_nobody_has_is_no_page(reader: Client) -> None:
    assert reader.get("/deaf/gas/").status_code == 404


def test_what_only_names_999_takes_no_aside_nor_does_the_name_999_bsl(
    reader: Client, live: Live
) -> None:
    live(LEICESTER)
    page = main(reader, "/in/leicestershire/deaf/")
    assert "Open the 999 BSL app" in page
    assert "to the same operators as 999. When 999 has a fault" in page
    failed = main(reader, "/in/leicestershire/failed/")
    assert "Call 999 (it has a fault: use “I need help now”). Do not press 55" in failed


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_a_number_is_not_said_twice_beside_itself(reader: Client, live: Live, prefix: str) -> None:
    live()
    page = main(reader, f"{prefix}/in/kent/advice/burglary-past/")
    way = re.findall(r'<div class="way">.*?</p>', page, re.S)[0]
    assert Reader.of(way).text.count("101") == 1
