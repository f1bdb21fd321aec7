"""Who asks what cannot be read, or asks when no node is there: no log tells of it, and they are
told what to dial. The logs of all scenarios are read when the machine room closes (conftest)."""

from __future__ import annotations

import socket
import time
from http.client import BadStatusLine, HTTPResponse

import pytest

from tests.survival.conftest import Room
from tests.survival.machine import until
from tests.survival.traces import VISITOR, traces

pytestmark = [pytest.mark.survival, pytest.mark.enable_socket]
MALFORMED = (
    b"GET /in/kent/?secretly HTTP/9.9\r\n\r\n",
    b"GET /in/kent/ secretly HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /in/kent/ HTTP/1.1\r\nHost: 127.0.0.1\r\nsecretly stolen\r\n\r\n",
    b"GET /in/kent/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Real-IP: 192.0.2.7\r\nBad Name: x\r\n\r\n",
    b"POST /search/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nstolen\r\n",
    b"POST /search/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\nstolen",
    b"GET /in/ke%0Ant/hurt-by-my-partner HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /" + b"secretly" * 1_200 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"\x16\x03\x01stolen\x00\r\n\r\n",
)


def ask(port: int, sent: bytes) -> bytes:
    """The whole body of the answer; empty where the connection was closed without one."""
    address = ("127.0.0.1", port)
    with socket.create_connection(address, timeout=3, source_address=(VISITOR, 0)) as one:
        one.sendall(sent)
        answer = HTTPResponse(one)
        try:
            answer.begin()
            return answer.read()
        except (TimeoutError, ConnectionError, BadStatusLine):
            return b""


def test_no_log_tells_who_asked_for_what(room: Room) -> None:
    for port in (room.nginx.port, room.staff.port, *(node.port for node in room.nodes)):
        for sent in MALFORMED:
            ask(port, sent)
    # With its nodes gone nginx has most to say.
    for node in (*room.nodes, room.staff):
        node.stop()
    try:
        for sent in MALFORMED:
            ask(room.nginx.port, sent)
        ask(room.nginx.port, b"GET /in/nowhere/secretly/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        until(lambda: "connect() failed" in room.nginx.process.log, 10, "what nginx says")
    finally:
        for node in (*room.nodes, room.staff):
            node.start()
    time.sleep(0.5)
    assert {"nginx.log", "node-a.log", "staff.log"} <= {f.name for f in room.folder.rglob("*.log")}
    assert traces(room.folder) == []


def test_who_cannot_be_read_is_told_what_to_dial(room: Room) -> None:
    for sent in MALFORMED:
        for node in room.nodes:
            answer = ask(node.port, sent)
            assert answer == b"" or b"999" in answer
