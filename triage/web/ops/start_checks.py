"""What the pages must be able to say before anything is served.

Every key that a template names, every table of words for a closed set, and every sentence that a
state, mode, kind or phase can ask for: the pages, frames and feeds that tell of a fault are
rendered once for each, in both languages. A page that would break at the moment 999 fails breaks
the start instead. Nothing here needs a database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template import engines
from django.urls import resolve

import outage
import triage
from outage import bulletin
from outage.bulletin import Bulletin, Story, StoryEntry
from triage import clock
from triage.checks import StartProblem
from triage.engine.catalogue import Footprint, Nation, Service, Text
from triage.engine.situation import (
    Incident,
    Issuer,
    IssuerKind,
    Mode,
    Notice,
    PhoneLine,
    Scope,
    State,
    Status,
)
from triage.proof_mark import ProofMark
from triage.rules import directory, languages, rulebook, signal_rules, words
from triage.seeds import SeedsError, enum_words
from triage.web.pages import errors
from triage.web.presenters import tile_map

_NAMED = re.compile(r"""\{%\s*(?:w|exact)\s+["']([a-z0-9-]+)["']""")
_LINE = "\n"
# The pages that tell of a fault, each of them for an area and for none.
_PAGES = (
    "status/",
    "in/{area}/",
    "embed/banner/{area}/",
    "embed/line/{area}/",
    "embed/badge/{area}.svg",
    "feeds/{area}.atom",
)
# Those that hang on the mode, not on the state.
_BY_MODE = (
    "",
    "now/",
    "silent/",
    "deaf/",
    "languages/ar/",
    "in/{area}/print/{area}/",
    "embed/full/{area}/",
)


def find_problems() -> Iterator[StartProblem]:
    """Everything that a page could not say. Where the words are wrong, only that."""
    try:
        words()
        tile_map.tiles()
        directory()
        signal_rules()
        languages()
    except SeedsError as refused:
        yield from (StartProblem("E001", str(fault)) for fault in refused.faults)
        return
    found = [*_templates(), *_tables()]
    yield from found
    if not found:
        errors.prepare()
        yield from _rendered()


def _templates() -> Iterator[StartProblem]:
    """Every key that a template names, with its file and line."""
    for folder in engines["django"].template_dirs:
        for file in sorted(Path(folder).rglob("*.html")):
            text = file.read_text(encoding="utf-8")
            for match in _NAMED.finditer(text):
                if match[1] not in words().texts:
                    line = text.count(_LINE, 0, match.start()) + 1
                    where = f"{file.relative_to(settings.BASE_DIR)}:{line}"
                    yield StartProblem("E005", f'{where}: no words are called "{match[1]}"')


def _tables() -> Iterator[StartProblem]:
    """A member that a table of words does not know."""
    tables: tuple[tuple[type[StrEnum], Callable[[Any], object]], ...] = (
        (State, enum_words.of_state),
        (Mode, enum_words.of_mode),
        (Nation, enum_words.of_nation),
        (Service, enum_words.of_service),
        (PhoneLine, enum_words.of_line),
    )
    for members, table in tables:
        for member in members:
            try:
                table(member)
            except AssertionError:
                yield StartProblem("E005", f"{members.__name__} {member!r} has no words")


def _rendered() -> Iterator[StartProblem]:
    with ProofMark.of("proved-pages", rulebook().digest, _sources()) as mark:
        if mark.is_set:
            return
        found = [*_broken_pages(clock.now())]
        yield from found
        if not found:
            mark.set()


def _sources() -> Iterator[Path]:
    """All that a page is made of: our code, the templates, and the list of collected files."""
    for package in (triage, outage):
        yield from Path(package.__path__[0]).rglob("*.py")
    for folder in engines["django"].template_dirs:
        yield from (path for path in Path(folder).rglob("*") if path.is_file())
    yield from Path(settings.STATIC_ROOT).glob("staticfiles.json")


def _broken_pages(at: datetime) -> Iterator[StartProblem]:
    for shown in _bulletins(at):
        name = ", ".join(i.id for i in shown.incidents) or "an incident that is over"
        with bulletin.previewing(shown):
            for path in _paths(shown):
                if trouble := _trouble(path):
                    yield StartProblem("E005", f"/{path} with {name}: {trouble}")


def _paths(shown: Bulletin) -> Iterator[str]:
    area = next(iter(rulebook().catalogue.areas))
    modes = any(i.notices for i in shown.incidents)
    own = [page.format(area=area) for page in (*_PAGES, *(_BY_MODE if modes else ()))]
    own += [f"incident/{story}/" for story in shown.stories]
    for start in ("", "cy/"):
        yield from (start + page for page in own)
    yield from (f"feeds/cap/{story}.xml" for story in shown.stories)


def _trouble(path: str) -> str:
    """Why a page cannot be rendered; empty where it can."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", f"/{path}", f"/{path}"
    request.META.update(SERVER_NAME=settings.ALLOWED_HOSTS[0].lstrip("."), SERVER_PORT="80")
    try:
        match = resolve(f"/{path}")
        status = match.func(request, *match.args, **match.kwargs).status_code
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "" if status == 200 else f"answers {status}"


def _bulletins(at: datetime) -> Iterator[Bulletin]:
    """A fault of each state, with each mode for its need; planned work; one that is over."""
    for state in State:
        both = [_bulletin(_fault(channel, state, at), at) for channel in ("999", "101-bsl")]
        yield replace(
            both[0],
            incidents=both[0].incidents + both[1].incidents,
            stories={**both[0].stories, **both[1].stories},
        )
    for mode in Mode:
        notice = Notice("police-emergency", mode, ("101",))
        yield _bulletin(replace(_fault("999", State.DOWN, at), notices=(notice,)), at)
    planned = replace(_fault("101", State.DOWN, at), planned=True, review_at=None)
    for start in (at + timedelta(hours=1), at):
        yield _bulletin(replace(planned, starts_at=start, ends_at=at + timedelta(hours=2)), at)
    over = replace(_fault("999", State.DOWN, at), status=Status.ENDED)
    yield replace(_bulletin(over, at, ended_at=at), incidents=())


def _bulletin(incident: Incident, at: datetime, ended_at: datetime | None = None) -> Bulletin:
    title = Text("A fault", "Nam")
    entries = (StoryEntry(incident.published_at, "declared", title, incident.issuer.name),)
    story = Story(incident.id, title, incident, entries, ended_at)
    return Bulletin(1, (incident,), at, stories={incident.id: story})


def _fault(channel: str, state: State, at: datetime) -> Incident:
    """A fault over the whole UK, said ten minutes ago."""
    everywhere = Footprint.parse("uk")
    return Incident(
        id=f"{channel}-{state}",
        channel=channel,
        state=state,
        status=Status.LIVE,
        scope=Scope((everywhere,)),
        issuer=Issuer("UK emergency services", IssuerKind.GOVERNMENT, everywhere, True),
        published_at=at - timedelta(minutes=10),
        review_at=at + timedelta(minutes=20),
    )
