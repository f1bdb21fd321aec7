"""The traps about numbers that only a page can fall into, each held by a test of its name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.web.kinds import Reader

PAGES = ("/", "/now/", "/in/leicestershire/", "/advice/burglary-now/", "/cy/advice/fire-now/")
DIAL = re.compile(r'<a[^>]*href="tel:([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


def main(reader: Client, path: str) -> str:
    html = reader.get(path).content.decode()
    return html.split("<main", 1)[1].split("</main>")[0]


@pytest.mark.parametrize("path", PAGES)
def test_trap_43_nobody_writes_a_word_or_a_place_before_999(reader: Client, path: str) -> None:
    page = main(reader, path)
    written = re.search(r"<(input|textarea)\b", page)
    assert "tel:999" in page
    assert written is None or page.index("tel:999") < written.start()


@pytest.mark.parametrize("path", PAGES)
def test_trap_44_the_digits_stand_as_text_where_a_tap_may_do_nothing(
    reader: Client, path: str
) -> None:
    dials = DIAL.findall(main(reader, path))
    assert dials
    for number, words in dials:
        digits = re.sub(r"\D", "", re.sub(r"<[^>]+>", "", words))
        assert number.lstrip("+") in digits, f"{path}: {number}"


@pytest.mark.parametrize("path", PAGES)
def test_trap_45_nothing_dials_by_itself(reader: Client, path: str) -> None:
    html = reader.get(path).content.decode()
    assert not re.search(r'http-equiv="refresh"[^>]*tel:', html)
    for script in Path(settings.BASE_DIR / "static").rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"""["'`]tel:["'`\d]""", text), script.name


@pytest.mark.parametrize("path", PAGES)
def test_trap_45_no_other_number_is_a_slip_of_the_thumb_from_999(reader: Client, path: str) -> None:
    """Two links that dial different numbers never stand in one line of a page."""
    page = main(reader, path)
    for line in re.split(r"</?(?:p|li|div|section|h\d|dd|dt|ul|ol)\b[^>]*>", page):
        numbers = {number for number, _ in DIAL.findall(line)}
        assert len(numbers) <= 1, numbers
    assert "tel:999" in {href for href, _ in Reader.of(page).links}
