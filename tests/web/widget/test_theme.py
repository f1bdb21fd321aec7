"""A host's colours are taken only where everything in them can be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.web.widget.theme import READABLE, Theme, contrast, theme

COLOURS = st.from_regex(r"[0-9a-f]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0)],
)
def test_contrast_is_what_the_guidelines_say(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_no_colour_is_no_theme_and_no_fault() -> None:
    assert theme({}) == (None, ())
    assert theme({"accent": "", "area": "kent"}) == (None, ())


def test_a_short_colour_is_a_colour() -> None:
    wanted, _ = theme({"accent": "#03a", "ground": "FFF"})
    assert wanted == Theme(accent="#0033aa", ground="#ffffff")


def test_a_faint_colour_is_told_with_its_ratio() -> None:
    wanted, faults = theme({"accent": "eeeeee"})
    assert wanted is None
    assert [(f.token, f.words, f.ratio) for f in faults] == [
        ("accent", "embed-colour-too-faint", "1.2")
    ]


@pytest.mark.parametrize("value", ["red", "12345", "#12345g", "0;}*{", "url(x)", "ffffff\n"])
def test_what_is_no_colour_is_told(value: str) -> None:
    wanted, faults = theme({"ink": value})
    assert wanted is None
    assert faults[0].words == "embed-colour-not-hex"


@settings(deadline=None)
@given(accent=COLOURS, ground=COLOURS, ink=COLOURS)
def test_a_theme_that_is_taken_can_be_read(accent: str, ground: str, ink: str) -> None:
    wanted, faults = theme({"accent": accent, "ground": ground, "ink": ink})
    assert (wanted is None) == bool(faults)
    if wanted:
        assert contrast(wanted.ink, wanted.ground) >= READABLE
        assert contrast(wanted.accent, wanted.ground) >= READABLE
