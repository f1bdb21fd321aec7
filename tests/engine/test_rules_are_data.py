"""Rules are data: the engine knows properties of channels and needs, never their names.

Every id of the rulebook that stands in the engine's code is counted; each has its reason here.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from triage import engine
from triage.engine.area import Nation, Service
from triage.engine.channel import Access, ChannelKind, ChannelRole, PhoneLine
from triage.engine.local_service import LocalKind, LocalUse
from triage.engine.rulebook import Rulebook

# File and literal -> why it stands there.
REASONS = {
    ("rulebook.py", "not-police"): "an urgency, which a need is named after",
}
MOST = 20
# Words of closed lists that some id happens to share, such as a landline or the council.
SHARED = {
    str(value)
    for kind in (Access, ChannelKind, ChannelRole, PhoneLine, Service, Nation, LocalKind, LocalUse)
    for value in kind
}


def _literals(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    ids = {*rulebook.catalogue.channels, *rulebook.needs} - SHARED
    for path in sorted(Path(engine.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in ids:
                yield path.name, str(node.value)


def test_every_id_in_the_engines_code_has_its_reason(rulebook: Rulebook) -> None:
    found = Counter(_literals(rulebook))
    assert sum(found.values()) <= MOST
    assert set(found) <= set(REASONS), set(found) - set(REASONS)
