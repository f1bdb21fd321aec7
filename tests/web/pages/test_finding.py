"""The area finder, the search, the numbers, status and small files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from outage.bulletin import Story, StoryEntry
from tests.cast import ago, incident
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER, Reader
from triage.engine.catalogue import Lang, Text
from triage.engine.rulebook import Rulebook
from triage.seeds.fact_register import held
from triage.web.presenters.timeline_chart import picture, timeline
from triage.web.wording.catalogue import words


def story(**more: object) -> Story:
    entry = StoryEntry(ago(minutes=10), "declared", Text("Many fail", "Mae llawer"), "The force")
    later = StoryEntry(ago(minutes=2), "amended", Text("Use 101", "101"), "The force")
    title = Text("999 in Leicestershire", "999 yn Swydd Gaerlŷr")
    return Story(LEICESTER.id, title, LEICESTER, (later, entry))


@pytest.mark.parametrize(
    ("words", "area"),
    [("Leicester", "leicestershire"), ("Caerdydd", "south-wales"), ("BT1 5GS", "northern-ireland")],
)
def test_a_certain_place_leads_straight_on(reader: Client, words: str, area: str) -> None:
    answer = reader.post("/area/for/ask/crime/", {"place": words})
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"/in/{area}")
    assert answer["Location"].partition("?")[0].endswith("/ask/crime/")


def test_an_uncertain_place_is_asked_back_and_kept_nowhere(reader: Client) -> None:
    answer = reader.post("/area/", {"place": "Newport"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert "Which is yours?" in page
    assert "Newport, Shropshire" in page


@pytest.mark.parametrize("words", ["", "Zzyzx", "x" * 5000, "\x00", "<script>"])
def test_an_unknown_place_is_said_to_be_one(reader: Client, words: str) -> None:
    answer = reader.post("/area/", {"place": words})
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert 'aria-invalid="true" aria-describedby="wrong"' in answer.content.decode()
    assert "<script>" not in answer.content.decode().split("</head>")[1]


def test_jersey_is_told_that_it_is_outside(reader: Client) -> None:
    assert "Jersey" in reader.post("/area/", {"place": "JE2 3AB"}).content.decode()


def test_a_name_of_before_leads_to_the_area_of_today(reader: Client) -> None:
    assert reader.get("/in/scotland/now/")["Location"] == "/in/police-scotland/now/"


def test_a_name_that_several_areas_share_is_asked_back(reader: Client) -> None:
    answer = reader.get("/in/sussex/now/")
    assert answer.status_code == 300
    assert "/in/sussex-east-sussex/now/" in answer.content.decode()


def test_plain_words_lead_to_an_outcome_and_are_kept_nowhere(reader: Client) -> None:
    answer = reader.post("/search/", {"q": "nieghbour loud music"})
    assert answer["Cache-Control"] == "no-store"
    assert "/advice/noise-nuisance/" in answer.content.decode()


def test_emergency_words_show_the_panel_first(reader: Client) -> None:
    page = reader.post("/search/", {"q": "he is not breathing"}).content.decode()
    assert page.index('class="panel ') < page.index("<h1")
    assert 'class="panel ' not in reader.post("/search/", {"q": "lost wallet"}).content.decode()


@pytest.mark.parametrize("words", ["lost wallet", "qqqq zzzz"])
def test_the_way_to_help_stands_before_all_results(reader: Client, words: str) -> None:
    page = reader.post("/cy/search/", {"q": words}).content.decode().split("<main")[1]
    assert page.index("/cy/ask/danger/") < page.index("<form")
    assert "/ask/danger/" not in reader.get("/search/").content.decode().split("<main")[1]


def test_what_was_said_stands_on_the_page_and_not_in_its_address(reader: Client) -> None:
    page = reader.post("/search/", {"q": "loud music <b>next</b> door"}).content.decode()
    assert "<q>loud music &lt;b&gt;next&lt;/b&gt; door</q>" in page
    assert 'href="/ask/not-sure/"' in page
    assert "?q=" not in page


def test_too_long_a_message_is_told_so_and_its_danger_counts(reader: Client) -> None:
    page = reader.post("/search/", {"q": "my house is on fire. " + "a b c " * 700}).content.decode()
    assert "4,000" in page
    assert 'class="panel ' in page


def test_words_that_leave_two_readings_open_are_asked_back(reader: Client) -> None:
    page = reader.post("/search/", {"q": "dog"}).content.decode()
    asked = page.split('<section class="asks">')[1].split("</section>")[0]
    assert 2 <= asked.count("<li>") <= 4


@pytest.mark.parametrize(
    ("words", "area"), [("LE1 5FQ", "leicestershire"), ("leicestershire police", "leicestershire")]
)
def test_a_place_that_is_named_sets_the_place(reader: Client, words: str, area: str) -> None:
    page = reader.post("/search/", {"q": words}).content.decode()
    assert f'href="/in/{area}/' in page


def test_a_place_inside_other_words_is_offered(reader: Client) -> None:
    page = reader.post("/search/", {"q": "car stolen last night in leicester"}).content.decode()
    assert 'action="/in/leicestershire/search/"' in page


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("suicide", {"999"}),
        ("electricity", {"power-105"}),
        ("domestic violence", {"da-england"}),
    ],
)
def test_the_filter_of_the_directory_asks_the_same_search(
    reader: Client, words: str, lines: set[str]
) -> None:
    asked = {"accept": "application/json"}
    answer = reader.post("/in/leicestershire/numbers/", {"q": words}, headers=asked)
    assert answer["Cache-Control"] == "no-store"
    assert lines & set(answer.json())


@pytest.mark.parametrize("words", ["", "qqqq zzzz", "\x00", "a" * 10_000])
def test_words_that_mean_nothing_get_a_way_on(reader: Client, words: str) -> None:
    answer = reader.post("/search/", {"q": words})
    assert answer.status_code == 200
    assert 'href="/"' in answer.content.decode()


def test_the_directory_is_whole_without_script_and_by_nation(reader: Client) -> None:
    whole = reader.get("/numbers/").content.decode()
    assert {"/numbers/gas-gb/", "/numbers/gas-ni/"} <= set(Reader.of(whole).own)
    ireland = set(Reader.of(reader.get("/in/northern-ireland/numbers/").content.decode()).own)
    assert "/in/northern-ireland/numbers/gas-gb/" not in ireland


@pytest.mark.parametrize("words", ["suicide", "samarit", "116 123"])
def test_the_directory_is_searched_without_script_too(reader: Client, words: str) -> None:
    answer = reader.post("/numbers/", {"q": words})
    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "/numbers/samaritans/" in set(Reader.of(page).own)
    assert "/numbers/rspca/" not in set(Reader.of(page).own)
    assert '<details class="fold family" id="mind" open>' in page


def test_words_that_no_line_has_are_told_and_the_whole_list_stays_in_reach(reader: Client) -> None:
    page = reader.post("/numbers/", {"q": "<qqqq> zzzz"}).content.decode()
    assert "Nothing in the list has those words." in page
    assert 'value="&lt;qqqq&gt; zzzz"' in page
    assert "/numbers/" in set(Reader.of(page).own)


def test_a_failing_channel_says_so_in_the_directory(reader: Client, live: Live) -> None:
    live(incident("101", "down"))
    assert "Not working" in reader.get("/numbers/101/").content.decode()


def test_the_map_shows_leicestershire_by_shape_and_words(reader: Client, live: Live) -> None:
    live(LEICESTER)
    page = reader.get("/status/").content.decode()
    assert "Leicestershire and Rutland: Emergency calls changed" in page
    assert "Nottinghamshire: No fault reported" in page


def test_other_areas_are_one_quiet_line_of_its_own_address(reader: Client, live: Live) -> None:
    live(LEICESTER)
    line = reader.get("/elsewhere/nottinghamshire/").content.decode()
    assert "Many 999 calls are failing" in line
    assert "Many 999" not in reader.get("/elsewhere/leicestershire/").content.decode()


def test_an_incident_has_its_story_newest_first(reader: Client, live: Live) -> None:
    live(LEICESTER, stories=(story(),))
    page = reader.get("/incident/leicester-999/").content.decode()
    assert page.index("Use 101") < page.index("Many fail")
    assert "<svg" in page


def test_an_incident_without_a_story_says_what_it_says_of_itself(
    reader: Client, live: Live
) -> None:
    live(LEICESTER)
    assert "Many 999 calls" in reader.get("/incident/leicester-999/").content.decode()


def drawn(*minutes: float) -> Story:
    words = Text("a", "a")
    told = tuple(StoryEntry(ago(minutes=m), "claim", words, "x") for m in minutes)
    return Story("a", words, LEICESTER, told)


def test_moments_that_coincide_stand_above_each_other() -> None:
    assert [point.y for point in timeline(drawn(10, 10, 10))] == [0, 1, 2]


def test_moments_that_follow_each_other_closely_do_not_climb() -> None:
    assert max(point.y for point in timeline(drawn(*range(60)))) <= 2


def test_fifty_at_one_moment_stand_side_by_side_not_in_a_tower() -> None:
    points = timeline(drawn(*[10] * 50, 0))
    assert max(point.y for point in points) < 12
    assert len({(point.x, point.y) for point in points}) == 51


def test_what_is_said_years_later_leaves_the_day_its_width() -> None:
    day = timeline(drawn(2_000_000, *range(60, 0, -2)))[1:]
    assert day[-1].x - day[0].x > 100
    assert picture(drawn(2_000_000, 60, 0))["breaks"] != []
    assert picture(drawn(60, 30, 0))["breaks"] == []


@pytest.mark.parametrize(("prefix", "day"), [("/", "22 May 2027"), ("/cy/", "22 Mai 2027")])
def test_anybody_sees_when_the_facts_are_due_again(
    reader: Client, rulebook: Rulebook, prefix: str, day: str
) -> None:
    lang = Lang.CY if "cy" in prefix else Lang.EN
    page = reader.get(f"{prefix}about/").content.decode()
    assert day in page
    for owner in {fact.owner.split()[0] for fact in held(rulebook)}:
        assert words().texts[f"owner-{owner}"].lang(lang) in page


def test_a_timeline_names_each_issuer_in_the_language_of_the_page(
    reader: Client, live: Live
) -> None:
    said = Text("Use 101", "Defnyddiwch 101")
    entry = StoryEntry(ago(minutes=2), "amended", said, "The force", issuer_cy="Y llu")
    told = replace(story(), entries=(entry,))
    live(LEICESTER, stories=(told,))
    welsh = reader.get(f"/cy/incident/{LEICESTER.id}/").content.decode()
    assert "Y llu" in welsh
    assert "The force" not in welsh
    assert "The force" in reader.get(f"/incident/{LEICESTER.id}/").content.decode()


def test_an_incident_is_titled_in_plain_words_and_points_to_what_holds_now(
    reader: Client, live: Live
) -> None:
    live(LEICESTER, stories=(story(),))
    page = reader.get(f"/incident/{LEICESTER.id}/").content.decode()
    assert "<h1>999 in Leicestershire</h1>" in page
    assert "What to do now stands above." in page
    assert "Police emergency: use 101" in page.split("What to do")[1]
    ended = replace(story(), ended_at=ago(minutes=1))
    live(stories=(ended,))
    over = reader.get(f"/incident/{LEICESTER.id}/").content.decode().split("<main")[1]
    assert "This is over." in over
    assert "Police emergency: use 101" not in over
    assert '<details class="past">' in over


def test_security_txt_never_lies_expired(reader: Client) -> None:
    body = reader.get("/.well-known/security.txt").content.decode()
    assert "Contact: " in body
    assert "Expires: 2027-05-23" in body


def test_who_runs_the_site_can_be_written_to_where_they_say_so(
    reader: Client, settings: Any
) -> None:
    settings.CONTACT = "access@which-number.example"
    page = reader.get("/accessibility/").content.decode()
    assert 'href="mailto:access@which-number.example"' in page
    body = reader.get("/.well-known/security.txt").content.decode()
    assert body.startswith("Contact: mailto:access@which-number.example\n")


def test_an_address_of_the_web_is_no_mail_whatever_stands_in_it(
    reader: Client, settings: Any
) -> None:
    settings.CONTACT = "https://social.example/@us"
    assert 'href="https://social.example/@us"' in reader.get("/accessibility/").content.decode()
    body = reader.get("/.well-known/security.txt").content.decode()
    assert body.startswith("Contact: https://social.example/@us\n")


def test_no_address_is_made_up_where_none_is_given(reader: Client, settings: Any) -> None:
    settings.CONTACT = ""
    page = reader.get("/accessibility/").content.decode()
    assert "have not given an address" in page
    assert "mailto:" not in page
    assert 'href="/feedback/"' in page.split("<main")[1].split("</main")[0]


def test_robots_and_the_favicon_are_there(reader: Client) -> None:
    assert "Disallow: /staff/" in reader.get("/robots.txt").content.decode()
    assert reader.get("/favicon.ico")["Content-Type"] == "image/x-icon"


def test_the_name_of_a_number_is_printed_with_its_digits(reader: Client) -> None:
    page = reader.post("/search/", {"q": "101 not answering"}).content.decode()
    assert "101, the police non-emergency number" in page
    assert "{101}" not in page


@pytest.mark.parametrize("words", ["999 not working", "999 rings out, nobody answers"])
def test_whose_999_failed_finds_the_numbers_before_the_page_about_it(
    reader: Client, words: str
) -> None:
    page = reader.post("/in/kent/search/", {"q": words}).content.decode().split("<main")[1]
    assert page.index('class="call" href="tel:999"') < page.index('href="/in/kent/failed/"')


def hits(reader: Client, words: str, path: str = "/") -> str:
    page = reader.post(f"{path}search/", {"q": words}).content.decode()
    return page.split('id="hits"')[1].split('class="ask-form"')[0]


@pytest.mark.parametrize(
    ("words", "card"),
    [("pomocy, ktoś się włamał", "pl"), ("ayuda necesito policia", "es"), ("пожежа", "uk")],
)
def test_a_search_in_another_language_offers_its_card(
    reader: Client, words: str, card: str
) -> None:
    found = hits(reader, words)
    assert f'href="/languages/{card}/"' in found
    assert found.index(f"/languages/{card}/") < found.index('class="hit')


@pytest.mark.parametrize("words", ["bike stolen", "help police", "mae rhywun wedi torri mewn"])
def test_a_search_in_the_sites_own_languages_offers_no_card(reader: Client, words: str) -> None:
    assert "/languages/" not in hits(reader, words)


@pytest.mark.parametrize(
    ("words", "area"),
    [
        ("noise Belfast", "northern-ireland"),
        ("noise from neighbours in Glasgow", "police-scotland"),
        ("bike stolen Leicester", "leicestershire"),
        ("theft in Northern Ireland", "northern-ireland"),
    ],
)
def test_the_answers_of_a_place_are_offered_before_the_results(
    reader: Client, words: str, area: str
) -> None:
    found = hits(reader, words)
    assert found.index(f'action="/in/{area}/search/"') < found.index('class="options')


def test_a_nation_of_several_areas_asks_which(reader: Client) -> None:
    found = hits(reader, "burst pipe in Wales")
    assert 'action="/in/' not in found
    assert found.index('href="/area/"') < found.index('class="options')


def test_a_nation_is_no_village_of_its_name(reader: Client) -> None:
    page = reader.post("/area/", {"place": "Wales"}).content.decode()
    assert "North Wales" in page
    assert "Gwent" in page


@pytest.mark.parametrize("words", ["neighbour noise", "dog", "burst pipe", "101 not answering"])
def test_each_answer_stands_once_among_the_results(reader: Client, words: str) -> None:
    found = Reader.of(hits(reader, words)).links
    assert len({href for href, _ in found}) == len(found)


def test_whoever_gets_no_answer_on_101_finds_the_page_about_it(reader: Client, live: Live) -> None:
    assert 'class="hit page" href="/unanswered/"' in hits(reader, "101 not answering")
    live(LEICESTER)
    page = reader.get("/in/leicestershire/unanswered/").content.decode().split("<main")[1]
    assert "Report to the police online" in page
    assert 'class="call" href="tel:101"' in page.split('class="panel ')[-1]
    assert (
        'href="/in/leicestershire/unanswered/"'
        in reader.get("/in/leicestershire/numbers/101/").content.decode()
    )


@pytest.mark.parametrize("address", ["k10", "police-now"])
def test_who_is_sent_to_101_hears_that_55_does_nothing_there(
    reader: Client, live: Live, address: str
) -> None:
    said = "Pressing 55 does nothing on this number"
    assert said not in reader.get(f"/in/leicestershire/advice/{address}/").content.decode()
    live(LEICESTER)
    page = reader.get(f"/in/leicestershire/advice/{address}/").content.decode()
    assert said in page.split('href="tel:101"')[1].split('class="next"')[0]


def test_the_page_of_a_fault_offers_to_tell_of_it(reader: Client, live: Live) -> None:
    live(LEICESTER, stories=(story(),))
    page = reader.get("/in/leicestershire/incident/leicester-999/").content.decode()
    assert 'href="/in/leicestershire/follow/"' in page.split("<main")[1].split("</main>")[0]
