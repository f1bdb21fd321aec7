"""The probe from outside: a site that runs agrees with its record, until one of them is changed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.survival.conftest import Room
from tests.survival.machine import ROOT, until
from tests.survival.readers import Truth

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]


def probe(room: Room, port: int) -> tuple[int, str]:
    """Exit code and words of the command, as a monitor on the first node's machine runs it."""
    done = subprocess.run(
        [sys.executable, "manage.py", "probe", f"http://127.0.0.1:{port}", "--area", "kent"],
        cwd=ROOT,
        env={**os.environ, **room.env, "WHICH_NUMBER_DATA": str(room.nodes[0].data)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_probe_names_what_was_changed_behind_the_sites_back(room: Room, truth: Truth) -> None:
    made = room.hands.do(do="declare")
    until(lambda: room.told(room.nginx.port) == "101", 5, "the change")
    code, said = probe(room, room.nginx.port)
    assert (code, "agree with the record" in said) == (0, True), said
    room.hands.do(do="behind", slug=made["slug"])
    code, said = probe(room, room.nginx.port)
    room.hands.do(do="end", **made)
    assert code == 1
    for line in (
        "/in/kent/: shows tel:101",
        "/cy/in/kent/",
        "/embed/banner/kent/",
        "/api/v1/advice",
    ):
        assert line in said
