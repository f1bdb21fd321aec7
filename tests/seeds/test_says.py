"""seeds/says: every fault with its place, what counts, and a trained file that fits it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from triage.management.commands.says import counted
from triage.rules import rulebook
from triage.search.finding import dangers
from triage.search.model import StaleModelError, unpack
from triage.seeds import SeedsError
from triage.seeds.says import Said, fingerprint, read_flags, read_says
from triage.web.context.search_query import TRAINED, ids_of_search

FOLDER = settings.SEEDS_DIR / "says"
IDS = {"fire-now", "noise"}


def faults(tmp_path: Path, text: str) -> list[str]:
    folder = tmp_path / "seeds" / "says"
    folder.mkdir(parents=True)
    (folder / "x.txt").write_text(text, encoding="utf-8")
    with pytest.raises(SeedsError) as stopped:
        read_says(folder, IDS)
    return [str(fault) for fault in stopped.value.faults]


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    assert faults(tmp_path, "= fire-nwo en\nit burns\n= noise fr2\n= none en ~nose\nx\n") == [
        'seeds/says/x.txt line 1: outcome or question "fire-nwo" is unknown.'
        ' Did you mean "fire-now"?',
        'seeds/says/x.txt line 3: lang "fr2" is unknown. Did you mean "fr"?',
        'seeds/says/x.txt line 4: outcome or question "nose" is unknown. Did you mean "noise"?',
    ]


def test_a_sentence_under_no_heading_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, "it burns\n") == [
        "seeds/says/x.txt line 1: stands under no heading: = ID en"
    ]


def test_a_folder_without_sentences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match="there are no sentences here"):
        read_says(tmp_path, IDS)


def test_a_near_miss_counts_for_what_it_only_sounds_like() -> None:
    said = [
        Said("noise", "en", None, "the music is loud", "x"),
        Said("noise", "en", None, "loud is the music", "x"),
        Said("none", "cy", "noise", "miwsig hyfryd", "x"),
    ]
    assert dict(counted(said)) == {("noise", "en"): 1, ("noise", "near"): 1}


def test_the_sentences_are_those_the_trained_file_learnt_from() -> None:
    model = unpack((FOLDER / TRAINED).read_bytes(), fingerprint(FOLDER))
    assert set(model.ids) <= ids_of_search()
    assert len(read_says(FOLDER, ids_of_search())) > 50_000
    assert len(read_flags(FOLDER, dangers(rulebook()))) > 300


@pytest.mark.parametrize(
    ("data", "mark", "told"),
    [
        (lambda data: data, "other", "has changed since it was learnt: run manage.py train"),
        (lambda data: data[:-1], "", "is cut"),
        (lambda data: b"x", "", "is broken"),
    ],
)
def test_a_stale_or_broken_trained_file_is_refused(data: object, mark: str, told: str) -> None:
    assert callable(data)
    given = data((FOLDER / TRAINED).read_bytes())
    with pytest.raises(StaleModelError, match=told):
        unpack(given, mark or fingerprint(FOLDER))


def test_the_model_takes_at_most_three_megabytes() -> None:
    assert (FOLDER / TRAINED).stat().st_size < 3_000_000
