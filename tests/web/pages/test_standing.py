"""How a channel stands on the pages that list it: no link dials a line that is marked down."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import incident, later, scope
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER


def text(reader: Client, path: str) -> str:
    return reader.get(path).content.decode()


LISTS = ("numbers/", "numbers/101/", "numbers/111/", "print/leicestershire/")


@pytest.mark.parametrize("channel", ["999", "101", "111"])
@pytest.mark.parametrize("page", LISTS)
def test_no_list_dials_a_line_that_is_down(
    reader: Client, live: Live, page: str, channel: str
) -> None:
    live(incident(channel, "down"))
    assert f'"tel:{channel}"' not in text(reader, f"/in/leicestershire/{page}")


def test_the_number_stays_to_be_read(reader: Client, live: Live) -> None:
    live(incident("101", "down"))
    page = text(reader, "/in/kent/numbers/").split("<main")[1]
    assert re.search(r'<b class="num">101</b> <span class="chip bad">Not working', page)


def test_a_line_that_carries_emergencies_is_dialled_for_them_and_says_so(
    reader: Client, live: Live
) -> None:
    live(LEICESTER)
    page = text(reader, "/in/leicestershire/numbers/101/").split("<main")[1]
    assert "Kept free for emergencies now" in page
    assert page.index("For emergencies only now") < page.index('class="call" href="tel:101"')
    assert "For emergencies only" not in text(reader, "/in/kent/numbers/101/")


@pytest.mark.parametrize("page", ["numbers/101/", "numbers/999/", "numbers/samaritans/", ""])
def test_while_999_fails_every_page_leads_to_help_and_not_to_999(
    reader: Client, live: Live, page: str
) -> None:
    live(LEICESTER)
    top = text(reader, f"/in/leicestershire/{page}").split("<main")[0]
    assert "I need help now" in top
    assert "I need 999 now" not in top


def test_a_mark_that_is_overdue_lapses(reader: Client, live: Live) -> None:
    live(incident("101", "down", review_at=later(minutes=-5)))
    assert '"tel:101"' in text(reader, "/in/kent/numbers/101/")


def test_a_fault_of_one_place_is_not_told_as_everybodys(reader: Client, live: Live) -> None:
    live(LEICESTER)
    everybody = text(reader, "/numbers/999/")
    assert "Many calls failing in some places" in everybody
    assert "in some places" not in text(reader, "/in/leicestershire/numbers/999/")


def test_a_fault_of_landlines_only_is_no_fault_of_999(reader: Client, live: Live) -> None:
    live(incident("999", "down", scope=scope("uk", lines=("landline",))))
    assert "Not working" not in text(reader, "/in/kent/numbers/999/").split("<main")[1]


def test_no_link_leads_nowhere(reader: Client, live: Live) -> None:
    live(LEICESTER)
    for page in ("deaf/", "silent/", "advice/police-now/", "numbers/"):
        assert not re.search(r'href="#?"', text(reader, f"/in/leicestershire/{page}")), page


def test_a_heading_takes_no_aside(reader: Client, live: Live) -> None:
    live(LEICESTER)
    page = text(reader, "/in/leicestershire/accident/")
    assert "<h1>I called 999 by accident</h1>" in page
