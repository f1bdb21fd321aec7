"""The floor under the speed: a kept page costs next to nothing, and no query, ever."""

from __future__ import annotations

import io
import os

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import override_settings

from outage import bulletin
from outage.bulletin import Bulletin
from outage.models import BulletinVersion
from tests.bench import inprocess
from tests.bench.house import hops, hops_of_advice
from tests.bench.inprocess import asked, compare
from tests.conftest import Say
from tests.outside import Outside

FLOOR = 300
PROVE = os.environ.get("PROVE") == "1"
PUBLIC = (
    "/",
    "/in/kent/",
    "/cy/in/gwent/status/",
    "/ask/danger/",
    "/embed/banner/uk/",
    "/feeds/uk.atom",
    "/api/v1/advice?need=police-emergency&area=kent",
    "/metrics",
)
_PLAIN = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def test_a_public_page_asks_the_database_nothing() -> None:
    """No mark opens the database to this test: a query here is a fault, and the page a 500."""
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        BulletinVersion.objects.exists()
    with bulletin.showing(Bulletin()):
        site = Outside()
        answers = {path: site.ask(path).status for path in PUBLIC}
    assert set(answers.values()) == {200}, answers


def test_a_page_and_a_search_make_few_calls(say: Say) -> None:
    """Counts of our own functions, and of calls from one file into another: no clock is asked."""
    for name, counted in hops().items():
        say(f"{name}: {counted['calls']} calls, {counted['into another file']} into another file")
        assert counted["calls"] <= (900 if name == "a search" else 700), name
        assert counted["into another file"] <= 300, name


def test_every_advice_page_in_a_fault_makes_few_calls(say: Say) -> None:
    """Of a question's heaviest answer as of the shortest: whoever is sent there waits as little.
    `make prove` counts all pages; here one in four."""
    counts = hops_of_advice(1 if PROVE else 4)
    most = {kind: max(c[kind] for c in counts.values()) for kind in ("calls", "into another file")}
    say(f"{len(counts)} pages, at most {most}")
    over = {p: c for p, c in counts.items() if c["calls"] > 700 or c["into another file"] > 300}
    assert len(counts) > (200 if PROVE else 50)
    assert not over, over


@pytest.mark.django_db
def test_our_page_is_at_least_300_times_a_plain_view_of_four_queries(say: Say) -> None:
    with override_settings(DEMO=True):
        call_command("demo", stdout=io.StringIO())
    with (
        bulletin.showing(Bulletin()),
        override_settings(ROOT_URLCONF="tests.bench.plain", MIDDLEWARE=_PLAIN, DEMO=True),
    ):
        plain = WSGIHandler()
        with override_settings(ROOT_URLCONF="triage.config.urls"):
            ours = Outside().cache
            inprocess.once(ours, asked("/in/kent/"))
        figures = compare(
            {
                "ours": (ours, asked("/in/kent/"), 400),
                "plain": (plain, asked("/plain/kent-police/"), 3),
            },
            rounds=12,
        )
    ratio = figures["plain"].seconds / figures["ours"].seconds
    say(f"in process: {ratio:.0f} x, plain {figures['plain'].seconds * 1000:.2f} ms")
    assert ratio >= FLOOR
