"""What a stranger may try: hosts, headers, redirects, poisoned caches, missing secrets, floods."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from outage import bulletin
from outage.bulletin import Bulletin
from outage.panel.sign_in import Accounts, from_this_machine
from tests.cast import incident
from tests.outside import Got, Outside
from tests.spoiled import copied
from triage import client_address, clock
from triage.config.settings import BASE_DIR
from triage.engine.rulebook import Rulebook
from triage.web.ops.rate_limit import MINUTE, Limit
from triage.web.pages.views import documents
from triage.web.presenters import how_to_pages

PAGES = (
    "/", "/cy/", "/in/kent/", "/cy/in/gwent/", "/now/", "/area/", "/search/", "/numbers/",
    "/numbers/101/", "/status/", "/in/leicestershire/status/", "/where/", "/about/", "/licence/",
    "/ask/danger/", "/advice/police-now/", "/in/kent/advice/fire-now/", "/cy/ask/crime/",
    "/print/kent/", "/nowhere/", "/embed/", "/api/",
    "/deaf/",
    *(f"/{key}/" for key in (*how_to_pages.PAGES, *documents.PAGES)),
)  # fmt: skip
API = (
    "/api/v1/areas",
    "/api/v1/status",
    "/api/v1/advice?need=police-emergency&area=kent",
    "/api/v1/advice?need=nonsense",
    "/feeds/uk.atom",
)
# What a stranger puts into a request to change what the next reader gets.
HOSTILE: Mapping[str, str] = {
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_SERVER": "evil.example",
    "HTTP_X_FORWARDED_PORT": "1",
    "HTTP_X_FORWARDED_FOR": "10.0.0.1, evil",
    "HTTP_X_FORWARDED_PREFIX": "/evil",
    "HTTP_X_ORIGINAL_URL": "/staff/",
    "HTTP_X_REWRITE_URL": "/staff/",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
    "HTTP_FORWARDED": "host=evil.example;proto=http",
    "HTTP_ORIGIN": "https://evil.example",
    "HTTP_REFERER": "https://evil.example/<script>",
    "HTTP_COOKIE": "sessionid=x; csrftoken=<script>; django_language=cy",
    "HTTP_ACCEPT_LANGUAGE": "cy, xx;q=0.1",
    "HTTP_ACCEPT": "application/json",
    "HTTP_ACCEPT_CHARSET": "utf-7",
    "HTTP_USER_AGENT": "<script>alert(1)</script>",
    "HTTP_AUTHORIZATION": "Basic eDp5",
    "HTTP_RANGE": "bytes=0-1",
    "HTTP_IF_MODIFIED_SINCE": "Fri, 31 Dec 2199 23:59:59 GMT",
    "HTTP_CACHE_CONTROL": "no-cache",
    "HTTP_PRAGMA": "no-cache",
    "HTTP_HX_REQUEST": "true",
    "HTTP_HX_TARGET": "evil",
    "HTTP_HX_BOOSTED": "true",
    "HTTP_HX_CURRENT_URL": "https://evil.example/",
    "HTTP_HX_PROMPT": "<script>",
    "HTTP_SEC_FETCH_DEST": "iframe",
    "HTTP_SEC_FETCH_SITE": "cross-site",
    "HTTP_SAVE_DATA": "on",
    "HTTP_DNT": "1",
    "HTTP_PURPOSE": "prefetch",
    "HTTP_VIA": "1.1 evil",
    "HTTP_TRANSFER_ENCODING": "identity",
    "HTTP_X_REQUESTED_WITH": "XMLHttpRequest",
    "HTTP_X_REAL_IP": "1.2.3.4",
    "CONTENT_TYPE": "application/json; charset=nonsense",
    "CONTENT_LENGTH": "7",
    "REMOTE_ADDR": "203.0.113.9",
    "REMOTE_USER": "admin",
}


@pytest.fixture(scope="module", autouse=True)
def an_ordinary_day() -> object:
    with bulletin.showing(Bulletin()):
        yield


@pytest.fixture(scope="module")
def outside() -> Outside:
    return Outside()


# Page by page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_lets_in_nothing_of_anybody_else(outside: Outside, path: str) -> None:
    got = outside.ask(path)
    policy = dict(
        part.strip().split(" ", 1)
        for part in got.headers["Content-Security-Policy"].split(";")
        if " " in part.strip()
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in got.headers["Content-Security-Policy"]
    assert "http" not in got.headers["Content-Security-Policy"].replace("https://localhost", "")


@pytest.mark.parametrize("path", [*PAGES, *API])
def test_an_answer_stores_nothing_and_says_how_it_may_be_used(outside: Outside, path: str) -> None:
    got = outside.ask(path)
    assert "Set-Cookie" not in got.headers
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Referrer-Policy"] == "no-referrer"
    assert got.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "X-Edition-Area" not in got.headers
    assert got.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding" or got.status != 200
    assert got.headers["Cache-Control"]


@pytest.mark.parametrize("path", [p for p in PAGES if p not in ("/embed/", "/api/")])
def test_a_page_holds_no_script_of_its_own_and_no_address_of_others(
    outside: Outside, path: str
) -> None:
    text = outside.ask(path).text.lower()
    assert "<script>" not in text
    assert " onclick=" not in text
    assert "javascript:" not in text
    assert 'src="http' not in text


# Nobody changes what the next reader gets


@pytest.mark.parametrize("path", ["/", "/in/kent/", "/status/", "/nowhere/", *API])
def test_no_header_changes_a_byte(outside: Outside, path: str) -> None:
    plain = outside.ask(path)
    alone = Outside()
    for name, value in HOSTILE.items():
        for site in (outside, alone):
            got = site.ask(path, "GET", b"", **{name: value})
            assert (name, got.status, _still(got)) == (name, plain.status, _still(plain))
            assert (name, got.pairs) == (name, plain.pairs) or "as_of" in plain.text
    assert _still(outside.ask(path)) == _still(plain)


def _still(got: Got) -> bytes:
    """The bytes without the moment an API answer was worked out, which is no part of it."""
    head, _, rest = got.body.partition(b'"as_of":"')
    return head + rest.partition(b'"')[2]


def test_a_page_poisoned_before_it_is_kept_is_clean_for_the_next(rulebook: Rulebook) -> None:
    fresh = Outside()
    hostile = {name: value for name, value in HOSTILE.items() if name.startswith("HTTP_")}
    fresh.ask("/in/kent/", "GET", b"", **hostile)
    assert fresh.ask("/in/kent/").body == Outside().ask("/in/kent/").body


# Hosts, redirects, headers


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "localhost:80@evil", "", "a\r\nb", "[::1", "*"],
)
@pytest.mark.parametrize("path", ["/", "/in/kent/", "/nowhere/", "/api/v1/areas"])
def test_another_host_is_refused_with_the_essentials(
    outside: Outside, host: str, path: str
) -> None:
    outside.ask(path)
    got = outside.ask(path, HTTP_HOST=host)
    assert got.status == 400
    assert b"evil" not in got.body
    assert b"999" in got.body


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "//evil.example/..",
        "/\\evil.example/",
        "/area/for///evil.example/",
        "/area/for/https://evil.example/",
        "/area/for/\\\\evil.example",
        "/area/for/javascript:alert(1)",
        "/in/kent//evil.example/",
        "/in//evil.example/",
        "/cy//evil.example/",
        "/now?next=https://evil.example/",
        "/numbers?/=//evil.example",
        "/in/thames//evil.example",
    ],
)
def test_no_address_leads_away(outside: Outside, path: str) -> None:
    for body in (b"", b"place=Kent&then=//evil.example/&next=//evil.example/"):
        got = outside.ask(path, "POST" if body else "GET", body)
        assert got.status < 500
        place = got.headers.get("Location", "/")
        assert place.startswith("/")
        assert not place.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "path",
    [
        "/in/kent\r\nX-Evil: 1/",
        "/area/for/x\r\nX-Evil: 1",
        "/nowhere\r\nSet-Cookie: a=b",
        "/?network=ee%0d%0aX-Evil:%201",
        "/?utm_x=%0d%0aX-Evil:%201",
        "/in/kent?x=\r\nX-Evil: 1",
        "/incident/x\r\nX-Evil: 1/",
    ],
)
def test_no_address_adds_a_header(outside: Outside, path: str) -> None:
    got = outside.ask(path)
    assert got.status < 500
    for name, value in got.pairs:
        assert "evil" not in name.lower()
        assert not set("\r\n") & set(value)


# Floods


def test_an_address_that_posts_too_often_is_told_so_with_the_essentials(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "POSTS_A_MINUTE", 3)
    site = Outside()
    told = [site.ask("/search/", "POST", b"q=fire", REMOTE_ADDR="203.0.113.9") for _ in range(4)]
    assert [got.status for got in told] == [200, 200, 200, 429]
    assert b"999" in told[3].body
    assert told[3].headers["Retry-After"] == "60"
    assert site.ask("/search/", "POST", b"q=fire", REMOTE_ADDR="203.0.113.10").status == 200
    assert site.ask("/in/kent/", REMOTE_ADDR="203.0.113.9").status == 200


def test_a_program_that_posts_too_often_is_told_so_in_its_own_shape(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "POSTS_A_MINUTE", 0)
    got = Outside().ask("/api/v1/find", "POST", b'{"q":"Kent"}', CONTENT_TYPE="application/json")
    assert got.status == 429
    assert b"what_to_do" in got.body


def test_a_readers_address_is_believed_from_our_own_proxy_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "POSTS_A_MINUTE", 1)
    site = Outside()
    for n, status in ((1, 200), (2, 429)):
        who = {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_REAL_IP": f"198.51.100.{n}"}
        assert site.ask("/search/", "POST", b"q=x", **who).status == status
    for n in (1, 2):
        who = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": f"198.51.100.{n}"}
        assert site.ask("/search/", "POST", b"q=x", **who).status == 200


@pytest.mark.parametrize(
    ("given", "who"),
    [
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_X_REAL_IP": "127.0.0.1"}, "203.0.113.9"),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, "203.0.113.9"),
        # As deploy/nginx.conf asks, on this machine, through a unix socket, and from another one.
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "198.51.100.1"}, "198.51.100.1"),
        ({"REMOTE_ADDR": "", "HTTP_X_REAL_IP": "198.51.100.1"}, "198.51.100.1"),
        ({"REMOTE_ADDR": "192.0.2.5", "HTTP_X_REAL_IP": "198.51.100.1"}, "198.51.100.1"),
        # As a proxy asks that appends what it saw, whatever the reader wrote before it.
        ({"REMOTE_ADDR": "::1", "HTTP_X_FORWARDED_FOR": "127.0.0.1, 198.51.100.1",
          "HTTP_X_REAL_IP": "127.0.0.1"}, "198.51.100.1"),
        ({"REMOTE_ADDR": ""}, "127.0.0.1"),
    ],
)  # fmt: skip
def test_who_asks_is_told_by_a_proxy_of_ours_alone(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], who: str
) -> None:
    """Sign-in counts by it too: one stranger must not use up what all operators share."""
    monkeypatch.setattr(settings, "PROXIES", ["192.0.2.5"])
    assert client_address.address(given) == who
    request = RequestFactory().get("/staff/account/login/")
    request.META.update(given)
    assert Accounts().get_client_ip(request) == who
    assert from_this_machine(request) == (who == "127.0.0.1")


def test_no_address_is_held_longer_than_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.steady()
    monkeypatch.setattr(clock, "steady", lambda: now)
    limit = Limit(1)
    assert limit.allows("203.0.113.9")
    assert not limit.allows("203.0.113.9")
    monkeypatch.setattr(clock, "steady", lambda: now + MINUTE + 1)
    assert limit.allows("203.0.113.9")
    assert not limit.allows("203.0.113.9")


def test_a_household_is_one_whatever_address_of_its_own_it_uses() -> None:
    limit = Limit(3)
    assert [limit.allows(f"2001:db8:7:7::{n:x}") for n in range(5)] == [True] * 3 + [False] * 2
    assert limit.allows("2001:db8:7:8::1")


def test_households_of_ipv4_are_apart_where_a_socket_takes_both_kinds() -> None:
    limit = Limit(1)
    assert all(limit.allows(f"::ffff:192.0.2.{n}") for n in range(5))
    assert not limit.allows("192.0.2.3")


def test_a_flood_of_addresses_pushes_no_count_out_and_refuses_nobody_else() -> None:
    limit = Limit(20)
    for _ in range(20):
        limit.allows("203.0.113.9")
    for n in range(60_000):
        limit.allows(f"2001:db8:{n:x}::1")
    assert not limit.allows("203.0.113.9")
    assert limit.allows("198.51.100.4")


def test_search_find_and_feedback_are_counted_apart(settings: Any) -> None:
    settings.POSTS_A_MINUTE = 1
    client = Client()
    for path in ("/search/", "/cy/area/", "/in/kent/feedback/", "/embed/"):
        assert client.post(path, {}).status_code != 429
        refused = client.post(path, {})
        assert (refused.status_code, b"999" in refused.content) == (429, True)


def test_no_address_is_held_as_it_was_given() -> None:
    limit = Limit(5)
    limit.allows("203.0.113.9")
    assert "203.0.113.9" not in repr(vars(limit))


# Production


def _manage(data: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return _run(data, "manage.py", *command, **env)


def _run(data: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("WHICH_NUMBER", "DJANGO"))}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env={**clean, "WHICH_NUMBER_DATA": str(data), **env},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_deployment_checks_find_nothing(tmp_path: Path) -> None:
    done = _manage(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level=INFO",
        DJANGO_SECRET_KEY=os.urandom(40).hex(),
        ALLOWED_HOSTS="which-number.example",
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("key", ["change-me", "demonstration-only-and-refused-in-production"])
def test_production_refuses_a_secret_that_is_none(tmp_path: Path, key: str) -> None:
    done = _manage(tmp_path, "check", DJANGO_SECRET_KEY=key)
    assert done.returncode != 0
    assert "DJANGO_SECRET_KEY is not set" in done.stderr


def test_nothing_is_served_without_a_secret_of_its_own(tmp_path: Path) -> None:
    done = _run(tmp_path, "-c", "import triage.config.wsgi", DJANGO_SECRET_KEY="")
    assert done.returncode != 0
    assert "DJANGO_SECRET_KEY is not set" in done.stderr


READING = {
    "find": ("Leeds",),
    "search": ("bike stolen",),
    "facts": (),
    "words": ("--review",),
    "draw_tree": (),
    "advise": ("seeds/cases/life-cycle.json",),
    "verify_record": (),
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder where the rulebook is proved once."""
    return tmp_path_factory.mktemp("data")


@pytest.mark.parametrize("command", READING)
def test_a_command_that_reads_needs_no_secret(data: Path, command: str) -> None:
    done = _manage(data, command, *READING[command], DJANGO_SECRET_KEY="")
    assert "SECRET_KEY" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_the_data_is_a_sentence_in_every_command(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    (seeds / "says" / "more.txt").write_text("= fire-now en\nmy shed burns\n")
    done = _manage(tmp_path, "search", "bike stolen", WHICH_NUMBER_SEEDS=str(seeds))
    assert done.returncode != 0
    assert "seeds/says has changed since it was learnt: run manage.py train" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_incident_says_no_more_to_a_stranger_than_to_anybody(outside: Outside) -> None:
    with bulletin.showing(Bulletin(1, (incident("999"),))):
        plain = outside.ask("/in/kent/")
        for name, value in HOSTILE.items():
            assert outside.ask("/in/kent/", "GET", b"", **{name: value}).body == plain.body


def test_a_secret_is_read_from_the_file_that_systemd_hands_over(tmp_path: Path) -> None:
    (tmp_path / "DJANGO_SECRET_KEY").write_text("k" * 40 + "\n")
    (tmp_path / "DATABASE_URL").write_text("postgres://a:b@db.example/which\n")
    program = (
        "from triage.config import settings as s; "
        "print(s.SECRET_KEY, s.DATABASES['default']['HOST'])"
    )
    done = _run(tmp_path, "-c", program, CREDENTIALS_DIRECTORY=str(tmp_path))
    assert done.stdout == f"{'k' * 40} db.example\n"
