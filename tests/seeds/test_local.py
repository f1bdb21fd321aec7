"""The local layer: what may be shown, what a label promises, what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tests import spoiled
from triage.engine.catalogue import Catalogue
from triage.engine.local_service import LocalKind, LocalUse, LocalWay
from triage.engine.rulebook import Rulebook
from triage.engine.texts import Fact
from triage.seeds import SeedsError, read
from triage.seeds.local_gaps import forces_table, missing_ways

READ = date(2026, 11, 30)


def way(
    certainty: str, use: LocalUse, number: str | None = None, *, harmless: bool = False
) -> LocalWay:
    return LocalWay(use, Fact("a page", READ, certainty), number=number, harmless=harmless)


@pytest.mark.parametrize(
    ("shown", "one"),
    [
        (True, way("V", LocalUse.ABROAD, "01632 960001")),
        (True, way("O", LocalUse.LEAK, "01632 960001")),
        (True, way("S", LocalUse.LEAK, "01632 960001", harmless=True)),
        (False, way("S", LocalUse.SOCIAL_WORK, "01632 960001")),
        (False, way("K", LocalUse.TEXT, "01632 960001")),
        (False, way("K", LocalUse.TEXT, "01632 960001", harmless=True)),
        (False, way("K", LocalUse.REPORT)),
        (True, way("K", LocalUse.SITE)),
        (False, way("K", LocalUse.SITE, "01632 960001")),
    ],
)
def test_certainty_decides_what_is_shown(shown: bool, one: LocalWay) -> None:
    assert one.shown is shown


def test_the_table_of_forces_in_the_docs_is_that_of_the_data(rulebook: Rulebook) -> None:
    table = forces_table(rulebook)
    assert table.count("\n") == 45 + 2
    assert table in (settings.BASE_DIR / "docs" / "forces.md").read_text(encoding="utf-8")


def test_no_force_is_labelled_a_form_that_is_none(rulebook: Rulebook) -> None:
    rows = [r.split(" | ") for r in forces_table(rulebook).splitlines()[2:]]
    home = [r for r in rows if r[2].count("/") == 3 and r[2].endswith("/")]
    assert home
    assert not [r for r in home if "Report" in r[1]]


def test_every_force_fire_service_and_council_has_a_website(rulebook: Rulebook) -> None:
    local = rulebook.catalogue.local
    bodies = [s for s in local.values() if s.kind in (LocalKind.POLICE, LocalKind.FIRE)]
    councils = [s for s in local.values() if s.kind is LocalKind.COUNCIL]
    assert (len(bodies), len(councils)) == (45 + 49, 361)
    for service in (*bodies, *councils):
        site = service.way(LocalUse.SITE)
        assert site is not None, service.slug
        assert site.url, service.slug


def test_what_is_missing_is_listed_by_owner(rulebook: Rulebook) -> None:
    missing = missing_ways(rulebook)
    assert [m.owner for m in missing] == sorted(m.owner for m in missing)
    reports = [m for m in missing if (m.kind, m.use) == ("police", "report")]
    assert len(reports) == 45 - forces_table(rulebook).count("| Report")


def test_a_channel_may_belong_to_one_force(rulebook: Rulebook) -> None:
    catalogue: Catalogue = rulebook.catalogue
    own = replace(catalogue.channels["police-online"], force="kent")
    assert own.exists_in(catalogue.place("kent"))
    assert not own.exists_in(catalogue.place("surrey"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('slug = "kent"', 'slug = "kint"', 'police "kint" is unknown. Did you mean "kent"?'),
        ('use = "chat"', 'use = "chats"', 'value "chats" is unknown'),
        ('certainty = "K"', 'certainty = "X"', "certainty"),
    ],
)
def test_a_fault_in_the_local_layer_says_where_and_what(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    seeds = spoiled.copied(tmp_path)
    spoiled.change(seeds / "local" / "police.toml", old, new)
    with pytest.raises(SeedsError) as refused:
        read(seeds)
    assert "seeds/local/police.toml" in str(refused.value)
    assert told in str(refused.value)
