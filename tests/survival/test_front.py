"""nginx and its mirror: nothing that is sent changes what the next reader gets, and what stands in
for the nodes follows what is published."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.survival.conftest import Room, missing
from tests.survival.machine import Missing, Nginx, Node, until
from tests.survival.readers import Truth, told_first
from tests.test_security import HOSTILE

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]
# Which host is asked, and how much is sent, is no header of a reader's own making here.
FRAMING = ("CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_ADDR", "REMOTE_USER", "HTTP_TRANSFER_ENCODING")
Got = tuple[int, dict[str, str], bytes]


def ask(port: int, path: str, **headers: str) -> Got:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    got = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return got


@pytest.fixture
def alone() -> Iterator[Nginx]:
    """nginx whose nodes do not answer, with a mirror of Kent's start page and the error pages."""
    with tempfile.TemporaryDirectory(prefix="which-number-") as temporary:
        folder = Path(temporary)
        try:
            nginx = Nginx(folder, [Node(folder, "nobody", {})])
        except Missing as error:
            missing(error)
        for file in ("in/kent/index.html", "cy/in/kent/advice/theft-past/index.html",
                     "errors/503.html", "cy/errors/503.html"):  # fmt: skip
            target = nginx.mirror / f"{file}.gz"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(gzip.compress(file.encode()))
        nginx.start()
        yield nginx
        nginx.stop()


@pytest.mark.parametrize(
    ("path", "status", "file"),
    [
        ("/in/kent/c/maidstone/", 200, "in/kent/index.html"),
        ("/cy/in/kent/c/dover/advice/theft-past/", 200, "cy/in/kent/advice/theft-past/index.html"),
        ("/in/kent/c/maidstone/?network=ee", 200, "in/kent/index.html"),
        ("/in/kent/c/maidstone/advice/nothing/", 503, "errors/503.html"),
        ("/cy/in/kent/c/maidstone", 503, "cy/errors/503.html"),
        ("/in/kent/c/../c/maidstone/", 200, "in/kent/index.html"),
        ("/in/kent/c/..%2f..%2fetc/passwd/", 503, "errors/503.html"),
    ],
)
def test_a_council_s_page_is_its_area_s_while_no_node_answers(
    alone: Nginx, path: str, status: int, file: str
) -> None:
    got, headers, body = ask(alone.port, path)
    assert (got, body.decode()) == (status, file)
    assert headers["Cache-Control"] == "no-store"
    if status == 200:
        assert headers["X-Served-By"] == "mirror"


def test_no_header_changes_what_nginx_keeps(room: Room, truth: Truth) -> None:
    hostile = {n.removeprefix("HTTP_"): v for n, v in HOSTILE.items() if n not in FRAMING}
    # Asked for a part, a part is given; and what is forbidden to be kept is given all the same.
    hostile.pop("RANGE")
    for number, (name, value) in enumerate(hostile.items()):
        path = f"/embed/banner/kent/?accent=00{number:02x}00"
        with_it = ask(room.nginx.port, path, **{name: value})
        assert (name, with_it[0], with_it[2]) == (name, 200, ask(room.nginx.port, path)[2])
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
    ask(room.nginx.port, first)
    status, headers, body = ask(room.nginx.port, then, Accept_Encoding="gzip")
    assert (status, headers.get("Content-Encoding")) == (200, "gzip")
    assert b"tel:999" in gzip.decompress(body)


@pytest.mark.parametrize("wording", ["gzip;q=1.0", "deflate, gzip;q=0.50", "GZIP", "br;q=0, gzip"])
def test_every_wording_of_gzip_is_understood(room: Room, wording: str) -> None:
    assert (
        ask(room.nginx.port, "/in/kent/", Accept_Encoding=wording)[1]["Content-Encoding"] == "gzip"
    )


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
