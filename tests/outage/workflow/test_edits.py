"""The public log of what organisations change of their own details: told where it matters, by the
bulletin, and nowhere a number that nobody published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from outage import bulletin as door
from outage.bulletin import Bulletin
from outage.publish import disk_copy
from outage.statements.actor import Actor
from outage.workflow import accounts
from tests.cast import NOON
from tests.outage.said import bulletin, on_record
from triage.rules import rulebook
from triage.web.context.snapshot import take

pytestmark = pytest.mark.django_db

HOST = "https://www.example.police.uk"
NUMBER = "01632 960001"


def kept_number(by: Actor) -> None:
    values = {"number": NUMBER, "footprint": "police:leicestershire", "what_for": "Desk",
              "tested_by": "ann", "tested_at": NOON.isoformat(),
              "valid_until": (NOON + timedelta(days=9)).isoformat()}  # fmt: skip
    accounts.keep_number(by, values)


def shown(path: str) -> str:
    """A public page as the store has it now."""
    with door.showing(bulletin()):
        return Client().get(path).content.decode()


def words(found: Bulletin, area: str = "leicestershire") -> list[str]:
    return [edit.words.en for edit in found.edits.get(area, ())]


def test_a_force_tells_which_sites_may_show_its_widget(ann: Actor) -> None:
    accounts.set_hosts(ann, [HOST])
    accounts.set_hosts(ann, [])
    assert words(bulletin()) == [
        f"No longer shows our widget: {HOST}.",
        f"May show our widget: {HOST}.",
    ]


def test_nothing_is_told_where_nothing_was_changed(ann: Actor) -> None:
    accounts.set_hosts(ann, [])
    assert words(bulletin()) == []


def test_the_public_page_of_the_area_tells_it_in_both_languages(ann: Actor) -> None:
    accounts.set_hosts(ann, [HOST])
    assert f"May show our widget: {HOST}." in shown("/in/leicestershire/status/")
    assert f"Caiff ddangos ein teclyn: {HOST}." in shown("/cy/in/leicestershire/status/")
    assert HOST not in shown("/in/kent/status/")


def test_a_number_put_by_is_told_of_and_never_named(ann: Actor) -> None:
    kept_number(ann)
    accounts.drop_number(ann, NUMBER)
    page = shown("/in/leicestershire/status/")
    assert "A tested local number was put by" in page
    assert "was taken out" in page
    assert "960001" not in page


def test_no_person_is_named_in_public(ann: Actor) -> None:
    accounts.set_hosts(on_record(ann), [HOST])
    told = bulletin().edits["leicestershire"]
    assert {edit.issuer.en for edit in told} == {"Leicestershire Police"}
    assert "ann" not in {word for edit in told for word in edit.words.en.split()}


def test_who_speaks_for_the_uk_stands_on_the_page_of_the_uk(db: None) -> None:
    values = {"slug": "desk", "name": "Desk", "name_cy": "Desg", "kind": "government",
              "services": [], "footprints": ["uk"]}  # fmt: skip
    accounts.set_organisation(values, rulebook(), "root", NOON)
    assert "Entered here as an organisation that may speak." in shown("/status/")
    assert "Entered here" not in shown("/in/leicestershire/status/")


def test_an_edit_of_one_force_leaves_the_log_of_another_alone(ann: Actor) -> None:
    edited = Bulletin(edits=bulletin().edits)
    kept_number(ann)
    with door.showing(edited):
        old = take(rulebook(), door.reading())
    with door.showing(Bulletin(edits=bulletin().edits)):
        new = take(rulebook(), door.reading())
    assert old.edition("kent") == new.edition("kent")
    assert old.edition("leicestershire") != new.edition("leicestershire")


def test_the_log_outlives_the_database(ann: Actor) -> None:
    accounts.set_hosts(ann, [HOST])
    disk_copy.write(door.copy_path(), bulletin())
    assert disk_copy.read(door.copy_path()).bulletin.edits == bulletin().edits
