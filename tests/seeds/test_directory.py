"""seeds/directory.toml: each fault is named, and no channel is lost or listed twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.spoiled import SEEDS, change, copied
from triage import rules
from triage.engine.catalogue import ChannelKind
from triage.seeds.directory import FIRST, LAST, Directory, read_directory
from triage.seeds.problems import SeedsError
from triage.web.wording.catalogue import words


def read(folder: Path) -> Directory:
    return read_directory(folder, rules.rulebook().catalogue)


def test_every_channel_stands_in_one_group() -> None:
    groups = read(SEEDS).groups
    times = Counter(channel.id for own in groups.values() for channel in own)
    assert set(times.values()) == {1}
    known = rules.rulebook().catalogue.channels.values()
    left_out = {c.id for c in known if c.id not in times}
    actions = {c.id for c in known if c.kind in (ChannelKind.ACTION, ChannelKind.INFRASTRUCTURE)}
    assert left_out <= {*actions, "local-number", "in-person", "other-phone"}


def test_emergencies_stand_first_and_every_group_has_a_title() -> None:
    groups = read(SEEDS).groups
    assert next(iter(groups)) == FIRST
    assert all(channel.emergency for channel in groups[FIRST])
    assert all(f"family-{key}" in words().texts for key in groups)


def test_a_channel_that_no_group_names_is_not_lost(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    change(folder / "directory.toml", '"vet", ', "")
    assert [channel.id for channel in read(folder).groups[LAST]] == ["vet"]


def test_no_group_is_a_wall() -> None:
    """About 25 lines is what somebody looks through; an area has fewer of each."""
    assert max(len(own) for own in read(SEEDS).groups.values()) <= 25


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"vet", ', '"vets", ', 'channel "vets" is unknown'),
        ('"vet", ', '"vet", "gp", ', 'channel "gp": is named 2 times'),
        ('"vet", ', '"vet", "999", ', 'channel "999": stands in the group "emergency" by itself'),
        ('"vet", ', '"vet", "mobile-voice", ', "is what calls travel on"),
        ('id = "roads"', 'id = "home"', 'group "home": stands there already'),
        ('id = "roads"', 'key = "roads"', 'key "group.7.key" is unknown'),
        ("hidden = [", "hidden = ", "directory.toml"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = copied(tmp_path)
    change(folder / "directory.toml", old, new)
    with pytest.raises(SeedsError) as refused:
        read(folder)
    assert any(said in str(fault) for fault in refused.value.faults)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match=r"directory\.toml"):
        read(tmp_path)
