"""The place for a signed film: whole or not at all, and not while a fault changes what is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from tests.web.conftest import Live
from tests.web.kinds import LEICESTER
from triage.engine.catalogue import Text
from triage.web.presenters import sign_video
from triage.web.wording.catalogue import words

ALL = ("deaf.mp4", "deaf.en.vtt", "deaf.cy.vtt")
Lay = Callable[..., None]


@pytest.fixture
def lay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lay:
    """lay(names, transcript): these files of a film, and its transcript or none."""
    monkeypatch.setattr(sign_video, "folder", lambda: tmp_path)

    def lay_(*names: str, transcript: bool = True) -> None:
        for name in names:
            (tmp_path / name).touch()
        said = {"signed-deaf-1": Text("Film", "Ffilm"), "signed-deaf-1-a": Text("Ask.", "Gofyn.")}
        more = replace(words(), texts={**words().texts, **(said if transcript else {})})
        monkeypatch.setattr(sign_video, "words", lambda: more)

    return lay_


def page(reader: Client, path: str = "/in/kent/deaf/") -> str:
    return reader.get(path).content.decode()


def test_a_whole_film_has_captions_a_transcript_and_leave_to_load(reader: Client, lay: Lay) -> None:
    lay(*ALL)
    answer = reader.get("/cy/in/kent/deaf/")
    shown = answer.content.decode()
    assert 'src="/static/public/signed/deaf.mp4"' in shown
    assert 'srclang="cy" label="Cymraeg" src="/static/public/signed/deaf.cy.vtt" default' in shown
    assert "Gofyn." in shown
    assert "media-src 'self'" in answer["Content-Security-Policy"]
    assert "style-src 'self' 'sha256-" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("missing", ALL)
def test_a_film_that_lacks_a_part_is_not_shown(reader: Client, lay: Lay, missing: str) -> None:
    lay(*(name for name in ALL if name != missing))
    assert "<video" not in page(reader)


def test_a_film_without_a_transcript_is_not_shown(reader: Client, lay: Lay) -> None:
    lay(*ALL, transcript=False)
    assert "<video" not in page(reader)


def test_a_film_is_not_shown_where_a_fault_makes_it_wrong(
    reader: Client, lay: Lay, live: Live
) -> None:
    lay(*ALL)
    live(LEICESTER)
    assert "<video" not in page(reader, "/in/leicestershire/deaf/")
    assert "<video" in page(reader)


def test_a_page_without_a_film_may_load_none(reader: Client) -> None:
    assert "media-src" not in reader.get("/deaf/")["Content-Security-Policy"]
