"""What stands in deploy/ holds together. That nginx runs with it is tests/survival."""

from __future__ import annotations

import re
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
    assert re.findall(r"error_log (.*);", NGINX) == ["stderr crit"]


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
