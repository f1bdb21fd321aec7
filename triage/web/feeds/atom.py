"""Atom feeds of incidents: the UK, each nation, each area, in English and Welsh (RFC 4287).

An entry is one incident for life: its id stays, `updated` moves when and only when what it says
does, and one that is over stays in the feed and says so. CAP messages are cap.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.cache import get_conditional_response

from outage import bulletin
from outage.bulletin import Story
from triage.engine.catalogue import Lang, Nation, Text
from triage.rules import rulebook
from triage.seeds.enum_words import of_nation
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.http import cache_headers
from triage.web.pages.decorators import read_only
from triage.web.presenters import incident_phase
from triage.web.presenters.incident_text import told
from triage.web.presenters.sentences import plain
from triage.web.wording.catalogue import words

ATOM = "application/atom+xml; charset=utf-8"
NAMESPACE = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
UK = "uk"
MOST = 100
# The year in which these ids were first given out (RFC 4151): it never changes.
YEAR = 2026
# A feed that has told nothing yet has not changed since the feeds began.
BEGAN = datetime(2026, 11, 24, tzinfo=UTC)
# What XML 1.0 cannot carry, even escaped.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ET.register_namespace("", NAMESPACE)


def authority() -> str:
    """The name that ids are minted under: this site's, whatever name it is asked by."""
    return urlsplit(settings.ORIGIN).hostname or "localhost"


def tag(*parts: str) -> str:
    """An id for life (RFC 4151)."""
    return f"tag:{authority()},{YEAR}:" + "/".join(quote(part, safe="") for part in parts)


@read_only
def feed(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """The feed of the UK, a nation or an area. Raises Http404 for any other word.

    A slug from before a merger leads to the feed of the area of today.
    """
    if today := rulebook().catalogue.moved.get(slug):
        return HttpResponsePermanentRedirect(
            f"{page_context.prefix(Lang(lang), None)}feeds/{today}.atom"
        )
    language, reading = Lang(lang), bulletin.reading()
    at = reading.moment
    known = rulebook().catalogue.areas
    areas = _areas(slug)
    published = incident_phase.published(reading.bulletin, rulebook().catalogue, at)
    mine = incident_phase.of_area(rulebook(), published, areas)[:MOST]
    root = ET.Element(f"{{{NAMESPACE}}}feed", {LANG: str(language)})
    _head(root, request, language, slug, _latest(mine, at))
    for story in mine:
        _entry(root, request, language, story, at)
    return give(request, root, ATOM, slug if slug in known else None)


def _areas(slug: str) -> frozenset[str] | None:
    """The areas a feed is about; None for all of them."""
    catalogue = rulebook().catalogue
    if slug == UK:
        return None
    if slug in catalogue.areas:
        return frozenset({slug})
    if slug in set(Nation):
        return frozenset(a.slug for a in catalogue.areas.values() if a.nation == slug)
    raise Http404(slug)


def _latest(mine: Iterable[Story], at: datetime) -> datetime:
    return max((incident_phase.moments(story, at)[-1] for story in mine), default=BEGAN)


def _head(root: ET.Element, request: HttpRequest, lang: Lang, slug: str, updated: datetime) -> None:
    here = page_context.bare(lang, "")
    key: WordKey = "feed-title-uk" if slug == UK else "feed-title"
    mark = plain(here, "embed-pretend-title") + " " if settings.DEMO else ""
    _add(root, "id", tag("feed", slug, str(lang)))
    _add(root, "title", mark + plain(here, key, where=_name(slug).lang(lang)))
    _add(root, "subtitle", plain(here, "feed-subtitle"))
    _add(root, "updated", stamp(updated))
    _link(root, "self", request.build_absolute_uri(request.path), "application/atom+xml")
    area = slug if slug in rulebook().catalogue.areas else None
    page = f"{page_context.prefix(lang, area)}status/"
    _link(root, "alternate", request.build_absolute_uri(page), "text/html")
    author = ET.SubElement(root, f"{{{NAMESPACE}}}author")
    _add(author, "name", plain(here, "site"))


def _name(slug: str) -> Text:
    areas = rulebook().catalogue.areas
    if slug in areas:
        return areas[slug].name
    return words()["place-uk" if slug == UK else of_nation(Nation(slug))]


def _entry(root: ET.Element, request: HttpRequest, lang: Lang, story: Story, at: datetime) -> None:
    said, changed = told(story, lang, at), incident_phase.moments(story, at)
    entry = ET.SubElement(root, f"{{{NAMESPACE}}}entry")
    _add(entry, "id", tag("incident", story.id, str(lang)))
    _add(entry, "title", said.title)
    _add(entry, "published", stamp(changed[0]))
    _add(entry, "updated", stamp(changed[-1]))
    author = ET.SubElement(entry, f"{{{NAMESPACE}}}author")
    _add(author, "name", _issuer(story, lang) or plain(page_context.bare(lang, ""), "site"))
    ident = quote(story.id, safe="")
    page = f"{page_context.prefix(lang, None)}incident/{ident}/"
    _link(entry, "alternate", request.build_absolute_uri(page), "text/html")
    cap = request.build_absolute_uri(f"/feeds/cap/{ident}.xml")
    _link(entry, "related", cap, "application/cap+xml")
    for term in (
        str(incident_phase.phase(story, at)),
        story.incident.channel,
        str(story.incident.state),
    ):
        ET.SubElement(entry, f"{{{NAMESPACE}}}category", {"term": term})
    content = ET.SubElement(entry, f"{{{NAMESPACE}}}content", {"type": "xhtml"})
    body = ET.SubElement(content, f"{{{XHTML}}}div")
    for line in said.lines:
        ET.SubElement(body, f"{{{XHTML}}}p").text = fit(line)


def _issuer(story: Story, lang: Lang) -> str:
    own = story.incident.issuer
    return own.name_cy if lang is Lang.CY and own.name_cy else own.name


def stamp(moment: datetime) -> str:
    """A moment as RFC 3339 has it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fit(said: str) -> str:
    """Words without what XML cannot carry."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", said)


def _add(parent: ET.Element, name: str, said: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = fit(said)


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}link", {"rel": rel, "href": href, "type": kind})


def give(request: HttpRequest, root: ET.Element, kind: str, area: str | None) -> HttpResponse:
    """An XML document of an area's edition, open to every origin; 304 where the reader has it."""
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    response = cache_headers.mark(HttpResponse(body, content_type=kind), area)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["ETag"] = tagged = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return get_conditional_response(request, etag=tagged, response=response) or response
