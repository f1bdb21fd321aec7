"""The map of the UK: small, whole, and every kind told apart by pattern and mark."""

from __future__ import annotations

import gzip
import re
from itertools import combinations
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from lxml import etree

from tests.cast import incident, issuer, scope
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER
from triage.engine.rulebook import Rulebook
from triage.web.presenters.faults import FaultKind
from triage.web.presenters.uk_map import CLEAR, UkMap, uk_map

KINDS = [str(kind) for kind in FaultKind]
SVG = "{http://www.w3.org/2000/svg}"


def everywhere(kind: str, rulebook: Rulebook) -> UkMap:
    return uk_map(tuple((area, kind) for area in rulebook.catalogue.areas))


def paths(drawn: UkMap, group: str) -> dict[str, str]:
    """The class of each path of a group, by its id or its outline."""
    root = etree.fromstring(drawn.svg.encode())
    found = root.find(f"{SVG}g[@class='{group}']")
    assert found is not None
    return {str(p.get("id") or p.get("d")): str(p.get("class")) for p in found}


def style() -> str:
    return Path(str(finders.find("public/map.css"))).read_text()


def source(reader: Client, path: str) -> str:
    found = re.search(r'<img src="([^"]*/map/[^"]*)"', reader.get(path).content.decode())
    return found[1] if found else ""


@pytest.mark.parametrize("kind", [*KINDS, CLEAR])
def test_it_weighs_40_kb_at_most_however_packed(rulebook: Rulebook, kind: str) -> None:
    body = everywhere(kind, rulebook).svg.encode()
    assert len(gzip.compress(body)) <= 40_000
    assert len(brotli.compress(body, quality=5)) <= 40_000


def test_every_force_is_on_it_and_every_area_has_its_mark(rulebook: Rulebook) -> None:
    areas = rulebook.catalogue.areas
    drawn = everywhere("other", rulebook)
    assert set(paths(drawn, "land")) == {area.police for area in areas.values()}
    assert len(paths(drawn, "marks")) == len(areas)


def test_no_mark_hides_another_or_leaves_the_map(rulebook: Rulebook) -> None:
    drawn = everywhere("other", rulebook)
    spots = [tuple(map(int, re.findall(r"-?\d+", d)[:2])) for d in paths(drawn, "marks")]
    assert all(abs(a - c) + abs(b - d) >= 12 for (a, b), (c, d) in combinations(spots, 2))
    assert all(8 <= x <= drawn.width - 8 and 9 <= y <= drawn.height - 6 for x, y in spots)


def test_each_kind_has_a_pattern_and_a_mark_of_its_own(rulebook: Rulebook) -> None:
    css = style()
    fills = re.findall(r"\.f-([a-z]+) { fill: ([^;]+);", css)
    assert {kind for kind, _ in fills} == {*KINDS, CLEAR}
    assert len({fill for _, fill in fills}) == len(fills)
    drawn = [everywhere(kind, rulebook) for kind in KINDS]
    shapes = {next(re.sub(r"^M\d+ \d+", "", d) for d in paths(one, "marks")) for one in drawn}
    assert len(shapes) == len(KINDS)
    for kind, one in zip(KINDS, drawn, strict=True):
        assert set(paths(one, "land").values()) == {f"f-{kind}"}
        assert f"url(#p-{kind})" not in css or f'id="p-{kind}"' in one.svg


def test_forced_colours_take_the_readers_own_and_keep_the_patterns() -> None:
    forced = style().split("forced-colors: active")[1].split("\n}")[0]
    assert not re.search(r"#[0-9a-f]{3}", forced)
    assert "fill:" not in forced


def test_a_force_whose_areas_differ_has_marks_alone() -> None:
    drawn = uk_map((("devon-and-cornwall-cornwall", "emergency"),))
    assert paths(drawn, "land")["devon-and-cornwall"] == "f-clear"
    assert list(paths(drawn, "marks").values()) == ["m emergency"]


def test_the_page_shows_the_map_of_what_is_so_now(reader: Client, live: Live) -> None:
    calm = source(reader, "/status/")
    live(LEICESTER)
    now = source(reader, "/cy/status/")
    assert calm != now == source(reader, "/status/")
    answer = reader.get(now)
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert "f-emergency" in answer.content.decode()
    assert "sha256-" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("given", ["/map/0.svg", "/cy/map/0.svg", "/in/kent/map/0.svg"])
def test_an_older_address_leads_to_the_map_of_now(reader: Client, live: Live, given: str) -> None:
    answer = reader.get(given)
    assert (answer.status_code, answer["Location"]) == (302, source(reader, "/status/"))
    assert "max-age" not in answer.get("Cache-Control", "")


def test_a_faults_page_shows_where_it_is_felt(reader: Client, live: Live) -> None:
    live(LEICESTER)
    address = source(reader, f"/in/leicestershire/incident/{LEICESTER.id}/")
    land = reader.get(address).content.decode()
    assert re.findall(r'id="([a-z-]+)" class="f-emergency"', land) == ["leicestershire"]
    assert reader.get(f"/incident/{LEICESTER.id}/map/0.svg")["Location"] == address


def test_a_fault_of_everywhere_needs_no_picture(reader: Client, live: Live) -> None:
    live(incident("999", "down", id="uk"))
    assert source(reader, "/incident/uk/") == ""
    assert reader.get("/incident/uk/map/0.svg").status_code == 404
    assert reader.get("/incident/nothing/map/0.svg").status_code == 404


def test_scotland_alone_is_scotland(reader: Client, live: Live) -> None:
    force = issuer("Police Scotland", of="nation:scotland")
    live(incident("101", "degraded", scope=scope("nation:scotland"), issuer=force))
    land = reader.get(source(reader, "/status/")).content.decode()
    assert re.findall(r'id="([a-z-]+)" class="f-other"', land) == ["police-scotland"]
