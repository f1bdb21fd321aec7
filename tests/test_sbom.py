"""The bill of materials names everything that the lock file names, and nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

from django.core.management import call_command

from triage.config.settings import BASE_DIR


def bill(capsys: Any) -> dict[str, Any]:
    call_command("sbom")
    return dict(json.loads(capsys.readouterr().out))


def test_it_names_what_is_locked(capsys: Any) -> None:
    told = bill(capsys)
    lock = (BASE_DIR / "requirements.lock").read_text()
    pinned = re.findall(r"^\S+==\S+", lock, re.M)
    assert [f"{c['name']}=={c['version']}" for c in told["components"]] == pinned
    assert (told["bomFormat"], told["metadata"]["component"]["name"]) == (
        "CycloneDX",
        "which-number",
    )


def test_each_part_says_where_it_is_looked_up_and_django_its_licence(capsys: Any) -> None:
    parts = {c["name"]: c for c in bill(capsys)["components"]}
    assert all(c["purl"] == f"pkg:pypi/{c['name']}@{c['version']}" for c in parts.values())
    assert parts["django"]["licenses"] == [{"expression": "BSD-3-Clause"}]
