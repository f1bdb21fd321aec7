"""Figures of the house: sizes, types, docstrings, and how often one page goes from file to file.

.venv/bin/python -m tests.bench.house
"""

from __future__ import annotations

import ast
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from statistics import median
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outage.bulletin import Bulletin

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("triage", "outage")
# Of the house's own bounds (design): the 95th percentile of functions, the longest file of code.
MOST = {"function p95": 25, "function longest": 40, "file longest": 300}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            # What a program wrote is no code of ours.
            if "migrations" not in path.parts and path.name != "word_keys.py":
                yield path


def code_lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))


def percentile(values: list[int], share: float) -> int:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def is_typed(function: Function) -> bool:
    arguments = [*function.args.args, *function.args.kwonlyargs]
    named = [a for a in arguments if a.arg not in ("self", "cls")]
    return function.returns is not None and all(a.annotation for a in named)


def sizes() -> dict[str, object]:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files()}
    functions = [n for tree in trees.values() for n in ast.walk(tree) if isinstance(n, Function)]
    lengths = [(f.end_lineno or f.lineno) - f.lineno + 1 for f in functions]
    code = [code_lines(path.read_text(encoding="utf-8")) for path in trees]
    docs = [ast.get_docstring(tree) for tree in trees.values() if tree.body]
    return {
        "files": len(trees),
        "lines of code": sum(code),
        "file median": int(median(code)),
        "file longest": max(code),
        "functions": len(functions),
        "function median": int(median(lengths)),
        "function p95": percentile(lengths, 0.95),
        "function longest": max(lengths),
        "typed": f"{sum(map(is_typed, functions)) / len(functions):.1%}",
        "modules with a docstring": f"{sum(map(bool, docs))} of {len(docs)}",
    }


class Calls:
    """Counts the calls of our own functions, and those that go into another file."""

    def __init__(self) -> None:
        self.own = Counter[str]()

    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        name = frame.f_code.co_filename
        if event != "call" or not self._is_ours(name):
            return
        self.own["calls"] += 1
        caller = frame.f_back
        while caller is not None and not self._is_ours(caller.f_code.co_filename):
            caller = caller.f_back
        if caller is not None and caller.f_code.co_filename != name:
            self.own["into another file"] += 1

    @staticmethod
    def _is_ours(name: str) -> bool:
        return name.startswith(tuple(str(ROOT / package) for package in PACKAGES))


# What is counted: a fault or none, and what is asked for; a search where words are given.
PAGES: Mapping[str, tuple[bool, str, str]] = {
    "a page with a fault": (True, "/in/leicestershire/", ""),
    "a page without": (False, "/in/leicestershire/", ""),
    "the start of no area": (True, "/", ""),
    "999 now": (True, "/in/leicestershire/now/", ""),
    "a question": (True, "/in/leicestershire/ask/danger/", ""),
    "the status of an area": (True, "/in/leicestershire/status/", ""),
    "a widget": (True, "/embed/banner/leicestershire/", ""),
    "a search": (True, "/search/", "my bike was stolen"),
}


def hops() -> dict[str, Counter[str]]:
    """Calls of one page, warm, with a fault in force and without; and of a search."""
    return {name: _hops(name, *page) for name, page in PAGES.items()}


def hops_of_advice(every: int = 1) -> dict[str, Counter[str]]:
    """The same in a fault of every outcome by an answer that leads to it (or of one of so many),
    and of the deaf pages."""
    from triage.rules import rulebook
    from triage.web.presenters.emergency_block import SERVICES

    book = rulebook()
    ways = {
        option.to: f"advice/{book.outcomes[option.to].address}/from/{question.address}/{option.id}/"
        for question in book.questions.values()
        for option in question.options
        if option.to in book.outcomes
    }
    paths = [*list(ways.values())[::every], "deaf/", *(f"deaf/{need}/" for need in SERVICES)]
    return {path: _hops(path, True, f"/in/leicestershire/{path}", "") for path in paths}


def _hops(name: str, fault: bool, path: str, words: str) -> Counter[str]:
    from django.test import Client

    from outage import bulletin

    client, calls = Client(), Calls()
    ask = partial(client.post, path, {"q": words}) if words else partial(client.get, path)
    with bulletin.showing(_bulletin(fault)):
        for _ in range(2):
            assert ask().status_code == 200, name
        sys.setprofile(calls)
        try:
            ask()
        finally:
            sys.setprofile(None)
    return calls.own


@cache
def _bulletin(fault: bool) -> Bulletin:
    """One for all its pages: what they share is worked out once for each bulletin."""
    from outage.bulletin import Bulletin
    from tests.web.kinds import LEICESTER

    return Bulletin(1, (LEICESTER,) if fault else ())


def main() -> None:
    import django
    from django.test.utils import setup_test_environment

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.config.settings")
    os.environ.setdefault("WHICH_NUMBER_DEMO", "1")
    django.setup()
    setup_test_environment()
    for name, value in sizes().items():
        bound = f"  (at most {MOST[name]})" if name in MOST else ""
        print(f"{name}: {value}{bound}")
    advice = hops_of_advice()
    heaviest = sorted(advice, key=lambda path: advice[path]["into another file"])[-3:]
    for name, counted in (hops() | {path: advice[path] for path in heaviest}).items():
        told = ", ".join(f"{count:,} {what}" for what, count in counted.items())
        print(f"{name}: {told}")


if __name__ == "__main__":
    main()
