"""manage.py sbom: what this site is made of, as a CycloneDX list, from the lock file.

Names, versions and licences of everything that is installed to run or to test it. Whoever watches
for known faults reads it; nothing here asks anybody.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.M)


class Command(BaseCommand):
    help = "Print a bill of materials (CycloneDX 1.5, JSON) of everything the lock file names."

    def handle(self, *args: Any, **options: Any) -> None:
        root = settings.BASE_DIR
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        project = {name: project[name] for name in ("name", "version")}
        lock = (root / "requirements.lock").read_text(encoding="utf-8")
        bill = {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "version": 1,
            "metadata": {
                "component": _component("application", project["name"], project["version"])
            },
            "components": list(_libraries(lock)),
        }
        self.stdout.write(json.dumps(bill, indent=1))


def _libraries(lock: str) -> Iterator[dict[str, Any]]:
    for name, version in _PINNED.findall(lock):
        purl = f"pkg:pypi/{name}@{version}"
        found = _component("library", name, version) | {"purl": purl, "bom-ref": purl}
        if licence := _licence(name):
            found["licenses"] = [licence]
        yield found


def _component(kind: str, name: str, version: str) -> dict[str, Any]:
    return {"type": kind, "name": name, "version": version}


def _licence(name: str) -> dict[str, Any] | None:
    """As the package itself says it; None for one that is not installed here, or says nothing."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    if expression := told.get_all("License-Expression"):
        return {"expression": expression[0]}
    classifiers = told.get_all("Classifier") or []
    names = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License :: ")]
    return {"license": {"name": names[-1]}} if names else None
