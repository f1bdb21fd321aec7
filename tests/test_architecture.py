"""The directions of house.md, read from the imports: config > web > checks > outage > seeds, places
> engine. A module may import what stands below it, never what stands above."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Each layer may import those of a smaller number, and its own. The longest prefix decides.
LAYERS = {
    "triage.engine": 0,
    "triage.clock": 0,
    "triage.asker": 0,
    "triage.search": 1,
    "triage.seeds": 1,
    "triage.places": 1,
    "triage.place_names": 1,
    "triage.postcodes": 1,
    "triage.postcode_files": 1,
    "triage.governance": 1,
    "triage.reading_age": 1,
    "triage.draw": 1,
    "triage.json_lines": 1,
    "triage.scenario": 1,
    "triage.rules": 2,
    "triage.apps": 5,
    "outage": 3,
    "triage.checks": 4,
    "triage.web": 5,
    "triage.templatetags": 5,
    "triage.management": 6,
    "outage.management": 6,
    "triage.config": 7,
}
# Names that read a clock, a file, the network or a log, however they are imported.
FORBIDDEN_IN_ENGINE = {
    "asyncio",
    "django",
    "http",
    "io",
    "logging",
    "os",
    "pathlib",
    "pydantic",
    "random",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "tomllib",
    "urllib",
    "uuid",
    "zoneinfo",
}
CLOCKS = {"now", "today", "utcnow", "localtime", "monotonic", "perf_counter"}


def modules(*folders: str) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imports(path: Path) -> Iterator[str]:
    """Every module named by an import in a file, deferred and type-only ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module: str) -> int | None:
    parts = module.split(".")
    prefixes = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
    return next((LAYERS[p] for p in prefixes if p in LAYERS), None)


OURS = [(name, path) for name, path in modules("triage", "outage") if name != "triage"]
ENGINE = [(name, path) for name, path in OURS if name.startswith("triage.engine")]
PUBLIC = [(name, path) for name, path in OURS if name.startswith("triage.web")]


@pytest.mark.parametrize(("name", "path"), OURS, ids=[name for name, _ in OURS])
def test_a_module_imports_nothing_from_above(name: str, path: Path) -> None:
    own = layer(name)
    assert own is not None, f"{name} stands in no layer: add it to LAYERS"
    above = {i for i in imports(path) if (layer(i) or 0) > own}
    assert not above, f"{name} imports {sorted(above)}"


@pytest.mark.parametrize(("name", "path"), ENGINE, ids=[name for name, _ in ENGINE])
def test_the_engine_imports_nothing_impure(name: str, path: Path) -> None:
    assert not {i.partition(".")[0] for i in imports(path)} & FORBIDDEN_IN_ENGINE


@pytest.mark.parametrize(("name", "path"), ENGINE, ids=[name for name, _ in ENGINE])
def test_the_engine_imports_only_itself_of_ours(name: str, path: Path) -> None:
    ours = {i for i in imports(path) if i.startswith(("triage", "outage"))}
    assert all(i.startswith("triage.engine") for i in ours)


@pytest.mark.parametrize(("name", "path"), ENGINE, ids=[name for name, _ in ENGINE])
def test_the_engine_names_no_clock_and_opens_nothing(name: str, path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in CLOCKS, f"{name}:{node.lineno} reads a clock"
        if isinstance(node, ast.Name):
            assert node.id not in {"open", "print", "input"}, f"{name}:{node.lineno}"


@pytest.mark.parametrize(("name", "path"), PUBLIC, ids=[name for name, _ in PUBLIC])
def test_the_public_side_sees_only_the_bulletin_of_outage(name: str, path: Path) -> None:
    seen = {i for i in imports(path) if i.startswith("outage")}
    doors = ("outage", "outage.bulletin")
    assert all(i in doors or i.startswith("outage.bulletin.") for i in seen), seen


def test_nothing_imports_the_configuration() -> None:
    for name, path in OURS:
        if not name.startswith("triage.config"):
            assert not [i for i in imports(path) if i.startswith("triage.config")], name


def test_only_the_clock_reads_the_clock() -> None:
    for name, path in OURS:
        if name == "triage.clock":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                on = owner.id if isinstance(owner, ast.Name) else ""
                reads = on in {"datetime", "date", "timezone"} and node.func.attr in CLOCKS
                assert not reads, f"{name}:{node.lineno} reads the clock"
