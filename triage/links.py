"""Whether the addresses that the public is shown still answer, and with whom.

The only code that asks other people's sites for anything. It runs from a command, never from a
page; what it found is kept with its day in the data folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings

from triage.engine.rulebook import Rulebook

# Seconds to wait for one address.
PATIENCE = 15
_AGENT = "Which Number link check"
# Asks for an address; gives the status and the address that answered in the end.
Ask = Callable[[str], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Link:
    """An address that the public is shown, and who is to keep it right."""

    url: str
    owner: str
    shown_by: str


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What became of asking for a link. `problem` is empty where all is well."""

    link: Link
    problem: str


def shown_links(rulebook: Rulebook) -> Iterator[Link]:
    """Every address of a channel or of a local service that the public is shown, once."""
    seen: set[str] = set()
    for link in _links(rulebook):
        if link.url not in seen:
            seen.add(link.url)
            yield link


def _links(rulebook: Rulebook) -> Iterator[Link]:
    for c in rulebook.catalogue.channels.values():
        for url in (c.url, *(words.url for words in c.local.values())):
            if url:
                yield Link(url, c.responsible, f"channel {c.id}")
    for service in rulebook.catalogue.local.values():
        for way in service.ways:
            if way.url and way.shown:
                yield Link(
                    way.url, f"{service.kind} content lead", f"{service.kind} {service.slug}"
                )


def ask(url: str) -> tuple[int, str]:
    """Raises OSError or HTTPException where nothing answers."""
    request = Request(url, headers={"User-Agent": _AGENT})  # noqa: S310  (https by the schema)
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return answer.status, answer.geturl()
    except HTTPError as refused:
        return refused.code, url


def check(links: Iterable[Link], asking: Ask = ask) -> Iterator[LinkAnswer]:
    """What each link answers. Another host than asked for is a problem: whose page is it?"""
    for link in links:
        try:
            status, end = asking(link.url)
        except (OSError, HTTPException) as error:
            yield LinkAnswer(link, f"does not answer: {error}")
            continue
        yield LinkAnswer(link, _problem(link.url, status, end))


def _problem(url: str, status: int, end: str) -> str:
    if status != 200:
        return f"answers {status}"
    return "" if _body(end) == _body(url) else f"leads to {end}"


def _body(url: str) -> str:
    """The last labels of a host that name a body: www.nhs.uk and nhs.uk are one."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def store() -> Path:
    return Path(settings.DATA_DIR) / "links.json"


def keep(day: date, answers: Iterable[LinkAnswer]) -> None:
    """Writes when links were looked at, and what was wrong. Raises OSError."""
    wrong = {a.link.url: a.problem for a in answers if a.problem}
    store().write_text(json.dumps({"day": day.isoformat(), "wrong": wrong}), encoding="utf-8")


def last_checked() -> tuple[date, int] | None:
    """The day of the last check and how many links were wrong; None where there was none."""
    try:
        told = json.loads(store().read_text(encoding="utf-8"))
        return date.fromisoformat(told["day"]), len(told["wrong"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
