"""Errors: 400, 403, 404, 405, 429, 500, 503. Each carries the essentials, whatever else is broken.

A body too large or of too many parts is a 400. No view answers 503: the page is written by the
mirror (mirror.py) for a proxy to send where no node answers.

The essentials are right on an ordinary day and on the day 999 fails: they name 999 and what
stands in for it. The 500 page is made at start and needs nothing when it is sent.
"""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from triage.engine.catalogue import Lang
from triage.engine.channel import dial
from triage.rules import rulebook
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.pages.response import allow_style, style

WORDS = {
    400: "error-request",
    403: "error-forbidden",
    404: "error-not-found",
    405: "error-method",
    429: "error-busy",
    500: "error-broken",
    503: "error-busy",
}


# What is dialled from an error page: 999, and what stands in for it.
ESSENTIAL = ("999", "101", "111")


def _number(channel: str) -> str | None:
    return rulebook().catalogue.number(channel)


@lru_cache(maxsize=32)
def _html(lang: Lang, status: int, words: str) -> str:
    here: PageContext = page_context.bare(lang, "")
    context = {
        "here": here,
        "style": style().text,
        "title": "error-title-service" if status >= 500 else "error-title",
        "words": words,
        "dials": [(number, dial(number)) for c in ESSENTIAL if (number := _number(c))],
        "other": "/" if lang is Lang.CY else "/cy/",
    }
    return render_to_string("errors/error.html", context)


def problem(lang: Lang, status: int, words: str) -> HttpResponse:
    """The error page of a status, in the language of the address."""
    response = allow_style(HttpResponse(_html(lang, status, words), status=status))
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "10"
    return response


def _lang(request: HttpRequest) -> Lang:
    return Lang.CY if request.path.startswith("/cy/") else Lang.EN


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(_lang(request), 400, WORDS[400])


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(_lang(request), 403, WORDS[403])


def untrusted(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not ours, or too old: Django's CSRF protection refused it."""
    return problem(_lang(request), 403, WORDS[403])


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(_lang(request), 404, WORDS[404])


def broken(request: HttpRequest) -> HttpResponse:
    return problem(_lang(request), 500, WORDS[500])


def cautious(lang: Lang) -> HttpResponse:
    """The essentials in place of a page that cannot be made: 999, and if it does not connect.

    It is sent past Django, which would have added the policy.
    """
    response = HttpResponse(_html(lang, 500, "error-page-missing"))
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; style-src {style().source}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    response["Cache-Control"] = "no-store"
    if settings.SECURE_HSTS_SECONDS:
        response["Strict-Transport-Security"] = (
            f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
        )
    return response


def prepare() -> None:
    """Makes every error page once, so that sending one needs nothing that may have failed."""
    for lang in Lang:
        for status, words in WORDS.items():
            _html(lang, status, words)
        cautious(lang)
