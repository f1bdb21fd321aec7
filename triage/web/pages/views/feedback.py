"""Feedback on the site: words that somebody chooses to send, and the page they are about.

Nothing of the sender is kept: no address, no name, no time but the day. One line of JSON each in
the data folder, which `manage.py feedback` prints: it works with the database gone.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from triage import clock
from triage.web.context.page_context import PageContext
from triage.web.http.cache_headers import private
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.pages.views.area_finder import is_page

LONGEST = 1000
# A full file is read and cleared by people; a flood must not fill the disk.
FULL = 5_000_000
# So many in a minute from everybody together. No sender is counted, so none is remembered.
A_MINUTE = 30
# What may be a telephone number, an e-mail address or a postcode of somebody.
PERSONAL = re.compile(
    r"\d[\d ()-]{7,}\d|[^\s@]+@[^\s@]+\.\w|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.I
)
_lock = Lock()
_recent: deque[float] = deque(maxlen=A_MINUTE)


@page("GET", "HEAD", "POST")
def feedback(here: PageContext, request: HttpRequest, about: str = "") -> HttpResponse:
    """The form; or what was sent is kept and thanked for; or what is wrong with it is said."""
    about = about if about and is_page(about) else ""
    if request.method != "POST":
        return show(here, "public/feedback.html", {"about": about})
    words = request.POST.get("words", "").strip()
    wrong = problem(words) or keep(words, about, here)
    if wrong is None:
        return HttpResponseRedirect(here.to("feedback/thanks/"), status=303)
    context = {"about": about, "wrong": wrong, "words": words[:LONGEST]}
    return private(show(here, "public/feedback.html", context))


@page()
def thanks(here: PageContext, request: HttpRequest) -> HttpResponse:
    return show(here, "public/thanks.html", {})


def problem(words: str) -> str | None:
    """The key of what is wrong with what was sent; None where nothing is."""
    if not words:
        return "feedback-empty"
    if len(words) > LONGEST:
        return "feedback-long"
    if PERSONAL.search(words):
        return "feedback-personal"
    return None if _may() else "feedback-busy"


def _may() -> bool:
    """Whether there is room in this minute and in the file."""
    with _lock:
        now = clock.steady()
        if len(_recent) == A_MINUTE and now - _recent[0] < 60:
            return False
        _recent.append(now)
    return not store().exists() or store().stat().st_size < FULL


def store() -> Path:
    return Path(settings.DATA_DIR) / "feedback.jsonl"


def keep(words: str, about: str, here: PageContext) -> str | None:
    """One line: the day, the language, the page and the words. A full disk is said to be busy."""
    line = {"day": f"{here.at:%Y-%m-%d}", "lang": str(here.lang), "page": about, "words": words}
    try:
        with _lock, store().open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError:
        return "feedback-busy"
    return None


def kept() -> Iterator[dict[str, str]]:
    """What was sent, oldest first. A line ends at a line feed and nowhere else: words may hold what
    Unicode calls the end of one. A line cut short by a full disk stands as it is."""
    if not store().exists():
        return
    with store().open(encoding="utf-8", errors="replace", newline="\n") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                yield {"day": "", "lang": "", "page": "", "words": line.rstrip("\n")}
