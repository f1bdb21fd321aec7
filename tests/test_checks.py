"""The checks that stand before the server: every problem is named, and nothing is served."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import run_checks

from tests.spoiled import change, copied
from triage import rules
from triage.checks import StartError, find_problems, refuse_on_problems, summed_up
from triage.engine.proof import Finding


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for these tests: what one of them proved, the next need not prove again."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def seeds(tmp_path: Path, data: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of seeds/ that the checks read, beside the rulebook that everything else shares."""
    rules.finder()
    settings.SEEDS_DIR = folder = copied(tmp_path)
    settings.DATA_DIR = data
    monkeypatch.setattr(rules, "rulebook", lru_cache(maxsize=1)(rules.rulebook.__wrapped__))
    return folder


def test_nothing_is_wrong_with_what_we_ship(seeds: Path) -> None:
    refuse_on_problems()


def test_what_was_proved_once_is_not_proved_again(
    seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_on_problems()
    monkeypatch.setattr("triage.checks.prove_singles", lambda *_, **__: pytest.fail("again"))
    refuse_on_problems()


def test_every_fault_of_the_data_is_named_at_once(seeds: Path) -> None:
    change(seeds / "needs" / "core.toml", 'route.default = ["999"]', 'route.default = ["998"]')
    change(seeds / "presets.toml", 'channel = "101"', 'channel = "102"')
    with pytest.raises(StartError) as refused:
        refuse_on_problems()
    assert "998" in str(refused.value)
    assert "102" in str(refused.value)
    assert "seeds/needs/core.toml" in str(refused.value)


def test_a_law_that_does_not_hold_stops_the_server(seeds: Path) -> None:
    change(
        seeds / "needs" / "core.toml",
        'route.default = ["999"]',
        'route.default = ["112", "999"]',
    )
    with pytest.raises(StartError, match="112 is shown") as refused:
        refuse_on_problems()
    assert {problem.id for problem in refused.value.problems} == {"E003"}


def test_a_system_check_has_an_id_and_a_hint(seeds: Path) -> None:
    change(seeds / "presets.toml", 'channel = "101"', 'channel = "102"')
    (error,) = [m for m in run_checks(tags=["which_number"]) if m.is_serious()]
    assert error.id == "which_number.E001"
    assert error.hint


def test_a_tree_that_is_none_is_named_by_its_law(seeds: Path) -> None:
    change(seeds / "tree" / "start.toml", 'to = "money"', 'to = "crime"')
    assert {"E002"} == {problem.id for problem in find_problems()}


def test_the_same_thing_is_said_once() -> None:
    findings = [Finding("never", f"situation {n}", "112 is shown") for n in range(3)]
    assert [*summed_up(findings)] == ["never: situation 0: 112 is shown (and 2 more like it)"]


@pytest.mark.parametrize("collected", [{}, {"public/site.js": "public/site.1.js"}])
def test_without_all_its_static_files_the_server_does_not_start(
    seeds: Path, monkeypatch: pytest.MonkeyPatch, collected: dict[str, str]
) -> None:
    storage = SimpleNamespace(hashed_files=collected)
    monkeypatch.setattr("triage.checks.staticfiles_storage", storage)
    with pytest.raises(StartError, match=r"collectstatic") as refused:
        refuse_on_problems()
    assert [problem.id for problem in refused.value.problems] == ["E004"]


def test_a_worked_case_that_fails_stops_the_server(seeds: Path) -> None:
    change(seeds / "cases" / "life-cycle.json", '"first": [', '"first": ["gas-gb"], "shows": [')
    with pytest.raises(StartError, match=r"seeds/cases/life-cycle\.json") as refused:
        refuse_on_problems()
    assert "begins with" in str(refused.value)
