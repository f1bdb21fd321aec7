"""Who publishes and who delivers are killed at random moments, again and again: nothing that was
acknowledged is lost, no message reaches a receiver twice under two ids, and the order stays."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Say
from tests.outage.notify.test_delivery import free_port
from tests.outage.notify.test_web_push import OwnPhone

controller = pytest.importorskip("aiosmtpd.controller")
pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]
PUBLICATIONS = 200
ROOT = Path(__file__).resolve().parent.parent.parent


class Receivers:
    """A mail server, a webhook and the push service of a phone: what each took, in order. Each
    refuses one in twenty-five."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.hooks: list[str] = []
        self.pushes: list[str] = []
        self.phone = OwnPhone("")
        self.chance = random.Random(25)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.chance.random() < 0.04:
            return "451 4.3.0 Come back later"
        found = re.search(rb"Message-ID: <([0-9a-f]+)@", envelope.content)
        assert found
        self.mails.append(found[1].decode())
        return "250 OK"

    def take(self, path: str, body: bytes) -> int:
        if self.chance.random() < 0.04:
            return 503
        if path == "/push":
            self.pushes.append(self.phone.read(body)["id"])
            return 201
        self.hooks.append(json.loads(body)["id"])
        return 200


@contextmanager
def receivers() -> Iterator[tuple[Receivers, int, str]]:
    taken = Receivers()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = taken.take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    mail = controller.Controller(taken, hostname="127.0.0.1", port=free_port())
    mail.start()
    url = f"http://127.0.0.1:{web.server_port}/"
    taken.phone.endpoint = f"{url}push"
    try:
        yield taken, mail.port, url
    finally:
        mail.stop()
        web.shutdown()
        web.server_close()


class Killed:
    """A process that is killed and started again; what it said before each end counts."""

    def __init__(self, env: dict[str, str], *command: str) -> None:
        self.env, self.command = env, command
        self.said: list[str] = []
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self.command], env=self.env, cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.listener = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        self.listener.start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        with process.stdout as told:
            for line in told:
                if line.endswith("\n"):
                    self.said.append(line.strip())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.listener.join()

    def __enter__(self) -> Killed:
        return self

    def __exit__(self, *of: object) -> None:
        """However the test ends, by hand too: it does not go on by itself."""
        self.kill()


def rows(folder: Path) -> list[tuple[str, str, str, Any]]:
    with sqlite3.connect(folder / "db.sqlite3", timeout=30) as base:
        found = base.execute(
            "SELECT key, way, incident, sent_at FROM outage_outboxmessage ORDER BY id"
        )
        return found.fetchall()


def until_all_sent(folder: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while any(sent is None for *_, sent in rows(folder)):
        assert time.monotonic() < end, "messages wait"
        time.sleep(0.5)


def test_kills_lose_nothing_repeat_nothing_and_keep_the_order(tmp_path: Path, say: Say) -> None:
    with receivers() as (taken, port, url):
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.survival.loopback_settings",
            "DJANGO_SECRET_KEY": "k" * 40,
            "WHICH_NUMBER_DATA": str(tmp_path),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(port),
            "EMAIL_FROM": "site@example.org",
        }
        begin = ["-m", "tests.survival.publisher", "--begin", url, taken.phone.given]
        for command in (["manage.py", "migrate", "--verbosity", "0"], begin):
            subprocess.run([sys.executable, *command], env=env, cwd=ROOT, check=True)
        with (
            Killed(env, "-m", "tests.survival.publisher") as publisher,
            Killed(env, "manage.py", "deliver", "--watch") as deliverer,
        ):
            kills = _kill_in_turn(publisher, deliverer, taken)
            publisher.kill()
            until_all_sent(tmp_path, 400)
    held = rows(tmp_path)
    _nothing_lost(publisher.said, held, taken)
    repeats = _in_order_and_once(held, taken)
    say(
        f"outbox: {len(publisher.said)} publications, {sum(kills.values())} kills "
        f"({dict(kills)}), {len(taken.mails)} mails, {len(taken.hooks)} webhooks, "
        f"{len(taken.pushes)} pushes, "
        f"{repeats} sent again under the same id"
    )


def _kill_in_turn(publisher: Killed, deliverer: Killed, taken: Receivers) -> Counter[str]:
    """Each after a few more publications or deliveries, and started again; how often each."""
    chance, kills = random.Random(2023), Counter[str]()
    victims = cycle([("publisher", publisher), ("deliverer", deliverer)])
    while len(publisher.said) < PUBLICATIONS:
        name, victim = next(victims)
        count = publisher.said if victim is publisher else taken.hooks
        enough, end = len(count) + chance.randrange(2, 12), time.monotonic() + 25
        while len(count) < enough and time.monotonic() < end:
            time.sleep(0.01)
        victim.kill()
        kills[name] += 1
        victim.start()
    return kills


def _nothing_lost(said: list[str], held: list[tuple[str, str, str, Any]], taken: Receivers) -> None:
    """What was acknowledged is in the outbox for all three receivers, and reached them."""
    keys = {key for key, *_ in held}
    for version in said:
        for way in ("mail:bob@example.org", "webhook:1", "phone:1"):
            assert any(k.startswith("live:") and k.endswith(f":{version}:{way}") for k in keys)
    assert {key for key, way, *_ in held if way == "webhook"} == {*taken.hooks}
    assert sum(way == "mail" for _, way, *_ in held) == len({*taken.mails})
    assert {push_id(key) for key, way, *_ in held if way == "phone"} == {*taken.pushes}


def _in_order_and_once(held: list[tuple[str, str, str, Any]], taken: Receivers) -> int:
    """Each id arrives first in the order of its event; how many came again under the same id."""
    told = [key for key, way, *_ in held if way == "webhook"]
    assert [*dict.fromkeys(taken.hooks)] == told
    pushed = [push_id(key) for key, way, *_ in held if way == "phone" and key.startswith("live:")]
    assert [one for one in dict.fromkeys(taken.pushes) if one in pushed] == pushed
    ways = (taken.hooks, taken.mails, taken.pushes)
    return sum(len(each) - len({*each}) for each in ways)


def push_id(key: str) -> str:
    """How a phone knows a message again."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
