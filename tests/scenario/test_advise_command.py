"""`manage.py advise`: what goes in, what comes out, and what is said when it is wrong."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

ORDINARY: dict[str, Any] = {
    "now": "2026-11-24T12:00:00+00:00",
    "place": {"find": "Leeds"},
    "need": "police-emergency",
}


def run(tmp_path: Path, scenario: object) -> Any:
    """What the command prints for a scenario, read back."""
    path = tmp_path / "scenario.json"
    path.write_text(scenario if isinstance(scenario, str) else json.dumps(scenario))
    out = io.StringIO()
    call_command("advise", str(path), stdout=out)
    return json.loads(out.getvalue())


def refused(tmp_path: Path, scenario: object, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The problems the command names, and nothing on standard output."""
    with pytest.raises(SystemExit) as stopped:
        run(tmp_path, scenario)
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def test_one_scenario_gives_one_advice(tmp_path: Path) -> None:
    advice = run(tmp_path, ORDINARY)
    assert (advice["first"]["channel"], advice["first"]["href"]) == ("999", "tel:999")


def test_the_advice_has_the_keys_of_the_contract(tmp_path: Path) -> None:
    keys = {"need", "urgency", "area", "as_of", "edition", "first", "then", "avoid", "say"}
    assert keys | {"notices", "because"} <= set(run(tmp_path, ORDINARY))


def test_a_list_gives_a_list_in_the_same_order(tmp_path: Path) -> None:
    told = run(tmp_path, [ORDINARY, {**ORDINARY, "need": "gas"}])
    assert [a["need"] for a in told] == ["police-emergency", "gas"]


def test_an_empty_list_gives_an_empty_list(tmp_path: Path) -> None:
    assert run(tmp_path, []) == []


def test_labels_name_numbers_not_braces(tmp_path: Path) -> None:
    label = run(tmp_path, ORDINARY)["first"]["label"]
    assert "999" in label["en"]
    assert "{" not in label["en"] + label["cy"]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO(json.dumps(ORDINARY).encode()))
    monkeypatch.setattr("sys.stdin", given)
    out = io.StringIO()
    call_command("advise", "-", stdout=out)
    assert json.loads(out.getvalue())["area"] == "west-yorkshire"


def test_what_is_not_json_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (problem,) = refused(tmp_path, '{"now": ', capsys)
    assert "is not JSON" in problem
    assert "line 1" in problem


def test_json_that_nests_without_end_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (problem,) = refused(tmp_path, "[" * 100_000, capsys)
    assert "nests too deep" in problem


def test_a_key_that_stands_twice_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(tmp_path, '{"need": "gas", "need": "fire"}', capsys) == [
        'key "need" stands twice in one object'
    ]


@pytest.mark.parametrize("value", [3, "words", None, True])
def test_what_is_no_scenario_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], value: object
) -> None:
    assert refused(tmp_path, json.dumps(value), capsys)


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("advise", "nowhere.json")
    assert stopped.value.code == 2
    assert "nowhere.json: cannot be read" in capsys.readouterr().err


def test_an_unknown_key_is_refused_with_what_was_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (problem,) = refused(tmp_path, {**ORDINARY, "incidents": [], "nedd": "gas"}, capsys)
    assert problem == 'key "nedd" is unknown. Did you mean "need"?'


def test_every_problem_is_named_with_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {**ORDINARY, "need": "polise", "place": {"police": "kentt"}}
    problems = refused(tmp_path, [ORDINARY, wrong, wrong], capsys)
    assert [p.split(":")[0] for p in problems] == ["1.need", "1.place", "2.need", "2.place"]


def test_a_place_that_may_be_several_lists_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fire = {"place": {"fire": "devon-and-somerset"}}
    (problem,) = refused(tmp_path, {**ORDINARY, **fire}, capsys)
    assert problem.startswith("place: fire devon-and-somerset leaves several areas:")
    assert "devon" in problem


def test_a_moment_without_its_time_zone_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (problem,) = refused(tmp_path, {**ORDINARY, "now": "2026-11-24T12:00:00"}, capsys)
    assert problem.startswith("now: ")


def test_why_names_the_rule_the_statement_and_its_words_for_each_line(tmp_path: Path) -> None:
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps({**ORDINARY, "incidents": [STATED]}))
    out = io.StringIO()
    call_command("advise", str(path), "--why", stdout=out)
    told = out.getvalue()
    assert "1. 101 101 (replace)\n   mode.notice: 999: replace to 101" in told
    assert '[force, West Yorkshire Police, 2026-11-24T11:50:00+00:00: "police-emergency' in told
    assert "in-person" in told


STATED: dict[str, Any] = {
    "id": "force",
    "channel": "999",
    "state": "many-failing",
    "status": "live",
    "scope": {"footprints": ["police:west-yorkshire"]},
    "issuer": {
        "name": "West Yorkshire Police",
        "kind": "answering-service",
        "footprint": "police:west-yorkshire",
        "entitled": True,
    },
    "notices": [{"need": "police-emergency", "mode": "replace", "to": ["101"]}],
    "published_at": "2026-11-24T11:50:00+00:00",
    "review_at": "2026-11-24T12:30:00+00:00",
}
