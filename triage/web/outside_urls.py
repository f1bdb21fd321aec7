"""The addresses that other sites and programs use: the API, the widget, the feeds."""

from __future__ import annotations

from django.urls import URLPattern, include, path

from triage.engine.catalogue import Lang
from triage.web.api import reference, views
from triage.web.feeds.atom import atom
from triage.web.feeds.calendar import calendar
from triage.web.feeds.cap import message
from triage.web.feeds.json_feed import json_feed
from triage.web.feeds.record_head import head
from triage.web.widget import badge, frame, loader, snippet_builder


def _frames(start: str, lang: Lang, pretend: bool) -> list[URLPattern]:
    """The pages inside the frame: of a view, an area, a language, real or pretend."""
    given = {"lang": str(lang), "pretend": pretend}
    base = f"{start}embed/<slug:shape>/"
    return [
        path(base, frame.first, given),
        path(f"{base}<slug:area>/", frame.first, given),
        path(f"{base}<slug:area>/ask/<slug:address>/", frame.question, given),
        path(f"{base}<slug:area>/advice/<slug:address>/from/<slug:asked>/", frame.advice, given),
    ]


def _pages(start: str, lang: Lang) -> list[URLPattern]:
    """The feeds, and the pages that explain the widget and the API."""
    given = {"lang": str(lang)}
    return [
        path(f"{start}embed/", snippet_builder.builder, given),
        path(f"{start}embed/badge/<slug:slug>.svg", badge.badge, given),
        path(f"{start}embed/qr/<slug:slug>.svg", badge.qr, given),
        path(f"{start}embed/demo/", snippet_builder.demo, given),
        path(f"{start}embed/changes/", snippet_builder.changes, given),
        path(f"{start}api/", reference.programmers, given),
        path(f"{start}feeds/<slug:slug>.atom", atom, given),
        path(f"{start}feeds/<slug:slug>.json", json_feed, given),
        path(f"{start}feeds/<slug:slug>.ics", calendar, given),
    ]


urlpatterns = [
    path("api/v1/", include((views.api.open_urls(), "api-v1"))),
    path("embed/<str:name>.js", loader.script),
    path("feeds/record.json", head),
    path("feeds/cap/<int:number>/part/<path:ident>.xml", message, {"part": True}),
    path("feeds/cap/<int:number>/<path:ident>.xml", message),
    path("feeds/cap/<path:ident>.xml", message),
    *_pages("", Lang.EN),
    *_pages("cy/", Lang.CY),
    *_frames("", Lang.EN, pretend=False),
    *_frames("cy/", Lang.CY, pretend=False),
    *_frames("sandbox/", Lang.EN, pretend=True),
    *_frames("cy/sandbox/", Lang.CY, pretend=True),
]
