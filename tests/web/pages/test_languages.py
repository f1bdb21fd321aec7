"""Other languages and easy read: the digits are those of the live advice, and nobody is misled."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from tests.cast import incident
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER
from triage.rules import languages
from triage.seeds import SeedsError
from triage.seeds.languages import read_languages

ALL = ("pl", "ro", "pa", "ur", "bn", "gu", "ar", "pt", "es", "it",
       "fr", "ta", "tr", "so", "fa", "zh", "uk", "ru", "lt", "ku")  # fmt: skip


def main(reader: Client, path: str) -> str:
    return reader.get(path).content.decode().split("<main")[1].split("</main")[0]


def dials(html: str) -> list[str]:
    return re.findall(r'class="call" href="(tel:\d+)"', html)


def test_there_are_twenty_cards_and_the_top_of_every_page_leads_to_them(reader: Client) -> None:
    assert set(languages()) == set(ALL)
    for path in ("/", "/cy/in/gwent/", "/in/kent/advice/police-now/"):
        header = reader.get(path).content.decode().split("<main")[0]
        assert 'languages/" ' in header or 'languages/">' in header
    listed = main(reader, "/in/kent/languages/")
    assert all(f'href="/in/kent/languages/{code}/"' in listed for code in ALL)


@pytest.mark.parametrize("code", ALL)
def test_a_card_has_the_digits_of_the_live_advice(reader: Client, live: Live, code: str) -> None:
    page = main(reader, f"/in/leicestershire/languages/{code}/")
    assert dials(page) == ["tel:999"]
    assert f'lang="{code}"' in page
    live(LEICESTER)
    changed = main(reader, f"/in/leicestershire/languages/{code}/")
    assert dials(changed) == dials(main(reader, "/in/leicestershire/now/"))


@pytest.mark.parametrize("code", ALL)
def test_before_the_steps_no_service_and_no_fault_stands_in_english(
    reader: Client, live: Live, code: str
) -> None:
    for fault in ((), (LEICESTER,)):
        live(*fault)
        for place in ("", "/in/leicestershire"):
            block = main(reader, f"{place}/languages/{code}/").split('class="tap"')[0]
            own = re.sub(r'<(bdi|h3|b) lang="en".*?</\1>', "", block)
            words = set(re.findall(r"[A-Za-z]+", re.sub(r"<[^>]*>", " ", own)))
            # The names of the services that are the same word in the card's language stay.
            theirs = set(re.findall(r"[A-Za-z]+", str(languages()[code].model_dump())))
            assert not (words & {"Ambulance", "Fire", "Coastguard", "Many", "calls"}) - theirs


@pytest.mark.parametrize("code", ALL)
def test_that_it_did_not_connect_can_be_said_in_every_language(reader: Client, code: str) -> None:
    card, page = languages()[code], main(reader, f"/in/kent/languages/{code}/")
    (form,) = re.findall(r'<form class="tap".*?</form>', page, re.S)
    assert f">{card.tap}</button>" in unescape(form)
    assert page.index('href="tel:999"') < page.index('href="tel:101"') < page.index(form)
    assert len(form.encode()) <= 1024
    told = reader.post("/in/kent/tap/", {"card": code, "channel": "999"})
    assert (told.status_code, told["Location"]) == (303, f"/in/kent/languages/{code}/thanks/")
    after = main(reader, told["Location"])
    assert unescape(after).index(card.thanks) < after.index('href="tel:999"')
    assert "<form" not in after


def test_with_two_lines_first_a_card_says_which(reader: Client, live: Live) -> None:
    live(LEICESTER)
    page = main(reader, "/in/leicestershire/languages/pl/")
    assert f'<span dir="ltr">999</span>: {languages()["pl"].tap}</button>' in page


@pytest.mark.parametrize("code", ["ur", "ar", "fa", "ku"])
def test_a_language_from_right_to_left_stands_so(reader: Client, code: str) -> None:
    assert f'lang="{code}" dir="rtl"' in main(reader, f"/languages/{code}/")


def test_a_silent_call_is_explained_only_while_999_is_as_usual(reader: Client, live: Live) -> None:
    silent = languages()["pl"].silent
    assert silent in main(reader, "/in/kent/languages/pl/")
    assert "press 5" in main(reader, "/in/kent/easy/")
    live(incident("999", "down"))
    assert silent not in main(reader, "/in/kent/languages/pl/")
    assert "press 5" not in main(reader, "/in/kent/easy/")


def test_a_number_that_is_kept_free_is_not_offered_on_a_card(reader: Client, live: Live) -> None:
    assert "policja 101" in main(reader, "/in/kent/languages/pl/")
    live(incident("999", "down"))
    assert "policja 101" not in main(reader, "/in/kent/languages/pl/")


def test_a_card_that_no_native_speaker_has_read_says_so(reader: Client) -> None:
    card = languages()["pl"]
    page = main(reader, "/languages/pl/")
    assert card.read is None
    assert card.unread in page
    assert "No native speaker has read this page yet." in page


def test_a_wrong_card_is_named(tmp_path: Path) -> None:
    file = tmp_path / "languages.toml"
    file.write_text('[pl]\nname = "Polski"\n', encoding="utf-8")
    with pytest.raises(SeedsError) as refused:
        read_languages(file)
    assert "pl" in str(refused.value)
    assert "emergency" in str(refused.value)


def test_a_language_that_there_is_not_is_no_page(reader: Client) -> None:
    assert reader.get("/languages/xx/").status_code == 404


def test_easy_read_has_a_picture_for_each_idea(reader: Client) -> None:
    easy = main(reader, "/easy/").split('class="easy"')[1]
    assert easy.count("<li>") == easy.count('class="picture"') == 10
