"""Every page there is, followed from the start: no link that leads nowhere, no number unknown."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from triage import rules
from triage.engine.catalogue import RELAY_PREFIX
from triage.engine.local_service import LocalWay

# Every page in English and in Welsh, and those of one area. Pages of the other areas are the same
# templates; an area finder and feedback that lead back to a page are followed by tests/web.
STARTS = ("/", "/cy/", "/in/gwent/")
ELSEWHERE = re.compile(
    r"^(/cy/in/|/in/(?!gwent/)|/(\w+/)*(print|poster)/(?!gwent/)|.*/(area|feedback)/for/)"
)
NOT_PAGES = re.compile(
    r"^/(static|staff|api/v1)/|\.(svg|png|xml|js|atom|txt|ico|webmanifest|json)$"
)
QUICK_EXIT = "https://www.bbc.co.uk/weather"
MOST = 4000
# As people write them: digits, perhaps in groups. A year, an amount and a clock are shorter.
# A share of at most three digits is no number to ring, and neither is what stands in an address.
NO_NUMBER = re.compile(
    r"(?<!\d)(?<!\d )\d{1,3} ?%"
    r"|[a-z]+://\S+"
    r"|\b(?=[\d-]*[a-z])[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}\b(?:/\S*)?"
)
# Our own pages, where a link to them is written out in full.
OURS = "http://testserver"
NUMBER = re.compile(r"(?<![\w.,:/£+-])\+?\d(?:[ \N{NO-BREAK SPACE}]?\d){2,}(?![\w/%:.-]*\d)")
DIGITS = re.compile(r"\d\D?\d")
# A count of things stands in <data>, so that no reader or test takes it for a number to ring.
UNSAID = ("script", "style", "code", "pre", "time", "data", "svg")
YEAR = re.compile(r"(?:19|20)\d\d$")


@dataclass
class Page(HTMLParser):
    """The links of a page and the words a reader sees."""

    links: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    hidden: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        # What a form posts to is no page to open.
        posted = tag == "form" and (given.get("method") or "").lower() == "post"
        names = ("href", "src") if posted else ("href", "src", "action")
        self.links += [given[k] or "" for k in names if given.get(k)]
        self.hidden += tag in UNSAID

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in UNSAID

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


@lru_cache(maxsize=1)
def crawled() -> dict[str, tuple[int, Page]]:
    """Every page that the starts lead to, with its status."""
    client, queue = Client(), deque(STARTS)
    seen: dict[str, tuple[int, Page]] = {}
    while queue and len(seen) < MOST:
        address = queue.popleft()
        if address in seen:
            continue
        response = client.get(address)
        page = Page()
        seen[address] = (response.status_code, page)
        if response.status_code in (301, 302, 303, 307, 308):
            queue.append(urljoin(address, response["Location"]))
        elif "html" in response.get("Content-Type", ""):
            page.feed(response.content.decode())
            queue.extend(_ours(address, page.links))
    return seen


def _ours(address: str, links: list[str]) -> Iterator[str]:
    for link in links:
        there = _there(address, link)
        parts = urlsplit(there)
        # One answer about the phone is followed one page far; the pages behind it are the same.
        again = "?" in address and "?" in there
        other = again or NOT_PAGES.search(parts.path) or ELSEWHERE.search(there)
        if not parts.scheme and not parts.netloc and not other:
            yield there


def _there(address: str, link: str) -> str:
    """Where a link leads, as a path where it is one of ours."""
    there = urldefrag(urljoin(address, link))[0]
    return there.removeprefix(OURS) if there.startswith(f"{OURS}/") else there


@pytest.fixture
def pages() -> dict[str, tuple[int, Page]]:
    return crawled()


def test_the_crawl_reaches_every_question_and_outcome(pages: dict[str, tuple[int, Page]]) -> None:
    book = rules.rulebook()
    for prefix in ("", "/cy", "/in/gwent"):
        reached = {address.split("/from/")[0].rstrip("/") for address in pages}
        for question in book.questions.values():
            assert question.id == book.start or f"{prefix}/ask/{question.address}" in reached
        for outcome in book.outcomes.values():
            assert f"{prefix}/advice/{outcome.address}" in reached


def test_the_crawl_came_to_its_end(pages: dict[str, tuple[int, Page]]) -> None:
    assert len(pages) < MOST


def test_no_link_leads_nowhere(pages: dict[str, tuple[int, Page]]) -> None:
    assert {a: status for a, (status, _) in pages.items() if status >= 400} == {}


def test_every_file_that_is_named_is_there(pages: dict[str, tuple[int, Page]]) -> None:
    links = {_there(a, link) for a, (_, page) in pages.items() for link in page.links}
    named = {link for link in links if link.startswith("/") and NOT_PAGES.search(link)}
    client = Client()
    missing = {
        link
        for link in named - {"/staff/"}
        if not (
            finders.find(link.removeprefix("/static/"))
            if link.startswith("/static/")
            else client.get(link).status_code == 200
        )
    }
    assert named
    assert missing == set()


def test_every_dial_link_is_the_number_of_a_channel(pages: dict[str, tuple[int, Page]]) -> None:
    known = {_digits(number) for number in _numbers()}
    for address, (_, page) in pages.items():
        for link in page.links:
            if link.startswith(("tel:", "sms:")):
                dialled = _digits(unquote(link[4:]).split("?")[0])
                # A text to send to a friend names nobody.
                assert dialled in known or link.startswith("sms:?"), f"{address}: {link}"


def test_every_number_that_is_read_is_the_number_of_a_channel(
    pages: dict[str, tuple[int, Page]],
) -> None:
    known = {_digits(number) for number in _numbers()}
    strange = {
        (address, number)
        for address, (_, page) in pages.items()
        for word in page.words
        if DIGITS.search(word)  # Most words have none, and are done with.
        for number in NUMBER.findall(NO_NUMBER.sub("", word))
        if _digits(number) not in known and not YEAR.match(number)
    }
    assert strange == set()


def _numbers() -> list[str]:
    """The number of every channel, and its form by text relay."""
    catalogue = rules.rulebook().catalogue
    numbers = [n for channel in catalogue.channels if (n := catalogue.number(channel))]
    numbers += [way.number for way in _local_ways() if way.number and way.shown]
    return [*numbers, *(f"{RELAY_PREFIX} {number}" for number in numbers)]


def _local_ways() -> list[LocalWay]:
    """Every way of every local service and of the places outside the UK."""
    catalogue = rules.rulebook().catalogue
    own = [way for service in catalogue.local.values() for way in service.ways]
    return [*own, *(way for place in catalogue.outside for way in place.ways)]


def _digits(number: str) -> str:
    return "".join(ch for ch in number if ch.isdigit() or ch == "+")


def test_every_link_outwards_is_in_the_data(pages: dict[str, tuple[int, Page]]) -> None:
    catalogue = rules.rulebook().catalogue
    known = {c.url for c in catalogue.channels.values()}
    known |= {w.url for c in catalogue.channels.values() for w in c.local.values()}
    known |= {way.url for way in _local_ways() if way.shown}
    known |= {way.fact.source for way in _local_ways() if way.shown}
    known |= {QUICK_EXIT} | {
        url for s in catalogue.sources.values() for url in (s.url, s.canonical)
    }
    unknown = {
        link: address
        for address, (_, page) in pages.items()
        for link in page.links
        if link.startswith("http") and link not in known and not link.startswith(f"{OURS}/")
    }
    assert unknown == {}
