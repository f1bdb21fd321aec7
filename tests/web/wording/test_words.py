"""The words of the pages: every fault at once, with its file and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.engine.catalogue import Lang, Text
from triage.engine.rulebook import Rulebook
from triage.seeds import SeedsError
from triage.seeds.words import read_words
from triage.web.wording.catalogue import Numbered, fill

FAULTS = {
    '[a]\nen = "Call {999}"\ncy = "Ffoniwch"': "braces of en and cy differ",
    '[a]\nen = "[x]"\ncy = "y"': "brackets of en and cy differ",
    '[a]\nen = "{gas-bg}"\ncy = "{gas-bg}"': 'channel "gas-bg" is unknown. Did you mean "gas-gb"?',
    '[a]\nen = "{council}"\ncy = "{council}"': "has no number to print",
    '[a]\nen = "Call 999"\ncy = "Ffoniwch {999}"': '"999" is typed',
    '[a]\nen = "x"': 'key "cy" is missing',
    '[a]\nen = "x"\ncy = "y"\nnote = 1': 'key "note" is unknown',
    '[A_b]\nen = "x"\ncy = "y"': "not lower case with hyphens",
    "a = ": "is not TOML",
}


@pytest.mark.parametrize(("wrong", "said"), FAULTS.items())
def test_a_wrong_word_is_named(tmp_path: Path, rulebook: Rulebook, wrong: str, said: str) -> None:
    (tmp_path / "words.toml").write_text(wrong)
    with pytest.raises(SeedsError) as refused:
        read_words(tmp_path, rulebook.catalogue)
    assert said in str(refused.value)
    assert "words.toml" in str(refused.value)


def test_every_fault_is_told_at_once(tmp_path: Path, rulebook: Rulebook) -> None:
    (tmp_path / "words.toml").write_text('[a]\nen = "x"\n[b]\ncy = "y"')
    with pytest.raises(SeedsError) as refused:
        read_words(tmp_path, rulebook.catalogue)
    assert len(refused.value.faults) == 2


def test_braces_become_the_number_and_its_spaces_do_not_break() -> None:
    text = Text("Call {gas-gb}", "Ffoniwch {gas-gb}")
    assert fill(text, Lang.CY) == "Ffoniwch 0800\N{NO-BREAK SPACE}111\N{NO-BREAK SPACE}999"


def test_of_two_lines_that_are_kept_free_both_say_so_and_each_once() -> None:
    numbered = Numbered((("101", "kept free"), ("111", "kept free")))
    said = numbered["{101} and {111} reach nobody; {101} least."]
    assert said == "101 (kept free) and 111 (kept free) reach nobody; 101 least."


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Call {999}.", "Call 999 (a fault)."),
        ("Ffoniwch {999} a gofyn am y tân.", "Ffoniwch 999 (a fault) a gofyn am y tân."),
        ("Call {101}, or {999} if it is now.", "Call 101, or 999 (a fault) if it is now."),
        ("Call {999}. Then call {999} again.", "Call 999 (a fault). Then call 999 again."),
        ("To misuse {999} is a crime.", "To misuse 999 is a crime."),
        ("A person reads your words out to {999}.", "A person reads your words out to 999."),
    ],
)
def test_only_words_that_send_there_say_that_999_has_a_fault(sentence: str, said: str) -> None:
    assert Numbered((("999", "a fault"),), frozenset(["999"]))[sentence] == said
