"""The status page of the worst day: forty statements at once are no wall, and none is lost."""

from __future__ import annotations

import re
from dataclasses import replace

from django.test import Client

from tests.cast import incident, scope
from tests.web.conftest import Live
from tests.web.kinds import LEICESTER, Reader
from triage.engine.rulebook import Rulebook


def page(reader: Client, path: str) -> str:
    return reader.get(path).content.decode()


def test_many_faults_stand_behind_the_gravest(
    reader: Client, live: Live, rulebook: Rulebook
) -> None:
    forces = sorted({area.police for area in rulebook.catalogue.areas.values()})
    live(*(replace(LEICESTER, id=f, scope=scope(f"police:{f}")) for f in forces))
    html = page(reader, "/status/")
    assert f"Faults reported now: {len(forces)}." in html
    assert f"<summary>{len(forces) - 6} more reported</summary>" in html
    assert {f"/incident/{force}/" for force in forces} <= set(Reader.of(html).own)


def test_many_areas_of_one_kind_are_a_group(reader: Client, live: Live, rulebook: Rulebook) -> None:
    live(incident("999", "down"))
    html = page(reader, "/status/")
    assert re.search(r"<summary>Emergency calls changed <small>56</small>", html)
    everywhere = {f"/in/{slug}/status/" for slug in rulebook.catalogue.areas}
    assert everywhere <= set(Reader.of(html.split("<summary>Emergency")[1]).own)


def test_a_few_areas_stand_open_with_their_kind(reader: Client, live: Live) -> None:
    live(LEICESTER)
    html = page(reader, "/status/")
    assert '<span class="chip emergency">Emergency calls changed</span>' in html
    assert "<summary>No fault reported <small>55</small>" in html
