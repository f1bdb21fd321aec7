"""The threat page names a test for each answer, and each of them is there."""

from __future__ import annotations

import re

import pytest

from triage.config.settings import BASE_DIR

PAGE = (BASE_DIR / "docs" / "threats.md").read_text()
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("|--")]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[^`]+)`", PAGE))))
def test_what_is_said_to_be_shown_is_there(path: str) -> None:
    assert (BASE_DIR / path).exists()


def test_each_threat_has_an_answer_and_a_place_where_it_is_shown() -> None:
    assert len(ROWS) > 20
    for row in ROWS[1:]:
        threat, answer, shown = (cell.strip() for cell in row.strip("|").split("|"))
        assert threat
        assert answer
        assert "`" in shown or shown == "the same"
