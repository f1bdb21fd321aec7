"""The public addresses. English stands at the root, Welsh under cy/, an area under in/<area>/, a
council of it under in/<area>/c/<council>/.

The same table serves them all, so that they mirror each other. Widget, API and feeds have their
own tables, included by config.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from triage.web.pages.views import (
    area_finder,
    did_not_connect,
    documents,
    feedback,
    follow,
    how_to,
    incident,
    languages,
    local,
    numbers,
    offline,
    paper,
    search,
    status,
    tree,
    wrong_number,
)
from triage.web.presenters import how_to_pages

PAGES: list[URLPattern | URLResolver] = [
    path("", tree.start),
    path("ask/<slug:address>/", tree.question),
    path("advice/<slug:address>/", tree.advice),
    path("advice/<slug:address>/from/<slug:asked>/<slug:option>/", tree.advice_from),
    path("now/", tree.now),
    path("area/", area_finder.area),
    path("area/suggest/", area_finder.suggest),
    path("area/for/<path:then>", area_finder.area),
    path("local/", local.services),
    path("outside/<slug:place>/", local.outside),
    path("search/", search.ask),
    path("numbers/", numbers.numbers),
    path("numbers/<slug:channel>/", numbers.number),
    path("status/", status.status),
    path("map/<slug:mark>.svg", status.map_of_uk),
    path("elsewhere/<slug:of>/", status.elsewhere),
    path("incident/<str:ident>/", incident.incident),
    path("incident/<str:ident>/<slug:channel>/", incident.incident),
    path("incident/<str:ident>/map/<slug:mark>.svg", incident.map_of_incident),
    *(path(f"{key}/", how_to.how_to, {"key": key}) for key in how_to_pages.PAGES),
    path("deaf/", how_to.deaf),
    path("deaf/<slug:need>/", how_to.deaf),
    path("where/", how_to.where),
    path("easy/", how_to.easy),
    path("offline/", offline.essentials),
    path("languages/", languages.every_language),
    path("languages/<slug:code>/", languages.language),
    path("languages/<slug:code>/thanks/", languages.language, {"thanks": True}),
    *(path(f"{key}/", documents.prose, {"key": key}) for key in documents.PAGES),
    path("about/", documents.about),
    path("sources/", documents.sources),
    path("feedback/", feedback.feedback),
    path("feedback/thanks/", feedback.thanks),
    path("feedback/for/<path:about>", feedback.feedback),
    path("follow/", follow.follow),
    path("follow/sent/", follow.sent),
    path("follow/confirm/<str:token>/", follow.confirm),
    path("follow/leave/<str:token>/", follow.leave),
    path("wrong/", wrong_number.wrong_number),
    path("tap/", did_not_connect.tap),
    path("tapped/<slug:channel>/", did_not_connect.tapped, {"asks": True}),
    path("tapped/<slug:channel>/thanks/", did_not_connect.tapped, {"asks": False}),
    path("licence/", documents.licence),
    path("print/<slug:of>/", paper.sheet),
    path("poster/<slug:of>/", paper.poster),
]

urlpatterns = [
    *PAGES,
    path("offline/kept.json", offline.kept),
    path("site.webmanifest", offline.manifest),
    path("in/<slug:area>/c/<slug:council>/", include(PAGES)),
    path("in/<slug:area>/", include(PAGES)),
]
