"""Every address of the project."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from outage.api.views import api as staff_api
from triage.config import staff_preview
from triage.web.ops import health
from triage.web.pages.views import offline, well_known

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("staff/preview/new/<path:page>", staff_preview.preview_form),
    path("staff/preview/<int:number>/", staff_preview.preview),
    path("staff/preview/<int:number>/<path:page>", staff_preview.preview),
    # Mail addresses are set under "How you are told", on the record.
    path("staff/account/email/", RedirectView.as_view(pattern_name="staff:told")),
    path("staff/account/", include("allauth.urls")),
    path("staff/", include("outage.urls")),
    path("api/v1/staff/", staff_api.urls),
    path("staff/admin/", admin.site.urls),
    path("", include("triage.web.outside_urls")),
    path("robots.txt", well_known.robots),
    path("favicon.ico", well_known.favicon),
    path("worker.js", offline.worker),
    path(".well-known/security.txt", well_known.security),
    path("cy/", include("triage.web.urls"), {"lang": "cy"}),
    path("", include("triage.web.urls"), {"lang": "en"}),
]

handler400 = "triage.web.pages.errors.bad_request"
handler403 = "triage.web.pages.errors.forbidden"
handler404 = "triage.web.pages.errors.not_found"
handler500 = "triage.web.pages.errors.broken"
