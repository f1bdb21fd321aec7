"""`manage.py advise FILE|-`: a scenario in JSON -> Advice in JSON (advice.md, "Scenario files").

A list of scenarios gives a list. Nothing but the advice is printed on standard output; where a
scenario is wrong, every problem goes to standard error with its path, and the exit code is 2.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from triage import rules
from triage.engine.advice import Because, to_json
from triage.engine.situation import Incident, Situation
from triage.engine.unknown_place import advise
from triage.scenario import ScenarioError, situation_from
from triage.seeds import SeedsError

WRONG = 2


class ScenarioFileError(Exception):
    """What was given cannot be advised on; `problems` says why, each with its path."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Command(BaseCommand):
    help = "Print the advice for a scenario, or for each of a list of scenarios, as JSON."
    # The rulebook is read here and its faults are told here; no other check has a say.
    requires_system_checks: list[str] = []  # noqa: RUF012  (Django's own declaration)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scenario", help="a JSON file, or - for standard input")
        why = "say for each line which rule, statement and words it came from, instead of JSON"
        parser.add_argument("--why", action="store_true", help=why)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read = _read(options["scenario"])
            text = reasons(read) if options["why"] else answer(read)
        except ScenarioFileError as refused:
            for problem in refused.problems:
                self.stderr.write(problem)
            raise SystemExit(WRONG) from refused
        self.stdout.write(text)


def answer(text: str) -> str:
    """The advice for what `text` holds, as JSON. Raises ScenarioFileError with every problem."""
    data = _parse(text)
    told = [to_json(advise(rules.rulebook(), s)) for s in _given(data)]
    return json.dumps(told if isinstance(data, list) else told[0], indent=2)


def reasons(text: str) -> str:
    """Why the advice for what `text` holds is as it is. Raises ScenarioFileError as `answer`."""
    return "\n\n".join("\n".join(_why(s)) for s in _given(_parse(text)))


def _given(data: Any) -> list[Situation]:
    return list(_situations(data if isinstance(data, list) else [data], data))


def _why(situation: Situation) -> Iterator[str]:
    """Each line of the advice with the reasons that name it, then the reasons for the whole."""
    advice = advise(rules.rulebook(), situation)
    yield f"{advice.need}, {advice.area or 'no place'}, {advice.as_of.isoformat()}"
    stated = {i.id: i for i in situation.incidents}
    named: set[Because] = set()
    for n, entry in enumerate(advice.entries, 1):
        number = f" {entry.number}" if entry.number else ""
        yield f"{n}. {entry.channel}{number} ({entry.mode})"
        own = [b for b in advice.because if {entry.channel, entry.dials} & _names(b)]
        named |= set(own)
        yield from (f"   {_reason(b, stated)}" for b in own)
    yield from (_reason(b, stated) for b in advice.because if b not in named)


def _names(because: Because) -> set[str]:
    """The channels that a reason is about."""
    return {word.strip(",:") for word in because.detail.split()}


def _reason(because: Because, stated: Mapping[str, Incident]) -> str:
    incident = stated.get(because.incident or "")
    if incident is None:
        return f"{because.rule}: {because.detail}"
    said = "; ".join(f"{n.need} {n.mode} {' '.join(n.to)}".strip() for n in incident.notices)
    words = f': "{said}"' if said else f": {incident.channel} {incident.state}"
    when = incident.published_at.isoformat()
    return (
        f"{because.rule}: {because.detail} [{incident.id}, {incident.issuer.name}, {when}{words}]"
    )


def _read(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise ScenarioFileError([f"{name}: cannot be read: {error.strerror or error}"]) from error
    except UnicodeDecodeError as error:
        raise ScenarioFileError(
            [f"{name}: is not UTF-8 text: byte {error.start} is wrong"]
        ) from error


def _parse(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise ScenarioFileError([f"scenario: is not JSON: {error.msg} ({where})"]) from error
    except RecursionError as error:
        raise ScenarioFileError(
            ["scenario: is not JSON that can be read: it nests too deep"]
        ) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once: of two values, neither can be trusted."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = sorted({key for key, _ in pairs if [k for k, _ in pairs].count(key) > 1})
        raise ScenarioFileError(f'key "{key}" stands twice in one object' for key in twice)
    return found


def _situations(scenarios: list[Any], whole: Any) -> Iterator[Situation]:
    """Every situation.

    Raises ScenarioFileError, once all have been looked at, with all problems.
    """
    problems: list[str] = []
    for n, scenario in enumerate(scenarios):
        try:
            yield situation_from(scenario, rules.rulebook(), rules.finder())
        except ScenarioError as refused:
            at = f"{n}." if isinstance(whole, list) else ""
            problems += [f"{at}{problem}" for problem in refused.problems]
        except SeedsError as refused:
            raise ScenarioFileError(str(fault) for fault in refused.faults) from refused
    if problems:
        raise ScenarioFileError(problems)
