"""Errors as they come about: a view that may not, cannot or breaks; a forged form."""

from __future__ import annotations

from html import unescape

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from triage.config.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]

RAISED: dict[int, Exception] = {
    400: BadRequest("secret"),
    403: PermissionDenied("secret"),
    404: Http404("secret"),
    500: RuntimeError("secret"),
}


def raises(request: HttpRequest, status: int) -> HttpResponse:
    raise RAISED[status]


urlpatterns = [path("<int:status>/", raises), path("cy/<int:status>/", raises)]


@pytest.mark.parametrize("prefix", ["/", "/cy/"])
@pytest.mark.parametrize("status", RAISED)
@override_settings(ROOT_URLCONF="tests.web.test_refusals", DEBUG=False)
def test_a_view_that_fails_still_gives_the_essentials(status: int, prefix: str) -> None:
    answer = Client(raise_request_exception=False).get(f"{prefix}{status}/")
    page = unescape(answer.content.decode())
    assert answer.status_code == status
    assert {"999", "101", "18000"} <= set(page.replace(".", " ").replace(":", " ").split())
    assert "secret" not in page
    ours = "problem with the service" in page or "problem gyda'r gwasanaeth" in page
    assert ours == (status >= 500)
    assert f'<html lang="{"cy" if "cy" in prefix else "en"}"' in page


def test_a_forged_form_is_refused_with_the_essentials() -> None:
    answer = Client(enforce_csrf_checks=True).post("/staff/account/login/", {})
    assert answer.status_code == 403
    assert b"If 999 does not connect" in answer.content
