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
@override_settings(ROOT_URLCONF="tests.web.pages.test_refusals", DEBUG=False)
def test_a_view_that_fails_still_gives_the_essentials(status: int, prefix: str) -> None:
    answer = Client(raise_request_exception=False).get(f"{prefix}{status}/")
    page = unescape(answer.content.decode())
    assert answer.status_code == status
    assert {"999", "101", "18000"} <= set(page.replace(".", " ").replace(":", " ").split())
    assert "secret" not in page
    ours = "problem with the service" in page or "problem gyda'r gwasanaeth" in page
    assert ours == (status >= 500)
    assert f'<html lang="{"cy" if "cy" in prefix else "en"}"' in page


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/cy/status/", "/advice/police-now/"])
def test_another_method_is_told_as_such_though_it_brings_no_token(method: str, path: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert b"18000" in answer.content


TOO_LARGE = {"area": {"place": "x" * 3_000_000}, "search": {f"k{n}": "1" for n in range(1_100)}}


@pytest.mark.parametrize("path", TOO_LARGE)
def test_too_much_is_refused_with_the_essentials(path: str) -> None:
    answer = Client(raise_request_exception=False).post(f"/{path}/", TOO_LARGE[path])
    assert answer.status_code == 400
    assert b"If 999 does not connect" in answer.content


def test_a_name_that_is_not_ours_is_refused_with_the_essentials() -> None:
    answer = Client().get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert b"If 999 does not connect" in answer.content


def test_a_forged_form_is_refused_with_the_essentials() -> None:
    answer = Client(enforce_csrf_checks=True).post("/staff/account/login/", {})
    assert answer.status_code == 403
    assert b"If 999 does not connect" in answer.content


@pytest.mark.parametrize(
    "path", ["/feeds/uk.atom", "/cy/feeds/kent.atom", "/embed/", "/embed/v1.js", "/robots.txt"]
)
def test_what_is_only_read_says_so_to_who_writes(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert b"18000" in answer.content
