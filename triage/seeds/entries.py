"""The entries of seeds/ with the file and the place each stands in, while they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from triage.seeds.problems import SeedProblem


@dataclass
class Entries:
    """Every entry with the file and the place it stands in, while the rulebook is being built."""

    found: dict[str, list[tuple[str, str, Any]]] = field(default_factory=dict)
    faults: list[SeedProblem] = field(default_factory=list)
    digest: str = ""

    def of(self, kind: str) -> list[Any]:
        return [entry for _, _, entry in self.found.get(kind, [])]

    def where(self, kind: str) -> Iterable[tuple[str, str, Any]]:
        return self.found.get(kind, [])
