"""The worked scenarios of seeds/cases, and what in an advice is not as they expect it.

They run at the start of a server and in the tests. What a case expects is told in
seeds/cases/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from triage.engine.advice import Advice, to_json
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Code, Situation
from triage.engine.unknown_place import advise
from triage.places.finder import Finder
from triage.scenario import ScenarioError, situation_from

EXPECTATIONS = frozenset(
    {
        "first",
        "shows",
        "not_first",
        "not_shown",
        "numbers_shown",
        "numbers_hidden",
        "say",
        "not_say",
        "no_notice",
        "unchanged",
    }
)
Case = dict[str, Any]


def read_cases(folder: Path) -> list[tuple[str, Case]]:
    """Every case with the name of its file. Raises OSError, or ValueError for what is no JSON."""
    return [
        (path.name, case)
        for path in sorted(folder.glob("*.json"))
        for case in json.loads(path.read_text(encoding="utf-8"))
    ]


def failures(case: Case, rulebook: Rulebook, finder: Finder) -> Iterator[str]:
    """What is not as the case expects, each as a sentence."""
    try:
        situation = situation_from(case["scenario"], rulebook, finder)
    except ScenarioError as error:
        yield str(error)
        return
    yield from differences(case["expect"], advise(rulebook, situation), situation, rulebook)


def differences(
    expect: Case, advice: Advice, situation: Situation, rulebook: Rulebook
) -> Iterator[str]:
    if unknown := set(expect) - EXPECTATIONS:
        yield f"expects what is not known: {sorted(unknown)}"
    yield from _channels(expect, [e.channel for e in advice.entries])
    yield from _numbers(expect, advice)
    yield from _codes(expect, advice)
    if expect.get("no_notice") and advice.notices:
        yield f"shows the notice {advice.notices[0].incident}"
    if expect.get("unchanged"):
        ordinary = advise(rulebook, replace(situation, incidents=()))
        if [e.channel for e in advice.entries] != [e.channel for e in ordinary.entries]:
            yield "is not the ordinary advice"


def _channels(expect: Case, ids: list[str]) -> Iterator[str]:
    if ids[0] not in expect.get("first", ids) or ids[0] in expect.get("not_first", ()):
        yield f"begins with {ids[0]}"
    for wrong in set(ids) & set(expect.get("not_shown", ())):
        yield f"shows {wrong}"
    for wanted in expect.get("shows", ()):
        if not set([wanted] if isinstance(wanted, str) else wanted) & set(ids):
            yield f"does not show {wanted}"


def _numbers(expect: Case, advice: Advice) -> Iterator[str]:
    local = advice.first.channel == "local-number"
    entries = (advice.first,) if local else advice.entries
    shown = {_digits(e.number or "") for e in entries}
    for number in expect.get("numbers_shown", ()):
        if _digits(number) not in shown:
            yield f"does not show {number}"
    everything = [_digits(text) for text in texts(to_json(advice))]
    for hidden in expect.get("numbers_hidden", ()):
        if any(_digits(hidden) in text for text in everything):
            yield f"shows {hidden}"


def _codes(expect: Case, advice: Advice) -> Iterator[str]:
    for said in expect.get("say", ()):
        heard = advice.says(Code(said["code"]))
        if not heard or said["channel"] not in (None, *heard):
            yield f"does not say {said['code']} of {said['channel']}"
    for code in expect.get("not_say", ()):
        if advice.says(Code(code)):
            yield f"says {code}"


def texts(value: object) -> Iterator[str]:
    """Every text within an advice, each by itself: a number must stand in none of them."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif value is not None:
        yield str(value)


def _digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isdigit())
