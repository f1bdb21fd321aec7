"""nginx and its mirror: nothing that is sent changes what the next reader gets, and what stands in
for the nodes follows what is published."""

from __future__ import annotations

import gzip
from http.client import HTTPConnection

import pytest

from tests.survival.conftest import Room
from tests.survival.machine import until
from tests.survival.readers import Truth, told_first
from tests.test_security import HOSTILE

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]
# Which host is asked, and how much is sent, is no header of a reader's own making here.
FRAMING = ("CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_ADDR", "REMOTE_USER", "HTTP_TRANSFER_ENCODING")
Got = tuple[int, dict[str, str], bytes]


def ask(room: Room, path: str, **headers: str) -> Got:
    connection = HTTPConnection("127.0.0.1", room.nginx.port, timeout=10)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    got = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return got


def test_no_header_changes_what_nginx_keeps(room: Room, truth: Truth) -> None:
    hostile = {n.removeprefix("HTTP_"): v for n, v in HOSTILE.items() if n not in FRAMING}
    # Asked for a part, a part is given; and what is forbidden to be kept is given all the same.
    hostile.pop("RANGE")
    for number, (name, value) in enumerate(hostile.items()):
        path = f"/embed/banner/kent/?accent=00{number:02x}00"
        with_it = ask(room, path, **{name: value})
        assert (name, with_it[0], with_it[2]) == (name, 200, ask(room, path)[2])
        assert b"evil" not in with_it[2]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("/embed/banner/kent/?accent=abcgzip", "/embed/banner/kent/?accent=abc"),
        ("/nowhere/../in/kent/", "/in/kent/"),
        ("/in/kent/%3Fnetwork=ee", "/in/kent/?network=ee"),
        ("//in//gwent/", "/in/gwent/"),
    ],
)
def test_no_address_takes_the_place_of_another(
    room: Room, truth: Truth, first: str, then: str
) -> None:
    ask(room, first)
    status, headers, body = ask(room, then, Accept_Encoding="gzip")
    assert (status, headers.get("Content-Encoding")) == (200, "gzip")
    assert b"tel:999" in gzip.decompress(body)


@pytest.mark.parametrize("wording", ["gzip;q=1.0", "deflate, gzip;q=0.50", "GZIP", "br;q=0, gzip"])
def test_every_wording_of_gzip_is_understood(room: Room, wording: str) -> None:
    assert ask(room, "/in/kent/", Accept_Encoding=wording)[1]["Content-Encoding"] == "gzip"


def test_the_mirror_follows_a_publication(room: Room, truth: Truth) -> None:
    """Also while its first round is still under way: what most people open comes first again."""
    page = room.nginx.mirror / "in/kent/index.html.gz"

    def told() -> str:
        return told_first("/in/kent/", gzip.decompress(page.read_bytes()))

    assert told() == "999"
    made = room.hands.do(do="declare", area="police:kent")
    try:
        until(lambda: told() == "101", 20, "the change in the mirror")
    finally:
        room.hands.surely(do="end", **made)
    until(lambda: told() == "999", 20, "the ordinary page again")
