"""What holds on every kind of page, in both languages, with and without an area."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

import html5lib
import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from outage import bulletin
from outage.bulletin import Bulletin
from tests.cast import NOON
from tests.web.kinds import LEICESTER, PAGES, Reader
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Incident, State

# One for all: each new client has the whole application read its files again.
READER = Client()


@dataclass(frozen=True)
class Sent:
    """What is kept of an answer: a client's own drags every template's context along."""

    body: str
    headers: dict[str, str]
    cookies: int


@lru_cache(maxsize=4096)
def page(path: str, *told: Incident) -> Sent:
    """A page at noon with these incidents in force. A page is a function of just that."""
    with bulletin.showing(Bulletin(1, told, NOON)):
        answer = READER.get(path)
    assert answer.status_code == 200, path
    return Sent(answer.content.decode(), dict(answer.items()), len(answer.cookies))


def html(path: str, *told: Incident) -> str:
    return page(path, *told).body


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_without_a_query_or_a_cookie(path: str) -> None:
    # No mark for the database: a query would fail the test.
    answer = page(path)
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_of_anybody_else(path: str) -> None:
    loads = Reader.of(html(path)).loads
    assert loads
    assert all(re.match(r"/(?!/)", address) for address in loads)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_leads_only_to_pages_there_are(path: str) -> None:
    for link in set(Reader.of(html(path)).own):
        try:
            resolve(link)
        except Resolver404:
            pytest.fail(f"{path} leads to {link}, which is no page")


@pytest.mark.parametrize("path", PAGES)
def test_a_dial_link_is_the_number_beside_it(rulebook: Rulebook, path: str) -> None:
    known = {rulebook.catalogue.number(c) for c in rulebook.catalogue.channels} - {None}
    digits = {re.sub(r"[^\d+]", "", n or "") for n in known} | {"18001" + "101", "18001" + "111"}
    for href, words in Reader.of(html(path, LEICESTER)).links:
        if match := re.fullmatch(r"(?:tel|sms):(\+?\d+)", href):
            assert match[1] in re.sub(r"[^\d+]", "", words), (href, words)
            bare = match[1].removeprefix("18001")
            assert match[1] in digits or bare in digits


@pytest.mark.parametrize("path", [p for p in PAGES if ("/in/" in p) == p.startswith("/cy")])
def test_a_page_is_valid_html(path: str) -> None:
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(html(path))


@pytest.mark.parametrize("path", PAGES)
def test_no_word_is_left_unfilled(path: str) -> None:
    text = Reader.of(html(path, LEICESTER)).text
    assert not re.search(r"[{}]|\[[a-z]+\]", text)


@pytest.mark.parametrize("path", PAGES)
def test_leaving_comes_right_after_the_skip_link(path: str) -> None:
    links = Reader.of(html(path)).links
    assert links[0][0] == "#main"
    assert links[1][0].startswith("https://")


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_allows_the_stylesheet_and_no_other_inline(path: str) -> None:
    policy = page(path).headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert re.search(r"style-src 'self' 'sha256-[^']+'", policy)
    assert " style=" not in html(path)
    assert not re.search(r"<script(?![^>]*src=)|\son[a-z]+=", html(path))


@pytest.mark.parametrize("path", ["/", "/in/leicestershire/status/", "/cy/numbers/"])
def test_a_page_that_is_shared_has_a_card_without_advice(path: str) -> None:
    card = re.search(r'property="og:image" content="(http[^"]+card[^"]*[.]png)"', html(path))
    assert card
    assert "og:" not in html("/ask/k1/")


@pytest.mark.parametrize("path", [p for p in PAGES if not p.startswith("/cy")])
def test_welsh_mirrors_english(path: str) -> None:
    english, welsh = html(path), html(f"/cy{path}")
    assert f'href="/cy{path}"' in english
    assert f'href="{path}"' in welsh
    assert '<html lang="cy"' in welsh
    assert re.search(r'rel="alternate" hreflang="cy" href="http://[^/"]+/cy/', english)
    dials = [re.findall(r'href="(?:tel|sms):\d+"', page) for page in (english, welsh)]
    assert sorted(dials[0]) == sorted(dials[1])


def test_a_switch_elsewhere_leaves_every_byte_of_an_area_alone() -> None:
    paths = [p.replace("leicestershire", "nottinghamshire") for p in PAGES if "/in/" in p]
    assert [html(p, LEICESTER) for p in paths] == [html(p) for p in paths]


def test_a_stand_down_brings_the_ordinary_bytes_back() -> None:
    over = replace(LEICESTER, state=State.RESOLVED)
    assert [html(p, over) for p in PAGES] == [html(p) for p in PAGES]
    assert [html(p, LEICESTER) for p in PAGES] != [html(p) for p in PAGES]
