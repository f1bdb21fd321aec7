"""What is served for a page that cannot be rendered: its last good bytes, or the cautious advice.

The last good bytes say how old they are. A page that told of a fault is not served once it is ten
minutes old, and no page is once something else is in force there: then the essentials stand in its
place, which name 999 and what to do if it does not connect. A view's error comes only where
neither can be had.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

from triage.engine.catalogue import Lang
from triage.web.cache.stored_page import Headers, StoredPage
from triage.web.context.snapshot import Snapshot
from triage.web.pages import errors
from triage.web.wording import dates
from triage.web.wording.catalogue import fill, words

# How long (seconds) a page that told of a fault may stand in for one that cannot be made.
DIVERSION_GOOD_FOR = 600
_MAIN = b"<main"
_OK = f"{HTTPStatus.OK.value} {HTTPStatus.OK.phrase}"
# A frame that shows nothing lets the widget on the host's page fall back by itself; programs are
# told of the error.
_NOT_PAGES = (
    "/embed/",
    "/cy/embed/",
    "/api/",
    "/feeds/",
    "/cy/feeds/",
    "/sandbox/",
    "/cy/sandbox/",
)


class Instead(StrEnum):
    LAST_GOOD = "last good"
    CAUTIOUS = "cautious"


Found = tuple[Instead, str, Headers, bytes]


def instead(path: str, page: StoredPage | None, now: Snapshot, at: datetime) -> Found | None:
    """What to send for a page whose rendering failed: how, status, headers and body."""
    lang = Lang.CY if path.startswith("/cy/") else Lang.EN
    if page is not None and _still_holds(page, now, at):
        return Instead.LAST_GOOD, _OK, _headers(page), _marked(page, lang)
    if path.startswith(_NOT_PAGES):
        return None
    answer = errors.cautious(lang)
    return Instead.CAUTIOUS, _OK, list(answer.items()), answer.content


def _still_holds(page: StoredPage, now: Snapshot, at: datetime) -> bool:
    if page.made.in_force != now.in_force(page.area):
        return False
    return not page.made.diverts or at - page.made.at <= timedelta(seconds=DIVERSION_GOOD_FOR)


def _headers(page: StoredPage) -> Headers:
    """The page's own, with its policy; nobody may keep it, and its tag is another's."""
    other = ("cache-control", "etag", "content-length", "vary")
    own = [(n, v) for n, v in page.variant("").headers if n.lower() not in other]
    return [*own, ("Cache-Control", "no-store")]


def _marked(page: StoredPage, lang: Lang) -> bytes:
    """The page with its age under its head."""
    body = page.body()
    begin = body.find(_MAIN)
    if not page.is_html or begin < 0:
        return body
    end = body.index(b">", begin) + 1
    when = dates.full(page.made.at, lang)
    mark = f'<p class="late">{fill(words()["last-good"], lang, at=when)}</p>'
    return body[:end] + mark.encode() + body[end:]
