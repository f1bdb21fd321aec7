"""seeds/directory.toml -> the groups of the directory by need, or every fault at once."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from triage.engine.catalogue import Catalogue, Channel, ChannelKind
from triage.seeds.problems import SeedProblem, SeedsError, explain, unknown
from triage.seeds.schema import SeedEntry, Slug

FILE = "directory.toml"
_NAMED = f"seeds/{FILE}"
FIRST, LAST = "emergency", "more"


@dataclass(frozen=True)
class Directory:
    """The channels of each group, in the order of the directory."""

    groups: Mapping[str, tuple[Channel, ...]]


class _Group(SeedEntry):
    id: Slug
    channels: Annotated[list[Slug], Field(min_length=1)]


class _File(SeedEntry):
    hidden: list[Slug]
    group: list[_Group]


def read_directory(folder: Path, catalogue: Catalogue) -> Directory:
    """Emergency channels first, then each group, then what no group names.

    Raises SeedsError with every fault that is found.
    """
    try:
        file = _File.model_validate(tomllib.loads((folder / FILE).read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SeedsError([SeedProblem(_NAMED, "", str(error))]) from error
    except ValidationError as error:
        known = {**_File.model_fields, **_Group.model_fields}
        raise SeedsError(
            SeedProblem(_NAMED, "", explain(e, known)) for e in error.errors()
        ) from error
    if faults := [*_faults(file, catalogue)]:
        raise SeedsError(faults)
    return _directory(file, catalogue)


def _directory(file: _File, catalogue: Catalogue) -> Directory:
    listed = {
        c.id: c
        for c in catalogue.channels.values()
        if c.kind is not ChannelKind.INFRASTRUCTURE and c.id not in file.hidden
    }
    first = tuple(c for c in listed.values() if c.emergency)
    groups = {g.id: tuple(listed[c] for c in g.channels) for g in file.group}
    named = {c.id for own in (first, *groups.values()) for c in own}
    rest = tuple(c for c in listed.values() if c.id not in named)
    return Directory({FIRST: first, **groups, LAST: rest})


def _faults(file: _File, catalogue: Catalogue) -> Iterator[SeedProblem]:
    times = Counter(c for g in file.group for c in g.channels) + Counter(file.hidden)
    for channel, times_named in times.items():
        known = catalogue.channels.get(channel)
        place = f'channel "{channel}"'
        if known is None:
            yield SeedProblem(_NAMED, "", unknown("channel", channel, catalogue.channels))
        elif times_named > 1:
            yield SeedProblem(_NAMED, place, f"is named {times_named} times: once is enough")
        elif known.kind is ChannelKind.INFRASTRUCTURE:
            yield SeedProblem(_NAMED, place, "is what calls travel on, and nobody's to use")
        elif known.emergency and channel not in file.hidden:
            yield SeedProblem(_NAMED, place, f'stands in the group "{FIRST}" by itself')
    for own, number in Counter(g.id for g in file.group).items():
        if number > 1 or own in (FIRST, LAST):
            yield SeedProblem(_NAMED, f'group "{own}"', "stands there already")
