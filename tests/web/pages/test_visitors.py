"""Ten visitors in each nation, at eleven at night, read on the page: whom each is sent to first,
and that the page can be used to its end. In Wales in both languages.

A row names the need as people have it, its page, and what the first way opens in England, Wales,
Scotland and Northern Ireland; one value stands for all four. `tel:` and `https:` are what is
tapped; words are a plain instruction, with the numbers below it.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from triage import clock

NIGHT = datetime(2026, 12, 1, 23, tzinfo=UTC)
NATIONS = {"england": "leicestershire", "wales": "gwent",
           "scotland": "police-scotland", "northern-ireland": "northern-ireland"}  # fmt: skip
COUNCIL = "https://www.gov.uk/find-local-council"
GP_NI = "https://gpoutofhours.hscni.net"
VISITORS = {
    "a child at risk": ("k42", f"{COUNCIL} {COUNCIL} {COUNCIL} tel:02895049999"),
    "rape": ("k15", "https://www.nhs.uk tel:08088010800 tel:08001488888 tel:08088021414"),
    "a doctor at night": ("gp-shut", f"tel:111 tel:111 tel:111 {GP_NI}"),
    "no water": ("no-water", "words words tel:08000778778 tel:03457440088"),
    "a hazard on the road": (
        "motorway-debris",
        "tel:03001235000 tel:03001231213 tel:08000281414 tel:03002007899",
    ),
    "a bad buy": (
        "consumer-dispute",
        "https://www.citizensadvice.org.uk https://www.citizensadvice.org.uk"
        " tel:08081646000 tel:03001236262",
    ),
    "dead swans": (
        "dead-birds",
        "https://www.gov.uk/guidance/report-dead-wild-birds "
        "https://www.gov.uk/guidance/report-dead-wild-birds "
        "https://www.gov.uk/guidance/report-dead-wild-birds https://www.daera-ni.gov.uk",
    ),
    "stalking": ("m3", "tel:101"),
    "homeless tonight": ("homeless-tonight", f"{COUNCIL} {COUNCIL} {COUNCIL} tel:03448920908"),
    "from abroad": (
        "from-abroad",
        "https://www.leics.police.uk/ https://www.gwent.police.uk/"
        " https://www.scotland.police.uk/ https://www.psni.police.uk/",
    ),
}


# What another row has opened already.
OPENED: set[str] = set()


@pytest.fixture(autouse=True)
def night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NIGHT)


def firsts(ways: str) -> list[str]:
    found = ways.split()
    return found * len(NATIONS) if len(found) == 1 else found


ROWS = [
    pytest.param(nation, address, first, lang, id=f"{nation}{lang}: {what}")
    for what, (address, ways) in VISITORS.items()
    for nation, first in zip(NATIONS, firsts(ways), strict=True)
    for lang in (("", "/cy") if nation == "wales" else ("",))
]


def read(reader: Client, nation: str, address: str, lang: str) -> str:
    answer = reader.get(f"{lang}/in/{NATIONS[nation]}/advice/{address}/")
    assert answer.status_code == 200
    return str(answer.content.decode().split("<main", 1)[1].split("</main>")[0])


@pytest.mark.parametrize(("nation", "address", "first", "lang"), ROWS)
def test_a_visitor_at_night_is_sent_to_the_right_owner(
    reader: Client, nation: str, address: str, first: str, lang: str
) -> None:
    text = read(reader, nation, address, lang)
    card = re.search(r'<div class="first">(.*?)</div>', text, re.S)
    assert card
    link = re.search(r'<a class="call[^"]*" href="([^"]+)"', card[1])
    if first == "words":
        assert not link
        assert card[1].count('<p class="hint">') > 1
        assert '<a class="num" href="tel:' in text
    else:
        assert link
        assert html.unescape(link[1]).startswith(first)


@pytest.mark.parametrize(("nation", "address", "first", "lang"), ROWS)
def test_a_visitors_page_can_be_used_to_its_end(
    reader: Client, nation: str, address: str, first: str, lang: str
) -> None:
    text = read(reader, nation, address, lang).split('<details class="sources">')[0]
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', text)]
    own = [link for link in links if link.startswith("/")]
    assert not [link for link in links if not re.match(r"(tel:[+\d]+|sms:|mailto:|https:|/)", link)]
    assert all(reader.get(link).status_code == 200 for link in set(own) - OPENED)
    OPENED.update(own)
    if lang:
        assert all(link.startswith("/cy/") for link in own)
