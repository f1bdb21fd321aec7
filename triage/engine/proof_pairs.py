"""Every pair of incidents: a channel that a need hangs on, beside any that is at stake for it.

The tests run these and say how many there were. Pairs that differ only in the names of place and
channel are proved once; both statements of a pair publish a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from triage.engine.catalogue import Place
from triage.engine.lazy import lazy
from triage.engine.proof import Finding, Proof, Stated, by_place, prove_stated
from triage.engine.proof_classes import AT, NeedClass, Statements
from triage.engine.rulebook import Rulebook
from triage.engine.scope import in_force
from triage.engine.situation import Incident


@dataclass(frozen=True)
class Task:
    """All pairs of statements about two channels, for the needs in whose advice they meet."""

    place: Place
    first: str
    second: str
    classes: tuple[NeedClass, ...]


@dataclass(frozen=True)
class Pairs:
    """Every pair in a rulebook, as tasks that can be shared out."""

    rulebook: Rulebook

    @lazy
    def tasks(self) -> tuple[Task, ...]:
        """The tasks, heaviest first. What differs only in names stands in one of them."""
        seen: set[object] = set()
        found: list[Task] = []
        for place, classes in by_place(self.rulebook):
            met: dict[tuple[str, str], list[NeedClass]] = {}
            for made in classes:
                for a, b, shape in _meetings(made):
                    if shape not in seen:
                        seen.add(shape)
                        met.setdefault((a, b), []).append(made)
            found += [Task(place, a, b, tuple(c)) for (a, b), c in sorted(met.items())]
        return tuple(sorted(found, key=lambda task: -len(task.classes)))

    def part(self, number: int, of: int) -> Proof:
        """One part of the work, dealt out in turn."""
        proof = Proof()
        for task in self.tasks[number::of]:
            proof += self.prove(task)
        return proof

    def prove(self, task: Task) -> Proof:
        """Every law with every pair of statements of a task, and that order does not matter."""
        proof = Proof()
        for stated in self._stated(task):
            proof += prove_stated(self.rulebook, task.classes, stated, None)
            proof += Proof(0, tuple(_order_matters(stated)))
        return proof

    def _stated(self, task: Task) -> Iterator[Stated]:
        known = self._statements[task.place.nation]
        first = list(known.at_worst(task.first, later=False))
        second = list(known.at_worst(task.second, later=True))
        if task.first == task.second:
            # Of one channel, the newer may be anybody's: a carrier's all-clear among them.
            second += known.by_others(task.second, later=True)
        yield from ((a, b) for a in first for b in second)

    @lazy
    def _statements(self) -> dict[str, Statements]:
        return {p.nation: Statements(self.rulebook, p, c) for p, c in by_place(self.rulebook)}


def _meetings(made: NeedClass) -> Iterator[tuple[str, str, object]]:
    """The pairs of channels that meet in a need, with what tells each pair from others."""
    for n, a in enumerate(made.core):
        for m, b in enumerate(made.stake):
            if m >= n:
                yield a, b, (made.shape, n, m)


def _order_matters(stated: Stated) -> Iterator[Finding]:
    """Rule 13: merging is commutative and idempotent. Advice is made from what is in force."""
    usual = in_force(stated, AT)
    if not in_force(stated[::-1], AT) == usual == in_force(stated + stated, AT):
        yield Finding("order", ", ".join(_ids(stated)), "order matters")


def _ids(stated: tuple[Incident, ...]) -> list[str]:
    return [i.id for i in stated]
