"""The tap "It did not connect": where it stands, what it counts, and that nobody is known by it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from outage import bulletin
from outage.bulletin import Bulletin
from tests.cast import incident, notice, scope
from triage.engine.channel import dial
from triage.rules import rulebook
from triage.signals.tally import HALF, PROCESS, WHOLE, Counts
from triage.web.presenters.taps import counted

FORM = re.compile(r'<form class="tap".*?</form>', re.S)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    PROCESS.__init__()  # type: ignore[misc]
    yield
    PROCESS.__init__()  # type: ignore[misc]


def taken() -> dict[tuple[str, str], int]:
    """(channel, place) -> taps in halves."""
    return {(channel, place): c.taps for (_, channel, place), c in _counts().items()}


def _counts() -> Counts:
    return PROCESS.take(0)


@pytest.mark.parametrize(
    "path",
    ["/", "/now/", "/failed/", "/silent/", "/numbers/101/", "/advice/gas-smell/",
     "/in/kent/", "/embed/banner/kent/", "/embed/full/uk/", "/embed/ask/uk/"],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["", "/cy"])
def test_it_stands_where_a_channel_can_fail(reader: Client, lang: str, path: str) -> None:
    found = FORM.findall(reader.get(f"{lang}{path}").content.decode())
    assert found
    assert ("Wnaeth e ddim cysylltu" if lang else "It did not connect") in "".join(found)
    assert sum(len(form.encode()) for form in found) <= 1024


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("", ["18000 did not connect", "999 BSL did not connect"]),
        ("/cy", ["Wnaeth 18000 ddim cysylltu", "Wnaeth 999 BSL ddim cysylltu"]),
    ],
)
def test_who_signs_or_types_says_which_line(reader: Client, lang: str, said: list[str]) -> None:
    (form,) = FORM.findall(reader.get(f"{lang}/deaf/").content.decode())
    assert re.findall(r">([^<>]+)</button>", form) == said


def test_it_stands_after_the_next_thing_to_do(reader: Client) -> None:
    page = reader.get("/in/kent/").content.decode()
    assert page.index('href="tel:999"') < page.index('href="tel:101"') < page.index('action="/in')


def test_nothing_is_tapped_on_a_pretend_widget(reader: Client) -> None:
    assert not FORM.findall(reader.get("/sandbox/embed/banner/kent/").content.decode())


def test_where_lines_differ_each_has_its_own(reader: Client) -> None:
    down = incident(
        "999",
        scope=scope("police:kent"),
        notices=(notice("police-emergency", "replace", "101"),),
    )
    with bulletin.showing(Bulletin(1, (down,))):
        page = reader.get("/in/kent/").content.decode()
    form = FORM.findall(page)[0]
    assert 'value="101">101 did not connect' in form
    assert 'value="111">111 did not connect' in form


def test_a_banner_has_a_tap_for_each_line_that_it_names_first(reader: Client) -> None:
    replaced = {"police-emergency": "101", "medical-emergency": "111"}
    now = (notice(need, "replace", line) for need, line in replaced.items())
    down = incident("999", "many-failing", scope=scope("police:kent"), notices=tuple(now))
    with bulletin.showing(Bulletin(1, (down,))):
        (form,) = FORM.findall(reader.get("/embed/banner/kent/").content.decode())
    assert re.findall(r'value="(\d+)" aria-label="(.*?)">', form) == [
        (line, f"{line} did not connect") for line in ("101", "111", "999")
    ]


@pytest.mark.parametrize("preset", rulebook().presets, ids=lambda p: f"{p.channel} {p.state}")
def test_a_line_leads_to_a_page_with_the_taps_of_what_it_says(reader: Client, preset: Any) -> None:
    """In 60 px there is no room for a button: the page behind "More" has it."""
    with bulletin.showing(Bulletin(1, (incident(preset.channel, str(preset.state)),))):
        line = reader.get("/embed/line/kent/").content.decode().split("<main")[1]
        named = set(re.findall(r'href="tel:(\d+)"', line))
        (more,) = re.findall(r'href="(/[^"]*)" target="_blank"', line)
        taps = "".join(FORM.findall(reader.get(more).content.decode()))
    tapped = set(re.findall(r'value="([^"]+)"', taps))
    assert tapped
    assert named <= tapped
    if not named:
        assert counted(preset.channel) in tapped


def test_the_page_of_a_fault_has_the_tap_of_its_line(reader: Client) -> None:
    with bulletin.showing(Bulletin(1, (incident("101", "down", id="down"),))):
        (form,) = FORM.findall(reader.get("/in/kent/incident/down/").content.decode())
    assert 'value="101">It did not connect' in form


def test_a_tap_counts_its_area_its_nation_and_the_uk(reader: Client) -> None:
    answer = reader.post("/in/kent/tap/", {"channel": "999"})
    assert (answer.status_code, answer["Location"]) == (303, "/in/kent/tapped/999/")
    assert taken() == {
        ("999", "area:kent"): WHOLE, ("999", "nation:england"): WHOLE, ("999", "uk"): WHOLE
    }  # fmt: skip


def test_afterwards_the_advice_stands_there_again(reader: Client) -> None:
    page = reader.get("/in/kent/tapped/999/").content.decode()
    assert "Thank you. Now:" in page
    assert page.index("Thank you. Now:") < page.index('href="tel:999"') < page.index("<select")
    assert 'href="/in/kent/failed/"' in page
    assert "Diolch. Nawr:" in reader.get("/cy/tapped/999/").content.decode()


def test_of_a_line_of_its_own_the_answer_is_its_own_advice(reader: Client) -> None:
    page = reader.get("/in/kent/tapped/gas-gb/").content.decode()
    number = rulebook().catalogue.number("gas-gb")
    main = page.split("<main")[1].split("</main>")[0]
    assert f'class="call" href="{dial(number or "")}"' in main
    assert "tel:999" not in main


def test_the_phone_may_be_told_afterwards_and_counts_for_its_network_alone(reader: Client) -> None:
    answer = reader.post("/in/kent/tap/", {"channel": "999", "phone": "giffgaff"})
    assert answer["Location"] == "/in/kent/tapped/999/thanks/"
    assert taken() == {
        ("999", "area:kent"): 0, ("999", "nation:england"): 0, ("999", "uk"): 0,
        ("999", "network:o2"): WHOLE,
    }  # fmt: skip
    assert "<select" not in reader.get("/in/kent/tapped/999/thanks/").content.decode()


def test_a_form_of_999_is_counted_as_999() -> None:
    assert counted("999-from-mobile") == "999"
    assert counted("112") == "999"


@pytest.mark.parametrize(
    "channel", ["in-person", "wait", "nonsense", "", "mobile-voice", "999\x00"]
)
def test_what_is_no_line_is_refused_with_the_essentials(reader: Client, channel: str) -> None:
    answer = reader.post("/tap/", {"channel": channel})
    assert answer.status_code == 404
    assert 'href="tel:999"' in answer.content.decode()
    assert not taken()


def test_a_sensitive_page_is_answered_at_an_address_that_says_nothing(reader: Client) -> None:
    form = FORM.findall(reader.get("/silent/").content.decode())[0]
    assert 'name="quiet"' in form
    answer = reader.post("/tap/", {"channel": "da-england", "quiet": "1"})
    assert answer.status_code == 200
    assert "Thank you. Now:" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "words", "channel"),
    [
        ("/search/", "999 not working", "999"),
        ("/cy/search/", "999 ddim yn gweithio", "999"),
        ("/search/", "101 doesn't work", "101"),
        ("/cy/search/", "111 ddim yn cysylltu", "111"),
    ],
)
def test_a_search_that_says_so_is_half_a_tap(
    reader: Client, path: str, words: str, channel: str
) -> None:
    reader.post(path, {"q": words})
    assert taken() == {(channel, "uk"): HALF}


@pytest.mark.parametrize("words", ["999", "boiler not working", "call 999 now", "1999 not working"])
def test_other_words_are_none(reader: Client, words: str) -> None:
    reader.post("/search/", {"q": words})
    assert taken() == {}


def test_no_cookie_is_set_and_no_query_asked(reader: Client) -> None:
    # pytest-django refuses the database here.
    assert not reader.post("/tap/", {"channel": "999"}).cookies


def test_what_no_browser_sent_is_seen(reader: Client) -> None:
    reader.post("/tap/", {"channel": "999"})
    reader.post("/tap/", {"channel": "999"}, HTTP_ORIGIN="null")
    assert [c.bare for c in _counts().values()] == [1]


def test_a_tap_costs_a_fraction_of_a_page_that_is_made(reader: Client, say: Any) -> None:
    """In processor time, in one run: a machine that is busy is so for both. A page takes 3.5 ms
    with this client, so that this is one; in milliseconds: `python -m tests.bench.taps`."""

    def one(n: int) -> None:
        reader.post("/in/kent/tap/", {"channel": "999"}, REMOTE_ADDR=f"192.0.{n}.1")

    def spent(work: Callable[[int], object]) -> float:
        begun = time.process_time()
        for n in range(100):
            work(n)
        return time.process_time() - begun

    one(0)
    rounds = [spent(one) / spent(lambda n: reader.get("/in/kent/")) for _ in range(5)]
    say(f"a tap for a page that is made, both with the test's own client: {min(rounds):.1f}")
    assert min(rounds) < 0.28
