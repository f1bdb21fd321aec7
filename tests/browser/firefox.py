"""Debian's Firefox, steered by its own protocol (Marionette), since Playwright knows no other than
its own. As much as the widget's tests need: go to a page, run a script, look into a frame."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.survival.machine import free_port

PROGRAM = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), "")
# A reference to an element (WebDriver, "Web element identifier").
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_STARTS_WITHIN = 90  # seconds


class Firefox:
    """One window."""

    def __init__(self, port: int) -> None:
        self._socket = _connected(port)
        self._told = b""
        self._number = 0
        self._message()  # Who it is.
        self._do("NewSession")

    def _message(self) -> Any:
        """A length in decimal digits, a colon, and so many bytes of JSON."""
        while b":" not in self._told:
            self._told += self._socket.recv(65_536)
        length, _, rest = self._told.partition(b":")
        while len(rest) < int(length):
            rest += self._socket.recv(65_536)
        self._told = rest[int(length) :]
        return json.loads(rest[: int(length)])

    def _do(self, command: str, **given: Any) -> Any:
        self._number += 1
        sent = json.dumps([0, self._number, f"WebDriver:{command}", given]).encode()
        self._socket.sendall(str(len(sent)).encode() + b":" + sent)
        _, _, error, result = self._message()
        assert error is None, error
        return result["value"] if isinstance(result, dict) and "value" in result else result

    def goto(self, address: str) -> None:
        self._do("Navigate", url=address)

    def run(self, script: str) -> Any:
        """What a script in the page gives back: the body of a function."""
        return self._do("ExecuteScript", script=script, args=[])

    def within(self, frame: str, script: str) -> Any:
        """The same in a frame, which a script in the page gives; None while there is none."""
        found = self.run(frame)
        if found is None:
            return None
        self._do("SwitchToFrame", element=found[_ELEMENT])
        try:
            return self.run(script)
        finally:
            self._do("SwitchToFrame")

    def until(self, ready: Callable[[], object], within: float) -> float:
        """Waits for something to become true; how many seconds it took."""
        begun = time.monotonic()
        while not ready():
            assert time.monotonic() < begun + within, f"not within {within} s"
            time.sleep(0.02)
        return time.monotonic() - begun

    def close(self) -> None:
        self._socket.close()


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            found = socket.create_connection(("127.0.0.1", port), timeout=30)
        except OSError:
            assert time.monotonic() < end, "Firefox does not start"
            time.sleep(0.1)
        else:
            return found


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """A Firefox of its own, with a profile in a folder, ended by its process."""
    port = free_port()
    (folder / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
    given = ("--headless", "--marionette", "--no-remote", "--profile", str(folder))
    quiet = subprocess.DEVNULL
    with subprocess.Popen([PROGRAM, *given], stdout=quiet, stderr=quiet) as running:
        try:
            window = Firefox(port)
            yield window
            window.close()
        finally:
            running.terminate()
