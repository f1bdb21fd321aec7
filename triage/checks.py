"""What must hold before the server starts: the data, the tree, every single incident, and the
worked cases of seeds/cases.

The same as Django system checks (`manage.py check`) and as `refuse_on_problems`, which wsgi.py
calls: application servers run no system checks. The laws themselves are in triage/engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, Error, register

from triage import engine, rules
from triage.cases import failures, read_cases
from triage.engine.proof import Finding, prove_singles, prove_tree
from triage.engine.rulebook import Rulebook
from triage.proof_mark import ProofMark
from triage.seeds import SeedsError

_HINTS = {
    "E001": "Put it right in seeds/: nothing is served while there is a fault in the data.",
    "E002": "Put the question right in seeds/tree/.",
    "E003": "Put the route, channel or preset right in seeds/: this advice could cost a life.",
    "E005": "Put the words right in seeds/words/, or the page that asks for them.",
    "E006": "Put the rule right, or say in the case what should be advised.",
    "E004": "Run `manage.py collectstatic` first, as `make run` does.",
}


@dataclass(frozen=True, slots=True)
class StartProblem:
    """Something because of which nothing may be served. `id` is that of the system check."""

    id: str
    what: str

    @property
    def hint(self) -> str:
        return _HINTS[self.id]


class StartError(Exception):
    """The server must not start; the message names every problem."""

    def __init__(self, problems: Iterable[StartProblem]) -> None:
        self.problems = tuple(problems)
        named = "\n".join(f"  which_number.{p.id} {p.what}" for p in self.problems)
        hints = "\n".join(dict.fromkeys(p.hint for p in self.problems))
        super().__init__(f"Which Number does not start:\n{named}\n{hints}")


def refuse_on_problems(*more: Callable[[], Iterable[StartProblem]]) -> None:
    """For the start of a server. Raises StartError with every problem; takes a few seconds.

    `more` are the checks of higher layers, asked once the data is sound.
    """
    problems = [*find_problems(), *_uncollected()]
    for find in more if not problems else ():
        problems += find()
    if problems:
        raise StartError(problems)


@register("which_number")
def check(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Every problem as a system check."""
    return [Error(p.what, hint=p.hint, id=f"which_number.{p.id}") for p in find_problems()]


def find_problems() -> Iterator[StartProblem]:
    """The faults of the data; where there is none, the laws that do not hold."""
    try:
        rulebook = rules.rulebook()
    except SeedsError as refused:
        yield from (StartProblem("E001", str(fault)) for fault in refused.faults)
        return
    sources = (*Path(engine.__path__[0]).glob("*.py"), *_cases().glob("*.json"))
    with ProofMark.of("proved-advice", rulebook.digest, sources) as mark:
        if mark.is_set:
            return
        found = [*_prove(rulebook)] or [*_worked_cases(rulebook)]
        yield from found
        if not found:
            mark.set()


def _uncollected() -> Iterator[StartProblem]:
    """Pages name their files by a hash: without the list of hashes, or with that of an older
    version, every page would fail. No system check, for `collectstatic` runs those first."""
    hashed = getattr(staticfiles_storage, "hashed_files", None)
    if hashed is None:
        return
    ours = {name for finder in get_finders() for name, _ in finder.list([])}
    if missing := sorted(ours - set(hashed)):
        more = f" and {len(missing) - 1} more" if missing[1:] else ""
        yield StartProblem("E004", f"{missing[0]}{more} not collected in {settings.STATIC_ROOT}")


def _prove(rulebook: Rulebook) -> Iterator[StartProblem]:
    tree = prove_tree(rulebook).findings
    yield from (StartProblem("E002", what) for what in summed_up(tree))
    if not tree:
        advice = prove_singles(rulebook, every_mode=False).findings
        yield from (StartProblem("E003", what) for what in summed_up(advice))


def _worked_cases(rulebook: Rulebook) -> Iterator[StartProblem]:
    """The worked scenarios of seeds/cases: what should be advised, by hand."""
    for file, case in read_cases(_cases()):
        if found := [*failures(case, rulebook, rules.finder())]:
            title = case.get("title", "")
            yield StartProblem("E006", f'seeds/cases/{file} "{title}": {"; ".join(found)}')


def _cases() -> Path:
    return Path(settings.SEEDS_DIR) / "cases"


def summed_up(findings: Iterable[Finding]) -> Iterator[str]:
    """Each thing that is wrong once, with the first situation and how many more there are."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.law, finding.what), []).append(finding)
    for group in groups.values():
        more = f" (and {len(group) - 1} more like it)" if len(group) > 1 else ""
        yield f"{group[0]}{more}"
