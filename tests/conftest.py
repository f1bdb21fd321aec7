"""Fixtures that every part shares: the rulebook of seeds/, the finder, the cast."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable

import pytest
from _pytest.terminal import TerminalReporter
from django.conf import settings

from tests import flushing
from tests.cast import Cast
from triage import rules
from triage.engine.proof import Proof
from triage.engine.rulebook import Rulebook
from triage.places.finder import Finder

flushing.allow()

Say = Callable[[str], None]


def pytest_configure() -> None:
    """Passwords of tests guard nothing: the slow hash that keeps real ones takes half a second."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_finish() -> None:
    """What was loaded stays to the end: looking through it again and again for what nobody holds
    any more takes an eighth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return rules.rulebook()


@pytest.fixture(scope="session")
def finder() -> Finder:
    return rules.finder()


@pytest.fixture(scope="session")
def cast(rulebook: Rulebook) -> Cast:
    return Cast(rulebook)


@pytest.fixture
def proved(record_property: Callable[[str, object], None]) -> Callable[[str, Proof], None]:
    """Holds that a proof found nothing, and has it counted in the summary under its name."""

    def hold(name: str, proof: Proof) -> None:
        record_property("proved", (name, proof.situations, proof.alike))
        assert not proof.findings, "\n".join(map(str, proof.findings[:20]))
        assert proof.situations

    return hold


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Say:
    """Has a figure told at the end of the run: what a worker prints is not shown."""
    return lambda text: record_property("said", text)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Says how many situations the proofs covered, in every run that ran them, and what tests had
    to say."""
    covered: Counter[str] = Counter()
    alike: Counter[str] = Counter()
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, [])]
    for report in reports:
        for key, value in getattr(report, "user_properties", []):
            if key == "proved" and report.when == "call":
                name, situations, more = value
                covered[name] += situations
                alike[name] += more
            if key == "said" and report.when == "call":
                terminalreporter.write_line(str(value))
    if covered:
        terminalreporter.section("situations proved")
    for name, count in covered.items():
        more = f", and {alike[name]:,} that differ from them only in names" if alike[name] else ""
        terminalreporter.write_line(f"{name}: {count:,}{more}")
