"""A page -> a response: template, stylesheet under its hash, headers. No rule and no word here."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from triage.engine.catalogue import Lang
from triage.web import gather, moments
from triage.web.banner import banner
from triage.web.freshness import Freshness
from triage.web.gather import Here
from triage.web.pages import mark


@dataclass(frozen=True)
class Style:
    """The stylesheet as it stands in a page, and the source that the policy allows for it."""

    text: SafeString
    source: str


@lru_cache(maxsize=1)
def style() -> Style:
    """The one stylesheet, without comments and spaces, hashed once."""
    path = finders.find("public/site.css") or settings.BASE_DIR / "static/public/site.css"
    with open(path, encoding="utf-8") as file:
        text = _squeeze(file.read())
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    # The file is our own and holds no "<": it cannot end the element it stands in.
    return Style(mark_safe(text), f"'sha256-{digest}'")  # noqa: S308


def _squeeze(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,>]) ?", r"\1", css).replace(";}", "}").strip()


def show(
    here: Here,
    template: str,
    context: Mapping[str, Any],
    *,
    sensitive: bool = False,
    status: int = 200,
) -> HttpResponse:
    """A page of an area's edition. Sensitive ones are kept by the server alone."""
    told = banner(here)
    everything = {
        "here": here,
        "style": style().text,
        "banner": told,
        "demo": settings.DEMO,
        "sensitive": sensitive,
        "mirror": mirror(here),
        "late": here.fresh is not Freshness.FRESH,
        "checked": moments.full(here.checked_at, here.lang),
        "changed_at": _changed(here),
        "cautious": here.fresh is Freshness.CAUTIOUS,
        **context,
    }
    response = HttpResponse(render_to_string(template, everything), status=status)
    return allow_style(mark(response, here.slug, sensitive=sensitive))


def fragment(here: Here, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A piece of a page, at an address of its own."""
    return mark(HttpResponse(render_to_string(template, {"here": here, **context})), here.slug)


def _changed(here: Here) -> str:
    """When the advice of this page's area last changed; empty on an ordinary day.

    It moves with what is in force here and with nothing else, so that a switch in one area leaves
    every other page's bytes alone, and a stand-down brings the ordinary ones back.
    """
    published = [i.published_at for i in here.touching]
    return moments.full(max(published), here.lang) if published else ""


def mirror(here: Here) -> str:
    """The same page in the other language."""
    other = Lang.EN if here.lang is Lang.CY else Lang.CY
    return f"{gather.prefix(other, here.slug)}{here.path}{here.query}"


def allow_style(response: HttpResponse) -> HttpResponse:
    """Lets the page's own stylesheet stand in it, and no other."""
    vars(response)["_csp_update"] = {"style-src": [style().source]}
    return response
