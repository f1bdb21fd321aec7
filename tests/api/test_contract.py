"""The API against its own OpenAPI: Schemathesis asks in this process, and finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
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
