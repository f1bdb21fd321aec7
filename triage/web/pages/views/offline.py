"""For when there is no signal: the essentials page, what a phone keeps of it, and its worker.

The same few pages for everybody and for the whole UK: nothing of a visitor is kept. Each is made
three times, for how long ago it was asked for; which one is shown is chosen on the phone
(static/public/worker.js), since only there is it known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static

from outage.bulletin import Bulletin
from triage.engine.catalogue import Lang
from triage.rules import languages
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.context.staleness import CAUTIOUS_AFTER, Staleness
from triage.web.http.cache_headers import mark
from triage.web.pages.decorators import page, read_only
from triage.web.pages.response import allow_style, show, style
from triage.web.pages.views.how_to import deaf_page, how_to_page, where_page
from triage.web.pages.views.languages import every_language_page, language_page
from triage.web.presenters.blocks_elsewhere import blocks_elsewhere
from triage.web.presenters.emergency_block import SERVICES, emergency_block
from triage.web.presenters.sentences import plain
from triage.web.wording.catalogue import words

Made = Callable[[PageContext], HttpResponse]
# Nobody may hand out an old copy as if it were asked for now: the phone writes down when it was.
KEPT_FOR = "public, max-age=1, stale-while-revalidate=2"
HOUR = "public, max-age=3600"
DAY_LONG = 24 * 3600
# What is shown until so many seconds after it was asked for (None: ever after), and what is said.
AGES: tuple[tuple[int | None, WordKey], ...] = (
    (int(CAUTIOUS_AFTER), "offline-now"),
    (DAY_LONG, "offline-later"),
    (None, "offline-always"),
)
# What never changes is what is said while nothing is in force.
_ORDINARY = Bulletin()
# The colours of the mark (static/public/icon.svg).
_GROUND = "#123c4a"


@page()
def essentials(here: PageContext, request: HttpRequest) -> HttpResponse:
    """What to do in an emergency, what can be read with no signal, and how to have it forgotten."""
    return _essentials(here)


def _essentials(here: PageContext) -> HttpResponse:
    elsewhere = blocks_elsewhere(here)
    context = {
        "calls": emergency_block(here),
        "elsewhere": elsewhere,
        "said_of": [said for place in elsewhere for said in place.said],
        "sections": words().sections("offline"),
    }
    return show(here, "public/offline.html", context)


def _pages() -> Iterator[tuple[str, Made]]:
    """What is kept, by its path."""
    yield "offline/", _essentials
    yield "signal/", partial(how_to_page, key="signal")
    yield "silent/", partial(how_to_page, key="silent")
    yield "deaf/", deaf_page
    yield from ((f"deaf/{need}/", partial(deaf_page, need=need)) for need in SERVICES)
    yield "where/", where_page
    yield "languages/", every_language_page
    for code, card in languages().items():
        yield f"languages/{code}/", partial(language_page, card=card)


@read_only
def kept(request: HttpRequest, lang: str) -> HttpResponse:
    """All that a phone keeps in one language, as JSON: a frame, and each page for each age."""
    here = replace(page_context.bare(Lang(lang), "offline/kept.json"), kept=True)
    # Made anew only when something changes: the moment is the phone's to add. Where this process
    # has not been able to check, it says since when.
    whole = {
        "unchecked": None if here.fresh is Staleness.FRESH else here.checked_at.isoformat(),
        "frame": render_to_string("public/kept_frame.html", {"here": here, "style": style().text}),
        "ages": [{"until": until, "note": plain(here, key)} for until, key in AGES],
        "minutes": plain(here, "offline-minutes"),
        "hours": plain(here, "offline-hours"),
        "scripts": [static("public/site.js"), static("public/where.js")],
        "pages": {path: _at_each_age(replace(here, path=path), made) for path, made in _pages()},
    }
    body = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    response = allow_style(mark(HttpResponse(body, content_type="application/json"), None))
    response["Cache-Control"] = KEPT_FOR
    return response


def _at_each_age(here: PageContext, made: Made) -> list[dict[str, str]]:
    """A page as it is now, for who cannot check, and on an ordinary day: one for each of AGES."""
    ordinary = replace(here, bulletin=_ORDINARY, fresh=Staleness.FRESH)
    current = (here, replace(here, fresh=Staleness.CAUTIOUS))
    # What happens does not change the last one: it is made once for all bulletins.
    ever = ordinary.once(("kept", here.path), lambda one: _piece(made(one)))
    return [*(_piece(made(one)) for one in current), ever]


def _piece(response: HttpResponse) -> dict[str, str]:
    title, begin, main = response.content.decode().partition("<main")
    return {"title": title.strip(), "main": begin + main}


@read_only
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It stands at the root, since it may answer for no page above itself."""
    body = (Path(settings.BASE_DIR) / "static/public/worker.js").read_bytes()
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    # A browser looks for a newer one after every page it opens: within the hour it asks itself.
    response["Cache-Control"] = HOUR
    return response


@read_only
def manifest(request: HttpRequest, lang: str) -> HttpResponse:
    """What the site is called and looks like on a home screen."""
    here = page_context.bare(Lang(lang), "")
    whole = {
        "name": plain(here, "site"),
        "short_name": plain(here, "site"),
        "description": plain(here, "tagline"),
        "lang": lang,
        "start_url": here.to(""),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": _GROUND,
        "theme_color": _GROUND,
        "icons": [
            {"src": static("public/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(_png(f"icon-{size}", size, "any") for size in (192, 512)),
            _png("icon-mask", 512, "maskable"),
        ],
    }
    response = HttpResponse(
        json.dumps(whole, ensure_ascii=False), content_type="application/manifest+json"
    )
    response["Cache-Control"] = HOUR
    return response


def _png(name: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": static(f"public/{name}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
