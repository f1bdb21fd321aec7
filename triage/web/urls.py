"""The public addresses. English stands at the root, Welsh under cy/, an area under in/<area>/.

The same table serves all four, so that they mirror each other. Widget, API and feeds have their
own tables, included by config.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from triage.web import asking, directory, exact, feedback, places, printing, prose, status, views

PAGES: list[URLPattern | URLResolver] = [
    path("", views.start),
    path("ask/<slug:address>/", views.question),
    path("advice/<slug:address>/", views.advice),
    path("advice/<slug:address>/from/<slug:asked>/<slug:option>/", views.advice_from),
    path("now/", views.now),
    path("area/", places.area),
    path("area/for/<path:then>", places.area),
    path("search/", asking.ask),
    path("numbers/", directory.numbers),
    path("numbers/<slug:channel>/", directory.number),
    path("status/", status.status),
    path("elsewhere/<slug:of>/", status.elsewhere),
    path("incident/<str:ident>/", status.incident),
    *(path(f"{key}/", exact.exact, {"key": key}) for key in exact.PAGES),
    path("where/", exact.where),
    *(path(f"{key}/", prose.prose, {"key": key}) for key in prose.PAGES),
    path("about/", prose.about),
    path("sources/", prose.sources),
    path("feedback/", feedback.feedback),
    path("feedback/thanks/", feedback.thanks),
    path("feedback/for/<path:about>", feedback.feedback),
    path("licence/", prose.licence),
    path("print/<slug:of>/", printing.sheet),
    path("poster/<slug:of>/", printing.poster),
]

urlpatterns = [*PAGES, path("in/<slug:area>/", include(PAGES))]
