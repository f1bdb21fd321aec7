"""`manage.py incident_life`: one incident as each reader away from our pages has it, side by side.

Without an id it is a pretend one that is planned, live, narrowed, corrected and over, and each of
these is printed for the UK and for a nation that the narrowing leaves. With the id of an incident
that is published here, it is printed as it stands now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import HttpRequest, QueryDict
from django.urls import resolve
from django.utils.html import strip_tags

from outage import bulletin
from outage.bulletin import Bulletin, Stated, Story, StoryEntry
from triage import clock
from triage.engine.catalogue import Footprint, Lang, Text
from triage.engine.situation import (
    Incident,
    Issuer,
    IssuerKind,
    Mode,
    Notice,
    Scope,
    State,
    Status,
)
from triage.web.context import page_context
from triage.web.presenters.emergency_block import gist

WRONG = 2
ID = "pretend-999"
CORRECTION = f"{ID}-corrected"
READERS = ("uk", "wales")
# What stands for a reader's nation on a page of one area.
AREAS = {"uk": None, "wales": "gwent"}
ATOM = "{http://www.w3.org/2005/Atom}"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
_CAP = ("msgType", "identifier", "references")
_INFO = ("urgency", "severity", "certainty", "responseType", "expires", "headline")


@dataclass(frozen=True)
class Scene:
    """A moment of the life, with what is published then."""

    name: str
    bulletin: Bulletin


class Command(BaseCommand):
    help = "Print one incident as Atom, JSON Feed, calendar, CAP, API and widget have it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("incident", nargs="?", help="the id of a published incident")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["incident"]
        if wanted is None:
            for scene in pretend_life(clock.now().replace(microsecond=0)):
                self.stdout.write(f"\n# {scene.name}, {scene.bulletin.changed_at}")
                with bulletin.previewing(scene.bulletin):
                    self._show((ID, CORRECTION))
            return
        if wanted not in bulletin.reading().bulletin.stories:
            raise CommandError(f'incident "{wanted}" is not published here', returncode=WRONG)
        self._show((wanted,))

    def _show(self, idents: tuple[str, ...]) -> None:
        for reader in READERS:
            self.stdout.write(f"\n## Readers of {reader}")
            for medium, said in told_to(reader, idents):
                self.stdout.write(f"{medium:10} {said}")


def told_to(reader: str, idents: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What each medium tells a reader of these incidents: its name, and its words in one line."""
    mine = [e for e in _xml(f"/feeds/{reader}.atom").iter(f"{ATOM}entry") if _is_of(_id(e), idents)]
    for entry in mine:
        words = strip_tags((entry.findtext(f"{ATOM}content") or "").replace("</p>", " "))
        yield "Atom", f"{entry.findtext(f'{ATOM}title')} | {words}"
    for item in json.loads(_body(f"/feeds/{reader}.json"))["items"]:
        if _is_of(item["id"], idents):
            yield "JSON Feed", f"{item['title']} | {item['date_modified']}"
    for event in _events(_body(f"/feeds/{reader}.ics").decode()):
        if _is_of(event["UID"], idents):
            yield "Calendar", " | ".join(event[k] for k in ("STATUS", "SUMMARY", "DTSTART"))
    yield from (("CAP", _cap(_xml(path))) for entry in mine for path in _caps(entry))
    yield from (("API", words) for words in _api(AREAS[reader], idents))
    yield "Widget", _widget(AREAS[reader])


def _id(entry: ET.Element) -> str:
    return entry.findtext(f"{ATOM}id") or ""


def _caps(entry: ET.Element) -> list[str]:
    return [urlsplit(x.get("href", "")).path for x in entry if x.get("rel") == "related"]


def _api(area: str | None, idents: tuple[str, ...]) -> Iterator[str]:
    query = f"area={area}" if area else ""
    for told in json.loads(_body("/api/v1/incidents", query))["incidents"]:
        if told["id"] in idents:
            where = ", ".join(told["scope"]["footprints"])
            yield f"{told['id']} | {told['stage']} | {told['state']} | {where}"


def _widget(area: str | None) -> str:
    """What the widget's line says in an area."""
    told = gist(page_context.bare(Lang.EN, "").elsewhere(area))
    return told.words if told else "(nothing: a calm day)"


def _is_of(ident: str, idents: tuple[str, ...]) -> bool:
    return any(f"/{quote(one, safe='')}/" in ident for one in idents)


def _cap(root: ET.Element) -> str:
    info = root.find(f"{CAP}info")
    assert info is not None
    said = [root.findtext(CAP + name) for name in _CAP]
    said += [info.findtext(CAP + name) for name in _INFO]
    places = ", ".join(a.findtext(f"{CAP}areaDesc") or "" for a in info.iter(f"{CAP}area"))
    return " | ".join([*(word or "-" for word in said), places])


def _events(text: str) -> Iterator[dict[str, str]]:
    for block in text.replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:]:
        lines = block.partition("END:VEVENT")[0].strip().split("\r\n")
        yield {name: value for name, _, value in (line.partition(":") for line in lines)}


def _xml(path: str) -> ET.Element:
    """A document of our own, asked from inside."""
    return ET.fromstring(_body(path))  # noqa: S314


def _body(path: str, query: str = "") -> bytes:
    """What the site answers, asked from inside."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    request.GET = QueryDict(query)
    request.META.update(SERVER_NAME=host, SERVER_PORT="80")
    match = resolve(path)
    body: bytes = match.func(request, *match.args, **match.kwargs).content
    return body


def pretend_life(start: datetime) -> Iterator[Scene]:
    """An incident that is planned, begins, is narrowed, is corrected by another, which then ends.

    Nothing of it is kept anywhere. Times run forward from `start`.
    """

    def at(minutes: int) -> datetime:
        return start + timedelta(minutes=minutes)

    planned = replace(_fault(ID, start), planned=True, starts_at=at(60), ends_at=at(240))
    left = tuple(Footprint.parse(f"nation:{n}") for n in ("england", "scotland"))
    narrowed = replace(planned, scope=Scope(left))
    gone = replace(narrowed, status=Status.ENDED)
    right = replace(_fault(CORRECTION, at(100)), state=State.DELAYED, supersedes=ID,
                    scope=Scope(left), review_at=at(160), notices=())  # fmt: skip
    over = replace(right, status=Status.ENDED)
    turns = [("planned", start, planned), ("narrowed", at(80), narrowed),
             ("superseded", at(100), gone)]  # fmt: skip
    second = [("declared", at(100), right), ("stood-down", at(130), over)]
    yield _scene("planned", start, turns[:1])
    yield _scene("live", at(60), turns[:1])
    yield _scene("narrowed", at(80), turns[:2])
    yield _scene("corrected", at(100), turns, second[:1])
    yield _scene("over", at(130), turns, second)


Turn = tuple[str, datetime, Incident]


def _scene(name: str, at: datetime, *lives: list[Turn]) -> Scene:
    stories = [_story(life) for life in lives]
    told = tuple(story.incident for story in stories)
    return Scene(name, Bulletin(1, told, at, stories={story.id: story for story in stories}))


def _story(turns: list[Turn]) -> Story:
    last = turns[-1][2]
    entries = [StoryEntry(at, kind, Text("", ""), last.issuer.name) for kind, at, _ in turns]
    stated = tuple(Stated(at, kind, told) for kind, at, told in turns)
    title = Text("999", "999")
    return Story(last.id, title, last, tuple(reversed(entries)), pretend=True, stated=stated)


def _fault(ident: str, at: datetime) -> Incident:
    everywhere = Footprint.parse("uk")
    return Incident(
        id=ident,
        channel="999",
        state=State.MANY_FAILING,
        status=Status.LIVE,
        scope=Scope((everywhere,)),
        issuer=Issuer("UK emergency services", IssuerKind.GOVERNMENT, everywhere, True),
        published_at=at,
        notices=(Notice("police-emergency", Mode.TRY_FIRST, ("101",)),),
    )
