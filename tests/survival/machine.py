"""Real processes on loopback, each with an end: PostgreSQL, nodes, nginx, the staff's hands.

Everything lives in one temporary folder, on free ports, and is ended by its own process id.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
POSTGRES_USER = "postgres"


class Missing(Exception):
    """A program that a scenario needs is not on this machine."""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def until(ready: Callable[[], object], within: float, what: str) -> None:
    """Wait for something to become true. Fails with what it was."""
    end = time.monotonic() + within
    while not ready():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {within} s")
        time.sleep(0.02)


def get(
    port: int, path: str, within: float = 5.0, *, sent: bytes | None = None, cookie: str = ""
) -> tuple[int, bytes]:
    """Status and body of an address; of a POST where something is sent. Status 0: no answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=within)
    try:
        headers = {"Cookie": cookie} if cookie else {}
        connection.request("GET" if sent is None else "POST", path, sent, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def family(pid: int) -> list[int]:
    return [pid, *(p for child in children(pid) for p in family(child))]


def send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


@dataclass
class Process:
    """A process with its output in a file."""

    command: list[str]
    folder: Path
    name: str
    env: Mapping[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self.folder / f"{self.name}.log").open("ab")
        self.running = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()

    @property
    def pid(self) -> int:
        assert self.running is not None, f"{self.name} is not running"
        return self.running.pid

    def stop(self, number: signal.Signals = signal.SIGTERM, within: float = 10) -> None:
        if self.running is None:
            return
        everyone = family(self.pid) if self.running.poll() is None else []
        send(everyone, signal.SIGCONT)
        send([self.pid], number)
        try:
            self.running.wait(within)
        except subprocess.TimeoutExpired:
            send(everyone, signal.SIGKILL)
            self.running.wait(within)
        send(everyone[1:] if number is signal.SIGKILL else [], signal.SIGKILL)
        self.running = None

    @property
    def log(self) -> str:
        return (self.folder / f"{self.name}.log").read_text(errors="replace")


class Postgres:
    """PostgreSQL from Debian's package, in a folder of its own, owned by nobody important."""

    def __init__(self, folder: Path, copy_of: Postgres | None = None) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            raise Missing("PostgreSQL (Debian: postgresql)")
        self.bin = found[-1].parent
        self.folder, self.data, self.port = folder, folder / "data", free_port()
        folder.mkdir(mode=0o755)
        if os.getuid() == 0:
            shutil.chown(folder, POSTGRES_USER)
        if copy_of is None:
            given = ("--pgdata", self.data, "--auth", "trust", "--username", "tests", "-N")
            self._run("initdb", *given)
        else:
            # With -R it follows what it is a copy of, from its first start.
            there = ("-h", "127.0.0.1", "-p", copy_of.port, "-U", "tests")
            self._run("pg_basebackup", "-D", self.data, "-R", "-c", "fast", *there)

    def _run(self, program: str, *given: object) -> None:
        command = [str(self.bin / program), *map(str, given)]
        if os.getuid() == 0:
            command = ["runuser", "-u", POSTGRES_USER, "--", *command]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

    def start(self) -> None:
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} "
            f"-c unix_socket_directories={self.folder} -c max_connections=60"
        )
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self.data, "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        if self.pids:
            self.go_on()
            self._run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def sql(self, statement: str, database: str = "postgres") -> None:
        given = ("-h", "127.0.0.1", "-p", self.port, "-U", "tests", "-d", database)
        self._run("psql", *given, "-v", "ON_ERROR_STOP=1", "-c", statement)

    def promote(self) -> None:
        """A copy takes writes from now on."""
        self._run("pg_ctl", "-D", self.data, "-w", "promote")

    @property
    def pids(self) -> list[int]:
        file = self.data / "postmaster.pid"
        return family(int(file.read_text().split()[0])) if file.exists() else []

    def pause(self) -> None:
        send(self.pids, signal.SIGSTOP)

    def go_on(self) -> None:
        send(self.pids, signal.SIGCONT)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Every new connection refused by the server itself, every old one ended."""
        rules = self.data / "pg_hba.conf"
        before = rules.read_text()
        rules.write_text("host all all 127.0.0.1/32 reject\n")
        self._run("pg_ctl", "-D", self.data, "reload")
        send(self.pids[1:], signal.SIGTERM)
        try:
            yield
        finally:
            rules.write_text(before)
            self._run("pg_ctl", "-D", self.data, "reload")

    @property
    def url(self) -> str:
        return f"postgres://tests@127.0.0.1:{self.port}/postgres"


PUBLIC, STAFF = "triage/config/gunicorn.py", "triage/config/gunicorn_staff.py"


class Node:
    """One gunicorn with its own data folder, as a unit of deploy/ runs it."""

    def __init__(
        self,
        folder: Path,
        name: str,
        env: Mapping[str, str],
        workers: int = 2,
        config: str = PUBLIC,
    ) -> None:
        self.port, self.data = free_port(), folder / f"{name}-data"
        self.data.mkdir()
        port = "PORT" if config == PUBLIC else "STAFF_PORT"
        self.process = Process(
            [str(BIN / "gunicorn"), "--config", config, "triage.config.wsgi"],
            folder,
            name,
            {**env, "WHICH_NUMBER_DATA": str(self.data), port: str(self.port),
             "WEB_PROCESSES": str(workers)},
        )  # fmt: skip

    def start(self) -> None:
        self.process.start()
        self.ready(90)

    def ready(self, within: float) -> None:
        until(lambda: get(self.port, "/healthz")[0] == 200, within, self.process.name)

    def stop(self) -> None:
        # At once: nothing that a test still waits for is under way.
        self.process.stop(signal.SIGQUIT)

    @property
    def workers(self) -> list[int]:
        return children(self.process.pid)


class Nginx:
    """nginx with the files of deploy/ as they are, beside a listen.conf, nodes.conf and staff.conf
    of ours; what it says goes through the filter of its unit."""

    def __init__(self, folder: Path, nodes: list[Node], staff: Node | None = None) -> None:
        if shutil.which("nginx") is None:
            raise Missing("nginx (Debian: nginx)")
        self.port, self.folder = free_port(), folder / "nginx"
        conf = self.folder / "conf"
        for part in ("conf", "run", "cache", "mirror"):
            (self.folder / part).mkdir(parents=True)
        for file in ("nginx.conf", "error-log.sed"):
            shutil.copy(ROOT / "deploy" / file, conf)
        work = (staff or nodes[0]).port
        (conf / "staff.conf").write_text(f"server 127.0.0.1:{work} max_fails=0;\n")
        (conf / "listen.conf").write_text(f"listen 127.0.0.1:{self.port};\n")
        # A single one stands there twice, as deploy/nodes.conf says.
        each = nodes if len(nodes) > 1 else nodes * 2
        servers = [f"server 127.0.0.1:{n.port} max_fails=2 fail_timeout=2s;" for n in each]
        (conf / "nodes.conf").write_text("\n".join(servers) + "\n")
        if os.getuid() == 0:
            # Its workers give up root: they need the way to the mirror and their own cache.
            for parent in (folder, *folder.parents[:2]):
                parent.chmod(parent.stat().st_mode | 0o055)
        self.process = Process(["bash", "-c", self._command(conf)], folder, "nginx")

    def _command(self, conf: Path) -> str:
        """What the unit starts, with the paths of this test."""
        unit = (ROOT / "deploy" / "which-number-nginx.service").read_text()
        found = re.search(r"^ExecStart=/bin/bash -c '(.*)'$", unit, re.M)
        assert found is not None
        return (
            found[1]
            .replace("/etc/which-number", str(conf))
            .replace("/var/lib/which-number", str(self.folder))
        )

    @property
    def mirror(self) -> Path:
        return self.folder / "mirror"

    def start(self) -> None:
        self.process.start()
        until(lambda: get(self.port, "/healthz")[0] != 0, 10, "nginx")

    def stop(self) -> None:
        self.process.stop()


class Hands:
    """The staff's hands: a process of its own that publishes, and says so when it is done."""

    def __init__(self, folder: Path, env: Mapping[str, str], name: str = "hands") -> None:
        data = folder / f"{name}-data"
        data.mkdir(exist_ok=True)
        with (folder / f"{name}.log").open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "tests.survival.hands"],
                cwd=ROOT,
                env={**os.environ, **env, "WHICH_NUMBER_DATA": str(data)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
            )
        # A thread reads: a wait on the pipe itself would not see lines already in the buffer.
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.running.stdout is not None
        with self.running.stdout as said:
            for line in said:
                self._lines.put(line)
        self._lines.put("")

    def ask(self, **order: Any) -> None:
        assert self.running.stdin is not None
        self.running.stdin.write(json.dumps(order) + "\n")

    def told(self, within: float = 60) -> dict[str, Any] | None:
        """The next thing it says. None where it ended or said nothing in time."""
        try:
            line = self._lines.get(timeout=within)
        except queue.Empty:
            return None
        return dict(json.loads(line)) if line else None

    def do(self, **order: Any) -> dict[str, Any]:
        self.ask(**order)
        told = self.told()
        assert told is not None, f"{order}: no answer"
        return told

    def surely(self, **order: Any) -> dict[str, Any]:
        """As a person would: told that the database was not reached, they press again."""
        for _ in range(10):
            if "lost" not in (told := self.do(**order)):
                return told
            time.sleep(0.5)
        raise AssertionError(f"{order}: {told}")

    def kill(self) -> None:
        self.running.kill()
        self.stop()

    def stop(self) -> None:
        if self.running.stdin is not None:
            with contextlib.suppress(OSError):  # Half a line to a process that was killed.
                self.running.stdin.close()
        self.running.wait(10)


def manage(env: Mapping[str, str], *command: str, within: float = 120) -> str:
    """A command of manage.py. Fails with what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=within,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout
