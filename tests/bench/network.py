"""The figures over the network: wrk on one core, one server at a time on another."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import signal
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.within import row
from tests.survival.machine import BIN, Nginx, Node, Process, free_port, get, until

# wrk takes whole seconds.
SECONDS, ROUNDS, CONNECTIONS = 2, 3, 8
PAGE = "/in/kent/"
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")


@dataclass(frozen=True)
class Contestant:
    name: str
    port: int
    path: str
    script: str = ""
    headers: tuple[str, ...] = ("Accept-Encoding: gzip",)


def pinned(command: list[str], core: int) -> list[str]:
    """On a core of its own, where there are two."""
    enough = (os.cpu_count() or 1) > 1 and shutil.which("taskset")
    return ["taskset", "-c", str(core), *command] if enough else command


def rate(who: Contestant, folder: Path, seconds: int = SECONDS) -> float:
    """Requests a second. Says so where any of them failed."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    for header in who.headers:
        command += ["-H", header]
    if who.script:
        script = folder / "wrk.lua"
        script.write_text(who.script)
        command += ["-s", str(script)]
    url = f"http://127.0.0.1:{who.port}{who.path}"
    done = subprocess.run(pinned([*command, url], 1), capture_output=True, text=True, timeout=60)
    if bad := _BAD.search(done.stdout):
        print(f"  {who.name}: {bad[0]}")
    found = _RATE.search(done.stdout)
    if not found:
        print(f"  {who.name}: no rate: {done.stdout[-200:]}{done.stderr[-200:]}")
    return float(found[1]) if found else 0.0


def run(folder: Path) -> None:
    missing = [name for name in ("wrk", "nginx") if shutil.which(name) is None]
    if missing:
        print(f"\nOver the network: not measured, this machine has no {' and no '.join(missing)}")
        return
    servers = _Servers(folder)
    try:
        servers.start()
        print("\nOver the network, one core for servers" + " " * 42 + "goal")
        _table(servers, folder)
        _without_the_application(servers, folder)
    finally:
        servers.stop()


class _Servers:
    """Every contestant's server, all idle but the one that is asked."""

    def __init__(self, folder: Path) -> None:
        data = Path(os.environ["WHICH_NUMBER_DATA"])
        env = {"WEB_PROCESSES": "1", "DJANGO_SETTINGS_MODULE": "triage.config.settings"}
        self.ours = Node(folder, "ours", env, workers=1)
        self.ours.process.env = {**self.ours.process.env, "WHICH_NUMBER_DATA": str(data)}
        self.ours.process.command = pinned(self.ours.process.command, 0)
        self.nginx = Nginx(folder, [self.ours])
        self.nginx.process.command = pinned(self.nginx.process.command, 0)
        self.constant, self.plain, self.granian = free_port(), free_port(), free_port()
        plain = {"WEB_PROCESSES": "1", "DJANGO_SETTINGS_MODULE": "tests.bench.plain_settings"}
        self.others = [
            self._gunicorn(folder, "tests.bench.constant", self.constant, plain),
            self._gunicorn(folder, "tests.bench.plain_wsgi", self.plain, plain),
            self._granian(folder, env),
        ]

    def _gunicorn(self, folder: Path, program: str, port: int, env: Mapping[str, str]) -> Process:
        config = ["--config", "triage/config/gunicorn.py", f"{program}:application"]
        command = pinned([str(BIN / "gunicorn"), *config], 0)
        return Process(command, folder, program, {**env, "PORT": str(port)})

    def _granian(self, folder: Path, env: Mapping[str, str]) -> Process:
        given = ["--interface", "wsgi", "--port", str(self.granian), "--workers", "1"]
        command = [str(BIN / "granian"), *given, "--no-log", "triage.config.wsgi:application"]
        return Process(pinned(command, 0), folder, "granian", env)

    def start(self) -> None:
        for process in (self.ours.process, *self.others):
            process.start()
        for port, path in (
            (self.ours.port, PAGE),
            (self.constant, "/"),
            (self.plain, "/plain/kent-police/"),
            (self.granian, PAGE),
        ):
            until(lambda p=port, a=path: get(p, a)[0] == 200, 60, f"a server for {path}")  # type: ignore[misc]
        packed = _page(self.ours.port)
        files = self.nginx.folder / "static"
        files.mkdir()
        (files / "page.html.gz").write_bytes(packed)
        (files / "page.html").write_bytes(gzip.decompress(packed))
        self.nginx.start()

    def stop(self) -> None:
        self.nginx.stop()
        self.ours.stop()
        for process in self.others:
            process.stop(signal.SIGINT)


def _page(port: int) -> bytes:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", PAGE, headers={"Accept-Encoding": "gzip"})
    body = connection.getresponse().read()
    connection.close()
    return body


def _table(servers: _Servers, folder: Path) -> None:
    packed = len(_page(servers.ours.port))
    tag = _tag(servers.ours.port)
    contestants = [
        Contestant("ours", servers.ours.port, PAGE),
        Contestant("constant", servers.constant, "/"),
        Contestant("plain", servers.plain, "/plain/kent-police/"),
        Contestant("wizard", servers.plain, "/wizard/start/", _wizard(servers.plain)),
        Contestant("nginx cache", servers.nginx.port, PAGE),
        Contestant("nginx file", servers.nginx.port, "/static/page.html"),
        Contestant("granian", servers.granian, PAGE),
        Contestant("random", servers.ours.port, PAGE, _random_pages()),
        Contestant("304", servers.ours.port, PAGE, "", (_GZIP, f"If-None-Match: {tag}")),
        Contestant("search", servers.ours.port, "/search/", _post("q=car nicked last nite")),
        Contestant("find", servers.ours.port, "/area/", _post("place=Taunton")),
    ]
    for who in contestants:
        rate(who, folder)
    rounds = [{who.name: rate(who, folder) for who in contestants} for _ in range(ROUNDS)]
    row(f"(one page is {packed:,} bytes, packed)", "", "")
    for what, one, other, goal, scale in _ROWS:
        found = sorted(r[one] * scale / max(r[other], 1e-9) for r in rounds)
        middle, spread = statistics.median(found), found[-1] - found[0]
        shown = f"{middle:.0%}" if middle < 2 else f"{middle:.1f} x"
        row(what, f"{shown} (± {spread / 2 / max(middle, 1e-9):.0%})", goal)
    rates = {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}
    print("  requests a second: " + ", ".join(f"{n} {v:,.0f}" for n, v in rates.items()))


_GZIP = "Accept-Encoding: gzip"
# A wizard's step is a POST and a GET: two of its requests make one.
_ROWS: tuple[tuple[str, str, str, str, float], ...] = (
    ("our page, gunicorn alone, against a constant of bare WSGI", "ours", "constant", "≥ 95 %", 1),
    ("our page, gunicorn alone, against a plain Django view", "ours", "plain", "≥ 18 x", 1),
    ("our page against one step of django-formtools' wizard", "ours", "wizard", "≥ 30 x", 2),
    ("through nginx's cache, against nginx with a file", "nginx cache", "nginx file", "≥ 90 %", 1),
    ("under granian, against nginx with a gzip_static file", "granian", "nginx file", "≥ 60 %", 1),
    ("random over areas and pages, against one hot page", "random", "ours", "≥ 95 %", 1),
    ("304 for a matching ETag, against our page", "304", "ours", "≥ 1.1 x", 1),
    ("search, against a bare WSGI program", "search", "constant", "≥ 40 %", 1),
    ("find, against a bare WSGI program", "find", "constant", "≥ 40 %", 1),
)


def _tag(port: int) -> str:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", PAGE, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers["ETag"]


def _post(body: str) -> str:
    key, _, value = body.partition("=")
    return (
        'wrk.method = "POST"\n'
        f'wrk.body = "{urlencode({key: value})}"\n'
        'wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"\n'
    )


def _random_pages() -> str:
    from tests.bench.within import _some_pages

    listed = ", ".join(f'"{path}"' for path in _some_pages())
    return (
        f"local pages = {{{listed}}}\nmath.randomseed(7)\n"
        "request = function() return wrk.format(nil, pages[math.random(#pages)]) end\n"
    )


def _wizard(port: int) -> str:
    """Alternates the POST of a step and the GET of the next, in one visitor's session."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/wizard/start/")
    answer = connection.getresponse()
    answer.read()
    cookie = (answer.headers["Set-Cookie"] or "").split(";")[0]
    connection.close()
    body = urlencode({"start-answer": "crime", "wizard-current_step": "start"})
    return (
        f'local n = 0\nlocal cookie = "{cookie}"\nrequest = function()\n  n = n + 1\n'
        "  if n % 2 == 0 then\n"
        '    return wrk.format("GET", "/wizard/crime/", {["Cookie"] = cookie})\n  end\n'
        '  return wrk.format("POST", "/wizard/start/", {["Cookie"] = cookie,\n'
        '    ["Content-Type"] = "application/x-www-form-urlencoded"}, '
        f'"{body}")\nend\n'
    )


def _without_the_application(servers: _Servers, folder: Path) -> None:
    """Hung, then killed: nginx goes on with what it kept."""
    cached = Contestant("nginx cache", servers.nginx.port, PAGE)
    before = rate(cached, folder)
    pids = [servers.ours.process.pid, *servers.ours.workers]
    _signalled(pids, signal.SIGSTOP)
    time.sleep(4)
    # Several turns of asking the node again and leaving it alone.
    hung = rate(cached, folder, 10)
    _signalled(pids, signal.SIGCONT)
    servers.ours.process.stop(signal.SIGKILL)
    time.sleep(4)
    killed = rate(cached, folder)
    share: Callable[[float], str] = lambda now: f"{now / before:.0%}"  # noqa: E731
    row("behind nginx, application hung; killed: rate against before",
        f"{share(hung)}; {share(killed)}", "≥ 50 %, all 2xx")  # fmt: skip


def _signalled(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, number)
