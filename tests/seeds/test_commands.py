"""`manage.py facts`, `words` and `draw_tree`, as those who keep the data use them."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from triage import tree_diagram
from triage.engine.catalogue import Lang
from triage.engine.rulebook import Rulebook

SVG = "{http://www.w3.org/2000/svg}"


def run(name: str, *args: str) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


# --- facts


def test_facts_are_counted_by_kind_owner_and_certainty() -> None:
    told = run("facts")
    for words in ("By kind:", "channel", "police content lead", "K: known, read nowhere"):
        assert words in told


def test_what_is_due_is_listed_with_its_owner_source_and_dates() -> None:
    told = run("facts", "--due", "--at", "2027-02-22").splitlines()
    assert re.fullmatch(r"\d+ of \d+ facts are due on 2027-02-22\.", told[-1])
    line = next(line for line in told if "channel act-early: url" in line)
    assert line.startswith("2027-02-22  police content lead")
    assert "checked 2026-11-22, K" in line


def test_nothing_is_due_on_the_first_day() -> None:
    assert run("facts", "--due", "--at", "2026-11-22").splitlines()[-1].startswith("0 of ")


def test_a_day_that_is_no_date_is_refused() -> None:
    with pytest.raises(CommandError, match='"soon" is not a date') as stopped:
        run("facts", "--due", "--at", "soon")
    assert stopped.value.returncode == 2


# --- words


def test_the_welsh_to_check_first_is_of_emergencies() -> None:
    told = run("words", "--review")
    assert "channel silent-solution" in told
    assert "outcome fraud-past" not in told
    assert "cy: " in told


def test_all_the_welsh_to_check_can_be_listed() -> None:
    assert "outcome fraud-past" in run("words", "--review", "--all")


def test_the_reading_ages_name_the_hardest_outcome() -> None:
    assert re.search(r"^0 of \d+ outcomes are over grade 4\. The hardest is ", run_ages())


def run_ages() -> str:
    return run("words", "--reading-age")


def test_words_asks_what_to_list() -> None:
    with pytest.raises(CommandError, match="--glossary, --languages or --reading-age"):
        run("words")


# --- draw_tree


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_drawing_holds_every_question_and_outcome(rulebook: Rulebook, lang: str) -> None:
    tree = ElementTree.fromstring(run("draw_tree", "--lang", lang))
    said = " ".join(node.text or "" for node in tree.iter(f"{SVG}text"))
    titles = [q.title for q in rulebook.questions.values()]
    titles += [o.title for o in rulebook.outcomes.values()]
    for title in titles:
        first = title.lang(lang).split("{")[0].split()[:3]
        assert " ".join(first) in said


def test_no_two_boxes_of_the_drawing_overlap() -> None:
    tree = ElementTree.fromstring(run("draw_tree"))
    boxes = [r.attrib for r in tree.iter(f"{SVG}rect") if "x" in r.attrib]
    columns: dict[str, list[tuple[float, float]]] = {}
    for box in boxes:
        top = float(box["y"])
        columns.setdefault(box["x"], []).append((top, top + float(box["height"])))
    for column in columns.values():
        column.sort()
        assert all(one[1] < other[0] for one, other in pairwise(column))


def test_the_drawing_prints_numbers_never_braces() -> None:
    told = run("draw_tree")
    assert "{" not in told
    assert "999" in told


def test_a_branch_is_drawn_by_itself(rulebook: Rulebook) -> None:
    branch = tree_diagram.svg(rulebook, Lang.EN, "danger")
    assert "I need the police now" in branch
    assert len(branch) < len(tree_diagram.svg(rulebook)) / 5


def test_an_unknown_branch_is_refused_with_a_hint() -> None:
    with pytest.raises(CommandError, match='Did you mean "crime"'):
        run("draw_tree", "--from", "crimee")


def test_mermaid_names_each_question_and_outcome_once(rulebook: Rulebook) -> None:
    told = run("draw_tree", "--mermaid")
    boxes = re.findall(r"^  (n_\w+)[\[(]", told, re.MULTILINE)
    assert len(boxes) == len(set(boxes)) == len(rulebook.questions) + len(rulebook.outcomes)
    assert told.startswith("flowchart LR\n")
    assert told.count("-->|") == sum(len(q.options) for q in rulebook.questions.values())
