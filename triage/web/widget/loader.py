"""The widget's script as it is released: versions that never change, their hashes, their tag.

A release is a file in static/embed/ named after its version. The pages inside the frame are
frame.py; the pages that explain all this to web editors are snippet_builder.py.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from triage.seeds.word_keys import WordKey
from triage.web.http import cache_headers
from triage.web.pages.decorators import read_only

VIEWS = ("line", "banner", "ask", "full")
UK = "uk"
# The size of the badge, in pixels.
WIDTH, HEIGHT = 420, 112
FOREVER = "public, max-age=31536000, immutable"
FOLLOWS = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Release:
    """A version of the script. `words` is the key of what changed in it."""

    version: str
    day: date
    words: WordKey

    @property
    def name(self) -> str:
        return f"v{self.version}.js"


# Newest first. A released file is never edited: a change is a new version.
RELEASES = (
    Release("1.1.0", date(2026, 11, 30), "embed-change-1-1-0"),
    Release("1.0.1", date(2026, 11, 24), "embed-change-1-0-1"),
    Release("1.0.0", date(2026, 11, 24), "embed-change-1-0-0"),
)
NEWEST = RELEASES[0]


@lru_cache(maxsize=16)
def source(name: str) -> bytes:
    """The bytes of a release, as served."""
    return (settings.BASE_DIR / "static" / "embed" / name).read_bytes()


@lru_cache(maxsize=16)
def integrity(name: str) -> str:
    """The hash that a browser holds a release to."""
    return "sha384-" + base64.b64encode(hashlib.sha384(source(name)).digest()).decode()


@read_only
def script(request: HttpRequest, name: str) -> HttpResponse:
    """A release for ever, or the newest of its line for five minutes."""
    name = f"{name}.js"
    exact = {r.name: r for r in RELEASES}
    lines = {f"v{r.version.split('.')[0]}.js": r for r in reversed(RELEASES)}
    found = exact.get(name) or lines.get(name)
    if found is None:
        raise Http404(name)
    response = HttpResponse(source(found.name), content_type="text/javascript; charset=utf-8")
    cache_headers.mark(response, None)
    response["Cache-Control"] = FOREVER if name in exact else FOLLOWS
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@dataclass(frozen=True)
class Tag:
    """What a web editor pastes."""

    host: str
    area: str
    lang: str
    view: str
    link: str
    page: str
    title: str
    colours: Mapping[str, str]
    pinned: bool = True
    pretend: bool = False

    @property
    def script(self) -> str:
        """The address of the script, with its hash where the version is exact."""
        quiet = 'referrerpolicy="no-referrer"'
        if not self.pinned:
            return f'<script src="{self.host}/embed/v1.js" {quiet} async></script>'
        own = integrity(NEWEST.name)
        return (
            f'<script src="{self.host}/embed/{NEWEST.name}" '
            f'integrity="{own}" crossorigin="anonymous" {quiet} async></script>'
        )

    @property
    def element(self) -> str:
        """The tag, with the link that stays where anything fails."""
        given = {"area": self.area, "lang": self.lang, "view": self.view, **self.colours}
        attributes = " ".join(f'{k}="{v}"' for k, v in given.items())
        pretend = " pretend" if self.pretend else ""
        return f"<which-number {attributes}{pretend}>{self.link}</which-number>"

    @property
    def whole(self) -> str:
        return f"{self.script}\n{self.element}"

    @property
    def line(self) -> str:
        """The frame itself, for a site that strips custom elements and scripts."""
        start = ("/cy" if self.lang == "cy" else "") + ("/sandbox" if self.pretend else "")
        return (
            f'<iframe src="{self.host}{start}/embed/{self.view}/{self.area}/" '
            f'title="{self.title}" referrerpolicy="no-referrer" '
            'sandbox="allow-scripts allow-same-origin allow-forms allow-popups '
            'allow-popups-to-escape-sandbox allow-top-navigation-to-custom-protocols" '
            'style="width:100%;height:20rem;border:0"></iframe>'
        )

    @property
    def badge(self) -> str:
        """A picture with a link, for a site that strips frames too."""
        start = "/cy" if self.lang == "cy" else ""
        return (
            f'<a href="{self.page}"><img src="{self.host}{start}/embed/badge/{self.area}.svg" '
            f'alt="{self.title}" width="{WIDTH}" height="{HEIGHT}" '
            'referrerpolicy="no-referrer"></a>'
        )
