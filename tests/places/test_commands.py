"""`manage.py find` and `manage.py import_postcodes`, as a script or an administrator uses them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.places.test_postcodes import CHEPSTOW, code_point, prepared
from triage.places.postcodes import FILE


def run(name: str, *args: str) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def piped(monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> None:
    raw = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))


def test_find_prints_one_json_object() -> None:
    answer = json.loads(run("find", "Chepstow"))
    assert [c["area"] for c in answer["candidates"]] == ["gwent"]
    assert answer["outside"] is None


def test_find_reads_a_question_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, '{"q": "Chepstow"}\n\n{"q": "Jersey"}')
    first, second = (json.loads(line) for line in run("find", "-").splitlines())
    assert first["candidates"][0]["police"] == "gwent"
    assert second == {"candidates": [], "outside": "Jersey", "guess": False}


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("rubbish", "is not JSON"),
        ('["Chepstow"]', "is not an object"),
        ('{"q": 5}', '"q" is missing or not text'),
        ("{}", '"q" is missing'),
        ('{"q": "x", "nation": "wales"}', 'key "nation" is unknown'),
        (b'{"q": "\xff"}', "is not UTF-8"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_bad_line_is_told_in_its_place_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, bad: str | bytes, what: str
) -> None:
    raw = bad.encode() if isinstance(bad, str) else bad
    piped(monkeypatch, b'{"q": "Chepstow"}\n' + raw + b'\n{"q": "Oakham"}\n')
    out = io.StringIO()
    with pytest.raises(CommandError) as stopped:
        call_command("find", "-", stdout=out)
    assert stopped.value.returncode == 2
    before, error, after = (json.loads(line) for line in out.getvalue().splitlines())
    assert before["candidates"]
    assert after["candidates"]
    assert what in error["error"]["what"]
    assert error["error"]["where"] == "line 2"


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    folder: Path = settings.DATA_DIR
    return folder


def test_an_import_says_what_it_took_and_what_it_left(tmp_path: Path, data: Path) -> None:
    told = run("import_postcodes", f"{code_point(tmp_path, *CHEPSTOW, ('XA3 1AA', 'E07000999'))}")
    assert "Imported 5 postcodes in 2 outcodes" in told
    assert "E07000999: 1" in told
    assert "the letters alone give candidates" in told
    assert (data / FILE).exists()


def test_a_refused_import_changes_nothing(tmp_path: Path, data: Path) -> None:
    run("import_postcodes", f"{prepared(tmp_path)}")
    before = (data / FILE).read_bytes()
    prepared(tmp_path, sectors="sector,areas\nrubbish,gwent\n")
    with pytest.raises(CommandError, match="as it was") as stopped:
        run("import_postcodes", f"{tmp_path}")
    assert stopped.value.returncode == 2
    assert (data / FILE).read_bytes() == before


def test_a_terminal_shows_a_bar(tmp_path: Path, data: Path) -> None:
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    call_command("import_postcodes", f"{prepared(tmp_path)}", stdout=io.StringIO(), stderr=screen)
    assert "[####" in screen.getvalue()
    assert "3/3" in screen.getvalue()
