"""Welsh: one word for one thing, a table that comes back signed, and the quiet line."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.spoiled import SEEDS, copied
from triage.engine.catalogue import Lang, Text
from triage.engine.rulebook import Rulebook
from triage.seeds import read
from triage.seeds.fact_register import Weight, texts, welsh_to_read
from triage.seeds.glossary import breaches, read_glossary
from triage.seeds.welsh_review import ReviewError, sign, signed, table
from triage.web.wording.catalogue import words

UNREAD = "Nid oes siaradwr Cymraeg wedi gwirio"


def test_one_welsh_word_is_said_for_one_thing(rulebook: Rulebook) -> None:
    pages = [(f"words {key}", text) for key, text in words().texts.items()]
    assert not [*breaches(read_glossary(SEEDS), [*texts(rulebook, "seeds"), *pages])]


def test_a_welsh_no_answers_with_the_verb_of_its_question(rulebook: Rulebook) -> None:
    options = [o for q in rulebook.questions.values() for o in q.options]
    said = [o.label.cy for o in options if o.label.en == "No"]
    assert said
    assert all(re.fullmatch(r"Nac? \w+", answer) for answer in said)


@pytest.mark.parametrize("lang", Lang)
def test_no_sentence_puts_a_count_before_a_thing(lang: Lang) -> None:
    """One or two or three take other forms, in Welsh above all: a count stands behind its thing."""
    counted = {k: t.lang(lang) for k, t in words().texts.items() if "[count]" in t.en}
    assert counted
    assert not [key for key, line in counted.items() if re.search(r"\[count\] (?!more\b)\w", line)]


@pytest.mark.parametrize(
    ("en", "cy", "wrong"),
    [
        ("Someone is trapped.", "Mae rhywun yn sownd.", True),
        ("Someone is trapped.", "Mae rhywun yn gaeth.", False),
        ("Ask for the coastguard.", "Gofynnwch am y coastguard.", True),
        ('Say "coastguard".', 'Dywedwch "coastguard".', False),
        ("Stuck in mud.", "Yn sownd mewn mwd.", False),
    ],
)
def test_a_broken_term_is_named(en: str, cy: str, wrong: bool) -> None:
    assert bool([*breaches(read_glossary(SEEDS), [("x", Text(en, cy))])]) is wrong


def test_the_table_begins_with_safety(rulebook: Rulebook) -> None:
    rows = list(csv.DictReader(io.StringIO(table(welsh_to_read(rulebook, words().texts)))))
    assert rows[0]["weight"] == Weight.SAFETY.name.lower()
    assert len(rows) == len(welsh_to_read(rulebook, words().texts))


def filled(rulebook: Rulebook, **columns: str) -> str:
    """A table of one text, filled in."""
    first = next(i for i in welsh_to_read(rulebook, {}) if i.where.startswith("channel 999"))
    row = next(csv.DictReader(io.StringIO(table([first])))) | columns
    out = io.StringIO()
    writer = csv.DictWriter(out, row.keys())
    writer.writeheader()
    writer.writerow(row)
    return out.getvalue()


def test_a_signed_row_is_written_where_it_came_from(rulebook: Rulebook, tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    given = signed(filled(rulebook, good="yes"))
    before = len(welsh_to_read(read(seeds), {}))
    assert sign(seeds, given, "Owain Glyn") >= 1
    assert len(welsh_to_read(read(seeds), {})) < before
    assert 'reviewed_by = "Owain Glyn"' in (seeds / "channels.toml").read_text(encoding="utf-8")


def test_better_welsh_takes_the_place_of_what_stood(rulebook: Rulebook, tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    sign(seeds, signed(filled(rulebook, better="{999}, y rhif brys")), "Owain Glyn")
    assert "{999}, y rhif brys" in (seeds / "channels.toml").read_text(encoding="utf-8")


def test_a_row_that_nobody_read_is_left_alone(rulebook: Rulebook) -> None:
    assert signed(filled(rulebook)) == []


def test_a_table_of_another_shape_is_refused() -> None:
    with pytest.raises(ReviewError, match="no column better, cy, en, good, weight, where"):
        signed("a,b\n1,2\n")


def test_a_text_that_is_gone_is_refused_and_nothing_is_written(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    seeds = copied(tmp_path)
    before = (seeds / "channels.toml").read_bytes()
    with pytest.raises(ReviewError, match="no file holds any more"):
        sign(seeds, signed(filled(rulebook, en="Gone.", good="yes")), "Owain Glyn")
    assert (seeds / "channels.toml").read_bytes() == before


def test_the_command_writes_the_table_and_asks_for_a_name(tmp_path: Path, settings: Any) -> None:
    out = io.StringIO()
    file = tmp_path / "welsh.csv"
    call_command("words", "--review", "--csv", str(file), stdout=out)
    assert file.read_text(encoding="utf-8").startswith("weight,where,en,cy,good,better\n")
    with pytest.raises(CommandError, match="--reviewer NAME"):
        call_command("words", "--sign", str(file))
    settings.SEEDS_DIR = copied(tmp_path)
    call_command("words", "--sign", str(file), "--reviewer", "Owain Glyn", stdout=out)
    assert "0 Welsh sentences signed by Owain Glyn" in out.getvalue()


@pytest.mark.parametrize("path", ["/cy/now/", "/cy/silent/", "/cy/advice/police-now/"])
def test_a_danger_page_says_that_its_welsh_is_not_checked(client: Client, path: str) -> None:
    assert UNREAD in client.get(path).content.decode()
    assert UNREAD not in client.get(path.removeprefix("/cy")).content.decode()


def test_an_ordinary_page_says_nothing_of_it(client: Client) -> None:
    assert UNREAD not in client.get("/cy/advice/potholes/").content.decode()
