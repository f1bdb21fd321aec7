"""A page as it is kept: its tag, and the headers that say how long anybody else may keep it."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.cast import NOON
from triage.web.cache.stored_page import BROTLI, GZIP, IDENTITY, Made, StoredPage, keep
from triage.web.http import cache_headers

HTML = [("Content-Type", "text/html")]


def kept(*more: tuple[str, str]) -> StoredPage:
    return keep(([*HTML, *more], b"<main>"), None, "e", 1, Made(NOON, "e", diverts=False))


def test_a_page_whose_policy_changed_has_another_tag() -> None:
    assert kept(("Content-Security-Policy", "a")).tag != kept(("Content-Security-Policy", "b")).tag


def test_the_same_page_has_the_same_tag() -> None:
    assert kept(("Content-Security-Policy", "a")).tag == kept(("Content-Security-Policy", "a")).tag


@pytest.mark.parametrize("path", ["/", "/in/kent/", "/cy/status/", "/numbers/999/"])
def test_a_browser_keeps_advice_for_one_second(path: str) -> None:
    header = Client().get(path)["Cache-Control"]
    assert header == "public, max-age=1, stale-while-revalidate=2, stale-if-error=600"
    assert header == cache_headers.FRESH


def test_a_sensitive_page_is_kept_by_no_browser() -> None:
    assert Client().get("/silent/")["Cache-Control"] == "no-store"


def test_a_page_is_packed_as_its_reader_takes_it_and_otherwise_when_asked() -> None:
    page = keep((HTML, b"<main>" * 99), None, "e", 1, Made(NOON, "e", diverts=False), BROTLI)
    assert list(page.variants) == [BROTLI]
    packed = page.variant(GZIP)
    assert gzip.decompress(packed.body[0]) == page.body() == b"<main>" * 99
    assert packed.etag == f'"{page.tag}-gzip"'
    assert page.variant(GZIP) is packed
    assert page.size > sum(len(v.body[0]) for v in page.variants.values())


def test_plain_bytes_of_what_can_be_packed_are_not_kept() -> None:
    page = kept()
    assert page.variant(IDENTITY).body == (b"<main>",)
    assert IDENTITY not in page.variants
