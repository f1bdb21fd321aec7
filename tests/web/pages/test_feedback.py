"""Feedback: a warning, no sender, nothing personal, and no way to fill the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from triage.web.pages.views import feedback


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.DATA_DIR = tmp_path
    feedback._recent.clear()
    yield tmp_path
    feedback._recent.clear()


def test_it_warns_and_gives_the_emergency_number(reader: Client) -> None:
    page = reader.get("/feedback/").content.decode()
    assert "Do not report a crime" in page
    assert "Call 999" in page


def test_what_is_sent_is_kept_with_its_page_and_day_alone(reader: Client) -> None:
    words = {"words": "The gas page is hard"}
    answer = reader.post("/cy/feedback/for/advice/gas-smell/", words, REMOTE_ADDR="192.0.2.7")
    assert answer["Location"] == "/cy/feedback/thanks/"
    kept = {"day": "2026-11-24", "lang": "cy", "page": "advice/gas-smell/", **words}
    assert list(feedback.kept()) == [kept]
    assert "192.0.2.7" not in feedback.store().read_text()


@pytest.mark.parametrize(
    "words", ["Ring 01632 960123", "me@example.org", "I live at LE1 1AA", "", "x" * 1001]
)
def test_what_is_personal_empty_or_long_is_refused(reader: Client, words: str) -> None:
    answer = reader.post("/feedback/", {"words": words})
    assert "There is a problem" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert list(feedback.kept()) == []


def test_a_number_of_the_site_may_be_named(reader: Client) -> None:
    assert reader.post("/feedback/", {"words": "101 is wrong on page 2"}).status_code == 303


def test_a_flood_is_refused(reader: Client) -> None:
    answers = [reader.post("/feedback/", {"words": "again"}) for _ in range(feedback.A_MINUTE + 1)]
    assert [a.status_code for a in answers[:-1]] == [303] * feedback.A_MINUTE
    assert "Too much" in answers[-1].content.decode()


def test_the_command_prints_what_was_sent(
    reader: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    reader.post("/feedback/", {"words": "Thank you"})
    call_command("feedback")
    assert "2026-11-24 en /: Thank you" in capsys.readouterr().out


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c"])
def test_words_with_any_end_of_a_line_are_read_again(reader: Client, end: str) -> None:
    reader.post("/feedback/", {"words": f"first{end}second"})
    assert [line["words"] for line in feedback.kept()] == [f"first{end}second"]


def test_a_line_cut_short_hides_no_other(reader: Client) -> None:
    reader.post("/feedback/", {"words": "before"})
    with feedback.store().open("a", encoding="utf-8") as file:
        file.write('{"day": "2026-11\n')
    reader.post("/feedback/", {"words": "after"})
    assert [line["words"] for line in feedback.kept()] == ["before", '{"day": "2026-11', "after"]


def test_what_would_move_a_terminals_cursor_is_shown(reader: Client, capsys: Any) -> None:
    reader.post("/feedback/", {"words": "a\x1b[2J\x1b]0;mine\x07\u202eb\u2028c"})
    call_command("feedback")
    said = capsys.readouterr().out
    assert "a\\x1b[2J\\x1b]0;mine\\x07\\u202eb\\u2028c\n" in said
