"""What stands in deploy/ holds together. That nginx runs with it is tests/survival."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
UNITS = sorted(DEPLOY.glob("*.service"))
PLACES = re.compile(r"^        location [^{]*\{\n.*?^        \}", re.M | re.S)
TOLD = ("Host $http_host", "X-Real-IP $remote_addr", "X-Forwarded-Proto $scheme",
        'X-Forwarded-For ""', 'Connection ""')  # fmt: skip


def test_every_node_is_told_who_asks_and_how() -> None:
    """A place that sets one header of its own inherits none of the others."""
    server, places = NGINX.split("        location ")[0], PLACES.findall(NGINX)
    own = [place for place in places if "proxy_set_header" in place]
    assert own
    for block in (server, *own):
        assert [h for h in TOLD if f"proxy_set_header {h};" not in block] == []


def test_an_address_is_logged_nowhere() -> None:
    assert "access_log off;" in NGINX
    assert re.findall(r"error_log (.*);", NGINX) == ["stderr error"]
    unit = (DEPLOY / "which-number-nginx.service").read_text()
    assert "2> >(exec sed -u -E -f /etc/which-number/error-log.sed >&2)" in unit


SAID = "2026/11/30 20:00:00 [error] 12#12: *5 "
ASKED = 'client: 192.0.2.7, server: x.example, request: "GET /in/kent/?q=fire HTTP/1.1"'


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (
            f'{SAID}upstream sent too big header, {ASKED}, upstream: "http://127.0.0.1:8000/in/k"',
            f"{SAID}upstream sent too big header, node http://127.0.0.1:8000",
        ),
        (f'{SAID}open() "/x/in/kent/" failed (13: no), {ASKED}', f"{SAID}open() "),
        # An address with a line feed in it breaks a line in two, and the rest may look like one.
        (f'{SAID}open() "/x/in/ke', f"{SAID}open() "),
        (f'nt/" failed (13: no), {ASKED}', ""),
        (
            f"{SAID}SSL_do_handshake() failed, {ASKED[:17]}, server: [::]:443",
            f"{SAID}SSL_do_handshake() failed",
        ),
        # What concerns no connection is ours, and told whole.
        ('2026/11/30 20:00:00 [emerg] 1#1: open() "/etc/x" failed',) * 2,
    ],
)
def test_what_nginx_says_is_written_without_who_asked_for_what(said: str, written: str) -> None:
    command = ["sed", "-u", "-E", "-f", str(DEPLOY / "error-log.sed")]
    done = subprocess.run(command, input=f"{said}\n", capture_output=True, text=True, check=True)
    assert done.stdout == (f"{written}\n" if written else "")


def test_everything_nginx_answers_itself_says_https_only() -> None:
    """A place that adds a header of its own inherits none."""
    for place in re.split(r"^ +location ", NGINX, flags=re.M)[1:]:
        if "add_header" in place:
            assert "Strict-Transport-Security $https_only always;" in place


def test_what_is_sent_is_limited_and_what_is_asked_for_is_not() -> None:
    zones = dict(re.findall(r"limit_req_zone \$(\w+) zone=(\w+):", NGINX))
    assert set(zones.values()) == {"search", "find", "feedback", "tap", "sign_in", "other_posts"}
    for key in zones:
        assert re.search(rf"map \$posted_to \${key} \{{\n +\"\" \"\";", NGINX)
    assert set(re.findall(r"limit_req zone=(\w+)", NGINX)) == set(zones.values())


# systemd


def _analyze(*given: str) -> str:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("this machine has no systemd-analyze")
    done = subprocess.run(["systemd-analyze", *given], capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=[unit.stem for unit in UNITS])
def test_a_unit_may_do_little_else_than_its_work(unit: Path) -> None:
    told = _analyze("security", "--offline=true", "--no-pager", str(unit))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert found is not None, told
    assert float(found[1]) <= 2.0


@pytest.mark.parametrize("unit", UNITS, ids=[unit.stem for unit in UNITS])
def test_systemd_understands_every_line_of_a_unit(unit: Path) -> None:
    """That a program is not installed here is no fault of the unit."""
    told = _analyze("verify", "--man=no", str(unit)).splitlines()
    assert [line for line in told if "is not executable" not in line] == []


def test_a_single_node_stands_twice_so_that_it_can_be_left_alone() -> None:
    lines = (DEPLOY / "nodes.conf").read_text().splitlines()
    servers = [line for line in lines if line.startswith("server ")]
    assert servers == [servers[0]] * 2


def test_nginx_may_open_twice_as_many_files_as_it_has_connections() -> None:
    found = {name: int(n) for name, n in re.findall(r"(worker_\w+) (\d+);", NGINX)}
    assert found["worker_rlimit_nofile"] > 2 * found["worker_connections"]
    unit = (DEPLOY / "which-number-nginx.service").read_text()
    assert f"LimitNOFILE={found['worker_rlimit_nofile']}" in unit


@pytest.mark.parametrize("unit", UNITS, ids=[unit.stem for unit in UNITS])
def test_a_unit_is_always_started_again(unit: Path) -> None:
    text = unit.read_text()
    assert {"Restart=always", "StartLimitIntervalSec=0"} <= set(text.splitlines())
    assert text.index("StartLimitIntervalSec") < text.index("[Service]")


def test_a_page_of_the_mirror_has_the_site_s_manifest_too() -> None:
    mirror = next(place for place in PLACES.findall(NGINX) if "@mirror" in place)
    assert "manifest-src 'self'" in mirror
