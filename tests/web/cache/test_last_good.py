"""A page that cannot be rendered: the last good bytes with their age, or the cautious advice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.template import TemplateSyntaxError
from django.template.base import Template

from outage import bulletin
from outage.bulletin import Bulletin
from tests.cast import NOON, incident, scope
from tests.outside import keeping_connections
from triage import clock, rules
from triage.engine.catalogue import Lang
from triage.web.cache.wsgi import Counts, EditionCache
from triage.web.context.snapshot import Watch
from triage.web.pages import errors

FAULT = incident("999", "many-failing", scope=scope("police:leicestershire"))
HERE = "/in/leicestershire/"


class Site:
    """A site whose templates can be broken and whose clock can be set."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        self.now = NOON
        self.counts = Counts()
        patch.setattr(clock, "now", lambda: self.now)
        watch = Watch(rules.rulebook, glance=0)
        self.cache = EditionCache(
            WSGIHandler(), watch, {}, 10**8, ("localhost", False), self.counts
        )

    def break_templates(self) -> None:
        def broken(self: Template, context: object) -> str:
            raise TemplateSyntaxError("broken while serving")

        self.patch.setattr(Template, "render", broken)

    def get(self, path: str) -> tuple[str, str]:
        given: list[Any] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
        }

        def start(status: str, headers: Any, exc_info: Any = None, /) -> Any:
            given.append(status)

        body = b"".join(self.cache(environ, start))
        return str(given[0]), body.decode()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    errors.prepare()
    with keeping_connections():
        yield Site(monkeypatch)


def showing(*incidents: Any, hosts: tuple[str, ...] = (), at: datetime = NOON) -> Any:
    """What is in force, with another edition of the page for each set of hosts."""
    return bulletin.showing(Bulletin(1, incidents, at, hosts={"": frozenset(hosts)}))


def test_the_last_good_page_stands_in_and_says_how_old_it_is(site: Site) -> None:
    with showing():
        site.get(HERE)
    site.break_templates()
    with showing(hosts=("https://force.example",)):
        status, body = site.get(HERE)
    assert status == "200 OK"
    assert "It is as it was at 12:00 GMT, Tuesday 24 November 2026" in body
    assert site.counts.last_good == 1


def test_a_diversion_stands_in_for_ten_minutes(site: Site) -> None:
    with showing(FAULT):
        site.get(HERE)
    site.break_templates()
    site.now = NOON + timedelta(minutes=10)
    with showing(FAULT, hosts=("https://force.example",)):
        assert "It is as it was at" in site.get(HERE)[1]


def test_an_older_diversion_gives_way_to_the_cautious_advice(site: Site) -> None:
    with showing(FAULT):
        site.get(HERE)
    site.break_templates()
    site.now = NOON + timedelta(minutes=10, seconds=1)
    with showing(FAULT, hosts=("https://force.example",)):
        status, body = site.get(HERE)
    assert status == "200 OK"
    assert "It is as it was at" not in body
    assert "If 999 does not connect" in body.replace("\N{NO-BREAK SPACE}", " ")
    assert site.counts.cautious == 1


@pytest.mark.parametrize(("before", "after"), [((), (FAULT,)), ((FAULT,), ())])
def test_a_page_that_has_changed_since_is_never_served(
    site: Site, before: tuple[Any, ...], after: tuple[Any, ...]
) -> None:
    with showing(*before):
        site.get(HERE)
    site.break_templates()
    with showing(*after):
        status, body = site.get(HERE)
    assert status == "200 OK"
    assert "It is as it was at" not in body
    assert "111" in body


def test_a_page_never_made_is_the_cautious_advice_in_its_language(site: Site) -> None:
    site.break_templates()
    with showing():
        assert "yn cysylltu" in site.get("/cy/in/leicestershire/")[1]


def test_a_frame_that_cannot_be_made_is_an_error_so_that_the_widget_withdraws(site: Site) -> None:
    site.break_templates()
    with showing():
        assert site.get("/embed/banner/leicestershire/")[0].startswith("500")


def test_what_stands_in_for_a_page_asks_for_https_too(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    said = errors.cautious(Lang.EN)["Strict-Transport-Security"]
    assert said == "max-age=31536000; includeSubDomains; preload"
