"""The door for plain taps: it answers and counts as Django does, and leaves the rest alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler

from tests.conftest import Say
from triage.signals.tally import PROCESS, WHOLE
from triage.web.ops.tap_door import TapDoor

# Django itself looks at its connection before each request.
pytestmark = pytest.mark.django_db
Answer = tuple[str, dict[str, str], bytes]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    PROCESS.__init__()  # type: ignore[misc]
    yield
    PROCESS.__init__()  # type: ignore[misc]


@pytest.fixture
def django_asked() -> list[str]:
    return []


@pytest.fixture
def door(django_asked: list[str]) -> TapDoor:
    django = WSGIHandler()

    def application(environ: dict[str, Any], start: Any) -> Any:
        django_asked.append(environ["PATH_INFO"])
        return django(environ, start)

    return TapDoor(application)


def post(door: TapDoor, path: str, body: bytes = b"channel=999", **more: Any) -> Answer:
    told: list[Any] = []
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body), "wsgi.errors": StringIO(),
        "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "192.0.2.7", "HTTP_ORIGIN": "null",
        "CONTENT_TYPE": "application/x-www-form-urlencoded", **more,
    }  # fmt: skip

    def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        told[:] = [status, dict(headers)]

    found = b"".join(door(environ, start))
    return told[0], told[1], found


@pytest.mark.parametrize("path", ["/tap/", "/cy/tap/", "/in/kent/tap/", "/cy/in/kent/tap/"])
def test_it_answers_and_counts_exactly_as_django_does(
    door: TapDoor, django_asked: list[str], path: str
) -> None:
    by_django = post(door, path)
    counted = {row[1:]: c.taps for row, c in PROCESS.take(0).items()}
    PROCESS.__init__()  # type: ignore[misc]
    by_the_door = post(door, path)
    assert len(django_asked) == 1
    assert by_the_door == by_django
    assert by_the_door[1]["Location"] == path.replace("tap/", "tapped/999/")
    assert {row[1:]: c.taps for row, c in PROCESS.take(0).items()} == counted


@pytest.mark.parametrize(
    ("path", "body", "more", "status"),
    [
        ("/tap/", b"channel=nonsense", {}, "404"),
        ("/tap/", b"channel=999&phone=ee", {}, "303"),
        ("/tap/", b"channel=999&quiet=1", {}, "200"),
        ("/tap/", b"channel=%39%39%39", {}, "303"),
        ("/in/nowhere/tap/", b"channel=999", {}, "404"),
        ("/tap/", b"channel=999", {"QUERY_STRING": "network=ee"}, "303"),
        ("/tap/", b"channel=999", {"HTTP_HOST": "evil.example"}, "400"),
        ("/tap/", b"channel=999", {"CONTENT_LENGTH": ""}, "404"),
        ("/tap/", b"x" * 5000, {}, "404"),
        ("/tap/", b"channel=999", {"REQUEST_METHOD": "GET"}, "405"),
    ],
)
def test_everything_else_goes_on_to_django_with_its_body(
    door: TapDoor, django_asked: list[str], path: str, body: bytes, more: Any, status: str
) -> None:
    post(door, "/tap/")
    assert post(door, path, body, **more)[0].startswith(status)
    assert len(django_asked) == 2


def test_whoever_taps_too_often_gets_the_advice_and_is_not_counted(
    settings: Any, django_asked: list[str]
) -> None:
    settings.POSTS_A_MINUTE = 5
    door = TapDoor(WSGIHandler())
    answers = [post(door, "/tap/")[0] for _ in range(9)]
    assert set(answers) == {"303 See Other"}
    assert sum(c.taps for c in PROCESS.take(0).values()) == WHOLE * 6


def test_two_thousand_a_second_take_a_tenth_of_a_core(door: TapDoor, say: Say) -> None:
    post(door, "/in/kent/tap/")
    rounds = []
    for _ in range(5):
        begun = time.process_time()
        for n in range(200):
            post(door, "/in/kent/tap/", REMOTE_ADDR=f"192.{n}.2.7")
        rounds.append((time.process_time() - begun) / 200)
    say(f"a plain tap: {min(rounds) * 1e6:.0f} µs of a core")
    assert min(rounds) < 0.00005
