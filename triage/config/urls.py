"""Every address of the project."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from triage.web import health

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("staff/", admin.site.urls),
    path("", include("triage.web.open_urls")),
]
