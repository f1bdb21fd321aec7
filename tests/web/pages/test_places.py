"""Pages by place: who serves it, the council that goes along, where a phone is, places outside."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from triage.engine.local_service import LocalUse
from triage.engine.rulebook import Rulebook


def page(reader: Client, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_a_place_names_its_own_services_and_their_ways(reader: Client) -> None:
    text = page(reader, "/in/leicestershire/local/")
    for name in ("Leicestershire Police", "Leicestershire Fire", "East Midlands Ambulance"):
        assert name in text
    assert "Report a crime online" in text
    assert "https://www.leics.police.uk/ro/report/" in text
    assert "Severn Trent Water" in text


def test_without_an_area_the_services_ask_where(reader: Client) -> None:
    assert reader.get("/local/")["Location"] == "/area/for/local/"


def test_what_is_not_confirmed_says_so_beside_it(reader: Client) -> None:
    text = page(reader, "/in/metropolitan/local/")
    assert text.index("+44") < text.index("Not confirmed with its owner")


def test_a_number_nobody_read_stands_on_no_page(reader: Client, rulebook: Rulebook) -> None:
    hidden = [
        (service, way.number.replace(" ", "\N{NO-BREAK SPACE}"))
        for service in rulebook.catalogue.local.values()
        for way in service.ways
        if way.number and not way.shown
    ]
    assert hidden
    for area in rulebook.catalogue.areas.values():
        text = page(reader, f"/in/{area.slug}/local/")
        own = [number for service, number in hidden if area.slug in service.areas]
        assert not [number for number in own if number in text]


def test_the_council_of_a_town_goes_along_and_has_its_own_page(reader: Client) -> None:
    where = reader.post("/area/for/local/", {"place": "Leicester"})["Location"]
    text = page(reader, where)
    assert where == "/in/leicestershire/c/leicester/local/"
    assert "https://www.leicester.gov.uk/" in text
    assert "Which council is yours?" not in text


def test_every_link_of_a_councils_page_keeps_the_council(reader: Client) -> None:
    for path in ("", "advice/noise-nuisance/", "ask/home/", "numbers/", "status/", "search/"):
        text = page(reader, f"/in/leicestershire/c/leicester/{path}")
        own = re.findall(r'(?:href|action)="(/(?:cy/)?in/[^"]*)"', text)
        assert any(link.startswith("/cy/in/leicestershire/c/leicester/") for link in own), path
        assert not [link for link in own if "/in/leicestershire/c/leicester/" not in link], path


def test_a_councils_page_is_cached_as_its_areas_is(reader: Client) -> None:
    of_council = reader.get("/in/leicestershire/c/leicester/advice/noise-nuisance/")
    of_area = reader.get("/in/leicestershire/advice/noise-nuisance/")
    for name in ("Cache-Control", "X-Edition-Area"):
        assert of_council[name] == of_area[name]


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/in/leicestershire/?council=E06000016&line=mobile", "c/leicester/?line=mobile"),
        ("/in/leicestershire/c/E06000016/now/", "c/leicester/now/"),
        ("/cy/in/leicestershire/now/?council=E06000016", "c/leicester/now/"),
    ],
)
def test_other_ways_to_name_a_council_lead_to_its_address(
    reader: Client, asked: str, to: str
) -> None:
    lang = "/cy" if asked.startswith("/cy") else ""
    assert reader.get(asked)["Location"] == f"{lang}/in/leicestershire/{to}"


@pytest.mark.parametrize(("council", "status"), [("nowhere", 404), ("cardiff", 400)])
def test_a_council_that_is_not_of_the_area_gets_the_essentials(
    reader: Client, council: str, status: int
) -> None:
    answer = reader.get(f"/in/leicestershire/c/{council}/")
    assert answer.status_code == status
    assert 'href="tel:999"' in answer.content.decode()


def test_every_council_has_an_address_of_its_own(rulebook: Rulebook) -> None:
    words = rulebook.catalogue.council_words
    assert len(words) == len(rulebook.catalogue.council_names) == 361
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", word) for word in words)


def test_a_councils_matter_asks_which_council_and_its_page_opens_it(reader: Client) -> None:
    asks = page(reader, "/in/leicestershire/advice/noise-nuisance/")
    assert "Which council is yours? The button then opens its own page." in asks
    assert '<option value="E06000016">Leicester' in asks
    told = page(reader, "/in/leicestershire/c/leicester/advice/noise-nuisance/")
    assert "Which council is yours?" not in told


def test_a_polices_matter_does_not_ask_which_council(reader: Client) -> None:
    assert 'name="council"' not in page(reader, "/in/leicestershire/advice/theft-past/")


def test_no_water_names_the_companies_of_the_area_with_their_numbers(reader: Client) -> None:
    text = page(reader, "/in/metropolitan/advice/no-water/")
    for company in ("Thames Water", "Affinity Water"):
        assert f"<h3>{company}</h3>" in text
    assert 'href="tel:08003169800"' in text
    assert "Your bill says which." in text


def test_an_area_with_one_council_needs_no_choice(reader: Client) -> None:
    text = page(reader, "/in/devon-and-cornwall-cornwall/local/")
    assert "https://www.cornwall.gov.uk/" in text


def test_the_card_of_an_area_is_named_for_what_it_opens(reader: Client) -> None:
    form = page(reader, "/in/leicestershire/advice/theft-past/")
    assert "Report to the police online" in form
    site = page(reader, "/in/gwent/advice/theft-past/")
    assert "Gwent Police's website" in site.replace("&#x27;", "'")
    assert "Report to the police online" not in site


def test_the_council_card_opens_the_council_where_it_is_known(reader: Client) -> None:
    text = page(reader, "/in/leicestershire/c/leicester/advice/noise-nuisance/")
    assert "https://www.leicester.gov.uk/" in text
    assert "find-local-council" in page(reader, "/in/leicestershire/advice/noise-nuisance/")


@pytest.mark.parametrize(
    ("area", "number", "confirmed"),
    [("kent", "+441622690690", True), ("metropolitan", "+442072301212", False)],
)
def test_a_call_from_abroad_is_given_the_forces_number_where_it_is_known(
    reader: Client, area: str, number: str, confirmed: bool
) -> None:
    text = page(reader, f"/in/{area}/advice/from-abroad/")
    assert f'href="tel:{number}"' in text
    assert ("Not confirmed with its owner" in text) is not confirmed


def test_a_force_whose_number_from_abroad_is_not_known_shows_none(reader: Client) -> None:
    assert 'href="tel:+44' not in page(reader, "/in/leicestershire/advice/from-abroad/")


def fix(reader: Client, lat: object, lon: object, accuracy: object = 20) -> tuple[int, str, str]:
    """Status, where it leads on, and the page."""
    answer = reader.post("/area/", {"lat": lat, "lon": lon, "accuracy": accuracy})
    assert answer["Cache-Control"] == "no-store"
    return answer.status_code, answer.get("Location", ""), answer.content.decode()


def test_where_a_phone_is_leads_to_its_area(reader: Client) -> None:
    assert fix(reader, 52.634, -1.13)[:2] == (303, "/in/leicestershire/")


@pytest.mark.parametrize(
    ("lat", "lon", "accuracy", "said"),
    [
        (52.074, -3.126, 20, "You are near a border"),
        (52.9, -1.25, 15_000, "only to 15 km"),
        (54.5, 0.0, 20, "ask for the Coastguard"),
        (48.85, 2.35, 20, "You are not in the UK"),
        ("", "", "", "did not say where you are"),
        ("nan", "inf", "-1", "did not say where you are"),
        ("1e999", "0", "5", "did not say where you are"),
        ("x" * 5000, "\x00", "5", "did not say where you are"),
    ],
)
def test_a_fix_that_settles_nothing_says_why(
    reader: Client, lat: object, lon: object, accuracy: object, said: str
) -> None:
    status, _, text = fix(reader, lat, lon, accuracy)
    assert status == 200
    assert said in text


def test_an_unknown_postcode_is_said_with_its_part(reader: Client) -> None:
    text = reader.post("/area/", {"place": "LE99 9ZZ"}).content.decode()
    assert "We do not know the postcode LE99 9ZZ" in text
    assert "/in/leicestershire/" in text


def test_a_guess_is_asked_back_never_taken(reader: Client) -> None:
    text = reader.post("/area/", {"place": "Edinborough"}).content.decode()
    assert "Did you mean one of these?" in text
    assert "/in/police-scotland/" in text


def test_suggestions_are_a_list_and_kept_nowhere(reader: Client) -> None:
    answer = reader.post("/area/suggest/", {"place": "watt"})
    assert answer["Cache-Control"] == "no-store"
    assert "Watton, Norfolk" in answer.json()["places"]
    assert reader.post("/area/suggest/", {"place": "w"}).json() == {"places": []}
    assert reader.get("/area/suggest/").status_code == 405


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("jersey", "01534"),
        ("guernsey", "guernsey.police.uk"),
        ("isle-of-man", "01624"),
        ("gibraltar", "112"),
        ("forces-post", "does not say where you are"),
        ("ireland", "112"),
        ("abroad", "emergency number"),
    ],
)
def test_each_place_outside_has_a_page_in_both_languages(
    reader: Client, slug: str, said: str
) -> None:
    assert said in page(reader, f"/outside/{slug}/")
    assert "/cy/area/" in page(reader, f"/cy/outside/{slug}/")


def test_a_number_believed_changed_is_not_shown(reader: Client) -> None:
    assert "725111" not in page(reader, "/outside/guernsey/")


def test_an_unknown_place_outside_is_not_found(reader: Client) -> None:
    assert reader.get("/outside/atlantis/").status_code == 404


def test_no_force_is_said_to_have_a_form_that_was_not_read(rulebook: Rulebook) -> None:
    catalogue = rulebook.catalogue
    channel = catalogue.channels["police-online"]
    for area in catalogue.areas:
        place = catalogue.place(area)
        way = catalogue.own_way(channel, place)
        promised = catalogue.label_at("police-online", place) == catalogue.label(
            "police-online", place.nation
        )
        assert way is not None
        assert promised == (way.use is LocalUse.REPORT)
        assert way.fact.certainty != "K" or way.use is LocalUse.SITE
