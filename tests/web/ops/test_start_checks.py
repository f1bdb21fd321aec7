"""A page that would break when 999 fails breaks the start instead, with its file and place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.spoiled import change, copied
from triage import rules
from triage.engine.catalogue import Lang
from triage.engine.situation import State
from triage.seeds import enum_words
from triage.web.ops import start_checks
from triage.web.presenters import emergency_block
from triage.web.wording.catalogue import fill


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Path:
    """A data folder of its own: no mark of another proof is believed."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def seeds(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A copy of seeds/ that this process reads its words from."""
    settings.SEEDS_DIR = folder = copied(tmp_path)
    rules.words.cache_clear()
    yield folder
    rules.words.cache_clear()


def problems() -> str:
    return "\n".join(problem.what for problem in start_checks.find_problems())


def test_every_sentence_of_what_we_ship_can_be_said() -> None:
    assert problems() == ""


def test_pages_are_rendered_again_only_where_something_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []

    def fine(path: str) -> str:
        rendered.append(path)
        return ""

    monkeypatch.setattr(start_checks, "_trouble", fine)
    assert problems() == ""
    whole = len(rendered)
    assert whole > 200
    assert problems() == ""
    assert len(rendered) == whole
    page = tmp_path / "changed.py"
    page.touch()
    sources = [*start_checks._sources()]
    monkeypatch.setattr(start_checks, "_sources", lambda: [*sources, page])
    page.write_text("# The next release.")
    assert problems() == ""
    assert len(rendered) == 2 * whole


def test_a_page_that_failed_is_rendered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_checks, "_trouble", lambda path: "broken")
    assert "broken" in problems()
    assert "broken" in problems()


def test_a_misspelt_key_is_named_with_its_file_and_what_was_meant(seeds: Path) -> None:
    change(seeds / "words" / "banner.toml", "[fault-many-failing]", "[fault-many-failling]")
    told = problems()
    assert "seeds/words" in told
    assert '"fault-many-failing" is unknown' in told
    assert '"fault-many-failling"' in told


def test_a_template_that_names_no_words_is_named_with_its_line(
    tmp_path: Path, settings: Any
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.html").write_text('<p>\n{% w "fault-donw" %}</p>')
    settings.BASE_DIR = tmp_path
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder]}]
    assert 'templates/page.html:2: no words are called "fault-donw"' in problems()


def test_a_state_that_no_table_knows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = enum_words.of_state

    def forgets(state: State) -> enum_words.StateWords:
        if state is State.DELAYED:
            raise AssertionError(state)
        return known(state)

    monkeypatch.setattr(enum_words, "of_state", forgets)
    assert "has no words" in problems()


def test_a_page_that_cannot_be_rendered_during_a_fault_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*given: object) -> str:
        raise KeyError("who")

    monkeypatch.setattr(emergency_block, "said_by", broken)
    told = problems()
    assert "/ with 999-down" in told
    assert "KeyError: 'who'" in told


def test_a_sentence_of_which_one_value_is_missing_is_not_printed() -> None:
    with pytest.raises(KeyError):
        fill(rules.words()["last-good"], Lang.EN, when="12:00")
