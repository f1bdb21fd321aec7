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
    "triage.client_address": 0,
    "triage.signals": 0,
    "triage.search": 1,
    "triage.seeds": 1,
    "triage.places": 1,
    "triage.tree_diagram": 1,
    "triage.json_lines": 1,
    "triage.proof_mark": 1,
    "triage.terminal": 1,
    "triage.scenario": 1,
    "triage.cases": 1,
    "triage.incident_checks": 1,
    "triage.links": 2,
    "triage.reported_numbers": 2,
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
# The rooms inside the two big packages, lowest first. Rooms of one row do not know each other,
# and what stands in a row sees those before it. The longest prefix decides.
WEB = (
    ("triage.web.http", "triage.web.wording"),
    ("triage.web.context",),
    ("triage.web.presenters",),
    ("triage.web.pages.response",),
    ("triage.web.pages.errors",),
    ("triage.web.pages.decorators", "triage.web.cache"),
    ("triage.web.widget",),
    ("triage.web.pages", "triage.web.api", "triage.web.feeds"),
    ("triage.web.ops",),
    ("triage.web.urls", "triage.web.outside_urls"),
)
OUTAGE = (
    ("outage.models",),
    ("outage.statements",),
    ("outage.audit", "outage.notify"),
    ("outage.publish",),
    ("outage.bulletin",),
    ("outage.signals",),
    ("outage.workflow",),
    ("outage.panel", "outage.admin"),
    ("outage.api",),
    ("outage.urls", "outage.apps", "outage.management"),
)
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
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if _is_module(full) else node.module or ""


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


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


def room(module: str) -> tuple[str, int, str] | None:
    """The package of rooms that a module stands in, the floor, and the room."""
    found = [
        (len(name), package, floor, name)
        for package, rooms in (("web", WEB), ("outage", OUTAGE))
        for floor, row in enumerate(rooms)
        for name in row
        if module == name or module.startswith(f"{name}.")
    ]
    return max(found)[1:] if found else None


ROOMED = [(n, p) for n, p in OURS if n.startswith(("triage.web.", "outage."))]
EMPTY = {"outage.migrations"}


@pytest.mark.parametrize(("name", "path"), ROOMED, ids=[name for name, _ in ROOMED])
def test_a_module_stands_in_a_room_and_sees_only_those_below(name: str, path: Path) -> None:
    if name.startswith(tuple(EMPTY)) or not path.read_text(encoding="utf-8"):
        return
    own = room(name)
    assert own is not None, f"{name} stands in no room: add it to WEB or OUTAGE"
    for target in _known(path):
        other = room(target)
        if other is None or other[0] != own[0] or other[2] == own[2]:
            continue
        assert other[1] < own[1], f"{name} imports {target}"


def _known(path: Path) -> set[str]:
    names = {name for name, _ in OURS}
    return {i for i in imports(path) if i in names}


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """What can be reached from itself, as sets."""
    reached = {name: set(targets) for name, targets in graph.items()}
    grown = True
    while grown:
        grown = False
        for targets in reached.values():
            more = set().union(*(reached.get(t, set()) for t in targets)) - targets
            grown = grown or bool(more)
            targets |= more
    inside = {name for name, targets in reached.items() if name in targets}
    return [{b for b in inside if b in reached[a] and a in reached[b]} for a in sorted(inside)]


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: _known(path) - {name} for name, path in OURS}
    assert circles(graph) == []


def test_a_circle_would_be_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})


# Where an import inside a function is right, and why.
DEFERRED = {"triage.apps": "checks are registered once Django has its applications"}


@pytest.mark.parametrize(("name", "path"), OURS, ids=[name for name, _ in OURS])
def test_no_import_hides_inside_a_function(name: str, path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("triage", "outage")
            ):
                assert name in DEFERRED, f"{name}:{node.lineno} hides an import in a function"


def _public_classes() -> Iterator[tuple[str, str]]:
    for name, path in OURS:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            own = isinstance(node, ast.ClassDef) and ".migrations." not in name
            if own and isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, name


# A stored row and the value that the engine makes of it are one thing, told apart by their module.
COUNTERPARTS = {"Incident"}
OF_DJANGO = {"Command"}


def test_no_public_class_name_means_two_things() -> None:
    found: dict[str, list[str]] = {}
    for cls, module in _public_classes():
        found.setdefault(cls, []).append(module)
    twice = {cls: where for cls, where in found.items() if len(where) > 1}
    assert not {c: w for c, w in twice.items() if c not in COUNTERPARTS | OF_DJANGO}


def test_every_exception_says_error_in_its_name() -> None:
    bad = []
    for name, path in OURS:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                bases = {b.id for b in node.bases if isinstance(b, ast.Name)}
                is_exception = any(b == "Exception" or b.endswith("Error") for b in bases)
                if is_exception and not node.name.endswith("Error"):
                    bad.append(f"{name}.{node.name}")
    assert bad == []
