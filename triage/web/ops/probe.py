"""What a site shows, against what the record says is in force.

Each address is asked of the site and worked out here from the record; what a reader would act on
is compared: the numbers to dial, in order, the incidents named, the entries of a feed, the
channels of the API's advice, and since when the site could not check. Words and looks may differ
between releases and are not compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from triage.engine.catalogue import Lang, Nation
from triage.web.context.page_context import prefix

# Asks an address of a site: its status and body. A site that does not answer gives status 0, and
# for a body why.
Ask = Callable[[str], tuple[int, bytes]]
Facts = tuple[str, ...]

NEEDS = (
    "police-emergency",
    "medical-emergency",
    "fire-emergency",
    "deaf-text",
    "police-nonemergency",
)
# A site that leaves this many addresses in a row without an answer is asked no further: with
# hundreds of addresses, a monitor would else wait for hours.
GIVE_UP = 3
# The feeds of more than one area.
_WIDE = ("uk", *Nation)
_CALL = re.compile(r'href="(tel:[^"]+|sms:[^"]+)"')
_INCIDENT = re.compile(r'href="[^"]*?/incident/([^/"]+)/"')
_ENTRY = re.compile(r"<entry>.*?<id>[^<]*:(incident/[^<]+)</id>.*?<updated>([^<]+)</updated>", re.S)


class NoAnswerError(Exception):
    """The site does not answer."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One address that shows something else than the record says."""

    path: str
    shown: str
    right: str

    def __str__(self) -> str:
        shown, right = self.shown or "nothing", self.right or "nothing"
        return f"{self.path}: shows {shown}; the record says {right}"


def paths(areas: Iterable[str]) -> Iterator[str]:
    """Everything that is compared: pages, widget, feeds and API, without an area and for each."""
    yield from ("/", "/cy/", "/status/", "/embed/banner/uk/", "/cy/embed/banner/uk/")
    yield from (f"{prefix(lang, None)}feeds/{slug}.atom" for lang in Lang for slug in _WIDE)
    yield from (f"/api/v1/advice?need={need}" for need in NEEDS)
    for area in areas:
        for lang in Lang:
            yield prefix(lang, area)
        yield f"{prefix(Lang.EN, area)}status/"
        yield f"/embed/banner/{area}/"
        yield f"/feeds/{area}.atom"
        yield from (f"/api/v1/advice?need={need}&area={area}" for need in NEEDS)


def compare(asked: Iterable[str], site: Ask, record: Ask) -> Iterator[Difference]:
    """Every difference between a site and the record, as it stands at this moment.

    Raises Silent, after the differences so far, for a site that does not answer at all.
    """
    silent = 0
    for path in asked:
        status, body = site(path)
        shown, right = _read(path, status, body), _read(path, *record(path))
        if shown != right:
            yield Difference(path, _one_line(shown, right), _one_line(right, shown))
        silent = 0 if status else silent + 1
        if silent == GIVE_UP:
            raise NoAnswerError


def _read(path: str, status: int, body: bytes) -> Facts:
    """What a reader of this answer would act on."""
    text = body.decode("utf-8", "replace")
    if status != 200:
        return (f"status {status}" if status else f"no answer ({text})",)
    if path.startswith("/api/"):
        return tuple(_told(text))
    if path.endswith(".atom"):
        return tuple(f"{entry} as of {updated}" for entry, updated in _ENTRY.findall(text))
    incidents = dict.fromkeys(f"incident {found}" for found in _INCIDENT.findall(text))
    return (*_CALL.findall(text), *incidents)


def _told(text: str) -> Iterator[str]:
    try:
        told = json.loads(text)
        if since := told["unchecked_since"]:
            yield f"not checked since {since}"
        for entry in (told["first"], *told["then"]):
            yield f"{entry['channel']} {entry['mode'] or ''}".strip()
    except (ValueError, KeyError, TypeError):
        yield "no advice that can be read"


def _one_line(facts: Facts, other: Facts) -> str:
    """The facts from the first that differs on: what comes before is the same."""
    same = 0
    while same < min(len(facts), len(other)) and facts[same] == other[same]:
        same += 1
    return ", ".join(facts[same : same + 4])
