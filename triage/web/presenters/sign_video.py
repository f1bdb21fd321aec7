"""Signed films: the place for a page in British Sign Language, with captions and transcript.

A film of a page lies in static/public/signed/ as `<page>.mp4`, with captions in both languages,
`<page>.en.vtt` and `<page>.cy.vtt`; its transcript stands in seeds/words/ under `signed-<page>-1`
and the lines of it. It is shown once all of them are there, and never while 999 is not ordinary
in this place: a film cannot follow a fault. Whoever adds the first film takes the line about
films out of the accessibility statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from csp.constants import SELF
from django.conf import settings
from django.templatetags.static import static

from triage.engine.catalogue import Lang, Text
from triage.web.context.page_context import PageContext
from triage.web.presenters.sentences import shaky
from triage.web.wording.catalogue import words

FOLDER = "public/signed"
_NAMES = {Lang.EN: "English", Lang.CY: "Cymraeg"}


@dataclass(frozen=True)
class Film:
    """Addresses of the film and of its captions, and what is signed in it, in words."""

    film: str
    captions: tuple[tuple[str, str, str], ...]
    transcript: tuple[Text, ...]


def folder() -> Path:
    return Path(settings.BASE_DIR) / "static" / FOLDER


def film(here: PageContext, page: str) -> Film | None:
    """The signed film of a page, or None where there is none that may be shown here and now."""
    transcript = tuple(line for part in words().sections(f"signed-{page}") for line in part.lines)
    names = [f"{page}.mp4", *(f"{page}.{lang}.vtt" for lang in Lang)]
    ready = transcript and all((folder() / name).is_file() for name in names)
    # A film is too large to be kept on a phone.
    if not ready or here.kept or shaky(here):
        return None
    address = static(f"{FOLDER}/{names[0]}")
    return Film(address, tuple(_track(page, lang) for lang in Lang), transcript)


def _track(page: str, lang: Lang) -> tuple[str, str, str]:
    return str(lang), _NAMES[lang], static(f"{FOLDER}/{page}.{lang}.vtt")


# A page with a film loads it from our own site, and from no other.
SOURCES = {"media-src": [SELF]}
