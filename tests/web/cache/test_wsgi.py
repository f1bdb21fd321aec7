"""The edition cache: one render a page and edition, the same bytes for everybody, nothing stale."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from wsgiref.util import setup_testing_defaults

import brotli
import pytest

from outage import bulletin
from outage.bulletin import Bulletin, Reading, Story, StoryEntry
from outage.publish import memory
from tests.cast import NOON, incident, later, number, scope
from triage import clock, rules
from triage.engine.catalogue import Text
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Incident, State
from triage.web.cache.wsgi import EditionCache
from triage.web.context.snapshot import Watch, next_boundary, take

CLOSED = {"network": frozenset({"ee", "o2"}), "line": frozenset({"mobile"})}
IN_LEICESTER = scope("police:leicestershire")


@dataclass
class Site:
    """A small application: /in/AREA/… and / are pages, the rest is what its path says."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    pause: float = 0.0

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.seen.append(environ)
        time.sleep(self.pause)
        path = environ["PATH_INFO"]
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Vary", "Cookie")]
        if path == "/nowhere":
            start("404 Not Found", headers)
            return [b"no such page"]
        if path not in ("/search", "/staff/", "/static/site.css"):
            area = path.split("/")[2] if path.startswith("/in/") else "-"
            headers += [("X-Edition-Area", area), ("Cache-Control", "public, max-age=1")]
        if path == "/cookie":
            headers.append(("Set-Cookie", "a=b"))
        states = " ".join(sorted(i.state for i in bulletin.reading().bulletin.incidents))
        start("200 OK", headers)
        return [f"{path} {environ['QUERY_STRING']} {states}".encode()]


class Reader:
    """Asks a cache as a server would."""

    def __init__(self, site: Site, **given: Any) -> None:
        self.cache = EditionCache(
            site, Watch(rules.rulebook, glance=0), CLOSED, **{"limit": 10**7, **given}
        )

    def ask(self, path: str, method: str = "GET", **headers: str) -> Got:
        environ: dict[str, Any] = {"HTTP_HOST": "localhost"}
        setup_testing_defaults(environ)
        path, _, query = path.partition("?")
        environ.update(REQUEST_METHOD=method, PATH_INFO=path, QUERY_STRING=query, **headers)
        got = Got()

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            got.status, got.headers = int(status[:3]), dict(headers)

        got.body = b"".join(self.cache(environ, start))
        return got


@dataclass
class Got:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def reader(site: Site) -> Reader:
    return Reader(site)


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    step_to(monkeypatch, NOON)


def step_to(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def publish() -> Iterator[Any]:
    """Shows incidents as a publication would: a new bulletin, a higher version."""
    before = memory._reading[0]
    version = iter(range(1, 1_000))

    def show(*incidents: Incident, **more: Any) -> None:
        new = Bulletin(next(version), incidents, **more)
        memory._reading[0] = Reading(new, clock.now(), clock.steady())

    show()
    yield show
    memory._reading[0] = before


def unchecked(seconds: float) -> None:
    """As if the last check had been so many seconds ago."""
    held = memory._reading[0]
    memory._reading[0] = replace(held, checked_steady=clock.steady() - seconds)


# Once a page and edition


def test_a_page_is_rendered_once(reader: Reader, site: Site) -> None:
    first, second = reader.ask("/"), reader.ask("/")
    assert first.body == second.body
    assert len(site.seen) == 1
    assert reader.cache.counts.renders == 1


def test_twenty_readers_at_once_cause_one_render(reader: Reader, site: Site) -> None:
    site.pause = 0.05
    found: list[Got] = []
    readers = [threading.Thread(target=lambda: found.append(reader.ask("/"))) for _ in range(20)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    assert len(site.seen) == 1
    assert {got.body for got in found} == {b"/  "}


def test_readers_of_what_is_not_kept_do_not_queue_behind_each_other(site: Site) -> None:
    reader = Reader(site)
    site.pause = 0.05
    threads = [threading.Thread(target=reader.ask, args=("/nowhere",)) for _ in range(8)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - begun < 0.3


def test_a_switch_in_leicestershire_renders_only_leicestershire(
    reader: Reader, site: Site, publish: Any
) -> None:
    for path in ("/in/leicestershire/", "/in/kent/"):
        reader.ask(path)
    publish(incident("999", scope=IN_LEICESTER))
    changed, still = reader.ask("/in/leicestershire/"), reader.ask("/in/kent/")
    assert b"down" in changed.body
    assert b"down" not in still.body
    assert len(site.seen) == 3


def test_a_switch_anywhere_changes_the_pages_without_an_area(reader: Reader, publish: Any) -> None:
    before = reader.ask("/").headers["ETag"]
    publish(incident("999", scope=IN_LEICESTER))
    assert reader.ask("/").headers["ETag"] != before


def test_after_a_stand_down_the_bytes_are_the_ordinary_ones(reader: Reader, publish: Any) -> None:
    before = reader.ask("/in/kent/")
    publish(incident("999"))
    assert reader.ask("/in/kent/").body != before.body
    publish()
    assert reader.ask("/in/kent/") == before


def test_a_publication_that_says_the_same_renders_nothing(
    reader: Reader, site: Site, publish: Any
) -> None:
    publish(incident("999"))
    reader.ask("/")
    publish(incident("999"))
    reader.ask("/")
    assert len(site.seen) == 1


def test_a_publication_during_a_render_is_not_kept_under_the_old_edition(
    site: Site, publish: Any
) -> None:
    down = incident("999")

    def torn(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        body = site(environ, start)
        if len(site.seen) == 1:
            publish(down)
        return body

    reader = Reader(torn)  # type: ignore[arg-type]
    assert b"down" in reader.ask("/").body
    publish()
    assert b"down" not in reader.ask("/").body


def test_a_story_told_on_changes_the_pages_of_its_area_alone(
    reader: Reader, site: Site, publish: Any
) -> None:
    over = incident("999", State.RESOLVED, scope=IN_LEICESTER, ends_at=NOON)
    story = Story("bt", Text("999", "999"), over, ())
    publish(stories={"bt": story})
    for path in ("/in/leicestershire/", "/in/kent/"):
        reader.ask(path)
    entry = StoryEntry(NOON, "claim", Text("90 minutes", "90 munud"), "PCC")
    publish(stories={"bt": replace(story, entries=(entry,))})
    for path in ("/in/leicestershire/", "/in/kent/"):
        reader.ask(path)
    assert [e["PATH_INFO"] for e in site.seen].count("/in/leicestershire/") == 2
    assert [e["PATH_INFO"] for e in site.seen].count("/in/kent/") == 1


# The clock


@pytest.mark.parametrize("field", ["starts_at", "review_at", "ends_at", "confirm_by"])
def test_a_moment_that_passes_closes_the_edition(
    reader: Reader, publish: Any, monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook, field: str
) -> None:
    publish(incident("999", State.DOWN, **{field: later(minutes=5)}))
    before = take(rulebook, bulletin.reading()).edition("kent")
    step_to(monkeypatch, later(minutes=5) - timedelta(seconds=1))
    assert take(rulebook, bulletin.reading()).edition("kent") == before
    step_to(monkeypatch, later(minutes=5))
    assert take(rulebook, bulletin.reading()).edition("kent") != before
    assert reader.cache._watch.now().edition("kent") != before


def test_pages_are_rendered_again_when_a_review_falls_due(
    reader: Reader, site: Site, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(incident("999", review_at=later(minutes=5)))
    reader.ask("/")
    step_to(monkeypatch, later(minutes=4))
    reader.ask("/")
    assert len(site.seen) == 1
    step_to(monkeypatch, later(minutes=5))
    reader.ask("/")
    assert len(site.seen) == 2


def test_a_clock_that_steps_back_is_believed(
    reader: Reader, site: Site, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(incident("999", published_at=NOON, starts_at=NOON))
    now = reader.cache._watch.now()
    step_to(monkeypatch, NOON - timedelta(minutes=1))
    assert reader.cache._watch.now().edition("kent") != now.edition("kent")


def test_the_ninetieth_day_of_a_number_is_a_boundary() -> None:
    old = incident("999", review_at=None, numbers=(number("01632 960001", "uk", days_old=80),))
    assert next_boundary([old], NOON) == later(days=10, microseconds=1)


def test_a_correction_stops_being_one_a_day_later() -> None:
    old = incident("999", id="a", review_at=None)
    new = incident("999", id="b", review_at=None, supersedes="a", published_at=NOON)
    assert next_boundary([old, new], NOON) == old.published_at + timedelta(days=1, microseconds=1)


def test_nothing_due_is_far_away() -> None:
    assert next_boundary([], NOON).year == 9999


@pytest.mark.parametrize(("age", "renders"), [(100, 1), (121, 2), (601, 2)])
def test_pages_say_so_when_nothing_could_be_checked(
    reader: Reader, site: Site, publish: Any, age: float, renders: int
) -> None:
    reader.ask("/")
    unchecked(age)
    reader.ask("/")
    assert len(site.seen) == renders


# The same bytes for everybody


def test_no_other_header_reaches_the_view(reader: Reader, site: Site) -> None:
    reader.ask("/", HTTP_COOKIE="sessionid=x", HTTP_ACCEPT_LANGUAGE="cy", HTTP_X_FORWARDED_HOST="e")
    names = {name for name in site.seen[0] if name.startswith("HTTP_")}
    assert names == {"HTTP_HOST"}


def test_a_query_is_one_page_however_it_is_written(reader: Reader, site: Site) -> None:
    first = reader.ask("/?network=ee&line=mobile")
    second = reader.ask("/?line=mobile&network=ee")
    assert first.body == second.body == b"/ line=mobile&network=ee "
    assert len(site.seen) == 1


@pytest.mark.parametrize("query", ["utm=1", "network=nobody", "line=mobile&line=mobile", "%ff=%zz"])
def test_an_unknown_query_is_answered_and_not_kept(reader: Reader, site: Site, query: str) -> None:
    for _ in range(2):
        assert reader.ask(f"/?{query}").status == 200
    assert len(site.seen) == 2
    assert reader.cache.counts.pages_kept == 0


def test_another_host_is_refused_before_the_cache(reader: Reader, site: Site) -> None:
    reader.ask("/")
    reader.ask("/", HTTP_HOST="evil.example")
    assert site.seen[-1]["HTTP_HOST"] == "evil.example"
    assert reader.cache.counts.pages_kept == 1


def test_every_allowed_name_shares_the_pages_of_the_origin(site: Site) -> None:
    reader = Reader(site, origin=("which.example", True))
    reader.ask("/", HTTP_HOST="localhost")
    reader.ask("/", HTTP_HOST="127.0.0.1:8000")
    assert len(site.seen) == 1
    assert site.seen[0]["HTTP_HOST"] == "which.example"
    assert site.seen[0]["wsgi.url_scheme"] == "https"


@pytest.mark.parametrize("path", ["/staff/", "/static/site.css"])
def test_staff_and_static_files_pass_as_they_are(reader: Reader, site: Site, path: str) -> None:
    for _ in range(2):
        reader.ask(path, HTTP_COOKIE="sessionid=x")
    assert [e["HTTP_COOKIE"] for e in site.seen] == ["sessionid=x"] * 2


def test_what_is_posted_passes_and_is_not_kept(reader: Reader, site: Site) -> None:
    reader.ask("/", method="POST", HTTP_HX_REQUEST="true")
    got = reader.ask("/", method="POST", HTTP_HX_REQUEST="true")
    assert "X-Edition-Area" not in got.headers
    assert site.seen[1]["HTTP_HX_REQUEST"] == "true"


@pytest.mark.parametrize("path", ["/search", "/nowhere", "/cookie"])
def test_what_is_no_page_of_an_edition_is_not_kept(reader: Reader, site: Site, path: str) -> None:
    reader.ask(path)
    assert "X-Edition-Area" not in reader.ask(path).headers
    assert len(site.seen) == 2


# Bytes and headers


def test_gzip_brotli_and_plain_are_the_same_page(reader: Reader) -> None:
    plain = reader.ask("/")
    zipped = reader.ask("/", HTTP_ACCEPT_ENCODING="gzip")
    broth = reader.ask("/", HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    assert gzip.decompress(zipped.body) == brotli.decompress(broth.body) == plain.body
    assert len({got.headers["ETag"] for got in (plain, zipped, broth)}) == 3
    assert {got.headers["Vary"] for got in (plain, zipped, broth)} == {"Accept-Encoding"}


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("", None),
        ("identity", None),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0.5, br;q=0.1", "br"),
        ("GZIP", "gzip"),
        ("gzip;q=nonsense", None),
        ("*", None),
    ],
)
def test_a_reader_gets_an_encoding_it_takes(
    reader: Reader, accepted: str, given: str | None
) -> None:
    got = reader.ask("/", HTTP_ACCEPT_ENCODING=accepted)
    assert got.headers.get("Content-Encoding") == given


def test_a_reader_who_has_the_page_gets_304(reader: Reader) -> None:
    tag = reader.ask("/").headers["ETag"]
    for wanted in (tag, f'"other", W/{tag}', "*"):
        got = reader.ask("/", HTTP_IF_NONE_MATCH=wanted)
        assert (got.status, got.body) == (304, b"")
        assert got.headers["Cache-Control"] == "public, max-age=1"


def test_a_reader_who_has_another_encoding_gets_the_page(reader: Reader) -> None:
    tag = reader.ask("/", HTTP_ACCEPT_ENCODING="gzip").headers["ETag"]
    assert reader.ask("/", HTTP_IF_NONE_MATCH=tag).status == 200


def test_head_is_the_page_without_its_body(reader: Reader) -> None:
    page, head = reader.ask("/"), reader.ask("/", method="HEAD")
    assert head.body == b""
    assert head.headers == page.headers


def test_the_least_recently_used_page_goes_first(site: Site) -> None:
    reader = Reader(site, limit=3 * 3_100)
    for path in ("/a", "/b", "/c", "/a", "/d", "/a", "/b"):
        reader.ask(path)
    assert [e["PATH_INFO"] for e in site.seen] == ["/a", "/b", "/c", "/d", "/b"]
    assert reader.cache.counts.bytes_kept <= 3 * 3_100


def test_a_server_may_change_the_headers_it_was_given(reader: Reader) -> None:
    reader.ask("/")
    reader.ask("/").headers.clear()
    assert reader.ask("/").headers["ETag"]
