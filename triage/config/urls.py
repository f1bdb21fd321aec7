"""Every address of the project."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from triage.web import files, health, preview

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("staff/preview/new/<path:page>", preview.preview_form),
    path("staff/preview/<int:number>/", preview.preview),
    path("staff/preview/<int:number>/<path:page>", preview.preview),
    path("staff/account/", include("allauth.urls")),
    path("staff/", include("outage.urls")),
    path("staff/admin/", admin.site.urls),
    path("", include("triage.web.open_urls")),
    path("robots.txt", files.robots),
    path("favicon.ico", files.favicon),
    path(".well-known/security.txt", files.security),
    path("cy/", include("triage.web.urls"), {"lang": "cy"}),
    path("", include("triage.web.urls"), {"lang": "en"}),
]

handler400 = "triage.web.errors.bad_request"
handler403 = "triage.web.errors.forbidden"
handler404 = "triage.web.errors.not_found"
handler500 = "triage.web.errors.broken"
