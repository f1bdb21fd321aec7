"""The door of every public address: method, language, area, query. Wrong ones get the essentials.

A public address changes nothing and there is no cookie to steal, so none needs a token. Without
saying so, the guard of the staff's forms would answer first, and a wrong method be told as
forbidden.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt

from triage.engine.catalogue import Lang
from triage.web.context import page_context
from triage.web.context.page_context import (
    AddressMovedError,
    AmbiguousAddressError,
    WrongAddressError,
)
from triage.web.pages.errors import problem
from triage.web.pages.response import show

View = Callable[..., HttpResponse]
_READING = ("GET", "HEAD")


def read_only(view: View) -> View:
    """What is no page of an area: a feed, a file, a frame. For reading alone."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        if request.method not in _READING:
            return _other_method(Lang(given.get("lang", Lang.EN)), _READING)
        return view(request, **given)

    return answer


def page(*methods: str) -> Callable[[View], View]:
    """A public page: `view(here, request, …)` for the address's language and area.

    Wrong addresses, unknown values and other methods get a page with the essentials.
    """
    allowed = methods or _READING

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(
            request: HttpRequest,
            lang: str,
            area: str | None = None,
            council: str = "",
            **given: Any,
        ) -> HttpResponse:
            language = Lang(lang)
            if request.method not in allowed:
                return _other_method(language, allowed)
            try:
                here = page_context.here(request, language, area, council)
                return view(here, request, **given)
            except AddressMovedError as moved:
                return HttpResponseRedirect(moved.to)
            except WrongAddressError as refused:
                return problem(language, refused.status, refused.words)
            except AmbiguousAddressError as several:
                return choose(language, several)

        return answer

    return decorate


def _other_method(lang: Lang, allowed: tuple[str, ...]) -> HttpResponse:
    response = problem(lang, 405, "error-method")
    response["Allow"] = ", ".join(allowed)
    return response


def choose(lang: Lang, several: AmbiguousAddressError) -> HttpResponse:
    """The address names a place that several areas share: the visitor picks."""
    here = page_context.bare(lang, several.path)
    choices = [(a.name, page_context.prefix(lang, a.slug) + several.path) for a in several.areas]
    response = show(here, "public/choose.html", {"choices": choices}, status=300)
    response["Cache-Control"] = "no-store"
    return response
