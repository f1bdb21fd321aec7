"""What is due, who owns it and where it stands; and whether the words hold together."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from triage.engine.catalogue import Lang, Nation, Text
from triage.engine.local_service import LocalKind
from triage.engine.rulebook import Rulebook
from triage.seeds.fact_register import (
    HARD,
    Weight,
    counts,
    due,
    held,
    months_after,
    postcodes_held,
    reading_ages,
    schedule,
    texts,
    welsh_to_read,
)
from triage.seeds.reading_age import measure, syllables
from triage.seeds.references import BRACE, TYPED_NUMBER
from triage.web.pages.views.tree import LONGEST_LIST
from triage.web.wording.catalogue import words

CHECKED = date(2026, 11, 22)


# --- facts


def test_every_fact_has_an_owner_a_source_and_a_later_review(rulebook: Rulebook) -> None:
    for fact in held(rulebook):
        assert fact.owner.endswith("content lead"), fact.name
        assert fact.sources, fact.name
        # A local fact names the page that was read; the others name an entry of sources.toml.
        local = fact.kind in set(LocalKind)
        assert local or set(fact.sources) <= set(rulebook.catalogue.sources), fact.name
        assert fact.checked < fact.review_by, fact.name


def test_every_number_address_price_and_hour_is_a_fact(rulebook: Rulebook) -> None:
    names = {fact.name for fact in held(rulebook)}
    for channel in rulebook.catalogue.channels.values():
        for field in ("number", "url", "hours", "cost"):
            if getattr(channel, field) is not None:
                assert f"channel {channel.id}: {field}" in names


def test_every_body_area_need_and_outcome_is_held(rulebook: Rulebook) -> None:
    kinds = counts(held(rulebook))["kind"]
    assert kinds["area"] == len(rulebook.catalogue.areas)
    assert kinds["need"] == len(rulebook.needs)
    assert kinds["outcome"] == len(rulebook.outcomes)
    assert kinds["police"] >= 45


def test_the_schedule_counts_every_fact_by_day_and_owner(rulebook: Rulebook) -> None:
    days = schedule(held(rulebook))
    assert list(days) == sorted(days)
    assert sum(sum(owners.values()) for owners in days.values()) == len(held(rulebook))


def test_nothing_is_due_on_the_day_it_was_checked(rulebook: Rulebook) -> None:
    assert due(held(rulebook), CHECKED) == ()


def test_what_is_only_known_falls_due_before_what_was_read(rulebook: Rulebook) -> None:
    waiting = due(held(rulebook), date(2027, 3, 1))
    assert waiting
    assert {fact.certainty for fact in held(rulebook)} == {"V", "O", "S", "K"}
    assert not [f for f in waiting if f.kind == "police" and f.certainty in ("V", "O")]


def test_everything_is_due_in_the_end_the_longest_overdue_first(rulebook: Rulebook) -> None:
    waiting = due(held(rulebook), date(2028, 1, 1))
    assert len(waiting) == len(held(rulebook))
    assert [f.review_by for f in waiting] == sorted(f.review_by for f in waiting)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 22), 6, date(2027, 5, 22)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
    ],
)
def test_months_end_on_a_day_that_exists(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_an_import_of_postcodes_is_due_after_a_year() -> None:
    assert postcodes_held("2026-11-24").review_by == date(2027, 11, 24)


# --- Welsh


def every_text(rulebook: Rulebook) -> list[tuple[str, Text]]:
    pages = [(f"words {key}", text) for key, text in words().texts.items()]
    return [*texts(rulebook, "seeds"), *pages]


def test_no_text_is_missing_in_either_language(rulebook: Rulebook) -> None:
    found = every_text(rulebook)
    assert len(found) > 4000
    assert not [where for where, text in found if not text.en.strip() or not text.cy.strip()]


def test_both_languages_name_the_same_numbers(rulebook: Rulebook) -> None:
    for where, text in every_text(rulebook):
        assert sorted(BRACE.findall(text.en)) == sorted(BRACE.findall(text.cy)), where


def test_no_number_to_ring_is_typed_into_words(rulebook: Rulebook) -> None:
    for where, text in every_text(rulebook):
        for side in (text.en, text.cy):
            assert not TYPED_NUMBER.search(BRACE.sub("", side)), where


# Amounts that words may hold beside a number to ring: 55, ages, years, per cents, thousands.
AMOUNT = re.compile(r"\b(?:\d{1,3}(?:,\d{3})+|\d{1,3} ?%|(?:\d{1,2}|19\d\d|20\d\d)\b)")


def test_words_hold_no_other_long_run_of_digits(rulebook: Rulebook) -> None:
    """What looks like a number to ring, in any form, stands in channels.toml alone."""
    for where, text in every_text(rulebook):
        for side in (text.en, text.cy):
            rest = AMOUNT.sub("", BRACE.sub("", side))
            assert not re.search(r"\d[\d ]{2,}", rest), f"{where}: {side}"


def test_both_languages_name_the_same_amounts(rulebook: Rulebook) -> None:
    """55, 24 hours, under 5: the same figures stand on both sides."""
    for where, text in every_text(rulebook):
        if any(word in where for word in ("catalogue.areas", "catalogue.outside")):
            continue
        assert _figures(text.en) == _figures(text.cy), f"{where}: {text.en} | {text.cy}"


def _figures(side: str) -> list[str]:
    return sorted(re.findall(r"\d+", BRACE.sub("", side)))


def test_the_welsh_that_safety_hangs_on_comes_first(rulebook: Rulebook) -> None:
    waiting = welsh_to_read(rulebook, words().texts)
    assert [item.weight for item in waiting] == sorted(item.weight for item in waiting)
    assert waiting[0].weight is Weight.SAFETY
    safety = {item.where.split(".")[0] for item in waiting if item.weight is Weight.SAFETY}
    assert "channel silent-solution" in safety
    assert "outcome fraud-past" not in safety


def test_checked_welsh_is_not_asked_for_again(rulebook: Rulebook) -> None:
    text = Text("Call {999} now.", "Ffoniwch {999} nawr.", review=True)
    assert [i.where for i in welsh_to_read(rulebook, {"x": text}) if i.text is text] == ["words x"]
    checked = replace(text, review=False)
    assert not [i for i in welsh_to_read(rulebook, {"x": checked}) if i.text is checked]


def test_the_chosen_phrases_of_safety_are_used(rulebook: Rulebook) -> None:
    """One rendering of a phrase, wherever it stands (facts: names in official use)."""
    for where, text in every_text(rulebook):
        if "press 55 when" in text.en.lower():
            assert "55 pan ofynnir i chi" in text.cy, where
        # In quotation marks it is the English word that a caller says to the operator.
        if "coastguard" in text.en.lower().replace('"coastguard"', ""):
            # Gwylwyr softens after some words: i Wylwyr, a Gwylwyr.
            assert "ylwyr y Glannau" in text.cy, f"{where}: {text.cy}"


# Said by some services, and never here: whoever is in danger calls, and nobody adds a doubt.
DOUBT = re.compile(
    r"last resort|wast\w+ (?:\w+ )?time|only call \{999\}|call \{999\} only|prosecut"
)


def test_no_words_put_anybody_off_calling(rulebook: Rulebook) -> None:
    for where, text in texts(rulebook, "seeds"):
        assert not DOUBT.search(text.en.lower()), where


# --- how hard the English is


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("fire", 1),
        ("called", 1),
        ("needed", 2),
        ("people", 2),
        ("someone", 2),
        ("ambulance", 3),
        ("area", 3),
        ("quiet", 2),
        ("little", 2),
        ("emergency", 4),
        ("immediately", 5),
        ("999", 1),
        ("NHS", 1),
    ],
)
def test_syllables_are_counted_by_the_letters(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_line_without_a_full_stop_is_a_sentence() -> None:
    assert measure(["Call now", "Stay on the line. Say where you are."]).sentences == 3


def test_long_words_in_long_sentences_are_hard_to_read() -> None:
    hard = "Individuals experiencing considerable intimidation should communicate immediately."
    assert measure([hard]).grade > 15
    assert measure(["Go out. Stay out. Call now."]).grade < 2
    assert measure([]).grade == 0


def test_the_grade_is_that_of_the_formula() -> None:
    # 6 words, 2 sentences, 6 syllables: 0.39 × 3 + 11.8 × 1 − 15.59.
    assert measure(["Go out now. Call for help."]).grade == -2.6


def test_a_child_of_nine_can_read_every_outcome(rulebook: Rulebook) -> None:
    """Grade 4 of the formula is the school year in which children turn ten."""
    assert HARD == 4
    assert [age.outcome for age in reading_ages(rulebook) if age.measure.grade > HARD] == []


@pytest.mark.parametrize("lang", Lang)
def test_no_outcome_holds_more_words_than_a_frightened_person_reads(
    rulebook: Rulebook, lang: Lang
) -> None:
    for outcome in rulebook.outcomes.values():
        for nation in Nation:
            words = outcome.words(nation)
            lines = [outcome.title, words.lead, *(words.do or ()), *(words.ready or ())]
            if len(outcome.signs) <= LONGEST_LIST:
                lines += outcome.signs
            own = sum(len(line.lang(lang).split()) for line in lines if line)
            assert own <= 250, (outcome.id, nation, own)


# --- the hazards


def test_every_proof_that_the_hazards_name_exists() -> None:
    """docs/hazards.md names tests and data: each must be there, under that very name."""
    root = Path(settings.BASE_DIR)
    text = (root / "docs" / "hazards.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|triage|outage|seeds)/[\w./-]+?)(?:::(\w+))?`", text)
    assert len(named) > 30
    for path, name in named:
        assert (root / path).exists(), path
        if name:
            assert name in (root / path).read_text(encoding="utf-8"), f"{path}::{name}"
