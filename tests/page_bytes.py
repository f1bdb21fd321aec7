"""Every public byte on five fixed days, so that a change that should alter nothing can show it.

    .venv/bin/python -m tests.page_bytes FOLDER       writes them
    .venv/bin/python -m tests.page_bytes OLD NEW      compares two such folders

The days: calm, a fault in Leicestershire, 999 replaced over the whole UK, planned work, and an
incident that has ended. Pages of both languages are followed from their starts; widget views,
feeds and API answers are asked one by one. The clock stands at noon.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

AREAS = ("leicestershire", "gwent", "police-scotland", "northern-ireland")
STARTS = ("/", "/cy/", *(f"{cy}/in/{area}/" for area in AREAS[:2] for cy in ("", "/cy")))
OTHER_STARTS = tuple(f"{cy}/in/{area}/" for area in AREAS[2:] for cy in ("", "/cy"))
LINK = re.compile(r'(?:href|action)="([^"]+)"')
IN_AN_AREA = re.compile(r"^(?:/cy)?/in/([^/]+)/")
# Nonces, hashes of style sheets and releases are the same bytes in both; nothing is set aside.
NOT_PAGES = re.compile(r"^/(static|staff|metrics|healthz|readyz)")
VIEWS = ("banner", "ask", "full")


def days() -> dict[str, object]:
    """A bulletin for each day."""
    from outage.bulletin import Bulletin, Story, StoryEntry
    from tests.cast import NOON, ago, incident, issuer, later, notice, scope
    from triage.engine.catalogue import Text
    from triage.engine.situation import Status

    local = incident(
        "999",
        "many-failing",
        id="leicester-999",
        scope=scope("police:leicestershire"),
        issuer=issuer("Leicestershire Police", of="police:leicestershire"),
        notices=(notice("police-emergency", "replace", "101"),),
    )
    national = incident("999", "down", id="uk-999")
    planned = incident(
        "police-online",
        "down",
        id="planned-work",
        scope=scope("police:leicestershire"),
        issuer=issuer("Leicestershire Police", of="police:leicestershire"),
        planned=True,
        review_at=None,
        starts_at=later(hours=8),
        ends_at=later(hours=10),
    )
    ended = replace(local, status=Status.ENDED, ends_at=ago(minutes=1))

    def told(one: object, kind: str, **more: object) -> dict[str, object]:
        words = Text("Many 999 calls fail", "Mae llawer o alwadau 999 yn methu")
        entries = (
            StoryEntry(ago(minutes=5), kind, words, "Leicestershire Police"),
            StoryEntry(ago(minutes=10), "declared", words, "Leicestershire Police"),
        )
        return {one.id: Story(one.id, words, one, entries, **more)}  # type: ignore[attr-defined,arg-type]

    return {
        "calm": Bulletin(1, (), NOON),
        "local": Bulletin(1, (local,), NOON, stories=told(local, "amended")),  # type: ignore[arg-type]
        "national": Bulletin(1, (national,), NOON, stories=told(national, "amended")),  # type: ignore[arg-type]
        "planned": Bulletin(1, (planned,), NOON, stories=told(planned, "amended")),  # type: ignore[arg-type]
        "ended": Bulletin(1, (), NOON, stories=told(ended, "stood-down", ended_at=ago(minutes=1))),  # type: ignore[arg-type]
    }


def others(stories: Iterator[str] | list[str]) -> Iterator[str]:
    """What no page leads to: the frames, the feeds, the API."""
    from triage.rules import rulebook

    book = rulebook()
    for cy in ("", "/cy"):
        for view in VIEWS:
            yield from (f"{cy}/embed/{view}/{area}/" for area in ("", *AREAS))
            yield f"{cy}/sandbox/embed/{view}/leicestershire/"
        yield from (f"{cy}/feeds/{slug}.atom" for slug in ("uk", "england", "wales", *AREAS))
    for story in stories:
        yield f"/feeds/cap/{story}.xml"
    for name in ("status", "incidents", "areas", "channels", "questions", "openapi.json"):
        yield f"/api/v1/{name}"
    for need in book.needs:
        yield f"/api/v1/advice?need={need}"
        yield from (f"/api/v1/advice?need={need}&area={area}" for area in AREAS)


def addresses(path: str, body: str) -> Iterator[str]:
    for link in LINK.findall(body):
        there = urldefrag(urljoin(path, unescape(link)))[0].removeprefix("http://testserver")
        parts = urlsplit(there)
        area = IN_AN_AREA.match(parts.path)
        known = area is None or area[1] in AREAS[:2]
        # One answer about the phone is followed one page far.
        again = "?" in path and "?" in there
        finder = "/area/for/" in there or "/feedback/for/" in there
        ours = parts.path.startswith("/") and not NOT_PAGES.match(parts.path)
        if ours and known and not (parts.scheme or parts.netloc or again or finder):
            yield there


def write(folder: Path) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.config.settings")
    os.environ.setdefault("WHICH_NUMBER_DEMO", "1")
    django.setup()
    from django.test import Client
    from django.test.utils import setup_test_environment

    from outage import bulletin
    from tests.cast import NOON
    from triage import clock

    setup_test_environment()
    clock.now = lambda: NOON
    # However long it takes, every page was checked a moment ago.
    clock.steady = lambda: 0.0
    client = Client(raise_request_exception=False)
    total = 0
    for day, shown in days().items():
        with bulletin.showing(shown):  # type: ignore[arg-type]
            queue = deque([*STARTS, *OTHER_STARTS, *others(list(shown.stories))])  # type: ignore[attr-defined]
            seen: set[str] = set()
            lines = []
            while queue:
                path = queue.popleft()
                if path in seen:
                    continue
                seen.add(path)
                answer = client.get(path)
                body = answer.content
                kept = {k: v for k, v in answer.headers.items() if k != "Date"}
                name = hashlib.sha256(f"{day}{path}".encode()).hexdigest()[:20]
                (folder / "bodies").mkdir(parents=True, exist_ok=True)
                head = "\n".join(f"{k}: {v}" for k, v in sorted(kept.items()))
                whole = f"{day} {path} {answer.status_code}\n{head}\n\n".encode() + body
                (folder / "bodies" / name).write_bytes(whole)
                lines.append(
                    f"{day}\t{path}\t{answer.status_code}\t{hashlib.sha256(whole).hexdigest()}\t{name}"
                )
                if "Location" in answer.headers:
                    queue.append(urljoin(path, answer["Location"]))
                elif "html" in answer.get("Content-Type", "") and "/embed/" not in path:
                    queue.extend(addresses(path, body.decode()))
            (folder / f"{day}.tsv").write_text("\n".join(sorted(lines)) + "\n")
            total += len(lines)
            print(f"{day}: {len(lines):,} addresses")
    print(f"{total:,} in all")


def compare(old: Path, new: Path) -> int:
    """Prints every address that differs. The number of them."""
    differ = 0
    for file in sorted(old.glob("*.tsv")):
        one, two = (_read(f / file.name) for f in (old, new))
        for key in sorted(one.keys() | two.keys()):
            if one.get(key, ())[:2] != two.get(key, ())[:2]:
                differ += 1
                print(
                    *key, one.get(key, ("", "", "absent"))[2], two.get(key, ("", "", "absent"))[2]
                )
    print(f"{differ:,} differ")
    return differ


def _read(file: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    rows = [line.split("\t") for line in file.read_text().splitlines()]
    return {(row[0], row[1]): tuple(row[2:]) for row in rows}


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The order of the directives of a Content-Security-Policy hangs on it.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.page_bytes", *sys.argv[1:]])
    folders = [Path(argument) for argument in sys.argv[1:]]
    if len(folders) == 2:
        sys.exit(bool(compare(*folders)))
    write(folders[0])
