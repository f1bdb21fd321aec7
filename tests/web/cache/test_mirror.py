"""The mirror: every page as files, written by rename, and only where its bytes changed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import CommandError, call_command

from outage import bulletin
from outage.bulletin import Bulletin
from tests.cast import incident, scope
from tests.outside import keeping_connections
from triage import rules
from triage.web.cache import mirror as mirrored
from triage.web.cache.mirror import Mirror, MirrorFolderError
from triage.web.cache.wsgi import EditionCache
from triage.web.context.snapshot import Watch
from triage.web.widget.loader import VIEWS


@pytest.fixture(autouse=True)
def connections_kept() -> Iterator[None]:
    with keeping_connections():
        yield


class Fewer(Mirror):
    """A mirror of the start pages of two areas: the rest is the same six thousand times."""

    def _others(self) -> Any:
        return iter(())


def mirror_in(folder: Path) -> Mirror:
    editions = Watch(rules.rulebook, glance=0)
    pages = EditionCache(WSGIHandler(), editions, {}, 10**9)
    return Fewer(folder, pages, editions, ("kent", "leicestershire"), ("police-emergency",))


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    return mirror_in(tmp_path / "mirror")


def test_an_area_has_its_start_status_and_now_pages_in_both_languages(
    mirror: Mirror, tmp_path: Path
) -> None:
    with bulletin.showing(Bulletin()):
        mirror.round()
    for page in ("in/kent/", "in/kent/status/", "cy/in/kent/now/", "", "cy/"):
        packed = tmp_path / "mirror" / page
        assert b"999" in gzip.decompress((packed / "index.html.gz").read_bytes())
        assert b"999" in brotli.decompress((packed / "index.html.br").read_bytes())


def test_a_second_round_on_a_quiet_day_writes_nothing(mirror: Mirror) -> None:
    with bulletin.showing(Bulletin()):
        assert mirror.round().written == 53
        assert mirror.round().written == 0


def test_a_mirror_that_starts_anew_writes_only_what_differs(mirror: Mirror, tmp_path: Path) -> None:
    with bulletin.showing(Bulletin()):
        mirror.round()
        assert mirror_in(tmp_path / "mirror").round().written == 0


def test_a_switch_in_leicestershire_writes_leicestershire_and_the_uk(
    mirror: Mirror, tmp_path: Path
) -> None:
    with bulletin.showing(Bulletin()):
        mirror.round()
    down = incident("999", scope=scope("police:leicestershire"))
    with bulletin.showing(Bulletin(1, (down,))):
        done = mirror.round()
    assert 0 < done.written <= 32
    assert not list((tmp_path / "mirror").rglob("*.new"))


def test_each_publication_makes_a_round_and_nothing_else_does(mirror: Mirror) -> None:
    rounds = mirror.rounds(every=0.001)
    with bulletin.showing(Bulletin()):
        assert next(rounds).written == 53
    with bulletin.showing(Bulletin(1, (incident("999", scope=scope("police:kent")),))):
        assert 0 < next(rounds).written <= 32
    with ThreadPoolExecutor() as pool, bulletin.showing(Bulletin(2)):
        assert 0 < next(rounds).written <= 32
        waiting = pool.submit(next, rounds)
        with pytest.raises(TimeoutError):
            waiting.result(0.05)
        with bulletin.showing(Bulletin(3)):
            assert waiting.result(10).written == 0


def test_the_essentials_stand_ready_for_when_there_is_no_page(
    mirror: Mirror, tmp_path: Path
) -> None:
    with bulletin.showing(Bulletin()):
        mirror.round()
    for page in ("errors/503.html.gz", "errors/400.html.gz", "cy/errors/503.html.gz"):
        told = gzip.decompress((tmp_path / "mirror" / page).read_bytes())
        assert all(number in told for number in (b"999", b"101", b"111", b"18000", b"55"))


def test_a_page_that_is_gone_is_removed(mirror: Mirror, tmp_path: Path) -> None:
    with bulletin.showing(Bulletin()):
        mirror.round()
        left = tmp_path / "mirror" / "in/atlantis/index.html.gz"
        left.parent.mkdir()
        left.write_bytes(b"")
        assert mirror.round().removed == 1
    assert not left.exists()


def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").touch()
    with pytest.raises(MirrorFolderError, match="holds other files"):
        mirror_in(tmp_path)


def test_a_mirror_of_an_area_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no area is called nowhere"):
        call_command("mirror", str(tmp_path), area=["nowhere"])


def test_it_holds_the_widgets_frames_and_what_programs_ask(mirror: Mirror, tmp_path: Path) -> None:
    with bulletin.showing(Bulletin(incidents=(incident("999"),))):
        mirror.round()
    frame = tmp_path / "mirror" / "cy/embed/banner/kent/index.html.gz"
    assert b"101" in gzip.decompress(frame.read_bytes())
    for name in ("advice/police-emergency", "advice/kent/police-emergency", "status/answer"):
        packed = (tmp_path / "mirror" / "api/v1" / f"{name}.json.gz").read_bytes()
        assert json.loads(gzip.decompress(packed))
    assert VIEWS == mirrored.VIEWS


def test_an_answer_for_what_is_no_area_any_more_is_removed(mirror: Mirror, tmp_path: Path) -> None:
    old = tmp_path / "mirror" / "api/v1/advice/gone/police-emergency.json.gz"
    old.parent.mkdir(parents=True)
    old.touch()
    with bulletin.showing(Bulletin()):
        mirror.round()
    assert not old.exists()
