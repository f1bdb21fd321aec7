"""The badge and the QR code: images that say what is so, in words, and when that was."""

from __future__ import annotations

import html
import re
import time
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from tests.web.api.test_api import LEICESTER
from tests.web.conftest import Live

SVG = "{http://www.w3.org/2000/svg}"


def drawn(reader: Client, path: str) -> list[str]:
    """The words of an image, in the order in which they stand."""
    answer = reader.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("image/svg+xml")
    root = ET.fromstring(answer.content)
    assert not [e for e in root.iter() if e.tag.removeprefix(SVG) in ("script", "style", "image")]
    return [e.text or "" for e in root.iter(f"{SVG}text")]


def test_a_badge_says_in_words_what_is_so_and_when(reader: Client, live: Live) -> None:
    assert "No fault is reported here." in " ".join(drawn(reader, "/embed/badge/kent.svg"))
    live(LEICESTER)
    said = " ".join(drawn(reader, "/embed/badge/leicestershire.svg"))
    assert "Many 999 calls are failing" in said
    assert re.search(r"As of \d\d:\d\d [A-Z]+, \d+ [A-Z][a-z]+\.", said)
    assert "Many" not in " ".join(drawn(reader, "/embed/badge/kent.svg"))


def test_a_badge_that_is_looked_at_for_ten_minutes_takes_back_what_it_says(reader: Client) -> None:
    root = ET.fromstring(reader.get("/embed/badge/kent.svg").content)
    now, old = root.findall(f"{SVG}g")
    turns = [group.find(f"{SVG}set") for group in (now, old)]
    assert [(s.get("begin"), s.get("to")) for s in turns if s is not None] == [
        ("600s", "none"),
        ("600s", "inline"),
    ]
    assert "No fault" in "".join(now.itertext())
    assert (old.get("display"), "more than ten minutes old" in "".join(old.itertext())) == (
        "none",
        True,
    )


def test_a_badge_that_could_not_be_checked_calls_nothing_calm(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    later_on = time.monotonic() + 700
    monkeypatch.setattr("triage.clock.steady", lambda: later_on)
    assert "We cannot check for faults now." in " ".join(drawn(reader, "/embed/badge/kent.svg"))


def test_a_badge_is_kept_for_a_minute_at_most_and_sets_nothing(reader: Client) -> None:
    answer = reader.get("/embed/badge/kent.svg")
    assert answer["Cache-Control"] == "public, max-age=60"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies


def test_a_badge_speaks_welsh(reader: Client) -> None:
    assert "Mewn argyfwng, ffoniwch 999" in " ".join(drawn(reader, "/cy/embed/badge/gwent.svg"))


@pytest.mark.parametrize("path", ["/embed/badge/knet.svg", "/embed/qr/uk.svg"])
def test_an_image_of_nowhere_is_not_there(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_the_qr_code_is_that_of_the_poster(reader: Client) -> None:
    code = reader.get("/embed/qr/kent.svg").content.decode()
    shape = re.findall(r'd="([^"]+)"', code)
    assert shape
    assert shape[0] in reader.get("/poster/kent/").content.decode()


def test_the_builder_gives_lines_for_sites_that_strip_scripts(reader: Client) -> None:
    page = html.unescape(reader.get("/embed/?area=kent&say=cy").content.decode())
    assert '<iframe src="http://testserver/cy/embed/banner/kent/" title="' in page
    assert (
        '<a href="http://testserver/cy/in/kent/">'
        '<img src="http://testserver/cy/embed/badge/kent.svg"' in page
    )
    for path in re.findall(r'href="(/cy/(?:poster|print|embed/qr|embed/badge)/[^"]+)"', page):
        assert reader.get(path).status_code == 200
