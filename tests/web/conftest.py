"""A reader of the API, at noon, and the switch of the tests: what is in force while one runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.test import Client

from outage import bulletin
from outage.bulletin import Bulletin, Story
from tests.cast import NOON
from triage import clock
from triage.engine.situation import Incident
from triage.rules import rulebook

Live = Callable[..., None]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def live() -> Iterator[Live]:
    """live(incident, …, stories=[…]): the bulletin from now on."""
    with ExitStack() as shown:

        def show(*incidents: Incident, stories: tuple[Story, ...] = (), **more: Any) -> None:
            told = {s.id: s for s in stories}
            shown.enter_context(
                bulletin.showing(Bulletin(1, incidents, NOON, stories=told, **more))
            )

        show()
        yield show


@pytest.fixture
def merged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rutland's slug of long ago leads to the area it was merged into."""
    moved = dict(rulebook().catalogue.moved) | {"rutland-of-old": "leicestershire"}
    catalogue = rulebook().catalogue
    monkeypatch.setitem(vars(catalogue), "moved", moved)


@pytest.fixture
def reader(live: Live) -> Client:
    return Client()
