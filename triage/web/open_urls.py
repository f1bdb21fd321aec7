"""The addresses that other sites and programs use: the API, the widget, the feeds."""

from __future__ import annotations

from django.urls import include, path

from triage.web import api

urlpatterns = [
    path("api/v1/", include((api.api.open_urls(), "api-v1"))),
]
