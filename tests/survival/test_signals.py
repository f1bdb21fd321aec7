"""Early warning on a site that runs: thirty people in Leicestershire tap, a message arrives at a
real mail server, its link opens the form, the incident is published from it, and the line goes
quiet. The addresses are loopback ones of thirty /24 blocks."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.conftest import Say
from tests.outage.notify.test_delivery import free_port
from tests.survival.machine import ROOT, Hands, Node, Process, manage, until

controller = pytest.importorskip("aiosmtpd.controller")
pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]
PEOPLE = 30
# Later, when nobody has tapped for a while: what deliver does every ten seconds, done once then.
LATER = """
import os, sys
from datetime import timedelta
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.survival.loopback_settings"
from triage import clock
real = clock.now
clock.now = lambda: real() + timedelta(minutes=45)
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "deliver"])
"""


class Mailbox:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_content()
        self.mails.append((envelope.rcpt_tos[0], str(mail["Subject"]), body))
        return "250 OK"


@contextmanager
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    server = controller.Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        yield box, server.port
    finally:
        server.stop()


def ask(
    port: int, path: str, form: dict[str, Any] | None = None, source: str = "", cookie: str = ""
) -> tuple[int, str, dict[str, str]]:
    """An answer, as a browser at a source address gets it: status, body, cookies."""
    given = (source, 0) if source else None
    connection = HTTPConnection("127.0.0.1", port, timeout=20, source_address=given)
    headers = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{port}"}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    sent = None if form is None else urlencode(form, doseq=True)
    connection.request("GET" if form is None else "POST", path, sent, headers)
    answer = connection.getresponse()
    cookies = dict(re.findall(r"(\w+)=([^;]+)", " ".join(answer.headers.get_all("Set-Cookie", []))))
    body = answer.read().decode()
    connection.close()
    return answer.status, body, {**cookies, "Location": answer.headers.get("Location", "")}


def test_thirty_taps_a_message_a_form_an_incident_and_quiet(tmp_path: Path, say: Say) -> None:
    with mailbox() as (box, mail_port):
        env = {
            "WHICH_NUMBER_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "tests.survival.loopback_settings",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mail_port),
        }
        node = Node(tmp_path, "node", env, workers=2)
        with_data = {**env, "WHICH_NUMBER_DATA": str(node.data)}
        for command in (["migrate", "--verbosity", "0"], ["demo"],
                        ["collectstatic", "--noinput", "-v0"]):  # fmt: skip
            manage(with_data, *command)
        hands = Hands(tmp_path, env)
        deliver = Process(
            [sys.executable, "manage.py", "deliver", "--watch"], tmp_path, "deliver",
            {**with_data, "WHICH_NUMBER_ORIGIN": f"http://127.0.0.1:{node.port}"},
        )  # fmt: skip
        try:
            hands.told()
            hands.do(do="tidy")
            key = hands.do(do="session", name="leicestershire")["key"]
            node.process.start()
            node.ready(300)
            deliver.start()
            _the_drill(tmp_path, node, box, key, with_data, say)
        finally:
            hands.stop()
            deliver.stop()
            node.stop()


def _the_drill(
    folder: Path, node: Node, box: Mailbox, key: str, env: dict[str, str], say: Say
) -> None:
    _of_one_block_nobody_is_told(node)
    begun = time.monotonic()
    for n in range(PEOPLE):
        status, _, told = ask(
            node.port, "/in/leicestershire/tap/", {"channel": "999"}, f"127.0.{n + 1}.1"
        )
        assert (status, told["Location"]) == (303, "/in/leicestershire/tapped/999/")
    until(lambda: _warnings(box), 40, "the message")
    say(f"early warning: {PEOPLE} taps, a message {time.monotonic() - begun:.0f} s later")
    [(to, subject, body)] = _warnings(box)
    assert to == "leicestershire@example.org"
    # As many as the first of the two processes to hand over had counted.
    counted = re.search(r"999: (\d+) people in (\d+) address blocks in Leicestershire", subject)
    assert counted
    assert 4 <= int(counted[2]) <= int(counted[1]) <= PEOPLE
    assert "in five minutes; usual at this hour: under 1" in subject
    _no_address_is_kept(folder)

    _publish_from(node, body, key)
    board = ask(node.port, "/staff/", cookie=f"sessionid={key}")[1]
    assert "People say that they cannot get through" in board
    assert '<svg class="day"' in board
    assert "In public already" in board

    later = [sys.executable, "-c", LATER]
    subprocess.run(later, cwd=ROOT, env={**_whole(env)}, check=True, timeout=120)
    board = ask(node.port, "/staff/", cookie=f"sessionid={key}")[1]
    assert "People say that they cannot get through" not in board
    assert len(_warnings(box)) == 1


def _whole(env: dict[str, str]) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **env}


def _warnings(box: Mailbox) -> list[tuple[str, str, str]]:
    return [mail for mail in box.mails if "Early warning" in mail[1]]


def _of_one_block_nobody_is_told(node: Node) -> None:
    """Thirty addresses of one /24 are one block: they count, and ring nothing."""
    for n in range(PEOPLE):
        ask(node.port, "/in/kent/tap/", {"channel": "999"}, f"127.0.99.{n + 1}")


def _no_address_is_kept(folder: Path) -> None:
    with sqlite3.connect(folder / "db.sqlite3", timeout=30) as base:
        dump = "\n".join(base.iterdump())
    assert "leicestershire" in dump
    assert not re.search(r"127\.0\.(?:[1-9]|[12][0-9]|30|99)\.", dump)


def _publish_from(node: Node, body: str, key: str) -> None:
    """What an operator does who presses the link of the message."""
    found = re.search(r"http://127\.0\.0\.1:\d+(/staff/declare/\S+)", body)
    assert found, body
    path = found[1]
    assert urlsplit(path).query == "channel=999&place=police%3Aleicestershire"
    status, page, cookies = ask(node.port, path, cookie=f"sessionid={key}")
    assert status == 200
    assert '<option value="999" selected>' in page
    assert 'value="police:leicestershire" checked' in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {
        "csrfmiddlewaretoken": token[1], "channel": "999", "state": "many-failing",
        "footprints": ["police:leicestershire"], "review": "30", "do": "publish",
    }  # fmt: skip
    both = f"sessionid={key}; csrftoken={cookies['csrftoken']}"
    status, said, told = ask(node.port, "/staff/declare/", form, cookie=both)
    assert status == 302, said
    assert told["Location"].startswith("/staff/incidents/999-leicestershire-police"), told
    until(lambda: "999" in _fault(node), 5, "the incident on the public page")


def _fault(node: Node) -> str:
    page = ask(node.port, "/in/leicestershire/")[1]
    found = re.search(r'<section class="panel (?!calm)[^"]*".*?</h2>', page, re.S)
    return found[0] if found else ""
