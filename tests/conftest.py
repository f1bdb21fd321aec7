"""Fixtures that every part shares: the rulebook of seeds/, the finder, the cast."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from triage import rules
from triage.engine.rulebook import Rulebook
from triage.places import Finder


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return rules.rulebook()


@pytest.fixture(scope="session")
def finder() -> Finder:
    return rules.finder()


@pytest.fixture(scope="session")
def cast(rulebook: Rulebook) -> Cast:
    return Cast(rulebook)
