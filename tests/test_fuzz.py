"""Whatever is sent: never a fault of ours, always a clear answer with the essentials."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from outage import bulletin
from outage.bulletin import Bulletin
from tests.cast import incident
from tests.outside import Got, Outside

LIGHT = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Parts of true addresses, and what people and programs put between them.
WORDS = (
    "in", "cy", "kent", "leicestershire", "wales", "thames-valley", "ask", "danger", "crime",
    "advice", "police-now", "from", "start", "now", "area", "for", "numbers", "999", "101",
    "status", "incident", "999-down", "where", "about", "print", "poster", "search", "silent",
    "deaf", "api", "v1", "feeds", "uk.atom", "embed", "v1.js", "elsewhere", "sandbox", "frame",
    "..", ".", "", " ", "%", "%2e", "\x00", "\r\n", "é", "\xff\xfe", "<script>", "'", "a" * 300,
)  # fmt: skip
KEYS = (
    "network", "line", "council", "mobile", "sms", "area", "need", "outcome", "find", "lang", "q",
    "place", "then", "next", "view", "theme", "page", "utm_source", "fbclid", "", "[]", "a[b]",
)  # fmt: skip
VALUES = (
    "ee", "mobile", "E06000017", "yes", "kent", "police-emergency", "cy", "banner", "", "0", "-1",
    "1e999", "null", "../../etc/passwd", "//evil.example", "%00", "é", "<b>", "{999}", "x" * 5_000,
)  # fmt: skip
HEADERS = (
    "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_ACCEPT", "HTTP_COOKIE", "HTTP_HX_REQUEST",
    "HTTP_HX_CURRENT_URL", "HTTP_RANGE", "HTTP_ORIGIN", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP", "HTTP_CONTENT_ENCODING", "CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_ADDR",
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
    "application/json", "application/json; charset=utf-7", "text/plain; charset=nonsense", "",
)  # fmt: skip

latin = st.text(st.characters(max_codepoint=255), max_size=30)
paths = st.lists(st.sampled_from(WORDS) | latin, max_size=7).map(lambda p: "/" + "/".join(p))
pairs = st.tuples(st.sampled_from(KEYS) | latin, st.sampled_from(VALUES) | latin)
queries = st.lists(pairs, max_size=4).map(lambda ps: "&".join(f"{k}={v}" for k, v in ps))
headers = st.dictionaries(st.sampled_from(HEADERS), st.sampled_from(VALUES) | latin, max_size=4)


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    with bulletin.showing(Bulletin(1, (incident("999"),))):
        yield Outside()


def in_order(got: Got) -> None:
    """An answer that helps: no fault of ours, and where it is a page, with the essentials."""
    assert got.status < 500, got.body[:300]
    assert got.status != 429
    if got.status >= 400:
        kind = got.headers["Content-Type"]
        if kind.startswith("application/json"):
            assert {"what", "where", "what_to_do"} <= set(json.loads(got.body))
        elif got.body:
            assert b"999" in got.body
    for name, value in got.pairs:
        assert not set("\r\n\x00") & set(name + value)


@LIGHT
@given(path=paths, query=queries)
@example(path="/in/kent/", query="network=ee&network=o2")
@example(path="/\x00", query="")
@example(path="/incident/" + "a" * 3_000 + "/", query="")
def test_any_address_is_answered(outside: Outside, path: str, query: str) -> None:
    in_order(outside.ask(f"{path.replace('?', '')}?{query}"))


@LIGHT
@given(path=st.sampled_from(["/", "/in/kent/", "/status/", "/api/v1/areas"]), given=headers)
@example(path="/", given={"HTTP_IF_NONE_MATCH": 'W/"', "HTTP_ACCEPT_ENCODING": "gzip;q="})
@example(path="/", given={"CONTENT_LENGTH": "nonsense"})
def test_any_header_is_borne(outside: Outside, path: str, given: dict[str, str]) -> None:
    in_order(outside.ask(path, "GET", b"", **given))


@LIGHT
@given(
    path=st.sampled_from(
        ["/search/", "/cy/search/", "/area/", "/in/kent/area/", "/feedback/", "/embed/", "/now/",
         "/api/v1/find", "/api/v1/search", "/api/v1/advice", "/area/for/status/"]
    ),
    body=st.binary(max_size=200) | queries.map(lambda q: q.encode("utf-8", "replace")),
    kind=st.sampled_from(TYPES),
)  # fmt: skip
@example(path="/search/", body=b"q=" + b"x" * 100_000, kind=TYPES[0])
@example(path="/search/", body=b"&".join(b"a%d=1" % n for n in range(2_000)), kind=TYPES[0])
@example(path="/search/", body=b"q=%ff%fe%00", kind=TYPES[0])
@example(path="/api/v1/find", body=b'{"q": "\\ud800"}', kind=TYPES[3])
@example(path="/area/", body=b"--x\r\nContent-Disposition: form-data; name=", kind=TYPES[1])
@pytest.mark.django_db
def test_any_body_is_answered(outside: Outside, path: str, body: bytes, kind: str) -> None:
    in_order(outside.ask(path, "POST", body, CONTENT_TYPE=kind))


@LIGHT
@given(words=st.text(max_size=200))
@example(words="\ud800")
@example(words="EC2V 7HH\x00")
def test_anything_typed_is_answered(outside: Outside, words: str) -> None:
    typed = words.encode("utf-8", "surrogatepass")
    for path in ("/search/", "/area/"):
        key = b"q=" if path == "/search/" else b"place="
        quoted = b"".join(b"%%%02x" % byte for byte in typed)
        got = outside.ask(path, "POST", key + quoted)
        in_order(got)
        assert b"999" in got.body or got.status == 303


@LIGHT
@given(method=st.sampled_from(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "X" * 50, ""]))
@pytest.mark.parametrize("path", ["/", "/in/kent/", "/search/", "/api/v1/status", "/healthz"])
def test_any_method_is_answered(outside: Outside, path: str, method: str) -> None:
    got = outside.ask(path, method)
    assert got.status in (200, 204, 400, 403, 404, 405)


@pytest.mark.parametrize("path", ["/staff/", "/staff/admin/", "/staff/x/", "/staff/incident/1/"])
@pytest.mark.django_db
def test_the_staff_panel_lets_no_stranger_in(outside: Outside, path: str) -> None:
    for method in ("GET", "POST"):
        got: Any = outside.ask(path, method, b"a=b" if method == "POST" else b"")
        assert got.status in (302, 403, 404)
