"""The API against its own OpenAPI: Schemathesis asks in this process, and finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case

from outage import bulletin
from outage.bulletin import Bulletin
from tests.cast import NOON, incident, notice, scope

EXAMPLES = 25


@pytest.fixture(autouse=True)
def fault() -> Iterator[None]:
    """Something is in force, so that every part of an answer is held to its schema."""
    told = (
        incident(
            "999",
            "many-failing",
            scope=scope("police:leicestershire"),
            notices=(notice("police-emergency", "replace", "101"),),
        ),
        incident("mobile-voice", scope=scope("nation:wales", networks=("ee",))),
    )
    with bulletin.showing(Bulletin(1, told, NOON)):
        yield


@pytest.fixture(autouse=True)
def left_alone() -> Iterator[None]:
    """A request here tidies no connection of the test's: Django's own test client does the same."""
    both = (signals.request_started, signals.request_finished)
    for signal in both:
        signal.disconnect(close_old_connections)
    yield
    for signal in both:
        signal.connect(close_old_connections)


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_what_the_openapi_promises(case: Case[Any]) -> None:
    case.call_and_validate()
